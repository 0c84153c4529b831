"""The whole suite is watched: not one request of it may send, no byte may leave the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.recorder import RECORD, listen


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seen = f"{RECORD.requests} requests to Google's stand-ins, {len(RECORD.sent)} of them send"
    terminalreporter.write_line(f"never sends: {seen}; {len(RECORD.outside)} left this machine")
    for problem in RECORD.problems:
        terminalreporter.write_line(f"never sends: BROKEN by {problem}", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if RECORD.problems:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
