"""Several calendars as one: each with its own bookmark, and one that fails holds up no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from vouchd.connectors.base import (
    Calendar,
    Changes,
    ConnectorError,
    CursorLost,
    NeedsLogin,
    Parked,
    Unavailable,
)
from vouchd.connectors.gcal import listed
from vouchd.connectors.gcal_own import OwnCalendar
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_scopes import permits
from vouchd.rules.model import Event

PRIMARY, ALL = "primary", "all"
_NOTE = "google.calendars"
_LIST_EVERY = timedelta(days=1)
_VERSION = 1


class Calendars:
    """A Calendar made of calendars."""

    def __init__(
        self, names: Callable[[], tuple[str, ...]], opened: Callable[[str], Calendar]
    ) -> None:
        self._names = names
        self._opened = opened

    def changes(self, cursor: str | None) -> Changes[Event]:
        """Return what is new in each. Raises Unavailable, NeedsLogin, CursorLost."""
        cursors = {} if cursor is None else _read(cursor)
        names = self._names()
        events: list[Event] = []
        parked: list[Parked] = []
        gone: list[str] = []
        failed: list[ConnectorError] = []
        more = False
        for name in names:
            try:
                news = self._news(name, cursors.get(name))
            except (Unavailable, NeedsLogin) as error:
                failed.append(error)
                parked.append(Parked(f"calendar {name}", str(error)))
                continue
            events.extend(news.items)
            parked.extend(news.parked)
            gone.extend(news.gone)
            cursors[name] = news.cursor
            more = more or news.more
        if failed and len(failed) == len(names):
            raise failed[0]
        events.sort(key=lambda event: event.known_at or event.start)
        return Changes(
            tuple(events),
            json.dumps({"many": _VERSION, "of": cursors}, separators=(",", ":")),
            parked=tuple(parked),
            gone=tuple(gone),
            more=more,
        )

    def _news(self, name: str, cursor: str | None) -> Changes[Event]:
        calendar = self._opened(name)
        try:
            return calendar.changes(cursor)
        except CursorLost:
            if cursor is None:
                raise
            return calendar.changes(None)


def _read(cursor: str) -> dict[str, str]:
    try:
        fields = json.loads(cursor)
        if fields["many"] != _VERSION:
            raise ValueError
        return {str(name): str(inner) for name, inner in fields["of"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CursorLost(
            f'the bookmark "{cursor[:40]}" is not one of Google Calendar; all are read anew'
        ) from None


def to_read(google: Google, wanted: tuple[str, ...], own: OwnCalendar) -> tuple[str, ...]:
    """Return the ids of the calendars to read.

    Without a wish: every calendar of the user's list where the sign-in is known to permit listing
    (one request a day), else the primary one alone.
    """
    if wanted and ALL not in wanted:
        return wanted
    if not wanted and not permits(google.sign_in.scopes, "calendar.calendarList.list"):
        return (PRIMARY,)
    now = google.means.now().timestamp()
    try:
        at, names = json.loads(google.notes.recall(_NOTE) or "[0, []]")
    except ValueError:
        at, names = 0, []
    if not names or now - at > _LIST_EVERY.total_seconds():
        found = [str(item["id"]) for item in listed(google) if _readable(item)]
        names = found or [PRIMARY]
        google.notes.jot(_NOTE, json.dumps([now, names]))
    ours = own.id()
    return tuple(name for name in names if name != ours) or (PRIMARY,)


def _readable(item: Mapping[str, Any]) -> bool:
    """Whether its events say more than that somebody is busy."""
    return not item.get("deleted") and item.get("accessRole") != "freeBusyReader"
