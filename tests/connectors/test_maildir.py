"""A Maildir as programs leave it, and when it goes wrong."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from tests.connectors.test_mail_contract import drain, ids
from tests.connectors.worlds import ME, ZONE, eml
from vouchd.connectors import maildir
from vouchd.connectors.base import CursorLost, Parked, Unavailable
from vouchd.connectors.folders import Role
from vouchd.connectors.maildir import MaildirMail
from vouchd.connectors.maildir_tree import Tree, flags_of, unique_of


def make(root: Path, *folders: str) -> Path:
    for name in ("", *folders):
        for part in ("cur", "new", "tmp"):
            (root / name / part).mkdir(parents=True, exist_ok=True)
    return root


def lay(root: Path, place: str, number: int, **more: str) -> Path:
    path = root / place
    path.write_bytes(eml(number, **more))
    return path


def mailbox(root: Path, **tree: object) -> MaildirMail:
    return MaildirMail(Tree(root, **tree), me=(ME.email,), zone=ZONE)  # type: ignore[arg-type]


# --- folders ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "role"),
    [
        (".Sent", Role.SENT),
        (".Sent.2023", Role.SENT),
        ("Sent Items", Role.SENT),
        (".INBOX.Gesendete Objekte", Role.SENT),
        ("[Gmail]/Sent Mail", Role.SENT),
        (".Entw&APw-rfe", Role.DRAFTS),
        (".&kAFP4W4IMH8w4TD8MOs-", Role.SENT),
        ("Brouillons", Role.DRAFTS),
        ("&BCcENQRABD0EPgQyBDgEOgQ4-", Role.DRAFTS),
        (".Deleted Items", Role.TRASH),
        (".Trash.old", Role.TRASH),
        ("Papierkorb", Role.TRASH),
        ("Junk E-mail", Role.SPAM),
        ("Templates", Role.UNSENT),
        (".Jobs.Acme", Role.ORDINARY),
        ("Sent to press", Role.ORDINARY),
        ("R&-D", Role.ORDINARY),
    ],
)
def test_folders_are_known_by_their_names(tmp_path: Path, folder: str, role: Role):
    make(tmp_path, folder)
    assert [f.role for f in Tree(tmp_path).folders() if f.name] == [role]


def test_thunderbirds_tree_is_walked(tmp_path: Path):
    for name in ("Inbox", "Inbox.sbd/Jobs", "Sent"):
        (tmp_path / name / "cur").mkdir(parents=True)
        (tmp_path / name / "tmp").mkdir()
    names = {folder.name: folder.role for folder in Tree(tmp_path).folders()}
    assert names == {
        "Inbox": Role.ORDINARY,
        "Inbox/Jobs": Role.ORDINARY,
        "Sent": Role.SENT,
    }
    lay(tmp_path, "Inbox.sbd/Jobs/cur/1700000000123.eml", 1)
    lay(tmp_path, "Inbox/cur/x.eml", 2, extra="X-Mozilla-Status: 0009\n")
    lay(tmp_path, "Inbox/cur/y.eml", 3, extra="X-Mozilla-Status: 0001\n")
    found, _ = drain(mailbox(tmp_path))
    assert ids(found) == ["<m1@acme.example>", "<m3@acme.example>"], "0008 is thrown away"


def test_folders_may_be_configured(tmp_path: Path):
    make(tmp_path, ".Sent", ".Archive.Out", ".Later", ".Private")
    tree = Tree(tmp_path, sent=("Archive/Out",), drafts="later", skip=("Private",))
    assert {f.name: f.role for f in tree.folders()} == {
        "": Role.ORDINARY,
        "Sent": Role.ORDINARY,
        "Archive/Out": Role.SENT,
        "Later": Role.DRAFTS,
        "Private": Role.TRASH,
    }
    with pytest.raises(
        Unavailable, match=r'no folder "Outbound" for sent mail; there are: the inbox, Arch'
    ):
        Tree(tmp_path, sent=("Outbound",)).folders()


def test_a_link_in_a_circle_is_walked_once(tmp_path: Path):
    make(tmp_path, "a")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert len(Tree(tmp_path).folders()) == 2


def test_what_is_read_and_from_where(tmp_path: Path):
    make(tmp_path, ".Sent", ".Drafts", ".Trash", ".Spam", ".Jobs.Acme")
    lay(tmp_path, "cur/1.a:2,S", 1)
    lay(tmp_path, "new/2.a", 2)
    lay(tmp_path, ".Sent/cur/3.a:2,S", 3)
    lay(tmp_path, ".Drafts/cur/4.a:2,", 4)
    lay(tmp_path, ".Trash/cur/5.a:2,", 5)
    lay(tmp_path, ".Spam/cur/6.a:2,", 6)
    lay(tmp_path, ".Jobs.Acme/cur/7.a:2,FRS", 7)
    lay(tmp_path, "cur/8.a:2,DS", 8)
    lay(tmp_path, "cur/9.a:2,ST", 9)
    lay(tmp_path, "tmp/10.a", 10)
    lay(tmp_path, "cur/.hidden", 11)
    found, _ = drain(mailbox(tmp_path))
    assert {m.id[2:-14]: (m.folder, m.sent) for m in found} == {
        "1": ("INBOX", False),
        "2": ("INBOX", False),
        "3": ("Sent", True),
        "6": ("Spam", False),
        "7": ("Jobs/Acme", False),
    }


@pytest.mark.parametrize(
    ("name", "unique", "flags"),
    [
        ("1700.M1P2.host", "1700.M1P2.host", ""),
        ("1700.M1P2.host:2,RS", "1700.M1P2.host", "RS"),
        ("1700.M1P2.host,S=123,W=130:2,S", "1700.M1P2.host", "S"),
        ("1700_1.host,U=12,FMD5=abc:2,", "1700_1.host", ""),
        ("1700_1.host!2,DS", "1700_1.host", "DS"),
        ("1700_1.host;2,S", "1700_1.host", "S"),
        ("mail, of Monday.eml", "mail, of Monday.eml", ""),
    ],
)
def test_names_of_files(name: str, unique: str, flags: str):
    assert (unique_of(name), flags_of(name)) == (unique, flags)


# --- what is new -----------------------------------------------------------------------------


def test_reading_flagging_and_moving_make_nothing_new(tmp_path: Path):
    make(tmp_path, ".Archive")
    path = lay(tmp_path, "new/1.a", 1)
    box = mailbox(tmp_path)
    _, cursor = drain(box)
    for place in ("cur/1.a:2,S", "cur/1.a,U=7:2,RS", ".Archive/cur/1.a,U=1:2,S", "cur/1.a:2,FRS"):
        path = path.rename(tmp_path / place)
        found, cursor = drain(box, cursor)
        assert found == [], place
    (tmp_path / ".Archive").rename(tmp_path / ".Old")
    lay(tmp_path, ".Old/cur/2.a:2,S", 2)
    found, cursor = drain(box, cursor)
    assert ids(found) == ["<m2@acme.example>"]
    (tmp_path / ".Old").rename(tmp_path / ".Older")
    assert drain(mailbox(tmp_path), cursor)[0] == []


def test_two_mails_of_one_file_name_are_two(tmp_path: Path):
    make(tmp_path, "a", "b")
    lay(tmp_path, "a/cur/1.eml", 1)
    lay(tmp_path, "b/cur/1.eml", 2)
    box = mailbox(tmp_path)
    found, cursor = drain(box)
    assert len(found) == 2
    make(tmp_path, "c")
    lay(tmp_path, "c/cur/1.eml", 3)
    assert ids(drain(box, cursor)[0]) == ["<m3@acme.example>"]


def test_a_draft_that_loses_its_flag_is_a_mail(tmp_path: Path):
    make(tmp_path)
    path = lay(tmp_path, "cur/1.a:2,D", 1)
    box = mailbox(tmp_path)
    found, cursor = drain(box)
    assert found == []
    path.rename(tmp_path / "cur/1.a:2,S")
    assert ids(drain(box, cursor)[0]) == ["<m1@acme.example>"]


def test_a_copy_of_our_draft_among_all_mail_is_no_mail_until_it_has_travelled(tmp_path: Path):
    make(tmp_path, "All Mail")
    lay(tmp_path, "All Mail/cur/1.a:2,S", 1, extra="X-Vouchd-Key: k1\n")
    sent = b"Received: by smtp.example; Mon, 2 Mar 2026 10:00:00 +0000\n"
    (tmp_path / "All Mail/cur/2.a:2,S").write_bytes(sent + eml(2, extra="X-Vouchd-Key: k1\n"))
    found, _ = drain(mailbox(tmp_path))
    assert [(m.id, m.key) for m in found] == [("<m2@acme.example>", "k1")]


def test_a_round_that_finds_nothing_lists_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, ".Archive")
    for number in range(5):
        lay(tmp_path, f".Archive/cur/{number}.a:2,S", number)
    for folder in ("cur", "new", ".Archive/cur", ".Archive/new"):
        os.utime(tmp_path / folder, (1_700_000_000, 1_700_000_000))
    _, cursor = drain(mailbox(tmp_path))
    listed: list[Path] = []
    real = maildir._listing

    def listing(path: Path, known: set[int]) -> tuple[set[int], list[str]]:
        listed.append(path)
        return real(path, known)

    monkeypatch.setattr(maildir, "_listing", listing)
    news = mailbox(tmp_path).changes(cursor)
    assert (news.items, news.cursor, listed) == ((), cursor, [])
    lay(tmp_path, "new/9.a", 9)
    assert len(mailbox(tmp_path).changes(cursor).items) == 1
    assert listed == [tmp_path], "the folder that has changed, and no other"


def test_a_folder_that_changed_just_now_is_looked_at_again(tmp_path: Path):
    """The time of a folder may stand still within the tick of the disk's clock."""
    make(tmp_path)
    lay(tmp_path, "new/1.a", 1)
    box = mailbox(tmp_path)
    _, cursor = drain(box)
    before = (tmp_path / "new").stat()
    lay(tmp_path, "new/2.a", 2)
    os.utime(tmp_path / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ids(drain(box, cursor)[0]) == ["<m2@acme.example>"]


def test_the_cursor_is_small(tmp_path: Path):
    make(tmp_path)
    for number in range(300):
        lay(tmp_path, f"cur/17000000{number:04}.M{number}P1.a-long-host-name,S=1234:2,S", number)
    _, cursor = drain(mailbox(tmp_path))
    assert len(cursor) < 300 * 12 + 200


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "{}", "[]", "null", '{"maildir":1}', '{"maildir":1,"folders":{"":[1]},"retry":[]}'],
)
def test_a_cursor_of_another_kind_is_lost(tmp_path: Path, cursor: str):
    with pytest.raises(CursorLost):
        mailbox(make(tmp_path)).changes(cursor)


