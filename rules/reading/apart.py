"""What a person who vouches answers to each of several employers: yes for one, no for another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from vouchd.rules.model import Evidence
from vouchd.rules.model import SignalKind as K
from vouchd.rules.reading.answering import from_reference
from vouchd.rules.reading.settle import settle
from vouchd.rules.reading.spot import spot
from vouchd.rules.reading.view import View
from vouchd.rules.reading.weigh import Verdict

_ANSWERS = (K.REFERENCE_AGREED, K.REFERENCE_DECLINED)
_HERE, _OTHERS = "this_application", "yes_to_others"
_MOST = 12  #: sentences that are taken apart
_BREAK = re.compile(r"[,;:–—()]|\s-\s")
_STOPS = frozenset(",;:–—()-")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NEAR = 2  #: words that may stand between a "not" and the name it denies: "not for Globex"
_SHORT = 5  #: in a clause of at most so many other words a "not" can mean nothing else
_PLAINLY, _PERHAPS = 2.6, 0.0  #: log-odds: acts; asks


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a clause answers to the employers it names."""

    companies: tuple[str, ...]
    verdict: Verdict | None


def apart(view: View, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Give each employer the answer that is meant for it; one answer for all stays as it is."""
    whole = [v for v in verdicts if v.kind in _ANSWERS]
    if not (view.author and whole and view.language.spaced):
        return verdicts
    names = _names_of(view)
    told: dict[str, Verdict] = {}
    for answer in _answers(view, names):
        for company in answer.companies:
            if answer.verdict is not None:
                told[company] = answer.verdict
    no = {c: v for c, v in told.items() if v.kind is K.REFERENCE_DECLINED}
    rest = tuple(v for v in verdicts if v.kind not in _ANSWERS)
    if no and len(told) > len(no):
        return (*rest, *(_for(c, v, ()) for c, v in told.items()))
    general = next((v for v in whole if v.kind is K.REFERENCE_AGREED), None)
    if no and general is not None:
        refused = tuple(_for(c, v, (_OTHERS,)) for c, v in no.items())
        sure = all(v.score >= _PLAINLY for v in refused)
        return (*rest, *refused) if sure else (*rest, general, *refused)
    return verdicts


def _for(company: str, verdict: Verdict, terms: tuple[str, ...]) -> Verdict:
    terms = tuple(dict.fromkeys((*verdict.terms, _HERE, *terms)))
    return replace(verdict, company=company, terms=terms)


def _names_of(view: View) -> dict[str, str]:
    """Return what the stated employers are called among friends, and who is meant."""
    stated = view.book.stated
    found: dict[str, str] = {}
    for one in stated:
        for name in (one.company, *one.aliases):
            found[name] = one.company
    for one in stated:
        first = one.company.split()[0]
        rivals = {s.company for s in stated if s.company.split()[0] == first}
        if len(first) > 3 and len(rivals) == 1:
            found.setdefault(first, one.company)
    return found


def _answers(view: View, names: dict[str, str]) -> Iterator[_Answer]:
    if not names:
        return
    any_name = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    named = re.compile(rf"(?<!\w)(?:{any_name})(?!\w)")
    left = view.language.scope.no_longer
    speaking = [
        n
        for n, s in enumerate(view.new.sentences)
        if named.search(s.raw) and not any(p.search(s.plain) for p in left)
    ]
    for number in speaking[:_MOST]:
        yield from _clauses(view, view.new.sentences[number].raw, number, named, names)


def _clauses(
    view: View, text: str, number: int, named: re.Pattern[str], names: dict[str, str]
) -> Iterator[_Answer]:
    """Yield what the clauses of a sentence answer, cut where another answer begins."""
    places = [m.span() for m in named.finditer(text)]
    for (_, end), (start, _) in pairwise(places):
        for cut in _cuts(text, end, start):
            left = _read(view, text[:cut], number, named)
            right = _read(view, text[cut:], number, named)
            if left and right is None and left.kind is K.REFERENCE_DECLINED:
                right = _perhaps(view, text, cut, number)
            if left and right and left.kind is not right.kind:
                yield _Answer(_companies(text[:cut], named, names), left)
                rest = tuple(_clauses(view, text[cut:], number, named, names))
                yield from rest if rest[0].verdict else (replace(rest[0], verdict=right),)
                return
    yield _Answer(_companies(text, named, names), _read(view, text, number, named))


def _perhaps(view: View, text: str, cut: int, number: int) -> Verdict | None:
    """Return a yes to be asked about: "rather not Globex, but Acme is fine"."""
    after = spot([text[cut:]], view.language).sentences[0].plain.split()
    if text[cut - 1] not in _STOPS or not view.language.scope.negation.isdisjoint(after):
        return None
    return Verdict(
        K.REFERENCE_AGREED,
        (("not denied beside a no to another", _PERHAPS),),
        (Evidence("yes: to another company", " ".join(text.split())[:160]),),
        (),
        references=(view.author,) if view.author else None,
        places=frozenset((number,)),
    )


def _companies(text: str, named: re.Pattern[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[m[0]] for m in named.finditer(text)))


def _cuts(text: str, end: int, start: int) -> Iterator[int]:
    """Yield where a sentence can be cut between two names: at its breaks first."""
    yield from (end + m.end() for m in _BREAK.finditer(text[end:start]))
    yield from (end + m.start() for m in _WORD.finditer(text[end:start]))


def _read(view: View, text: str, number: int, named: re.Pattern[str]) -> Verdict | None:
    """Read a clause by itself: the surer of a yes and a no, else a plain "not" beside a name."""
    new = spot([text], view.language, view.circle.written)
    alone = replace(view, new=new, named_cache={})
    denied = _denied(view, text, named)
    found = [v for v in settle(tuple(from_reference(alone)), view.book) if v.kind in _ANSWERS]
    best = max(found, key=lambda v: v.score, default=None)
    if best is not None and not (denied and best.kind is K.REFERENCE_AGREED):
        return replace(best, places=frozenset((number,)))
    if denied is None:
        return None
    return Verdict(
        K.REFERENCE_DECLINED,
        (("denied beside an employer's name", denied),),
        (Evidence("no: beside a stated company", " ".join(text.split())[:160]),),
        (),
        references=(view.author,) if view.author else None,
        places=frozenset((number,)),
    )


def _denied(view: View, text: str, named: re.Pattern[str]) -> float | None:
    """Return how surely a clause with one employer's name denies it; None: it does not."""
    places = [m.span() for m in named.finditer(text)]
    if not places:
        return None
    begin, end = places[0][0], places[-1][1]
    if len(places) > 1 and len(_WORD.findall(text[places[0][1] : places[1][0]])) > _NEAR:
        return None  # the second is a clause of its own
    before = spot([text[:begin]], view.language).sentences[0].plain.split()
    after = spot([text[end:]], view.language).sentences[0].plain.split()
    no, but = view.language.scope.negation, view.language.but_for
    others = len(before) + len(after)
    near = {*before[-_NEAR - 1 :], *(after if others <= _SHORT else ())}
    if not near & (no | but):
        return None
    return _PLAINLY if others <= _SHORT or near & but else _PERHAPS
