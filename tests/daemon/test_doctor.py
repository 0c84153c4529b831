"""vouchd doctor: every part, one line each; what is wrong is told with the way out."""

import json
import os
import socket
import stat
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.daemon.conftest import CONFIG
from tests.daemon.test_google import Desk
from tests.daemon.test_google import desk as desk  # a fixture
from tests.fakes.google.server import ALL
from vouchd.daemon import clock

PARTS = [
    "configuration", "clock and zone", "state file", "disk", "network", "mailbox", "sent mail",
    "drafts", "calendar", "follow-up calendar", "templates", "unit", "last good look",
]  # fmt: skip
RUNS = "LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nResult=success\nNRestarts=0\n"


@pytest.fixture(autouse=True)
def unit(tmp_path, monkeypatch):
    """A systemd that says what a test wants it to say."""
    folder = tmp_path / "systemd-tools"
    folder.mkdir()
    said = folder / "said"
    said.write_text(RUNS)
    program = folder / "systemctl"
    program.write_text(f"#!/bin/sh\nexec cat {said}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    return said


def found(world, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Return exit status and the checks by their part, the worst of each."""
    status, out, err = world.vouchd("doctor", "--json", *arguments)
    assert err == ""
    order = ("good", "look", "bad")
    by_part: dict[str, dict[str, str]] = {}
    for check in map(json.loads, out.splitlines()):
        known = by_part.setdefault(check["part"], check)
        if order.index(check["health"]) > order.index(known["health"]):
            by_part[check["part"]] = check
    return status, by_part


def snapshot(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
        if path.is_file()
        else (b"", 0, path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
    }


def test_where_all_is_well_every_part_says_so_on_one_line(world):
    world.vouchd("once")
    status, out, err = world.vouchd("doctor")
    assert (status, err) == (0, "")
    *lines, blank, verdict = out.splitlines()
    assert [line[6:26].strip() for line in lines] == PARTS
    assert {line.split()[0] for line in lines} == {"good"}
    assert (blank, verdict) == ("", "Everything works.")


@pytest.mark.parametrize("looked", [False, True])
def test_it_leaves_nothing_behind(world, looked):
    if looked:
        world.deliver(1)
        world.vouchd("once")
        world.deliver(2)
    before = snapshot(world.home)
    assert world.vouchd("doctor")[0] == 0
    assert snapshot(world.home) == before


def test_before_the_first_look_nothing_is_wrong(world):
    status, parts = found(world)
    assert status == 0
    assert "none yet" in parts["state file"]["text"]
    assert parts["last good look"]["health"] == "look"
    assert "`vouchd once`" in parts["last good look"]["mend"]


def test_a_configuration_that_does_not_hold_is_status_two_with_every_problem(world):
    world.write_config("[me]\nname = 3\n", references="[[reference]\n")
    status, out, _ = world.vouchd("doctor")
    assert status == 2
    assert "config.toml:2: me.name: 3 is not text" in out
    assert "references.toml:1: is not TOML" in out
    assert "BAD   configuration" in out


def test_a_source_of_another_release_is_named(world):
    world.write_config(CONFIG.replace('"maildir"\npath = "mail"', '"imap"'))
    status, parts = found(world)
    assert status == 2
    assert '"imap" cannot be used with this release' in parts["configuration"]["text"]


@pytest.mark.parametrize(
    ("gone", "part", "others"),
    [("mail", "mailbox", ["calendar"]), ("calendar", "calendar", ["mailbox", "drafts"])],
)
def test_a_folder_that_is_not_there_is_bad_and_the_rest_is_looked_at(world, gone, part, others):
    (world.config / gone).rename(world.home / "away")
    status, parts = found(world)
    assert status == 1
    assert parts[part]["health"] == "bad"
    assert f"{world.config}/{gone}" in parts[part]["text"]
    assert all(parts[other]["health"] == "good" for other in others)
    assert (
        world.vouchd("doctor")[1].splitlines()[-1].startswith("1 of" if gone == "mail" else "2 of")
    )


def test_a_follow_up_calendar_that_takes_nothing_is_bad(world):
    (world.config / "calendar" / "vouchd").write_text("a file where the folder should be")
    status, parts = found(world)
    assert (status, parts["follow-up calendar"]["health"]) == (1, "bad")
    assert f"{world.config}/calendar/vouchd" in parts["follow-up calendar"]["text"]


def test_a_maildir_without_an_inbox_is_bad(world):
    for part in ("cur", "new", "tmp"):
        (world.mail / part).rmdir()
    status, parts = found(world)
    assert (status, parts["mailbox"]["health"]) == (1, "bad")
    assert "no folder of received mail" in parts["mailbox"]["text"]


def test_a_maildir_without_sent_mail_is_worth_a_word(world):
    (world.mail / ".Sent").rename(world.home / "Sent")
    status, parts = found(world)
    assert (status, parts["sent mail"]["health"]) == (0, "look")
    assert "name it as `sent` under [mail]" in parts["sent mail"]["mend"]


def test_a_broken_event_is_named(world):
    (world.config / "calendar" / "x.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:nonsense\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    _, parts = found(world)
    assert parts["calendar"]["health"] == "look"
    assert "x.ics" in parts["calendar"]["mend"]
    world.vouchd("once")
    assert "1 message or event could not be read" in found(world)[1]["set aside"]["text"]


def test_a_damaged_state_is_bad_and_the_rest_is_looked_at(world):
    world.vouchd("once")
    (world.state / "vouchd.db").write_bytes(b"no database" * 100)
    status, parts = found(world)
    assert (status, parts["state file"]["health"]) == (1, "bad")
    assert "is damaged" in parts["state file"]["text"]
    assert parts["mailbox"]["health"] == parts["calendar"]["health"] == "good"


def test_a_state_that_others_can_read_is_bad(world):
    world.vouchd("once")
    (world.state / "vouchd.db").chmod(0o644)
    status, parts = found(world)
    assert (status, parts["state file"]["health"]) == (1, "bad")
    assert f"`chmod 600 {world.state}/vouchd.db`" in parts["state file"]["text"]


def test_the_state_of_somebody_else_is_bad(world):
    world.vouchd("once")
    world.write_config(CONFIG.replace("sam@", "kim@"))
    assert "belongs to sam@example.org" in found(world)[1]["state file"]["text"]


@pytest.mark.parametrize(("free", "health"), [(5e6, "bad"), (5e7, "look"), (5e9, "good")])
def test_the_room_on_the_disk(world, monkeypatch, free, health):
    real = os.statvfs

    def full(path):
        room = real(path)
        return SimpleNamespace(
            f_bavail=int(free) // room.f_frsize, f_frsize=room.f_frsize, f_files=9, f_favail=9
        )

    monkeypatch.setattr(os, "statvfs", full)
    _, parts = found(world)
    assert parts["disk"]["health"] == health
    if health != "good":
        assert "free some space" in parts["disk"]["mend"]


def test_no_more_files_can_be_made(world, monkeypatch):
    room = SimpleNamespace(f_bavail=10**9, f_frsize=4096, f_files=9, f_favail=0)
    monkeypatch.setattr(os, "statvfs", lambda path: room)
    assert "no new file can be made" in found(world)[1]["disk"]["text"]


def test_a_clock_that_lost_its_battery_and_one_that_was_set_back(world, monkeypatch):
    world.vouchd("once", "--now", "2999-01-01T09:00")
    _, parts = found(world)
    assert parts["clock and zone"]["health"] == "bad"
    assert "the clock was set back" in parts["clock and zone"]["text"]
    past = clock.now().replace(year=1970)
    monkeypatch.setattr(clock, "now", lambda: past)
    assert "the clock is wrong" in found(world)[1]["clock and zone"]["text"]


def test_another_zone_than_the_machines_is_worth_a_word(world, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    _, parts = found(world)
    assert parts["clock and zone"]["health"] == "look"
    assert "this machine is in Asia/Tokyo" in parts["clock and zone"]["text"]


def test_a_template_that_is_wrong_is_named(world):
    (world.config / "templates" / "en").mkdir(parents=True)
    (world.config / "templates" / "en" / "ask_permission.j2").write_text("Hi {{ nonsense")
    status, parts = found(world)
    assert (status, parts["templates"]["health"]) == (0, "look")
    assert "templates/en/ask_permission.j2, line 1" in parts["templates"]["text"]


def test_phrases_that_are_wrong_are_bad(world):
    (world.config / "phrases").mkdir()
    (world.config / "phrases" / "nl.toml").write_text("language = 3")
    status, parts = found(world)
    assert (status, parts["phrases"]["health"]) == (1, "bad")


def test_where_nothing_may_be_written_nothing_is_tried(world):
    world.write_config(CONFIG + "[mode]\nwrite = false\n")
    _, parts = found(world)
    assert parts["follow-up calendar"]["text"] == "nothing is written: [mode] write = false"


@pytest.mark.parametrize(
    ("said", "health", "words"),
    [
        (RUNS, "good", "starts by itself"),
        (RUNS.replace("enabled", "disabled"), "look", "does not start by itself"),
        (RUNS.replace("NRestarts=0", "NRestarts=7"), "look", "after 7 restarts"),
        ("LoadState=not-found\n", "look", "nothing starts vouchd by itself"),
        (RUNS.replace("=active", "=inactive"), "bad", "is inactive"),
        (
            RUNS.replace("=active", "=failed") + "StatusText=not signed in: it ended\n",
            "bad",
            "failed: not signed in: it ended",
        ),
    ],
)
def test_the_unit(world, unit, said, health, words):
    unit.write_text(said)
    world.vouchd("once")
    status, parts = found(world)
    assert parts["unit"]["health"] == health
    assert words in parts["unit"]["text"]
    assert status == (1 if health == "bad" else 0)


@pytest.mark.parametrize(
    ("path", "health"),
    [("{}/vouchd.prom", "good"), ("{}/vouchd.txt", "look"), ("{}/none/vouchd.prom", "bad")],
)
def test_the_place_for_figures(world, path, health):
    world.write_config(CONFIG + f'[metrics]\npath = "{path.format(world.home)}"\n')
    assert found(world)[1]["metrics"]["health"] == health


def test_a_silence_is_bad_and_says_what_the_last_attempt_said(world):
    then = clock.now() - timedelta(days=3)
    world.vouchd("once", "--now", then.isoformat())
    assert "start the daemon" in found(world)[1]["last good look"]["mend"]
    world.mail.rename(world.home / "away")
    world.vouchd("once")
    (world.home / "away").rename(world.mail)
    status, parts = found(world)
    assert status == 1
    assert "3 days ago; the last attempt said: mail: " in parts["last good look"]["text"]


# --- Google -------------------------------------------------------------------------------------


def test_an_account_where_all_is_well_and_nothing_is_left_in_it(desk: Desk):
    desk.dana_spoke()
    desk.round()
    lying = desk.fake.calendar.lying()
    before = snapshot(desk.home)
    with desk.fake.counted() as calls:
        status, out, _ = desk.vouchd("doctor")
    assert status == 0
    assert "good  sign-in             as sam@example.org; Google accepts it" in out
    assert "good  may gmail.readonly" in out
    assert "good  may calendar.app.created" in out
    assert "took a test entry, which is gone again" in out
    assert desk.fake.calendar.lying() == lying
    assert snapshot(desk.home) == before
    inserted = [c.method for c in calls if c.method.rpartition(".")[2] not in ("list", "get")]
    assert inserted == [
        "gmail.users.getProfile", "calendar.events.insert", "calendar.events.delete",
    ]  # fmt: skip
    assert desk.round()["actions"] == 0, "the trial disturbs nothing"


def test_before_the_first_look_nothing_is_made_in_the_account(desk: Desk):
    status, parts = found(desk)
    assert status == 0
    assert parts["follow-up calendar"]["text"] == "is made with the first follow-up"
    assert desk.fake.calendar.own() == []


def test_it_speaks_to_the_configured_server_alone(desk: Desk, monkeypatch):
    desk.round()
    asked: list[object] = []
    real = socket.getaddrinfo

    def resolved(host, *more, **fields):
        asked.append(host)
        return real(host, *more, **fields)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert desk.vouchd("doctor")[0] == 0
    assert set(asked) == {"127.0.0.1"}


def test_a_sign_in_that_ended_is_bad_and_what_hangs_on_it_is_left(desk: Desk):
    desk.sign_in(token="old", refresh_token="dead", expiry="2020-01-01T00:00:00Z")
    status, parts = found(desk)
    assert (status, parts["sign-in"]["health"]) == (1, "bad")
    assert "sign in again with `vouchd auth google`" in parts["sign-in"]["text"]
    assert parts["network"]["health"] == "good"
    assert parts["mailbox"]["text"] == "is not looked at without a sign-in"


def test_no_sign_in_at_all(desk: Desk):
    (desk.home / "state" / "google-token.json").unlink()
    assert "not signed in to Google" in found(desk)[1]["sign-in"]["text"]


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing wait for as long as it takes until Google is tried again."""
    real = time.sleep

    def sleep(seconds: float) -> None:
        assert seconds < 1, "it waits"
        real(seconds)

    monkeypatch.setattr(time, "sleep", sleep)


def test_a_network_that_is_cut_is_bad_and_quickly_told(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    config = (desk.home / "config.toml").read_text()
    (desk.home / "config.toml").write_text(
        config.replace(desk.fake.url, f"http://127.0.0.1:{port}")
    )
    impatient(monkeypatch)
    status, parts = found(desk)
    assert (status, parts["network"]["health"]) == (1, "bad")
    assert f"127.0.0.1 port {port}: Connection refused" in parts["network"]["text"]
    assert parts["sign-in"]["text"] == "cannot be tried without the network"


def test_a_server_that_is_down_is_told_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.fake.fault("gmail.users.getProfile", status=503, times=9)
    impatient(monkeypatch)
    status, parts = found(desk)
    assert (status, parts["sign-in"]["health"]) == (1, "bad")
    assert "answers 503" in parts["sign-in"]["text"]


def test_each_permission_that_is_missing_is_bad(desk: Desk):
    granted = [s for s in ALL if not s.endswith(("calendar.app.created", "gmail.compose"))]
    desk.fake.tokens["access-1"] = frozenset(granted)
    desk.sign_in(scopes=granted)
    status, parts = found(desk)
    assert status == 1
    assert parts["may gmail.readonly"]["health"] == "good"
    assert "no drafts can be prepared" in parts["may gmail.compose"]["text"]
    assert parts["may calendar.app.created"]["health"] == "bad"


def test_a_calendar_that_refuses_is_bad_and_nothing_is_left(desk: Desk):
    desk.dana_spoke()
    desk.round()
    lying = desk.fake.calendar.lying()
    desk.fake.fault("calendar.events.insert", status=403, reason="forbiddenForNonOrganizer")
    assert found(desk)[1]["follow-up calendar"]["health"] == "bad"
    assert desk.fake.calendar.lying() == lying


def test_a_sign_in_that_will_end_says_when(desk: Desk):
    ends = clock.now() + timedelta(days=5)
    desk.sign_in(refresh_token_ends_at=ends.isoformat())
    status, parts = found(desk)
    assert (status, parts["sign-in"]["health"]) == (0, "look")
    assert "publish the consent screen" in parts["sign-in"]["mend"]
