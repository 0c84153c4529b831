"""A folder of .ics files as a Shelf for follow-up events: one file each, named after its key.

    EventShelf(folder, root=…, zone=…, now=…)

The user's programs may rename a file, move it to another calendar below `root`, or put several
events into one file: our key in the event, or its uid, tells which it is. The handle is the path
of the file, below `root`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path

from vouchd.connectors.base import Changed, Missing, Refused, Unavailable
from vouchd.connectors.files import make_folder, must_be_folder, put, read, said_plainly, take_away
from vouchd.connectors.ical import is_ours
from vouchd.connectors.ical_blocks import LONGEST
from vouchd.connectors.ical_ours import Marked, compose, marked
from vouchd.rules.model import Event, Found, Part, fingerprint


class EventShelf:
    """Follow-up events in `folder`. `zone` is the user's, `now` the clock for DTSTAMP."""

    def __init__(
        self, folder: Path, *, root: Path, zone: tzinfo, now: Callable[[], datetime]
    ) -> None:
        self._folder = folder
        self._root = root
        self._zone = zone
        self._now = now

    def found(self, known: Mapping[str, str]) -> Iterator[Found]:
        """List our events; those known that lie there no more are looked for in other calendars."""
        keys = set(known.values())
        for path in self._files(self._folder):
            for one in self._found_in(path, known, keys):
                keys.discard(one.key)
                yield one
        if keys:
            for path in self._files(self._root):
                if not path.is_relative_to(self._folder):
                    yield from (f for f in self._found_in(path, known, keys) if f.key in keys)
            if not self._folder.is_dir():
                raise Missing(f"{self._folder}: the folder of your follow-ups is not there")

    def write(self, key: str, content: Event) -> str:
        """Put an event down; one with its key that lies there untouched already is the same one."""
        path = self._folder / f"vouchd-{sha256(key.encode()).hexdigest()[:24]}.ics"
        for here in self._files(self._folder):
            lying = self._only(here)
            if lying is not None and lying.key == key:
                if lying.mark != fingerprint(lying.event):
                    return self._handle(here)
                path = here
        with said_plainly(self._folder):
            make_folder(self._folder)
        put(path, compose(content, key=key, stamp=self._now()))
        return self._handle(path)

    def rewrite(self, handle: str, content: Event, expected: str) -> str:
        """Replace it. Raises Changed, Refused, Unavailable."""
        lying = self._unchanged(handle, expected)
        key = lying.key or _key_in_uid(content)
        newer = replace(content, sequence=lying.event.sequence + 1)
        put(self._root / handle, compose(newer, key=key, stamp=self._now()))
        return handle

    def remove(self, handle: str, expected: str) -> None:
        """Take it away. Raises Changed, Unavailable."""
        self._unchanged(handle, expected)
        take_away(self._root / handle)

    def _found_in(self, path: Path, known: Mapping[str, str], keys: set[str]) -> Iterator[Found]:
        handle = self._handle(path)
        try:
            events = self._events(path)
        except Refused:
            # Broken by another hand: theirs now, but not deleted.
            if handle in known:
                yield Found(key=known[handle], part=Part.EVENT, handle=handle, print="", mark=None)
            return
        for one in events:
            key = one.key or (_key_in_uid(one.event) if is_ours(one.event) else "")
            if key and (one.key or key in keys):
                yield Found(
                    key=key,
                    part=Part.EVENT,
                    handle=handle,
                    print=fingerprint(one.event),
                    # A file with other events in it is the user's: it is never written to.
                    mark=one.mark if len(events) == 1 else None,
                    link=one.event.link,
                )

    def _files(self, folder: Path) -> list[Path]:
        must_be_folder(self._root, "calendar folder")
        with said_plainly(folder):
            if not folder.is_dir():
                return []
            found: list[Path] = []
            # What may not be looked into is not empty: nothing in it counts as deleted.
            for inside, _, names in os.walk(folder, onerror=_raised):
                found += [Path(inside, name) for name in names if name.endswith(".ics")]
            return sorted(found)

    def _events(self, path: Path) -> tuple[Marked, ...]:
        """Return the events of a file that may hold one of ours. Raises Refused, Unavailable."""
        try:
            raw, _ = read(path, LONGEST + 1)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise Unavailable(f"{path}: {error.strerror or error}: make it readable") from error
        if b"vouchd" not in raw.lower().replace(b"\r\n ", b"").replace(b"\n ", b""):
            return ()
        return marked(raw, zone=self._zone)

    def _only(self, path: Path) -> Marked | None:
        try:
            events = self._events(path)
        except Refused:
            return None
        return events[0] if len(events) == 1 else None

    def _unchanged(self, handle: str, expected: str) -> Marked:
        """Look at it anew, just before it is replaced or removed."""
        lying = self._only(self._root / handle)
        if lying is None:
            raise Changed(f"event {handle}: it is no longer there")
        if fingerprint(lying.event) != expected:
            raise Changed(f"event {handle}: it says something else by now")
        return lying

    def _handle(self, path: Path) -> str:
        return str(path.relative_to(self._root) if path.is_relative_to(self._root) else path)


def _key_in_uid(event: Event) -> str:
    return event.uid.removesuffix("@vouchd")


def _raised(error: OSError) -> None:
    raise error
