"""Which application a signal belongs to: by thread, name, domain, role; a tie is a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from vouchd.rules.model import Reading, Signal, SignalKind, Stage
from vouchd.rules.reading.people import fold
from vouchd.rules.world import Application, Step, live, standing

# Words that say what kind of firm it is in law, not which one.
_LEGAL = frozenset(
    """
    inc incorporated llc llp ltd limited plc corp corporation co company gmbh ag se kg kgaa ug mbh
    ev sa sas sarl sl slu srl spa bv nv oy oyj ab as asa aps a/s pty pvt private kk the group
    holding holdings
    """.split()
)
_TEAM = re.compile(
    r"\b(?:talent(?: acquisition)?|recruit(?:ing|ment)|hiring|careers?|people|hr|jobs)"
    r"(?: (?:team|department|operations|ops))?$"
)
# "(m/w/d)", "(H/F)", "(remote)": said of the advertisement, not of the job.
_GENDER = re.compile(r"\((?:m/?w/?d|f/?m/?d|w/?m/?d|h/?f|m/?v|remote|hybrid)[^)]*\)")
_ENTRY = frozenset(
    {
        SignalKind.APPLICATION_RECEIVED,
        SignalKind.RECRUITER_OUTREACH,
        SignalKind.INTERVIEW_INVITE,
        SignalKind.INTERVIEW_CONFIRMED,
        SignalKind.ASSESSMENT,
    }
)
_TALKS = _ENTRY - {SignalKind.APPLICATION_RECEIVED, SignalKind.RECRUITER_OUTREACH}
_LATE = frozenset(
    {
        SignalKind.REFERENCE_REQUEST,
        SignalKind.REFERENCE_CONTACTED,
        SignalKind.REFERENCE_OVERDUE,
        SignalKind.REFERENCE_COMPLETED,
        SignalKind.REFERENCE_SPOKE,
        SignalKind.REFERENCES_SHARED,
        SignalKind.OFFER,
    }
)
_LATE_STAGES = frozenset(
    {Stage.INTERVIEWING, Stage.FINAL_ROUND, Stage.REFERENCE_CHECK, Stage.OFFER}
)
# The same title at the same employer after this long is a new application.
_AGAIN = timedelta(days=60)


# Every fold asks for the words of the same few names, thousands of times.
@lru_cache(maxsize=20_000)
def company_words(name: str) -> tuple[str, ...]:
    """Return the words that make a company's name, without legal form and team names."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _TEAM.sub("", " ".join(re.findall(r"[\w&+]+", plain)))
    words = plain.split()
    kept = tuple(word for word in words if word not in _LEGAL)
    return kept or tuple(words)


def same_company(one: str, other: str) -> bool:
    """Whether two names mean one employer: equal words, never a part of a word."""
    left, right = company_words(one), company_words(other)
    return left == right or "".join(left) == "".join(right)


@lru_cache(maxsize=20_000)
def role_words(role: str) -> frozenset[str]:
    """Return the words of a job title that tell it from another."""
    plain = re.sub(
        r"\((?:m/?w/?d|f/?m/?d|w/?m/?d|h/?f|m/?v|remote|hybrid)[^)]*\)", " ", role.casefold()
    )
    return frozenset(re.findall(r"\w+", plain)) - {"the", "a", "of", "and", "for", "in", "at"}


def same_role(one: str | None, other: str | None) -> bool:
    """Whether two titles can be one: the words of one are among the other's; unknown fits all."""
    if not one or not other:
        return True
    left, right = role_words(one), role_words(other)
    return left <= right or right <= left


def shared_by_many(domain: str, shared: frozenset[str]) -> bool:
    """Whether a domain, or one above it, is one that many employers send from."""
    while domain and domain not in shared:
        domain = domain.partition(".")[2]
    return bool(domain)


def within(domain: str, site: str) -> bool:
    """Whether `domain` is `site` or stands below it."""
    return domain == site or domain.endswith("." + site)


