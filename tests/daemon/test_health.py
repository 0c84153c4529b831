"""What is not well is not silent: it stands in the follow-up calendar, once, and goes again."""

import json
import stat
import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tests.daemon.conftest import CONFIG, REFERENCES
from tests.daemon.test_cli import started
from tests.daemon.test_google import Desk
from tests.daemon.test_google import desk as desk  # a fixture
from vouchd.connectors.ical_ours import marked
from vouchd.daemon import clock, desktop
from vouchd.daemon.health import Ailment, Trouble
from vouchd.daemon.store import Store, StoreError
from vouchd.rules.model import Event, State

MONDAY = "2026-03-02T08:00"


def told(world) -> list[Event]:
    """Return the words about its own health that lie in the calendar."""
    found = []
    for path in (world.config / "calendar").rglob("*.ics"):
        for one in marked(path.read_bytes(), zone=UTC):
            if (one.key or "").startswith("health_"):
                found.append(one.event)
    return found


def lying(world) -> list[Path]:
    return [p for p in world.lying() if p.suffix == ".ics" and b"health_" in p.read_bytes()]


@pytest.fixture
def away(world):
    """A mailbox that is not there."""
    assert world.vouchd("once", "--now", MONDAY)[0] == 0
    world.mail.rename(world.home / "away")
    return world


def back(world) -> None:
    (world.home / "away").rename(world.mail)


def test_a_day_without_a_look_that_succeeds_stands_in_the_calendar_once(away):
    status, out, _ = away.vouchd("once", "--now", "2026-03-03T07:55")
    assert status == 1
    assert told(away) == [], "not yet a day"
    status, out, _ = away.vouchd("once", "--now", "2026-03-03T08:05")
    assert status == 1
    (event,) = told(away)
    assert event.summary == "vouchd has not managed a look since Mon 2 Mar 2026, 08:00"
    assert f"{event.start.astimezone(UTC):%H:%M}" == "08:00", "nine in Berlin"
    assert "there is no Maildir" in event.description
    assert "Run `vouchd doctor`" in event.description
    assert f"+ event on Tue 3 Mar 2026, 09:00: {event.summary}" in out
    (path,) = lying(away)
    before = path.read_bytes()
    for hour in ("09", "20"):
        away.vouchd("once", "--now", f"2026-03-03T{hour}:00")
    assert [p.read_bytes() for p in lying(away)] == [before]


def test_it_goes_when_all_is_well_and_a_later_episode_is_another_one(away):
    away.vouchd("once", "--now", "2026-03-03T10:00")
    (first,) = told(away)
    back(away)
    assert away.vouchd("once", "--now", "2026-03-03T10:05")[0] == 0
    assert told(away) == []
    away.mail.rename(away.home / "away")
    away.vouchd("once", "--now", "2026-03-04T11:00")
    (second,) = told(away)
    assert second.uid != first.uid


def test_plan_says_what_would_be_told_and_writes_nothing(away):
    _, out, _ = away.vouchd("plan", "--now", "2026-03-03T10:00")
    assert "vouchd has not managed a look since" in out
    assert told(away) == []


def test_what_the_user_deletes_is_not_told_again(away):
    away.vouchd("once", "--now", "2026-03-03T10:00")
    lying(away)[0].unlink()
    for hour in ("11", "12"):
        away.vouchd("once", "--now", f"2026-03-03T{hour}:00")
        assert told(away) == []


def test_what_the_user_changes_is_theirs(away):
    away.vouchd("once", "--now", "2026-03-03T10:00")
    (path,) = lying(away)
    path.write_bytes(
        path.read_bytes().replace(b"vouchd has not managed", b"Look into: not managed")
    )
    back(away)
    assert away.vouchd("once", "--now", "2026-03-03T11:00")[0] == 0
    (event,) = told(away)
    assert event.summary.startswith("Look into: ")


