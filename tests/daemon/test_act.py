"""What is carried out leaves its intent before and its receipt after, and tells a refusal once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.daemon.conftest import World
from vouchd.connectors.base import Changed, Refused
from vouchd.connectors.drafts import DraftShelf
from vouchd.daemon.act import carry_out, carry_out_all
from vouchd.daemon.house import House
from vouchd.daemon.result import RoundResult
from vouchd.daemon.store import NOTHING, Store
from vouchd.rules.model import Draft, Event, Found, Part, Receipt, State, fingerprint
from vouchd.rules.reconcile import Action, Remove, Rewrite, Write

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DRAFT = Draft(to=(), subject="Hello", body="Words")
EVENT = Event(uid="k@vouchd", start=NOW, end=NOW, summary="Write")
PRINT = fingerprint(DRAFT)


@dataclass
class Watcher:
    """A shelf that looks into the state file, as who starts after a power cut would."""

    file: Path
    error: Exception | None = None
    seen: list[tuple[str, ...]] = field(default_factory=list)

    def _look(self) -> None:
        with sqlite3.connect(self.file) as db:
            self.seen = db.execute("SELECT key, part, print FROM intents").fetchall()
            self.receipts = db.execute("SELECT key FROM receipts WHERE state = 'open'").fetchall()
        db.close()
        if self.error is not None:
            raise self.error

    def found(self, known: Mapping[str, str]) -> Iterable[Found]:
        return ()

    def write(self, key: str, content: Draft | Event) -> str:
        self._look()
        return "h"

    def rewrite(self, handle: str, content: Draft | Event, expected: str) -> str:
        self._look()
        return "h"

    def remove(self, handle: str, expected: str) -> None:
        self._look()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "state") as opened:
        yield opened


def found(part: Part) -> Found:
    return Found(key="k", part=part, handle="h", print="before", mark="before")


def receipt(part: Part) -> Receipt:
    return Receipt(key="k", part=part, handle="h", print="before", at=NOW)


@pytest.mark.parametrize("part", [Part.DRAFT, Part.EVENT])
@pytest.mark.parametrize("what", ["write", "rewrite", "remove"])
def test_an_intent_is_on_the_disk_before_anything_is_done(store: Store, part: Part, what: str):
    content = DRAFT if part is Part.DRAFT else EVENT
    actions: dict[str, Action] = {
        "write": Write("k", part, content),
        "rewrite": Rewrite(found(part), content),
        "remove": Remove(found(part), receipt(part)),
    }
    if what != "write":
        store.keep(receipt(part))
    shelf, other = Watcher(store.path), Watcher(store.path)
    shelves = (shelf, other) if part is Part.DRAFT else (other, shelf)
    carry_out(actions[what], *shelves, store, NOW)
    print_ = NOTHING if what == "remove" else fingerprint(content)
    assert shelf.seen == [("k", part.value, print_)]
    assert len(shelf.receipts) == (0 if what == "write" else 1)  # its receipt comes after
    assert store.intents() == {}
    (kept,) = store.receipts()
    assert kept.state is (State.SUPERSEDED if what == "remove" else State.OPEN)


@pytest.mark.parametrize("error", [Changed("somebody was faster"), Refused("it is theirs")])
def test_what_was_not_taken_back_is_not_remembered_as_taken_back(store: Store, error: Exception):
    """The user deleted it a moment before: that is their word, and closes it for good."""
    store.keep(receipt(Part.DRAFT))
    shelf = Watcher(store.path, error)
    with pytest.raises(type(error)):
        carry_out(Remove(found(Part.DRAFT), receipt(Part.DRAFT)), shelf, shelf, store, NOW)
    assert shelf.seen
    assert store.intents() == {}


def test_what_a_shelf_refuses_is_told_once_a_round_and_the_rest_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    world.deliver(1)
    real = DraftShelf.write

    def refuses(self: DraftShelf, key: str, content: Draft) -> str:
        if key.startswith("ask_permission"):
            raise Refused(f"{key}: the disk does not take it")
        return real(self, key, content)

    monkeypatch.setattr(DraftShelf, "write", refuses)
    _, _, err = world.vouchd("once")
    assert err.count("the disk does not take it") == 1
    assert [path for path in world.lying() if path.suffix == ".ics"], "its event is there"


def test_a_word_to_end_is_heard_between_two_writes(store: Store):
    shelf = Watcher(store.path)
    house = cast(House, SimpleNamespace(drafts=shelf, events=shelf, tasks=None, store=store))
    asked = iter((False, True, True))
    actions = tuple(Write(key, Part.DRAFT, DRAFT) for key in ("a", "b", "c"))
    assert not carry_out_all(actions, house, NOW, RoundResult(at=NOW), lambda: next(asked))
    assert [receipt.key for receipt in store.receipts()] == ["a"]
