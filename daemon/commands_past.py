"""The commands that read what lies somewhere and write nothing: classify and replay."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from vouchd.config.settings import Config
from vouchd.connectors import ical, mime
from vouchd.connectors.base import ConnectorError, Parked, Unavailable
from vouchd.connectors.folders import Role
from vouchd.connectors.limits import within
from vouchd.connectors.sources import Item, Kind, open_path, read_calendar, read_mail
from vouchd.daemon import clock
from vouchd.daemon.app import mind_of
from vouchd.daemon.console import configured, progress_shown, put, told
from vouchd.daemon.failures import FAILED, UsageError
from vouchd.daemon.progress import Progress
from vouchd.daemon.rehearsal import rehearse
from vouchd.daemon.render import (
    counted,
    follow_up_json,
    follow_up_text,
    one_line,
    signal_json,
    signal_text,
)
from vouchd.daemon.replay import relive_readings
from vouchd.daemon.think import Mind
from vouchd.rules.model import Event, Message, Reading, Signal, State
from vouchd.rules.reading.detect import read_event, read_message

DONE = 0

Thing = TypeVar("Thing", Message, Event)


# --- classify -----------------------------------------------------------------------------------


def classify(arguments: argparse.Namespace) -> int:
    """Tell what is seen in each message or event, on its own."""
    mind = mind_of(configured(arguments))
    status, count = DONE, 0
    with progress_shown() as progress:
        for given in arguments.paths:
            try:
                for name, signals in _classified(Path(given), mind):
                    progress("classify", count := count + 1)
                    put(arguments, _line(name, signals), _text(name, signals))
            except Unavailable as error:
                put(arguments, _line(given, str(error)), _text(given, str(error)))
                status = FAILED
    return status


def _classified(path: Path, mind: Mind) -> Iterator[tuple[str, tuple[Signal, ...] | str]]:
    """Yield each message or event by name, with its signals, or why it cannot be read."""
    for item in open_path(path):
        # Of a folder the name in it; a file is called as it was given.
        name = item.name if path.is_dir() else f"{path}{item.name.removeprefix(path.name)}"
        try:
            for signals in _seen(item, mind):
                yield name, signals
        except ConnectorError as error:
            yield name, str(error)
        except Exception as error:
            yield name, f"could not be understood ({type(error).__name__}: {error})"


def _seen(item: Item, mind: Mind) -> Iterator[tuple[Signal, ...] | str]:
    me = mind.book.me
    if item.error is not None:
        yield item.error
    elif item.kind is Kind.MAIL:
        sent = item.role is Role.SENT
        message = mime.parse(
            item.raw, me=me.emails, zone=me.zone, sent=sent, delivered=item.delivered
        )
        ours = message.key is not None and not message.sent
        with within():
            signals = () if ours else read_message(message, mind.book).signals
        yield signals
    else:
        found = ical.parse(item.raw, zone=me.zone)
        for event in found.events:
            with within():
                signals = () if ical.is_ours(event) else read_event(event, mind.book).signals
            yield signals
        yield from found.problems


def _line(name: str, signals: tuple[Signal, ...] | str) -> dict[str, Any]:
    if isinstance(signals, str):
        return {"path": name, "signals": [], "error": signals}
    return {"path": name, "signals": [signal_json(signal) for signal in signals]}


def _text(name: str, signals: tuple[Signal, ...] | str) -> str:
    if isinstance(signals, str):
        return one_line(f"{name}: {signals}")
    rows = [one_line(name) if signals else one_line(f"{name}: nothing")]
    return "\n  ".join([*rows, *map(signal_text, signals)])


# --- replay -------------------------------------------------------------------------------------


def replay(arguments: argparse.Namespace) -> int:
    """Relive the past and tell each follow-up as it stands at the end."""
    config = configured(arguments)
    from_, until = _day("--from", arguments.from_), _day("--until", arguments.until)
    if from_ and until and until < from_:
        raise UsageError(f"--until {until} lies before --from {from_}")
    if _at_google(arguments, config):
        with progress_shown() as progress:
            found = rehearse(config, clock.now(), progress, from_=from_, until=until)
        told(found.looked.errors)
        follow_ups = found.follow_ups
    else:
        mail, calendars = _places(arguments, config)
        mind = mind_of(config)
        with progress_shown() as progress:
            readings = _all_readings(mail, calendars, mind, progress)
            follow_ups = relive_readings(mind, readings, from_=from_, until=until)
    for follow_up in follow_ups:
        put(arguments, follow_up_json(follow_up), follow_up_text(follow_up) + "\n")
    if not arguments.json:
        open_ones = sum(follow_up.state is State.OPEN for follow_up in follow_ups)
        print(f"{counted(len(follow_ups), 'follow-up')}, {open_ones} of them open.")
    return DONE


def _at_google(arguments: argparse.Namespace, config: Config) -> bool:
    """Whether what is configured is to be relived and does not lie on this machine."""
    given = arguments.mail or arguments.calendar
    return not given and (config.mail.path is None or config.calendar.path is None)


def _places(arguments: argparse.Namespace, config: Config) -> tuple[list[Path], list[Path]]:
    """Return where mail and events lie: as given, else as configured."""
    if arguments.mail or arguments.calendar:
        return [*map(Path, arguments.mail or ())], [*map(Path, arguments.calendar or ())]
    mail, calendar = config.mail.path, config.calendar.path
    if mail is None or calendar is None:
        raise UsageError("say what to relive: --mail PATH, --calendar PATH or both")
    return [mail], [calendar]


def _day(flag: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f'{flag}: "{text}" is no day; allowed: a day such as 2026-01-31') from None


def _all_readings(
    mail: Iterable[Path], calendars: Iterable[Path], mind: Mind, progress: Progress
) -> tuple[Reading, ...]:
    """Read everything; the first copy of a message and the last of an event count."""
    me, book = mind.book.me, mind.book
    readings: dict[tuple[bool, str], Reading] = {}
    for path in mail:
        messages = read_mail(path, me=me.emails, zone=me.zone)
        for reading in _understood(messages, lambda m: read_message(m, book)):
            readings.setdefault((False, reading.source), reading)
            progress("mail", len(readings))
    for path in calendars:
        events = read_calendar(path, zone=me.zone)
        for reading in _understood(events, lambda e: read_event(e, book)):
            readings[True, reading.source] = reading
            progress("mail and calendar", len(readings))
    return tuple(readings.values())


def _understood(
    things: Iterable[Thing | Parked], read: Callable[[Thing], Reading]
) -> Iterator[Reading]:
    """Yield what was understood; what cannot be read is told and passed over."""
    for thing in things:
        if isinstance(thing, Parked):
            told([f"{thing.source}: {thing.reason}"])
            continue
        try:
            with within():
                reading = read(thing)
        except Exception as error:
            source = thing.id if isinstance(thing, Message) else thing.uid
            told([f"{source}: could not be understood ({type(error).__name__}: {error})"])
        else:
            yield reading