def test_after_a_power_cut_it_is_found_and_not_told_twice(away, monkeypatch):
    keep = Store.keep

    def cut(store, receipt):
        if receipt.key.startswith("health_"):
            raise StoreError("the power went")
        keep(store, receipt)

    monkeypatch.setattr(Store, "keep", cut)
    assert away.vouchd("once", "--now", "2026-03-03T10:00")[0] == 1
    assert len(told(away)) == 1
    monkeypatch.undo()
    away.vouchd("once", "--now", "2026-03-03T10:05")
    assert len(told(away)) == 1
    with Store.open(away.state) as store:
        (receipt,) = (r for r in store.receipts() if r.key.startswith("health_"))
        assert receipt.state is State.OPEN


def test_a_clock_that_was_set_back_hides_no_silence(away):
    away.vouchd("once", "--now", "2025-03-03T10:00")
    assert len(told(away)) == 1
    assert "not well" in away.vouchd("status", "--now", "2025-03-03T10:05")[1].splitlines()[0]


def test_the_time_is_the_users(away):
    away.write_config(CONFIG + '[health]\nsilent_after = "2h"\n')
    away.vouchd("once", "--now", "2026-03-02T10:05")
    assert len(told(away)) == 1


def test_a_round_that_is_held_back_for_a_day_has_not_succeeded(world):
    world.write_config(CONFIG + "[limits]\nmost_per_round = 1\n", applications="")
    world.vouchd("once", "--now", MONDAY)
    names = [f"Person {letter}" for letter in "ABCDEFGHIJKL"]
    world.write_config(
        CONFIG + "[limits]\nmost_per_round = 1\n",
        references="".join(
            f'[[reference]]\nname = "{n}"\nemails = ["{n[-1]}@x.example"]\n' for n in names
        ),
        applications=f'[[application]]\ncompany = "Acme"\nreferences = {json.dumps(names)}\n',
    )
    world.vouchd("once", "--now", "2026-03-02T10:00")
    assert told(world) == []
    status, _, err = world.vouchd("once", "--now", "2026-03-03T10:00")
    assert status == 1
    assert "more than a sane day's worth" in err
    (event,) = told(world)
    assert "more than a sane day's worth" in event.description


def test_where_nothing_may_be_written_the_calendar_stays_empty_and_status_tells(away):
    away.write_config(CONFIG + "[mode]\nwrite = false\n")
    away.vouchd("once", "--now", "2026-03-03T10:00")
    assert told(away) == []
    out = away.vouchd("status", "--now", "2026-03-03T10:00")[1]
    assert "vouchd has not managed a look since Mon 2 Mar 2026, 08:00" in out


def test_questions_that_lie_for_a_week_are_brought_up_once(world):
    world.write_config(references=REFERENCES + 'employer = "Acme Robotics"\n')
    world.vouchd("once", "--now", MONDAY)
    world.vouchd("once", "--now", "2026-03-08T08:00")
    assert told(world) == []
    world.vouchd("once", "--now", "2026-03-09T08:30")
    (event,) = told(world)
    assert event.summary == "1 question of vouchd's waits for your answer"
    (fields,) = world.json("status", "--now", "2026-03-09T08:30")
    (review,) = (f for f in fields["waiting"] if f["kind"] == "review")
    assert f"vouchd answer {review['key']} yes (or no)" in event.description
    assert world.vouchd("answer", review["key"], "yes")[0] == 0
    world.vouchd("once", "--now", "2026-03-09T09:00")
    assert told(world) == []


# --- the sign-in --------------------------------------------------------------------------------


def dead(desk: Desk) -> None:
    desk.sign_in(token="old", refresh_token="dead", expiry="2020-01-01T00:00:00Z")


def test_a_lost_sign_in_stands_in_a_calendar_that_needs_none(desk: Desk):
    config = (desk.home / "config.toml").read_text()
    (desk.home / "calendar").mkdir()
    mine = config.replace('source = "google"', 'source = "folder"\npath = "calendar"')
    (desk.home / "config.toml").write_text(mine)
    dead(desk)
    assert desk.vouchd("once")[0] == 1
    (path,) = (desk.home / "calendar").rglob("*.ics")
    text = path.read_text().replace("\r\n ", "")
    assert "SUMMARY:vouchd needs you to sign in again" in text
    assert "vouchd auth google" in text
    desk.vouchd("once")
    assert len(list((desk.home / "calendar").rglob("*.ics"))) == 1
    _, out, _ = desk.vouchd("status")
    assert "vouchd needs you to sign in again" in out
    desk.sign_in()
    assert desk.vouchd("once")[0] == 0
    assert list((desk.home / "calendar").rglob("*.ics")) == []


