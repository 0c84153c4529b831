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


@dataclass(frozen=True, slots=True)
class Block:
    """One VEVENT as it stands in a file, with what the file says about it; see `blocks`."""

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

    Raises Refused when it is no calendar at all, or too long.
    """
    if len(raw) > LONGEST:
        raise Refused(f"longer than {LONGEST // 1_000_000} MB: split the calendar")
    text = _words(raw)
    lines = list(_LINE.finditer(text))
    if not lines:
        raise Refused("it is no calendar: it has no BEGIN:VCALENDAR")
    found = _METHOD.search(text)
    method = found[1].upper() if found else method
    home = _HOME.search(text)
    zones = Zones(zone, home[1].strip() if home else "")
    events: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if line[1].upper() == "BEGIN" and line[2].upper() != "VCALENDAR":
            following = lines[at + 1] if at + 1 < len(lines) else None
            whole = following is not None and following[1].upper() == "END"
            stop = following.end() if following and whole else len(text)
            if following is not None and not whole:
                stop = following.start()
            if line[2].upper() == "VTIMEZONE":
                zones.define(text[line.start() : stop])
            else:
                events.append((line.start(), stop))
    for start, stop in events:
        yield Block(text[start:stop], method, zones)


def _words(raw: bytes) -> str:
    label = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = decode(raw.removeprefix(b"\xef\xbb\xbf"), label)[0]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return _FOLDED.sub("", text)
