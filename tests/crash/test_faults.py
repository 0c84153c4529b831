"""Every fault of the outside in a whole turn: one clear line, a bounded number of tries, no twin,
and once it is over everything is as if it had never been, without the user."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.crash.houses import GoogleHouse, House, house
from tests.crash.story import LATER, SHORT, Truth, arrive, begin, one_mind, truth, turn, undisturbed
from vouchd.config.load import ConfigError
from vouchd.connectors.base import ConnectorError
from vouchd.daemon.failures import explained
from vouchd.daemon.result import RoundResult
from vouchd.daemon.store import StoreError

PAGE = b"<!doctype html><html><body><h1>Please log in to this network</h1></body></html>"
FAULTS: dict[str, dict[str, Any]] = {
    "cut before": {"cut": "before"},
    "cut after": {"cut": "after"},
    "arrives twice": {"twice": True},
    "HTML instead of JSON": {"status": 200, "body": PAGE, "headers": {"Content-Type": "text/html"}},
    "HTML that says it is JSON": {"status": 200, "body": PAGE},
    "JSON of another kind": {"status": 200, "body": b"[]"},
    "half an answer": {"status": 200, "body": b'{"messages": [{"id": "19a'},
    "an empty answer": {"status": 200, "body": b""},
    "not even text": {"status": 200, "body": b"\xff\xfe\x00\x80"},
    "403 rate": {"status": 403, "reason": "rateLimitExceeded"},
    "403 user rate": {"status": 403, "reason": "userRateLimitExceeded"},
    "403 daily": {"status": 403, "reason": "dailyLimitExceeded"},
    "403 quota": {"status": 403, "reason": "quotaExceeded"},
    "403 scope": {"status": 403, "reason": "insufficientPermissions"},
    "403 switched off": {"status": 403, "reason": "accessNotConfigured"},
    "403 domain": {"status": 403, "reason": "domainPolicy"},
    "403 of a new reason": {"status": 403, "reason": "somethingNew"},
    "404": {"status": 404, "reason": "notFound"},
    "409": {"status": 409, "reason": "duplicate"},
    "410": {"status": 410, "reason": "fullSyncRequired"},
    "412": {"status": 412, "reason": "conditionNotMet"},
    "429": {"status": 429, "reason": "rateLimitExceeded"},
    "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "20"}},
    "429 for an hour": {"status": 429, "headers": {"Retry-After": "3600"}},
    "500": {"status": 500, "reason": "backendError"},
    "502": {"status": 502, "body": PAGE},
    "503": {"status": 503, "body": b""},
}  # fmt: skip
#: What is asked for at most in a turn in which nothing works: five tries each, and not for ever.
MOST_CALLS = 120


@dataclass
class Calm:
    """How it ends where nothing goes wrong, worked out once."""

    ends: dict[str, list[Truth]] = field(default_factory=dict)

    def of(self, kind: str, world: Path) -> list[Truth]:
        if kind not in self.ends:
            with house(kind, world.with_name("calm")) as calm:
                self.ends[kind] = [then for _, then in undisturbed(calm, SHORT[:2])]
            shutil.rmtree(world.with_name("calm"))
        return self.ends[kind]


_calm = Calm()


@pytest.fixture(autouse=True)
def same_rules() -> Iterator[None]:
    with one_mind():
        yield


def troubled(living: House, at: datetime) -> list[str]:
    """Do a turn in which something goes wrong; return the sentences the user is told."""
    try:
        result: RoundResult = turn(living, at)
    except (ConfigError, ConnectorError, StoreError, OSError) as error:
        told = explained(error)
        assert told is not None
        return list(told[1])
    return [*result.errors, *([result.stopped] if result.stopped else [])]


def check_told(said: list[str]) -> None:
    assert said
    for line in said:
        assert "\n" not in line, line
        assert "Traceback" not in line, line
        assert len(line) < 500, line
    assert len(set(said)) == len(said), f"told once: {said}"


def essence(found: Truth) -> Truth:
    """What counts: threads have other numbers where something was put down twice.

    That a word about vouchd's own health was to be put down, and could not, stays noted.
    """
    facts = tuple((source, gone) for source, _, gone in found.facts)
    intents = tuple(i for i in found.intents if not i[0].startswith("health_"))
    return replace(found, facts=facts, intents=intents)


def lived_through(living: House, wanted: list[Truth]) -> None:
    """The fault is over: what follows is as ever."""
    turn(living, SHORT[0].at + 2 * LATER)
    assert essence(truth(living)) == essence(wanted[0])
    arrive(living, SHORT[0].at, SHORT[1])
    turn(living, SHORT[1].at)
    assert essence(truth(living)) == essence(wanted[1])


@pytest.mark.parametrize("name", FAULTS)
def test_google_goes_wrong_for_a_whole_turn(name: str, world: Path):
    wanted = _calm.of("google", world)
    with house("google", world) as living:
        assert isinstance(living, GoogleHouse)
        begin(living)
        arrive(living, None, SHORT[0])
        living.fake.fault("", times=10_000, **FAULTS[name])
        said = troubled(living, SHORT[0].at)
        if name != "arrives twice":
            check_told(said)
        assert len(living.fake.calls) < MOST_CALLS
        living.fake.faults.clear()
        lived_through(living, wanted)


@pytest.mark.parametrize("method", ["drafts.create", "events.insert"])
@pytest.mark.parametrize(
    "name", ["cut before", "cut after", "HTML instead of JSON", "half an answer", "429", "500"]
)
def test_google_goes_wrong_when_something_is_put_down(name: str, method: str, world: Path):
    """Only the writing fails: what was carried out and not answered is not put down again."""
    wanted = _calm.of("google", world)
    with house("google", world) as living:
        assert isinstance(living, GoogleHouse)
        begin(living)
        arrive(living, None, SHORT[0])
        living.fake.fault(method, times=1, **FAULTS[name])
        troubled(living, SHORT[0].at)
        lived_through(living, wanted)


def test_wrong_tls_is_a_line_and_no_plain_request(world: Path, monkeypatch):
    monkeypatch.setattr("vouchd.connectors.google_transport.TIMEOUT", (0.3, 0.3))
    wanted = _calm.of("google", world)
    with house("google", world) as living:
        assert isinstance(living, GoogleHouse)
        begin(living)
        arrive(living, None, SHORT[0])
        config = living.folder / "config" / "config.toml"
        right = config.read_text()
        config.write_text(right.replace("http://127.0.0.1", "https://127.0.0.1"))
        check_told(troubled(living, SHORT[0].at))
        assert living.fake.calls == []
        config.write_text(right)
        lived_through(living, wanted)


# --- the machine ------------------------------------------------------------------------------


@contextmanager
def few_handles() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = len(list(Path("/proc/self/fd").iterdir()))
    held = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 4, before[1]))
    try:
        with pytest.raises(OSError, match="Too many"):  # noqa: PT012 - until there is none left
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for handle in held:
            os.close(handle)


@pytest.mark.parametrize("kind", ["maildir", "mbox", "google"])
def test_out_of_file_handles(kind: str, world: Path):
    wanted = _calm.of(kind, world)
    with house(kind, world) as living:
        begin(living)
        arrive(living, None, SHORT[0])
        turn_at = SHORT[0].at
        with few_handles():
            said = troubled(living, turn_at)
        check_told(said)
        assert "Too many open files" in said[0]
        lived_through(living, wanted)


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "mkdir"])
@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_a_full_disk_at_each_kind_of_step(kind: str, step: str, world: Path, monkeypatch):
    import errno

    wanted = _calm.of(kind, world)
    with house(kind, world) as living:
        begin(living)
        arrive(living, None, SHORT[0])

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        if step != "write":
            monkeypatch.setattr(os, step, full)
        else:
            monkeypatch.setattr(os, "fdopen", full)
        said = troubled(living, SHORT[0].at)
        monkeypatch.undo()
        with one_mind():
            lived_through(living, wanted)
        assert all("\n" not in line for line in said)


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_jumps_and_comes_back(days: int, world: Path):
    """A turn in another time leaves nothing behind that the right time does not put right."""
    wanted = _calm.of("maildir", world)
    with house("maildir", world) as living:
        begin(living)
        arrive(living, None, SHORT[0])
        turn(living, SHORT[0].at)
        turn(living, SHORT[0].at + timedelta(days=days))
        turn(living, SHORT[0].at + LATER)
        ours = {(one.part, one.key) for one in living.lying()}
        assert {(one.part, one.key) for one in wanted[0].lying} <= ours
        slots = [(one.part, one.key) for one in living.lying()]
        assert len(slots) == len(set(slots)), "no twin"


@pytest.mark.parametrize("hour", ["2026-03-29T00:30", "2026-03-29T02:30", "2026-10-25T01:30"])
def test_the_hour_that_is_left_out_or_comes_twice(hour: str, world: Path):
    with house("maildir", world) as living:
        begin(living)
        arrive(living, None, replace(SHORT[3], hand=""))
        at = datetime.fromisoformat(hour).replace(tzinfo=ZoneInfo("Europe/London"))
        for fold in (0, 1):
            turn(living, at.replace(fold=fold).astimezone(UTC))
        at_rest = living.lying()
        assert at_rest
        assert not turn(living, at.astimezone(UTC) + timedelta(hours=2)).errors
        assert len({(one.part, one.key) for one in at_rest}) == len(at_rest)
