from __future__ import annotations

from tests.daemon.conftest import world
from tests.daemon.test_google import desk

__all__ = ["desk", "world"]
