"""What lies at a path: a mail, a calendar file, a Maildir, an mbox, or a folder of any of these.

    open_path(path)                    -> Items        all of it, as bytes, in the order of names
    read_mail(path, me=…, zone=…)      -> Messages     as a mailbox: without drafts and trash
    read_calendar(path, zone=…)        -> Events       as a calendar: without our own

What cannot be read is an item with its `error`, or a Parked; the next one goes on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path

from vouchd.connectors import files, mbox
from vouchd.connectors.base import Parked, Refused, Unavailable
from vouchd.connectors.folders import UNREAD, Role, role_of, role_of_labels
from vouchd.connectors.headers import split_head
from vouchd.connectors.ical import is_ours
from vouchd.connectors.ical import parse as parse_calendar
from vouchd.connectors.maildir import is_our_draft
from vouchd.connectors.maildir_tree import Tree, flags_of
from vouchd.connectors.mime import LONGEST, head, parse
from vouchd.rules.model import Event, Message


class Kind(StrEnum):
    """What an item is."""

    MAIL = "mail"
    CALENDAR = "calendar"
    FOLDER = "folder"  #: one that may not be looked into, with its `error`


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One mail or one calendar file, or a folder of which nothing is known."""

    name: str  #: relative to the path asked for; `box.mbox#3` is the third message of an mbox
    kind: Kind
    raw: bytes = b""
    error: str | None = None  #: why it could not be read, in a sentence
    role: Role = Role.ORDINARY  #: what the folder it lies in is for
    delivered: datetime | None = None


def open_path(path: Path) -> Iterator[Item]:
    """Yield every mail and calendar file at a path. Raises Unavailable when nothing is there."""
    with files.said_plainly(path):
        is_folder = path.is_dir()
        if not is_folder:
            path.stat()
    if not is_folder:
        yield from _file(path, path.name, Role.ORDINARY, _kind_of(path) or Kind.MAIL)
        return
    roles = _roles(path)
    for one in _walk(path):
        if isinstance(one, Item):
            yield one
            continue
        name = one.relative_to(path).as_posix()
        in_maildir = one.parent.name in ("cur", "new") and one.parent.parent in roles
        role = roles.get(one.parent.parent, Role.ORDINARY) if in_maildir else Role.ORDINARY
        if in_maildir and "D" in flags_of(one.name):
            role = Role.DRAFTS
        elif in_maildir and "T" in flags_of(one.name):
            role = Role.TRASH
        kind = Kind.MAIL if in_maildir else _kind_of(one)
        if kind is not None:
            yield from _file(one, name, role, kind)


def read_mail(path: Path, *, me: Collection[str], zone: tzinfo) -> Iterator[Message | Parked]:
    """Yield the messages at a path as a mailbox delivers them. Raises Unavailable."""
    for item in open_path(path):
        if item.kind is Kind.CALENDAR:
            continue
        if item.error is not None:
            yield Parked(item.name, item.error)
            continue
        try:
            role = item.role
            if role is Role.ORDINARY:
                role = role_of_labels(head(item.raw).labels)
            if role in UNREAD:
                continue
            sent = role is Role.SENT
            message = parse(item.raw, me=me, zone=zone, sent=sent, delivered=item.delivered)
        except Refused as error:
            yield Parked(item.name, str(error))
            continue
        if not is_our_draft(message, item.raw, sent=sent):
            yield message


def read_calendar(path: Path, *, zone: tzinfo) -> Iterator[Event | Parked]:
    """Yield the events at a path as a calendar delivers them. Raises Unavailable."""
    for item in open_path(path):
        if item.kind is Kind.MAIL:
            continue
        if item.error is not None:
            yield Parked(item.name, item.error)
            continue
        found = parse_calendar(item.raw, zone=zone)
        yield from (event for event in found.events if not is_ours(event))
        yield from (Parked(item.name, problem) for problem in found.problems)


def _walk(path: Path) -> Iterator[Path | Item]:
    """Yield all files below a folder, and the folders that refuse, in the order of their names."""
    found: list[str] = []
    closed: dict[str, str] = {}

    def refused(error: OSError) -> None:
        name = str(error.filename)[len(str(path)) + 1 :]
        closed[name] = f"cannot be read ({error.strerror or error}): give this user access to it"

    for folder, folders, names in os.walk(path, onerror=refused):
        folders[:] = [name for name in folders if name != "tmp" or "cur" not in folders]
        above = folder[len(str(path)) + 1 :]
        found += [f"{above}/{n}" if above else n for n in names if n[0] != "."]
    for name in sorted([*found, *closed]):
        if name in closed:
            yield Item(name=name or ".", kind=Kind.FOLDER, error=closed[name])
        else:
            yield path / name


def _roles(path: Path) -> dict[Path, Role]:
    """Return the Maildirs below a folder with what they are for."""
    with suppress(Unavailable):
        return {folder.path: folder.role for folder in Tree(path).folders()}
    return {}


_HEADER_LINE = re.compile(rb"(?:From [^\n]*\n)?[!-9;-~]{1,76}[ \t]*:")


def _kind_of(path: Path) -> Kind | None:
    """Tell what a file is, by its name or its beginning; None for neither."""
    suffix = path.suffix.lower()
    if suffix in (".eml", ".mbox"):
        return Kind.MAIL
    if suffix in (".ics", ".ical"):
        return Kind.CALENDAR
    try:
        raw, _ = files.read(path, 8192)
    except OSError:
        return None
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return Kind.CALENDAR
    if _HEADER_LINE.match(raw) and split_head(raw)[0].known():
        return Kind.MAIL
    return None


def _file(path: Path, name: str, role: Role, kind: Kind) -> Iterator[Item]:
    try:
        if kind is Kind.MAIL and mbox.is_mbox(path):
            yield from _mbox(path, name)
            return
        raw, delivered = files.read(path, LONGEST + 1)
    except OSError as error:
        said = f"cannot be read ({error.strerror or error}): make it readable"
        yield Item(name=name, kind=kind, error=said)
        return
    yield Item(name=name, kind=kind, raw=raw, role=role, delivered=delivered)


def _mbox(path: Path, name: str) -> Iterator[Item]:
    role = role_of(path.stem)
    with path.open("rb") as file:
        for number, piece in enumerate(mbox.messages(file), start=1):
            at = mbox.came(piece)
            yield Item(
                name=f"{name}#{number}", kind=Kind.MAIL, raw=piece.raw, role=role, delivered=at
            )
