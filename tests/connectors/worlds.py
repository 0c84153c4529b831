"""The worlds a connector is tried in: a mailbox or a calendar, and a user with hands of their own.

A connector joins the contract (`test_mail_contract.py`, `test_calendar_contract.py`,
`test_shelf_contract.py`) with a class like those below and a line in MAILBOXES or CALENDARS.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from tests.connectors.google_worlds import GmailMailbox, GoogleAgenda
from vouchd.connectors import ical_ours, mime
from vouchd.connectors.base import Calendar, Mail, Shelf
from vouchd.connectors.drafts import DraftShelf, beside
from vouchd.connectors.followups import EventShelf
from vouchd.connectors.icsfolder import FolderCalendar
from vouchd.connectors.maildir import MaildirMail
from vouchd.connectors.maildir_tree import Tree, unique_of
from vouchd.connectors.mbox import MboxMail, sent_since
from vouchd.connectors.memory import MemoryCalendar, MemoryMail, MemoryShelf
from vouchd.rules.model import Address, Draft, Event, Part

ME = Address("sam@example.org", "Sam Rivera")
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DANA = Address("dana.cole@initech.example", "Dana Cole")


def eml(number: int, *, sender: str = "hr@acme.example", extra: str = "") -> bytes:
    """Return a mail; a higher number is a later one."""
    at = NOW - timedelta(days=60) + timedelta(hours=number)
    return (
        f"From: Someone <{sender}>\nTo: Sam Rivera <sam@example.org>\nSubject: Mail {number}\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S +0000}\nMessage-ID: <m{number}@acme.example>\n{extra}"
        f"\nWords of mail {number}.\n"
    ).encode()


def event(number: int, summary: str = "") -> Event:
    """Return somebody else's event."""
    start = NOW + timedelta(days=number)
    return Event(
        uid=f"e{number}@acme.example",
        start=start,
        end=start + timedelta(hours=1),
        summary=summary or f"Interview {number}",
    )


def draft(words: str = "Thank you for your time.") -> Draft:
    """Return a draft of ours."""
    return Draft(to=(DANA,), subject="Thank you – für alles", body=f"Dear Dana,\n\n{words}\n\nSam")


def follow_up(words: str = "Draft: see the drafts folder") -> Event:
    """Return a follow-up event of ours, without its uid."""
    return Event(
        uid="thank_you-dana@vouchd",
        start=NOW + timedelta(days=1),
        end=NOW + timedelta(days=1, minutes=15),
        summary="Thank Dana Cole, who spoke with Acme; it’s due",
        description=f"Why: she wrote so, on Monday.\n{words}",
    )


def closed(world: object) -> None:
    """End what a world has started, where it has started something."""
    getattr(world, "close", lambda: None)()


class MailWorld(Protocol):
    """A mailbox and its user."""

    def mail(self, portion: int = 100) -> Mail:
        """Return a new connector, as after a restart."""

    def shelf(self) -> Shelf[Draft]:
        """Return a new shelf, as after a restart."""

    def receive(self, raw: bytes) -> None:
        """Let a mail arrive."""

    def lost(self, cursor: str) -> str:
        """Have the other side forget a cursor; return it."""

    def compose(self, raw: bytes) -> None:
        """Let the user begin a draft of their own."""

    def edit(self, handle: str, change: Callable[[bytes], bytes]) -> None:
        """Let the user change a draft of ours."""

    def delete(self, handle: str) -> None:
        """Let the user throw it away."""

    def send(self, handle: str) -> None:
        """Let the user send it as it is."""


class CalendarWorld(Protocol):
    """A calendar and its user."""

    def calendar(self, portion: int = 100) -> Calendar:
        """Return a new connector, as after a restart."""

    def shelf(self) -> Shelf[Event]:
        """Return a new shelf, as after a restart."""

    def put(self, entry: Event) -> None:
        """Let an event arrive, or its new form."""

    def take_away(self, uid: str) -> None:
        """Let an event be deleted."""

    def lost(self, cursor: str) -> str:
        """Have the other side forget a cursor; return it."""

    def edit(self, handle: str, summary: str) -> None:
        """Let the user change an event of ours."""

    def delete(self, handle: str) -> None:
        """Let the user throw it away."""


