"""Drafts in a Maildir beside the hands of a user and their programs."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.connectors.test_maildir import make
from tests.connectors.worlds import ME, NOW, MboxMailbox, draft, eml
from vouchd.connectors.base import Changed, Refused, Unavailable
from vouchd.connectors.drafts import DraftShelf, beside
from vouchd.connectors.maildir_tree import Tree
from vouchd.connectors.mbox import sent_since
from vouchd.connectors.mime import compose
from vouchd.rules.model import Found, fingerprint

KEY = "thank_you-dana"


def shelf(tree: Tree | Path, now: datetime = NOW) -> DraftShelf:
    tree = tree if isinstance(tree, Tree) else Tree(tree)
    return DraftShelf(tree, sender=ME, now=lambda: now)


def files(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def found(on: DraftShelf, handle: str) -> list[Found]:
    return list(on.found({handle: KEY}))


def without_marks(raw: bytes) -> bytes:
    """Return a mail as a program leaves it that writes the header anew."""
    lines = raw.split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith((b"X-Vouchd", b"Message-ID")))


def test_a_draft_is_a_file_of_the_drafts_folder_with_its_flag(tmp_path: Path):
    make(tmp_path, ".Drafts")
    handle = shelf(tmp_path).write(KEY, draft())
    (name,) = files(tmp_path)
    assert name == f".Drafts/cur/{handle}:2,DS"
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("folders", "drafts", "made"),
    [
        ((".Sent",), None, ".Drafts"),
        ((), None, ".Drafts"),
        (("Sent",), None, "Drafts"),
        ((".Sent",), "vouchd", ".vouchd"),
        (("Sent",), "Mine/vouchd", "Mine/vouchd"),
        (("Entw&APw-rfe", "Templates"), None, "Entw&APw-rfe"),
        (("Outbox", "Drafts", "Archive/Drafts"), None, "Drafts"),
    ],
)
def test_the_drafts_folder_is_found_or_made_in_the_style_of_the_tree(
    tmp_path: Path, folders: tuple[str, ...], drafts: str | None, made: str
):
    make(tmp_path, *folders)
    tree = Tree(tmp_path, drafts=drafts)
    shelf(tree).write(KEY, draft())
    assert {p.name for p in (tmp_path / made).iterdir()} >= {"cur", "new", "tmp"}
    assert len(list((tmp_path / made / "cur").iterdir())) == 1
    assert [f.key for f in shelf(tree).found({})] == [KEY]


def test_flags_and_sync_marks_do_not_make_it_another(tmp_path: Path):
    make(tmp_path, ".Drafts")
    handle = shelf(tmp_path).write(KEY, draft())
    cur = tmp_path / ".Drafts" / "cur"
    (cur / f"{handle}:2,DS").rename(cur / f"{handle},U=12:2,DFS")
    (one,) = found(shelf(tmp_path), handle)
    assert (one.handle, one.untouched) == (handle, True)
    shelf(tmp_path).rewrite(handle, draft("new words"), fingerprint(draft()))
    assert len(files(tmp_path)) == 1, "a new text is a new file, and the old one is gone"


def test_what_is_marked_for_deletion_is_gone(tmp_path: Path):
    make(tmp_path, ".Drafts")
    handle = shelf(tmp_path).write(KEY, draft())
    cur = tmp_path / ".Drafts" / "cur"
    (cur / f"{handle}:2,DS").rename(cur / f"{handle}:2,DST")
    assert found(shelf(tmp_path), handle) == []


def test_what_is_in_the_trash_is_gone_and_what_is_elsewhere_is_not(tmp_path: Path):
    make(tmp_path, ".Drafts", ".Trash", ".Later")
    handle = shelf(tmp_path).write(KEY, draft())
    path = tmp_path / ".Drafts" / "cur" / f"{handle}:2,DS"
    path = path.rename(tmp_path / ".Later" / "cur" / path.name)
    (one,) = found(shelf(tmp_path), handle)
    assert (one.handle, one.untouched) == (handle, True)
    handle = shelf(tmp_path).rewrite(handle, draft("new"), fingerprint(draft()))
    (name,) = files(tmp_path)
    assert name.startswith(".Later/cur/")
    (tmp_path / name).rename(tmp_path / ".Trash" / "cur" / Path(name).name)
    assert found(shelf(tmp_path), handle) == []


def test_a_draft_saved_anew_by_another_program_is_the_same_one(tmp_path: Path):
    """It has another file name, another Message-ID and none of our fields."""
    make(tmp_path, ".Drafts")
    handle = shelf(tmp_path).write(KEY, draft())
    path = tmp_path / ".Drafts" / "cur" / f"{handle}:2,DS"
    raw = without_marks(path.read_bytes()).replace(b"Dear Dana", b"Dearest Dana")
    path.unlink()
    (path.parent / "1800.M1.host:2,D").write_bytes(raw)
    (one,) = found(shelf(tmp_path), handle)
    assert (one.key, one.mark, one.sent, one.untouched) == (KEY, None, False, False)
    assert list(shelf(tmp_path).found({})) == [], "known by its handle alone"


@pytest.mark.parametrize("keeps", ["all", "identity", "words"])
def test_a_sent_draft_is_known_by_key_identity_or_by_what_it_says(tmp_path: Path, keeps: str):
    make(tmp_path, ".Drafts", ".Sent")
    handle = shelf(tmp_path).write(KEY, draft())
    path = tmp_path / ".Drafts" / "cur" / f"{handle}:2,DS"
    raw = path.read_bytes()
    if keeps == "identity":
        raw = raw.replace(b"X-Vouchd-", b"X-").replace(b"Subject: ", b"Subject: Oh, ")
    elif keeps == "words":
        raw = without_marks(raw)
    path.unlink()
    (tmp_path / ".Sent/cur/1800.M1.host:2,S").write_bytes(raw)
    (one,) = found(shelf(tmp_path), handle)
    assert (one.key, one.handle, one.sent) == (KEY, handle, True)


def test_an_older_mail_to_the_same_person_is_no_sign_of_sending(tmp_path: Path):
    make(tmp_path, ".Drafts", ".Sent")
    before = compose(draft(), key="k", sender=ME, stamp=NOW - timedelta(days=30))
    (tmp_path / ".Sent/cur/1600.M1.host:2,S").write_bytes(without_marks(before))
    handle = shelf(tmp_path).write(KEY, draft())
    (tmp_path / ".Drafts" / "cur" / f"{handle}:2,DS").unlink()
    assert found(shelf(tmp_path), handle) == []


def test_a_mail_of_somebody_elses_is_no_sign_of_sending(tmp_path: Path):
    make(tmp_path, ".Drafts", ".Sent")
    handle = shelf(tmp_path).write(KEY, draft())
    path = tmp_path / ".Drafts" / "cur" / f"{handle}:2,DS"
    theirs = without_marks(path.read_bytes()).replace(b"sam@example.org", b"eve@example.net")
    path.unlink()
    (tmp_path / ".Sent/cur/1800.M1.host:2,S").write_bytes(theirs)
    assert found(shelf(tmp_path), handle) == []


def test_two_of_one_key_are_both_shown(tmp_path: Path):
    """As a power cut leaves them between writing the new one and taking the old one away."""
    make(tmp_path, ".Drafts")
    handle = shelf(tmp_path).write(KEY, draft())
    path = tmp_path / ".Drafts" / "cur" / f"{handle}:2,DS"
    held = path.read_bytes()
    newer = shelf(tmp_path).rewrite(handle, draft("new"), fingerprint(draft()))
    path.write_bytes(held)
    assert sorted(f.handle for f in shelf(tmp_path).found({})) == sorted([handle, newer])
    shelf(tmp_path).remove(handle, fingerprint(draft()))
    assert [f.handle for f in shelf(tmp_path).found({})] == [newer]


def test_the_mailbox_may_hold_broken_drafts(tmp_path: Path):
    make(tmp_path, ".Drafts")
    (tmp_path / ".Drafts/cur/1.a:2,D").write_bytes(b"")
    (tmp_path / ".Drafts/cur/2.a:2,D").write_bytes(b"hello")
    handle = shelf(tmp_path).write(KEY, draft())
    assert [f.handle for f in shelf(tmp_path).found({})] == [handle]


def test_a_maildir_beside_an_mbox(tmp_path: Path):
    path = tmp_path / "All mail.mbox"
    path.write_bytes(b"From x Mon Mar 02 10:00:00 2026\n" + eml(1))
    on = DraftShelf(beside(path), sender=ME, now=lambda: NOW, sent=partial(sent_since, path))
    assert list(on.found({})) == []
    assert not (tmp_path / "All mail.drafts").exists(), "looking makes nothing"
    handle = on.write(KEY, draft())
    assert files(tmp_path)[0] == f"All mail.drafts/cur/{handle}:2,DS"


@pytest.mark.parametrize("made", [(), ("cur",), ("cur", "new")])
def test_a_drafts_folder_that_was_half_made_is_made_whole(tmp_path: Path, made: tuple[str, ...]):
    world = MboxMailbox(tmp_path)
    world.root.mkdir()
    for part in made:
        (world.root / part).mkdir()
    assert list(world.shelf().found({})) == []
    world.shelf().write("k", draft())
    assert len(list(world.shelf().found({}))) == 1


def test_a_missing_mailbox_is_not_made(tmp_path: Path):
    for missing in (Tree(tmp_path / "Mail"), beside(tmp_path / "gone" / "a.mbox")):
        with pytest.raises(Unavailable, match=r"there is no (Maildir|folder): mount or create it"):
            shelf(missing).write(KEY, draft())
        with pytest.raises(Unavailable):
            list(shelf(missing).found({}))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str):
    make(tmp_path, ".Drafts")
    handle = shelf(tmp_path).write(KEY, draft())

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
            shelf(tmp_path).rewrite(handle, draft("new"), fingerprint(draft()))
        with pytest.raises(Unavailable, match="the disk is full"):
            shelf(tmp_path).write("other", draft("new"))
    assert [f.print for f in shelf(tmp_path).found({})] == [fingerprint(draft())]
    assert len(files(tmp_path)) == 1, "no rests lie about"


def test_a_forbidden_folder_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, ".Drafts")

    def forbidden(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(Unavailable, match=r"not allowed \(Read-only file system\): give this user"):
        shelf(tmp_path).write(KEY, draft())


def test_a_bad_address_or_a_missing_attachment_is_refused(tmp_path: Path):
    make(tmp_path, ".Drafts")
    with pytest.raises(Refused):
        shelf(tmp_path).write(KEY, replace(draft(), attachments=(str(tmp_path / "cv.pdf"),)))
    assert files(tmp_path) == []


def test_a_handle_of_nowhere_is_changed(tmp_path: Path):
    make(tmp_path, ".Drafts")
    for handle in ("nothing", "../../etc/passwd", ""):
        with pytest.raises(Changed):
            shelf(tmp_path).remove(handle, "x")
