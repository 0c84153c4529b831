"""Where the worlds stand, and how many places to die at were tried: told when all is done."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Path]:
    """A folder that does not exist yet, in memory where there is such a disk."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path / "world"
        return
    folder = Path(tempfile.mkdtemp(prefix="vouchd-crash-", dir=_MEMORY))
    try:
        yield folder / "world"
    finally:
        shutil.rmtree(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the count of cases."""
    found = [
        (report.nodeid.rpartition("::")[2], dict(report.user_properties))
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        if report.when == "call" and "/crash/" in report.nodeid
    ]
    told = [(name, told) for name, told in found if "cases" in told]
    if not told:
        return
    terminalreporter.section("died and started again")
    for name, figures in told:
        shown = ", ".join(f"{value} {key}" for key, value in figures.items() if key != "cases")
        terminalreporter.line(f"{name}: {figures['cases']} cases{f' ({shown})' if shown else ''}")
    total = sum(int(str(figures["cases"])) for _, figures in told)
    terminalreporter.line(f"in all: {total} cases")
