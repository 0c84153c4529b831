"""A folder that vanishes (a disk that is not mounted, a sync that went wrong) is no word of the
user's: nothing counts as deleted, one line says so, and when it is back everything goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.daemon.conftest import APPLICATIONS, REFERENCES, World
from vouchd.daemon.store import Store
from vouchd.rules.model import State


def states(world: World) -> set[tuple[str, State]]:
    with Store.open(world.state) as store:
        return {(receipt.part.value, receipt.state) for receipt in store.receipts()}


def worked(world: World) -> list[Path]:
    world.deliver(1)
    assert world.vouchd("once")[0] == 0
    assert states(world) == {("draft", State.OPEN), ("event", State.OPEN)}
    return world.lying()


PLACES: dict[str, Callable[[World], Path]] = {
    "drafts": lambda world: world.mail / ".Drafts",
    "cur of the drafts": lambda world: world.mail / ".Drafts" / "cur",
    "events": lambda world: world.config / "calendar" / "vouchd",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("instead", ["nothing", "a file"])
def test_a_folder_that_is_gone_closes_nothing(world: World, place: str, instead: str):
    lying = worked(world)
    path, aside = PLACES[place](world), world.home / "aside"
    path.rename(aside)
    if instead == "a file":
        path.write_text("not a folder")
    for _ in range(2):
        status, _, err = world.vouchd("once")
        assert status == 1
        assert "is not there, though" in err
        assert "put it back" in err
        assert "`vouchd once --yes`" in err
        assert err.count("\n") == 1
    assert states(world) == {("draft", State.OPEN), ("event", State.OPEN)}
    if instead == "a file":
        path.unlink()
    aside.rename(path)
    status, out, err = world.vouchd("once")
    assert (status, err) == (0, "")
    assert "nothing to do" in out, "not even the words of an event have changed"
    assert world.lying() == lying


def test_a_calendar_whose_disk_is_not_mounted_closes_nothing(world: World):
    lying = worked(world)
    path, aside = world.config / "calendar", world.home / "aside"
    path.rename(aside)
    path.mkdir()  # the mount point
    assert world.vouchd("once")[0] == 1
    path.rmdir()
    aside.rename(path)
    assert world.vouchd("once")[:1] == (0,)
    assert world.lying() == lying


def test_the_other_shelf_is_worked_on_meanwhile(world: World):
    worked(world)
    shutil.rmtree(world.mail / ".Drafts")
    assert world.lying()
    world.deliver(2, "Unfortunately we will not move forward with your application.")
    world.vouchd("once")
    assert world.lying() == [], "the events had lost their reason and were taken back"
    assert ("draft", State.OPEN) in states(world)


def test_with_a_word_of_the_users_what_is_gone_is_gone(world: World):
    worked(world)
    shutil.rmtree(world.mail / ".Drafts")
    assert world.vouchd("once", "--yes")[0] == 0
    assert ("draft", State.DISMISSED) in states(world)
    status, _, err = world.vouchd("once")
    assert (status, err) == (0, ""), "it is asked once"


def test_without_anything_open_a_folder_is_made_anew(world: World):
    worked(world)
    for path in world.lying():
        path.unlink()
    world.vouchd("once")
    assert states(world) == {("draft", State.DISMISSED), ("event", State.DISMISSED)}
    shutil.rmtree(world.mail / ".Drafts")
    shutil.rmtree(world.config / "calendar" / "vouchd")
    status, _, err = world.vouchd("once")
    assert (status, err) == (0, "")


def test_an_inbox_that_has_lost_its_cur_is_told_and_read_again_when_it_is_back(world: World):
    worked(world)
    (world.mail / ".Archive" / "cur").mkdir(parents=True)
    (world.mail / "cur").rename(world.home / "aside")
    status, _, err = world.vouchd("once")
    assert status == 0
    assert f"{world.mail}: the inbox has lost its `cur`" in err
    assert err.count("\n") == 1
    (world.home / "aside").rename(world.mail / "cur")
    world.deliver(2)
    status, out, err = world.vouchd("once")
    assert (status, err) == (0, "")
    assert "1 new message " in out


NAMES = ("Ann Lee", "Bea Kay", "Cy Moe")
PEOPLE = "".join(
    f'[[reference]]\nname = "{name}"\nemails = ["{name[:2]}@home.example"]\n' for name in NAMES
)


@pytest.mark.parametrize("ending", ["S", ".ics"])
def test_when_everything_is_gone_at_once_the_user_is_asked(world: World, ending: str):
    """The folder is there and empty: three at once are rather moved than thrown away."""
    named = APPLICATIONS.replace('["Dana Cole"]', str(list(NAMES)).replace("'", '"'))
    world.write_config(references=REFERENCES + PEOPLE, applications=named)
    assert world.vouchd("once")[0] == 0
    mine = [path for path in world.lying() if path.name.endswith(ending)]
    held = {path: path.read_bytes() for path in mine}
    assert len(held) >= 3
    for path in held:
        path.unlink()
    for _ in range(2):
        status, _, err = world.vouchd("once")
        assert status == 1
        assert "are gone at once: was the folder moved or emptied?" in err
        assert {state for _, state in states(world)} == {State.OPEN}
    for path, raw in held.items():
        path.write_bytes(raw)
    assert "nothing to do" in world.vouchd("once")[1]
    for path in held:
        path.unlink()
    assert world.vouchd("once", "--yes")[0] == 0
    assert State.DISMISSED in {state for _, state in states(world)}
