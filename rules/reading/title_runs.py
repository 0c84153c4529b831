"""Which words of a message are the job title: every run of words, weighed by what was learnt.

A run is as likely as its words, those around it and its place made it in mail whose title somebody
wrote down; that the rules of `roles` tell it is one thing more that can be said of it. Made by
`benchmarks/train_titles.py`; to name none is a candidate too.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from vouchd.rules.reading.learnt import Names
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import Clues
from vouchd.rules.reading.title_lines import Line, lines_of, plain, runs

#: from it a run is the title; below it none is told, rather than a wrong one
_LIKELY = 0.4
_NEAR = 3  #: words between a title and whose it is
_PEOPLE = frozenset(("person", "given"))
_TOLD = 0.2  #: the same where the rules tell it too


def title_of(
    clues: Clues,
    language: Language,
    company: str | None,
    told: str | None,
    learnt: Names,
) -> str | None:
    """Return the likeliest title; None where it is likeliest that none is told, or all are doubted.

    `company` is the employer, `told` the title that the rules tell.
    """
    weights = learnt.titles
    none = sum(weights.get(name, 0.0) for name in of_none(clues, language, told))
    rules = plain(told) if told else ""
    scores: list[tuple[float, str, str]] = []
    for line in lines_of(clues, language, company, learnt.given):
        scores += _scores(line, language, rules, weights)
    most = max((score for score, _, _ in scores), default=none)
    likely: dict[str, float] = defaultdict(float)
    texts: dict[str, str] = {}
    for score, key, text in sorted(scores, reverse=True):
        likely[key] += math.exp(score - most)
        if key not in texts or texts[key].islower() or texts[key].isupper():
            texts[key] = text
    if not likely:
        return None
    best = max(likely, key=lambda key: likely[key])
    enough = _TOLD if best == rules else _LIKELY
    whole = sum(likely.values()) + math.exp(none - most)
    return texts[best] if likely[best] >= enough * whole else None


def _scores(
    line: Line, language: Language, rules: str, weights: Mapping[str, float]
) -> Iterator[tuple[float, str, str]]:
    """Yield each run of a line: how much speaks for it, how it is compared and written."""
    code = language.code

    def weigh(said: Iterable[str]) -> float:
        return sum([weights.get(name, 0.0) for name in said])

    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    words: list[float] = []
    pairs: list[float] = []
    for start, end in runs(line, language):
        if not words:
            count = range(len(line.low))
            words = [0.0, *accumulate([weigh(_of_word(line, at, code)) for at in count])]
            pairs = [0.0, *accumulate([weigh(_of_pair(line, at, code)) for at in count])]
        if start not in starts:
            starts[start] = weigh(_of_start(line, start, code))
        if end not in ends:
            ends[end] = weigh(_of_end(line, end, code))
        key = line.key(start, end)
        score = starts[start] + ends[end] + weigh(_of_run(line, start, end, code))
        score += words[end] - words[start] + pairs[end] - pairs[start + 1]
        if rules:
            score += weigh(_beside(key, rules, line, code))
        yield score, key, line.between(start, end)


def said_of(line: Line, start: int, end: int, language: Language, told: str | None) -> list[str]:
    """Return all that can be said of the words from `start` to `end`."""
    code = language.code
    said = _of_start(line, start, code) + _of_end(line, end, code) + _of_run(line, start, end, code)
    for at in range(start, end):
        said += _of_word(line, at, code)
        said += _of_pair(line, at, code) if at > start else []
    return said + (_beside(line.key(start, end), plain(told), line, code) if told else [])


def of_none(clues: Clues, language: Language, told: str | None) -> tuple[str, ...]:
    """Return what can be said of a message's naming no title."""
    rules = "none against the rules" if told else "none, nor by the rules"
    return "none", rules, f"none, {language.code}", f"none, {clues.kind}"


def _of_start(line: Line, start: int, code: str) -> list[str]:
    low, forms = line.low, line.forms
    first, begins = low[start], forms[start]
    before, lead = (low[start - 1], forms[start - 1]) if start else ("^", "^")
    over, leads = (low[start - 2], forms[start - 2]) if start > 1 else ("^", "^")
    said = [
        f"in {line.where}",
        f"{code}: {before} _",
        f"{code}: {over} {before} _",
        f"{code}: [{first}",
        f"{code}: [~{first[-_tail(begins) :]}",
        f"{lead} _",
        f"{leads} {lead} _",
        f"begins {begins}, {code}",
    ]
    if line.heads[start]:
        said.append(f"{code}, a head first")
    if start and line.heads[start - 1]:
        said.append(f"{code}, a head before")
    if not _PEOPLE.isdisjoint(forms[max(0, start - _NEAR) : start]):
        said.append(f"a person, then {lead if not lead.isalnum() else 'words'}")
    return said


def _of_end(line: Line, end: int, code: str) -> list[str]:
    low, forms, count = line.low, line.forms, len(line.low)
    last, ends = low[end - 1], forms[end - 1]
    after, follow = (low[end], forms[end]) if end < count else ("$", "$")
    beyond, follows = (low[end + 1], forms[end + 1]) if end + 1 < count else ("$", "$")
    tail = _tail(ends)
    said = [
        f"{code}: _ {after}",
        f"{code}: _ {after} {beyond}",
        f"{code}: {last}]",
        f"{code}: {last[-tail:]}~]",
        f"{code}: {last[1 - tail :]}~]",
        f"_ {follow}",
        f"_ {follow} {follows}",
        f"ends {ends}, {code}",
    ]
    if line.heads[end - 1]:
        said.append(f"{code}, a head last")
    if end < count and line.heads[end]:
        said.append(f"{code}, a head after")
    if not _PEOPLE.isdisjoint(forms[end : end + _NEAR]):
        said.append(f"{follow if not follow.isalnum() else 'words'}, then a person")
    return said


def _tail(form: str) -> int:
    """Return how many of its last signs tell what sort of word it is."""
    return 2 if form in ("kana", "hiragana", "signs") else 4


def _of_word(line: Line, at: int, code: str) -> list[str]:
    said, form = [f"{code}: {line.low[at]}"], line.forms[at]
    return said if form in ("Word", "WORD") else [*said, f"holds {form}, {code}"]


def _of_pair(line: Line, at: int, code: str) -> list[str]:
    return [f"{code}: {line.low[at - 1]} {line.low[at]}"] if at else []


def _of_run(line: Line, start: int, end: int, code: str) -> list[str]:
    forms, count = line.forms, len(line.low)
    lead, follow = forms[start - 1] if start else "^", forms[end] if end < count else "$"
    said = [
        f"{lead} [{forms[start]} {forms[end - 1]}] {follow}",
        f"{min(6, end - start)} words, {code}",
        f"{code}, {min(2, sum(line.heads[start:end]))} heads",
    ]
    if start == 0 or end == count:
        place = "whole" if end - start == count else "last" if start else "first"
        said.append(f"{place} in {line.where}")
    return said


def _beside(key: str, rules: str, line: Line, code: str) -> list[str]:
    """Return how a run stands to what the rules tell."""
    if key == rules:
        beside = "told by the rules"
    elif rules in key:
        beside = "longer than told by the rules"
    else:
        beside = "shorter than told by the rules" if key in rules else "not told by the rules"
    return [beside, f"{beside}, {code}", f"{beside}, in {line.where}"]
