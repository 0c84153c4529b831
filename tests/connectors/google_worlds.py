"""Gmail and Google Calendar, played by the strict fake, in the contract of every connector."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC
from hashlib import sha256
from pathlib import Path

from tests.fakes.google.calendar import PRIMARY
from tests.fakes.google.world import world
from vouchd.connectors.base import Calendar, Mail, Shelf
from vouchd.rules.model import Draft, Event


class GoogleWorld:
    def __init__(self, folder: Path) -> None:
        self.stack = ExitStack()
        self.world = self.stack.enter_context(world(folder))
        self.fake = self.world.fake

    def lost(self, cursor: str) -> str:
        return cursor.replace('"v":1', '"v":0')

    def close(self) -> None:
        self.stack.close()


class GmailMailbox(GoogleWorld):
    """Gmail."""

    def mail(self, portion: int = 100) -> Mail:
        return self.world.gmail(portion=portion)

    def shelf(self) -> Shelf[Draft]:
        return self.world.drafts()

    def receive(self, raw: bytes) -> None:
        sent = raw.lower().startswith(b"from: someone <sam@")
        self.fake.gmail.receive(raw, "SENT" if sent else "INBOX")

    def compose(self, raw: bytes) -> None:
        self.fake.gmail.compose(raw)

    def edit(self, handle: str, change: Callable[[bytes], bytes]) -> None:
        self.fake.gmail.edit(handle, lambda raw: change(raw.replace(b"\r\n", b"\n")))

    def delete(self, handle: str) -> None:
        self.fake.gmail.discard(handle)

    def send(self, handle: str) -> None:
        self.fake.gmail.send(handle)


class GoogleAgenda(GoogleWorld):
    """Google Calendar."""

    def calendar(self, portion: int = 100) -> Calendar:
        self.fake.calendar.page = portion
        return self.world.calendar()

    def shelf(self) -> Shelf[Event]:
        return self.world.events()

    def put(self, entry: Event) -> None:
        self.fake.calendar.put(
            id=self.id(entry.uid),
            iCalUID=entry.uid,
            summary=entry.summary,
            start={"dateTime": entry.start.astimezone(UTC).isoformat()},
            end={"dateTime": entry.end.astimezone(UTC).isoformat()},
        )

    def take_away(self, uid: str) -> None:
        self.fake.calendar.cancel(PRIMARY, self.id(uid))

    def id(self, uid: str) -> str:
        return sha256(uid.encode()).hexdigest()[:26]

    def edit(self, handle: str, summary: str) -> None:
        (calendar,) = self.fake.calendar.own()
        self.fake.calendar.edit(calendar, handle, summary=summary)

    def delete(self, handle: str) -> None:
        (calendar,) = self.fake.calendar.own()
        self.fake.calendar.cancel(calendar, handle)
