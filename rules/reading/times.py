"""The words by which a language tells days and hours, checked on load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vouchd.rules.reading.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The words of one language for days, hours and what stands before them."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]  #: Monday is 0
    by_when: tuple[str, ...]  #: words before a last day
    after: tuple[str, ...]
    until: tuple[str, ...]
    between: tuple[tuple[str, str], ...]  #: between … and …
    early: tuple[str, ...]  #: the beginning of a month
    middle: tuple[str, ...]
    end: tuple[str, ...]
    year_end: tuple[str, ...]  #: the end of the year, in full
    hours: Mapping[str, int]  #: in words
    clock: tuple[str, ...]  #: what follows an hour: Uhr, heures
    half_to: tuple[str, ...]  #: half an hour before: halb sechs
    half_past: tuple[str, ...]  #: half an hour after: et demie
    evening: tuple[str, ...]  #: words that make five o'clock seventeen
    today: frozenset[str]
    tomorrow: frozenset[str]


def times_of(table: Table) -> Times:
    """Read `[times]`. Raises LexiconError."""

    def small(key: str) -> tuple[str, ...]:
        return tuple(text.lower() for text in table.texts(key))

    return Times(
        months={m: i % 12 + 1 for i, m in enumerate(small("months"))},
        weekdays={d: i % 7 for i, d in enumerate(small("weekdays"))},
        by_when=small("by"),
        after=small("after"),
        until=small("until"),
        between=tuple(_pair(table, text) for text in small("between")),
        early=small("early"),
        middle=small("middle"),
        end=small("end"),
        year_end=small("year_end"),
        hours={h: i % 12 + 1 for i, h in enumerate(small("hours"))},
        clock=small("clock"),
        half_to=small("half_to"),
        half_past=small("half_past"),
        evening=small("evening"),
        today=frozenset(small("today")),
        tomorrow=frozenset(small("tomorrow")),
    )


def _pair(table: Table, text: str) -> tuple[str, str]:
    first, gap, second = text.partition(" .. ")
    if not (first and gap and second):
        raise table.fail("between", f"“{text}” has no ' .. '", 'e.g. "between .. and"')
    return first, second
