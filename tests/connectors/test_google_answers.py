"""Whether an answer is one of Google's, and whether half a list is ever taken for a whole one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.mails import mail
from tests.fakes.google.world import NOW, World, world
from vouchd.connectors.base import Unavailable
from vouchd.connectors.google_answers import held
from vouchd.connectors.google_failures import Denied
from vouchd.connectors.google_guard import METHODS


@pytest.fixture
def google(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


NOT_GOOGLES: tuple[dict[str, Any], ...] = (
    {}, {"error": "please log in"}, {"messages": None}, {"items": [1]}, {"items": "none"},
    {"messages": [{}], "items": [{}], "resultSizeEstimate": 1, "kind": "x", "historyId": "1"},
    {"id": [], "message": "x", "kind": {}, "historyId": {}},
)  # fmt: skip
#: What may say nothing at all: a list of contacts, a part of a mail, and a deletion.
MAY_BE_EMPTY = (
    "people.people.connections.list",
    "gmail.users.messages.attachments.get",
    *(method for methods in METHODS.values() for method in methods if method.endswith("delete")),
)


@pytest.mark.parametrize("method", [m for methods in METHODS.values() for m in methods])
def test_an_object_that_is_not_googles_is_not_taken_for_an_answer(method: str):
    if method in MAY_BE_EMPTY:
        assert held({}, method) == {}
    else:
        with pytest.raises(ValueError, match="it has no"):
            held({}, method)


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": [1], "resultSizeEstimate": 1},
        {"messages": {"id": "1"}, "resultSizeEstimate": 1},
        {"messages": [{"threadId": "1"}], "resultSizeEstimate": 1},
        {"messages": [{"id": ["1"]}], "resultSizeEstimate": 1},
        {"messages": None, "resultSizeEstimate": 1},
        {"nextPageToken": {"a": 1}, "resultSizeEstimate": 1},
    ],
)
def test_a_list_of_another_form_is_none(wrong: dict[str, Any]):
    with pytest.raises(ValueError, match=r"is no|has no id"):
        held(wrong, "gmail.users.messages.list")


def test_fields_that_google_adds_one_day_are_no_news():
    answer = {"resultSizeEstimate": 0, "newField": [{"a": None}], "messages": [{"id": "1", "n": 1}]}
    assert held(answer, "gmail.users.messages.list") == answer


@pytest.mark.parametrize("answer", NOT_GOOGLES)
def test_a_mailbox_is_not_empty_because_something_else_answers(
    google: World, answer: dict[str, Any]
):
    google.fake.gmail.receive(mail("1"))
    fault = google.fake.fault("messages.list", status=200, body=json.dumps(answer).encode())
    fault.times = 99
    with pytest.raises(Unavailable, match="not Google"):
        google.gmail().changes(None)
    fault.times = 0
    assert [m.id for m in google.gmail().changes(None).items] == ["<1@initech.example>"]


# --- pages --------------------------------------------------------------------------------------


def in_circles(google: World, listing: str, fields: dict[str, Any]) -> None:
    """Let a list lead from page to page and back again."""
    for number in range(40):
        body = json.dumps({**fields, "nextPageToken": "ab"[number % 2]}).encode()
        google.fake.fault(listing, status=200, body=body)


MAIL = {"resultSizeEstimate": 1, "historyId": "9"}


def test_a_mailbox_whose_pages_lead_in_a_circle_is_not_taken_for_read(google: World):
    google.fake.gmail.receive(mail("1"))
    in_circles(google, "messages.list", MAIL)
    with pytest.raises(Unavailable, match="do not come to an end"):
        google.gmail().changes(None)
    assert google.fake.count("messages.list") < 5


def test_a_history_whose_pages_lead_in_a_circle_does_not_move_the_bookmark(google: World):
    cursor = google.gmail().changes(None).cursor
    google.fake.gmail.receive(mail("1"))
    in_circles(google, "history.list", MAIL)
    with pytest.raises(Unavailable, match="do not come to an end"):
        google.gmail().changes(cursor)
    google.fake.faults.clear()
    assert len(google.gmail().changes(cursor).items) == 1


def test_a_calendar_whose_pages_lead_in_a_circle_loses_no_event(google: World):
    at = {"dateTime": (NOW + timedelta(days=3)).isoformat()}
    google.fake.calendar.put(id="abcde", iCalUID="u@x", summary="Talk", start=at, end=at)
    cursor = google.calendar().changes(None).cursor
    google.fake.fault("events.list", status=410, reason="fullSyncRequired")
    in_circles(google, "events.list", {"kind": "calendar#events"})
    with pytest.raises(Unavailable, match="do not come to an end"):
        google.calendar().changes(cursor)


def test_drafts_and_lists_of_calendars_come_to_an_end_too(google: World):
    in_circles(google, "drafts.list", MAIL)
    with pytest.raises(Unavailable, match="do not come to an end"):
        google.drafts().found({})
    google.sign_in(scopes=None)
    in_circles(google, "calendarList.list", {"kind": "calendar#calendarList"})
    with pytest.raises(Unavailable, match="do not come to an end"):
        google.own().found()


def test_a_bookmark_of_a_clock_that_was_ahead_loses_no_mail(google: World):
    """The history is lost while the bookmark bears a time that is still to come."""
    google.clock.at += 400 * 86_400
    cursor = google.gmail().changes(None).cursor
    google.clock.at -= 400 * 86_400
    google.fake.gmail.receive(mail("1"))
    google.fake.fault("history.list", status=404, reason="notFound")
    assert len(google.gmail().changes(cursor).items) == 1


def test_an_error_of_another_form_than_googles_is_told_and_passes(google: World):
    strange = {"error": {"errors": "x", "details": 3, "message": [1]}}
    google.fake.fault("getProfile", status=403, body=json.dumps(strange).encode(), times=9)
    with pytest.raises(Unavailable, match="not Google"):
        google.mailbox().profile()
    google.fake.faults.clear()
    assert google.mailbox().profile()


def test_a_401_for_an_access_that_was_just_renewed_passes_without_the_user(google: World):
    """Google's own trouble: the refresh token is good, so that there is nothing to sign in to."""
    fault = google.fake.fault("getProfile", status=401, reason="authError", times=9)
    with pytest.raises(Unavailable, match=r"just given.*vouchd auth google"):
        google.mailbox().profile()
    assert google.fake.count("getProfile") == 2
    fault.times = 0
    assert google.mailbox().profile()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_to_another_address(google: World, status: int):
    """Not to another host, and what must not be repeated not even to another place on this one."""
    here = f"{google.fake.url}/gmail/v1/users/me/drafts"
    for where in (here, "/gmail/v1/users/me/labels", "http://127.0.0.1:9/take"):
        google.fake.fault("drafts.create", status=status, headers={"Location": where})
        made = google.google()
        request = made.gmail.drafts().create(userId="me", body={"message": {"raw": ""}})
        with google.fake.counted() as calls, pytest.raises(Denied, match=str(status)):
            made.call(request, "preparing a draft", cost="drafts_create", safe=False)
        assert [call.method for call in calls] == ["gmail.users.drafts.create"]


def test_pages_that_never_come_to_an_end_are_left(google: World, monkeypatch: pytest.MonkeyPatch):
    """Each page names another one, which no list of a mailbox does for ever."""
    monkeypatch.setattr("vouchd.connectors.google_pages.MOST", 5)
    for number in range(20):
        body = json.dumps({**MAIL, "nextPageToken": str(number)}).encode()
        google.fake.fault("messages.list", status=200, body=body)
    with pytest.raises(Unavailable, match="do not come to an end"):
        google.gmail().changes(None)
    assert google.fake.count("messages.list") == 6
