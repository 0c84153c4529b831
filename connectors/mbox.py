"""An mbox file, as Google Takeout exports it and programs append to it, read as a stream.

    MboxMail(path, me=…, zone=…)   a Mail over a file, or over a folder of mbox files
    messages(file, start)          the messages of an open file, one by one

RFC 4155; `>From ` is unquoted as mboxrd does. The cursor remembers how far each file was read
and what stood there, so that a file that was written anew is noticed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from vouchd.connectors.addresses import moment
from vouchd.connectors.base import Changes, CursorLost, Parked, Refused, Unavailable
from vouchd.connectors.files import read, said_plainly
from vouchd.connectors.folders import UNREAD, Role, plain_name, role_of, role_of_labels
from vouchd.connectors.maildir import is_our_draft
from vouchd.connectors.mime import LONGEST, head, parse
from vouchd.rules.model import Message

PORTION = 1000
PORTION_BYTES = 50_000_000
_BLOCK = 1 << 20
_LONGEST_LINE = 4096  #: of a `From ` line with the first header field's name
_TAIL = 4096
VERSION = 1

#: A `From ` line begins a message only above a header field: not all programs quote it in texts.
_SEPARATOR = re.compile(
    rb"From [^\n]{0,2000}\n(?=(?:>?From [^\n]{0,1000}\n)?(?:[!-9;-~]{1,76}[ \t]*:|\r?\n\r?\n))"
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_MOZILLA_DELETED = re.compile(rb"^X-Mozilla-Status: [0-9a-f]{3}[89a-f]", re.M | re.I)
_ASCTIME = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} +\d.*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of an mbox file."""

    start: int  #: offset of its `From ` line
    end: int
    envelope: bytes  #: its `From ` line
    raw: bytes  #: unquoted; of one longer than can be read, the beginning


def messages(file: BinaryIO, start: int = 0) -> Iterator[Piece]:
    """Yield the messages from `start` on; memory holds one of them. Raises OSError."""
    size = os.fstat(file.fileno()).st_size
    begun = -1
    for at in chain(_separators(file, start), (size,)):
        if begun >= 0:
            data = os.pread(file.fileno(), min(at - begun, LONGEST + 1), begun)
            envelope, _, raw = data.partition(b"\n")
            if b"\n>" in raw:
                raw = _QUOTED_FROM.sub(rb"\1", raw)
            yield Piece(begun, at, envelope.rstrip(), raw)
        begun = at


def _separators(file: BinaryIO, start: int) -> Iterator[int]:
    """Yield where messages begin, reading in blocks that overlap by one line."""
    handle = file.fileno()
    # Where reading goes on, no empty line is asked for: some programs write none at the end.
    first = os.pread(handle, _LONGEST_LINE, start)
    skipped = len(first) - len(first.lstrip(b"\r\n"))
    if _SEPARATOR.match(first, skipped):
        start += skipped
        yield start
    at = start
    while True:
        before = min(at, 4)  # so much of a blank line above must be seen
        window = os.pread(handle, before + _BLOCK + _LONGEST_LINE, at - before)
        found = window.find(b"\nFrom ")
        while found >= 0:
            here = at - before + found + 1
            below_blank = window[max(0, found - 2) : found].endswith((b"\n", b"\n\r"))
            ours = below_blank and start < here and at <= here < at + _BLOCK
            if ours and _SEPARATOR.match(window, found + 1):
                yield here
            found = window.find(b"\nFrom ", found + 1)
        at += _BLOCK
        if len(window) <= before + _BLOCK:
            return


def came(piece: Piece) -> datetime | None:
    """Return when a message came, by its `From ` line."""
    found = _ASCTIME.search(piece.envelope)
    return moment(found[0].decode("ascii", "replace")) if found else None


