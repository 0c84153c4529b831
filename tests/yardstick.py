"""What a piece of work costs on this machine, at this moment: in pieces of work that is known.

Seconds say nothing on a machine that is slow or busy; both kinds of work are slow there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

_WORDS = "would you, Dana, be available for an interview on 12 March at 10:30? " * 2_000
_PATTERN = re.compile(r"(\d+)|([A-Z]\w+)|\s+|\w+|[^\w\s]")


def piece() -> float:
    """Return the processor time of a piece of work: a hundredth of a second or two."""
    began = time.process_time()
    found: dict[str, int] = {}
    for match in _PATTERN.finditer(_WORDS):
        word = match[0].casefold()
        found[word] = found.get(word, 0) + len(word)
    assert sum(found.values()) == len(_WORDS)
    return time.process_time() - began


def pieces(work: Callable[[], object]) -> float:
    """Return how many pieces of work cost as much processor time as `work` does."""
    before = piece()
    began = time.process_time()
    work()
    spent = time.process_time() - began
    # The slower of the two: a load that came in between slowed the work, too.
    return spent / max(before, piece())
