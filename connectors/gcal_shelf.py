"""The follow-up calendar as a shelf.

An event's id is derived from its key, so a write may be repeated. What lies there is known from
the last answer of the sync token; every change is bound to the etag of a fresh look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import tzinfo
from typing import Any

from vouchd.connectors import gcal_events
from vouchd.connectors.base import Changed, Refused, Unavailable
from vouchd.connectors.gcal import PAGE, pages
from vouchd.connectors.gcal_own import OwnCalendar
from vouchd.connectors.gcal_seen import Seen, Thing, load, save, untouched
from vouchd.connectors.gcal_seen import found as as_found
from vouchd.connectors.google_failures import Denied
from vouchd.connectors.google_http import Google
from vouchd.rules.model import Event, Found, fingerprint

_GENERATIONS = 50
#: What the user may have set on an event and a rewrite leaves as it is.
_THEIRS = ("colorId", "eventLabelId", "reminders")

Json = Mapping[str, Any]


class GoogleEvents:
    """A Shelf of events. Every method may raise Unavailable and NeedsLogin."""

    def __init__(self, google: Google, own: OwnCalendar, zone: tzinfo) -> None:
        self._google = google
        self._own = own
        self._zone = zone

    def found(self, known: Mapping[str, str]) -> Iterator[Found]:
        """List our events, by their mark or by `known` (one request)."""
        seen = self._current(look=bool(known), known=known)
        if seen is None:
            return iter(())
        return iter([as_found(id_, thing) for id_, thing in seen.things.items()])

    def _current(self, *, look: bool, known: Mapping[str, str]) -> Seen | None:
        calendar = self._own.id() or (self._own.found() if look else None)
        if calendar is None:
            return None
        before = load(self._google.notes, calendar)
        try:
            seen = self._synced(calendar, before, known)
        except Denied as error:
            if error.status != 404 or self._there(calendar):
                raise Unavailable(str(error)) from error
            self._own.forget()
            return None
        save(self._google.notes, seen)
        return seen

    def _synced(self, calendar: str, before: Seen, known: Mapping[str, str]) -> Seen:
        what = "the calendar of your follow-ups"
        query: dict[str, Any] = {"calendarId": calendar, "maxResults": PAGE}
        try:
            asked = {**query, "syncToken": before.token} if before.token else query
            listed = list(pages(self._google, asked, what))
        except Denied as error:
            if error.status != 410:
                raise
            before.token = None
            listed = list(pages(self._google, query, what))
        things = dict(before.things) if before.token else {}
        for page in listed:
            for item in page.get("items", ()):
                id_ = str(item.get("id", ""))
                thing = self._thing(item, before.things.get(id_), known.get(id_))
                things.pop(id_, None)
                if thing is not None:
                    things[id_] = thing
        token = listed[-1].get("nextSyncToken") if listed else None
        return Seen(calendar, token, things)

    def _thing(self, item: Json, before: Thing | None, key: str | None) -> Thing | None:
        if item.get("status") == "cancelled" or gcal_events.is_notice(item):
            return None
        own_key, mark = gcal_events.mark_of(item)
        key = own_key or (before.key if before else key)
        if key is None:
            return None
        says = self._print(item)
        left = before.left if before else mark or ""
        return Thing(
            key=key,
            print=says,
            mark=mark or (before.mark if before else None),
            left=left,
            link=item.get("htmlLink"),
        )

    def _print(self, item: Json) -> str:
        """Return what an event says; one with guests says something we never wrote."""
        try:
            says = fingerprint(gcal_events.read(item, zone=self._zone))
        except Refused:
            return ""
        return f"{says}+guests" if item.get("attendees") else says

    def _there(self, calendar: str) -> bool:
        """Whether the calendar still exists: its 404 may be a passing one."""
        self._google.means.pause(1.0)
        request = self._google.calendar.calendars().get(calendarId=calendar)
        try:
            self._google.call(request, "the calendar of your follow-ups")
        except Denied as error:
            return error.status != 404
        return True

    # --- what we do ---------------------------------------------------------------------

    def write(self, key: str, content: Event) -> str:
        """Put an event down; one that lies there under the same key is the same one.

        What the user has deleted is not put down again: its handle is returned, and nothing will be
        found under it.
        """
        calendar = self._own.made()
        seen = load(self._google.notes, calendar)
        for id_, thing in seen.things.items():
            if thing.key == key:
                if thing.mark == fingerprint(content) or not untouched(thing):
                    return id_
                return self.rewrite(id_, content, thing.mark or thing.print)
        for generation in range(_GENERATIONS):
            id_ = gcal_events.event_id(key, generation)
            item = self._inserted(calendar, id_, key, content)
            if item is None:
                item = self._get(calendar, id_)
                if item is None or item.get("status") == "cancelled":
                    if item is not None and gcal_events.taken_back(item):
                        continue
                    return id_
            id_ = str(item.get("id", id_))
            self._remember(calendar, id_, key, item, content)
            return id_
        raise Refused(f"{key}: it was written and taken back {_GENERATIONS} times; nothing is left")

    def notice(self, key: str, content: Event) -> None:
        """Put down a word of vouchd's own to the user; the same key is put down once."""
        calendar = self._own.made()
        id_ = gcal_events.event_id(f"notice:{key}")
        self._inserted(calendar, id_, key, content, notice=True)

    def take_notice_back(self, key: str) -> None:
        """Take away such a word that has lost its reason, unless the user has done so."""
        calendar = self._own.id()
        id_ = gcal_events.event_id(f"notice:{key}")
        item = self._get(calendar, id_) if calendar is not None else None
        if item is None or item.get("status") == "cancelled":
            return
        request = self._google.calendar.events().delete(
            calendarId=calendar, eventId=id_, sendUpdates="none"
        )
        with suppress(Changed):  # somebody was faster
            self._bound(request, item, id_)

    def _inserted(
        self, calendar: str, id_: str, key: str, content: Event, *, notice: bool = False
    ) -> Json | None:
        """Insert an event; None when the id is taken."""
        zone = getattr(self._zone, "key", "UTC")
        body = {"id": id_, **gcal_events.body(content, key=key, zone=zone, notice=notice)}
        for wait in (1.0, 3.0, 9.0, None):
            request = self._google.calendar.events().insert(
                calendarId=calendar, body=body, sendUpdates="none"
            )
            try:
                item: Json = self._google.call(request, "a follow-up event")
                return item
            except Denied as error:
                if error.status == 409:
                    return None
                # A calendar that was only just made is not there for everybody at once.
                if error.status not in (403, 404) or wait is None:
                    raise
                if self._google.means.pause(wait):
                    raise
        return None

    def _remember(self, calendar: str, id_: str, key: str, item: Json, content: Event) -> None:
        mark = gcal_events.mark_of(item)[1] or fingerprint(content)
        says = self._print(item)
        seen = load(self._google.notes, calendar)
        left = says if mark == fingerprint(content) else mark
        seen.things[id_] = Thing(
            key=key, print=says, mark=mark, left=left, link=item.get("htmlLink")
        )
        save(self._google.notes, seen)

    def _get(self, calendar: str, id_: str) -> Json | None:
        request = self._google.calendar.events().get(calendarId=calendar, eventId=id_)
        try:
            item: Json = self._google.call(request, "a follow-up event")
            return item
        except Denied as error:
            if error.status in (404, 410):
                return None
            raise

    def rewrite(self, handle: str, content: Event, expected: str) -> str:
        """Replace an event that nobody has touched. Raises Changed."""
        calendar, item, key = self._unchanged(handle, expected)
        zone = getattr(self._zone, "key", "UTC")
        body = {
            **gcal_events.body(content, key=key, zone=zone),
            **{name: item[name] for name in _THEIRS if name in item},
        }
        request = self._google.calendar.events().update(
            calendarId=calendar, eventId=handle, body=body, sendUpdates="none"
        )
        answer = self._bound(request, item, handle)
        self._remember(calendar, handle, key, answer, content)
        return handle

    def remove(self, handle: str, expected: str) -> None:
        """Take an event away that nobody has touched. Raises Changed."""
        calendar, item, _ = self._unchanged(handle, expected)
        # Of a deleted event it must be seen later that it was not the user who deleted it.
        body = {"extendedProperties": {"private": {gcal_events.TAKEN_BACK: "1"}}}
        request = self._google.calendar.events().patch(
            calendarId=calendar, eventId=handle, body=body, sendUpdates="none"
        )
        item = self._bound(request, item, handle)
        request = self._google.calendar.events().delete(
            calendarId=calendar, eventId=handle, sendUpdates="none"
        )
        self._bound(request, item, handle)
        seen = load(self._google.notes, calendar)
        seen.things.pop(handle, None)
        save(self._google.notes, seen)

    def _bound(self, request: Any, item: Json, handle: str) -> Json:
        """Carry out a change on the very version that was looked at. Raises Changed."""
        if item.get("etag"):
            request.headers["If-Match"] = item["etag"]
        try:
            answer = self._google.call(request, "a follow-up event")
            return answer if isinstance(answer, Mapping) else {}
        except Denied as error:
            if error.status in (404, 410) and request.method == "DELETE":
                return {}
            if error.status in (404, 410, 412):
                raise Changed(f"{handle}: somebody else was faster") from None
            raise

    def _unchanged(self, handle: str, expected: str) -> tuple[str, Json, str]:
        """Return calendar, event and key by a fresh look. Raises Changed."""
        calendar = self._own.id()
        item = self._get(calendar, handle) if calendar is not None else None
        if calendar is None or item is None or item.get("status") == "cancelled":
            raise Changed(f"{handle}: it is no longer there")
        before = load(self._google.notes, calendar).things.get(handle)
        thing = self._thing(item, before, before.key if before else None)
        if thing is None or as_found(handle, thing).print != expected:
            raise Changed(f"{handle}: it says something else by now")
        return calendar, item, thing.key
