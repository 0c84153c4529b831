"""The whole suite is watched: not one request of it may send, no byte may leave the machine."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.crash.told import tell
from tests.recorder import RECORD, Record, listen
from tests.reliability.record import leave_tests
from tests.watched import sitecustomize as watched

# Before anything is imported that could: no test contacts another machine, nor a process it starts.
_LOG = Path(tempfile.mkdtemp(prefix="vouchd-tests-")) / "network.log"
os.environ[watched.LOG] = str(_LOG)
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(Path(watched.__file__).parent), os.environ.get("PYTHONPATH")))
)
watched.watch()

# What a shell starts in the background ignores SIGINT, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nobody_else_is_contacted() -> Iterator[None]:
    """Fail the run in which a test, or a vouchd it started, looked for another machine."""
    yield
    contacted = _LOG.read_text(encoding="utf-8") if _LOG.exists() else ""
    assert not contacted, f"other machines were contacted:\n{contacted}"


@pytest.fixture(scope="session", autouse=True)
def rules_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the compiled rules where every test finds them, and not in the user's own folder."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


def pytest_configure(config: pytest.Config) -> None:
    listen()


def pytest_sessionfinish(session: pytest.Session) -> None:
    told = getattr(session.config, "workeroutput", None)
    if told is not None:  # one of several processes that share the work: told to the first
        told["watched"] = asdict(RECORD)
    elif RECORD.problems:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Add what a process that shared the work has seen. One that died has failed its test."""
    RECORD.add(Record(**getattr(node, "workeroutput", {}).get("watched", {})))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: pytest.ExitCode
) -> None:
    found = {
        "requests": RECORD.requests, "sending": len(RECORD.sent), "outside": len(RECORD.outside)
    }  # fmt: skip
    if not RECORD.problems:
        leave_tests(terminalreporter.getreports("passed"), found, exitstatus)
    tell(terminalreporter)
    seen = f"{RECORD.requests} requests to Google's stand-ins, {len(RECORD.sent)} of them send"
    terminalreporter.write_line(f"never sends: {seen}; {len(RECORD.outside)} left this machine")
    for problem in RECORD.problems:
        terminalreporter.write_line(f"never sends: BROKEN by {problem}", red=True)
