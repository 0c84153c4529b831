"""Follow-up events in a folder beside the hands of a user and their programs."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest

from tests.connectors.worlds import NOW, ZONE, event, follow_up, ics
from vouchd.connectors.base import Changed, Unavailable
from vouchd.connectors.followups import EventShelf
from vouchd.rules.model import Found, fingerprint

KEY = "thank_you-dana"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "personal").mkdir()
    (tmp_path / "personal" / "e1.ics").write_bytes(ics(event(1)))
    return tmp_path


def shelf(root: Path) -> EventShelf:
    return EventShelf(root / "vouchd", root=root, zone=ZONE, now=lambda: NOW)


def found(root: Path, known: dict[str, str] | None = None) -> list[Found]:
    return list(shelf(root).found(known or {}))


def test_one_file_named_after_its_key(root: Path):
    handle = shelf(root).write(KEY, follow_up())
    assert re.fullmatch(r"vouchd/vouchd-[0-9a-f]{24}\.ics", handle)
    (entry,) = icalendar.Calendar.from_ical((root / handle).read_bytes()).events
    assert str(entry["X-VOUCHD-KEY"]) == KEY
    assert [p.name for p in (root / "vouchd").iterdir()] == [Path(handle).name]


def test_each_rewriting_is_a_newer_revision(root: Path):
    handle = shelf(root).write(KEY, follow_up())
    newer = replace(
        follow_up(), start=NOW + timedelta(days=3), end=NOW + timedelta(days=3, hours=1)
    )
    assert shelf(root).rewrite(handle, newer, fingerprint(follow_up())) == handle
    assert b"SEQUENCE:1\r\n" in (root / handle).read_bytes()
    assert found(root)[0].untouched


def test_a_file_renamed_or_moved_to_another_calendar_is_found(root: Path):
    handle = shelf(root).write(KEY, follow_up())
    known = {handle: KEY}
    path = (root / handle).rename(root / "vouchd" / "renamed.ics")
    (one,) = found(root, known)
    assert (one.handle, one.untouched) == ("vouchd/renamed.ics", True)
    path.rename(root / "personal" / "moved.ics")
    (one,) = found(root, known)
    assert (one.handle, one.untouched) == ("personal/moved.ics", True)
    shelf(root).remove(one.handle, one.print)
    assert found(root, known) == []
    assert (root / "personal" / "e1.ics").exists()


def test_a_program_that_drops_our_fields_keeps_the_uid(root: Path):
    handle = shelf(root).write(KEY, follow_up())
    raw = (root / handle).read_bytes()
    (root / handle).write_bytes(re.sub(rb"X-VOUCHD-[^\n]*\n", b"", raw))
    (one,) = found(root, {handle: KEY})
    assert (one.key, one.mark, one.untouched) == (KEY, None, False)
    assert found(root) == []


def test_a_file_with_other_events_in_it_is_the_users(root: Path):
    handle = shelf(root).write(KEY, follow_up())
    raw = (root / handle).read_bytes()
    others = ics(event(2)).partition(b"VERSION:2.0\r\n")[2]
    (root / handle).write_bytes(raw.replace(b"END:VCALENDAR\r\n", others))
    (one,) = found(root, {handle: KEY})
    assert not one.untouched
    for act in (
        lambda: shelf(root).remove(handle, fingerprint(follow_up())),
        lambda: shelf(root).rewrite(handle, follow_up("new"), fingerprint(follow_up())),
    ):
        with pytest.raises(Changed):
            act()
    assert b"e2@acme.example" in (root / handle).read_bytes()


def test_a_file_broken_by_another_hand_is_theirs_and_not_deleted(root: Path):
    handle = shelf(root).write(KEY, follow_up())
    raw = (root / handle).read_bytes()
    (root / handle).write_bytes(raw.replace(b"DTSTART:2026", b"DTSTART:soon"))
    (one,) = found(root, {handle: KEY})
    assert (one.key, one.print, one.mark) == (KEY, "", None)
    with pytest.raises(Changed):
        shelf(root).rewrite(handle, follow_up("new"), fingerprint(follow_up()))


def test_a_missing_calendar_is_not_made(tmp_path: Path):
    gone = tmp_path / "calendars"
    with pytest.raises(
        Unavailable, match=r"calendars: there is no calendar folder: mount or create"
    ):
        shelf(gone).write(KEY, follow_up())
    with pytest.raises(Unavailable):
        found(gone)
    assert not gone.exists()


def test_looking_makes_nothing(root: Path):
    assert found(root) == []
    assert not (root / "vouchd").exists()


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_full_disk_loses_nothing(root: Path, monkeypatch: pytest.MonkeyPatch, step: str):
    handle = shelf(root).write(KEY, follow_up())

    real = os.open

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def opened(path: str, flags: int, *mode: int) -> int:
        return full() if flags & os.O_CREAT else real(path, flags, *mode)

    with monkeypatch.context() as patch:
        if step == "open":
            patch.setattr(os, "open", opened)
        elif step == "fsync":
            patch.setattr(os, "fsync", full)
        else:
            patch.setattr(Path, "replace", full)
        with pytest.raises(
            Unavailable, match=r"the disk is full: free some space; nothing was lost"
        ):
            shelf(root).rewrite(handle, follow_up("new"), fingerprint(follow_up()))
    assert [(f.handle, f.untouched) for f in found(root)] == [(handle, True)]
    assert len(list((root / "vouchd").iterdir())) == 1, "no rests lie about"


def test_a_folder_outside_the_calendars(root: Path, tmp_path_factory: pytest.TempPathFactory):
    aside = tmp_path_factory.mktemp("aside") / "vouchd"
    on = EventShelf(aside, root=root, zone=ZONE, now=lambda: NOW)
    handle = on.write(KEY, follow_up())
    assert Path(handle).parent == aside
    assert [f.handle for f in on.found({})] == [handle]
    on.remove(handle, fingerprint(follow_up()))
    assert list(aside.iterdir()) == []


def test_a_folder_that_may_not_be_looked_into_is_not_empty(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    handle = shelf(root).write(KEY, follow_up())
    real = os.scandir

    def scan(path: Path | str) -> object:
        if Path(path) == root / "vouchd":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)
    with pytest.raises(Unavailable, match="not allowed"):
        found(root, {handle: KEY})
    monkeypatch.undo()
    assert [one.key for one in found(root, {handle: KEY})] == [KEY]
