"""A folder of .ics files as programs leave it, and when it goes wrong."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from tests.connectors.test_calendar_contract import drain
from tests.connectors.worlds import NOW, ZONE, event, follow_up, ics
from vouchd.connectors import icsfolder
from vouchd.connectors.base import CursorLost, Unavailable
from vouchd.connectors.ical import event_of
from vouchd.connectors.ical_blocks import Block
from vouchd.connectors.ical_ours import compose
from vouchd.connectors.icsfolder import FolderCalendar
from vouchd.connectors.prints import print_of_uid
from vouchd.rules.model import Event


def calendar(path: Path) -> FolderCalendar:
    return FolderCalendar(path, zone=ZONE)


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    temporary.write_bytes(data)
    return temporary.replace(path)


def test_all_folders_and_spellings_are_read(tmp_path: Path):
    put(tmp_path / "work" / "1.ics", ics(event(1)))
    put(tmp_path / "home" / "deep" / "2.ICS", ics(event(2)))
    put(tmp_path / ".hidden" / "3.ics", ics(event(3)))
    put(tmp_path / "home" / ".4.ics", ics(event(4)))
    put(tmp_path / "home" / "color", b"#ff0000")
    found, _, _ = drain(calendar(tmp_path))
    assert sorted(e.uid for e in found) == ["e1@acme.example", "e2@acme.example"]


def test_one_file_is_a_calendar_too(tmp_path: Path):
    path = put(tmp_path / "basic.ics", ics(event(1), event(2)))
    found, _, cursor = drain(calendar(path))
    assert len(found) == 2
    put(path, ics(event(1)))
    assert drain(calendar(path), cursor)[:2] == ([], [print_of_uid("e2@acme.example")])


def test_an_event_moved_to_another_calendar_is_not_gone(tmp_path: Path):
    path = put(tmp_path / "a" / "1.ics", ics(event(1)))
    _, _, cursor = drain(calendar(tmp_path))
    put(tmp_path / "b" / "1.ics", path.read_bytes())
    path.unlink()
    found, gone, cursor = drain(calendar(tmp_path), cursor)
    assert ([e.uid for e in found], gone) == (["e1@acme.example"], [])
    (tmp_path / "b" / "1.ics").rename(tmp_path / "b" / "renamed.ics")
    assert drain(calendar(tmp_path), cursor)[1] == []


def test_writing_a_file_out_again_makes_nothing_new(tmp_path: Path):
    path = put(tmp_path / "basic.ics", ics(event(1), event(2)))
    _, _, cursor = drain(calendar(tmp_path))
    put(path, path.read_bytes().replace(b"DTSTAMP:2026", b"DTSTAMP:2027"))
    assert drain(calendar(tmp_path), cursor)[:2] == ([], [])


def test_only_what_changed_is_understood_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = put(tmp_path / "basic.ics", ics(*(event(n) for n in range(50))))
    _, _, cursor = drain(calendar(tmp_path))
    understood: list[str] = []

    def counted(block: Block) -> Event:
        understood.append(block.text)
        return event_of(block)

    monkeypatch.setattr(icsfolder, "event_of", counted)
    put(path, ics(*(event(n) for n in range(49)), event(49, "Final round")))
    (changed,), _, _ = drain(calendar(tmp_path), cursor)
    assert (changed.summary, len(understood)) == ("Final round", 1)


def test_a_series_and_its_instances_come_and_go_apart(tmp_path: Path):
    master = ics(event(1)).decode().replace("SUMMARY", "RRULE:FREQ=WEEKLY\r\nSUMMARY")
    instance = (
        "BEGIN:VEVENT\r\nUID:e1@acme.example\r\nRECURRENCE-ID:20260310T093000Z\r\n"
        "DTSTART:20260311T093000Z\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    path = put(tmp_path / "1.ics", master.replace("END:VCALENDAR", instance).encode())
    found, _, cursor = drain(calendar(tmp_path))
    assert [e.uid for e in found] == ["e1@acme.example", "e1@acme.example/20260310T093000Z"]
    put(path, master.encode())
    assert drain(calendar(tmp_path), cursor)[:2] == (
        [],
        [print_of_uid("e1@acme.example/20260310T093000Z")],
    )


def test_follow_ups_whose_mark_was_dropped_are_still_ours(tmp_path: Path):
    raw = compose(follow_up(), key="thank_you-dana", stamp=NOW)
    put(tmp_path / "1.ics", raw.replace(b"X-VOUCHD-KEY", b"X-DROPPED"))
    put(tmp_path / "2.ics", raw.replace(b"thank_you-dana@vouchd", b"other@uid.example"))
    assert drain(calendar(tmp_path))[0] == []


def test_a_broken_event_or_file_is_set_aside_and_said_once(tmp_path: Path):
    broken = ics(event(1), event(2)).replace(b"SUMMARY:Interview 1", b"SUMMARY:Lunch", 1)
    put(tmp_path / "1.ics", broken.replace(b"DTSTART:2026", b"DTSTART:soon", 1))
    put(tmp_path / "2.ics", b"hello")
    put(tmp_path / "3.ics", b"")
    put(tmp_path / "4.ics", ics(event(4)))
    news = calendar(tmp_path).changes(None)
    assert [e.uid for e in news.items] == ["e2@acme.example", "e4@acme.example"]
    assert [(Path(p.source).name, p.reason.partition(":")[0]) for p in news.parked] == [
        ("1.ics", 'event "Lunch"'),
        ("2.ics", "it is no calendar"),
        ("3.ics", "it is no calendar"),
    ]
    assert calendar(tmp_path).changes(news.cursor).parked == ()
    put(tmp_path / "2.ics", ics(event(3)))
    assert [e.uid for e in drain(calendar(tmp_path), news.cursor)[0]] == ["e3@acme.example"]


def test_an_absurd_file_is_set_aside(tmp_path: Path):
    put(tmp_path / "1.ics", ics(event(1)))
    with (tmp_path / "2.ics").open("wb") as file:
        file.truncate(70_000_000)
    news = calendar(tmp_path).changes(None)
    assert len(news.items) == 1
    assert [p.reason for p in news.parked] == ["longer than 60 MB: split the calendar"]


def test_an_unreadable_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path / "1.ics", ics(event(1)))
    with socket.socket(socket.AF_UNIX) as held:  # what not even root can read
        monkeypatch.chdir(tmp_path)
        held.bind("2.ics")
    news = calendar(tmp_path).changes(None)
    assert len(news.items) == 1
    assert [p.reason for p in news.parked] == [
        "cannot be read (No such device or address): make it readable"
    ]
    (tmp_path / "2.ics").unlink()
    put(tmp_path / "2.ics", ics(event(2)))
    assert [e.uid for e in drain(calendar(tmp_path), news.cursor)[0]] == ["e2@acme.example"]


def test_a_missing_folder_is_one_clear_line(tmp_path: Path):
    with pytest.raises(Unavailable, match=r"cal: is not there: mount or create it, or correct the"):
        calendar(tmp_path / "cal").changes(None)


def test_a_folder_that_may_not_be_listed_is_no_deletion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put(tmp_path / "work" / "1.ics", ics(event(1)))
    _, _, cursor = drain(calendar(tmp_path))
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("work"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(Unavailable, match="work: Permission denied: give this user access to it"):
        calendar(tmp_path).changes(cursor)


@pytest.mark.parametrize(
    "cursor", ["", "x", "{}", '{"ics":3}', '{"ics":1,"files":{"a":1},"dropped":[]}']
)
def test_a_cursor_of_another_kind_is_lost(tmp_path: Path, cursor: str):
    with pytest.raises(CursorLost):
        calendar(tmp_path).changes(cursor)


def test_a_file_of_broken_events_is_one_line(tmp_path: Path):
    good = "BEGIN:VEVENT\nUID:a\nDTSTART:20260401T090000Z\nSUMMARY:Talk\nEND:VEVENT\n"
    broken = "".join(f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:x{n}\nEND:VEVENT\n" for n in range(1_000))
    (tmp_path / "a.ics").write_text(f"BEGIN:VCALENDAR\n{broken}{good}END:VCALENDAR\n")
    news = FolderCalendar(tmp_path, zone=ZONE).changes(None)
    assert [event.uid for event in news.items] == ["a"]
    (parked,) = news.parked
    assert "1,000 of its events are like that" in parked.reason
    assert "\n" not in parked.reason


def test_a_bookmark_tells_neither_names_nor_uids_and_the_older_form_is_taken_over(tmp_path: Path):
    put(tmp_path / "1@acme.example.ics", ics(event(1)))
    put(tmp_path / "2@acme.example.ics", ics(event(2)))
    _, _, cursor = drain(calendar(tmp_path))
    assert "acme" not in cursor
    files = {}
    for path in tmp_path.iterdir():
        stamp, events = json.loads(cursor)["files"][print_of_uid(path.name)]
        files[path.name] = (stamp, dict.fromkeys(events, f"e{path.name[0]}@acme.example"))
    older = json.dumps({"ics": 1, "files": files, "dropped": []})
    (tmp_path / "1@acme.example.ics").unlink()
    found, gone, cursor = drain(calendar(tmp_path), older)
    assert (found, gone) == ([], [print_of_uid("e1@acme.example")])
    assert "acme" not in cursor
