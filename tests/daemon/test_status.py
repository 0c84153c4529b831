"""One screen that says how things stand, as a user has it: by the command, in 80 columns."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.daemon.conftest import CONFIG, REFERENCES
from tests.daemon.test_cli import VOUCHD
from vouchd.daemon.render_screen import Style, ago, columns, moment, padded, short_keys, style_of

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def test_it_fits_into_eighty_columns_and_has_no_colour_in_a_pipe(world):
    long = "Dr. Wilhelmina Anastasia von Hohenstein-Rautenberg 日本語日本語日本語日本語"
    world.write_config(
        references=REFERENCES.replace("Dana Cole", long),
        applications='[[application]]\ncompany = "The Very Long Company of Very Long Names"\n'
        'role = "Senior Principal Staff Engineer for Everything"\n'
        f'references = ["{long}"]\n',
    )
    world.deliver(1)
    world.vouchd("once")
    _, out, _ = world.vouchd("status", "--all")
    assert "\x1b" not in out
    assert [line for line in out.splitlines() if columns(line) > 80] == []
    assert "References" in out


def test_it_says_what_the_last_day_was_made_of(world):
    for hour, number in ((8, 1), (9, 2)):
        world.deliver(number, "The apples are ripe.", "Mia <mia@home.example>", "Garden")
        world.vouchd("once", "--now", f"2026-11-22T{hour:02}:00")
    _, out, _ = world.vouchd("status", "--now", "2026-11-22T09:30")
    assert "Last look  today, 09:00 (30 minutes ago): 1 new message and 0 new events" in out
    assert "Last 24 h  2 looks: 2 new messages and 0 new events read, none about jobs" in out
    (fields,) = world.json("status", "--now", "2026-11-22T09:30")
    assert fields["last_24_hours"] == {"rounds": 2, "messages": 2, "events": 0, "about": 0}
    assert fields["well"] is True


def test_what_is_late_and_what_is_due_today_stand_there_as_people_say_it(world):
    world.vouchd("once", "--now", "2026-03-02T09:00")  # Monday
    (fields,) = world.json("status", "--now", "2026-03-02T09:00")
    due = datetime.fromisoformat(fields["waiting"][0]["due_at"])
    assert f"due today, {due:%H:%M} · " in world.vouchd("status", "--now", "2026-03-02T09:00")[1]
    late = world.vouchd("status", "--now", "2026-03-05T09:00")[1]
    assert "Waiting for you: 1, 1 overdue" in late
    assert f"due Mon 2 Mar, {due:%H:%M} (2 days ago)" in late


def test_questions_and_decisions_stand_apart_from_drafts(world):
    world.write_config(references=REFERENCES + 'employer = "Acme Robotics"\n')
    world.vouchd("once")
    out = world.vouchd("status")[1]
    assert "Questions (1)" in out
    assert "Drafts to look at" not in out


def test_the_key_that_is_shown_suffices(world):
    world.deliver(1)
    world.vouchd("once")
    shown = re.search(r"key (\S+)", world.vouchd("status")[1])
    assert shown is not None
    (fields,) = world.json("why", shown[1])
    assert fields["key"].startswith(shown[1])
    assert len(shown[1]) < len(fields["key"])


def test_a_process_that_fell_silent_and_one_with_an_interview(world):
    world.deliver(1)
    world.vouchd("once")
    later = (datetime.now(UTC) + timedelta(days=60)).isoformat()
    assert ", silent" in world.vouchd("status", "--now", later)[1]
    (fields,) = world.json("status", "--now", later)
    assert fields["applications"][0]["silent"] is True
    assert fields["troubles"][0]["kind"] == "silence", "nobody has looked for two months"


def test_status_says_by_itself_that_nobody_has_looked_for_long(world):
    world.vouchd("once", "--now", "2026-03-02T08:00")
    _, out, _ = world.vouchd("status", "--now", "2026-03-04T08:00")
    assert out.startswith("vouchd  Wed 4 Mar 2026, 08:00  not well")
    assert "! vouchd has not managed a look since Mon 2 Mar 2026, 08:00" in out
    assert " ".join(out.split()).count("Run `vouchd doctor`") == 1


def test_a_look_that_failed_is_not_well_and_an_event_set_aside_is_worth_a_look(world):
    (world.config / "calendar" / "x.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n")
    world.vouchd("once")
    out = world.vouchd("status")[1]
    assert out.splitlines()[0].endswith("  well")
    assert "Worth a look" in out
    world.mail.rename(world.home / "away")
    world.vouchd("once")
    out = world.vouchd("status")[1]
    assert out.splitlines()[0].endswith("  not well")
    assert "Not well" in out
    assert world.json("status")[0]["well"] is False


def test_a_disk_so_full_that_no_failure_can_be_noted_is_told_all_the_same(world, monkeypatch):
    world.vouchd("once")
    room = SimpleNamespace(f_bavail=0, f_frsize=4096, f_files=9, f_favail=9)
    monkeypatch.setattr(os, "statvfs", lambda path: room)
    out = world.vouchd("status")[1]
    assert "not well" in out.splitlines()[0]
    assert "! 0 B free for the state: free some space" in out


def test_there_is_colour_on_a_terminal_only(world):
    world.deliver(1)
    world.vouchd("once")
    plain = on_a_terminal(world, NO_COLOR="1")
    coloured = on_a_terminal(world, NO_COLOR="")
    assert "\x1b" not in plain
    assert "\x1b[1mWaiting for you" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def on_a_terminal(world, **environ) -> str:
    user, terminal = pty.openpty()
    command = [*VOUCHD, "status", "--config", str(world.config), "--now", "2030-01-01T09:00"]
    env = os.environ | {"TERM": "xterm"} | environ
    with subprocess.Popen(command, stdout=terminal, env=env) as running:
        os.close(terminal)
        shown = b""
        while select.select([user], [], [], 120)[0]:
            try:
                shown += os.read(user, 4096)
            except OSError:  # the other end was closed
                break
        assert running.wait(120) == 0
    os.close(user)
    return shown.decode()


def test_watch_shows_what_changes_until_it_is_told_to_end(world):
    world.vouchd("once")
    command = [*VOUCHD, "status", "--watch", "--json", "--config", str(world.config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        before = json.loads(running.stdout.readline())
        world.deliver(1)
        world.vouchd("once")
        after = json.loads(running.stdout.readline())
        time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        assert running.wait(120) == 0
    assert (before["last_counts"]["messages"], after["last_counts"]["messages"]) == (0, 1)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW + timedelta(minutes=30), "today, 15:30"),
        (NOW + timedelta(days=1), "tomorrow, 15:00"),
        (NOW - timedelta(days=1), "yesterday, 15:00"),
        (NOW + timedelta(days=2), "Tue 24 Nov, 15:00"),
        (NOW + timedelta(days=60), "Thu 21 Jan 2027, 15:00"),
    ],
)
def test_moments(at, said):
    assert moment(at, NOW) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=25), "1 day ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "2 weeks ago"),
    ],
)
def test_how_long_ago(length, said):
    assert ago(length) == said


def test_wide_and_combined_letters_take_the_room_they_take():
    assert columns("日本") == 4
    assert columns("e\u0301") == 1
    assert padded("日本語", 5) == "日本…"
    assert padded("ab", 4, right=True) == "  ab"
    assert Style(on=True)("a", "bold") == "\x1b[1ma\x1b[0m"


def test_a_dumb_terminal_gets_no_colour(world):
    class Terminal:
        def isatty(self) -> bool:
            return True

    assert style_of(Terminal(), {"TERM": "xterm"}).on  # type: ignore[arg-type]
    assert not style_of(Terminal(), {"TERM": "dumb"}).on  # type: ignore[arg-type]
    assert not style_of(Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}).on  # type: ignore[arg-type]


def test_keys_are_shortened_to_where_they_still_differ():
    keys = ("gift.ann.1", "gift.ann-lee.2", "gift.bea.3", "review.inbox.4", "review.inbox.5")
    short = short_keys(keys)
    for key, shown in short.items():
        assert [k for k in keys if k.startswith(shown)] == [key]
    assert short["gift.bea.3"] == "gift.bea"
    assert short["review.inbox.4"] == "review.inbox.4"


def test_the_settings_are_shown_without_dots_where_a_path_is_wrong(world):
    world.write_config(CONFIG.replace('"mail"', '"../config/gone"'))
    err = world.vouchd("once")[2]
    assert f"{world.config}/gone" in err
    assert ".." not in err
