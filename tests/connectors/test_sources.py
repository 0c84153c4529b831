"""What lies at a path, whatever it is, in the order of names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.connectors.test_maildir import lay, make
from tests.connectors.worlds import ME, NOW, ZONE, eml, event, follow_up, ics
from vouchd.connectors.base import Parked, Unavailable
from vouchd.connectors.ical_ours import compose
from vouchd.connectors.sources import Kind, open_path, read_calendar, read_mail

LINE = b"From x@y Mon Mar 02 10:00:00 2026\n"


def names(path: Path) -> list[str]:
    return [item.name for item in open_path(path)]


def subjects(path: Path) -> list[str]:
    found = read_mail(path, me=(ME.email,), zone=ZONE)
    return [f"! {one.source}" if isinstance(one, Parked) else one.subject for one in found]


def test_one_file(tmp_path: Path):
    (tmp_path / "1.eml").write_bytes(eml(1))
    (tmp_path / "2.ics").write_bytes(ics(event(1), event(2)))
    (tmp_path / "3").write_bytes(LINE + eml(3) + b"\n" + LINE + eml(4))
    (tmp_path / "4.txt").write_bytes(eml(5))
    (mail,) = open_path(tmp_path / "1.eml")
    assert (mail.name, mail.kind, mail.raw, mail.error) == ("1.eml", Kind.MAIL, eml(1), None)
    (calendar,) = open_path(tmp_path / "2.ics")
    assert (calendar.name, calendar.kind) == ("2.ics", Kind.CALENDAR)
    assert names(tmp_path / "3") == ["3#1", "3#2"]
    assert names(tmp_path / "4.txt") == ["4.txt"]
    events = read_calendar(tmp_path / "2.ics", zone=ZONE)
    assert [e.uid for e in events if not isinstance(e, Parked)] == [
        "e1@acme.example",
        "e2@acme.example",
    ]


def test_a_folder_of_anything(tmp_path: Path):
    (tmp_path / "b.eml").write_bytes(eml(1))
    (tmp_path / "a.ics").write_bytes(ics(event(1)))
    (tmp_path / "b.json").write_text('{"From: x": 1}')
    (tmp_path / "README").write_text("Notes:\nnothing of interest\n")
    (tmp_path / ".hidden.eml").write_bytes(eml(9))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.mbox").write_bytes(LINE + eml(2) + b"\n" + LINE + eml(3))
    make(tmp_path / "Mail", ".Sent")
    lay(tmp_path, "Mail/cur/1.x:2,S", 4)
    lay(tmp_path, "Mail/.Sent/new/2.x", 5)
    lay(tmp_path, "Mail/tmp/3.x", 6)
    assert names(tmp_path) == [
        "Mail/.Sent/new/2.x",
        "Mail/cur/1.x:2,S",
        "a.ics",
        "b.eml",
        "sub/c.mbox#1",
        "sub/c.mbox#2",
    ]


def test_as_a_mailbox_drafts_and_trash_are_left_out(tmp_path: Path):
    make(tmp_path, ".Sent", ".Drafts", ".Trash")
    lay(tmp_path, "cur/1.x:2,S", 1)
    lay(tmp_path, "cur/2.x:2,D", 2)
    lay(tmp_path, "cur/3.x:2,T", 3)
    lay(tmp_path, ".Sent/cur/4.x:2,S", 4)
    lay(tmp_path, ".Drafts/cur/5.x:2,S", 5)
    lay(tmp_path, ".Trash/cur/6.x:2,S", 6)
    lay(tmp_path, "cur/7.x:2,S", 7, extra="X-Vouchd-Key: k\n")
    box = LINE + eml(8, extra="X-Gmail-Labels: Drafts\n") + b"\n"
    (tmp_path / "z.mbox").write_bytes(box + LINE + eml(9, extra="X-Gmail-Labels: Sent\n"))
    found = {
        m.subject: m.sent
        for m in read_mail(tmp_path, me=(), zone=ZONE)
        if not isinstance(m, Parked)
    }
    assert found == {"Mail 1": False, "Mail 4": True, "Mail 9": True}
    assert len(names(tmp_path)) == 9, "but they are there to be looked at"


def test_what_cannot_be_read_is_named_and_the_next_one_read(tmp_path: Path):
    (tmp_path / "1.eml").write_bytes(b"")
    os.mkfifo(tmp_path / "2.eml")
    (tmp_path / "3.eml").symlink_to(tmp_path / "3.eml")
    (tmp_path / "4.eml").write_bytes(eml(4))
    assert subjects(tmp_path) == ["! 1.eml", "! 2.eml", "! 3.eml", "Mail 4"]
    errors = [item.error for item in open_path(tmp_path)]
    assert errors[3] is None
    assert errors[2] == "cannot be read (Too many levels of symbolic links): make it readable"


def test_a_folder_that_may_not_be_looked_into_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "closed").mkdir()
    (tmp_path / "1.eml").write_bytes(eml(1))
    real = os.scandir

    def scan(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)
    assert subjects(tmp_path) == ["Mail 1", "! closed"]
    (parked,) = read_calendar(tmp_path, zone=ZONE)
    assert parked == Parked(
        "closed", "cannot be read (Permission denied): give this user access to it"
    )


def test_events_of_ours_are_no_events_of_a_calendar(tmp_path: Path):
    (tmp_path / "1.ics").write_bytes(compose(follow_up(), key="k", stamp=NOW))
    (tmp_path / "2.ics").write_bytes(b"hello")
    (tmp_path / "3.ics").write_bytes(ics(event(3)))
    found = list(read_calendar(tmp_path, zone=ZONE))
    assert found[0] == Parked("2.ics", "it is no calendar: it has no BEGIN:VCALENDAR")
    assert [e.uid for e in found[1:] if not isinstance(e, Parked)] == ["e3@acme.example"]


def test_nothing_there_is_one_clear_line(tmp_path: Path):
    with pytest.raises(Unavailable, match="gone: is not there"):
        names(tmp_path / "gone")
    assert names(tmp_path) == []
