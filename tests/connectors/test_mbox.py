"""An mbox as Google Takeout exports it and programs append to it, and when it goes wrong."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from tests.connectors.test_mail_contract import drain, ids
from tests.connectors.worlds import ME, ZONE, eml
from vouchd.connectors import mbox
from vouchd.connectors.base import CursorLost, Unavailable
from vouchd.connectors.mbox import MboxMail, messages

LINE = b"From 1789@xxx Mon Mar 02 10:00:00 +0000 2026\n"


def box(path: Path) -> MboxMail:
    return MboxMail(path, me=(ME.email,), zone=ZONE)


def write(path: Path, *mails: bytes) -> Path:
    path.write_bytes(b"".join(LINE + mail + b"\n" for mail in mails))
    return path


def texts(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return [piece.raw for piece in messages(file)]


def test_messages_are_parted_at_their_lines_alone(tmp_path: Path):
    tricky = (
        eml(1) + b"\nFrom here on it is easy.\n\nFrom Monday 10:00 in 2026\nwe meet\n>not quoted\n"
    )
    quoted = eml(2) + b"\n>From the start.\n>>From twice.\n"
    path = write(tmp_path / "a.mbox", tricky, quoted, eml(3))
    first, second, third = texts(path)
    assert first.rstrip() == tricky.rstrip()
    assert second.endswith(b"\nFrom the start.\n>From twice.\n\n")
    assert third.startswith(b"From: Someone")


def test_line_ends_of_another_system(tmp_path: Path):
    path = tmp_path / "a.mbox"
    whole = b"".join(LINE + eml(n) + b"\n" for n in (1, 2))
    path.write_bytes(whole.replace(b"\n", b"\r\n"))
    assert ids(drain(box(path))[0]) == ["<m1@acme.example>", "<m2@acme.example>"]


def test_messages_across_every_edge_of_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(tmp_path / "a.mbox", *(eml(n) for n in range(12)))
    whole = texts(path)
    assert len(whole) == 12
    for size in (4096, 151, 152, 97, 61):
        monkeypatch.setattr(mbox, "_BLOCK", size)
        assert texts(path) == whole, size


def test_gmails_labels_and_threads(tmp_path: Path):
    path = write(
        tmp_path / "All mail Including Spam and Trash.mbox",
        eml(1, extra="X-GM-THRID: 17\nX-Gmail-Labels: Inbox,Important\n"),
        eml(2, extra="X-GM-THRID: 17\nX-Gmail-Labels: =?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=\n"),
        eml(3, extra="X-Gmail-Labels: Drafts\n"),
        eml(4, extra="X-Gmail-Labels: Trash,Unread\n"),
        eml(5, extra="X-Gmail-Labels: Spam,Category Updates\n"),
        eml(6, extra='X-Gmail-Labels: =?UTF-8?Q?"Papierkorb",_Gesendet?=\n'),
        eml(7, extra="X-Mozilla-Status: 0008\n"),
        eml(8, extra="X-Vouchd-Key: k1\nX-Gmail-Labels: Drafts,Important\n"),
        eml(9, extra="X-Vouchd-Key: k1\nX-Gmail-Labels: Sent\n"),
    )
    found, _ = drain(box(path))
    assert {m.id[2:-14]: (m.sent, m.thread, m.key) for m in found} == {
        "1": (False, "gmail:17", None),
        "2": (True, "gmail:17", None),
        "5": (False, "<m5@acme.example>", None),
        "9": (True, "<m9@acme.example>", "k1"),
    }


def test_a_folder_of_mbox_files(tmp_path: Path):
    write(tmp_path / "Inbox.mbox", eml(1))
    write(tmp_path / "Sent.mbox", eml(2))
    write(tmp_path / "Trash.mbox", eml(3))
    (tmp_path / "archive_browser.html").write_text("<html>")
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "Jobs", eml(4))
    found, cursor = drain(box(tmp_path))
    assert [(m.id[2:-14], m.sent) for m in found] == [("1", False), ("2", True), ("4", False)]
    write(tmp_path / "New.mbox", eml(5))
    assert ids(drain(box(tmp_path), cursor)[0]) == ["<m5@acme.example>"]


def test_one_broken_message_does_not_end_the_run(tmp_path: Path):
    path = write(tmp_path / "a.mbox", eml(1), b"X-Odd: \xff\xfe\n\n\0\0\0\n", eml(3))
    news = box(path).changes(None)
    assert ids(list(news.items)) == ["<m1@acme.example>", "<m3@acme.example>"]
    (parked,) = news.parked
    assert parked.source == f"{path}, byte {len(LINE + eml(1)) + 1}"
    assert parked.reason.startswith("it is no mail")


def test_a_message_without_a_date_came_when_its_line_says(tmp_path: Path):
    path = write(tmp_path / "a.mbox", eml(1).replace(b"Date:", b"X-Date:"))
    (message,), _ = drain(box(path))
    assert message.at.isoformat() == "2026-03-02T10:00:00+00:00"


def test_what_is_appended_without_an_empty_line_is_found(tmp_path: Path):
    path = write(tmp_path / "a.mbox", eml(1))
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    _, cursor = drain(box(path))
    for glue in (b"\n\n", b"\n"):
        with path.open("ab") as file:
            file.write(glue + LINE + eml(2) + b"\n")
        found, _ = drain(box(path), cursor)
        assert "<m2@acme.example>" in ids(found), glue
        path.write_bytes(path.read_bytes()[: -len(glue + LINE + eml(2) + b"\n")])


@pytest.mark.parametrize("change", ["shorter", "beginning", "end"])
def test_a_file_that_was_written_anew_is_noticed(tmp_path: Path, change: str):
    path = write(tmp_path / "a.mbox", *(eml(n) for n in range(200)))
    _, cursor = drain(box(path))
    data = path.read_bytes()
    path.write_bytes(
        {
            "shorter": data[: len(data) // 2],
            "beginning": data.replace(b"Mail 0", b"Mail X", 1),
            "end": data.replace(b"Words of mail 199", b"Lines of mail 199"),
        }[change]
    )
    with pytest.raises(CursorLost, match=r"a\.mbox: was written anew: it is read from the top"):
        box(path).changes(cursor)


@pytest.mark.parametrize(
    "cursor", ["", "x", "{}", '{"mbox":2,"files":{}}', '{"mbox":1,"files":{"a":1}}']
)
def test_a_cursor_of_another_kind_is_lost(tmp_path: Path, cursor: str):
    with pytest.raises(CursorLost):
        box(write(tmp_path / "a.mbox", eml(1))).changes(cursor)


def test_what_is_no_mbox_is_one_clear_line(tmp_path: Path):
    with pytest.raises(Unavailable, match=r"a\.mbox: is not there: mount or create it, or correct"):
        box(tmp_path / "a.mbox").changes(None)
    (tmp_path / "b.mbox").write_text("hello\n")
    with pytest.raises(Unavailable, match=r"b\.mbox: is no mbox"):
        box(tmp_path / "b.mbox").changes(None)
    (tmp_path / "c").mkdir()
    with pytest.raises(Unavailable, match=r"c: there is no mbox file in it"):
        box(tmp_path / "c").changes(None)


def test_a_locked_file_is_left_for_the_next_time(tmp_path: Path):
    path = write(tmp_path / "a.mbox", eml(1))
    dot = tmp_path / "a.mbox.lock"
    dot.touch()
    with pytest.raises(Unavailable, match=r"is locked by another program \(a\.mbox\.lock\)"):
        box(path).changes(None)
    dot.unlink()
    script = (
        "import fcntl, sys\n"
        "held = open(sys.argv[1], 'r+b')\n"
        "fcntl.lockf(held, fcntl.LOCK_EX)\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(Unavailable, match="is locked by another program: it is read the next"):
            box(path).changes(None)
        other.communicate()
    assert len(drain(box(path))[0]) == 1


def test_a_disk_without_locks_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def lockf(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "lockf", lockf)
    assert len(drain(box(write(tmp_path / "a.mbox", eml(1))))[0]) == 1


def test_a_great_file_is_read_as_a_stream(tmp_path: Path):
    path = tmp_path / "a.mbox"
    with path.open("wb") as file:
        for number in range(40):
            file.write(LINE + eml(number) + b"x" * 76 * 13_000 + b"\n\n")
    assert os.path.getsize(path) > 38_000_000  # noqa: PTH202
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            assert sum(1 for _ in messages(file)) == 40
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
