"""Google Calendar's own: tokens that end, stubs, series; and events that nobody overwrites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.worlds import event, follow_up
from tests.fakes.google.calendar import PRIMARY
from tests.fakes.google.world import NOW, ZONE, World, world
from vouchd.connectors.base import Changed, Changes, NeedsLogin, Unavailable
from vouchd.connectors.gcal import GoogleCalendar
from vouchd.connectors.gcal_events import event_id, read
from vouchd.connectors.gcal_many import Calendars, to_read
from vouchd.connectors.gcal_own import answer_lost
from vouchd.connectors.prints import print_of_uid
from vouchd.rules.model import Event, Found, fingerprint

KEY = "thank_you.dana"


@pytest.fixture
def google(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def when(days: float, hours: float = 1) -> dict[str, Any]:
    start = NOW + timedelta(days=days)
    return {
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": (start + timedelta(hours=hours)).isoformat()},
    }


def seen(google: World, known: dict[str, str] | None = None) -> list[Found]:
    return list(google.events().found(known or {}))


# --- reading --------------------------------------------------------------------------------


def test_an_idle_look_is_one_request(google: World):
    google.fake.calendar.put(id="e1", summary="Interview", **when(2))
    cursor = google.calendar().changes(None).cursor
    with google.fake.counted() as calls:
        news = google.calendar().changes(cursor)
    assert (news.items, news.gone) == ((), ())
    assert [c.method for c in calls] == ["calendar.events.list"]
    google.events().write(KEY, follow_up())
    seen(google)
    with google.fake.counted() as calls:
        google.calendar().changes(news.cursor)
        assert len(seen(google)) == 1
    assert [c.method for c in calls] == ["calendar.events.list"] * 2


@pytest.mark.parametrize("stubs", [True, False])
def test_a_deleted_event_of_which_only_the_id_is_left_is_gone_by_its_uid(
    google: World, stubs: bool
):
    google.fake.calendar.stubs = stubs
    google.fake.calendar.put(id="abc123", iCalUID="uid@acme.example", **when(2))
    cursor = google.calendar().changes(None).cursor
    google.fake.calendar.cancel(PRIMARY, "abc123")
    assert google.calendar().changes(cursor).gone == (print_of_uid("uid@acme.example"),)


def test_a_token_that_has_ended_is_everything_once_more_and_what_is_missing_is_gone(google: World):
    calendar = google.fake.calendar
    calendar.put(id="e1", **when(2))
    calendar.put(id="e2", **when(3))
    calendar.put(id="past", **when(-5))
    cursor = google.calendar().changes(None).cursor
    calendar.cancel(PRIMARY, "e2")
    calendar.put(id="e3", **when(4))
    calendar.oldest_token = calendar.version + 1
    calendar.version += 10
    news = google.calendar().changes(cursor)
    assert news.gone == (print_of_uid("e2@google.com"),)
    assert {e.uid for e in news.items} == {"e1@google.com", "e3@google.com", "past@google.com"}
    assert google.calendar().changes(news.cursor).items == ()


def test_empty_pages_and_many_pages(google: World):
    google.fake.calendar.empty_pages = True
    google.fake.calendar.page = 3
    for number in range(10):
        google.fake.calendar.put(id=f"e{number}", **when(number))
    news = google.calendar().changes(None)
    assert len(news.items) == 10
    google.fake.calendar.put(id="e99", **when(1))
    assert len(google.calendar().changes(news.cursor).items) == 1


def test_pages_that_overlap_yield_nothing_twice(google: World):
    google.fake.calendar.page = 3
    google.fake.calendar.overlapping_pages = True
    for number in range(10):
        google.fake.calendar.put(id=f"e{number}", **when(number))
    found = [event.uid for event in google.calendar().changes(None).items]
    assert len(found) == len(set(found)) == 10


def test_a_series_and_its_exceptions(google: World):
    calendar = google.fake.calendar
    calendar.put(id="series", iCalUID="s@acme.example", recurrence=["RRULE:FREQ=WEEKLY"], **when(1))
    original = {"dateTime": "2026-03-10T09:30:00Z"}
    calendar.put(
        id="series_20260310T093000Z",
        iCalUID="s@acme.example",
        recurringEventId="series",
        originalStartTime=original,
        **when(8.1),
    )
    news = google.calendar().changes(None)
    assert {(e.uid, e.recurring) for e in news.items} == {
        ("s@acme.example", True),
        ("s@acme.example/20260310T093000Z", True),
    }
    calendar.put(
        id="series_20260317T093000Z",
        recurringEventId="series",
        originalStartTime={"dateTime": "2026-03-17T10:30:00+01:00"},
        status="cancelled",
    )
    assert google.calendar().changes(news.cursor).gone == (
        print_of_uid("s@acme.example/20260317T093000Z"),
    )


def test_whole_days_odd_zones_and_unknown_kinds_of_events():
    day = {"start": {"date": "2026-03-29"}, "end": {"date": "2026-03-30"}, "id": "d"}
    found = read(day, zone=ZONE)
    assert (found.all_day, found.start) == (True, datetime(2026, 3, 29, tzinfo=ZONE))
    moments = {
        "2026-03-03T10:00:00+05:45": "Nowhere/Atlantis",
        "2026-03-03T04:15:00": "UTC",
        "2026-03-03T05:15:00": "W. Europe Standard Time",
        "2026-03-03T05:15:00.000000": "(UTC+01:00) Somewhere, Else",
    }
    for text, zone in moments.items():
        item = {"id": "x", "start": {"dateTime": text, "timeZone": zone}, "eventType": "newKind"}
        assert read(item, zone=ZONE).start.astimezone(UTC) == datetime(
            2026, 3, 3, 4, 15, tzinfo=UTC
        )


def test_mail_derived_events_guests_and_markup():
    item = {
        "id": "m",
        "eventType": "fromGmail",
        "summary": " Interview  at Acme ",
        "description": "<p>Dear Sam,<br>see you</p>",
        "organizer": {"email": "HR@Acme.example"},
        "attendees": [
            {"email": "Jo@acme.example", "responseStatus": "accepted"},
            {"email": "room@acme.example", "resource": True},
        ],
        **when(1),
    }
    found = read(item, zone=ZONE)
    assert (found.summary, found.organizer and found.organizer.email) == (
        "Interview at Acme",
        "hr@acme.example",
    )
    assert [(a.email, a.status) for a in found.attendees] == [("jo@acme.example", "accepted")]
    assert found.description.split() == ["Dear", "Sam,", "see", "you"]


def test_an_event_without_a_start_is_set_aside(google: World):
    google.fake.calendar.put(id="broken", summary="?")
    google.fake.calendar.put(id="e1", **when(1))
    news = google.calendar().changes(None)
    assert [e.uid for e in news.items] == ["e1@google.com"]
    assert "no start" in news.parked[0].reason


def test_an_unknown_calendar_is_named_with_the_way_out(google: World):
    made = google.google()
    with pytest.raises(Unavailable, match=r"correct `read` under \[calendar\]"):
        GoogleCalendar(made, "nobody@acme.example", zone=ZONE).changes(None)


def test_several_calendars_and_one_that_fails_holds_up_no_other(google: World):
    google.fake.calendar.put(id="e1", **when(1))
    made = google.google()

    def opened(name: str) -> GoogleCalendar:
        return GoogleCalendar(made, name, zone=ZONE)

    both = Calendars(lambda: ("nobody@acme.example", "primary"), opened)
    news: Changes[Event] = both.changes(None)
    assert [e.uid for e in news.items] == ["e1@google.com"]
    assert "nobody@acme.example" in news.parked[0].source
    assert both.changes(news.cursor).items == ()


def test_which_calendars_are_read(google: World):
    google.own().made()
    made = google.google()
    own = google.own(made)
    assert to_read(made, (), own) == ("primary",), "the sign-in may not list them"
    assert to_read(made, ("a@b.example",), own) == ("a@b.example",)
    with pytest.raises(NeedsLogin):
        to_read(made, ("all",), own)
    scope = "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
    google.fake.tokens["access-1"] |= {scope}
    google.sign_in(scopes=[*google.fake.tokens["access-1"]])
    google.fake.calendar.put_calendar("c_work@group.calendar.google.com")
    google.fake.calendar.put_calendar("boss@acme.example", accessRole="freeBusyReader")
    with google.fake.counted() as calls:
        for _ in range(3):
            names = to_read(made, (), own)
    assert names == (PRIMARY, "c_work@group.calendar.google.com"), (
        "never our own, nor one that only says busy"
    )
    assert len(calls) == 1


# --- the calendar of our own ----------------------------------------------------------------


def test_the_calendar_is_made_once(google: World):
    for number in range(3):
        google.events().write(f"{KEY}{number}", follow_up())
    (own,) = google.fake.calendar.own()
    assert google.fake.calendar.calendars[own]["summary"] == "vouchd"
    assert google.fake.count("calendars.insert") == 1


LISTING = "https://www.googleapis.com/auth/calendar.calendarlist.readonly"


def permit_listing(google: World, *, token: str = "access-1") -> None:
    google.fake.tokens[token] = google.fake.tokens["access-1"] | {LISTING}
    google.sign_in(token=token, refresh_token=f"of {token}", scopes=[*google.fake.tokens[token]])


def test_after_a_lost_answer_the_calendar_is_found_in_the_list(google: World):
    permit_listing(google)
    google.fake.fault("calendars.insert", cut="after")
    google.events().write(KEY, follow_up())
    assert google.fake.count("calendars.insert") == 1
    assert len(google.fake.calendar.own()) == len(google.fake.calendar.lying()) == 1


def test_a_list_that_is_stale_is_looked_at_again(google: World):
    permit_listing(google)
    google.fake.fault("calendars.insert", cut="after")
    google.fake.calendar.stale_lists = 1 + 2
    with pytest.raises(Unavailable, match="looks for it again"):
        google.events().write(KEY, follow_up())
    google.events().write(KEY, follow_up())
    assert len(google.fake.calendar.own()) == len(google.fake.calendar.lying()) == 1


def test_a_calendar_that_was_never_made_is_made_after_a_while(google: World):
    permit_listing(google)
    google.fake.fault("calendars.insert", cut="before")
    for _ in range(2):
        with pytest.raises(Unavailable, match="looks for it again"):
            google.events().write(KEY, follow_up())
    assert google.fake.count("calendars.insert") == 1, "it might still be on its way"
    google.clock.at += 601
    google.events().write(KEY, follow_up())
    assert len(google.fake.calendar.own()) == len(google.fake.calendar.lying()) == 1


def test_without_leave_to_list_a_new_sign_in_finds_the_calendar(google: World):
    """A calendar that vouchd made can be listed with one permission more, asked for only then."""
    google.fake.fault("calendars.insert", cut="after")
    for _ in range(3):
        with pytest.raises(Unavailable, match="run `vouchd auth google`"):
            google.events().write(KEY, follow_up())
    assert google.fake.count("calendars.insert") == 1
    assert google.fake.count("calendarList.list") == 1, "not asked in vain each time"
    assert answer_lost(google.notes)
    permit_listing(google, token="access-2")
    google.events().write(KEY, follow_up())
    assert not answer_lost(google.notes)
    assert google.fake.count("calendars.insert") == 1
    assert len(google.fake.calendar.own()) == len(google.fake.calendar.lying()) == 1
    given = google.own(name=google.fake.calendar.own()[0])
    assert given.made() == google.fake.calendar.own()[0]


def test_a_calendar_that_must_not_be_made_is_said_and_tried_again_later(google: World):
    google.fake.fault("calendars.insert", status=403, reason="forbidden")
    with pytest.raises(Unavailable, match="403 forbidden"):
        google.events().write(KEY, follow_up())
    google.events().write(KEY, follow_up())
    assert len(google.fake.calendar.own()) == 1


def test_a_calendar_that_hides_for_a_moment(google: World):
    google.fake.calendar.new_calendars_hide = 2
    google.events().write(KEY, follow_up())
    assert len(google.fake.calendar.lying()) == 1


def test_a_calendar_that_the_user_deleted_is_an_empty_shelf_and_is_made_anew(google: World):
    handle = google.events().write(KEY, follow_up())
    (own,) = google.fake.calendar.own()
    del google.fake.calendar.calendars[own]
    assert seen(google, {handle: KEY}) == []
    google.events().write(KEY, follow_up())
    assert len(google.fake.calendar.lying()) == 1


# --- events ---------------------------------------------------------------------------------


def test_an_event_is_quiet_free_time_with_a_reminder_and_nobody_invited(google: World):
    handle = google.events().write(KEY, replace(follow_up(), link="https://mail.google.com/x"))
    (item,) = google.fake.calendar.lying()
    assert (handle, item["id"]) == (event_id(KEY), event_id(KEY))
    assert item["transparency"] == "transparent"
    assert "attendees" not in item
    assert item["reminders"]["overrides"] == [{"method": "popup", "minutes": 0}]
    assert item["source"]["url"] == "https://mail.google.com/x"
    private = item["extendedProperties"]["private"]
    assert private["vouchd_key"] == KEY
    assert private["vouchd_mark"] == fingerprint(follow_up())
    assert all(c.query["sendUpdates"] == ["none"] for c in google.fake.calls if "insert" in c.method
               and "events" in c.method)  # fmt: skip


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_cut_connection_makes_no_second_event(google: World, how: str):
    google.own().made()
    google.fake.fault("events.insert", cut=how)
    handle = google.events().write(KEY, follow_up())
    assert len(google.fake.calendar.lying()) == 1
    (found,) = seen(google, {handle: KEY})
    assert found.untouched


def test_a_crash_before_the_receipt_is_adopted(google: World):
    handle = google.events().write(KEY, follow_up())
    del google.notes["google.events"]
    (found,) = seen(google)
    assert (found.handle, found.key, found.untouched) == (handle, KEY, True)


def test_one_the_user_deleted_is_not_put_down_again(google: World):
    handle = google.events().write(KEY, follow_up())
    google.fake.calendar.cancel(google.fake.calendar.own()[0], handle)
    assert seen(google, {handle: KEY}) == []
    assert google.events().write(KEY, follow_up()) == handle
    assert google.fake.calendar.lying() == []
    assert seen(google, {handle: KEY}) == []


def test_one_we_took_back_can_come_back(google: World):
    handle = google.events().write(KEY, follow_up())
    google.events().remove(handle, fingerprint(follow_up()))
    assert google.fake.calendar.lying() == []
    again = google.events().write(KEY, follow_up())
    assert again != handle
    assert len(google.fake.calendar.lying()) == 1


def test_one_the_user_moved_or_invited_somebody_to_is_theirs(google: World):
    handle = google.events().write(KEY, follow_up())
    (own,) = google.fake.calendar.own()
    google.fake.calendar.edit(own, handle, attendees=[{"email": "dana@initech.example"}])
    (found,) = seen(google)
    assert not found.untouched
    google.fake.calendar.edit(own, handle, attendees=[], **when(9))
    (found,) = seen(google)
    assert not found.untouched
    with pytest.raises(Changed):
        google.events().rewrite(handle, follow_up("new"), fingerprint(follow_up()))


def test_colour_and_reminders_of_the_users_outlive_a_rewrite(google: World):
    handle = google.events().write(KEY, follow_up())
    (own,) = google.fake.calendar.own()
    mine = {"useDefault": False, "overrides": [{"method": "email", "minutes": 60}]}
    google.fake.calendar.edit(own, handle, colorId="11", reminders=mine)
    google.events().rewrite(handle, follow_up("new"), fingerprint(follow_up()))
    (item,) = google.fake.calendar.lying()
    assert (item["colorId"], item["reminders"]) == ("11", mine)
    assert "new" in item["description"]


@pytest.mark.parametrize("verb", ["rewrite", "remove"])
def test_an_edit_between_look_and_change_wins(google: World, verb: str):
    handle = google.events().write(KEY, follow_up())
    (own,) = google.fake.calendar.own()
    shelf = google.events()
    answer = google.fake.answer

    def watched(method: str, url: str, headers: dict[str, str], raw: bytes):
        if method in ("PUT", "PATCH"):
            google.fake.calendar.edit(own, handle, summary="mine now")
        return answer(method, url, headers, raw)

    google.fake.answer = watched  # type: ignore[method-assign, assignment]
    before = fingerprint(follow_up())
    change = (
        partial(shelf.rewrite, handle, follow_up("new"), before)
        if verb == "rewrite"
        else partial(shelf.remove, handle, before)
    )
    with pytest.raises(Changed):
        change()
    (item,) = google.fake.calendar.lying()
    assert item["summary"] == "mine now"


def test_a_server_that_drops_our_marks_is_remembered_for(google: World):
    google.fake.calendar.drops_properties = True
    handle = google.events().write(KEY, follow_up())
    (found,) = seen(google, {handle: KEY})
    assert (found.key, found.untouched) == (KEY, True)
    google.fake.calendar.edit(google.fake.calendar.own()[0], handle, summary="mine")
    (found,) = seen(google, {handle: KEY})
    assert not found.untouched


def test_a_word_of_vouchd_is_no_follow_up_and_put_down_once(google: World):
    shelf = google.events()
    for _ in range(2):
        shelf.notice("sign_in-20260309", event(1))
    assert len(google.fake.calendar.lying()) == 1
    assert seen(google) == []
