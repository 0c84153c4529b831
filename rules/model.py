"""The words of the house: frozen values that travel between the folders; imports nothing of ours.

All `datetime` values are aware. Names of signals and follow-ups are those of the product's
interface and never change their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from zoneinfo import ZoneInfo

# --- what the world says -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox (RFC 5322 section 3.4): `email` is lower-case, `name` the decoded display name."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the last `@`; empty when there is none."""
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited (RFC 5545 section 3.8.4.1); `status` is PARTSTAT in lower case."""

    email: str
    name: str = ""
    status: str = "needs-action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A calendar entry (RFC 5545 VEVENT), theirs or ours."""

    uid: str
    start: datetime  #: an all-day event starts at midnight of the calendar's zone
    end: datetime
    summary: str
    description: str = ""
    location: str = ""
    organizer: Address | None = None
    attendees: tuple[Attendee, ...] = ()
    all_day: bool = False
    cancelled: bool = False
    method: str = (
        ""  #: iTIP method (RFC 5546) when it came by mail: REQUEST, CANCEL, REPLY, COUNTER
    )
    sequence: int = 0
    recurring: bool = False  #: has a RRULE or RDATE, or is one instance of a series
    known_at: datetime | None = None  #: CREATED, else DTSTAMP, else None
    link: str | None = None  #: where the user opens it
    key: str | None = None  #: our own mark, when it is a follow-up event of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail as every connector delivers it: fully read, nothing is fetched later."""

    id: str  #: Message-ID with its angle brackets; made from the content where it is missing
    thread: str  #: the same for all messages of a conversation
    at: datetime  #: Date header; the delivery time where that is missing or absurd
    sent: bool  #: written by the user
    sender: Address
    to: tuple[Address, ...]  #: To and Cc
    subject: str  #: decoded, on one line
    text: str  #: all words, HTML turned into text, quotes marked with "> "; not yet split
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()  #: the References header, oldest first
    automatic: bool = False  #: Auto-Submitted, Precedence, X-Autoreply … (RFC 3834)
    bulk: bool = False  #: List-Id, List-Unsubscribe
    authentic: bool | None = None  #: DMARC by Authentication-Results (RFC 8601); None: not said
    invites: tuple[Event, ...] = ()  #: calendar parts and .ics attachments
    attachments: tuple[str, ...] = ()  #: file names
    folder: str = ""
    link: str | None = None  #: where the user opens it
    key: str | None = None  #: our own mark (X-Vouchd-Key)
    notes: tuple[str, ...] = ()  #: what could not be read as it stands, in words


# --- what was understood --------------------------------------------------------------------


class SignalKind(StrEnum):
    """What a message or an event says; the definitions stand in docs/signals.md."""

    APPLICATION_RECEIVED = "application_received"
    RECRUITER_OUTREACH = "recruiter_outreach"
    INTERVIEW_INVITE = "interview_invite"
    INTERVIEW_CONFIRMED = "interview_confirmed"
    INTERVIEW_RESCHEDULED = "interview_rescheduled"
    INTERVIEW_CANCELLED = "interview_cancelled"
    ASSESSMENT = "assessment"
    REFERENCE_REQUEST = "reference_request"
    REFERENCE_CONTACTED = "reference_contacted"
    REFERENCE_OVERDUE = "reference_overdue"
    REFERENCE_COMPLETED = "reference_completed"
    REFERENCES_SHARED = "references_shared"
    REFERENCE_AGREED = "reference_agreed"
    REFERENCE_DECLINED = "reference_declined"
    REFERENCE_SPOKE = "reference_spoke"
    REFERENCE_JOB_HUNTING = "reference_job_hunting"
    OFFER = "offer"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    REJECTION = "rejection"
    WITHDRAWN = "withdrawn"


class ActKind(StrEnum):
    """What else a mail between the user and a reference does; inner words, not signals."""

    # by the user
    ASKED = "asked"  #: asked to be a reference
    WARNED = "warned"  #: said that an employer will make contact
    THANKED = "thanked"
    TOLD = "told"  #: told how it went, or how it goes
    OFFERED_HELP = "offered_help"  #: offered to return the favour
    # by the reference
    ASKS_FAVOUR = "asks_favour"  #: asks the user to vouch for them
    UNWELL = "unwell"  #: ill, grieving: kindness only
    AWAY = "away"  #: on leave, auto-reply
    BACK = "back"  #: well again, back from an absence
    # by a mail server
    UNDELIVERED = "undelivered"  #: a mail to them came back; the evidence is the address


