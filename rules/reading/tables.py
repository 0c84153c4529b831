"""Reads checked values out of TOML; every error names file, key, what is wrong and allowed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field


class LexiconError(Exception):
    """Rule data that cannot be used: names file, key, what is wrong and what is allowed."""


@dataclass(slots=True)
class Table:
    """A TOML table that is read key by key, with the path for errors."""

    file: str
    path: str
    data: Mapping[str, object]
    used: set[str] = field(default_factory=set)

    def fail(self, key: str, wrong: str, allowed: str) -> LexiconError:
        """Return the error for a key."""
        where = f"{self.path}.{key}" if self.path else key
        return LexiconError(f"{self.file}: {where}: {wrong}; allowed: {allowed}")

    def numbers(self, key: str) -> dict[str, float]:
        """Return a table of numbers."""
        table = self.table(key)
        for name, value in table.data.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise table.fail(name, f"is {value!r}", "a number")
        return {
            name: float(value)
            for name, value in table.data.items()
            if isinstance(value, int | float)
        }

    def table(self, key: str) -> Table:
        """Return the table of that name, an empty one where it is missing."""
        self.used.add(key)
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "is not a table", "a TOML table")
        return Table(self.file, f"{self.path}.{key}" if self.path else key, value)

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        self.used.add(key)
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.fail(key, f"is {value!r}", "a text")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a yes or no."""
        self.used.add(key)
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, f"is {value!r}", "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        self.used.add(key)
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.fail(key, "is not a list of texts", 'a list such as ["one", "two"]')
        return tuple(value)

    def close(self, *also: str) -> None:
        """Fail for a key that nobody has asked for; `also` are read elsewhere."""
        unknown = sorted(set(self.data) - self.used - set(also))
        if unknown:
            raise self.fail(unknown[0], "is not known", ", ".join(sorted(self.used)) or "nothing")


def parse(file: str, text: str) -> Table:
    """Return the top table of a file. Raises LexiconError."""
    try:
        return Table(file, "", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{file}: is no valid TOML: {error}; allowed: TOML 1.0") from error
