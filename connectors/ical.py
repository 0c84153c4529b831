"""iCalendar (RFC 5545, iTIP 5546) as bytes to `Event` values.

    parse(raw, zone=…)                    -> Calendar  all events of a file, and what is wrong in it
    read_ics(path, zone=…)                -> Calendar  one file
    event_of(block)                       -> Event     one of them; see `ical_blocks`
    is_ours(event)                        -> bool      a follow-up event, also without our key

`zone` is the user's: all-day events start at its midnight, floating times are in it.
A series is not expanded: its master stands for it, with `recurring` set and its first start;
each changed instance is an event of its own with the uid `uid/recurrence-id`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any

import icalendar
from icalendar.prop import vBroken

from vouchd.connectors.base import Refused
from vouchd.connectors.charset import printable
from vouchd.connectors.headers import one_line
from vouchd.connectors.ical_blocks import Block, blocks
from vouchd.connectors.limits import within
from vouchd.connectors.markup import to_text
from vouchd.rules.model import Address, Attendee, Event

KEY = "X-VOUCHD-KEY"

LONGEST_TEXT = 50_000  #: characters of a description that are kept
MOST_ATTENDEES = 500


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar file holds; a broken event is a problem in words and hides no other."""

    events: tuple[Event, ...]
    problems: tuple[str, ...] = ()


def parse(raw: bytes, *, zone: tzinfo, method: str = "", most: int | None = None) -> Calendar:
    """Read all events, or the first `most`; `method` is the one of a mail's Content-Type."""
    events: list[Event] = []
    problems: list[str] = []
    try:
        for block in islice(blocks(raw, zone=zone, method=method), most):
            try:
                events.append(event_of(block))
            except Refused as error:
                problems.append(str(error))
    except Refused as error:
        problems.append(str(error))
    return Calendar(tuple(events), tuple(problems))


def read_ics(path: Path, *, zone: tzinfo) -> Calendar:
    """Read one file. Raises Refused when it cannot be read at all."""
    try:
        return parse(path.read_bytes(), zone=zone)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or error}: make it readable, or move it") from error


def event_of(block: Block) -> Event:
    """Understand one event. Raises Refused, in a sentence that names it, when it has no sense."""
    name = _name(block.text)
    # Zones are ours to place (see `zones`): the library would warn, guess and remember.
    text = f"BEGIN:VEVENT\n{_ZONED.sub(_HIDDEN_ZONE, block.text)}\nEND:VEVENT\n"
    try:
        with within():
            component = icalendar.Event.from_ical(text.replace("\n", "\r\n"))
            if not isinstance(component, icalendar.Event):
                raise Refused(f"event {name}: it is not one event; export the calendar anew")
            return _event(component, block, name)
    except Refused:
        raise
    except Exception as error:  # strangers' files find every corner of a library
        said = " ".join(str(error).split())[:200]
        raise Refused(f"event {name}: {said}; export the calendar anew, or delete it") from error


_ZONED = re.compile(r"^((?:DTSTART|DTEND|RECURRENCE-ID|RDATE|EXDATE)[^:\n]*?);TZID=", re.M | re.I)
_HIDDEN_ZONE = r"\1;X-TZID="


def _name(text: str) -> str:
    for wanted in ("SUMMARY", "UID"):
        found = re.search(rf"^{wanted}(?:;[^:\n]*)?:[ \t]*(\S.*)$", text, re.M | re.I)
        if found:
            return f'"{printable(found[1])[:60]}"'
    return "without a name"


def _event(component: icalendar.Event, block: Block, name: str) -> Event:
    start, all_day = _moment(component, "DTSTART", block, name)
    if start is None:
        raise Refused(f"event {name}: it has no DTSTART; export the calendar anew, or delete it")
    end = _end(component, block, name, start, all_day=all_day)
    instance, whole_day = _moment(component, "RECURRENCE-ID", block, name)
    uid = one_line(_text(component, "UID")) or _made_up(block)
    if instance is not None:
        day = f"{instance:%Y%m%d}"
        uid += f"/{day}" if whole_day else f"/{instance.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    organizer = _people(component, "ORGANIZER")
    return Event(
        uid=uid[:1000],
        start=start,
        end=end,
        summary=one_line(_text(component, "SUMMARY"))[:1000],
        description=_description(component),
        location=one_line(_text(component, "LOCATION"))[:1000],
        organizer=Address(organizer[0].email, organizer[0].name) if organizer else None,
        attendees=_people(component, "ATTENDEE"),
        all_day=all_day,
        cancelled=_text(component, "STATUS").strip().upper() == "CANCELLED"
        or block.method == "CANCEL",
        method=block.method,
        sequence=_number(component, "SEQUENCE"),
        recurring=instance is not None or "RRULE" in component or "RDATE" in component,
        known_at=_known_at(component, block),
        link=one_line(_text(component, "URL"))[:2000] or None,
        key=_ESCAPED.sub(r"\1", one_line(_text(component, KEY))) or None,
    )


