"""What every Calendar promises (`connectors/base.py`), tried on every one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.connectors.worlds import CalendarWorld, event, follow_up
from vouchd.connectors.base import Calendar, CursorLost
from vouchd.connectors.prints import print_of_uid
from vouchd.rules.model import Event


def drain(calendar: Calendar, cursor: str | None = None) -> tuple[list[Event], list[str], str]:
    """Read to the end, portion by portion."""
    found: list[Event] = []
    gone: list[str] = []
    for _ in range(100):
        news = calendar.changes(cursor)
        assert not news.parked
        found.extend(news.items)
        gone.extend(map(print_of_uid, news.gone))
        cursor = news.cursor
        if not news.more:
            return found, gone, cursor
    raise AssertionError("it never ends")


def test_all_is_new_at_first_and_nothing_after(agenda: CalendarWorld):
    agenda.put(event(1))
    agenda.put(event(2))
    found, gone, cursor = drain(agenda.calendar())
    assert sorted(e.uid for e in found) == ["e1@acme.example", "e2@acme.example"]
    assert {e.summary for e in found} == {"Interview 1", "Interview 2"}
    assert (found[0].start, found[0].end) == (event(1).start, event(1).end)
    assert gone == []
    assert drain(agenda.calendar(), cursor)[:2] == ([], [])


def test_a_new_event_alone_is_new(agenda: CalendarWorld):
    agenda.put(event(1))
    calendar = agenda.calendar()
    _, _, cursor = drain(calendar)
    agenda.put(event(2))
    found, gone, cursor = drain(calendar, cursor)
    assert ([e.uid for e in found], gone) == (["e2@acme.example"], [])
    assert drain(agenda.calendar(), cursor)[0] == []


def test_an_event_that_was_moved_or_edited_comes_again_as_it_is_now(agenda: CalendarWorld):
    agenda.put(event(1))
    agenda.put(event(2))
    _, _, cursor = drain(agenda.calendar())
    later = event(1).start + timedelta(days=3)
    agenda.put(replace(event(1), start=later, end=later + timedelta(hours=2)))
    (moved,), gone, cursor = drain(agenda.calendar(), cursor)
    assert (moved.uid, moved.start, gone) == ("e1@acme.example", later, [])
    agenda.put(event(2, "Final interview"))
    (edited,), gone, _ = drain(agenda.calendar(), cursor)
    assert (edited.uid, edited.summary, gone) == ("e2@acme.example", "Final interview", [])


def test_an_event_that_was_deleted_is_gone_once(agenda: CalendarWorld):
    agenda.put(event(1))
    agenda.put(event(2))
    _, _, cursor = drain(agenda.calendar())
    agenda.take_away("e1@acme.example")
    found, gone, cursor = drain(agenda.calendar(), cursor)
    assert (found, gone) == ([], [print_of_uid("e1@acme.example")])
    assert drain(agenda.calendar(), cursor)[:2] == ([], [])


def test_an_old_cursor_delivers_the_same_again(agenda: CalendarWorld):
    _, _, cursor = drain(agenda.calendar())
    agenda.put(event(1))
    calendar = agenda.calendar()
    assert drain(calendar, cursor)[0] == drain(calendar, cursor)[0] != []


def test_a_lost_cursor_is_said_and_reading_anew_gives_the_same_uids(agenda: CalendarWorld):
    agenda.put(event(1))
    agenda.put(event(2))
    before, _, cursor = drain(agenda.calendar())
    with pytest.raises(CursorLost):
        agenda.calendar().changes(agenda.lost(cursor))
    again, _, _ = drain(agenda.calendar())
    assert sorted(e.uid for e in again) == sorted(e.uid for e in before)


def test_much_comes_in_portions(agenda: CalendarWorld):
    for number in range(1, 8):
        agenda.put(event(number))
    found, gone, cursor = drain(agenda.calendar(portion=2))
    assert sorted(e.uid for e in found) == [f"e{n}@acme.example" for n in range(1, 8)]
    for number in range(1, 6):
        agenda.put(event(number, "moved"))
    agenda.take_away("e7@acme.example")
    found, gone, _ = drain(agenda.calendar(portion=2), cursor)
    assert sorted(e.uid for e in found) == [f"e{n}@acme.example" for n in range(1, 6)]
    assert gone == [print_of_uid("e7@acme.example")]


def test_follow_up_events_of_ours_are_never_delivered_nor_missed(agenda: CalendarWorld):
    _, _, cursor = drain(agenda.calendar())
    handle = agenda.shelf().write("thank_you-dana", follow_up())
    agenda.put(event(1))
    found, gone, cursor = drain(agenda.calendar(), cursor)
    assert ([e.uid for e in found], gone) == (["e1@acme.example"], [])
    agenda.edit(handle, "Later")
    assert drain(agenda.calendar(), cursor)[:2] == ([], [])
    agenda.delete(handle)
    assert drain(agenda.calendar(), cursor)[:2] == ([], [])
