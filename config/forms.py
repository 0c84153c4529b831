"""How each kind of setting is written in TOML, and what it becomes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class Wrong(ValueError):
    """A value that is not allowed; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Form:
    """`allowed` says in words what may stand there; `read` takes the TOML value and the folder
    that relative paths start from, and returns the setting or raises Wrong."""

    allowed: str
    read: Callable[[object, Path], object]


def shown(value: object) -> str:
    """Return a TOML value in a few characters, for a sentence about it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return "a table"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def meant(word: str, known: Iterable[str]) -> str:
    """Return ` (did you mean "x"?)` for the known word nearest to `word`, or nothing."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f' (did you mean "{by_folded[near[0]]}"?)' if near else ""


def _text(value: object, _: Path) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not text in quotes")
    text = value.strip()
    if not text:
        raise Wrong("it is empty")
    if any(not c.isprintable() and c not in "\n\t" for c in text):
        raise Wrong(f"{shown(value)} contains a control character")
    return text


def _line(value: object, folder: Path) -> str:
    text = _text(value, folder)
    if "\n" in text or "\t" in text:
        raise Wrong(f"{shown(value)} is more than one line")
    return " ".join(text.split())


def _flag(value: object, _: Path) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is neither true nor false")
    return value


_ADDRESS = re.compile(r"[^\s@<>(),:;\"\[\]\\]+@(?P<domain>[^\s@<>(),:;\"\[\]\\]+)")
_DOMAIN = re.compile(r"(?!-)[\w-]+(\.[\w-]+)+", re.UNICODE)


def _address(value: object, folder: Path) -> str:
    text = _text(value, folder)
    match = _ADDRESS.fullmatch(text)
    if match is None or not re.fullmatch(r"[\w-]+(\.[\w-]+)*", match["domain"]):
        raise Wrong(f"{shown(value)} is not an e-mail address")
    return text.lower()


def _domain(value: object, folder: Path) -> str:
    text = _text(value, folder).lower().removeprefix("@")
    if not _DOMAIN.fullmatch(text):
        raise Wrong(f"{shown(value)} is not a domain")
    return text


_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
_LONGEST = timedelta(days=365 * 100)


def _duration(value: object, _: Path) -> timedelta:
    match = re.fullmatch(r"(\d{1,9})\s*([a-z]+)", value) if isinstance(value, str) else None
    if match is None or match[2] not in _UNITS:
        raise Wrong(f"{shown(value)} is not a duration")
    amount = int(match[1])
    if amount == 0:
        raise Wrong(f"{shown(value)} is no time at all")
    if amount * _UNITS[match[2]].total_seconds() > _LONGEST.total_seconds():
        raise Wrong(f"{shown(value)} is longer than a hundred years")
    return amount * _UNITS[match[2]]


def _duration_or_never(value: object, folder: Path) -> timedelta | None:
    return None if value == "never" else _duration(value, folder)


def in_words(length: timedelta) -> str:
    """Return a duration as it is written in the files; the inverse of reading one."""
    seconds = round(length.total_seconds())
    for unit in ("y", "w", "d", "h", "min"):
        size = round(_UNITS[unit].total_seconds())
        if seconds % size == 0 and (unit != "w" or seconds // size < 10):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _day(value: object, _: Path) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise Wrong(f"{shown(value)} is not a date") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Wrong(f"{shown(value)} is not a date")
    return value


def _clock_time(value: object, _: Path) -> time:
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            raise Wrong(f"{shown(value)} is not a time of day") from None
    if not isinstance(value, time) or value.tzinfo is not None:
        raise Wrong(f"{shown(value)} is not a time of day")
    return value


def _zone(value: object, folder: Path) -> ZoneInfo:
    name = _text(value, folder)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = meant(name, available_timezones())
        raise Wrong(f"{shown(value)} is no time zone{hint}") from None


def _path(value: object, folder: Path) -> Path:
    text = _text(value, folder)
    try:
        return _plain(folder / Path(text).expanduser())
    except RuntimeError:
        raise Wrong(f"{shown(value)} names a user who does not exist here") from None


def _plain(path: Path) -> Path:
    """Return a path without `..` in it, for people to read; it leads to the same place."""
    if ".." not in path.parts:
        return path
    short = Path(os.path.normpath(path))
    # Behind a symbolic link, `..` is the folder that the link leads to.
    return short if short.resolve() == path.resolve() else path.resolve()


def _path_text(value: object, folder: Path) -> str:
    return str(_path(value, folder))


def _web(value: object, folder: Path) -> str:
    text = _line(value, folder)
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        raise Wrong(f"{shown(value)} is not a web address")
    return text


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _week(value: object, folder: Path) -> tuple[int, ...]:
    names = each(choice(*DAYS)).read(value, folder)
    assert isinstance(names, tuple)
    if not names:
        raise Wrong("it names no day")
    return tuple(sorted({DAYS.index(name) for name in names}))


def choice(*words: str) -> Form:
    """Return the form of a setting that is one of `words`."""

    def read(value: object, folder: Path) -> str:
        text = _text(value, folder)
        if text not in words:
            raise Wrong(f"{shown(value)} is not known{meant(text, words)}")
        return text

    return Form(" | ".join(f'"{word}"' for word in words), read)


def each(form: Form) -> Form:
    """Return the form of a list of what `form` reads; a tuple comes out."""

    def read(value: object, folder: Path) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is not a list in square brackets")
        return tuple(dict.fromkeys(form.read(item, folder) for item in value))

    return Form(f"a list in square brackets, each {form.allowed}", read)


def some(form: Form) -> Form:
    """Return `each(form)`, but not empty."""
    many = each(form)

    def read(value: object, folder: Path) -> object:
        values = many.read(value, folder)
        if not values:
            raise Wrong("the list is empty")
        return values

    return Form(many.allowed, read)


def whole(least: int, most: int) -> Form:
    """Return the form of a whole number from `least` to `most`."""

    def read(value: object, _: Path) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(f"{shown(value)} is not a whole number")
        if not least <= value <= most:
            raise Wrong(f"{value} is out of range")
        return value

    return Form(f"a whole number from {least} to {most}", read)


def _language(value: object, folder: Path) -> str:
    text = _text(value, folder)
    if not re.fullmatch(r"[a-z]{2}", text):
        raise Wrong(f"{shown(value)} is not a language code")
    return text


TEXT = Form('text in quotes, such as "…"', _text)
LINE = Form("text in quotes, on one line", _line)
FLAG = Form("true | false", _flag)
ADDRESS = Form('an e-mail address such as "sam@example.org"', _address)
DOMAIN = Form('a domain such as "acme-robotics.example"', _domain)
DURATION = Form('a duration such as "5min", "12h", "90d", "6w" or "2y"', _duration)
DURATION_OR_NEVER = Form('a duration such as "90d" or "6w", or "never"', _duration_or_never)
DATE = Form("a date such as 2025-03-14", _day)
TIME = Form('a time of day such as "09:00"', _clock_time)
ZONE = Form('an IANA name such as "Europe/Berlin"', _zone)
PATH = Form('a path such as "~/Mail"', _path)
PATH_TEXT = Form('a path such as "~/resume.pdf"', _path_text)
WEB = Form('a web address such as "https://…"', _web)
WEEK = Form('a list of days such as ["mon", "tue", "wed"]', _week)
LANGUAGE = Form('a language code such as "en"', _language)
