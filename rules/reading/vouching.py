"""Signals about references: asked for, contacted, overdue, given; what the user hands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vouchd.rules.model import SignalKind
from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.spot import Spotted
from vouchd.rules.reading.view import View
from vouchd.rules.reading.weigh import Verdict, verdict, weight


def vouching(view: View, against: Iterable[tuple[str, float]]) -> Iterator[Verdict]:
    """Yield what an employer or a platform says about references."""
    new = view.new
    request, contacted = weight(new, "ref_request"), weight(new, "ref_contacted")
    overdue, completed = weight(new, "ref_overdue"), weight(new, "ref_completed")
    if not (request or contacted or overdue or completed):
        return
    word = weight(new, "ref_word")
    known = "@name" in new.words or bool(view.named())
    platform = view.sender == "platform"
    plain = new.strength("ref_request") == Strength.STRONG
    if not (word or known or platform or plain):
        return
    topic = (
        ("speaks of references", 0.5 * word),
        ("names a reference", 0.8 if known else 0.0),
        ("from a reference platform", 1.2 if platform else 0.0),
        ("says no", -0.7 * weight(new, "rejection", most=0.5)),
        ("describes the process", -0.5 * weight(new, "process")),
        ("a reference for something else", -2.4 if _elsewhere(view) else 0.0),
        *against,
    )
    in_view = word or known or platform
    if request:
        yield verdict(
            SignalKind.REFERENCE_REQUEST,
            view,
            ("ref_request",),
            (
                ("base", -2.3),
                ("asks for references", request),
                ("overdue", -0.4 * overdue),
                ("contacted", -0.4 * contacted),
                ("given", -0.5 * completed),
                ("confirms an application", -_receipt(new) * weight(new, "received")),
                *topic,
            ),
            terms=announced(view),
        )
    if contacted and in_view:
        yield verdict(
            SignalKind.REFERENCE_CONTACTED,
            view,
            ("ref_contacted",),
            (
                ("base", -2.4),
                ("has made contact", contacted),
                ("overdue", -0.6 * overdue),
                ("given", -0.5 * completed),
                *topic,
            ),
        )
    if overdue and in_view:
        yield verdict(
            SignalKind.REFERENCE_OVERDUE,
            view,
            ("ref_overdue",),
            (
                ("base", -2.8),
                ("waits for a reference", overdue),
                ("given", -0.7 * completed if known else -0.3 * completed),
                *topic,
            ),
        )
    if completed and in_view:
        yield verdict(
            SignalKind.REFERENCE_COMPLETED,
            view,
            ("ref_completed",),
            (
                ("base", -2.8),
                ("has been given", completed),
                ("overdue", -0.2 * overdue if known else -0.5 * overdue),
                ("asks for references", -0.2 * request),
                *topic,
            ),
        )


def _receipt(new: Spotted) -> float:
    """Return how much a receipt speaks against a request beside it.

    Most receipts tell what will be asked one day; one that asks for names in so many words asks.
    """
    asked = {hit.sentence for hit in new.of("ref_request") if hit.strength == Strength.STRONG}
    return 0.0 if asked & {hit.sentence for hit in new.of("ref_names")} else 0.6


_ELSEWHERE = frozenset(("rental", "study", "visa", "finance", "health", "club"))


def _elsewhere(view: View) -> bool:
    """Whether the reference is for a flat, a course, a visa: only jobs count."""
    world, much = view.world
    return world in _ELSEWHERE and much > 0 and view.sender in ("person", "colleague", "self")


def announced(view: View) -> tuple[str, ...]:
    """Return the term of a request that asks for no names: they have them and will use them."""
    new = view.new
    return ("announced",) if new.has("ref_announced") and not new.has("ref_names") else ()


def shared(view: View) -> Iterator[Verdict]:
    """Yield references_shared for the user's own mail to an employer."""
    named = _handed_on(view)
    world, much = view.world
    listed = view.new.has("ref_word") and view.new.strength("shares") == Strength.STRONG
    if view.people or not (named or listed):
        return
    yield verdict(
        SignalKind.REFERENCES_SHARED,
        view,
        ("shares",),
        (
            ("base", -3.0),
            ("a reference for something else", -3.0 if _elsewhere(view) else 0.0),
            ("gives names", weight(view.new, "shares")),
            (f"speaks of {world}", -min(5.0, max(0.0, 1.6 * much - 0.4 * view.job))),
            ("for somebody else", -0.8 * weight(view.new, "vouch_other")),
            ("known people", 1.6 if named else 0.0),
            (
                "speaks of references",
                0.4 * weight(view.new, "ref_word") + 0.3 * weight(view.old, "ref_word"),
            ),
            (
                "contact details",
                0.8 if any("@mail" in s.plain for s in view.new.sentences) else 0.0,
            ),
            ("will follow", -0.8 * weight(view.new, "will_share")),
        ),
        references=named,
    )


#: a telephone number
_NUMBER = re.compile(r"\d[\d ()/-]{6,}\d")


def _handed_on(view: View) -> tuple[str, ...]:
    """Return who is named, but for whom the user leaves out beside others' addresses.

    Dana Cole, dana@...; please do not approach Priya, whom I had mentioned.
    """
    given: set[str] = set()
    spared: set[str] = set()
    for number, sentence in enumerate(view.new.sentences):
        names = view.named_in(number)
        if "@mail" in sentence.plain or _NUMBER.search(sentence.raw):
            given.update(names)
        elif not view.language.scope.negation.isdisjoint(sentence.plain.split()):
            spared.update(names)
    left_out = spared - given if given else set()
    return tuple(name for name in view.named() if name not in left_out)
