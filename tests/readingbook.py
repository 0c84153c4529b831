"""Short ways to write a message and to ask what is read in it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from vouchd.config.data import shipped
from vouchd.rules.model import (
    Address,
    Attendee,
    Event,
    Me,
    Message,
    Reading,
    Reference,
    Signal,
    Stated,
)
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, read_event, read_message
from vouchd.rules.reading.lexicon import Lexicon

SAM = Address("sam@example.org", "Sam Rivera")
PEOPLE = (
    Reference(
        name="Dana Cole",
        emails=("dana.cole@initech.example",),
        nicknames=("Dee",),
        employer="Initech",
    ),
    Reference(name="Dana Whitfield", emails=("dw@contoso.example",), employer="Contoso"),
    Reference(name="Robert Okafor", emails=("robert@globex.example",), nicknames=("Bob",)),
    Reference(name="Prof. Dr. Karl-Heinz Möller", emails=("khm@uni.example",)),
)
STATED = (
    Stated(company="Acme Robotics", domains=("acme-robotics.example",), role="Staff Engineer"),
    Stated(company="Acme Robotics", domains=("acme-robotics.example",), role="Team Lead"),
    Stated(company="Meta", domains=("meta.example",), aliases=("Meta Platforms",)),
)


@cache
def words() -> Lexicon:
    """Compile the shipped rule data once."""
    return lexicon.compile(shipped())


def book(*people: Reference, stated: tuple[Stated, ...] = STATED) -> Book:
    """What is known while a test reads."""
    me = Me(name="Sam Rivera", emails=("sam@example.org",), zone=ZoneInfo("Europe/Berlin"))
    return Book(me, people or PEOPLE, stated, words())


def mail(
    text: str,
    subject: str = "Your application",
    sender: str = "Kim Lee <kim@quill.example>",
    **more: object,
) -> Message:
    """Write a message to the user, or from the user when `to` is given."""
    to = more.pop("to", None)
    fields: dict[str, object] = {
        "id": "<m@example.org>",
        "thread": "t",
        "at": datetime(2026, 2, 25, 9, tzinfo=UTC),
        "sent": to is not None,
        "sender": SAM if to else _address(sender),
        "to": (_address(str(to)),) if to else (SAM,),
        "subject": subject,
        "text": text,
        "in_reply_to": "<before@example.org>" if subject.startswith("Re:") else None,
    }
    return Message(**(fields | more))  # type: ignore[arg-type]


def _address(text: str) -> Address:
    name, _, email = text.rpartition("<")
    return Address(email.rstrip(">"), name.strip())


def read(text: str, *arguments: str, **more: object) -> Reading:
    """Read a message."""
    return read_message(mail(text, *arguments, **more), book())  # type: ignore[arg-type]


def acted(reading: Reading) -> set[str]:
    """The kinds that are good enough to act on."""
    return {str(s.kind) for s in reading.signals if s.decision == "act"}


def only(reading: Reading) -> Signal:
    """The one signal of a reading."""
    (signal,) = reading.signals
    return signal


def event(summary: str, description: str = "", **more: object) -> Reading:
    """Read a calendar entry of one hour."""
    fields: dict[str, object] = {
        "uid": "e1",
        "start": datetime(2026, 3, 3, 9, tzinfo=UTC),
        "end": datetime(2026, 3, 3, 10, tzinfo=UTC),
        "summary": summary,
        "description": description,
        "organizer": Address("kim@quill.example", "Kim Lee"),
        "attendees": (Attendee("sam@example.org"), Attendee("kim@quill.example")),
    }
    return read_event(Event(**(fields | more)), book())  # type: ignore[arg-type]
