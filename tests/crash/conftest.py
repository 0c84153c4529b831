"""Where the worlds stand."""

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
