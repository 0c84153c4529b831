"""Google Calendar as a source of events: everything once, then only what changed.

The cursor is JSON: the sync token, and a print of the uid of each event that Google names by its
own id, for of a deleted event only that id is left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from typing import Any
from urllib.parse import quote

from vouchd.connectors import gcal_events, google_pages
from vouchd.connectors.base import Changes, CursorLost, Parked, Refused, Unavailable
from vouchd.connectors.google_failures import Denied
from vouchd.connectors.google_http import Google
from vouchd.connectors.prints import print_of_uid
from vouchd.rules.model import Event

PAGE = 250
_VERSION = 1
#: Events that ended so long before the look back are no longer waited for.
_FORGET_AFTER = timedelta(days=30)


@dataclass(slots=True)
class _State:
    token: str | None
    known: dict[str, tuple[str, int]] = field(default_factory=dict)  #: id -> print of uid, its end


class GoogleCalendar:
    """A Calendar: one of the user's, never the one that vouchd writes to."""

    def __init__(
        self,
        google: Google,
        calendar: str,
        *,
        zone: tzinfo,
        look_back: timedelta = timedelta(days=90),
        ours: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._google = google
        self._calendar = calendar
        self._zone = zone
        self._look_back = look_back
        self._ours = ours

    def changes(self, cursor: str | None) -> Changes[Event]:
        """Return what is new or changed. Raises Unavailable, NeedsLogin, CursorLost."""
        state = _State(None) if cursor is None else _read(cursor)
        if self._calendar == self._ours():
            return Changes((), _written(state))
        try:
            return self._changes(state)
        except Denied as error:
            what = f"calendar {self._calendar}: {error}"
            if error.status == 404:
                what = (
                    f"calendar {self._calendar}: Google does not know it, or you may not see it; "
                    "correct `read` under [calendar]"
                )
            raise Unavailable(what) from error

    def _changes(self, state: _State) -> Changes[Event]:
        whole = state.token is None
        try:
            items, token = self._listed(state.token)
        except Denied as error:
            if error.status != 410:
                raise
            # The token has ended: everything once more, and what is missing is gone.
            whole = True
            items, token = self._listed(None)
        events: list[Event] = []
        parked: list[Parked] = []
        gone: list[str] = []
        before, now = state.known, self._google.means.now()
        known = {} if whole else dict(before)
        for item in items:
            id_ = str(item.get("id", ""))
            if gcal_events.mark_of(item)[0] is not None or gcal_events.is_notice(item):
                continue
            if item.get("status") == "cancelled":
                gone.append(known.pop(id_, before.get(id_, (None, 0)))[0] or _stub(item, before))
                continue
            try:
                event = gcal_events.read(item, zone=self._zone)
            except Refused as error:
                parked.append(Parked(str(item.get("htmlLink", id_)), str(error)))
                continue
            events.append(event)
            known[id_] = (print_of_uid(event.uid), _last(event))
        if whole:
            # What has ended is missing because it is past; only what is to come was deleted.
            gone.extend(
                uid
                for id_, (uid, end) in before.items()
                if id_ not in known and end > now.timestamp()
            )
        earliest = (now - self._look_back - _FORGET_AFTER).timestamp()
        kept = {id_: it for id_, it in known.items() if it[1] == 0 or it[1] > earliest}
        events.sort(key=lambda event: event.known_at or event.start)
        return Changes(
            tuple(events),
            _written(_State(token, kept)),
            parked=tuple(parked),
            gone=tuple(dict.fromkeys(map(print_of_uid, gone))),
        )

    def _listed(self, token: str | None) -> tuple[list[Mapping[str, Any]], str | None]:
        """Return all items since a token (None: since the look back) and the next token."""
        query: dict[str, Any] = {"calendarId": self._calendar, "maxResults": PAGE}
        if token is not None:
            query["syncToken"] = token
        else:
            earliest = self._google.means.now() - self._look_back
            query["timeMin"] = f"{earliest.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        items: dict[str, Mapping[str, Any]] = {}  # pages may overlap; the later word counts
        following: str | None = None
        for page in pages(self._google, query, f"calendar {self._calendar}"):
            items.update((str(item.get("id", "")), item) for item in page.get("items", ()))
            following = page.get("nextSyncToken")
        return list(items.values()), following


def pages(google: Google, query: Mapping[str, Any], what: str) -> Iterator[Mapping[str, Any]]:
    """Yield the pages of `events.list`, one request each; a page may be empty and not the last."""

    def page_at(token: str | None) -> Any:
        return google.calendar.events().list(**query, pageToken=token)

    return google_pages.pages(google, page_at, what)


def listed(google: Google) -> tuple[Mapping[str, Any], ...]:
    """Return the user's list of calendars (needs a permission that is not asked by default)."""

    def page_at(token: str | None) -> Any:
        return google.calendar.calendarList().list(maxResults=250, pageToken=token)

    found = google_pages.pages(google, page_at, "your list of calendars")
    return tuple(item for page in found for item in page.get("items", ()))


def web_link(calendar: str) -> str:
    """Return where the user sees a calendar."""
    return f"https://calendar.google.com/calendar/u/0/r?cid={quote(calendar, safe='@')}"


def _last(event: Event) -> int:
    """Return when it ends, in seconds since 1970; 0 for a series, whose end nobody tells."""
    return 0 if event.recurring else int(event.end.timestamp())


def _stub(item: Mapping[str, Any], known: Mapping[str, tuple[str, int]]) -> str:
    """Return the uid of a deleted event of which only the id is left, or of an instance.

    It may be a print already.
    """
    master = item.get("recurringEventId")
    if master and master in known:
        return gcal_events.uid_of({**item, "iCalUID": known[str(master)][0].partition("/")[0]})
    return gcal_events.uid_of(item)


def _written(state: _State) -> str:
    fields = {"v": _VERSION, "token": state.token, "known": state.known}
    return json.dumps(fields, separators=(",", ":"))


def _read(cursor: str) -> _State:
    try:
        fields = json.loads(cursor)
        if fields["v"] != _VERSION:
            raise ValueError
        token = fields["token"]
        known = {str(i): (print_of_uid(uid), int(end)) for i, (uid, end) in fields["known"].items()}
        return _State(None if token is None else str(token), known)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CursorLost(
            f'the bookmark "{cursor[:40]}" is not one of Google Calendar; it is read anew'
        ) from None
