"""The user's own rules put to the test: a saved message, what should come of it, what does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vouchd.config.settings import Expectation
from vouchd.connectors import ical, mime
from vouchd.connectors.base import ConnectorError
from vouchd.connectors.sources import Kind, open_path
from vouchd.daemon.replay import relive_readings
from vouchd.daemon.think import Mind
from vouchd.rules.match import same_company, same_role
from vouchd.rules.model import Reading, Signal
from vouchd.rules.reading.detect import read_event, read_message


class Unreadable(Exception):
    """A saved message cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a saved message, and what is wrong with it."""

    expectation: Expectation
    signals: tuple[str, ...]
    wrong: tuple[str, ...]


def tried(expectation: Expectation, mind: Mind) -> Outcome:
    """Read the message of an expectation and compare."""
    try:
        readings = tuple(read_saved(expectation.message, mind))
    except Unreadable as error:
        return Outcome(expectation, (), (str(error),))
    signals = tuple(signal for reading in readings for signal in reading.signals)
    wrong = tuple(_differences(expectation, signals, readings, mind))
    return Outcome(expectation, tuple(signal.kind.value for signal in signals), wrong)


def read_saved(path: Path, mind: Mind) -> Iterator[Reading]:
    """Yield what a saved message or the events of a calendar file say. Raises Unreadable."""
    me = mind.book.me
    try:
        for item in open_path(path):
            if item.error is not None:
                raise Unreadable(f"{path}: {item.error}")
            if item.kind is Kind.MAIL:
                yield read_message(mime.parse(item.raw, me=me.emails, zone=me.zone), mind.book)
                continue
            found = ical.parse(item.raw, zone=me.zone)
            if found.problems:
                raise Unreadable(f"{path}: {found.problems[0]}")
            for event in found.events:
                yield read_event(event, mind.book)
    except ConnectorError as error:
        raise Unreadable(str(error)) from error


def _differences(
    wanted: Expectation, signals: tuple[Signal, ...], readings: tuple[Reading, ...], mind: Mind
) -> Iterator[str]:
    kinds = [signal.kind.value for signal in signals]
    missing = [kind for kind in wanted.signals if kind not in kinds]
    surplus = [kind for kind in kinds if kind not in wanted.signals]
    if missing:
        yield f"does not say {', '.join(missing)}"
    if surplus:
        yield f"says {', '.join(surplus)}"
    for signal in signals:
        if signal.kind.value not in wanted.signals:
            continue
        if wanted.company and not same_company(signal.company or "", wanted.company):
            yield f"{signal.kind}: of {signal.company or 'no company'}, not {wanted.company}"
        if wanted.role and not (signal.role and same_role(signal.role, wanted.role)):
            yield f"{signal.kind}: for {signal.role or 'no job'}, not {wanted.role}"
        if wanted.references is not None and set(signal.references) != set(wanted.references):
            yield f"{signal.kind}: about {', '.join(signal.references) or 'nobody'}"
    if wanted.follow_ups is not None:
        found = follow_ups_of(readings, mind)
        if set(found) != set(wanted.follow_ups):
            yield f"prepares {', '.join(found) or 'nothing'}"


def follow_ups_of(readings: tuple[Reading, ...], mind: Mind) -> tuple[str, ...]:
    """Return the kinds of what is prepared because of these alone, with what the files say."""
    sources = {reading.source for reading in readings}
    return tuple(
        dict.fromkeys(
            kind.value
            for follow_up in relive_readings(mind, readings)
            if any(cause.source in sources for cause in follow_up.why)
            for kind in follow_up.kinds
        )
    )
