"""Relive the past in simulated time: the same facts, the same plan, nothing written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from vouchd.daemon.think import Mind, Moment, remember, think
from vouchd.rules.model import Event, FollowUp, Message, Reading
from vouchd.rules.reading.detect import read_event, read_message


def relive(
    mind: Mind,
    messages: Iterable[Message],
    events: Iterable[Event],
    *,
    from_: date | None = None,
    until: date | None = None,
) -> tuple[FollowUp, ...]:
    """Return each follow-up as it stands at the end of the replay.

    `from_` and `until` are whole days in the user's zone, both included: what is older than
    `from_` is known but yields nothing, what is younger than `until` has not happened yet.
    """
    readings: dict[tuple[bool, str], Reading] = {}
    for message in messages:
        readings.setdefault((False, message.id), read_message(message, mind.book))
    for event in events:
        readings[True, event.uid] = read_event(event, mind.book)
    return relive_readings(mind, readings.values(), from_=from_, until=until)


def relive_readings(
    mind: Mind,
    readings: Iterable[Reading],
    *,
    from_: date | None = None,
    until: date | None = None,
) -> tuple[FollowUp, ...]:
    """Return each follow-up as it stands at the end, from what was understood already."""
    known = tuple(readings)
    if not known and not until:
        return ()  # no day to live through
    end = _end(mind, known, until)
    known = tuple(r for r in known if r.at <= end)
    since = _midnight(mind, from_) if from_ else None
    # An event may have stood in the calendar for years: the first day is that of the first mail.
    mail = [r.at for r in known if not r.is_event]
    first = min(mail or [r.at for r in known], default=end)
    moment = Moment(now=end, began=since or first, since=since)
    return think(mind, remember(mind, known, {}), moment)


def _end(mind: Mind, readings: Iterable[Reading], until: date | None) -> datetime:
    """Return the last moment: of `until`, else of the day of the last thing known."""
    zone = mind.book.me.zone
    if until is None:
        until = max(r.at for r in readings).astimezone(zone).date()
    return _midnight(mind, until + timedelta(days=1)) - timedelta(microseconds=1)


def _midnight(mind: Mind, day: date) -> datetime:
    return datetime.combine(day, time(), mind.book.me.zone)
