"""What is known after reading: applications and people, each with the dated log of what was said.

Everything the planner needs is derived from these logs at a moment `now`; nothing is counted twice
and nothing is forgotten, so the same facts give the same plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vouchd.rules.intent import Outcome
from vouchd.rules.model import (
    Act,
    ActKind,
    Address,
    Evidence,
    Reading,
    Reference,
    Signal,
    SignalKind,
    Stage,
    Stated,
)

EDITED = "edited:"  #: how the source begins of what an edited, unsent draft taught


@dataclass(frozen=True, slots=True)
class Step:
    """One signal that was placed in an application."""

    reading: Reading
    signal: Signal

    @property
    def at(self) -> datetime:
        """When it became known."""
        return self.reading.at

    @property
    def kind(self) -> SignalKind:
        """What was said."""
        return self.signal.kind


@dataclass(frozen=True, slots=True)
class Ending:
    """How an application ended, and the step that said so."""

    outcome: Outcome
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """An interview with a place in the calendar; the newest word about its uid."""

    uid: str
    start: datetime
    end: datetime
    cancelled: bool
    step: Step
    people: tuple[Address, ...] = ()  #: who was there besides the user


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One process with one employer."""

    key: str
    company: str
    role: str | None = None
    stated: Stated | None = None
    steps: tuple[Step, ...] = ()  #: oldest first
    heard: tuple[tuple[datetime, bool], ...] = ()  #: (when, by the user): any mail of the process
    interviews: tuple[Interview, ...] = ()

    def seen(self, *kinds: SignalKind) -> tuple[Step, ...]:
        """Return the steps of these kinds, oldest first."""
        return tuple(step for step in self.steps if step.kind in kinds)

    @property
    def title(self) -> tuple[str, str | None]:
        """Company and role, as the user states them where they do."""
        if self.stated is not None:
            return self.stated.company, self.stated.role or self.role
        return self.company, self.role


@dataclass(frozen=True, slots=True)
class Deed:
    """An act in a mail between the user and a reference."""

    act: Act
    reading: Reading
    application: str | None = None  #: key, where the mail tells

    @property
    def at(self) -> datetime:
        """When the mail was written."""
        return self.reading.at

    @property
    def kind(self) -> ActKind:
        """What it did."""
        return self.act.kind


@dataclass(frozen=True, slots=True)
class Word:
    """Something a person said or did that was placed: a yes, a no, a call they took."""

    signal: Signal
    reading: Reading
    application: str | None = None

    @property
    def at(self) -> datetime:
        """When it became known."""
        return self.reading.at

    @property
    def kind(self) -> SignalKind:
        """What was said."""
        return self.signal.kind


@dataclass(frozen=True, slots=True)
class Contact:
    """One real contact, in either direction."""

    at: datetime
    sent: bool  #: by the user; a meeting counts as neither's mail, hence False
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A reference: what the user stated, and the log of what was learnt."""

    reference: Reference
    words: tuple[Word, ...] = ()  #: what they said about vouching, and what is said of their acts
    deeds: tuple[Deed, ...] = ()
    contacts: tuple[Contact, ...] = ()
    edited: tuple[Reading, ...] = ()  #: how the user rewrote our drafts, oldest first

    @property
    def name(self) -> str:
        """As in references.toml."""
        return self.reference.name

    def said(self, *kinds: SignalKind) -> tuple[Word, ...]:
        """Return their words of these kinds, oldest first."""
        return tuple(word for word in self.words if word.kind in kinds)

    def did(self, *kinds: ActKind) -> tuple[Deed, ...]:
        """Return the acts of these kinds, oldest first."""
        return tuple(deed for deed in self.deeds if deed.kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An uncertain signal: it waits for the user's yes and writes to nobody."""

    reading: Reading
    signal: Signal
    reason: str  #: why it is not certain, in words
    options: tuple[tuple[str, str | None], ...] = ()  #: the applications it could belong to
    people: tuple[str, ...] = ()  #: who could be meant

    @property
    def at(self) -> datetime:
        """When it arose."""
        return self.reading.at

    @property
    def id(self) -> str:
        """The same for the same doubt."""
        return f"{self.reading.source}#{self.signal.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All we know; the only memory the rules have."""

    applications: Mapping[str, Application] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    sent: Mapping[str, datetime] = field(default_factory=dict)
    #: keys of our drafts that the user has sent, with the moment
    spoken: tuple[Reading, ...] = ()  #: the user's own mail, oldest first
    first: datetime | None = None  #: the oldest reading


CERTAIN_END = {
    SignalKind.OFFER_ACCEPTED: Outcome.ACCEPTED,
    SignalKind.OFFER_DECLINED: Outcome.DECLINED,
    SignalKind.REJECTION: Outcome.REJECTED,
    SignalKind.WITHDRAWN: Outcome.WITHDRAWN,
}

