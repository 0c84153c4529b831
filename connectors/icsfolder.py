"""A folder of .ics files as a Calendar: one event a file as vdirsyncer leaves it, or whole ones.

    FolderCalendar(path, zone=…)   `path` is a folder, with folders in it, or one .ics file

The cursor remembers of each file its time and size, and of each event a print of its text: only
what has changed is understood again, and what is gone from all files is gone. Names of files and
uids are in it as prints.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from vouchd.connectors.base import Changes, CursorLost, Parked, Refused, Unavailable
from vouchd.connectors.files import read, said_plainly
from vouchd.connectors.ical import event_of, is_ours
from vouchd.connectors.ical_blocks import LONGEST, blocks
from vouchd.connectors.prints import print_of, print_of_uid
from vouchd.rules.model import Event

PORTION = 1000  #: events of one call, rounded up to whole files
VERSION = 2


@dataclass(slots=True)
class _File:
    stamp: list[int]  #: mtime in ns, size, inode
    events: dict[str, str] = field(
        default_factory=dict
    )  #: print -> that of its uid; "": ours, broken


class FolderCalendar:
    """A Calendar over .ics files; follow-up events of ours are never delivered."""

    def __init__(self, path: Path, *, zone: tzinfo, portion: int = PORTION) -> None:
        self._path = path
        self._zone = zone
        self._portion = portion

    def changes(self, cursor: str | None) -> Changes[Event]:
        """Return what is new, changed or gone since `cursor`. Raises Unavailable, CursorLost."""
        state, dropped = _decode(cursor)
        present = {print_of(name): file for name, file in self._files()}
        items: list[Event] = []
        parked: list[Parked] = []
        changed = [
            name for name, (_, stamp) in present.items()
            if name not in state or state[name].stamp != stamp
        ]  # fmt: skip
        vanished = state.keys() - present.keys()
        if cursor is not None and not changed and not vanished and not dropped:
            return Changes((), cursor)
        more = False
        for name in changed:
            if len(items) >= self._portion:
                more = True
                break
            path, stamp = present[name]
            before = state.get(name, _File([]))
            after = self._read(path, stamp, before, items, parked)
            if after is not None:
                dropped.update(set(before.events.values()) - set(after.events.values()))
                state[name] = after
        gone: tuple[str, ...] = ()
        if not more:
            for name in vanished:
                dropped.update(state.pop(name).events.values())
            left = {uid for file in state.values() for uid in file.events.values()}
            gone, dropped = tuple(sorted(dropped - left - {""})), set()
        return Changes(tuple(items), _encode(state, dropped), tuple(parked), gone, more=more)

    def _files(self) -> Iterator[tuple[str, tuple[Path, list[int]]]]:
        """Yield name, path and stamp of each file, in the order of the names."""
        with said_plainly(self._path):
            if not self._path.is_dir():
                status = self._path.stat()
                yield self._path.name, (self._path, _stamp(status))
                return
            found = []
            for folder, folders, names in os.walk(self._path, onerror=_raise):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found += [Path(folder, n) for n in names if n.lower().endswith(".ics")]
            for path in sorted(found):
                if not path.name.startswith("."):
                    try:
                        yield str(path.relative_to(self._path)), (path, _stamp(path.stat()))
                    except FileNotFoundError:
                        continue

    def _read(
        self, path: Path, stamp: list[int], before: _File, items: list[Event], parked: list[Parked]
    ) -> _File | None:
        """Read one file; None when it could not be, so that it is tried again."""
        after = _File(stamp)
        broken: list[str] = []
        try:
            raw, _ = read(path, LONGEST + 1)
            for block in blocks(raw, zone=self._zone):
                mark = block.print
                if mark in before.events:
                    after.events[mark] = before.events[mark]
                    continue
                try:
                    event = event_of(block)
                except Refused as error:
                    broken.append(str(error))
                    after.events[mark] = ""
                    continue
                ours = is_ours(event)
                after.events[mark] = "" if ours else print_of_uid(event.uid)
                if not ours:
                    items.append(event)
        except FileNotFoundError:
            return None
        except Refused as error:
            parked.append(Parked(str(path), str(error)))
        except OSError as error:
            said = error.strerror or str(error)
            parked.append(Parked(str(path), f"cannot be read ({said}): make it readable"))
            return None
        if broken:  # a line for the file, and not for each of the thousands that it may hold
            more = f" ({len(broken):,} of its events are like that)" if broken[1:] else ""
            parked.append(Parked(str(path), f"{broken[0]}{more}"))
        return after


def _stamp(status: os.stat_result) -> list[int]:
    return [status.st_mtime_ns, status.st_size, status.st_ino]


def _raise(error: OSError) -> None:
    raise Unavailable(
        f"{error.filename}: {error.strerror or error}: give this user access to it"
    ) from error


def _decode(cursor: str | None) -> tuple[dict[str, _File], set[str]]:
    if cursor is None:
        return {}, set()
    try:
        held = json.loads(cursor)
        if held["ics"] not in (1, VERSION):  # the first had names and uids as they are
            raise ValueError("another version")
        files = {
            print_of(name): _File(
                [int(n) for n in stamp], {str(p): u and print_of_uid(u) for p, u in events.items()}
            )
            for name, (stamp, events) in held["files"].items()
        }
        return files, set(map(print_of_uid, held["dropped"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CursorLost(f"the bookmark of the calendar cannot be read ({error})") from error


def _encode(state: dict[str, _File], dropped: set[str]) -> str:
    files = {name: (file.stamp, file.events) for name, file in state.items()}
    return json.dumps(
        {"ics": VERSION, "files": files, "dropped": sorted(dropped)}, separators=(",", ":")
    )
