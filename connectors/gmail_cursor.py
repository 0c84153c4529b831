"""The bookmark in a Gmail mailbox, as JSON.

It holds the point of history that was taken before anything was listed, and the ids that are still
to be read.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from vouchd.connectors.base import CursorLost

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far the mailbox is known."""

    h: str  #: point of history
    at: int  #: when it was taken, in seconds since 1970
    todo: tuple[str, ...] = ()  #: ids to read, the most valuable first
    fresh: int = 0  #: so many of them have only just arrived
    late: tuple[str, ...] = ()  #: just arrived and not readable yet: asked once more
    #: read since everything was listed; None once the history was asked
    read: tuple[str, ...] | None = None


def written(state: State) -> str:
    """Return it as text."""
    fields = {
        name: " ".join(value) if isinstance(value, tuple) else value
        for name, value in asdict(state).items()
    }
    return json.dumps({"v": _VERSION, **fields}, separators=(",", ":"))


def restored(cursor: str) -> State:
    """Read it again. Raises CursorLost."""
    try:
        fields = json.loads(cursor)
        if fields["v"] != _VERSION or not str(fields["h"]).isdecimal():
            raise ValueError
        return State(
            h=str(fields["h"]),
            at=int(fields["at"]),
            todo=tuple(fields["todo"].split()),
            fresh=int(fields["fresh"]),
            late=tuple(fields["late"].split()),
            read=None if fields.get("read") is None else tuple(fields["read"].split()),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CursorLost(
            f'the bookmark "{cursor[:40]}" is not one of Gmail; the mailbox is listed anew'
        ) from None