_REACHES = {
    SignalKind.RECRUITER_OUTREACH: Stage.APPROACHED,
    SignalKind.APPLICATION_RECEIVED: Stage.APPLIED,
    SignalKind.ASSESSMENT: Stage.INTERVIEWING,
    SignalKind.INTERVIEW_INVITE: Stage.INTERVIEWING,
    SignalKind.INTERVIEW_CONFIRMED: Stage.INTERVIEWING,
    SignalKind.INTERVIEW_RESCHEDULED: Stage.INTERVIEWING,
    SignalKind.REFERENCE_REQUEST: Stage.REFERENCE_CHECK,
    SignalKind.REFERENCE_CONTACTED: Stage.REFERENCE_CHECK,
    SignalKind.REFERENCE_OVERDUE: Stage.REFERENCE_CHECK,
    SignalKind.REFERENCE_COMPLETED: Stage.REFERENCE_CHECK,
    SignalKind.REFERENCE_SPOKE: Stage.REFERENCE_CHECK,
    SignalKind.OFFER: Stage.OFFER,
}

_ORDER = list(Stage)
_ENDED = {
    Outcome.ACCEPTED: Stage.ACCEPTED,
    Outcome.DECLINED: Stage.DECLINED,
    Outcome.REJECTED: Stage.REJECTED,
    Outcome.WITHDRAWN: Stage.WITHDRAWN,
}
# What an end may still turn into: a resigned candidate gets no rejection, an accepted
# offer can fall through, a rejection can be taken back.
_AFTER: dict[Outcome, frozenset[Outcome]] = {
    Outcome.ACCEPTED: frozenset({Outcome.DECLINED, Outcome.WITHDRAWN, Outcome.REJECTED}),
    Outcome.DECLINED: frozenset({Outcome.ACCEPTED}),
    Outcome.WITHDRAWN: frozenset({Outcome.ACCEPTED}),
    Outcome.REJECTED: frozenset({Outcome.ACCEPTED, Outcome.DECLINED}),
}
_REVIVES = {
    SignalKind.INTERVIEW_INVITE,
    SignalKind.INTERVIEW_CONFIRMED,
    SignalKind.REFERENCE_REQUEST,
    SignalKind.OFFER,
}


def endings(application: Application, now: datetime) -> tuple[Ending, ...]:
    """Return how it ended, in order; a later one replaces an earlier one.

    Repeated news of the same end is one end. An `Ending` followed by a revival stays in the list;
    `standing()` tells whether the application is over at `now`.
    """
    found: list[Ending] = []
    over: Outcome | None = None
    for step in application.steps:
        if step.at > now:
            break
        outcome = CERTAIN_END.get(step.kind)
        if outcome is None:
            if over is Outcome.REJECTED and step.kind in _REVIVES:
                over = None
            continue
        if _counts_after(over, outcome, step):
            found.append(Ending(outcome, step))
            over = outcome
    return tuple(found)


def _counts_after(over: Outcome | None, outcome: Outcome, step: Step) -> bool:
    """Whether an end replaces the one before; what the user said by hand always does."""
    if over is None or outcome in _AFTER[over]:
        return True
    by_hand = any(e.rule.startswith("by_hand.") for e in step.signal.evidence)
    return by_hand and outcome is not over


def standing(application: Application, now: datetime) -> Stage:
    """Return the stage at `now`: the user's own word, else the furthest that was said.

    Missing, repeated and out-of-order mail is normal: a stage is never lowered by an old kind of
    mail, an end holds until something that only happens in a live process is said.
    """
    if application.stated is not None and application.stated.stage:
        return Stage(application.stated.stage)
    stage = Stage.APPLIED if application.stated is not None else Stage.APPROACHED
    over: Outcome | None = None
    for step in application.steps:
        if step.at > now:
            break
        outcome = CERTAIN_END.get(step.kind)
        if outcome is not None:
            if _counts_after(over, outcome, step):
                over = outcome
            continue
        if over is Outcome.REJECTED and step.kind in _REVIVES:
            over = None
        reached = _REACHES.get(step.kind)
        if reached is Stage.INTERVIEWING and step.signal.final_round:
            reached = Stage.FINAL_ROUND
        if reached is not None and _ORDER.index(reached) > _ORDER.index(stage):
            stage = reached
    return _ENDED[over] if over is not None else stage


OVER = frozenset({Stage.ACCEPTED, Stage.DECLINED, Stage.REJECTED, Stage.WITHDRAWN})


def live(application: Application, now: datetime) -> bool:
    """Whether the process still runs at `now`."""
    return standing(application, now) not in OVER


def closed(application: Application, now: datetime) -> bool:
    """Whether nobody will be called any more: an accepted offer may still hang on references."""
    return standing(application, now) in OVER - {Stage.ACCEPTED}


def ended_at(application: Application, now: datetime) -> datetime | None:
    """When the end in force at `now` became known; None while the process runs."""
    if live(application, now):
        return None
    ends = endings(application, now)
    return ends[-1].step.at if ends else (application.steps[0].at if application.steps else now)


def evidence_text(evidence: tuple[Evidence, ...]) -> str:
    """Return the words that weigh most, for people."""
    return evidence[0].text if evidence else ""
