"""How far long work has come: one line that redraws itself on a terminal, nothing in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

_REDRAW_AFTER = 0.1  #: seconds


Progress = Callable[[str, int], None]  #: what is being read, and how much of it has been


def unseen(what: str, done: int) -> None:
    """Progress that nobody looks at."""


def heard(alive: Callable[[], None], shown: Progress = unseen) -> Progress:
    """Return progress that is shown and taken as a sign of life."""

    def progress(what: str, done: int) -> None:
        shown(what, done)
        alive()

    return progress


@dataclass(slots=True)
class Line:
    """A progress line on a terminal."""

    terminal: TextIO
    ticks: Callable[[], float]
    _drawn_at: float = field(default=float("-inf"))
    _width: int = 0

    def __call__(self, what: str, done: int) -> None:
        """Draw, but not more often than an eye can follow."""
        tick = self.ticks()
        if tick - self._drawn_at < _REDRAW_AFTER:
            return
        self._drawn_at = tick
        text = f"{what}: {done:,} read"
        self.terminal.write("\r" + text.ljust(self._width))
        self.terminal.flush()
        self._width = len(text)

    def clear(self) -> None:
        """Take the line away, before anything else is written."""
        if self._width:
            self.terminal.write("\r" + " " * self._width + "\r")
            self.terminal.flush()
            self._width = 0
