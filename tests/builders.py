"""Short ways to say what a test is about: readings as they would come out of detection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from zoneinfo import ZoneInfo

from vouchd.rules.advance import fold
from vouchd.rules.intent import Intent
from vouchd.rules.model import (
    Act,
    ActKind,
    Address,
    Decision,
    Evidence,
    Me,
    Reading,
    Reference,
    Signal,
    SignalKind,
    State,
    Stated,
    Wishes,
)
from vouchd.rules.plan import plan
from vouchd.rules.playbook.scene import Scene

ME = Me(name="Sam Rivera", emails=("sam@example.org",), zone=ZoneInfo("Europe/Berlin"))
SAM = Address("sam@example.org", "Sam Rivera")
HR = Address("jo.lindt@acme.example", "Jo Lindt")
_numbers = count(1)


def at(text: str) -> datetime:
    """`at("09-05 10:00")` of 2026 in UTC; without an hour, nine o'clock."""
    text = text if " " in text else f"{text} 09:00"
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def person(name: str = "Dana Cole", agreed: str | None = None, **more: object) -> Reference:
    """A reference; `agreed` is an ISO date."""
    first, last = name.casefold().split()[0], name.casefold().split()[-1]
    fields: dict[str, object] = {
        "emails": (f"{first}.{last}@initech.example",),
        "agreed_on": date.fromisoformat(agreed) if agreed else None,
        "keep_in_touch": None,
    }
    return Reference(name=name, **(fields | more))  # type: ignore[arg-type]


def signal(kind: str, company: str | None = "Acme", **more: object) -> Signal:
    """A certain signal."""
    fields: dict[str, object] = {
        "confidence": 0.99,
        "decision": Decision.ACT,
        "evidence": (Evidence(f"test.{kind}", str(more.pop("text", kind.replace("_", " ")))),),
    }
    return Signal(kind=SignalKind(kind), company=company, **(fields | more))  # type: ignore[arg-type]


def mail(when: str, *signals: Signal, **more: object) -> Reading:
    """A mail from the employer."""
    source = f"<{next(_numbers)}@mail.example>"
    fields: dict[str, object] = {
        "source": source,
        "at": at(when),
        "sent": False,
        "thread": f"thread-{source}",
        "sender": HR,
        "to": (SAM,),
        "subject": "Your application",
        "signals": signals,
    }
    return Reading(**(fields | more))  # type: ignore[arg-type]


def employer(
    when: str, kind: str, company: str = "Acme", role: str | None = None, **more: object
) -> Reading:
    """A mail from an employer that says one thing."""
    slug = company.casefold().replace(" ", "-")
    return mail(
        when,
        signal(kind, company, role=role, **more),
        sender=Address(f"jobs@{slug}.example", f"{company} Hiring"),
    )


def to_employer(when: str, kind: str, company: str = "Acme", **more: object) -> Reading:
    """The user's own mail to an employer."""
    slug = company.casefold().replace(" ", "-")
    return mail(
        when,
        signal(kind, company, **more),
        sent=True,
        sender=SAM,
        to=(Address(f"jobs@{slug}.example"),),
    )


def from_person(
    when: str, who: Reference, kind: str | None = None, company: str | None = None, **more: object
) -> Reading:
    """A mail from a reference."""
    acts: tuple[str, ...] = more.pop("acts", ())  # type: ignore[assignment]
    signals = (signal(kind, company, references=(who.name,), **more),) if kind else ()
    return mail(
        when,
        *signals,
        acts=tuple(
            Act(kind=ActKind(a), references=(who.name,), evidence=Evidence("test", a)) for a in acts
        ),
        sender=Address(who.emails[0], who.name),
        people=(who.name,),
        thread=f"with-{who.name}-{when}",
    )


def to_person(
    when: str,
    who: Reference,
    *acts: str,
    company: str | None = None,
    evidence: str = "",
    **more: object,
) -> Reading:
    """The user's own mail to a reference; `evidence`: the words that its acts rest on."""
    return mail(
        when,
        sent=True,
        sender=SAM,
        to=(Address(who.emails[0], who.name),),
        people=(who.name,),
        acts=tuple(
            Act(
                kind=ActKind(a),
                references=(who.name,),
                evidence=Evidence("test", evidence or a),
                company=company,
            )
            for a in acts
        ),
        **more,
    )


def platform(
    when: str, kind: str, who: Reference, company: str | None = "Acme", **more: object
) -> Reading:
    """A notice of a reference-check platform about one person."""
    return mail(
        when,
        signal(kind, company, references=(who.name,), **more),
        sender=Address("no-reply@xref.com", "Xref"),
        automatic=True,
    )


def interview(
    start: str, company: str = "Acme", known: str | None = None, **more: object
) -> Reading:
    """An interview in the calendar, an hour long."""
    begins = at(start)
    uid = f"{sha256(f'{start}{company}'.encode()).hexdigest()[:8]}@cal.example"
    fields: dict[str, object] = {
        "source": uid,
        "uid": uid,
        "is_event": True,
        "start": begins,
        "end": begins + timedelta(hours=1),
        "at": at(known) if known else begins - timedelta(days=3),
        "attendees": (Address(f"lena@{company.casefold()}.example", "Lena Roth"),),
        "sender": Address(f"lena@{company.casefold()}.example", "Lena Roth"),
        "thread": "",
        "to": (),
    }
    final = bool(more.pop("final_round", False))
    return replace(
        mail(start, signal("interview_confirmed", company, final_round=final)),
        **(fields | more),  # type: ignore[arg-type]
    )


def planned(
    *readings: Reading,
    people: tuple[Reference, ...] = (),
    stated: tuple[Stated, ...] = (),
    now: str = "12-31",
    wishes: Wishes | None = None,
    **more: object,
) -> tuple[Intent, ...]:
    """What is planned at a moment."""
    answers: Mapping[str, bool] = more.get("answers") or {}  # type: ignore[assignment]
    world = fold(
        [r for r in readings if r.at <= at(now)],
        people,
        stated,
        frozenset({"xref.com"}),
        answers,
    )
    scene = Scene(
        world=world,
        me=more.pop("me", ME),  # type: ignore[arg-type]
        wishes=wishes or Wishes(),
        now=at(now),
        began=world.first or at(now),
        shared=frozenset({"xref.com"}),
        **more,  # type: ignore[arg-type]
    )
    return plan(scene)


def only(intents: tuple[Intent, ...], kind: str) -> tuple[Intent, ...]:
    """The follow-ups that serve a kind."""
    return tuple(i for i in intents if kind in i.kinds)


def states(intents: tuple[Intent, ...], kind: str) -> list[str]:
    """The states of the follow-ups that serve a kind, oldest first."""
    return [i.state.value for i in only(intents, kind)]


OPEN, DONE, SUPERSEDED = State.OPEN.value, State.DONE.value, State.SUPERSEDED.value
