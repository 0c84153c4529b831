"""A state file that is damaged, cut off or empty: its copy goes on, and one line tells it."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.conftest import World
from vouchd.daemon import mending
from vouchd.daemon.store import Store, StoreError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def damage_middle(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def other_bytes(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough" * 50)


HARMS = [damage_middle, cut_off, empty, other_bytes]


def filled(folder: Path) -> Path:
    with Store.open(folder) as store:
        for number in range(200):
            store.answer(f"key-{number}" + "x" * 200, "dismissed", NOW)
        store.back_up(NOW)
    return folder / "vouchd.db"


@pytest.mark.parametrize("harm", HARMS)
def test_the_copy_goes_on_and_one_line_tells_it(tmp_path: Path, harm):
    path = filled(tmp_path)
    harm(path)
    with Store.open(tmp_path) as store:
        assert len(store.answers()) == 200
        assert "was damaged: the copy of" in store.mended
        assert "\n" not in store.mended
    assert (tmp_path / "vouchd.db.damaged").exists(), "nothing is thrown away"
    assert path.stat().st_mode & 0o777 == 0o600
    with Store.open(tmp_path) as store:
        assert store.mended == "", "told once"


@pytest.mark.parametrize("harm", [damage_middle, cut_off, other_bytes])
def test_without_a_good_copy_it_says_the_way_out_and_touches_nothing(tmp_path: Path, harm):
    path = filled(tmp_path)
    (tmp_path / "vouchd.db.bak").write_bytes(b"also broken" * 500)
    harm(path)
    before = path.read_bytes()
    for opened in (Store.open, Store.copy):
        with pytest.raises(StoreError, match=r"is damaged"), opened(tmp_path) as store:
            store.answers()
    assert path.read_bytes() == before
    (tmp_path / "vouchd.db.bak").unlink()
    with pytest.raises(StoreError, match="move it away and start again"), Store.open(tmp_path) as s:
        s.answers()


def test_a_first_start_that_was_broken_off_is_no_damage(tmp_path: Path):
    (tmp_path / "vouchd.db").touch(0o600)
    with Store.open(tmp_path) as store:
        assert store.mended == ""


def test_a_copy_taken_of_a_damaged_file_does_not_replace_a_good_one(tmp_path: Path):
    filled(tmp_path)
    good = (tmp_path / "vouchd.db.bak").read_bytes()
    with Store.open(tmp_path) as store:
        store.answers()
        cut_off(tmp_path / "vouchd.db")
        at = datetime.fromtimestamp((tmp_path / "vouchd.db.bak").stat().st_mtime, UTC)
        with pytest.raises(StoreError, match="is damaged"):
            store.back_up(at + timedelta(days=2))
    assert (tmp_path / "vouchd.db.bak").read_bytes() == good


def test_a_journal_of_the_damaged_file_is_not_played_into_the_copy(tmp_path: Path):
    path = filled(tmp_path)
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        db.execute("UPDATE answers SET answer = 'done'")
        journal = (tmp_path / "vouchd.db-journal").read_bytes()
        db.execute("ROLLBACK")
    db.close()
    other_bytes(path)
    (tmp_path / "vouchd.db-journal").write_bytes(journal)
    with Store.open(tmp_path) as store:
        assert {a.answer for a in store.answers()} == {"dismissed"}


def test_dying_while_it_is_mended_leaves_one_or_the_other(tmp_path: Path, monkeypatch):
    path = filled(tmp_path)
    other_bytes(path)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        mending.mended(path)
    monkeypatch.undo()
    assert path.exists(), "at no moment is there none: a new one would know nothing"
    with Store.open(tmp_path) as store:
        assert len(store.answers()) == 200


def test_after_a_damage_nothing_is_written_twice(world: World):
    world.deliver(1)
    assert world.vouchd("once")[0] == 0
    there = world.lying()
    assert there
    world.deliver(2, text="Nothing of interest.", sender="A Friend <friend@mail.example>")
    assert world.vouchd("once")[0] == 0
    damage_middle(world.state / "vouchd.db")
    status, _, err = world.vouchd("once")
    assert status == 0
    assert err.count("was damaged") == 1
    assert world.lying() == there


def test_the_daemon_goes_on_with_the_copy_by_itself(world: World):
    import argparse

    from vouchd.daemon.console import configured
    from vouchd.daemon.loop import Job
    from vouchd.daemon.service import Daemon

    world.deliver(1)
    arguments = argparse.Namespace(config=str(world.config), json=False, debug=False)
    daemon = Daemon(arguments, configured(arguments))
    with daemon.signals.heard():
        daemon.round()
        daemon.back_up()
        there = world.lying()
        other_bytes(world.state / "vouchd.db")
        with pytest.raises(StoreError) as caught:
            daemon.round()
        daemon.failed(Job("round", timedelta(minutes=5), daemon.round), caught.value)
        daemon.round()
        daemon.close()
    assert "was damaged" in world.capsys.readouterr().err
    assert world.lying() == there


# --- what SQLite's own check does not see -------------------------------------------------------


def scribbled(path: Path, old: bytes, new: bytes) -> None:
    whole = path.read_bytes()
    assert whole.count(old) >= 1
    path.write_bytes(whole.replace(old, new[: len(old)].ljust(len(old), new[-1:])))


@pytest.mark.parametrize("new", [b"\xff", b"\x00", b'"', b"{", b"x"])
def test_words_that_were_scribbled_over_are_mended_and_never_quoted(world: World, new: bytes):
    world.deliver(1)
    assert world.vouchd("once")[0] == 0
    lying, path = world.lying(), world.state / "vouchd.db"
    scribbled(path, b'"signals":', new)
    status, _, err = world.vouchd("once")
    assert status == 0
    assert err.count("\n") == 1
    assert "was damaged: the copy of" in err
    assert "Acme" not in err
    assert world.lying() == lying
    assert world.vouchd("once")[::2] == (0, "")


def test_a_good_copy_is_not_replaced_by_one_with_scribbled_words(world: World):
    world.deliver(1)
    assert world.vouchd("once")[0] == 0
    copy = world.state / "vouchd.db.bak"
    good = copy.read_bytes()
    with Store.open(world.state) as store:
        with sqlite3.connect(store.path) as db:
            db.execute("UPDATE readings SET body = CAST(x'ff7b' || body AS TEXT)")
        db.close()
        with pytest.raises(StoreError, match="damaged"):
            store.back_up(NOW + timedelta(days=9))
        with pytest.raises(StoreError, match="damaged") as caught:
            list(store.readings())
    assert "Acme" not in str(caught.value)
    assert copy.read_bytes() == good


@pytest.mark.parametrize("size", [1, 15, 16, 100, 511, 512])
def test_a_few_bytes_that_are_left_are_no_new_beginning(tmp_path: Path, size: int):
    path = filled(tmp_path)
    os.truncate(path, size)
    with Store.open(tmp_path) as store:
        assert len(store.answers()) == 200
        assert "was damaged" in store.mended


def test_a_folder_in_its_place_is_told_with_the_way_out(tmp_path: Path):
    path = filled(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match=r"is a folder.*move it away.*vouchd\.db\.bak"):
        Store.open(tmp_path)
    path.rmdir()
    (tmp_path / "vouchd.db.bak").rename(path)
    with Store.open(tmp_path) as store:
        assert len(store.answers()) == 200