class MemoryMailbox:
    def __init__(self, folder: Path) -> None:
        self.messages = MemoryMail()
        self.drafts = MemoryShelf[Draft](Part.DRAFT)

    def mail(self, portion: int = 100) -> Mail:
        mail = MemoryMail((), portion)
        mail.messages = self.messages.messages
        return mail

    def shelf(self) -> Shelf[Draft]:
        return self.drafts

    def receive(self, raw: bytes) -> None:
        self.messages.messages.append(mime.parse(raw, me=(ME.email,), zone=ZONE))

    def lost(self, cursor: str) -> str:
        self.messages.messages.clear()
        return "7" + cursor

    def compose(self, raw: bytes) -> None:
        from vouchd.connectors.memory import Lying

        self.drafts.things["theirs"] = Lying(mime.draft_in(raw), None, None)

    def edit(self, handle: str, change: Callable[[bytes], bytes]) -> None:
        thing = self.drafts.things[handle]
        raw = mime.compose(thing.content, key=thing.key or "", sender=ME, stamp=NOW)
        changed = change(raw)
        thing.content = mime.draft_in(changed)
        thing.key, thing.mark = mime.head(changed).key, mime.head(changed).mark

    def delete(self, handle: str) -> None:
        del self.drafts.things[handle]

    def send(self, handle: str) -> None:
        thing = self.drafts.things[handle]
        thing.sent = True
        self.receive(mime.compose(thing.content, key=thing.key or "", sender=ME, stamp=NOW))


class MaildirMailbox:
    """A Maildir++ as Dovecot keeps it."""

    drafts, sent = ".Drafts", ".Sent"

    def __init__(self, folder: Path) -> None:
        self.root = folder / "Maildir"
        self.arrived = 0
        for name in ("", self.drafts, self.sent, ".Trash"):
            for part in ("cur", "new", "tmp"):
                (self.root / name / part).mkdir(parents=True)

    def tree(self) -> Tree:
        return Tree(self.root)

    def mail(self, portion: int = 100) -> Mail:
        return MaildirMail(self.tree(), me=(ME.email,), zone=ZONE, portion=portion)

    def shelf(self) -> Shelf[Draft]:
        return DraftShelf(self.tree(), sender=ME, now=lambda: NOW)

    def lay(self, folder: str, raw: bytes, name: str | None = None) -> Path:
        self.arrived += 1
        path = self.root / folder / (name or f"new/17{self.arrived:08}.M{self.arrived}P1.host")
        path.write_bytes(raw)
        return path

    def receive(self, raw: bytes) -> None:
        self.lay("", raw)

    def lost(self, cursor: str) -> str:
        return cursor.replace('"maildir":1', '"maildir":0')

    def compose(self, raw: bytes) -> None:
        self.lay(self.drafts, raw, "cur/1700000000.theirs.host:2,D")

    def path(self, handle: str) -> Path:
        (found,) = (p for p in self.root.rglob("*") if unique_of(p.name) == handle)
        return found

    def edit(self, handle: str, change: Callable[[bytes], bytes]) -> None:
        path = self.path(handle)
        path.write_bytes(change(path.read_bytes()))

    def delete(self, handle: str) -> None:
        self.path(handle).unlink()

    def send(self, handle: str) -> None:
        path = self.path(handle)
        self.lay(self.sent, path.read_bytes(), "cur/1800000000.sent.host:2,S")
        path.unlink()


class NestedMaildir(MaildirMailbox):
    """A tree of folders as mbsync and offlineimap keep it, in German."""

    drafts, sent = "Entw&APw-rfe", "Gesendete Elemente"

    def receive(self, raw: bytes) -> None:
        self.lay("", raw, f"cur/17{self.arrived:08}_1.host,U={self.arrived}:2,S")


