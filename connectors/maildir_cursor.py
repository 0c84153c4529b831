"""The bookmark of a Maildir: when each folder last changed, and which messages were seen in it."""

from __future__ import annotations

import binascii
import json
from array import array
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import blake2b

from vouchd.connectors.base import CursorLost

VERSION = 1


def hash_of(unique: str) -> int:
    """Return 8 bytes that stand for a file name."""
    data = unique.encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


class Seen:
    """The messages of one folder, 8 bytes each."""

    __slots__ = ("_text", "_values")

    def __init__(self, text: str = "") -> None:
        self._text: str | None = text
        self._values: array[int] | None = None

    def _opened(self) -> array[int]:
        if self._values is None:
            self._values = array("Q")
            self._values.frombytes(binascii.a2b_base64(self._text or ""))
        return self._values

    def all(self) -> set[int]:
        """Return all that were seen."""
        return set(self._opened())

    def add(self, unique: int) -> None:
        """Remember one that was not seen before."""
        self._opened().append(unique)
        self._text = None

    def keep(self, present: set[int]) -> None:
        """Forget what is no longer there."""
        self._values = array("Q", present)
        self._text = None

    def encode(self) -> str:
        """Return it as text."""
        if self._text is None:
            self._text = binascii.b2a_base64(self._opened().tobytes(), newline=False).decode()
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

    def names(self) -> tuple[str, ...]:
        """Return the names of the folders that are known."""
        return tuple(self._times)

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

    def without(self, present: Collection[str]) -> set[int]:
        """Forget the folders that are no longer there and return what was seen in them."""
        gone: set[int] = set()
        for name in [name for name in self._times if name not in present]:
            del self._times[name]
            gone |= self._seen.pop(name, Seen()).all()
            self.moved = True
        return gone
