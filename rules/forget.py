"""What is left of a fact once a person or an application is to be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from vouchd.rules.match import company_words
from vouchd.rules.model import Act, Address, Evidence, Reading, Signal, SignalKind
from vouchd.rules.world import EDITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How to tell what is forgotten; who asks never learns who it was.

    `address` and `name` tell of one as it stands, `words` strikes names out of a text;
    `before` gives the moment up to which a thread or a company is forgotten, None where it is not.
    """

    source: Callable[[str], bool]
    hushed: Callable[[str], bool]  #: of a source: it happened, and what it said is forgotten
    key: Callable[[str], bool]
    address: Callable[[str], bool]
    name: Callable[[str], bool]
    words: Callable[[str], str]
    before: Callable[[str, str], datetime | None]


def left_of(reading: Reading, gone: Forgotten) -> Reading | None:
    """Return the fact without what is forgotten; None where nothing of it may be kept.

    A mail or meeting with the person alone, or about the company alone, goes as a whole. Of one
    that concerns others as well, the person or the company is struck out.
    """
    key = reading.key
    if reading.source.startswith(EDITED):  # what the user's hand in a draft of ours taught
        key = reading.source.removeprefix(EDITED).partition(":")[0]
    if gone.source(reading.source) or (key and gone.key(key)):
        return None
    until = gone.before("thread", reading.thread) if reading.thread else None
    if until is not None and reading.at <= until:
        return None
    apart = _apart(reading, gone)
    if apart is None:
        return None
    reading = apart
    if _is(reading.sender, gone) or _is(reading.reply_to, gone):
        return None
    to = tuple(one for one in reading.to if not _is(one, gone))
    attendees = tuple(one for one in reading.attendees if not _is(one, gone))
    if (reading.sent and reading.to and not to) or (reading.attendees and not attendees):
        return None
    people = tuple(name for name in reading.people if not gone.name(name))
    signals = tuple(_signals(reading.signals, gone))
    acts = tuple(
        replace(act, references=names, evidence=_evidence(act.evidence, gone))
        for act in reading.acts
        if (names := _others(act.references, gone)) or not act.references
    )
    was_there = len(to) < len(reading.to) or len(people) < len(reading.people)
    found = replace(
        reading,
        to=to,
        attendees=attendees,
        people=people,
        signals=signals,
        acts=acts,
        subject=gone.words(reading.subject),
        greeting=None if was_there else reading.greeting,
    )
    if found != reading and reading.sender is None and not (signals or acts or people or attendees):
        return None  # it was stated by hand, or stood in a calendar, and was about nobody else
    return found


def company(name: str) -> str:
    """Return an employer's name so that its spellings are the same."""
    return "".join(company_words(name))


def _apart(reading: Reading, gone: Forgotten) -> Reading | None:
    """Return the fact without what it says of a forgotten company; None where that was all.

    What passed between the user and a person stays, without words: nobody is thanked twice because
    an application was forgotten.
    """
    hushed = gone.hushed(reading.source)

    def about(name: str | None) -> bool:
        until = gone.before("company", company(name)) if name else None
        return hushed or (until is not None and reading.at <= until)

    signals = tuple(signal for signal in reading.signals if not about(signal.company))
    acts = tuple(_wordless(act) if about(act.company) else act for act in reading.acts)
    if not hushed and signals == reading.signals and acts == reading.acts:
        return reading
    left = replace(reading, signals=signals, acts=acts, subject="")
    return left if signals or acts or reading.people else None


def _wordless(act: Act) -> Act:
    return replace(act, company=None, evidence=Evidence(act.evidence.rule, ""))


def _is(one: Address | None, gone: Forgotten) -> bool:
    return one is not None and (gone.address(one.email) or bool(one.name and gone.name(one.name)))


#: What is said of a person's own act or word; the others speak of the process.
_OF_A_PERSON = frozenset(
    (
        SignalKind.REFERENCE_CONTACTED,
        SignalKind.REFERENCE_OVERDUE,
        SignalKind.REFERENCE_COMPLETED,
        SignalKind.REFERENCE_AGREED,
        SignalKind.REFERENCE_DECLINED,
        SignalKind.REFERENCE_SPOKE,
        SignalKind.REFERENCE_JOB_HUNTING,
        SignalKind.REFERENCES_SHARED,
        SignalKind.REFERENCE_REQUEST,
    )
)


def _signals(signals: Iterable[Signal], gone: Forgotten) -> Iterable[Signal]:
    for signal in signals:
        names = _others(signal.references, gone)
        if signal.references and not names and signal.kind in _OF_A_PERSON:
            continue
        yield replace(
            signal,
            references=names,
            evidence=tuple(_evidence(evidence, gone) for evidence in signal.evidence),
            contact=gone.words(signal.contact) if signal.contact else signal.contact,
        )


def _others(names: tuple[str, ...], gone: Forgotten) -> tuple[str, ...]:
    return tuple(name for name in names if not gone.name(name))


def _evidence(evidence: Evidence, gone: Forgotten) -> Evidence:
    return Evidence(evidence.rule, gone.words(evidence.text))