def test_a_google_mailbox_that_fails_for_a_day_stands_in_google_calendar_once(desk: Desk):
    desk.round()
    desk.fake.fault("gmail.users.history.list", status=403, reason="dailyLimitExceeded", times=99)
    at = clock.now() + timedelta(hours=25)
    for minutes in (0, 5, 10):
        later = (at + timedelta(minutes=minutes)).isoformat()
        assert desk.vouchd("once", "--now", later)[0] == 1
    (event,) = desk.fake.calendar.lying()
    assert event["summary"].startswith("vouchd has not managed a look since")
    assert "allowance is used up" in event["description"]
    desk.fake.faults.clear()
    assert desk.vouchd("once", "--now", (at + timedelta(hours=1)).isoformat())[0] == 0
    assert desk.fake.calendar.lying() == []


def test_who_is_reminded_by_tasks_has_it_there(desk: Desk):
    desk.configure('[follow_ups]\nas = "task"\n')
    desk.round()
    desk.fake.fault("gmail.users.history.list", status=403, reason="dailyLimitExceeded", times=99)
    later = (clock.now() + timedelta(hours=25)).isoformat()
    desk.vouchd("once", "--now", later)
    (task,) = desk.tasks()
    assert task["title"].startswith("vouchd has not managed a look since")
    assert desk.fake.calendar.lying() == []


# --- the desktop --------------------------------------------------------------------------------


def program(folder: Path, name: str, status: int = 0) -> Path:
    """Put down a program that keeps what it was called with, one argument a line."""
    folder.mkdir(exist_ok=True)
    path, said = folder / name, folder / f"{name}.said"
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {said}\nexit {status}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return said


def session(world, tools: Path) -> dict[str, str]:
    return {
        "PATH": f"{tools}:/usr/bin:/bin",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={world.home}/bus",
    }


def test_the_daemon_tells_the_desktop_once(away):
    said = program(away.home / "tools", "notify-send")
    away.write_config(CONFIG + '[service]\ncheck_every = "1s"\n')
    with started(away, **session(away, away.home / "tools")) as systemd:
        systemd.hears("not well: vouchd has not managed a look since Mon 2 Mar 2026, 08:00")
        end = time.monotonic() + 120
        while not said.exists() and time.monotonic() < end:
            time.sleep(0.05)
        systemd.heard.clear()
        systemd.hears("not well:")
        systemd.heard.clear()
        systemd.hears("not well:")
        systemd.end()
    lines = said.read_text().splitlines()
    assert lines[:3] == ["--app-name=vouchd", "--urgency=critical", "--"]
    assert lines[3] == "vouchd has not managed a look since Mon 2 Mar 2026, 08:00"
    assert "Run `vouchd doctor`" in lines[4]
    assert len(lines) == 5, "once"


def test_the_desktop_can_be_left_alone(away):
    said = program(away.home / "tools", "notify-send")
    away.write_config(CONFIG + '[service]\ncheck_every = "1s"\n[health]\ndesktop = false\n')
    with started(away, **session(away, away.home / "tools")) as systemd:
        for _ in range(3):
            systemd.hears("not well: ")
            systemd.heard.clear()
        assert systemd.end()[0] == 0
    assert not said.exists()


