"""Freed memory goes back to the system, and where that is unknown nothing breaks."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from vouchd.daemon.memory import give_back


def resident() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_what_was_freed_is_given_back():
    kept = []
    for number in range(200_000):  # every other one goes: holes all over the heap
        kept.append(bytes(1000) if number % 2 else None)
    spacers = kept[-2000:]
    full = resident()
    kept.clear()
    give_back()
    assert spacers
    assert resident() < full - 50_000


@pytest.mark.parametrize("error", [OSError, AttributeError])
def test_another_c_library_changes_nothing(monkeypatch: pytest.MonkeyPatch, error: type[Exception]):
    def none(name: str | None) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", none)
    give_back()
