"""What a mail says of each of the references it names: one has spoken, another is still silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from vouchd.rules.model import SignalKind as K
from vouchd.rules.reading.noise import Against
from vouchd.rules.reading.settle import settle
from vouchd.rules.reading.spot import spot
from vouchd.rules.reading.view import View
from vouchd.rules.reading.vouching import vouching
from vouchd.rules.reading.weigh import Verdict, weight

#: what can be said of one person and not of another; of one person the later ones stand
_OF_ONE = (K.REFERENCE_REQUEST, K.REFERENCE_CONTACTED, K.REFERENCE_OVERDUE, K.REFERENCE_COMPLETED)
_EARLY = {K.REFERENCE_REQUEST, K.REFERENCE_CONTACTED}
_STANDS = frozenset(_OF_ONE[1:])
_SIDES = frozenset(("self", "reference", "alert"))
_MOST = 12  #: sentences with names that are taken apart
_BREAK = re.compile(r"[,;:–—()]|\s-\s|\.\s")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_LIST = 2  #: fewer words between two names make them one group: "Dana and Tom"
_SHORT = 4  #: with at most so many beside the name a "not" answers what stands before
_WORDS = 3  #: pieces of evidence that are kept
_CLAUSE = 3  #: with at least so many beside the names a thing of its own is said


@dataclass(frozen=True, slots=True)
class Said:
    """What a part of a sentence says of those it names."""

    names: tuple[str, ...]
    verdict: Verdict | None  #: None: nothing that is known here


def apiece(view: View, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Give each person their own: whose reference is in, and whose is waited for.

    Nothing changes where a mail says one thing of all whom it names.
    """
    if view.sender in _SIDES or view.author or not any(v.kind in _STANDS for v in verdicts):
        return verdicts
    kinds: dict[str, Verdict | None] = {}
    unclear: set[K] = set()  #: said of a name that two people bear
    for part in _of_each(view):
        if part.verdict and not part.names:
            unclear.add(part.verdict.kind)
        for name in part.names:
            kinds[name] = _later(kinds.get(name), part.verdict)
    spoken = {v.kind for v in kinds.values() if v}
    if not spoken:
        return verdicts
    whole = {v.kind: v for v in verdicts if v.kind in _OF_ONE}
    if len(kinds) == 1 and spoken <= _EARLY:  # of a single person the whole mail knows better
        return verdicts
    if len(spoken) == 1 and None not in kinds.values() and spoken == set(whole):
        return verdicts
    return (*(v for v in verdicts if v.kind not in _OF_ONE), *_given(view, whole, kinds, unclear))


def _given(
    view: View, whole: dict[K, Verdict], kinds: dict[str, Verdict | None], unclear: set[K]
) -> Iterator[Verdict]:
    """Yield what is said of anybody, each with whom it is said of."""
    for kind in _OF_ONE:
        own = {n: v for n, v in kinds.items() if v and v.kind is kind}
        said = [v for v in (whole.get(kind), *own.values()) if v is not None]
        if not said:
            continue
        found = max(said, key=lambda v: v.confidence)
        if own:
            places = frozenset(place for v in own.values() for place in v.places)
            words = dict.fromkeys(words for v in own.values() for words in v.evidence)
            yield replace(
                found,
                references=tuple(own),
                places=places | found.places,
                evidence=tuple(words)[:_WORDS],
            )
        elif kind is K.REFERENCE_REQUEST:
            yield found
        elif kind in unclear or _of_nobody_else(view, found, kinds):
            yield replace(found, references=())


def _of_nobody_else(view: View, found: Verdict, kinds: dict[str, Verdict | None]) -> bool:
    """Whether a thing is said in a sentence that names nobody: two of three are in."""
    return any(n >= 0 and not set(view.named_in(n)) & set(kinds) for n in found.places)


def _later(held: Verdict | None, new: Verdict | None) -> Verdict | None:
    """Return which of two things said of one person stands: the further one, else the later."""
    if held is None or new is None:
        return new or held
    return held if new.kind in _EARLY and held.kind not in _EARLY else new