@dataclass(slots=True)
class Process:
    """An application while it is being put together: the only mutable thing in the rules."""

    application: Application
    names: list[tuple[str, ...]] = field(default_factory=list)  #: known words of the company
    domains: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)  #: first and full names of who speaks for it
    people: set[str] = field(default_factory=set)  #: references named for it
    steps: list[Step] = field(default_factory=list)
    heard: list[tuple[datetime, bool]] = field(default_factory=list)

    def now(self) -> Application:
        """Return the application with the steps so far, for the questions of `world`."""
        return replace(self.application, steps=tuple(self.steps))

    written: set[str] = field(init=False)  #: those words, as one

    def __post_init__(self) -> None:
        """Join the names it is made with."""
        self.written = {"".join(words) for words in self.names}

    def learn(self, words: tuple[str, ...]) -> None:
        """Remember one more name of the company."""
        self.names.append(words)
        self.written.add("".join(words))

    def called(self, name: str) -> bool:
        """Whether the company goes by this name."""
        return "".join(company_words(name)) in self.written


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a signal belongs: one process, a new one, or a question between several."""

    process: Process | None = None
    new: bool = False
    options: tuple[Process, ...] = ()
    reason: str = ""
    new_company: bool = False  #: nobody has heard of the employer, and it may not be one


def counterparts(reading: Reading) -> tuple[str, ...]:
    """Return the addresses on the other side: the writer, or the people the user wrote to."""
    if reading.sent or reading.is_event:
        others = [a.email for a in (*reading.to, *reading.attendees)]
        if reading.is_event and reading.sender is not None:
            others.append(reading.sender.email)
        return tuple(others)
    return (reading.sender.email,) if reading.sender is not None else ()


def place(
    signal: Signal, reading: Reading, processes: Iterable[Process], shared: frozenset[str]
) -> Placed:
    """Find the process a signal belongs to.

    `shared` holds domains that many employers send from (ATS, mail providers): they tell nothing.
    """
    known = list(processes)
    same_uid = [p for p in known if reading.uid and reading.uid in p.uids]
    if len(same_uid) == 1:
        return Placed(same_uid[0])
    by_thread = [p for p in known if reading.thread and reading.thread in p.threads]
    by_sender = _by_sender(reading, known, shared)
    if signal.company:
        joined = "".join(company_words(signal.company))
        named = [p for p in known if joined in p.written]
        if named:
            return _narrow(signal, reading, named, by_thread)
        return _unknown_name(signal, reading, known, by_thread, by_sender)
    for candidates in (by_thread, by_sender):
        if candidates:
            return _narrow(signal, reading, candidates, by_thread)
    return _by_people(signal, reading, known)


def _by_sender(reading: Reading, known: list[Process], shared: frozenset[str]) -> list[Process]:
    emails = counterparts(reading)
    exact = [p for p in known if p.addresses.intersection(emails)]
    if exact:
        return exact
    domains = {email.rpartition("@")[2] for email in emails}
    domains = {domain for domain in domains if not shared_by_many(domain, shared)}
    return [p for p in known if any(within(d, site) for d in domains for site in p.domains)]


def _unknown_name(
    signal: Signal,
    reading: Reading,
    known: list[Process],
    by_thread: list[Process],
    by_sender: list[Process],
) -> Placed:
    """A company nobody has heard of: perhaps another name of one we know, else a new process."""
    name = fold(signal.company or "")
    met = [p for p in known if name in p.met and live(p.now(), reading.at)]
    if met:  # no company at all: "just hung up with Raj"
        return _narrow(signal, reading, met, by_thread)
    related = [p for p in (by_thread or by_sender) if _related(signal.company or "", p)]
    if related:
        return _narrow(signal, reading, related, by_thread)
    # Who writes from the employer's own domain speaks for the employer, whatever is named.
    owners = [p for p in by_sender if _owns(p, reading)]
    if owners:
        return _narrow(signal, reading, owners, by_thread)
    short = [p for p in known if _short_for(signal, p) or _checked_there(signal, reading, p)]
    if len(short) == 1:
        return _narrow(signal, reading, short, by_thread)
    if by_thread and signal.kind not in _ENTRY:
        return _narrow(signal, reading, by_thread, by_thread)
    return Placed(new=True)


def _owns(process: Process, reading: Reading) -> bool:
    domains = {email.rpartition("@")[2] for email in counterparts(reading)}
    return any(within(domain, site) for domain in domains for site in process.domains)


def _short_for(signal: Signal, process: Process) -> bool:
    """Whether a part of the company's name comes with the role of the process."""
    role = process.application.role
    if not signal.role or not role or not same_role(signal.role, role):
        return False
    return _related(signal.company or "", process)