class MboxMail:
    """A Mail over one mbox file, or over all of a folder; spam is read, drafts and trash not."""

    def __init__(
        self, path: Path, *, me: Collection[str], zone: tzinfo, portion: int = PORTION
    ) -> None:
        self._path = path
        self._me = frozenset(me)
        self._zone = zone
        self._portion = portion

    def changes(self, cursor: str | None) -> Changes[Message]:
        """Return the messages behind the cursor. Raises Unavailable, CursorLost."""
        places = _decode(cursor)
        items: list[Message] = []
        parked: list[Parked] = []
        size = 0
        more = False
        for name, path in files(self._path).items():
            with said_plainly(path), path.open("rb") as file:
                lock(file, path)
                start = _resume(file, path, places.get(name))
                for piece in messages(file, start):
                    if len(items) >= self._portion or size >= PORTION_BYTES:
                        more = True
                        break
                    size += len(piece.raw)
                    start = piece.end
                    message = self._message(piece, path, parked, plain_name(path.stem))
                    if message is not None:
                        items.append(message)
                places[name] = _place(file, start)
            if more:
                break
        items.sort(key=lambda message: message.at)
        written = json.dumps({"mbox": VERSION, "files": places}, separators=(",", ":"))
        return Changes(tuple(items), written, tuple(parked), more=more)

    def _message(self, piece: Piece, path: Path, parked: list[Parked], name: str) -> Message | None:
        source = f"{path}, byte {piece.start}"
        if _MOZILLA_DELETED.search(piece.raw[:2000]):
            return None
        try:
            role = role_of_labels(head(piece.raw).labels)
            if role is Role.ORDINARY:
                role = role_of(name)
            if role in UNREAD:
                return None
            sent = role is Role.SENT
            message = parse(
                piece.raw,
                me=self._me,
                zone=self._zone,
                sent=sent,
                delivered=came(piece),
                folder=name,
            )
        except Refused as error:
            parked.append(Parked(source, str(error)))
            return None
        return None if is_our_draft(message, piece.raw, sent=sent) else message


def sent_since(path: Path, at: datetime) -> Iterator[bytes]:
    """Yield the messages of the user's that were sent since then. Raises Unavailable."""
    for name, file_path in files(path).items():
        with said_plainly(file_path), file_path.open("rb") as file:
            for piece in messages(file):
                with suppress(Refused):
                    top = head(piece.raw)
                    labelled = role_of_labels(top.labels)
                    role = labelled if top.labels else role_of(plain_name(Path(name).stem))
                    if role not in UNREAD and top.at is not None and top.at >= at:
                        yield piece.raw


def files(path: Path) -> dict[str, Path]:
    """Return the mbox files at a path by name: itself, or those of a folder. Raises Unavailable."""
    with said_plainly(path):
        if not path.is_dir():
            if path.stat().st_size and not is_mbox(path):
                raise Unavailable(f"{path}: is no mbox: it does not begin with a `From ` line")
            return {path.name: path}
        inside = sorted(p for p in path.rglob("*") if p.is_file() and is_mbox(p))
    if not inside:
        raise Unavailable(f"{path}: there is no mbox file in it: correct the path")
    return {str(p.relative_to(path)): p for p in inside}


def is_mbox(path: Path) -> bool:
    """Whether a file is an mbox: it begins with a `From ` line. Raises OSError."""
    return _SEPARATOR.match(read(path, _LONGEST_LINE)[0]) is not None


def lock(file: BinaryIO, path: Path) -> None:
    """Make sure that nobody is writing to the file. Raises Unavailable."""
    if path.with_name(f"{path.name}.lock").exists():
        raise Unavailable(
            f"{path}: is locked by another program ({path.name}.lock): it is read the next time;"
            " delete the .lock file if no program is running"
        )
    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unavailable(
            f"{path}: is locked by another program: it is read the next time"
        ) from None
    except OSError:
        return  # a disk that knows no locks


def _decode(cursor: str | None) -> dict[str, list[int | str]]:
    if cursor is None:
        return {}
    try:
        held = json.loads(cursor)
        if held["mbox"] != VERSION:
            raise ValueError("another version")
        return {str(name): [int(end), str(tail)] for name, (end, tail) in held["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CursorLost(f"the bookmark of the mbox cannot be read ({error})") from error


def _place(file: BinaryIO, end: int) -> list[int | str]:
    return [end, _trace(file, end)]


def _trace(file: BinaryIO, end: int) -> str:
    """Return what tells whether the file before `end` is still the same."""
    digest = sha256()
    for at in (0, max(0, end - _TAIL)):
        file.seek(at)
        digest.update(file.read(min(_TAIL, end - at)))
    return digest.hexdigest()[:24]


def _resume(file: BinaryIO, path: Path, place: list[int | str] | None) -> int:
    if place is None:
        return 0
    end = int(place[0])
    size = file.seek(0, 2)
    if size < end or _trace(file, end) != place[1]:
        raise CursorLost(f"{path}: was written anew: it is read from the top")
    return end
