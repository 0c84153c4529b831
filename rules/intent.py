"""What was decided and why, before it has words: made by the planner, worded by compose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vouchd.rules.model import Address, Cause, FollowUpKind, Reference, Stage, State


class Outcome(StrEnum):
    """How a process ended, as far as it is known."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  #: the employer fills the position with nobody
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One hiring process as the words need it."""

    key: str
    company: str
    role: str | None = None
    posting: str | None = None
    points: tuple[str, ...] = ()  #: what the employer weighs, as stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One thing that is due; a merged follow-up has several."""

    kind: FollowUpKind
    process: Process | None = None
    outcome: Outcome | None = None
    at: datetime | None = None  #: when it happened
    how: str = ""  #: "call" | "form" | "letter"; empty: not known
    reason: str | None = None  #: the honest reason, from the user's own mail
    contact: str | None = None  #: who will call or write, or which platform, as it stands there
    deadline: date | None = None
    after_all: bool = False  #: it ends so although the user had accepted an offer
    acted: bool = False  #: this person gave a reference in that process
    start: datetime | None = None  #: of the interview
    stage: Stage | None = None  #: where the process stands now, for a progress update
    terms: tuple[str, ...] = ()  #: how a no or yes is meant: "lukewarm", "this_application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who could be named to an employer."""

    person: Reference
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    agreed: bool = False
    terms: tuple[str, ...] = ()  #: how their yes is meant: "after:17:00", "by:phone"
    address: str | None = None  #: the one they are known to read, where that is known
    note: str = ""  #: e.g. "not to be listed: declined on 3 March"; such a person never gets listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The mail that a draft answers."""

    message_id: str
    references: tuple[str, ...] = ()
    thread: str | None = None
    subject: str = ""
    to: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How the user writes to this person, learnt from their own mails; None: not known."""

    greeting: str | None = None  #: as it stands there, e.g. "Hey Dana," or "Dear Ms Cole,"
    sign_off: str | None = None  #: without the name, e.g. "Cheers,"
    language: str | None = None
    formal: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """What the user and a person share and only they know; None: not known."""

    yes: datetime | None = None  #: when they last agreed to be named
    acted: datetime | None = None  #: when they last vouched, before what this letter is about
    acted_how: str = ""  #: "call" | "form" | "letter"
    met: datetime | None = None  #: when the two last met, by the calendar
    wrote: datetime | None = None  #: when they last wrote, about `topic`
    topic: str = ""
    terms: tuple[str, ...] = ()  #: how their yes is meant: "after:17:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A follow-up without its words; `kind` is the weightiest of `kinds`."""

    key: str
    kind: FollowUpKind
    kinds: tuple[FollowUpKind, ...]
    created_at: datetime
    due_at: datetime
    state: State = State.OPEN
    people: tuple[Reference, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    causes: tuple[Cause, ...] = ()
    reply: Reply | None = None
    to: tuple[Address, ...] = ()  #: interviewers or employer, where it goes to no reference
    candidates: tuple[Candidate, ...] = ()
    thanks_before: int = 0  #: thank-yous this person has had already
    acts_before: int = 0  #: references this person had given before
    way: int | None = None
    #: which of the ways to say things the letter takes, so that it differs from those before it;
    #: None: the key alone decides
    bond: Bond = Bond()
    voice: Voice | None = None
    address: str | None = None  #: that the person last wrote from
    offer_help: bool = False  #: a line that offers to return the favour fits
    settled: bool = False
    #: nothing more will be asked: an offer has been accepted, or the person is to be left in peace
    elsewhere: tuple[str, ...] = ()  #: other employers who have the person's name and still decide
    question: str = ""  #: for review
    asks: tuple[str, ...] = ()  #: ids of the questions a review puts
    suggestions: tuple[str, ...] = ()  #: ready sentences for the event
    earlier: tuple[str, ...] = ()  #: keys of follow-ups that this one takes the place of
