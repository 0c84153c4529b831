"""Memory that is no longer needed, given back to the system before a long sleep."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Return freed memory: malloc_trim(3) of the GNU C library; where there is none, nothing.

    Rules and learnt words are taken up by way of texts of some megabytes; without this the holes
    they leave stay a fifth of what the daemon holds all day.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
