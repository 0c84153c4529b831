"""A Maildir as mbsync, offlineimap, Dovecot and Thunderbird leave it, as a Mail.

    MaildirMail(Tree(root), me=…, zone=…)

The cursor remembers when each folder last changed and, as 8 bytes of its hash, the unique name of
each message: a round that finds nothing new looks at the folders' times alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain
from pathlib import Path

from vouchd.connectors.base import Changes, Parked, Refused
from vouchd.connectors.files import read
from vouchd.connectors.folders import UNREAD, Role
from vouchd.connectors.maildir_cursor import Cursor, hash_of
from vouchd.connectors.maildir_tree import Folder, Tree, flags_of, unique_of
from vouchd.connectors.mime import LONGEST, parse
from vouchd.rules.model import Message

PORTION = 1000  #: messages of one call
PORTION_BYTES = 50_000_000
MOST_RETRIES = 1000
#: A folder changed this short a time ago may change again without its time telling (FAT: 2 s).
FRESH = 2_500_000_000

_DELETED_IN_THUNDERBIRD = re.compile(rb"^X-Mozilla-Status: [0-9a-f]{3}[89a-f]", re.M | re.I)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that was found and not yet read."""

    order: int  #: when it came, as its name says
    folder: Folder
    place: str  #: `cur/…` or `new/…`

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder.path / self.place


class MaildirMail:
    """A Mail over a Maildir; spam is read, drafts and trash are not."""

    def __init__(
        self, tree: Tree, *, me: Collection[str], zone: tzinfo, portion: int = PORTION
    ) -> None:
        self._tree = tree
        self._me = frozenset(me)
        self._zone = zone
        self._portion = portion
        #: What the last portion left over, with the cursor it belongs to: only spares a listing.
        self._left: tuple[str, Cursor, list[Waiting]] | None = None

    def changes(self, cursor: str | None) -> Changes[Message]:
        """Return what is new since `cursor`, oldest first. Raises Unavailable, CursorLost."""
        if self._left is not None and cursor == self._left[0]:
            _, state, waiting = self._left
            parked: list[Parked] = []
        else:
            state = Cursor.decode(cursor)
            waiting, parked = self._look(state)
        self._left = None
        if not waiting and cursor is not None and not state.moved:
            return Changes((), cursor, tuple(parked))
        items, rest = self._read(waiting, state, parked)
        state.moved = False
        written = state.encode(unfinished={w.folder.name for w in rest})
        if rest:
            self._left = (written, state, rest)
        items.sort(key=lambda message: message.at)
        return Changes(tuple(items), written, tuple(parked), more=bool(rest))

    def _look(self, state: Cursor) -> tuple[list[Waiting], list[Parked]]:
        """List the folders that have changed and say what in them is new."""
        listed: dict[str, tuple[Folder, dict[int, str]]] = {}
        parked: list[Parked] = []
        present = set()
        for folder in self._tree.folders():
            if folder.role in UNREAD:
                continue
            present.add(folder.name)
            try:
                times = _times(folder.path)
                if state.times(folder.name) == times:
                    continue
                listed[folder.name] = (folder, _listing(folder.path))
                state.note(folder.name, times if _settled(times) else (0, 0))
            except OSError as error:
                said = error.strerror or str(error)
                parked.append(Parked(str(folder.path), f"{said}: give this user access to it"))
        vanished = state.gone(present)
        moved = set(chain.from_iterable(vanished))
        for name, (_, files) in listed.items():
            moved.update(state.seen(name).keep(files))
        waiting = [
            self._waiting(folder, place)
            for name, (folder, files) in listed.items()
            for unique, place in files.items()
            if unique not in state.seen(name) and not state.seen(name).moved_in(unique, moved)
        ]
        waiting.extend(self._again(state, present))
        waiting.sort(key=lambda w: (w.order, w.place))
        return waiting, parked

    def _waiting(self, folder: Folder, place: str) -> Waiting:
        digits = re.match(r"\d{1,12}", place[4:])
        return Waiting(int(digits[0]) if digits else 0, folder, place)

    def _again(self, state: Cursor, present: set[str]) -> Iterator[Waiting]:
        """Yield what could not be read the last time: a file made readable changes no folder."""
        folders = {folder.name: folder for folder in self._tree.folders()} if state.retry else {}
        for name, place in list(state.retry):
            if name not in present or not (folders[name].path / place).exists():
                state.retry.pop((name, place))
            elif os.access(folders[name].path / place, os.R_OK):
                yield self._waiting(folders[name], place)

    def _read(
        self, waiting: list[Waiting], state: Cursor, parked: list[Parked]
    ) -> tuple[list[Message], list[Waiting]]:
        """Read one portion; return it and what is left."""
        items: list[Message] = []
        size = at = 0
        while at < len(waiting) and len(items) < self._portion and size < PORTION_BYTES:
            one = waiting[at]
            at += 1
            try:
                raw, delivered = read(one.path, LONGEST + 1)
                message = self._message(raw, one.folder, delivered)
            except FileNotFoundError:
                state.note(one.folder.name, (0, 0))  # moved or flagged meanwhile: look again
                continue
            except IsADirectoryError:
                continue
            except Refused as error:
                message = None
                parked.append(Parked(str(one.path), str(error)))
            except OSError as error:
                self._set_aside(one, state, parked, error.strerror or str(error))
                continue
            size += len(raw)
            state.retry.pop((one.folder.name, one.place), None)
            state.seen(one.folder.name).add(hash_of(unique_of(one.place[4:])))
            if message is not None:
                items.append(message)
        return items, waiting[at:]

    def _set_aside(self, one: Waiting, state: Cursor, parked: list[Parked], said: str) -> None:
        reason = f"cannot be read ({said}): make it readable; it is tried again each time"
        parked.append(Parked(str(one.path), reason))
        if len(state.retry) < MOST_RETRIES:
            state.retry[one.folder.name, one.place] = None
            state.seen(one.folder.name).add(hash_of(unique_of(one.place[4:])))

    def _message(self, raw: bytes, folder: Folder, delivered: datetime) -> Message | None:
        if _DELETED_IN_THUNDERBIRD.search(raw[:2000]):
            return None
        sent = folder.role is Role.SENT
        name = folder.name or "INBOX"
        message = parse(
            raw, me=self._me, zone=self._zone, sent=sent, delivered=delivered, folder=name
        )
        return None if is_our_draft(message, raw, sent=sent) else message


