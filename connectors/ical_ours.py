"""Follow-up events of ours as iCalendar (RFC 5545), with our key and mark in them.

compose(event, key=…, stamp=…)    -> bytes     ready for a folder or a server
marked(raw, zone=…)               -> Marked    the events of a file, as they are now
is_ours(event)                    -> bool      also when a program has dropped our key
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import icalendar
from icalendar.prop import vText

from vouchd.connectors.base import Refused
from vouchd.connectors.ical import KEY, event_of
from vouchd.connectors.ical_blocks import blocks
from vouchd.rules.model import Event, fingerprint

MARK = "X-VOUCHD-MARK"
PRODUCT = "-//vouchd//vouchd//EN"


@dataclass(frozen=True, slots=True)
class Marked:
    """A follow-up event as it lies in a calendar, with our key and mark where it has them."""

    event: Event
    key: str | None
    mark: str | None


def marked(raw: bytes, *, zone: tzinfo) -> tuple[Marked, ...]:
    """Return the events of a file with our key and mark. Raises Refused when one is broken."""
    found = []
    for block in blocks(raw, zone=zone):
        event = event_of(block)
        mark = _MARKED.search(block.text)
        found.append(Marked(event, event.key, mark[1] if mark else None))
    return tuple(found)


_MARKED = re.compile(rf"^{MARK}(?:;[^:\n]*)?:\s*(\S+)", re.M | re.I)


def compose(event: Event, *, key: str, stamp: datetime) -> bytes:
    """Write a follow-up event: private, free time, with a reminder, and never with attendees.

    Raises Refused when the event cannot be written.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    entry.add("created", stamp.astimezone(UTC).replace(microsecond=0))
    if event.all_day:
        entry.add("dtstart", event.start.date())
        entry.add("dtend", event.end.date())
    else:
        entry.add("dtstart", _second(event.start))
        entry.add("dtend", _second(event.end))
    entry.add("summary", event.summary)
    if event.description:
        entry.add("description", event.description)
    if event.location:
        entry.add("location", event.location)
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    entry.add("sequence", event.sequence)
    if event.link:
        entry.add("url", event.link)
    entry.add(KEY, vText(key))
    entry.add(MARK, vText(fingerprint(event)))
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.summary)
    alarm.add("trigger", timedelta())
    entry.add_component(alarm)
    calendar.add_component(entry)
    try:
        return bytes(calendar.to_ical())
    except ValueError as error:
        raise Refused(f"follow-up event {key}: {error}") from error


def _second(moment: datetime) -> datetime:
    return datetime.fromtimestamp(round(moment.timestamp()), UTC)
