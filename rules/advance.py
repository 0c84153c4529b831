"""fold: readings in, the world out; the only writer of application and person state."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from vouchd.rules.doubts import (
    ENDS,
    OF_PEOPLE,
    borne_out,
    could_be,
    doubted,
    in_advance,
    meant,
    nobody_knows,
    out_of_turn,
    question_of,
    unfirm,
    unheard,
    worth_asking,
)
from vouchd.rules.match import (
    Process,
    company_words,
    counterparts,
    place,
    same_company,
    shared_by_many,
)
from vouchd.rules.model import (
    Act,
    ActKind,
    Decision,
    Reading,
    Reference,
    Signal,
    SignalKind,
    Stated,
)
from vouchd.rules.reading.people import by_address
from vouchd.rules.reading.people import fold as folded
from vouchd.rules.world import (
    EDITED,
    Application,
    Contact,
    Deed,
    Interview,
    Person,
    Question,
    Step,
    Word,
    World,
)

_INTERVIEW = frozenset(
    {
        SignalKind.INTERVIEW_INVITE,
        SignalKind.INTERVIEW_CONFIRMED,
        SignalKind.INTERVIEW_RESCHEDULED,
        SignalKind.INTERVIEW_CANCELLED,
    }
)


def slug(*words: str | None) -> str:
    """Return the words as one plain name for keys: "Dana Cole" -> "dana-cole"."""
    text = " ".join(word for word in words if word)
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "-".join(re.findall(r"\w+", plain))[:60].strip("-") or "unnamed"


def fold(
    readings: Iterable[Reading],
    people: tuple[Reference, ...],
    stated: tuple[Stated, ...],
    shared: frozenset[str] = frozenset(),
    answers: Mapping[str, bool | str] | None = None,
) -> World:
    """Build the world from everything read, in the order in which it was said.

    `shared`: domains that tell nothing about the employer (ATS, mail providers). `answers`: the
    user's yes or no to a `Question.id`,
    or what it is (see `meant`). The order of `readings` does not matter.
    """
    ledger = _Ledger(people, stated, shared, answers or {})
    for reading in sorted(readings, key=lambda r: (r.at, r.is_event, r.source)):
        ledger.take(reading)
    return ledger.world()


@dataclass(slots=True)
class _Ledger:
    """The world while it is being put together."""

    people: tuple[Reference, ...]
    stated: tuple[Stated, ...]
    shared: frozenset[str]
    answers: Mapping[str, bool | str]
    processes: dict[str, Process] = field(default_factory=dict)
    words: dict[str, list[Word]] = field(default_factory=lambda: defaultdict(list))
    deeds: dict[str, list[Deed]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[str, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    edited: dict[str, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    questions: dict[str, Question] = field(default_factory=dict)
    interviews: dict[str, Interview] = field(default_factory=dict)
    of_process: dict[str, str] = field(default_factory=dict)  #: uid -> process key
    talks: dict[str, str] = field(default_factory=dict)  #: thread with a person -> process key
    sent: dict[str, datetime] = field(default_factory=dict)
    spoken: list[Reading] = field(default_factory=list)
    spelt: dict[str, str] = field(default_factory=dict)  #: squashed name -> as it is written
    approached: set[str] = field(default_factory=set)  #: who proposed a job and named nobody yet
    first: datetime | None = None

    def __post_init__(self) -> None:
        for wish in self.stated:
            key = self._free_key(wish.company, wish.role)
            names = [company_words(name) for name in (wish.company, *wish.aliases)]
            self.processes[key] = Process(
                Application(key=key, company=wish.company, role=wish.role, stated=wish),
                names=names,
                domains=set(wish.domains),
                people=set(wish.references),
            )

    def take(self, reading: Reading) -> None:
        """Add one reading."""
        if reading.source.startswith(EDITED):
            for name in reading.people:
                self.edited[name].append(reading)
            return
        self.first = self.first or reading.at
        if reading.sent and not reading.is_event:
            self.spoken.append(reading)
            if reading.key:
                self.sent.setdefault(reading.key, reading.at)
        for signal in reading.signals:
            if not in_advance(signal, reading):
                self._take_signal(signal, reading)
        self._follow(reading)
        self._take_acts(reading)
        self._take_contacts(reading)
        self._hear(reading)

    def _take_signal(self, signal: Signal, reading: Reading) -> None:
        self._spell(signal.company)
        placed = place(signal, reading, self.processes.values(), self.shared)
        process, company = placed.process, signal.company
        if signal.kind is SignalKind.RECRUITER_OUTREACH:
            signal = self._named_later(signal, reading)
        if placed.new and company and signal.kind not in OF_PEOPLE:
            if signal.kind in ENDS:
                return  # the end of a process nobody knows concerns nobody
            if unheard(signal):
                signal, placed = doubted(signal), nobody_knows(company)
            elif signal.decision is Decision.ACT:
                process = self._open(company, signal.role)
        elif process is not None and borne_out(signal, reading, process):
            signal = replace(signal, decision=Decision.ACT)
        elif process is not None and out_of_turn(signal, process):
            signal = doubted(signal)
            placed = replace(placed, reason="nothing is known of an offer from them")
        elif process is not None and unfirm(signal):
            signal = doubted(signal)
        busy = any(p.steps for p in self.processes.values())
        people = could_be(signal, self.people) if not reading.people else ()
        question = question_of(signal, reading, placed, busy=busy, people=people)
        if question is not None:
            verdict = self.answers.get(question.id)
            if verdict is None and worth_asking(question, placed):
                self.questions.setdefault(question.id, question)
            if not verdict:
                return
            if isinstance(verdict, str):
                signal, key = meant(signal, verdict)
                process = self.processes.get(key, process)
            if process is None and company:
                process = self._open(company, signal.role)
        self._record(signal, reading, process)

    def _named_later(self, signal: Signal, reading: Reading) -> Signal:
        """Whoever has proposed a job and now names the client means the same one."""
        writer = reading.sender.email if reading.sender else ""
        if signal.decision is Decision.ACT and not signal.company:
            self.approached.add(writer)
        elif signal.company and writer in self.approached and not reading.bulk:
            self.approached.discard(writer)
            return replace(signal, decision=Decision.ACT)
        return signal

    def _spell(self, company: str | None) -> None:
        """Remember how a company is written: "Irish Ferries Line", not as its domain has it."""
        if company:
            joined = "".join(company_words(company))
            before = self.spelt.get(joined, "")
            if len(company.split()) > len(before.split()):
                self.spelt[joined] = company

    def _record(self, signal: Signal, reading: Reading, process: Process | None) -> None:
        key = process.application.key if process else None
        if process is not None:
            self._learn(process, signal, reading)
            process.steps.append(Step(reading, signal))
        if signal.kind in OF_PEOPLE or signal.kind in (
            SignalKind.REFERENCE_CONTACTED,
            SignalKind.REFERENCE_OVERDUE,
        ):
            where = key or self.talks.get(reading.thread)
            for name in signal.references or reading.people:
                self.words[name].append(Word(signal, reading, where))

    def _learn(self, process: Process, signal: Signal, reading: Reading) -> None:
        """Remember by what this process can be known again."""
        if reading.thread:
            process.threads.add(reading.thread)
        if signal.role and not process.application.role:
            process.application = replace(process.application, role=signal.role)
        if self._calls_itself(process, signal, reading):
            process.learn(company_words(signal.company or ""))
        by_person = signal.kind in OF_PEOPLE and bool(reading.people) and not reading.sent
        if not by_person:
            self._learn_addresses(process, reading)
        if signal.kind.startswith("reference"):
            process.people.update(signal.references)
        if signal.kind in _INTERVIEW and not reading.people:
            process.met.update(_who_speaks(reading))
        if reading.uid and signal.kind in _INTERVIEW:
            process.uids.add(reading.uid)
            self._note_interview(process, Step(reading, signal))

    def _calls_itself(self, process: Process, signal: Signal, reading: Reading) -> bool:
        """Whether the employer's own mail says another name of it; others name many a company."""
        if not signal.company or reading.sent or process.called(signal.company):
            return False
        if any(other.called(signal.company) for other in self.processes.values()):
            return False
        theirs = {person.employer for person in self.people if person.employer}
        return not reading.people and not any(same_company(signal.company, e) for e in theirs)

    def _learn_addresses(self, process: Process, reading: Reading) -> None:
        of_people = {email for person in self.people for email in person.emails}
        for email in counterparts(reading):
            domain = email.rpartition("@")[2]
            if email in of_people or shared_by_many(domain, self.shared):
                continue
            process.addresses.add(email)
            label = "".join(re.findall(r"\w+", domain.rpartition(".")[0]))
            if any(len(w) > 2 and w in label for known in process.names for w in known):
                process.domains.add(domain)

    def _note_interview(self, process: Process, step: Step) -> None:
        reading = step.reading
        uid = reading.uid or ""
        before = self.interviews.get(uid)
        cancelled = reading.cancelled or step.kind is SignalKind.INTERVIEW_CANCELLED
        start = reading.start or (before.start if before else None)
        if start is None:
            return
        end = reading.end or (before.end if before else start)
        guests = [*reading.attendees]
        if reading.sender is not None and not reading.sent:
            guests.append(reading.sender)
        self.of_process[uid] = process.application.key
        self.interviews[uid] = Interview(
            uid=uid,
            start=start,
            end=max(start, end),
            cancelled=cancelled,
            step=before.step if before else step,
            people=tuple(dict.fromkeys(guests)) or (before.people if before else ()),
        )

    def _follow(self, reading: Reading) -> None:
        """Take the calendar's next word on an interview we know, whatever the words around it."""
        before = self.interviews.get(reading.uid or "")
        if before is None or any(signal.kind in _INTERVIEW for signal in reading.signals):
            return
        start = reading.start or before.start
        self.interviews[before.uid] = replace(
            before,
            start=start,
            end=max(start, reading.end or before.end),
            cancelled=reading.cancelled,
        )

    def _take_acts(self, reading: Reading) -> None:
        for act in reading.acts:
            key = self.talks.get(reading.thread)
            if act.company:
                called = [p for p in self.processes.values() if p.called(act.company)]
                if len(called) == 1:
                    key = called[0].application.key
            if key and reading.thread:
                self.talks[reading.thread] = key
            where = key if _is_about(act, key) else None
            for name in act.references:
                self.deeds[name].append(Deed(act, reading, where))

    def _take_contacts(self, reading: Reading) -> None:
        if reading.bulk or reading.automatic or reading.cancelled:
            return
        at = reading.start if reading.is_event and reading.start else reading.at
        for name in reading.people:
            self.contacts[name].append(Contact(at, reading.sent and not reading.is_event, reading))

    def _hear(self, reading: Reading) -> None:
        if reading.bulk or reading.is_event:
            return
        emails = counterparts(reading)
        for process in self.processes.values():
            if (reading.thread and reading.thread in process.threads) or (
                process.addresses.intersection(emails)
            ):
                process.heard.append((reading.at, reading.sent))

    def _open(self, company: str, role: str | None) -> Process:
        key = self._free_key(company, role)
        process = Process(
            Application(key=key, company=company, role=role), names=[company_words(company)]
        )
        self.processes[key] = process
        return process

    def _free_key(self, company: str, role: str | None) -> str:
        base = f"{slug(company)}/{slug(role)}" if role else slug(company)
        key, number = base, 2
        while key in self.processes:
            key, number = f"{base}-{number}", number + 1
        return key

    def world(self) -> World:
        """Freeze."""
        applications: dict[str, Application] = {}
        for key, process in self.processes.items():
            mine = [i for uid, i in self.interviews.items() if self.of_process[uid] == key]
            name = process.application.company
            applications[key] = replace(
                process.application,
                company=self.spelt.get("".join(company_words(name)), name)
                if process.application.stated is None
                else name,
                steps=tuple(process.steps),
                heard=tuple(process.heard),
                interviews=tuple(sorted(mine, key=lambda i: (i.start, i.uid))),
            )
        persons = {
            p.name: Person(
                reference=p,
                words=tuple(self.words[p.name]),
                deeds=tuple(self.deeds[p.name]),
                contacts=tuple(sorted(self.contacts[p.name], key=lambda c: c.at)),
                edited=tuple(self.edited[p.name]),
            )
            for p in self.people
        }
        return World(
            applications=applications,
            people=persons,
            questions=tuple(self.questions.values()),
            sent=dict(self.sent),
            spoken=tuple(self.spoken),
            first=self.first,
        )


def _who_speaks(reading: Reading) -> Iterator[str]:
    """Yield the names under which the people on the other side may be spoken of."""
    others = [*reading.attendees, *(a for a in (reading.sender,) if a and not reading.sent)]
    for name in by_address(others):
        yield from (folded(name), folded(name).split()[0])


def _is_about(act: Act, key: str | None) -> bool:
    """Whether an act is about one process alone: thanks are, where they name the employer."""
    if key is None or act.kind is not ActKind.THANKED or not act.company:
        return True
    return set(company_words(act.company)) <= set(company_words(act.evidence.text))
