"""Each step in turn fails instead of being the last: nothing is lost, doubled, or held on to."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
import requests

from tests.crash.cases import complaints
from tests.crash.disk import Disk
from tests.crash.houses import House, house
from tests.crash.steps import Step, watched
from tests.crash.story import SHORT, Chapter, one_mind, turn, undisturbed
from tests.crash.test_crash import COMPLETE
from vouchd.daemon.database import Database
from vouchd.daemon.statefile import StoreError, holder

#: Of how many steps one is tried.
STRIDE = {"maildir": 83, "google": 151}
_CODES = (errno.EIO, errno.ENOSPC, errno.EMFILE, errno.EROFS, errno.EDQUOT)
_WORDS = ("disk I/O error", "database or disk is full", "unable to open database file")


def fault(step: Step) -> Exception:
    """Return what goes wrong with a step, another thing from one to the next."""
    if step.kind in ("request", "answer"):
        return (requests.ConnectionError, requests.Timeout)[step.number % 2]("cut")
    if step.kind.isupper() or step.kind == "backup":
        return sqlite3.OperationalError(_WORDS[step.number % len(_WORDS)])
    code = _CODES[step.number % len(_CODES)]
    return OSError(code, os.strerror(code), step.what)


def failed(living: House, chapter: Chapter, number: int, *, onward: bool) -> Step | None:
    """Do a turn in which one step fails, and `onward` all that follow; None: it has no such."""
    hit: list[Step] = []

    def reached(step: Step) -> None:
        if step.number == number or (onward and step.number > number and step.kind != "ROLLBACK"):
            hit.append(step)
            raise fault(step)

    disk = Disk(living.folder)
    disk.settle()
    with suppress(StoreError), watched(living.folder, disk, reached):
        turn(living, chapter.at)
    return hit[0] if hit else None


def places(stride: int) -> Iterator[tuple[int, bool]]:
    """Yield numbers of steps without an end, every other time for all that follow, too."""
    yield from ((stride // 2 + turn * stride, bool(turn % 2)) for turn in count())


@pytest.mark.parametrize("kind", STRIDE)
def test_a_step_that_fails_loses_and_doubles_nothing(kind: str, world: Path, record_property):
    tried, wrong = 0, []
    stride = 3 * int(COMPLETE) if COMPLETE else STRIDE[kind]
    with house(kind, world) as living, one_mind():
        lived = undisturbed(living, SHORT)
        for chapter, (before, wanted) in zip(SHORT, lived, strict=True):
            for number, onward in places(stride):
                living.put_back(before)
                step = failed(living, chapter, number, onward=onward)
                if step is None:
                    break
                tried += 1
                assert holder(living.folder / "state") is None, f"{step}: the lock is still held"
                wrong += [f"{step}: {words}" for words in complaints(living, chapter, wanted)]
    record_property("cases", tried)
    assert not wrong, "\n".join(wrong[:12])
    assert tried > 3


def test_who_cannot_write_into_the_lock_does_not_keep_it(tmp_path: Path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "ftruncate", full)
    with pytest.raises(StoreError, match="no space left for"):
        Database.open(tmp_path / "state")
    monkeypatch.undo()
    Database.open(tmp_path / "state").close()


def test_a_disk_without_locks_is_told_with_the_way_out(tmp_path: Path, monkeypatch):
    def locked(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", locked)
    with pytest.raises(StoreError, match="cannot be locked: No locks available; put the state"):
        Database.open(tmp_path / "state")
    assert holder(tmp_path / "state") is None, "nobody is said to be at work"
