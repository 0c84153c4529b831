"""The events of a calendar file as they stand in it, one by one, before anybody understands them.

Cutting first keeps a broken event from hiding the others, and lets what is unchanged be skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256

from vouchd.connectors.base import Refused
from vouchd.connectors.charset import decode
from vouchd.connectors.zones import Zones

LONGEST = 60_000_000  #: bytes of a calendar file
LONGEST_LINE = 8_000  #: characters of a property
LONGEST_TEXT = 250_000  #: of a property that is prose
MOST_LINES = 2_000  #: of an event

_PROSE = frozenset(("DESCRIPTION", "X-ALT-DESC"))
#: What is read of an event; pictures, alarms and the notes programs make to themselves are not.
_READ = _PROSE | frozenset(
    "UID DTSTART DTEND DURATION SUMMARY LOCATION ORGANIZER ATTENDEE STATUS SEQUENCE RRULE RDATE"
    " RECURRENCE-ID CREATED DTSTAMP URL X-VOUCHD-KEY X-VOUCHD-MARK".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """One VEVENT with the lines that are read of it, and what its file says about it."""

    text: str
    method: str
    zones: Zones

    @property
    def print(self) -> str:
        """Tell whether it is the same as before, save for the time it was written out."""
        lines = (line for line in self.text.split("\n") if not line.startswith("DTSTAMP"))
        return sha256("\n".join((self.method, *lines)).encode()).hexdigest()[:16]


_LINE = re.compile(
    r"^[ \t]*(BEGIN|END)[ \t]*:[ \t]*(VCALENDAR|VEVENT|VTIMEZONE)[ \t]*$", re.M | re.I
)
_METHOD = re.compile(r"^METHOD(?:;[^:\n]*)?:\s*([A-Za-z-]+)", re.M | re.I)
_HOME = re.compile(r"^X-WR-TIMEZONE(?:;[^:\n]*)?:\s*(\S.*)$", re.M | re.I)
_FOLDED = re.compile(r"\n[ \t]")


def blocks(raw: bytes, *, zone: tzinfo, method: str = "") -> Iterator[Block]:
    """Yield the events of a file unread: what is unchanged need not be understood again.

    `method` is the one of a mail's Content-Type, for a file that has none.
    Raises Refused when it is no calendar at all, or too long.
    """
    if len(raw) > LONGEST:
        raise Refused(f"longer than {LONGEST // 1_000_000} MB: split the calendar")
    text = _words(raw)
    lines = list(_LINE.finditer(text))
    if not lines:
        raise Refused("it is no calendar: it has no BEGIN:VCALENDAR")
    home = _HOME.search(text)
    zones = Zones(zone, home[1].strip() if home else "")
    events: list[tuple[int, int, str]] = []
    said = method
    for at, line in enumerate(lines):
        if line[1].upper() == "END":
            continue
        if line[2].upper() == "VCALENDAR":
            said = _method(text, lines, at) or method
            continue
        stop = _stop(text, lines, at)
        if line[2].upper() == "VTIMEZONE":
            zones.define(text[line.end() : stop])
        else:
            events.append((line.end(), stop, said))
    for start, stop, said in events:
        yield Block(_kept(text[start:stop]), said, zones)


def _method(text: str, lines: list[re.Match[str]], at: int) -> str:
    """Return the METHOD of the calendar that begins at a line."""
    begins = (line for line in lines[at + 1 :] if line[2].upper() == "VCALENDAR")
    following = next(begins, None)
    found = _METHOD.search(text, lines[at].end(), following.start() if following else len(text))
    return found[1].upper() if found else ""


def _stop(text: str, lines: list[re.Match[str]], at: int) -> int:
    """Return where the component that begins at a line ends, also where its END is missing."""
    return lines[at + 1].start() if at + 1 < len(lines) else len(text)


def _kept(text: str) -> str:
    """Return the lines that are read, without those of components inside (alarms)."""
    kept: list[str] = []
    depth = 0
    for line in text.split("\n"):
        name = _NAME.match(line)
        if name is None:
            continue
        word = name[1].upper()
        if word == "BEGIN":
            depth += 1
        elif word == "END":
            depth -= 1
        elif depth <= 0 and word in _READ and len(kept) < MOST_LINES:
            kept.append(line[: LONGEST_TEXT if word in _PROSE else LONGEST_LINE])
    return "\n".join(kept)


_NAME = re.compile(r"[ \t]*([A-Za-z0-9-]{1,40})[ \t]*[;:]")


def _words(raw: bytes) -> str:
    label = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = decode(raw.removeprefix(b"\xef\xbb\xbf"), label)[0]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return _FOLDED.sub("", text)
