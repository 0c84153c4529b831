"""Learns which name in a mail is the employer's: `make train` writes rules/learnt/names.json,
with what `benchmarks/train_titles.py` learns of job titles.

One linear model for all languages: the candidates of a mail compete, as `rules/reading/ranking.py`
describes them, and the weights are those that make the written answers likeliest (a conditional
logit).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from faker.config import AVAILABLE_LOCALES
from sklearn.feature_extraction import DictVectorizer

from benchmarks.logit import fit
from benchmarks.named import Example, examples
from benchmarks.train import OUT
from benchmarks.train_titles import CORPUS
from benchmarks.train_titles import weights_of as weights_of_titles
from vouchd.config.data import shipped
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.canonical import canonical
from vouchd.rules.reading.names import squash
from vouchd.rules.reading.ranking import describe

STRENGTH = 0.3  #: how much large weights cost
OF_WORDS = 3.0  #: how many times that for the words around a name, of which there are thousands
FEWEST = 3  #: candidates of which a thing must be said
SMALL = 0.03  #: a weight below it is left out


def given_names() -> frozenset[str]:
    """Return first names of people of many countries, as Faker lists them for test data."""
    found: set[str] = set()
    for locale in AVAILABLE_LOCALES:
        try:
            provider = import_module(f"faker.providers.person.{locale}").Provider
        except ModuleNotFoundError:
            continue
        for listed in dir(provider):
            names = getattr(provider, listed) if listed.startswith("first_names") else ()
            found.update(map(str, names if isinstance(names, Iterable) else ()))
    return frozenset(name for name in found if _NAME.fullmatch(name))


_NAME = re.compile(r"[A-ZÀ-ÞŁŚŻČŠŽİ][a-zà-ÿłśżčšžığşćńěřůőű'’-]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one mail: what is said of each, and which are right."""

    author: str
    language: str
    names: tuple[str | None, ...]
    features: tuple[dict[str, float], ...]
    right: tuple[bool, ...]


def choices(found: Iterable[Example]) -> Iterator[Choice]:
    """Yield the mails whose employer is among the candidates."""
    given = given_names()
    vendors = lexicon.compile(shipped()).vendors
    for example in found:
        described = describe(
            example.clues,
            example.language,
            vendors,
            example.found,
            example.told,
            given,
        )
        wanted = canonical(example.company, vendors, example.language) if example.company else None
        right = tuple(
            name is None if wanted is None else bool(name) and squash(str(name)) == squash(wanted)
            for name, _ in described
        )
        if any(right):
            names, features = zip(*described, strict=True)
            for _ in range(CORPUS if example.author.startswith("corpus") else 1):
                yield Choice(example.author, example.language.code, names, features, right)


def weights_of(chosen: list[Choice]) -> dict[str, float]:
    """Return the weights under which the right candidates are likeliest."""
    times = Counter(name for c in chosen for features in c.features for name in features)
    vectors = DictVectorizer(dtype=np.float64)
    rows = vectors.fit_transform(
        [
            {name: value for name, value in features.items() if value and times[name] >= FEWEST}
            for c in chosen
            for features in c.features
        ]
    )
    right = np.array([float(r) for c in chosen for r in c.right])
    sizes = np.array([len(c.right) for c in chosen])
    names = vectors.feature_names_
    costs = np.array([STRENGTH * (OF_WORDS if _WORDS.match(name) else 1) for name in names])
    weights = zip(names, fit(rows, right, sizes, costs), strict=True)
    return {name: round(float(w), 2) for name, w in weights if abs(w) >= SMALL}


_WORDS = re.compile("[a-z]{2}: ")


def right_of(chosen: list[Choice], weights: dict[str, float]) -> tuple[int, int]:
    """Return how many mails there are that tell an employer, and of how many it was found."""
    told = [c for c in chosen if c.names[c.right.index(True)] is not None]
    found = 0
    for c in told:
        scores = [sum(weights.get(n, 0.0) * v for n, v in f.items()) for f in c.features]
        found += c.right[max(range(len(scores)), key=lambda at: scores[at])]
    return len(told), found


def main() -> None:
    """Train; with `--apart` say first how well each author is read by what the others wrote."""
    all_mail = list(examples())
    chosen = list(choices(all_mail))
    if "--apart" in sys.argv:
        for author in sorted({c.author for c in chosen}):
            weights = weights_of([c for c in chosen if c.author != author])
            mails, right = right_of([c for c in chosen if c.author == author], weights)
            print(f"{author}: {right} of {mails} employers")
    weights = weights_of(chosen)
    titles = weights_of_titles(all_mail, given_names())
    given = " ".join(sorted(given_names()))
    data = {"weights": weights, "titles": titles, "given": given}
    text = json.dumps(data, ensure_ascii=False, indent=0, separators=(",", ":"))
    (OUT / "names.json").write_text(text + "\n", encoding="utf-8")
    print(
        f"names: {len(chosen)} mails, {len(weights)} and {len(titles)} weights, "
        f"{len(text) // 1024} kB"
    )


if __name__ == "__main__":
    main()