def _of_each(view: View) -> Iterator[Said]:
    numbers = [n for n in range(len(view.new.sentences)) if view.named_in(n)]
    if not view.reply and 0 in numbers and len(numbers) > 1:
        numbers.remove(0)  # a subject says in short what the mail says in full
    against = tuple(Against(view))
    before: Verdict | None = None
    for number in numbers[:_MOST]:
        sentence = _Part(view.new.sentences[number].raw, number, against)
        for said in _parts(view, sentence, before):
            before = said.verdict or before
            yield said


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence or what is left of it."""

    text: str
    number: int
    against: tuple[tuple[str, float], ...]

    def cut(self, start: int | None, end: int | None = None) -> _Part:
        return replace(self, text=self.text[start:end])


def _parts(view: View, part: _Part, before: Verdict | None) -> Iterator[Said]:
    """Yield what the parts of a sentence say, cut where another thing begins to be said."""
    for (_, end), (start, _) in pairwise(_places(view, part.text)):
        between = part.text[end:start]
        if len(_WORD.findall(between)) < _LIST and not _BREAK.search(between):
            continue  # "Dana and Tom": of both the same is said
        for cut in _cuts(part.text, end, start):
            left, rest = _read(view, part.cut(None, cut)), part.cut(cut)
            if left is None:
                continue
            right = _read(view, rest) or _not_so(view, rest.text, left)
            if right.kind is not left.kind if right else _own_clause(view, part.text, cut):
                yield Said(_names(view, part.text[:cut]), left)
                yield from _parts(view, rest, left)
                return
    found = _read(view, part) or _not_so(view, part.text, before)
    yield Said(_names(view, part.text), found)


def _not_so(view: View, text: str, before: Verdict | None) -> Verdict | None:
    """Return the opposite of what was said before: Dana has replied, Tom has not."""
    if before is None or before.kind is not K.REFERENCE_COMPLETED:
        return None
    words = view.circle.written.sub(" ", text) if view.circle.written else text
    plain = spot([words], view.language).sentences[0].plain.split()
    if len(plain) > _SHORT or view.language.scope.negation.isdisjoint(plain):
        return None
    return replace(before, kind=K.REFERENCE_OVERDUE)


def _own_clause(view: View, text: str, cut: int) -> bool:
    """Whether words after a break are of somebody alone, though nothing known is said of them."""
    after = text[cut:]
    places = _places(view, after)
    if not _BREAK.match(text[cut - 1 : cut + 1]) or not places:
        return False
    told = len(_WORD.findall(after)) - sum(len(_WORD.findall(after[a:b])) for a, b in places)
    begins = len(_WORD.findall(after[: places[0][0]])) < _LIST
    ends = not _WORD.search(after[places[-1][1] :])
    return told >= _CLAUSE and (text[cut - 1] == ";" or (begins and not ends))


def _places(view: View, text: str) -> tuple[tuple[int, int], ...]:
    written = view.circle.written
    return tuple(m.span() for m in written.finditer(text)) if written else ()


def _names(view: View, text: str) -> tuple[str, ...]:
    return view.circle.named(text, context=text, strangers=view.strangers)


def _cuts(text: str, end: int, start: int) -> Iterator[int]:
    """Yield where a sentence can be cut between two names: at its breaks first."""
    yield from (end + m.end() for m in _BREAK.finditer(text[end:start]))
    yield from (end + m.start() for m in _WORD.finditer(text[end:start]))


def _read(view: View, part: _Part) -> Verdict | None:
    """Read a part of a sentence by itself: the surest thing it says of a reference."""
    new = spot([part.text], view.language, view.circle.written)
    alone = replace(view, new=new, named_cache={})
    found = settle(tuple(vouching(alone, part.against)), view.book)
    best = max((v for v in found if v.kind in _OF_ONE), key=lambda v: v.score, default=None)
    if best is None:
        return None
    word = 0.5 * (weight(view.new, "ref_word") - weight(new, "ref_word"))
    features = (*best.features, ("the mail speaks of references", round(word, 3)))
    return replace(best, features=features, places=frozenset((part.number,)))
