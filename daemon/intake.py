"""What is new is fetched and understood; facts and the cursor that stands for them go together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from vouchd.connectors.base import Changes, ConnectorError, CursorLost, Parked, Refused, Unavailable
from vouchd.connectors.limits import within
from vouchd.daemon.house import House
from vouchd.daemon.result import RoundResult, about_jobs
from vouchd.rules.model import Event, Message, Reading
from vouchd.rules.reading.detect import read_event, read_message

Progress = Callable[[str, int], None]
Item = TypeVar("Item", Message, Event)


def silent(what: str, count: int) -> None:
    """Show nothing."""


def read(
    house: House,
    now: datetime,
    result: RoundResult,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = silent,
) -> None:
    """Fetch what is new from every source; one that fails leaves the others working."""
    book = house.mind.book
    for name, mail in house.mail.items():

        def understand(message: Message) -> Reading | None:
            reading = read_message(message, book)
            return reading if worth_keeping(reading) else None

        count = _drain(
            name, mail.changes, understand, house, now, result, stop=stop, progress=progress
        )
        result.messages += count
        result.blind = result.failed
    for name, calendar in house.calendars.items():

        def understand_event(event: Event) -> Reading | None:
            return read_event(event, book)

        result.events += _drain(
            name, calendar.changes, understand_event, house, now, result, stop=stop,
            progress=progress,
        )  # fmt: skip


def worth_keeping(reading: Reading) -> bool:
    """Whether a reading says anything: bulk mail without a signal is forgotten at once."""
    return bool(reading.signals or reading.acts or reading.people or reading.key) or not (
        reading.bulk
    )


def _drain(
    name: str,
    changes: Callable[[str | None], Changes[Item]],
    understand: Callable[[Item], Reading | None],
    house: House,
    now: datetime,
    result: RoundResult,
    *,
    stop: Callable[[], bool],
    progress: Progress,
) -> int:
    """Read one source to its end, portion by portion; facts and cursor are stored together."""
    count = 0
    cursor = house.store.cursor(name)
    while not stop():
        try:
            news = changes(cursor)
        except CursorLost:
            if cursor is None:
                raise
            cursor = None
            continue
        except ConnectorError as error:
            result.tell(error, name)
            result.failed = True
            return count
        for word in news.words:
            house.store.hear(word, now)  # before the cursor: heard twice is heard once
        if news.trouble:
            result.tell(Unavailable(news.trouble), name)
        parked = list(news.parked)
        readings = [r for item in news.items if (r := _try(item, understand, parked)) is not None]
        parked += filter(None, map(_cut, news.items))
        result.new += house.store.remember(
            readings,
            parked=parked,
            gone=news.gone,
            cursor_name=name,
            cursor=news.cursor,
            at=now,
        )
        result.about += sum(map(about_jobs, readings))
        result.put_aside(parked)
        count += len(news.items)
        progress(name, count)
        result.later += news.later
        if not news.more:
            break
        cursor = news.cursor
    return count


#: Notes of the reader that say that no person wrote it so; a long newsletter is none of them.
_TOO_MUCH = re.compile(
    r"nested deeper|has more than \d+ (?:parts|calendars)|longer than \d+ MB|is too long"
)


def _cut(item: Message | Event) -> Parked | None:
    """Return the note on a message of which the reader has read only a part, and rightly so."""
    notes = item.notes if isinstance(item, Message) else ()
    said = "; ".join(note for note in notes if _TOO_MUCH.search(note))
    return Parked(item.link or "a message", f"was read only in part: {said}") if said else None


def _try(
    item: Item, understand: Callable[[Item], Reading | None], parked: list[Parked]
) -> Reading | None:
    """One bad item is set aside, counted and shown; the next one is handled."""
    try:
        with within():
            return understand(item)
    except Exception as error:
        source = item.id if isinstance(item, Message) else item.uid
        if isinstance(error, Refused):
            parked.append(Parked(source, str(error)))
            return None
        reason = f"could not be understood ({type(error).__name__}: {error}); it was set aside"
        parked.append(Parked(source, reason))
        return None
