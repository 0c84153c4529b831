"""What a screen needs: how wide words are, how they are coloured, and times as people say them."""

from __future__ import annotations

import os
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

from vouchd.daemon.render import counted, day

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_WIDEST = 100
_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Style:
    """Colours, where there is a terminal to show them."""

    on: bool = False

    def __call__(self, words: str, *names: str) -> str:
        """Return words in these colours."""
        if not self.on or not words or not names:
            return words
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{words}\x1b[0m"


def style_of(stream: TextIO, environ: Mapping[str, str] = os.environ) -> Style:
    """Return colours for a terminal that wants them (https://no-color.org), else none."""
    wanted = not environ.get("NO_COLOR") and environ.get("TERM", "dumb") != "dumb"
    return Style(wanted and stream.isatty())


def width_of(stream: TextIO) -> int:
    """Return how many columns there are: those of the terminal, 80 in a pipe."""
    columns = shutil.get_terminal_size((80, 24)).columns if stream.isatty() else 80
    return max(_NARROWEST, min(columns, _WIDEST))


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal (Unicode UAX 11)."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return a text of exactly so many columns, cut where it is longer."""
    if columns(text) > width:
        while columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    blank = " " * (width - columns(text))
    return blank + text if right else text + blank


def wrapped(text: str, width: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """Return a text in lines; the first begins with `indent`, the others with `hanging`."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent.rstrip()]


def broken(text: str, width: int) -> list[str]:
    """Return a text without blanks in lines of at most so many columns."""
    lines = [""]
    for letter in text:
        if columns(lines[-1] + letter) > width:
            lines.append("")
        lines[-1] += letter
    return lines


def ago(length: timedelta) -> str:
    """Return how long ago something was, roughly."""
    for unit, name in ((timedelta(days=7), "week"), (timedelta(days=1), "day"),
                       (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):  # fmt: skip
        if (number := length // unit) >= (2 if name == "week" else 1):
            return f"{counted(number, name)} ago"
    return "just now"


def moment(at: datetime, now: datetime) -> str:
    """Return a moment as it is said on the day of `now`; both in the user's zone."""
    days = (at.date() - now.date()).days
    if days in (-1, 0, 1):
        return f"{('yesterday', 'today', 'tomorrow')[days + 1]}, {at:%H:%M}"
    return f"{at:%a} {at.day} {at:%b, %H:%M}" if at.year == now.year else day(at)


def date(at: datetime, now: datetime) -> str:
    """Return a day as it is said on the day of `now`; both in the user's zone."""
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at.day} {at:%b %Y}"


def short_keys(keys: Iterable[str]) -> dict[str, str]:
    """Return for each key how it begins, to the end of a word, as far as no other begins so."""
    every = sorted(set(keys))
    return {key: next(_beginnings(key, [k for k in every if k != key])) for key in every}


def _beginnings(key: str, others: list[str]) -> Iterator[str]:
    ends = [n for n, c in enumerate(key) if n and c in ".-#:/"]
    for end in ends:
        if not any(other.startswith(key[:end]) for other in others) and "." in key[:end]:
            yield key[:end]
    yield key