class MboxMailbox(MaildirMailbox):
    """An mbox, and a Maildir for drafts beside it."""

    drafts = ""

    def __init__(self, folder: Path) -> None:
        self.path_of_mbox = folder / "All mail.mbox"
        self.path_of_mbox.touch()
        self.root = folder / "All mail.drafts"
        self.arrived = 0

    def tree(self) -> Tree:
        return beside(self.path_of_mbox)

    def mail(self, portion: int = 100) -> Mail:
        return MboxMail(self.path_of_mbox, me=(ME.email,), zone=ZONE, portion=portion)

    def shelf(self) -> Shelf[Draft]:
        sent = partial(sent_since, self.path_of_mbox)
        return DraftShelf(self.tree(), sender=ME, now=lambda: NOW, sent=sent)

    def receive(self, raw: bytes) -> None:
        quoted = re.sub(rb"^(>*From )", rb">\1", raw, flags=re.M)
        with self.path_of_mbox.open("ab") as file:
            file.write(b"From 1234@xxx Mon Jan 05 10:00:00 +0000 2026\n" + quoted + b"\n")

    def lost(self, cursor: str) -> str:
        held = self.path_of_mbox.read_bytes()
        self.path_of_mbox.write_bytes(held.replace(b"1234@xxx", b"9876@xxx"))
        return cursor

    def compose(self, raw: bytes) -> None:
        for part in ("cur", "new", "tmp"):
            (self.root / part).mkdir(parents=True, exist_ok=True)
        super().compose(raw)

    def send(self, handle: str) -> None:
        path = self.path(handle)
        self.receive(b"X-Gmail-Labels: Sent,Important\n" + path.read_bytes())
        path.unlink()


class MemoryAgenda:
    def __init__(self, folder: Path) -> None:
        self.entries = MemoryCalendar()
        self.events = MemoryShelf[Event](Part.EVENT)

    def calendar(self, portion: int = 100) -> Calendar:
        calendar = MemoryCalendar((), portion)
        calendar.log = self.entries.log
        return calendar

    def shelf(self) -> Shelf[Event]:
        return self.events

    def put(self, entry: Event) -> None:
        self.entries.put(entry)

    def take_away(self, uid: str) -> None:
        self.entries.take_away(uid)

    def lost(self, cursor: str) -> str:
        return "7" + cursor

    def edit(self, handle: str, summary: str) -> None:
        thing = self.events.things[handle]
        thing.content = replace(thing.content, summary=summary)

    def delete(self, handle: str) -> None:
        del self.events.things[handle]


def ics(*entries: Event) -> bytes:
    """Return events as a foreign program writes them."""
    whole = [ical_ours.compose(entry, key="k", stamp=NOW).decode() for entry in entries]
    bodies = [re.search(r"BEGIN:VEVENT.*END:VEVENT\r\n", text, re.S) for text in whole]
    inner = "".join(re.sub(r"X-VOUCHD-.*?\r\n(?! )", "", body[0]) for body in bodies if body)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inner}END:VCALENDAR\r\n".encode()


class FolderAgenda:
    """One event a file, as vdirsyncer leaves it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "calendars"
        (self.root / "personal").mkdir(parents=True)

    def calendar(self, portion: int = 100) -> Calendar:
        return FolderCalendar(self.root, zone=ZONE, portion=portion)

    def shelf(self) -> Shelf[Event]:
        return EventShelf(self.root / "vouchd", root=self.root, zone=ZONE, now=lambda: NOW)

    def put(self, entry: Event) -> None:
        path = self.root / "personal" / f"{entry.uid}.ics"
        path.with_suffix(".new").write_bytes(ics(entry))
        path.with_suffix(".new").replace(path)

    def take_away(self, uid: str) -> None:
        (self.root / "personal" / f"{uid}.ics").unlink()

    def lost(self, cursor: str) -> str:
        return cursor.replace('"ics":2', '"ics":0')

    def edit(self, handle: str, summary: str) -> None:
        path = self.root / handle
        changed = re.sub(
            rb"SUMMARY:(?:[^\r]|\r\n )*", b"SUMMARY:" + summary.encode(), path.read_bytes()
        )
        path.write_bytes(changed)

    def delete(self, handle: str) -> None:
        (self.root / handle).unlink()


class WholeCalendar(FolderAgenda):
    """All events in one exported file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.entries: dict[str, Event] = {}

    def put(self, entry: Event) -> None:
        self.entries[entry.uid] = entry
        self.write_out()

    def take_away(self, uid: str) -> None:
        del self.entries[uid]
        self.write_out()

    def write_out(self) -> None:
        path = self.root / "basic.ics"
        path.with_suffix(".new").write_bytes(ics(*self.entries.values()))
        path.with_suffix(".new").replace(path)


MAILBOXES: tuple[Callable[[Path], MailWorld], ...] = (
    MemoryMailbox,
    MaildirMailbox,
    NestedMaildir,
    MboxMailbox,
    GmailMailbox,
)
CALENDARS: tuple[Callable[[Path], CalendarWorld], ...] = (
    MemoryAgenda,
    FolderAgenda,
    WholeCalendar,
    GoogleAgenda,
)
