"""Mail, calendar and shelves that forget with the process: for replay, dry runs and tests.

MemoryMail(messages)        a Mail
MemoryCalendar(events)      a Calendar
MemoryShelf(Part.DRAFT)     a Shelf of drafts; MemoryShelf(Part.EVENT) one of events
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from vouchd.connectors.base import Changed, Changes, CursorLost
from vouchd.rules.model import Draft, Event, Found, Message, Part, fingerprint

Thing = TypeVar("Thing", Draft, Event)
Item = TypeVar("Item")

PORTION = 500


class MemoryMail:
    """Messages in a list; what is appended to it is new."""

    def __init__(self, messages: Iterable[Message] = (), portion: int = PORTION) -> None:
        self.messages = list(messages)
        self._portion = portion

    def changes(self, cursor: str | None) -> Changes[Message]:
        """Return the messages behind the cursor. Raises CursorLost."""
        start = _position(cursor, self.messages)
        stop = min(start + self._portion, len(self.messages))
        fresh = (m for m in self.messages[start:stop] if m.sent or m.key is None)
        items = tuple(sorted(fresh, key=lambda message: message.at))
        return Changes(items, str(stop), more=stop < len(self.messages))


class MemoryCalendar:
    """Events in a log; an event that is put there again has changed."""

    def __init__(self, events: Iterable[Event] = (), portion: int = PORTION) -> None:
        self.log: list[Event | str] = list(events)
        self._portion = portion

    def put(self, event: Event) -> None:
        """Add an event or its new form."""
        self.log.append(event)

    def take_away(self, uid: str) -> None:
        """Delete an event."""
        self.log.append(uid)

    def changes(self, cursor: str | None) -> Changes[Event]:
        """Return the events behind the cursor, each in its last form. Raises CursorLost."""
        start = _position(cursor, self.log)
        stop = min(start + self._portion, len(self.log))
        last: dict[str, Event | None] = {}
        for entry in self.log[start:stop]:
            if isinstance(entry, str):
                last[entry] = None
            elif entry.key is None:
                last[entry.uid] = entry
        return Changes(
            tuple(event for event in last.values() if event is not None),
            str(stop),
            gone=tuple(uid for uid, event in last.items() if event is None),
            more=stop < len(self.log),
        )


def _position(cursor: str | None, log: Sequence[Item]) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or int(cursor) > len(log):
        raise CursorLost(
            f'the bookmark "{cursor[:40]}" is of another list; it is read from the top'
        )
    return int(cursor)


@dataclass(slots=True)
class Lying(Generic[Thing]):
    """One thing on the shelf, with our key and mark where nobody has dropped them."""

    content: Thing
    key: str | None
    mark: str | None
    sent: bool = False


@dataclass(slots=True)
class MemoryShelf(Generic[Thing]):
    """A shelf in memory; `things` is open to tests that play the user."""

    part: Part
    things: dict[str, Lying[Thing]] = field(default_factory=dict)
    written: Callable[[str, Thing], None] | None = None  #: told of each write and rewrite

    def found(self, known: Mapping[str, str]) -> Iterator[Found]:
        """List what carries our mark or lies under a handle we know."""
        for handle, thing in list(self.things.items()):
            key = thing.key or known.get(handle)
            if key is not None:
                yield Found(
                    key=key,
                    part=self.part,
                    handle=handle,
                    print=fingerprint(thing.content),
                    mark=thing.mark,
                    sent=thing.sent,
                )

    def write(self, key: str, content: Thing) -> str:
        """Put it down; one that lies there untouched under the same key is the same one."""
        for handle, thing in self.things.items():
            if thing.key == key and not thing.sent:
                if thing.mark == fingerprint(thing.content):
                    self._lay(handle, key, content)
                return handle
        handle = f"{key}/{sum(1 for name in self.things if name.startswith(f'{key}/'))}"
        self._lay(handle, key, content)
        return handle

    def rewrite(self, handle: str, content: Thing, expected: str) -> str:
        """Replace it. Raises Changed when it no longer says what is expected."""
        thing = self._unchanged(handle, expected)
        self._lay(handle, thing.key, content)
        return handle

    def remove(self, handle: str, expected: str) -> None:
        """Take it away. Raises Changed when it no longer says what is expected."""
        self._unchanged(handle, expected)
        del self.things[handle]

    def _lay(self, handle: str, key: str | None, content: Thing) -> None:
        self.things[handle] = Lying(content, key, fingerprint(content))
        if self.written is not None:
            self.written(handle, content)

    def _unchanged(self, handle: str, expected: str) -> Lying[Thing]:
        thing = self.things.get(handle)
        if thing is None or thing.sent:
            raise Changed(f"{handle}: it is no longer there")
        if fingerprint(thing.content) != expected:
            raise Changed(f"{handle}: it says something else by now")
        return thing
