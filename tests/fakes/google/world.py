"""The fake Google with a clock that only tests move, and vouchd's connectors in front of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.google.server import ALL, FakeGoogle, running
from vouchd.connectors.gcal import GoogleCalendar
from vouchd.connectors.gcal_own import OwnCalendar
from vouchd.connectors.gcal_shelf import GoogleEvents
from vouchd.connectors.gmail import Gmail, Reader
from vouchd.connectors.gmail_box import Mailbox
from vouchd.connectors.gmail_drafts import GmailDrafts
from vouchd.connectors.gmail_labels import Labels
from vouchd.connectors.google_http import Google, Means
from vouchd.rules.model import Address

ME = Address("sam@example.org", "Sam Rivera")
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Jotter(dict[str, str]):
    """Notes that outlive the connectors."""

    def recall(self, name: str) -> str | None:
        return self.get(name)

    def jot(self, name: str, text: str) -> None:
        self[name] = text


@dataclass
class Clock:
    """Time that passes only while somebody waits, or when a test says so."""

    at: float = NOW.timestamp()
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def ticks(self) -> float:
        return self.at

    def pause(self, seconds: float) -> bool:
        self.slept.append(seconds)
        self.at += seconds
        return False


@dataclass
class World:
    """One user, one account; every connector is new, as after a restart."""

    folder: Path
    fake: FakeGoogle
    clock: Clock
    notes: Jotter = field(default_factory=Jotter)
    opened: list[Google] = field(default_factory=list)
    per_minute: int = 1_000_000

    @property
    def token(self) -> Path:
        return self.folder / "google-token.json"

    def sign_in(self, **changes: Any) -> None:
        fields = {
            "token": "access-1",
            "refresh_token": "refresh-1",
            "token_uri": f"{self.fake.url}/token",
            "client_id": "client-1",
            "client_secret": "not-a-secret",
            "scopes": list(ALL),
            "account": "sam@example.org",
            **changes,
        }
        self.token.write_text(json.dumps({k: v for k, v in fields.items() if v is not None}))

    def google(self) -> Google:
        means = Means(
            now=self.clock.now,
            ticks=self.clock.ticks,
            pause=self.clock.pause,
            per_minute=self.per_minute,
        )
        google = Google(self.token, notes=self.notes, endpoint=self.fake.url, means=means)
        self.opened.append(google)
        return google

    def mailbox(self) -> Mailbox:
        return Mailbox(self.google())

    def gmail(self, box: Mailbox | None = None, *, labels: bool = False, **reader: Any) -> Gmail:
        box = box or self.mailbox()
        who = Reader(me=(ME.email,), zone=ZONE, **reader)
        return Gmail(box, who, Labels(box) if labels else None)

    def drafts(self, box: Mailbox | None = None) -> GmailDrafts:
        return GmailDrafts(box or self.mailbox(), lambda: ME)

    def own(self, google: Google | None = None, name: str | None = None) -> OwnCalendar:
        return OwnCalendar(google or self.google(), zone="Europe/Berlin", follow_ups=name)

    def calendar(self, google: Google | None = None) -> GoogleCalendar:
        google = google or self.google()
        return GoogleCalendar(google, "primary", zone=ZONE, ours=self.own(google).id)

    def events(self, google: Google | None = None) -> GoogleEvents:
        google = google or self.google()
        return GoogleEvents(google, self.own(google), ZONE)

    def close(self) -> None:
        for google in self.opened:
            google.close()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Start the fake, and hold it and us to the documents."""
    clock = Clock()
    fake = FakeGoogle(clock.ticks)
    with running(fake):
        made = World(folder, fake, clock)
        made.sign_in()
        try:
            yield made
        finally:
            made.close()
    assert not fake.violations, fake.violations
    assert not fake.gmail.ghosts, "a draft that Gmail would not show in its conversation"