def _checked_there(signal: Signal, reading: Reading, process: Process) -> bool:
    """Whether a word on references is for the only process like it that has come so far."""
    return (
        signal.kind.startswith("reference")
        and signal.kind in _LATE
        and _related(signal.company or "", process)
        and same_role(signal.role, process.application.role)
        and live(process.now(), reading.at)
        and standing(process.now(), reading.at) in _LATE_STAGES
    )


def _related(name: str, process: Process) -> bool:
    words = set(company_words(name))
    return any(words <= set(known) or set(known) <= words for known in process.names)


def _narrow(
    signal: Signal, reading: Reading, candidates: list[Process], by_thread: list[Process]
) -> Placed:
    """Several roles at one employer: the title decides, then the thread, then who is still live."""
    now = reading.at
    fitting = [p for p in candidates if same_role(signal.role, p.application.role)]
    if signal.role and not fitting:
        if signal.kind in _ENTRY or len(candidates) > 1:
            threaded = [p for p in candidates if p in by_thread]
            if not threaded and signal.kind in _TALKS:
                # Whom the user talks to says more than what an invitation calls itself.
                emails = counterparts(reading)
                threaded = [p for p in candidates if p.addresses.intersection(emails)]
            if len(threaded) == 1 and signal.kind is not SignalKind.APPLICATION_RECEIVED:
                return Placed(threaded[0])
            return Placed(new=True) if signal.kind in _ENTRY else _tie(candidates)
        fitting = candidates
    if signal.role:
        exact = [
            p
            for p in fitting
            if p.application.role and role_words(p.application.role) == role_words(signal.role)
        ]
        fitting = exact or fitting
    if len(fitting) > 1:
        fitting = [p for p in fitting if p in by_thread] or fitting
    if len(fitting) > 1:
        about = set(signal.references) or set(reading.people)
        fitting = [p for p in fitting if about & p.people] or fitting
    if len(fitting) > 1 and signal.kind is not SignalKind.APPLICATION_RECEIVED:
        fitting = [p for p in fitting if live(p.now(), now)] or fitting[-1:]
    if len(fitting) > 1 and signal.kind in _LATE:
        fitting = [p for p in fitting if standing(p.now(), now) in _LATE_STAGES] or fitting
    if len(fitting) > 1:
        return _tie(fitting)
    only = fitting[0]
    if signal.kind is SignalKind.APPLICATION_RECEIVED and _is_again(only, now):
        return Placed(new=True)
    return Placed(only)


def _is_again(process: Process, now: datetime) -> bool:
    application = process.now()
    last = process.steps[-1].at if process.steps else now
    return not live(application, now) and now - last > _AGAIN


def _tie(options: list[Process]) -> Placed:
    return Placed(options=tuple(options), reason="it fits more than one of your applications")


def _by_people(signal: Signal, reading: Reading, known: list[Process]) -> Placed:
    """Nothing names the employer: perhaps the references named do."""
    about = set(signal.references) or set(reading.people)
    if signal.kind not in _LATE or not about:
        return Placed(reason="nothing in it names an employer")
    fitting = [
        p
        for p in known
        if about & p.people
        and live(p.now(), reading.at)
        and standing(p.now(), reading.at) in _LATE_STAGES
    ]
    checked = [p for p in fitting if standing(p.now(), reading.at) is Stage.REFERENCE_CHECK]
    fitting = checked if len(checked) == 1 else fitting
    if len(fitting) == 1:
        return Placed(fitting[0])
    return _tie(fitting) if fitting else Placed(reason="nothing in it names an employer")
