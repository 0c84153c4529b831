"""Google Tasks: a day instead of an hour, ticked off is done, the mark stands in the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.worlds import follow_up
from tests.fakes.google.world import ZONE, World, world
from vouchd.connectors.base import Changed
from vouchd.connectors.google_failures import AnswerLost
from vouchd.connectors.gtasks import GoogleTasks
from vouchd.rules.model import Found, Part, fingerprint

KEY = "thank_you.dana"
PRINT = fingerprint(follow_up())


@pytest.fixture
def google(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def shelf(google: World) -> GoogleTasks:
    return GoogleTasks(google.google(), ZONE)


def seen(google: World, known: dict[str, str] | None = None) -> list[Found]:
    return list(shelf(google).found(known or {}))


def test_a_task_says_what_the_event_says_and_is_found_untouched(google: World):
    assert seen(google) == []
    assert google.fake.tasks.lists == {"list-0": "My Tasks"}, "looking makes no list"
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # the next day in Berlin
    content = replace(follow_up(), start=late)
    handle = shelf(google).write(KEY, content)
    assert google.fake.tasks.lists["list-1"] == "vouchd"
    task = google.fake.tasks.tasks[handle]
    assert task["title"] == content.summary
    assert task["notes"].startswith(content.description)
    assert task["due"] == "2026-03-04T00:00:00.000Z"
    (found,) = seen(google)
    assert (found.part, found.key, found.handle) == (Part.TASK, KEY, handle)
    assert found.print == found.mark == fingerprint(content)


def test_writing_twice_makes_no_twin_and_new_words_replace_old_ones(google: World):
    handle = shelf(google).write(KEY, follow_up())
    assert shelf(google).write(KEY, follow_up()) == handle
    assert shelf(google).write(KEY, follow_up("new")) == handle
    (found,) = seen(google)
    assert found.print == fingerprint(follow_up("new"))
    assert google.fake.count("tasks.insert") == 1


def test_ticked_off_is_done_and_thrown_away_is_gone(google: World):
    first = shelf(google).write(KEY, follow_up())
    second = shelf(google).write("other", follow_up())
    google.fake.tasks.complete(first)
    google.fake.tasks.discard(second)
    (found,) = seen(google, {first: KEY, second: "other"})
    assert (found.handle, found.sent, found.mark) == (first, True, PRINT)
    with pytest.raises(Changed):
        shelf(google).remove(first, PRINT)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "mine"},
        {"due": "2026-04-01T00:00:00.000Z"},
        {"notes": "mine alone"},
    ],
)
def test_what_the_user_changed_is_theirs(google: World, change: dict[str, str]):
    handle = shelf(google).write(KEY, follow_up())
    google.fake.tasks.edit(handle, **change)
    (found,) = seen(google, {handle: KEY})
    assert not found.untouched
    with pytest.raises(Changed):
        shelf(google).rewrite(handle, follow_up("ours"), PRINT)
    with pytest.raises(Changed):
        shelf(google).remove(handle, PRINT)


def test_taken_back_untouched(google: World):
    handle = shelf(google).write(KEY, follow_up())
    shelf(google).remove(handle, PRINT)
    assert seen(google, {handle: KEY}) == []


def test_a_lost_answer_makes_no_twin(google: World):
    shelf(google).write("first", follow_up())
    google.fake.fault("tasks.insert", cut="after")
    handle = shelf(google).write(KEY, follow_up())
    assert google.fake.tasks.tasks[handle]["title"] == follow_up().summary
    google.fake.fault("tasks.insert", cut="before")
    with pytest.raises(AnswerLost):
        shelf(google).write("third", follow_up())
    assert google.fake.count("tasks.insert") == 3
    assert len(google.fake.tasks.tasks) == 2


def test_many_tasks_come_in_pages(google: World):
    own = shelf(google)
    for number in range(120):
        own.write(f"k{number}", follow_up()) if number == 0 else google.fake.tasks.tasks_insert(
            {"tasklist": "list-1"},
            {},
            {"title": "t", "notes": f"[vouchd k{number} {PRINT} {'0' * 16}]"},
            {},
        )
    assert len(seen(google)) == 120


def test_a_list_that_was_deleted_is_an_empty_shelf(google: World):
    handle = shelf(google).write(KEY, follow_up())
    del google.fake.tasks.lists["list-1"]
    assert seen(google, {handle: KEY}) == []
