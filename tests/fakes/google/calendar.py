"""Google Calendar: sync tokens that end, ids that are never given twice, etags that bind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.google.errors import Denial, not_found

Query = dict[str, list[str]]
Json = dict[str, Any]
PRIMARY = "sam@example.org"


@dataclass
class FakeCalendar:
    now: Callable[[], float]
    zone: str = "Europe/Berlin"
    calendars: dict[str, Json] = field(default_factory=dict)
    listed: dict[str, dict[str, str]] = field(default_factory=dict)
    events: dict[str, dict[str, Json]] = field(default_factory=dict)  #: calendar -> id -> event
    changed: dict[tuple[str, str], int] = field(default_factory=dict)
    version: int = 100
    oldest_token: int = 0  #: tokens from before are gone
    page: int = 250
    overlapping_pages: bool = False  #: each page begins with the end of the one before
    empty_pages: bool = False
    stubs: bool = True  #: of a deleted event only the id is told
    drops_properties: bool = False
    stale_lists: int = 0  #: so many lists of calendars do not know the newest yet
    new_calendars_hide: int = 0  #: a new calendar is not there for so many requests

    def __post_init__(self) -> None:
        self._make(PRIMARY, {"summary": PRIMARY, "primary": True})

    # --- the user, and the world --------------------------------------------------------

    def put(self, calendar: str = PRIMARY, **item: Any) -> Json:
        before = self.events[calendar].get(item["id"], {})
        return self._store(calendar, {**before, **item})

    def edit(self, calendar: str, id_: str, **changes: Any) -> None:
        self._store(calendar, {**self.events[calendar][id_], **changes})

    def cancel(self, calendar: str, id_: str) -> None:
        self._store(calendar, {**self.events[calendar][id_], "status": "cancelled"})

    def put_calendar(self, id_: str, **listed: str) -> None:
        """A further calendar of the user's; `listed` as it stands in the list."""
        self._make(id_, {"summary": "Work"})
        self.listed[id_] = listed

    def own(self) -> list[str]:
        return [id_ for id_ in self.calendars if id_ != PRIMARY]

    def lying(self) -> list[Json]:
        """Events that lie in the calendars that vouchd made."""
        return [
            item
            for calendar in self.own()
            for item in self.events[calendar].values()
            if item["status"] != "cancelled"
        ]

    # --- inside -------------------------------------------------------------------------

    def _make(self, id_: str, fields: Json) -> Json:
        entry = {"kind": "calendar#calendar", "id": id_, "timeZone": self.zone, **fields}
        self.calendars[id_] = entry
        self.events[id_] = {}
        return entry

    def _id(self, calendar: str) -> str:
        id_ = PRIMARY if calendar == "primary" else calendar
        if id_ not in self.calendars:
            raise not_found()
        if id_ != PRIMARY and self.new_calendars_hide > 0:
            self.new_calendars_hide -= 1
            raise Denial(403, "requiredAccessLevel", "You need to have writer access")
        return id_

    def _writable(self, calendar: str) -> str:
        id_ = self._id(calendar)
        if id_ == PRIMARY:
            raise Denial(403, "requiredAccessLevel", "vouchd may not write here")
        return id_

    def _store(self, calendar: str, item: Json) -> Json:
        self.version += 1
        stamp = datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        item = {
            "kind": "calendar#event",
            "status": "confirmed",
            "iCalUID": f"{item['id']}@google.com",
            "created": stamp,
            "htmlLink": f"https://www.google.com/calendar/event?eid={item['id'][:20]}",
            "eventType": "default",
            **item,
            "updated": stamp,
            "etag": f'"{self.version}"',
        }
        if self.drops_properties:
            item.pop("extendedProperties", None)
        self.events[calendar][item["id"]] = item
        self.changed[calendar, item["id"]] = self.version
        return item

    def _bound(self, item: Json, headers: Json) -> None:
        wanted = headers.get("if-match")
        if wanted is None:
            raise Denial(428, "required", "vouchd changes nothing without If-Match")
        if wanted != item["etag"]:
            raise Denial(412, "conditionNotMet", "Precondition Failed")

    def _event(self, calendar: str, id_: str) -> Json:
        if id_ not in self.events[calendar]:
            raise not_found()
        return self.events[calendar][id_]

    @staticmethod
    def _quiet(query: Query, body: Any) -> None:
        if query.get("sendUpdates") != ["none"] or (body or {}).get("attendees"):
            raise Denial(400, "badRequest", "this would tell others")

    # --- the methods --------------------------------------------------------------------

    def calendarList_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        items = [
            {
                **entry,
                "kind": "calendar#calendarListEntry",
                "accessRole": "owner",
                **self.listed.get(id_, {}),
            }
            for id_, entry in self.calendars.items()
        ]
        if self.stale_lists > 0:
            self.stale_lists -= 1
            items.pop()
        return {"kind": "calendar#calendarList", "items": items}

    def calendars_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        entry = dict(self.calendars[self._id(path["calendarId"])])
        entry.pop("primary", None)
        return entry

    def calendars_insert(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        self.version += 1
        return self._make(f"c_{self.version}@group.calendar.google.com", dict(body))

    def events_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        calendar = self._id(path["calendarId"])
        token = query.get("syncToken", [None])[0]
        since = 0
        if token is not None:
            if {"timeMin", "timeMax", "q", "orderBy", "updatedMin"} & query.keys():
                raise Denial(400, "badRequest", "not allowed with a sync token")
            named, _, number = token.partition("#")
            if named != calendar or int(number) < self.oldest_token:
                raise Denial(410, "fullSyncRequired", "Sync token is no longer valid")
            since = int(number)
        found = []
        for id_, item in self.events[calendar].items():
            if self.changed[calendar, id_] <= since:
                continue
            if item["status"] == "cancelled":
                if token is not None:
                    found.append(self._cancelled(item))
            elif token is not None or not _ended(item, query.get("timeMin", [""])[0]):
                found.append(item)
        start = int(query.get("pageToken", ["-1"])[0])
        size = min(int(query.get("maxResults", ["250"])[0]), self.page)
        out: Json = {"kind": "calendar#events", "timeZone": self.zone, "items": []}
        if start < 0 and self.empty_pages:
            return {**out, "nextPageToken": "0"}
        start = max(0, start - 1 if self.overlapping_pages else start)
        out["items"] = found[start : start + size]
        if start + size < len(found):
            return {**out, "nextPageToken": str(start + size)}
        return {**out, "nextSyncToken": f"{calendar}#{self.version}"}

    def _cancelled(self, item: Json) -> Json:
        if not self.stubs:
            return item
        kept = ("kind", "id", "status", "etag", "recurringEventId", "originalStartTime")
        return {name: item[name] for name in kept if name in item}

    def events_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        return self._event(self._id(path["calendarId"]), path["eventId"])

    def events_insert(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        self._quiet(query, body)
        calendar = self._writable(path["calendarId"])
        if not re.fullmatch(r"[a-v0-9]{5,1024}", body["id"]) or "iCalUID" in body:
            raise Denial(400, "invalid", "Invalid resource id value.")
        if body["id"] in self.events[calendar]:
            raise Denial(409, "duplicate", "The requested identifier already exists.")
        for name, value in body["extendedProperties"]["private"].items():
            if len(name) > 44 or len(value) > 1024:
                raise Denial(400, "badRequest", "Google would drop or cut this silently")
        return self._store(calendar, dict(body))

    def events_update(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        self._quiet(query, body)
        calendar = self._writable(path["calendarId"])
        before = self._event(calendar, path["eventId"])
        self._bound(before, headers)
        if before["status"] == "cancelled":
            raise Denial(403, "forbidden", "Forbidden")
        kept = {name: before[name] for name in ("id", "iCalUID", "created", "htmlLink")}
        return self._store(calendar, {**body, **kept})

    def events_patch(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        self._quiet(query, body)
        calendar = self._writable(path["calendarId"])
        before = self._event(calendar, path["eventId"])
        self._bound(before, headers)
        private = {
            **before.get("extendedProperties", {}).get("private", {}),
            **body.get("extendedProperties", {}).get("private", {}),
        }
        merged = {**before, **body, "extendedProperties": {"private": private}}
        return self._store(calendar, merged)

    def events_delete(self, path: Json, query: Query, body: Any, headers: Json) -> None:
        self._quiet(query, body)
        calendar = self._writable(path["calendarId"])
        before = self._event(calendar, path["eventId"])
        if before["status"] == "cancelled":
            raise Denial(410, "deleted", "Resource has been deleted")
        self._bound(before, headers)
        self.cancel(calendar, path["eventId"])


def _ended(item: Json, time_min: str) -> bool:
    end = item.get("end", {})
    if not time_min or item.get("recurrence"):
        return False
    text = end.get("dateTime") or f"{end.get('date')}T00:00:00+00:00"
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at < datetime.fromisoformat(time_min.replace("Z", "+00:00"))