# --- when it goes wrong ----------------------------------------------------------------------


def test_a_missing_folder_is_one_clear_line(tmp_path: Path):
    with pytest.raises(
        Unavailable, match=r"Mail: there is no Maildir: mount or create it, or correct"
    ):
        mailbox(tmp_path / "Mail").changes(None)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"file: is a file, not a Maildir"):
        mailbox(tmp_path / "file").changes(None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unavailable, match=r"empty: is no Maildir, no folder in it has a `cur`"):
        mailbox(tmp_path / "empty").changes(None)


def test_a_broken_message_is_set_aside_and_the_next_one_read(tmp_path: Path):
    make(tmp_path)
    (tmp_path / "cur/1.a").write_bytes(b"")
    (tmp_path / "cur/2.a").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "cur/3.a").mkdir()
    lay(tmp_path, "cur/4.a", 4)
    news = mailbox(tmp_path).changes(None)
    assert ids(list(news.items)) == ["<m4@acme.example>"]
    assert [p.source for p in news.parked] == [str(tmp_path / "cur/1.a"), str(tmp_path / "cur/2.a")]
    assert news.parked[0].reason.startswith("it is empty")
    again = mailbox(tmp_path).changes(news.cursor)
    assert again.parked == (), "said once"


def test_an_unreadable_message_is_read_once_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make(tmp_path)
    lay(tmp_path, "cur/2.a", 2)
    path = tmp_path / "cur/1.a"
    with socket.socket(socket.AF_UNIX) as held:  # what not even root can read
        monkeypatch.chdir(tmp_path / "cur")  # a socket's path must be short
        held.bind("1.a")
    box = mailbox(tmp_path)
    news = box.changes(None)
    assert ids(list(news.items)) == ["<m2@acme.example>"]
    (parked,) = news.parked
    assert isinstance(parked, Parked)
    assert parked.source == str(path)
    assert "cannot be read (No such device or address): make it readable" in parked.reason
    times = (tmp_path / "cur").stat()
    path.unlink()
    lay(tmp_path, "cur/1.a", 1)
    os.utime(tmp_path / "cur", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert ids(drain(box, news.cursor)[0]) == ["<m1@acme.example>"]


def test_a_pipe_among_the_mail_holds_nobody_up(tmp_path: Path):
    make(tmp_path)
    os.mkfifo(tmp_path / "cur/1.a")
    (parked,) = mailbox(tmp_path).changes(None).parked
    assert parked.reason.startswith("it is empty")


def test_a_message_that_is_moved_while_we_read_is_found_again(tmp_path: Path):
    make(tmp_path)
    for number in (1, 2):
        lay(tmp_path, f"new/{number}.a", number)
    box = MaildirMail(Tree(tmp_path), me=(), zone=ZONE, portion=1)
    first = box.changes(None)
    assert first.more
    (tmp_path / "new/2.a").rename(tmp_path / "cur/2.a:2,S")
    found, cursor = drain(box, first.cursor)
    later, _ = drain(box, cursor)
    assert ids([*found, *later]) == ["<m2@acme.example>"]


def test_a_folder_that_may_not_be_listed_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make(tmp_path, ".Locked")
    lay(tmp_path, "cur/1.a", 1)
    real = maildir._listing

    def listing(path: Path, known: set[int]) -> tuple[set[int], list[str]]:
        if path.name == ".Locked":
            raise PermissionError(13, "Permission denied")
        return real(path, known)

    monkeypatch.setattr(maildir, "_listing", listing)
    box = mailbox(tmp_path)
    news = box.changes(None)
    assert len(news.items) == 1
    assert news.parked == (
        Parked(str(tmp_path / ".Locked"), "Permission denied: give this user access to it"),
    )
    monkeypatch.undo()
    lay(tmp_path, ".Locked/cur/2.a", 2)
    assert ids(drain(box, news.cursor)[0]) == ["<m2@acme.example>"]


def forbid(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let the system refuse these folders, as it does to all but root."""
    real_scan, real_stat = os.scandir, Path.stat

    def scan(path: Path) -> object:
        if Path(path) in folders:
            raise PermissionError(13, "Permission denied")
        return real_scan(path)

    def stat(path: Path, **more: bool) -> os.stat_result:
        if path.parent in folders:
            raise PermissionError(13, "Permission denied")
        return real_stat(path, **more)

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(Path, "stat", stat)


def test_a_folder_that_may_not_be_entered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, ".Locked", "lost+found")
    lay(tmp_path, "cur/1.a", 1)
    forbid(monkeypatch, tmp_path / ".Locked", tmp_path / "lost+found")
    news = mailbox(tmp_path).changes(None)
    assert len(news.items) == 1
    assert news.parked == (
        Parked(str(tmp_path / ".Locked"), "Permission denied: give this user access to it"),
    )


def test_without_the_sent_mail_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, ".Sent")
    lay(tmp_path, "cur/1.a", 1)
    forbid(monkeypatch, tmp_path / ".Sent")
    with pytest.raises(Unavailable, match=r"\.Sent: Permission denied: give this user access"):
        mailbox(tmp_path).changes(None)
    monkeypatch.undo()
    assert len(mailbox(tmp_path).changes(None).items) == 1


@pytest.mark.parametrize("name", [".Sent", "Sent", "work/Sent"])
def test_sent_mail_that_has_lost_its_cur_is_told_and_nothing_is_read(tmp_path: Path, name: str):
    make(tmp_path, name)
    lay(tmp_path, f"{name}/cur/1.a", 1)
    cursor = mailbox(tmp_path).changes(None).cursor
    (tmp_path / name / "cur").rename(tmp_path / "away")
    lay(tmp_path, "cur/2.a", 2)
    with pytest.raises(Unavailable, match=f"{name}: has lost its `cur`: put it back"):
        mailbox(tmp_path).changes(cursor)
    (tmp_path / "away").rename(tmp_path / name / "cur")
    assert len(mailbox(tmp_path).changes(cursor).items) == 1
    shutil.rmtree(tmp_path / name)  # a folder that is gone as a whole was taken away
    assert mailbox(tmp_path).changes(cursor).cursor
