"""The houses in which a story takes place: a mailbox and a calendar of one kind, user and state.

A house can be looked at as a whole, put back as it was, and lived in by its user.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.connectors.worlds import FolderAgenda, MaildirMailbox, MboxMailbox
from tests.crash.disk import Tree, look, put_back
from tests.fakes.google.gmail import FakeGmail
from tests.fakes.google.server import ALL, FakeGoogle, running
from vouchd.connectors import gcal_events, ical_ours, mime
from vouchd.rules.model import Address, Attendee, Part

ME = "hannah@brook.example"
CONFIG = """\
[me]
name = "Hannah Brook"
emails = ["hannah@brook.example"]
timezone = "Europe/London"
[state]
path = "../state"
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """All there is outside of the process at one moment."""

    tree: Tree
    google: bytes = b""

    @property
    def print(self) -> int:
        """The same for the same, whenever it was."""
        return hash((tuple((n, v.data, v.mode) for n, v in self.tree.items()), self.google))


@dataclass(frozen=True, slots=True, order=True)
class Lying:
    """A draft, an event or a task of ours as it lies there."""

    part: Part
    key: str
    words: str
    handle: str = ""


class House:
    """A mailbox in files, and a folder of .ics files."""

    mail = '[mail]\nsource = "maildir"\npath = "../mail/Maildir"\n'
    calendar = '[calendar]\nsource = "folder"\npath = "../calendars"\n'
    more = ""
    kind: type[MaildirMailbox] = MaildirMailbox

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = 0.0
        self.open(folder)
        (folder / "config").mkdir()
        # It is there already, so that what is remembered outlives a power cut of the first turn.
        (folder / "state").mkdir(mode=0o700, exist_ok=True)
        text = CONFIG + self.mail + self.calendar + self.more
        (folder / "config" / "config.toml").write_text(self.filled(text))

    def open(self, folder: Path) -> None:
        (folder / "mail").mkdir()
        self.box = self.kind(folder / "mail")
        self.agenda = FolderAgenda(folder)

    def filled(self, text: str) -> str:
        return text

    def close(self) -> None:
        pass

    # --- as a whole -----------------------------------------------------------------------

    def shot(self) -> Shot:
        return Shot(look(self.folder))

    def put_back(self, shot: Shot) -> None:
        put_back(self.folder, shot.tree)

    def lying(self) -> list[Lying]:
        """All of ours that lies there, in words that are the same whenever they were written."""
        return sorted([*self.drafts(), *self.events()])

    def drafts(self) -> Iterator[Lying]:
        for path in (self.box.root / self.box.drafts).rglob("*"):
            if path.is_file() and path.parent.name in ("cur", "new"):
                yield _draft(path.read_bytes(), path.name.partition(":")[0])

    def events(self) -> Iterator[Lying]:
        for path in self.agenda.root.rglob("*.ics"):
            for one in ical_ours.marked(path.read_bytes(), zone=ZoneInfo("UTC")):
                if one.key:
                    words = f"{one.event.summary}\n{one.event.start}\n{one.event.description}"
                    handle = str(path.relative_to(self.agenda.root))
                    yield Lying(Part.EVENT, one.key, self.settled(words), handle)

    def settled(self, words: str) -> str:
        """Words without what differs by chance."""
        return words

    # --- the user -------------------------------------------------------------------------

    def receive(self, raw: bytes, *, sent: bool) -> None:
        if sent:
            self.box.arrived += 1
            self.box.lay(self.box.sent, raw, f"cur/18{self.box.arrived:08}.sent.host:2,S")
        else:
            self.box.receive(raw)

    def appear(self, name: str, ics: bytes) -> None:
        path = self.agenda.root / "personal" / name
        path.write_bytes(ics)

    def send(self, handle: str) -> None:
        self.box.send(handle)

    def edit(self, handle: str) -> None:
        self.box.edit(handle, _edited)

    def delete(self, handle: str) -> None:
        self.box.delete(handle)

    def delete_event(self, handle: str) -> None:
        self.agenda.delete(handle)


class MboxHouse(House):
    """An mbox with its drafts beside it."""

    mail = '[mail]\nsource = "mbox"\npath = "../mail/All mail.mbox"\n'
    kind = MboxMailbox

    def receive(self, raw: bytes, *, sent: bool) -> None:
        self.box.receive(b"X-Gmail-Labels: Sent\n" + raw if sent else raw)


