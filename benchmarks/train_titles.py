"""Learns which words of a mail are the job title, for `rules/reading/title_runs.py`.

One linear model for all languages; every run of words competes with the others of its mail.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.logit import fit
from benchmarks.named import Example
from vouchd.rules.reading.naming import title_by_rules
from vouchd.rules.reading.title_lines import lines_of, plain, runs
from vouchd.rules.reading.title_runs import of_none, said_of

STRENGTH = 0.3  #: how much large weights cost
OF_WORDS = 3.0  #: how many times that for words, of which there are thousands
FEWEST = 5  #: runs of which a thing must be said
CORPUS = 4  #: how many times a mail of the corpus counts: its names were written down with care
SMALL = 0.2  #: a weight below it is left out


@dataclass(slots=True)
class Runs:
    """All runs of some mails as the rows of a matrix; the last of each mail is to name none."""

    columns: dict[str, int]
    places: array[int]
    ends: array[int]
    right: list[float]
    sizes: list[int]

    def add(self, said: list[list[str]], right: list[bool]) -> None:
        """Add what is said of the runs of a mail, and which of them are right."""
        columns = self.columns
        for names in said:
            self.places.extend([columns.setdefault(name, len(columns)) for name in names])
            self.ends.append(len(self.places))
        self.right += map(float, right)
        self.sizes.append(len(said))

    def matrix(self) -> Any:
        """Return the rows."""
        shape = len(self.right), len(self.columns)
        return csr_matrix((np.ones(len(self.places)), self.places, self.ends), shape=shape)


def runs_of(examples: Iterable[Example], given: Container[str]) -> Runs:
    """Return the runs of the mails from which it can be learnt.

    Left out: a title that was written down though the mail does not give it in these words, and
    one that the rules tell though none was written down, for not all were.
    """
    found = Runs({}, array("i"), array("i", [0]), [], [])
    for example in examples:
        clues, language = example.clues, example.language
        told = title_by_rules(clues, language, example.company)
        if told and not example.role:
            continue
        wanted = plain(example.role) if example.role else None
        said, right = [], []
        for line in lines_of(clues, language, example.company, given):
            for start, end in runs(line, language):
                said.append(said_of(line, start, end, language, told))
                right.append(line.key(start, end) == wanted)
        if wanted and not any(right):
            continue
        said.append(list(of_none(clues, language, told)))
        right.append(wanted is None)
        for _ in range(CORPUS if example.author.startswith("corpus") else 1):
            found.add(said, right)
    return found


def weights_of(examples: Iterable[Example], given: Container[str]) -> dict[str, float]:
    """Return what each thing that is said of a run speaks for its being the title."""
    found = runs_of(examples, given)
    rows = found.matrix()
    times = Counter(found.places)
    names = list(found.columns)
    kept = [at for at in range(len(names)) if times[at] >= FEWEST]
    costs = np.array([STRENGTH * (OF_WORDS if _WORDS.match(names[at]) else 1) for at in kept])
    learnt = fit(rows[:, kept].tocsr(), np.array(found.right), np.array(found.sizes), costs)
    return {
        names[at]: round(float(weight), 2)
        for at, weight in zip(kept, learnt, strict=True)
        if abs(weight) >= SMALL
    }


_WORDS = re.compile("[a-z]{2}: ")
