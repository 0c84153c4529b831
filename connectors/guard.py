"""Wrappers around a shelf, each itself a Shelf.

ReadOnly(shelf)   a dry run: everything is seen, nothing is written
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from vouchd.connectors.base import Refused, Shelf
from vouchd.rules.model import Draft, Event, Found

Thing = TypeVar("Thing", Draft, Event)


class ReadOnly(Generic[Thing]):
    """A shelf that shows what lies on it and takes nothing."""

    def __init__(self, shelf: Shelf[Thing]) -> None:
        self._shelf: Shelf[Thing] = shelf

    def found(self, known: Mapping[str, str]) -> Iterable[Found]:
        """List what lies there. Raises Unavailable, NeedsLogin."""
        found: Iterable[Found] = self._shelf.found(known)
        return found

    def write(self, key: str, content: Thing) -> str:
        """Raise Refused."""
        raise Refused(f"{key}: a dry run writes nothing")

    def rewrite(self, handle: str, content: Thing, expected: str) -> str:
        """Raise Refused."""
        raise Refused(f"{handle}: a dry run writes nothing")

    def remove(self, handle: str, expected: str) -> None:
        """Raise Refused."""
        raise Refused(f"{handle}: a dry run removes nothing")
