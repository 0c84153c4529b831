"""The only place that asks what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Return seconds that only ever grow, whatever happens to the clock on the wall."""
    return time.monotonic()