_ESCAPED = re.compile(r"\\([\\;,])")  # the library leaves the text of X- properties as it stands


def _first(component: icalendar.Event, name: str) -> Any:
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def _meant(value: Any) -> Any:
    """Return the value as Python's own type; None where the library could not read it."""
    return None if isinstance(value, vBroken) else getattr(value, "dt", None)


def _text(component: icalendar.Event, name: str) -> str:
    value = _first(component, name)
    return "" if value is None else str(value)


def _moment(
    component: icalendar.Event, name: str, block: Block, title: str
) -> tuple[datetime | None, bool]:
    """Return a time of the event, aware, and whether it is a whole day."""
    value = _first(component, name)
    if value is None:
        return None, False
    moment = _meant(value)
    if isinstance(moment, tuple):  # a period where a time belongs
        moment = moment[0]
    if not isinstance(moment, date):
        raise Refused(
            f'event {title}: {name} "{str(value)[:40]}" is no time; export the calendar anew'
        )
    params = getattr(value, "params", {})
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), block.zones.mine), True
    aware = block.zones.place(moment, str(params.get("X-TZID", "")))
    aware.astimezone(UTC)  # the first and the last year have times that no other zone has
    return aware, False


def _end(
    component: icalendar.Event, block: Block, name: str, start: datetime, *, all_day: bool
) -> datetime:
    """Return the end (RFC 5545 section 3.6.1): DTEND, else DURATION, else the start or its day."""
    end: datetime | None = None
    with suppress(Refused):  # the start is what counts
        end, _ = _moment(component, "DTEND", block, name)
    if end is None:
        lasts = _meant(_first(component, "DURATION"))
        if isinstance(lasts, timedelta):
            end = start + lasts
    if all_day and (end is None or end <= start):
        # Midnight to midnight, also on the days when a clock is put forward.
        following = start.date() + timedelta(days=1)
        return datetime.combine(following, time(), start.tzinfo)
    return start if end is None or end < start else end


def _known_at(component: icalendar.Event, block: Block) -> datetime | None:
    for name in ("CREATED", "DTSTAMP"):
        moment = _meant(_first(component, name))
        if isinstance(moment, datetime) and moment.year >= 1990:  # Google writes year 0 or 1900
            return block.zones.place(moment, "UTC")
    return None


def _number(component: icalendar.Event, name: str) -> int:
    found = re.match(r"\s*(\d{1,9})", _text(component, name))
    return int(found[1]) if found else 0


_MARKUP = re.compile(
    r"<(?:br|p|div|span|a|b|i|u|ul|ol|li|html|table|html-blob)\b[^>]{0,500}>", re.I
)


def _description(component: icalendar.Event) -> str:
    text = _text(component, "DESCRIPTION")[: 4 * LONGEST_TEXT]
    if not text.strip():
        text = _text(component, "X-ALT-DESC")[: 4 * LONGEST_TEXT]
    if component.get(KEY) is None and _MARKUP.search(text):
        text = to_text(text.replace("\n", "<br>") if "<br" not in text.lower() else text)
    return "\n".join(map(printable, text.splitlines()))[:LONGEST_TEXT]


_PLACES = ("ROOM", "RESOURCE")


def _people(component: icalendar.Event, name: str) -> tuple[Attendee, ...]:
    values = component.get(name)
    if values is None:
        return ()
    found = []
    for value in values[:MOST_ATTENDEES] if isinstance(values, list) else [values]:
        params = getattr(value, "params", {})
        if str(params.get("CUTYPE", "")).upper() in _PLACES:
            continue
        written = str(value).strip()
        email = written[7:] if written[:7].lower() == "mailto:" else str(params.get("EMAIL", ""))
        if not email and "@" in written:
            email = written
        email = printable("".join(email.split())).strip("<>\"'").lower()[:320]
        title = one_line(str(params.get("CN", ""))).strip("'\"")[:200]
        status = str(params.get("PARTSTAT", "NEEDS-ACTION")).lower()
        if email or title:
            found.append(Attendee(email, "" if title.lower() == email else title, status))
    return tuple(found)


def _made_up(block: Block) -> str:
    return f"{block.print}@content.invalid"


def is_ours(event: Event) -> bool:
    """Whether it is a follow-up event of ours, also when a program has dropped our key."""
    return event.key is not None or event.uid.endswith("@vouchd")