class GoogleHouse(House):
    """Gmail and Google Calendar, on the strict fake."""

    mail = '[mail]\nsource = "gmail"\n'
    calendar = '[calendar]\nsource = "google"\n'
    more = '[google]\nendpoint = "{url}"\nlabels = true\n'

    def open(self, folder: Path) -> None:
        self.fake = FakeGoogle(lambda: self.at)
        self.fake.gmail.address = ME
        self.running = running(self.fake)
        self.running.__enter__()
        fields = {
            "token": "access-1",
            "refresh_token": "refresh-1",
            "token_uri": f"{self.fake.url}/token",
            "client_id": "c",
            "client_secret": "s",
            "scopes": [*ALL, CALENDAR_LIST],
            "account": ME,
        }
        self.fake.tokens["access-1"] = frozenset((*ALL, CALENDAR_LIST))
        (folder / "state").mkdir(mode=0o700)
        (folder / "state" / "google-token.json").write_text(json.dumps(fields))
        (folder / "state" / "google-token.json").chmod(0o600)

    def filled(self, text: str) -> str:
        return text.replace("{url}", self.fake.url)

    def close(self) -> None:
        self.running.__exit__(None, None, None)
        assert not self.fake.violations, self.fake.violations

    def shot(self) -> Shot:
        fake = self.fake
        parts = (fake.gmail, fake.calendar, fake.tasks)
        kept = [{k: v for k, v in vars(part).items() if k != "now"} for part in parts]
        return Shot(look(self.folder), pickle.dumps([*kept, fake.tokens]))

    def put_back(self, shot: Shot) -> None:
        super().put_back(shot)
        fake = self.fake
        *kept, fake.tokens = pickle.loads(shot.google)
        for part, fields in zip((fake.gmail, fake.calendar, fake.tasks), kept, strict=True):
            vars(part).update(fields)
        fake.calls.clear()

    def drafts(self) -> Iterator[Lying]:
        gmail = self.fake.gmail
        for handle, message in gmail.drafts.items():
            yield _draft(gmail.mails[message].raw, handle)

    def events(self) -> Iterator[Lying]:
        for item in self.fake.calendar.lying():
            key = gcal_events.mark_of(item)[0]
            words = f"{item['summary']}\n{item['start']['dateTime']}\n{item['description']}"
            yield Lying(Part.EVENT, key or "", self.settled(words), item["id"])
        for task in self.fake.tasks.tasks.values():
            if not task.get("deleted") and task["status"] != "completed":
                marked = re.search(r"\[vouchd (\S+)", task.get("notes", ""))
                bare = re.sub(r"\[vouchd .*", "", task["notes"])
                words = self.settled(f"{task['title']}\n{task['due']}\n{bare}")
                yield Lying(Part.TASK, marked[1] if marked else "", words, task["id"])

    def settled(self, words: str) -> str:
        gmail: FakeGmail = self.fake.gmail
        known = {m.id for m in gmail.mails.values()} | {m.thread for m in gmail.mails.values()}

        def named(found: re.Match[str]) -> str:
            return "<one that is there>" if found[0] in known else "<one that is not there>"

        return re.sub(r"\b[0-9a-f]{16}\b", named, words)

    def receive(self, raw: bytes, *, sent: bool) -> None:
        self.fake.gmail.receive(raw, "SENT" if sent else "INBOX")

    def appear(self, name: str, ics: bytes) -> None:
        (found,) = ical_ours.marked(ics, zone=ZoneInfo("UTC"))
        event = found.event
        self.fake.calendar.put(
            id=re.sub(r"[^a-v0-9]", "0", name)[:40].ljust(5, "0"),
            iCalUID=event.uid,
            summary=event.summary,
            description=event.description,
            location=event.location,
            organizer=_person(event.organizer),
            attendees=[_person(one) for one in event.attendees],
            start={"dateTime": event.start.isoformat()},
            end={"dateTime": event.end.isoformat()},
        )

    def send(self, handle: str) -> None:
        self.fake.gmail.send(handle)

    def edit(self, handle: str) -> None:
        self.fake.gmail.edit(handle, lambda raw: _edited(raw.replace(b"\r\n", b"\n")))

    def delete(self, handle: str) -> None:
        self.fake.gmail.discard(handle)

    def delete_event(self, handle: str) -> None:
        if handle in self.fake.tasks.tasks:
            self.fake.tasks.discard(handle)
        else:
            (own,) = self.fake.calendar.own()
            self.fake.calendar.cancel(own, handle)


class TasksHouse(GoogleHouse):
    """Gmail, Google Calendar and Google Tasks: each reminder as an event and as a task."""

    more = GoogleHouse.more + '[follow_ups]\nas = "both"\n'


CALENDAR_LIST = "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
HOUSES = {
    "maildir": House,
    "mbox": MboxHouse,
    "google": GoogleHouse,
    "tasks": TasksHouse,
}


def _person(one: Address | Attendee | None) -> dict[str, str]:
    return {"email": one.email, "displayName": one.name} if one else {}


def _draft(raw: bytes, handle: str) -> Lying:
    content = mime.draft_in(raw)
    to = ", ".join(sorted(address.email for address in content.to))
    words = f"{to}\n{content.subject}\n{content.in_reply_to}\n{content.body}"
    return Lying(Part.DRAFT, mime.head(raw).key or "", words, handle)


def _edited(raw: bytes) -> bytes:
    return raw.rstrip() + b"\nA line of my own.\n"


@contextmanager
def house(kind: str, folder: Path) -> Iterator[House]:
    """Open a house of that kind in an empty folder."""
    folder.mkdir()
    made = HOUSES[kind](folder)
    try:
        yield made
    finally:
        made.close()
