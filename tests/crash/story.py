"""A story in chapters: mail arrives, the user does something, and then vouchd takes its turn."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from unittest import mock

from tests.crash.houses import ME, House, Lying, Shot
from tests.storybook import HERE
from vouchd.config.load import load
from vouchd.config.schema import Config
from vouchd.daemon.app import mind_of, open_app
from vouchd.daemon.commands import one_round
from vouchd.daemon.result import RoundResult
from vouchd.daemon.think import Mind
from vouchd.rules.model import Part

STORY = HERE / "01-classic"
#: A restart comes a little later: what would be written anew bears another time.
LATER = timedelta(minutes=11)


@dataclass(frozen=True)
class Chapter:
    """Until when mail arrives, and what the user does before vouchd's turn."""

    at: datetime
    hand: str = ""


def _day(text: str, hand: str = "") -> Chapter:
    return Chapter(datetime.fromisoformat(f"{text}T20:45:00+00:00"), hand)


#: A whole search in eight turns, with every kind of action.
SHORT = (
    _day("2026-03-06"),
    _day("2026-03-11"),
    _day("2026-03-18", "edit"),
    _day("2026-03-26", "send"),
    _day("2026-03-27", "sign otherwise"),
    _day("2026-03-31", "delete event"),
    _day("2026-04-08", "delete"),
    _day("2026-04-15"),
)


@cache
def mails() -> tuple[tuple[datetime, bytes], ...]:
    """The mails of the story, in order."""
    raws = [path.read_bytes() for path in sorted((STORY / "mail").glob("*.eml"))]
    dated = [(parsedate_to_datetime(message_from_bytes(raw)["Date"]), raw) for raw in raws]
    return tuple(sorted(dated))


def long() -> tuple[Chapter, ...]:
    """The same search with a turn for each mail."""
    hands = {4: "edit", 9: "send", 11: "sign otherwise", 13: "delete event", 17: "delete"}
    days = [at.astimezone(UTC) + timedelta(hours=1) for at, _ in mails()]
    return tuple(Chapter(at, hands.get(number, "")) for number, at in enumerate(days))


def begin(house: House) -> None:
    """Lay out the configuration of the story, and its calendar."""
    for name in ("references.toml", "applications.toml"):
        shutil.copyfile(STORY / "config" / name, house.folder / "config" / name)
    for path in sorted((STORY / "calendar").glob("*.ics")):
        house.appear(path.name, path.read_bytes())


def arrive(house: House, since: datetime | None, chapter: Chapter) -> None:
    """Let mail arrive, and the user act."""
    for at, raw in mails():
        if at <= chapter.at and (since is None or at > since):
            sent = f"<{ME}>".encode() in raw.partition(b"\nTo:")[0]
            house.receive(raw, sent=sent)
    _act(house, chapter.hand)


def _act(house: House, hand: str) -> None:
    drafts = [one for one in house.lying() if one.part is Part.DRAFT]
    rest = [one for one in house.lying() if one.part is not Part.DRAFT]
    match hand:
        case "edit":
            house.edit(drafts[0].handle)
        case "send":
            house.send(drafts[-1].handle)
        case "delete":
            house.delete(drafts[0].handle)
        case "delete event":
            house.delete_event(rest[-1].handle)
        case "sign otherwise":
            config = house.folder / "config" / "config.toml"
            config.write_text(config.read_text().replace("Hannah Brook", "Hannah M. Brook"))


@cache
def _mind(folder: str, text: str) -> Mind:
    return mind_of(load(Path(folder), {}))


@contextmanager
def one_mind() -> Iterator[None]:
    """Compile the rules once: they are the same in every life."""

    def same(config: Config) -> Mind:
        text = "".join(path.read_text() for path in sorted(config.folder.glob("*.toml")))
        return _mind(str(config.folder), text)

    # Whoever is imported while the patch holds would keep it for good.
    for late in ("commands_check", "commands_past", "doctor_house", "init_people"):
        import_module(f"vouchd.daemon.{late}")
    with mock.patch("vouchd.daemon.app.mind_of", same):
        yield


def turn(house: House, at: datetime) -> RoundResult:
    """Start vouchd, let it do a round as `once` does, and end it."""
    house.at = at.timestamp()

    def pause(seconds: float) -> bool:
        house.at += seconds
        return False

    def now() -> datetime:
        return datetime.fromtimestamp(house.at, UTC)

    config = load(house.folder / "config", {})
    with open_app(config, now=now, pause=pause) as app:
        result = one_round(app, lambda *_: None, at=at, stop=lambda: False)
        app.store.back_up(at)
    return result


@dataclass(frozen=True)
class Truth:
    """What must be the same however often somebody died on the way."""

    lying: tuple[Lying, ...]
    receipts: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, ...], ...]
    answers: tuple[tuple[str, ...], ...]
    intents: tuple[tuple[str, ...], ...]


#: What an edit taught bears the time at which it was noticed, and a draft that the user has sent
#: the time at which it was written: after a death that may be the time of the new start. That
#: nothing is written again which lay there as it should is looked at by `cases.complaints`.
_SAID = """CASE WHEN source LIKE 'edited:%' THEN ''
    WHEN source LIKE '<vouchd.%' THEN json_remove(body, '$.at') ELSE body END"""


def truth(house: House) -> Truth:
    """Return what lies there and what is remembered."""
    with sqlite3.connect(house.folder / "state" / "vouchd.db") as db:

        def rows(sql: str) -> tuple[tuple[str, ...], ...]:
            return tuple(sorted(tuple(map(str, row)) for row in db.execute(sql)))

        found = Truth(
            tuple(Lying(one.part, one.key, one.words) for one in house.lying()),
            rows("SELECT key, part, state FROM receipts WHERE state <> 'superseded'"),
            rows(f"SELECT source, {_SAID}, gone_at FROM readings"),
            rows("SELECT key, answer FROM answers"),
            rows("SELECT key, part FROM intents"),
        )
    db.close()
    return found


def undisturbed(house: House, chapters: tuple[Chapter, ...]) -> tuple[tuple[Shot, Truth], ...]:
    """Live the story without a mishap; return how each turn began and what came of it."""
    begin(house)
    lived: list[tuple[Shot, Truth]] = []
    since: datetime | None = None
    for chapter in chapters:
        arrive(house, since, chapter)
        before = house.shot()
        result = turn(house, chapter.at)
        assert result.good, result.errors
        assert not result.stopped, result.stopped
        lived.append((before, truth(house)))
        since = chapter.at
    return tuple(lived)
