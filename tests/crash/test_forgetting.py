"""Killed while it forgets: what is left is consistent, and the same command ends what it began."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from tests.crash.cases import KILLED, Death
from tests.crash.disk import Disk
from tests.crash.houses import House, Shot, house
from tests.crash.steps import Step, watched
from tests.crash.story import LATER, SHORT, arrive, begin, one_mind, truth, turn
from vouchd.daemon.cli import main

#: Of how many places to die at one is tried.
STRIDE = {"maildir": 17, "google": 13}
AT = SHORT[3].at + LATER
WAYS = {
    # Robert's draft was changed by the user: it stays, with its mark.
    "person": (["person", "Robert Hale"], (b"Robert Hale",)),
    "application": (["application", "Northgate Water"], ()),
}


def forget(living: House, words: list[str]) -> int:
    config = ["--config", str(living.folder / "config"), "--now", AT.isoformat()]
    living.at = AT.timestamp()
    return main(["forget", *words, "--yes", *config])


def lived(living: House) -> Shot:
    """Live until there are drafts and events about several people."""
    begin(living)
    since: datetime | None = None
    for chapter in SHORT[:4]:
        arrive(living, since, chapter)
        assert turn(living, chapter.at).good
        since = chapter.at
    return living.shot()


def places(living: House, words: list[str]) -> list[Death]:
    """Forget, and return each place to die at that leaves another world."""
    found: dict[int, Death] = {}

    def reached(step: Step) -> None:
        left = living.shot()
        found.setdefault(left.print, Death(step, KILLED, left))

    disk = Disk(living.folder)
    disk.settle()
    with watched(living.folder, disk, reached):
        assert forget(living, words) == 0
    return list(found.values())


def remembered(living: House) -> bytes:
    """All that the state and the user's lists hold."""
    folder = living.folder
    paths = [*folder.glob("state/vouchd.db*"), *folder.glob("config/*s.toml")]
    return b"".join(path.read_bytes() for path in paths)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", STRIDE)
def test_killed_while_it_forgets_the_same_command_ends_it(
    kind: str, way: str, world: Path, record_property
):
    words, names = WAYS[way]
    with house(kind, world) as living, one_mind():
        before = lived(living)
        assert all(name in remembered(living) for name in names)
        deaths = places(living, words)
        turn(living, AT + LATER)
        wanted = truth(living)
        assert not any(name in remembered(living) for name in names)
        for death in deaths[:: STRIDE[kind]]:
            living.put_back(death.left)
            assert forget(living, words) == 0, death
            turn(living, AT + LATER)
            assert truth(living) == wanted, death
            assert not any(name in remembered(living) for name in names), death
        record_property("cases", len(deaths[:: STRIDE[kind]]))
        assert len(deaths[:: STRIDE[kind]]) > 2
        living.put_back(before)


@pytest.mark.parametrize("words", [WAYS["person"][0], ["--everything"]], ids=" ".join)
@pytest.mark.parametrize("kind", STRIDE)
def test_what_was_taken_back_by_one_who_was_killed_is_not_taken_for_deleted(
    kind: str, words: list[str], world: Path, record_property
):
    """Whoever does not forget after all has every draft and every event again."""
    tried = 0
    with house(kind, world) as living, one_mind():
        lived(living)
        wanted = truth(living)
        for death in places(living, words)[:: STRIDE[kind]]:
            living.put_back(death.left)
            if forgot(living):
                break  # it is forgotten: the other test looks at it
            tried += 1
            assert turn(living, AT + LATER).good, death
            assert truth(living) == wanted, death
    record_property("cases", tried)
    assert tried > 1


def forgot(living: House) -> bool:
    state = living.folder / "state" / "vouchd.db"
    if not state.exists():
        return True
    with sqlite3.connect(state) as db:
        (found,) = db.execute("SELECT count(*) FROM forgotten").fetchone()
    db.close()
    return bool(found)
