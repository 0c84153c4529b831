"""When a signal is a question: unclear words, a tie, or something said out of its turn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from vouchd.rules.match import Placed, Process, counterparts
from vouchd.rules.model import Decision, Reading, Reference, Signal, SignalKind
from vouchd.rules.reading.people import first_names, fold
from vouchd.rules.world import CERTAIN_END, Question

# What a person says, or what is said of what they did.
OF_PEOPLE = frozenset(
    {
        SignalKind.REFERENCE_AGREED,
        SignalKind.REFERENCE_DECLINED,
        SignalKind.REFERENCE_SPOKE,
        SignalKind.REFERENCE_COMPLETED,
        SignalKind.REFERENCE_JOB_HUNTING,
    }
)
ENDS = frozenset(CERTAIN_END)
# What is worth a question when it cannot be placed: these change what people are owed.
_AT_STAKE = ENDS | {
    SignalKind.REFERENCE_REQUEST,
    SignalKind.REFERENCE_CONTACTED,
    SignalKind.OFFER,
}
_OF_CHECKS = frozenset({SignalKind.REFERENCE_OVERDUE, SignalKind.REFERENCES_SHARED})
_OF_SOMEBODY = OF_PEOPLE | {SignalKind.REFERENCE_CONTACTED, SignalKind.REFERENCE_OVERDUE}
_TALKS = frozenset(
    {
        SignalKind.INTERVIEW_INVITE,
        SignalKind.INTERVIEW_CONFIRMED,
        SignalKind.INTERVIEW_RESCHEDULED,
        SignalKind.INTERVIEW_CANCELLED,
    }
)
# What an employer says of a reference.
_OF_REFERENCES = frozenset(
    {
        SignalKind.REFERENCE_CONTACTED,
        SignalKind.REFERENCE_OVERDUE,
        SignalKind.REFERENCE_COMPLETED,
    }
)
# What the user does; words that may be a no change nothing after it.
_ANSWERS = frozenset({SignalKind.OFFER_ACCEPTED, SignalKind.OFFER_DECLINED, SignalKind.WITHDRAWN})
# How sure the words must be where all else speaks for them.
_LIKELY = 0.5
# How sure the words must be before they open a process that nobody has heard of.
_UNHEARD = {
    SignalKind.OFFER: 2.0,  # never
    SignalKind.REFERENCE_REQUEST: 0.95,
    SignalKind.REFERENCE_CONTACTED: 0.95,
    SignalKind.REFERENCE_OVERDUE: 0.95,
}
# How sure they must be to be worth a question at all when they come from nowhere.
_SURE = 0.92
# How sure the words must be before people are told of an end, or the user of an offer.
_FIRM = {
    SignalKind.OFFER: 0.8,
    SignalKind.OFFER_ACCEPTED: 0.85,
    SignalKind.OFFER_DECLINED: 0.8,
    SignalKind.REJECTION: 0.8,
    SignalKind.WITHDRAWN: 0.8,
}
# How sure an acceptance must be where the offer itself was never seen (made on the phone).
_PLAIN = 0.97


def doubted(signal: Signal) -> Signal:
    """Return the signal as one that is only asked about."""
    return replace(signal, decision=Decision.ASK)


def borne_out(signal: Signal, reading: Reading, process: Process) -> bool:
    """Whether what is known of the process makes sure what the words alone leave open.

    Who writes is known from it, and what they say is what comes next there: a talk after talks, a
    word on a reference whom the user has named to them.
    """
    if signal.decision is Decision.ACT or reading.suspicious or reading.bulk or not process.steps:
        return False
    if not process.addresses.intersection(counterparts(reading)):
        return False
    if signal.kind in _TALKS:
        return True
    if signal.kind in _OF_REFERENCES:
        named = set(signal.references)
        return bool(named) and named <= process.people and signal.confidence >= _LIKELY
    met = any(step.kind in _TALKS for step in process.steps)
    return signal.kind is SignalKind.REFERENCE_REQUEST and met and signal.confidence >= _LIKELY


def in_advance(signal: Signal, reading: Reading) -> bool:
    """Whether a receipt only describes what will come: "stage 5: referee checks" (P4)."""
    if signal.kind is not SignalKind.REFERENCE_REQUEST or signal.confidence >= _PLAIN:
        return False
    return any(other.kind is SignalKind.APPLICATION_RECEIVED for other in reading.signals)


def unheard(signal: Signal) -> bool:
    """Whether this is too much from an employer nobody has heard of.

    What comes late in a process and belongs to none is a scam, another kind of application, or a
    mistake of ours.
    """
    return signal.confidence < _UNHEARD.get(signal.kind, 0.0)


def unfirm(signal: Signal) -> bool:
    """Whether the words are too weak for news that hurts when it is wrong."""
    return signal.confidence < _FIRM.get(signal.kind, 0.0)


def nobody_knows(company: str) -> Placed:
    """Return the place of such a signal: none."""
    return Placed(reason=f"no application with {company} is known", new_company=True)


def out_of_turn(signal: Signal, process: Process) -> bool:
    """Whether an answer to an offer comes where no offer is known, in words that are not plain."""
    if signal.kind not in (SignalKind.OFFER_ACCEPTED, SignalKind.OFFER_DECLINED):
        return False
    offered = any(step.kind is SignalKind.OFFER for step in process.steps)
    return not offered and signal.confidence < _PLAIN


def could_be(signal: Signal, people: Iterable[Reference]) -> tuple[str, ...]:
    """Return who can be meant where an employer speaks of "Dana" and several are called so."""
    if signal.references or signal.kind not in _OF_SOMEBODY:
        return ()
    said = {word for e in signal.evidence for word in re.findall(r"\w+", fold(e.text))}
    called = {
        p.name: said & (first_names(p.name) | {fold(nickname) for nickname in p.nicknames})
        for p in people
    }
    named = tuple(name for name in called if called[name])
    # "We have spoken with Dana; could you chase Tom?": in doubt is which Dana, and Tom is not.
    alike = tuple(n for n in named if any(called[n] & called[m] for m in named if m != n))
    return alike or named


def meant(signal: Signal, verdict: str) -> tuple[Signal, str]:
    """Return a signal as the user says it is, and the key of the application where they name one.

    `verdict`: "person:Dana Cole", "application:acme/sre" or "signal:rejection".
    """
    what, _, value = verdict.partition(":")
    if what == "person":
        return replace(signal, references=(value,)), ""
    if what == "signal":
        return replace(signal, kind=SignalKind(value)), ""
    return signal, value


def question_of(
    signal: Signal,
    reading: Reading,
    placed: Placed,
    *,
    busy: bool,
    people: tuple[str, ...] = (),
) -> Question | None:
    """Return the question that a signal is, or None: it is certain.

    `busy`: something is under way at all; else nobody could be owed anything. `people`: who can be
    meant where the words do not tell.
    """
    options = (placed.process,) if placed.process else placed.options
    if people:
        reason = f"who is meant, {' or '.join(people)}?"
    elif signal.decision is Decision.ASK:
        reason = reading.suspicious or placed.reason or "the words are not clear enough"
    elif placed.process is None and not placed.new and signal.kind in _AT_STAKE:
        reason = placed.reason if options or busy else ""
    else:
        reason = ""
    if not reason:
        return None
    titles = tuple(p.application.title for p in options)
    return Question(reading=reading, signal=signal, reason=reason, options=titles, people=people)


def _known_already(signal: Signal, process: Process) -> bool:
    """Whether it would only say again how the process ended.

    Words that may be a no say nothing to a user who has taken the job, turned it down or left.
    """
    known = {step.kind for step in process.steps}
    if signal.kind is SignalKind.REJECTION and known & _ANSWERS:
        return True
    return signal.kind in ENDS and signal.kind in known


def worth_asking(question: Question, placed: Placed) -> bool:
    """Whether the answer would change what somebody is owed.

    A doubt about a stranger's mail is none: it concerns no process and nobody we know.
    """
    signal = question.signal
    if placed.process is not None and _known_already(signal, placed.process):
        return False
    if signal.kind in OF_PEOPLE:
        # Where nobody is named, neither a yes nor a no changes anything for anybody.
        return bool(signal.references or question.people or question.reading.people)
    if signal.kind not in _AT_STAKE and signal.kind not in _OF_CHECKS:
        return False
    from_nowhere = signal.kind in (SignalKind.OFFER, SignalKind.REFERENCE_REQUEST)
    certain = signal.confidence >= _SURE and not question.reading.suspicious
    return bool(question.options) or (from_nowhere and certain and placed.new_company)