def test_without_notify_send_it_goes_over_the_bus_and_without_a_bus_nowhere(tmp_path):
    environ = {"PATH": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/none"}
    assert desktop.tell("a", "b", environ) is False, "no program at all"
    said = program(tmp_path, "busctl")
    assert desktop.tell("Sign in", "by <Google> & co", environ) is True
    words = said.read_text().splitlines()
    name = "org.freedesktop.Notifications"
    assert words[2:6] == ["call", name, "/org/freedesktop/Notifications", name]
    assert "by &lt;Google&gt; &amp; co" in words, "a body is markup"
    said.unlink()
    assert desktop.tell("a", "b", {"PATH": str(tmp_path)}) is False
    assert not said.exists(), "there is no session to speak to"


def test_a_desktop_that_refuses_or_hangs_is_no_failure(tmp_path, monkeypatch):
    environ = {"PATH": f"{tmp_path}:/bin", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/none"}
    program(tmp_path, "notify-send", status=1)
    program(tmp_path, "busctl", status=1)
    assert desktop.tell("a", "b", environ) is False
    monkeypatch.setattr(desktop, "_PATIENCE", 0.2)
    (tmp_path / "notify-send").write_text("#!/bin/sh\nexec sleep 600\n")
    begin = time.monotonic()
    assert desktop.tell("a", "b", environ) is False
    assert time.monotonic() - begin < 300


def test_the_bell_rings_once_a_day_and_for_a_silence_at_the_second_look(tmp_path):
    said = program(tmp_path, "notify-send")
    bell = desktop.Bell({"PATH": f"{tmp_path}:/bin", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"})
    lost = Trouble(ailment=Ailment.SIGN_IN, about="", summary="lost", text="t")
    silent = Trouble(ailment=Ailment.SILENCE, about="x", summary="silent", text="t")
    at = clock.now()

    def rung(*troubles: Trouble, after: timedelta) -> list[str]:
        said.unlink(missing_ok=True)
        bell.ring(troubles, at + after)
        lines = said.read_text().splitlines() if said.exists() else []
        return [line for line in lines if line in ("lost", "silent")]

    minute = timedelta(minutes=1)
    assert rung(lost, silent, after=0 * minute) == ["lost"]
    assert rung(lost, silent, after=5 * minute) == ["silent"]
    assert rung(lost, silent, after=600 * minute) == []
    assert rung(lost, silent, after=1441 * minute) == ["lost"]
    assert rung(after=1442 * minute) == []
    assert rung(lost, after=1443 * minute) == ["lost"], "it came back"


def test_a_sign_in_that_keeps_the_daemon_from_starting_is_told(desk: Desk):
    said = program(desk.home.parent / "tools", "notify-send")
    dead(desk)
    world = type("At", (), {"home": desk.home.parent, "config": desk.home})
    with started(world, **session(world, desk.home.parent / "tools")) as systemd:
        systemd.daemon.communicate(timeout=120)
    assert systemd.daemon.returncode == 77
    assert "vouchd needs you to sign in again" in said.read_text()
    assert "vouchd needs you to sign in again" in desk.vouchd("status")[1]


# --- a daemon that does not start ---------------------------------------------------------------


def test_settings_that_keep_the_daemon_from_starting_are_told_at_once(world):
    said = program(world.home / "tools", "notify-send")
    world.write_config("[me]\n")
    with started(world, **session(world, world.home / "tools")) as systemd:
        systemd.daemon.communicate(timeout=120)
    lines = said.read_text().splitlines()
    assert lines[3] == "vouchd does not start"
    assert "me.name: is missing" in lines[4]


def test_a_start_that_fails_again_and_again_is_told_after_an_hour_and_once_a_day(tmp_path):
    said = program(tmp_path, "notify-send")
    environ = {
        "PATH": f"{tmp_path}:/bin",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    at = clock.now()

    def rung(after: timedelta) -> int:
        said.unlink(missing_ok=True)
        starts = desktop.Starts(environ, "a")  # each start is another process
        starts.failed("no space left.", at + after, for_good=False)
        return said.read_text().count("does not start") if said.exists() else 0

    minute = timedelta(minutes=1)
    assert [rung(n * minute) for n in (0, 1, 59, 60, 61, 600, 1499, 1500)] == [
        0, 0, 0, 1, 0, 0, 0, 1,
    ]  # fmt: skip
    desktop.Starts(environ, "a").succeeded()
    assert rung(1600 * minute) == 0, "another failure"
    desktop.Starts({"PATH": str(tmp_path)}, "a").failed("x", at, for_good=False)
