"""A Maildir as mbsync, offlineimap, Dovecot and Thunderbird leave it, as a Mail.

    MaildirMail(Tree(root), me=…, zone=…)

The cursor remembers when each folder last changed and, as 8 bytes of its hash, the unique name of
each message: a round that finds nothing new looks at the folders' times alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection
from datetime import datetime, tzinfo
from pathlib import Path

from vouchd.connectors.base import Changes, Parked, Refused, Unavailable
from vouchd.connectors.files import read
from vouchd.connectors.folders import UNREAD, Role
from vouchd.connectors.maildir_cursor import Cursor, Seen, hash_of
from vouchd.connectors.maildir_tree import Folder, Tree, flags_of, unique_of
from vouchd.connectors.mime import LONGEST, parse
from vouchd.rules.model import Message

PORTION = 1000  #: messages of one call
PORTION_BYTES = 50_000_000
MOST_RETRIES = 1000
#: A folder changed this short a time ago may change again without its time telling (FAT: 2 s).
FRESH = 2_500_000_000

_NO_INBOX = "the inbox has lost its `cur` and is not read: put it back, or correct the path"
_DELETED_IN_THUNDERBIRD = re.compile(rb"^X-Mozilla-Status: [0-9a-f]{3}[89a-f]", re.M | re.I)


class Backlog:
    """The messages that were found and not yet read, in the order in which they came."""

    def __init__(self) -> None:
        self._folders: dict[str, tuple[Folder, list[str]]] = {}

    def add(self, folder: Folder, places: list[str]) -> None:
        """Add messages of a folder: `cur/…` or `new/…`."""
        _, waiting = self._folders.setdefault(folder.name, (folder, []))
        waiting.extend(places)
        waiting.sort(key=_order, reverse=True)

    def take(self) -> tuple[Folder, str] | None:
        """Return the oldest, which is then no longer here; None when there is none."""
        waiting = [one for one in self._folders.values() if one[1]]
        if not waiting:
            return None
        folder, places = min(waiting, key=lambda one: _order(one[1][-1]))
        return folder, places.pop()

    def folders(self) -> set[str]:
        """Return the names of the folders that have some."""
        return {name for name, (_, places) in self._folders.items() if places}


def _order(place: str) -> tuple[int, str]:
    """Return what sorts names by the time they begin with."""
    digits = _DIGITS.match(place, 4)
    return (int(digits[0]) if digits else 0, place)


_DIGITS = re.compile(r"\d{1,12}")


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
        self._left: tuple[str, Cursor, Backlog] | None = None

    def changes(self, cursor: str | None) -> Changes[Message]:
        """Return what is new since `cursor`, oldest first. Raises Unavailable, CursorLost."""
        parked: list[Parked] = []
        if self._left is not None and cursor == self._left[0]:
            _, state, backlog = self._left
        else:
            state = Cursor.decode(cursor)
            backlog = self._look(state, parked)
        self._left = None
        if cursor is not None and not state.moved and not backlog.folders():
            return Changes((), cursor, tuple(parked))
        items = self._read(backlog, state, parked)
        state.moved = False
        unread = backlog.folders()
        written = state.encode(unfinished=unread)
        if unread:
            self._left = (written, state, backlog)
        items.sort(key=lambda message: message.at)
        return Changes(tuple(items), written, tuple(parked), more=bool(unread))

    def _look(self, state: Cursor, parked: list[Parked]) -> Backlog:
        """List the folders that have changed and say what in them is new."""
        folders = {f.name: f for f in self._tree.folders() if f.role not in UNREAD}
        there = set(folders)
        if state.times("") is not None and "" not in folders and "INBOX" not in folders:
            there.add("")  # what was seen in it was not thrown away
            parked.append(Parked(str(self._tree.root), _NO_INBOX))
        for lost in self._tree.lost(name for name in state.names() if name not in folders):
            if lost.role is Role.SENT:
                raise Unavailable(
                    f"{lost.path}: has lost its `cur`: put it back; what you sent tells what is "
                    "done, so no mail is read without it"
                )
        moved = state.without(there)
        fresh: dict[str, list[str]] = {}
        for name, folder in folders.items():
            try:
                times = _times(folder.path)
                if state.times(name) == times:
                    continue
                known = state.seen(name).all()
                present, fresh[name] = _listing(folder.path, known)
                state.note(name, times if _settled(times) else (0, 0))
            except OSError as error:
                said = error.strerror or str(error)
                if folder.role is Role.SENT:
                    # What the user did already is not proposed again for want of having seen it.
                    raise Unavailable(
                        f"{folder.path}: {said}: give this user access to it; what you sent tells"
                        " what is done, so no mail is read without it"
                    ) from error
                parked.append(Parked(str(folder.path), f"{said}: give this user access to it"))
                continue
            gone = known - present
            if gone:
                moved |= gone
                state.seen(name).keep(known & present)
        backlog = Backlog()
        for name, places in fresh.items():
            if moved:
                places = [p for p in places if not _came_from(moved, p, state.seen(name))]
            backlog.add(folders[name], places)
        self._try_again(state, folders, backlog)
        return backlog

    def _try_again(self, state: Cursor, folders: dict[str, Folder], backlog: Backlog) -> None:
        """Take up what could not be read the last time: no folder shows a file made readable."""
        for name, place in list(state.retry):
            if name not in folders:
                if state.times(name) is None:  # forgotten with its folder
                    del state.retry[name, place]
            elif not (folders[name].path / place).exists():
                del state.retry[name, place]
            elif os.access(folders[name].path / place, os.R_OK):
                backlog.add(folders[name], [place])

    def _read(self, backlog: Backlog, state: Cursor, parked: list[Parked]) -> list[Message]:
        """Read one portion."""
        items: list[Message] = []
        size = 0
        while len(items) < self._portion and size < PORTION_BYTES:
            one = backlog.take()
            if one is None:
                break
            folder, place = one
            path = folder.path / place
            message = None
            try:
                raw, delivered = read(path, LONGEST + 1)
                size += len(raw)
                message = self._message(raw, folder, delivered)
            except FileNotFoundError:
                state.note(folder.name, (0, 0))  # moved or flagged meanwhile: look again
                continue
            except IsADirectoryError:
                continue
            except Refused as error:
                parked.append(Parked(str(path), str(error)))
            except OSError as error:
                self._set_aside(folder, place, state, parked, error.strerror or str(error))
                continue
            if (folder.name, place) in state.retry:
                del state.retry[folder.name, place]
            else:
                state.seen(folder.name).add(hash_of(unique_of(place[4:])))
            if message is not None:
                items.append(message)
        return items

    def _set_aside(
        self, folder: Folder, place: str, state: Cursor, parked: list[Parked], said: str
    ) -> None:
        reason = f"cannot be read ({said}): make it readable; it is tried again each time"
        parked.append(Parked(str(folder.path / place), reason))
        if (folder.name, place) not in state.retry and len(state.retry) < MOST_RETRIES:
            state.retry[folder.name, place] = None
            state.seen(folder.name).add(hash_of(unique_of(place[4:])))

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


def _listing(path: Path, known: set[int]) -> tuple[set[int], list[str]]:
    """Return the messages of a folder by their hashes, and those not known by `cur/…`, `new/…`."""
    present: set[int] = set()
    fresh: list[str] = []
    for part in ("new", "cur"):  # in this order: a message that is read meanwhile moves to `cur`
        try:
            names = os.listdir(path / part)  # noqa: PTH208 (200,000 names, no objects wanted)
        except FileNotFoundError:
            continue
        for name in names:
            flags = flags_of(name)
            if name[0] == "." or "D" in flags or "T" in flags:
                continue
            unique = hash_of(unique_of(name))
            if unique not in known and unique not in present:
                fresh.append(f"{part}/{name}")
            present.add(unique)
    return present, fresh


def _came_from(moved: set[int], place: str, seen: Seen) -> bool:
    """Whether a message was seen in a folder that it has left; it is then remembered here."""
    unique = hash_of(unique_of(place[4:]))
    if unique not in moved:
        return False
    seen.add(unique)
    return True


__all__ = ["MaildirMail", "Tree", "is_our_draft"]
