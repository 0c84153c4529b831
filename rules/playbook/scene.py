"""What every principle looks at, and what every principle returns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256

from vouchd.rules.intent import Candidate, Occasion, Process, Reply
from vouchd.rules.match import within
from vouchd.rules.model import (
    ActKind,
    Address,
    Cause,
    FollowUpKind,
    Me,
    Reading,
    Signal,
    SignalKind,
    State,
    Wishes,
)
from vouchd.rules.world import Application, Deed, Person, World, evidence_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The world at a moment, and what the user wants."""

    world: World
    me: Me
    wishes: Wishes
    now: datetime
    began: datetime  #: when the program first looked: what is due by the files alone is due then
    since: datetime | None = None  #: what arose earlier is known, but yields nothing
    shared: frozenset[str] = frozenset()  #: domains that many employers send from
    personal: frozenset[str] = frozenset()  #: of these, where people have mailboxes of their own
    verdicts: Mapping[str, tuple[datetime, State]] = field(default_factory=dict)
    #: how the user closed a follow-up, by key
    snoozed: Mapping[str, datetime] = field(default_factory=dict)  #: put off until, by key
    answers: Mapping[str, bool | str] = field(default_factory=dict)  #: to questions, by their id

    def day(self, at: datetime) -> date:
        """Return the user's day of a moment."""
        return at.astimezone(self.me.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that became due to one person (or to nobody in particular), and how it ended."""

    kind: FollowUpKind
    created_at: datetime
    anchor: str  #: what makes this occasion itself and no other: the source that started it
    person: str | None = None
    application: str | None = None
    occasion: Occasion
    causes: tuple[Cause, ...] = ()
    ended_at: datetime | None = None
    end: State = State.OPEN
    due_at: datetime | None = None  #: None: by the habit of its kind
    reply: Reply | None = None
    to: tuple[Address, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    about: tuple[str, ...] = ()  #: people it is about where `person` is None
    question: str = ""
    asks: tuple[str, ...] = ()  #: ids of the questions it puts
    suggestions: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A short name that is the same whenever the same facts are read."""
        words = (self.kind, self.person or "", self.anchor)
        return sha256("\x1f".join(words).encode()).hexdigest()[:10]

    def open_at(self, at: datetime) -> bool:
        """Whether it was waiting at a moment."""
        return self.created_at <= at and (self.ended_at is None or at < self.ended_at)


End = tuple[datetime, State]


def ended(due: Due, now: datetime, ends: Iterable[End | None]) -> Due:
    """Return `due` with the first of its ends that has come by `now`."""
    come = sorted(e for e in ends if e is not None and due.created_at <= e[0] <= now)
    if not come:
        return due
    at, state = come[0]
    return replace(due, ended_at=at, end=state)


def first_deed(
    person: Person, kinds: tuple[ActKind, ...], after: datetime, application: str | None = None
) -> Deed | None:
    """Return the user's first act of these kinds at or after a moment.

    An act whose mail names another application than `application` does not count.
    """
    for deed in person.deeds:
        if deed.kind in kinds and deed.at >= after and _fits(deed.application, application):
            return deed
    return None


def _fits(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def done_by(deed: Deed | None) -> End | None:
    """Return the end that the user's own mail makes."""
    return (deed.at, State.DONE) if deed else None


def wrote_to(person: Person, after: datetime) -> datetime | None:
    """Return when the user first wrote to the person after a moment."""
    return next((c.at for c in person.contacts if c.sent and c.at > after), None)


def process_of(application: Application) -> Process:
    """Return the application as the words need it."""
    company, role = application.title
    stated = application.stated
    return Process(
        key=application.key,
        company=company,
        role=role,
        posting=stated.posting if stated else None,
        points=stated.points if stated else (),
    )


def cause_of(reading: Reading, signal: Signal) -> Cause:
    """Return the link of the chain that a signal makes."""
    return Cause(
        signal=signal.kind,
        source=reading.source,
        text=evidence_text(signal.evidence),
        rule=signal.evidence[0].rule if signal.evidence else "",
        link=reading.link,
        at=reading.at,
    )


def cause_of_deed(deed: Deed) -> Cause:
    """Return the link of the chain that a mail between the user and a person makes."""
    return Cause(
        signal=deed.kind,
        source=deed.reading.source,
        text=deed.act.evidence.text,
        rule=deed.act.evidence.rule,
        link=deed.reading.link,
        at=deed.at,
    )


def reply_to(reading: Reading) -> Reply:
    """Return what a draft needs to stand in the thread of a mail (RFC 5322 section 3.6.2)."""
    to = reading.reply_to or reading.sender
    return Reply(
        message_id=reading.source,
        references=(*reading.references, reading.source),
        thread=reading.thread or None,
        subject=reading.subject,
        to=(to,) if to is not None else (),
    )


# Mailboxes that nobody reads.
_MACHINE = re.compile(
    r"^(?:no-?reply|do-?not-?reply|notifications?|calendar|scheduling|invites?)\b"
)


def is_machine(address: Address, shared: frozenset[str]) -> bool:
    """Whether nobody would read an answer: a no-reply address, a system many employers use."""
    return bool(_MACHINE.match(address.email)) or any(
        within(address.domain, site) for site in shared
    )


OF_ACTS = (SignalKind.REFERENCE_SPOKE, SignalKind.REFERENCE_COMPLETED)