class Decision(StrEnum):
    """What a confidence is good for."""

    ACT = "act"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rule that spoke and the words it rests on (an excerpt of at most 160 characters)."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing a message or an event says, on its own."""

    kind: SignalKind
    confidence: float  #: in [0, 1]
    decision: Decision
    evidence: tuple[Evidence, ...]
    company: str | None = None
    role: str | None = None
    references: tuple[str, ...] = ()  #: names as in references.toml
    final_round: bool = False
    terms: tuple[str, ...] = ()
    #: how a yes or no is meant: "lukewarm", "this_application", "yes_to_others" (but not here),
    #: "until:2027-06-30", "after:17:00"
    deadline: date | None = None  #: by when something is wanted, where said
    contact: str | None = None  #: who will call or write, or which platform, as it stands there


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the user's or a reference's own mail did, to or by whom."""

    kind: ActKind
    references: tuple[str, ...]
    evidence: Evidence
    company: str | None = None
    until: date | None = None  #: the last day of an absence, where said


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that is kept of one message or event: the facts of the fold. No bodies."""

    source: str  #: Message-ID, or `uid` of an event (`uid/recurrence-id` for one instance)
    at: datetime  #: when it became known
    sent: bool
    is_event: bool = False
    thread: str = ""
    sender: Address | None = None
    reply_to: Address | None = None  #: where the sender wants the answer, if not at their address
    to: tuple[Address, ...] = ()
    subject: str = ""
    signals: tuple[Signal, ...] = ()
    acts: tuple[Act, ...] = ()
    people: tuple[str, ...] = ()  #: references who wrote it, received it or attend
    automatic: bool = False
    bulk: bool = False
    suspicious: str | None = None  #: why it is not to be trusted, in words
    uid: str | None = None  #: of the calendar event it is or carries
    start: datetime | None = None  #: of the interview or meeting it speaks of
    end: datetime | None = None
    cancelled: bool = False
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()  #: the References header
    link: str | None = None
    key: str | None = None  #: set when it is a draft of ours that the user has sent
    attendees: tuple[Address, ...] = ()  #: of an event: everybody but the user
    language: str | None = None  #: of the new words, e.g. "en"
    greeting: str | None = None  #: of the user's own mail to one person: "Hey Dee,"
    sign_off: str | None = None  #: and how it closes, without the name: "Cheers,"
    formal: bool | None = None  #: whether it says "Sie", "vous", "usted"; None: it does not tell


# --- what the user stated -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The user."""

    name: str
    emails: tuple[str, ...]  #: lower-case
    zone: ZoneInfo
    employer: str | None = None  #: the present one: nobody there learns of the search
    employer_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A person who vouches, as the user wrote them down."""

    name: str
    emails: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    employer: str | None = None
    title: str | None = None
    phone: str | None = None
    relationship: str | None = None
    agreed_on: date | None = None
    can_speak_to: tuple[str, ...] = ()
    thanks_by: str = "email"  #: "email" | "handwritten"
    keep_in_touch: timedelta | None = timedelta(days=90)  #: None: never
    gift: str | None = None
    language: str | None = None  #: of the drafts, e.g. "en"
    formal: bool | None = None  #: last names; None: not said
    do_not_list: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An application as the user wrote it down."""

    company: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    role: str | None = None
    posting: str | None = None
    references: tuple[str, ...] = ()
    stage: str | None = None  #: the user's word on where it stands; overrides the mail
    points: tuple[str, ...] = ()  #: what the employer weighs


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The user's settings for the rules, every one with its default."""

    reconfirm_after: timedelta = timedelta(days=730)
    ask_interval: timedelta = timedelta(days=14)  #: between two favours asked of one person
    update_interval: timedelta = timedelta(days=30)
    stale_after: timedelta = timedelta(days=45)
    silent_ask_after: timedelta = timedelta(days=14)
    #: how long an unanswered request counts as open before the person may be asked anew
    thank_within: timedelta = timedelta(days=1)
    tell_within: timedelta = timedelta(days=2)
    reminders: str = "event"  #: what reminds the user: "event", "task" or "both"
    gifts: bool = True
    interview_thank_you: bool = True
    day_starts: time = time(9, 0)
    day_ends: time = time(18, 0)
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)  #: Monday is 0
    resume: str | None = None  #: path of a file to attach to heads-ups
    language: str = "en"  #: of drafts where nothing tells
    look_back: timedelta = timedelta(days=90)
    #: how far the first look goes back for what may still be due
    most_per_round: int = 25  #: more new follow-ups than this stop and ask
    write: bool = True


# --- what is known of the world: fold(advance, readings) ------------------------------------


class Stage(StrEnum):
    """Where an application stands."""

    APPROACHED = "approached"
    APPLIED = "applied"
    INTERVIEWING = "interviewing"
    FINAL_ROUND = "final_round"
    REFERENCE_CHECK = "reference_check"
    OFFER = "offer"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SILENT = "silent"


# --- what is wanted -------------------------------------------------------------------------


