"""The bookmark of a Maildir: when each folder last changed, and which messages were seen in it."""

from __future__ import annotations

import binascii
import json
from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from vouchd.connectors.base import CursorLost

VERSION = 1


def hash_of(unique: str) -> int:
    """Return 8 bytes that stand for a file name."""
    data = unique.encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


class Seen:
    """The messages of one folder, 8 bytes each; a set is made only when it is asked."""

    __slots__ = ("_set", "_text", "_values")

    def __init__(self, text: str = "") -> None:
        self._text: str | None = text
        self._values: array[int] | None = None
        self._set: set[int] | None = None

    def _opened(self) -> tuple[array[int], set[int]]:
        if self._values is None or self._set is None:
            values = array("Q")
            values.frombytes(binascii.a2b_base64(self._text or ""))
            self._values, self._set = values, set(values)
        return self._values, self._set

    def __contains__(self, unique: int) -> bool:
        """Whether it was seen."""
        return unique in self._opened()[1]

    def __iter__(self) -> Iterator[int]:
        """Go through all that were seen."""
        return iter(self._opened()[0])

    def add(self, unique: int) -> None:
        """Remember one."""
        values, known = self._opened()
        if unique not in known:
            known.add(unique)
            values.append(unique)
            self._text = None

    def keep(self, present: Collection[int]) -> set[int]:
        """Forget what is no longer there and return it."""
        _, known = self._opened()
        gone = known.difference(present)
        if gone:
            known -= gone
            self._values = array("Q", known)
            self._text = None
        return gone

    def moved_in(self, unique: int, moved: set[int]) -> bool:
        """Whether it was seen in a folder that it has left; it is then remembered here."""
        if unique not in moved:
            return False
        self.add(unique)
        return True

    def encode(self) -> str:
        """Return it as text."""
        if self._text is None:
            self._text = binascii.b2a_base64(self._opened()[0].tobytes(), newline=False).decode()
        return self._text


@dataclass(slots=True)
class Cursor:
    """What is known of a Maildir."""

    _times: dict[str, tuple[int, int]] = field(default_factory=dict)
    _seen: dict[str, Seen] = field(default_factory=dict)
    retry: dict[tuple[str, str], None] = field(default_factory=dict)  #: (folder, file), unreadable
    moved: bool = False  #: it says something else than the text it was made from

    @classmethod
    def decode(cls, text: str | None) -> Cursor:
        """Read what `encode` wrote; None: nothing is known. Raises CursorLost."""
        state = cls()
        if text is None:
            return state
        try:
            held = json.loads(text)
            if held["maildir"] != VERSION:
                raise ValueError("another version")
            for name, (cur, new, seen) in held["folders"].items():
                state._times[name] = (int(cur), int(new))
                state._seen[name] = Seen(seen)
            state.retry = dict.fromkeys((str(name), str(place)) for name, place in held["retry"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CursorLost(f"the bookmark of the Maildir cannot be read ({error})") from error
        return state

    def encode(self, *, unfinished: Collection[str] = ()) -> str:
        """Return it as text; folders with unread messages are to be listed again."""
        folders = {
            name: (*((0, 0) if name in unfinished else times), self.seen(name).encode())
            for name, times in self._times.items()
        }
        return json.dumps(
            {"maildir": VERSION, "folders": folders, "retry": list(self.retry)},
            separators=(",", ":"),
        )

    def times(self, folder: str) -> tuple[int, int] | None:
        """Return when a folder had last changed."""
        return self._times.get(folder)

    def note(self, folder: str, times: tuple[int, int]) -> None:
        """Remember when a folder has last changed; (0, 0): look again."""
        if self._times.get(folder) != times:
            self._times[folder] = times
            self.moved = True

    def seen(self, folder: str) -> Seen:
        """Return what was seen in a folder."""
        return self._seen.setdefault(folder, Seen())

    def gone(self, present: Collection[str]) -> list[Iterable[int]]:
        """Forget folders that are no longer there and return what was seen in them."""
        vanished = [name for name in self._times if name not in present]
        found: list[Iterable[int]] = []
        for name in vanished:
            del self._times[name]
            found.append(self._seen.pop(name, Seen()))
            self.moved = True
        return found
