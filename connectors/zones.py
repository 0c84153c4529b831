"""The zones calendar files name: IANA, Windows and Exchange names, own definitions, nonsense.

icalendar is imported where it is used: a daemon on a Google account mostly does without, and it
would be a sixteenth of its memory.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_TZID = re.compile(r"^TZID(?:;[^:\n]*)?:[ \t]*(\S.*)$", re.M | re.I)
_LOCATION = re.compile(r"^X-LIC-LOCATION(?:;[^:\n]*)?:[ \t]*(\S.*)$", re.M | re.I)
_OFFSET = re.compile(r"\(?(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d\d)?\b\)?", re.I)
LONGEST_DEFINITION = 100_000


class Zones:
    """Zones as one file means them: its definitions, its home zone, the user's zone last."""

    __slots__ = ("_cache", "_definitions", "_home", "mine")

    def __init__(self, mine: tzinfo, home: str = "") -> None:
        self.mine = mine
        self._home = home
        self._definitions: dict[str, str] = {}
        self._cache: dict[str, tzinfo] = {}

    def define(self, block: str) -> None:
        """Take note of the lines of a VTIMEZONE; they are understood when a name needs them."""
        found = _TZID.search(block[:LONGEST_DEFINITION])
        if found:
            self._definitions.setdefault(_plain(found[1]), block)

    def place(self, moment: datetime, name: str) -> datetime:
        """Make a time aware: by its TZID where it has one, else in the zone of the file."""
        if moment.tzinfo is not None:  # it ends in Z
            return moment.astimezone(UTC)
        zone = self._zone(_plain(name))
        if isinstance(zone, ZoneInfo | timezone):
            return moment.replace(tzinfo=zone)
        # A zone made of the file's own rules stays in here: its values are slow and odd.
        return moment.replace(tzinfo=zone).astimezone(UTC)

    def _zone(self, name: str) -> tzinfo:
        if name not in self._cache:
            self._cache[name] = self._find(name)
        return self._cache[name]

    def _find(self, name: str) -> tzinfo:
        if not name:
            return (named(self._home) if self._home else None) or self.mine
        known = named(name)
        if known is not None:
            return known
        defined = self._defined(name)
        if defined is not None:
            return defined
        offset = _OFFSET.match(name)
        if offset:
            minutes = int(offset[2]) * 60 + int(offset[3] or 0)
            if minutes < 1440:
                return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
        return (named(self._home) if self._home else None) or self.mine

    def _defined(self, name: str) -> tzinfo | None:
        block = self._definitions.get(name)
        if block is None or len(block) > LONGEST_DEFINITION:
            return None
        location = _LOCATION.search(block)
        known = named(_plain(location[1])) if location else None
        if known is not None:
            return known
        import icalendar

        try:
            component = icalendar.Timezone.from_ical(
                f"BEGIN:VTIMEZONE{block.rstrip()}\nEND:VTIMEZONE\n".replace("\n", "\r\n")
            )
            if not isinstance(component, icalendar.Timezone):
                return None
            zone: tzinfo = component.to_tz(lookup_tzid=False)
            datetime(2026, 1, 1, tzinfo=zone).utcoffset()
        except Exception:  # strangers' definitions find every corner of a library
            return None
        return zone


def _plain(name: str) -> str:
    return name.strip().strip("\"'").strip()


@lru_cache(maxsize=1000)
def named(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, a Windows name, or a path that ends in an IANA name."""
    name = _plain(name)
    if name.upper() in ("UTC", "Z", "GMT"):
        return ZoneInfo("UTC")
    candidates = [name, name.replace(" ", "_")]
    pieces = name.strip("/").split("/")
    # /freeassociation.sourceforge.net/Tzfile/Europe/Berlin, /mozilla.org/20050126_1/Europe/Berlin
    candidates += ["/".join(pieces[-count:]) for count in (2, 3) if len(pieces) > count]
    for candidate in candidates:
        if zone := _known(candidate):
            return zone
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return _known(WINDOWS_TO_OLSON.get(name, ""))


def _known(name: str) -> ZoneInfo | None:
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