class FollowUpKind(StrEnum):
    """What the program prepares."""

    ASK_PERMISSION = "ask_permission"
    RECONFIRM = "reconfirm"
    SHARE_REFERENCES = "share_references"
    HEADS_UP = "heads_up"
    PROGRESS_UPDATE = "progress_update"
    THANK_YOU = "thank_you"
    HANDWRITTEN_NOTE = "handwritten_note"
    GRACIOUS_REPLY = "gracious_reply"
    OUTCOME_NEWS = "outcome_news"
    GIFT = "gift"
    RECIPROCATE = "reciprocate"
    KEEP_IN_TOUCH = "keep_in_touch"
    INTERVIEW_THANK_YOU = "interview_thank_you"
    NUDGE_REFERENCE = "nudge_reference"
    DECIDE_OFFER = "decide_offer"
    CHECK_STATUS = "check_status"
    REVIEW = "review"


class Part(StrEnum):
    """The things we write; a task says the same as an event."""

    DRAFT = "draft"
    EVENT = "event"
    TASK = "task"


class State(StrEnum):
    """Where a follow-up stands."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One link of the chain of reasons: which source, which words, which rule."""

    signal: str  #: a signal kind, an act kind, or the setting that asked for it
    source: str  #: Message-ID, event uid, or the file that says so
    text: str
    rule: str = ""
    link: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail to be looked at and sent by the user."""

    to: tuple[Address, ...]
    subject: str
    body: str
    in_reply_to: str | None = None  #: Message-ID it answers
    references: tuple[str, ...] = ()  #: References header of the answer, oldest first
    thread: str | None = None  #: the connector's thread, for Gmail's threadId
    attachments: tuple[str, ...] = ()  #: paths


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One thing the user should do; the same situation gives the same key."""

    key: str
    kind: FollowUpKind
    kinds: tuple[FollowUpKind, ...]
    created_at: datetime
    due_at: datetime
    state: State = State.OPEN
    references: tuple[str, ...] = ()
    applications: tuple[tuple[str, str | None], ...] = ()  #: (company, role)
    why: tuple[Cause, ...] = ()
    draft: Draft | None = None
    event: Event | None = None


# --- what was written, and what lies there --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What we wrote, where it lies and how it looked."""

    key: str
    part: Part
    handle: str
    print: str
    at: datetime
    state: State = State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies in the mailbox or calendar and is ours, by its mark or by its handle.

    `print` is the fingerprint of what it says now, `mark` the one we left on
    the thing itself (a header, a private property); None where a mail client
    has rebuilt the thing and dropped the mark.
    """

    key: str
    part: Part
    handle: str
    print: str
    mark: str | None
    sent: bool = False
    link: str | None = None  #: where the user opens it
    edges: str = ""  #: how a draft begins and ends that the user has edited

    @property
    def untouched(self) -> bool:
        """Whether it still lies there and says what we wrote."""
        return self.mark == self.print and not self.sent


#: What a follow-up's event is put down as, by `Wishes.reminders`.
REMINDERS: Mapping[str, frozenset[Part]] = MappingProxyType(
    {
        "event": frozenset((Part.EVENT,)),
        "task": frozenset((Part.TASK,)),
        "both": frozenset((Part.EVENT, Part.TASK)),
    }
)


def empty_mapping() -> Mapping[str, str]:
    """Return the shared empty mapping, as a default of frozen values."""
    return _EMPTY


_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The shipped and the user's own rule data as text, by file name; parsed by the rules."""

    phrases: Mapping[str, str] = field(default_factory=empty_mapping)  #: "en" -> TOML
    vendors: str = ""  #: TOML
    learnt: Mapping[str, str] = field(default_factory=empty_mapping)  #: "en" -> JSON
    templates: Mapping[str, str] = field(
        default_factory=empty_mapping
    )  #: "en/thank_you.j2" -> Jinja2


PRINT_VERSION = "1"


def fingerprint(thing: Draft | Event) -> str:
    """Return the same 16 hex digits for the same content as a user sees it.

    Only the fields listed here count, in a normal form that survives a round trip through
    RFC 5322 and RFC 5545 (line ends, trailing blanks, seconds), so that a client that stores the
    thing anew without changing it, or a new release of ours, does not look like an edit.
    """
    if isinstance(thing, Draft):
        fields = (
            ",".join(sorted(a.email.lower() for a in thing.to)),
            " ".join(thing.subject.split()),
            _lines(thing.body),
        )
    else:
        fields = (
            _moment(thing),
            _lines(thing.summary),
            _lines(thing.description),
        )
    return sha256("\x1f".join((PRINT_VERSION, *fields)).encode()).hexdigest()[:16]


def _moment(event: Event) -> str:
    start, end = (round(at.timestamp()) for at in (event.start, event.end))
    return f"{start}/{end}"


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return "\n".join(lines).strip()
