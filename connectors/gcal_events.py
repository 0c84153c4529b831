"""An event as Google Calendar tells it to an `Event`, and a follow-up to what Google takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from vouchd.connectors.base import Refused
from vouchd.connectors.google_failures import as_documented
from vouchd.connectors.markup import to_text
from vouchd.connectors.zones import named
from vouchd.rules.model import Address, Attendee, Event, fingerprint

#: Private extended properties: names of at most 44 characters, values of at most 1,024.
KEY, MARK, TAKEN_BACK, NOTICE = "vouchd_key", "vouchd_mark", "vouchd_taken_back", "vouchd_notice"
_LONGEST_VALUE = 1024
_LONGEST_TEXT = 8000
LONGEST_DESCRIPTION = 50_000
_MOST_ATTENDEES = 500

Json = dict[str, Any]


def event_id(key: str, generation: int = 0) -> str:
    """Return the id of the event of a follow-up: base32hex of its key, always the same.

    Google never gives an id a second time, not even of a deleted event: what is written again after
    it was taken back is the next generation.
    """
    seed = f"{key}#{generation}" if generation else key
    return "vouchd" + sha256(seed.encode()).hexdigest()[:40]


def uid_of(item: Mapping[str, Any]) -> str:
    """Return the uid of an event or of one changed instance of a series: `uid/recurrence-id`."""
    uid = str(item.get("iCalUID") or f"{_master(item)}@google.com")
    original = item.get("originalStartTime")
    if not item.get("recurringEventId") or not isinstance(original, Mapping):
        return uid
    if original.get("date"):
        return f"{uid}/{str(original['date']).replace('-', '')}"
    moment = _aware(str(original.get("dateTime", "")), original, UTC)
    return f"{uid}/{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment else uid


def _master(item: Mapping[str, Any]) -> str:
    return str(item.get("recurringEventId") or item.get("id", ""))


def read(item: Mapping[str, Any], *, zone: tzinfo) -> Event:
    """Read one event; `zone` is the user's, whose midnight all-day events start at.

    Raises Refused when it has no start that can be read, or another form than Google documents.
    """
    with as_documented(f"event {item.get('id', '')!s:.80}"):
        return _read(item, zone)


def _read(item: Mapping[str, Any], zone: tzinfo) -> Event:
    start, all_day = _moment(item.get("start"), zone)
    if start is None:
        raise Refused(f"event {item.get('id', '')}: it has no start that can be read")
    end, _ = _moment(item.get("end"), zone)
    if end is None or end < start:
        end = start + (timedelta(days=1) if all_day else timedelta())
    organizer = item.get("organizer", {})
    own = _private(item)
    return Event(
        uid=uid_of(item),
        start=start,
        end=end,
        summary=" ".join(str(item.get("summary", "")).split())[:1000],
        description=_words(str(item.get("description", "")), ours=KEY in own),
        location=" ".join(str(item.get("location", "")).split())[:1000],
        organizer=_address(organizer),
        attendees=tuple(
            Attendee(
                str(a.get("email", "")).lower(),
                str(a.get("displayName", "")),
                _STATUS.get(str(a.get("responseStatus", "")), "needs-action"),
            )
            for a in item.get("attendees", ())[:_MOST_ATTENDEES]
            if not a.get("resource")
        ),
        all_day=all_day,
        cancelled=item.get("status") == "cancelled",
        sequence=int(item.get("sequence", 0)),
        recurring=bool(item.get("recurrence") or item.get("recurringEventId")),
        known_at=_aware(str(item.get("created", "")), {}, UTC),
        link=item.get("htmlLink"),
        key=own.get(KEY),
    )


_STATUS = {"accepted": "accepted", "declined": "declined", "tentative": "tentative"}
_MARKUP = re.compile(r"<(?:br|p|div|span|a|b|i|u|ul|ol|li|html|table)\b[^>]{0,500}>", re.I)


def _words(text: str, *, ours: bool) -> str:
    text = text[: 4 * LONGEST_DESCRIPTION]
    if not ours and _MARKUP.search(text):
        text = to_text(text.replace("\n", "<br>") if "<br" not in text.lower() else text)
    return text[:LONGEST_DESCRIPTION]


def _address(person: Mapping[str, Any]) -> Address | None:
    email = str(person.get("email", "")).lower()
    return Address(email, str(person.get("displayName", ""))) if email else None


def _private(item: Mapping[str, Any]) -> Mapping[str, str]:
    properties = item.get("extendedProperties")
    found = properties.get("private") if isinstance(properties, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _moment(value: object, zone: tzinfo) -> tuple[datetime | None, bool]:
    """Return a start or an end, aware, and whether it is a whole day."""
    if not isinstance(value, Mapping):
        return None, False
    if value.get("dateTime"):
        return _aware(str(value["dateTime"]), value, zone), False
    try:
        return datetime.combine(date.fromisoformat(str(value["date"])), time(), zone), True
    except (KeyError, ValueError):
        return None, False


def _aware(text: str, value: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    """Read a time (RFC 3339); without an offset it is in the zone it names, else in `zone`."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if at.year < 1990:  # Google writes year 0 where it does not know
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=named(str(value.get("timeZone", ""))) or zone)
    return at.replace(microsecond=0)


def mark_of(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the key and the mark that lie on an event of ours."""
    own = _private(item)
    return own.get(KEY), own.get(MARK)


def taken_back(item: Mapping[str, Any]) -> bool:
    """Whether it was vouchd that deleted it."""
    return TAKEN_BACK in _private(item)


def is_notice(item: Mapping[str, Any]) -> bool:
    """Whether it is vouchd's own word to the user and no follow-up."""
    return NOTICE in _private(item)


def body(event: Event, *, key: str, zone: str, notice: bool = False) -> Json:
    """Return a follow-up event as Google takes it: free time, nobody invited, a reminder.

    Raises Refused when it does not fit.
    """
    if len(key) > _LONGEST_VALUE:
        raise Refused(f"follow-up {key[:80]}…: its key is too long for Google Calendar")
    private = {NOTICE: key} if notice else {KEY: key, MARK: fingerprint(event)}
    fields: Json = {
        "summary": event.summary,
        "description": event.description[:_LONGEST_TEXT],
        "start": _when(event.start, zone, all_day=event.all_day),
        "end": _when(event.end, zone, all_day=event.all_day),
        "transparency": "transparent",
        "visibility": "private",
        "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 0}]},
        "extendedProperties": {"private": private},
        "status": "confirmed",
    }
    if event.location:
        fields["location"] = event.location
    if event.link and event.link.startswith(("https://", "http://")):
        fields["source"] = {"title": "the mail", "url": event.link}
    return fields


def _when(at: datetime, zone: str, *, all_day: bool) -> Json:
    if all_day:
        return {"date": at.date().isoformat()}
    moment = at.astimezone(UTC).replace(microsecond=0)
    return {"dateTime": moment.isoformat().replace("+00:00", "Z"), "timeZone": zone}