def is_our_draft(message: Message, raw: bytes, *, sent: bool) -> bool:
    """Whether a message carries our key and has not been sent: a copy of a draft of ours.

    What a server took to send bears a Received field; what a program sent lies among the sent.
    """
    if message.key is None or sent:
        return False
    return b"\nreceived:" not in b"\n" + raw[:20_000].lower()


def _times(path: Path) -> tuple[int, int]:
    """Return when names were last added to or taken from `cur` and `new`."""
    new = path / "new"
    try:
        recent = new.stat().st_mtime_ns
    except FileNotFoundError:
        recent = 1  # Thunderbird has none
    return (path / "cur").stat().st_mtime_ns, recent


def _settled(times: tuple[int, int]) -> bool:
    # The clock of the disk, not of the day: a change right now may carry the same time again.
    return max(times) + FRESH < time.time_ns()


def _listing(path: Path) -> dict[int, str]:
    """Return the messages of a folder: hash of the unique name -> `cur/name` or `new/name`."""
    found: dict[int, str] = {}
    for part in ("new", "cur"):  # in this order: a message that is read meanwhile moves to `cur`
        try:
            names = os.listdir(path / part)  # noqa: PTH208 (200,000 names, no objects wanted)
        except FileNotFoundError:
            continue
        for name in names:
            if name[0] == "." or not {"D", "T"}.isdisjoint(flags_of(name)):
                continue
            found[hash_of(unique_of(name))] = f"{part}/{name}"
    return found


__all__ = ["MaildirMail", "Tree", "is_our_draft"]
