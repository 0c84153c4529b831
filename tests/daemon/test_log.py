"""What the journal of the daemon says: structured, with priorities, one line when quiet."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.daemon.conftest import CONFIG
from tests.daemon.test_cli import VOUCHD, started
from vouchd.daemon import clock
from vouchd.daemon.log import Level, Log, in_journal, opened, shortened

CANARY = "the quick brown canary"
ASKS = (
    "Dear Sam,\n\nThank you for applying for the Staff Engineer position at Acme Robotics. Please "
    f"send us the names and contact details of two references. {CANARY}.\n\nJo Lindt\n"
)
FAST = '[service]\ncheck_every = "1s"\n'


@contextmanager
def journal(world, *arguments, config: str = CONFIG + FAST):
    """The daemon with its output going to a journal, as systemd starts it."""
    world.write_config(config)
    path = world.home / "journal"
    with path.open("wb") as stream:
        there = os.fstat(stream.fileno())
        env = os.environ | {"JOURNAL_STREAM": f"{there.st_dev}:{there.st_ino}"}
        daemon = subprocess.Popen(
            [*VOUCHD, "run", "--config", str(world.config), *arguments],
            stdout=stream,
            stderr=stream,
            env=env,
        )
        try:
            yield path, daemon
        finally:
            daemon.terminate()
            assert daemon.wait(30) == 0


def lines(path: Path, daemon, event: str, times: int = 1) -> list[str]:
    """Wait until that was written so often; return all lines."""
    deadline = clock.ticks() + 30
    while clock.ticks() < deadline and daemon.poll() is None:
        found = path.read_text().splitlines()
        if sum(f"event={event} " in line for line in found) >= times:
            return found
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError(path.read_text())


def fields(line: str) -> dict[str, str]:
    """Read key=value as a reader of journals does."""
    found = re.findall(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|\S+)', line)
    return {k: json.loads(v) if v.startswith('"') else v for k, v in found}


def test_in_the_journal_there_is_one_line_a_round_when_nothing_happens(world):
    with journal(world) as (path, daemon):
        found = lines(path, daemon, "cycle", 2)
    first, second = (number for number, line in enumerate(found) if "event=cycle " in line)
    assert second == first + 1, "nothing but one line a round"
    assert found[second].startswith("<6>event=cycle ok=yes messages=0 events=0 about=0 new=0 ")
    told = fields(found[second])
    assert told["msg"] == "0 new messages and 0 new events read; nothing to do; 1 follow-up open"
    assert float(told["seconds"]) < 30


def test_what_is_done_has_a_line_with_the_message_it_rests_on_and_no_body_anywhere(world):
    world.deliver(1, ASKS, subject=f"References {CANARY}")
    world.write_config(applications="")
    with journal(world) as (path, daemon):
        found = lines(path, daemon, "cycle")
    written = [fields(line) for line in found if "event=write " in line]
    assert {line["part"] for line in written} == {"draft", "event"}
    kinds = {line["key"].partition(".")[0] for line in written}
    assert kinds == {"ask_permission", "share_references"}
    text = path.read_text()
    assert CANARY not in text
    assert "dana.cole@" not in text
    assert "led the billing migration" not in text


def test_a_message_that_cannot_be_understood_is_named_by_its_id_and_not_quoted(world, monkeypatch):
    broken = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:quick-canary\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (world.config / "calendar" / "x.ics").write_text(broken)
    with journal(world) as (path, daemon):
        found = lines(path, daemon, "cycle")
    (aside,) = (line for line in found if "event=set_aside " in line)
    assert aside.startswith("<4>")
    assert fields(aside)["message"].endswith("x.ics")
    assert "quick-canary" not in path.read_text()
    assert "quick-canary" in " ".join(world.vouchd("status")[1].split()), "there it may stand"


def test_what_goes_on_being_wrong_is_written_once_and_its_end_too(world):
    world.mail.rename(world.home / "away")
    with journal(world) as (path, daemon):
        lines(path, daemon, "cycle", 2)
        (world.home / "away").rename(world.mail)
        found = lines(path, daemon, "well")
        lines(path, daemon, "cycle", len([line for line in found if "event=cycle " in line]) + 1)
    text = path.read_text()
    assert text.count("event=trouble ") == 1
    failing = [line for line in text.splitlines() if "ok=no" in line]
    assert len(failing) >= 2
    assert all(line.startswith("<4>event=cycle ") for line in failing)
    assert text.splitlines()[-1].startswith("<6>event=cycle ok=yes")


@pytest.mark.parametrize(
    ("level", "shown"), [("info", "g...@x.example"), ("debug", "gone-dana@x.example")]
)
def test_addresses_are_shortened_unless_everything_is_asked_for(world, level, shown):
    gone = CONFIG.replace('path = "mail"', 'path = "gone-dana@x.example"')
    with journal(world, config=f'{gone}[log]\nlevel = "{level}"\n') as (path, daemon):
        found = lines(path, daemon, "cycle")
    (trouble,) = (line for line in found if "event=trouble " in line)
    assert shown in trouble
    assert ("dana" in trouble) == (level == "debug")


def test_json_lines(world):
    world.write_config(CONFIG + FAST + '[log]\nform = "json"\n')
    with started(world) as systemd:
        systemd.hears("STATUS=0 new messages")
        _, out, err = systemd.end()
    assert out == ""
    cycle = json.loads(err.splitlines()[-1])
    assert (cycle["event"], cycle["level"], cycle["ok"]) == ("cycle", "info", True)
    assert cycle["messages"] == 0


def test_only_what_weighs_enough_is_written(world):
    world.write_config(CONFIG + FAST + '[log]\nlevel = "error"\nform = "keyed"\n')
    (world.config / "calendar").rmdir()
    with started(world) as systemd:
        systemd.hears("STATUS=0 new messages")
        _, out, err = systemd.end()
    assert (out, err) == ("", "")


def test_a_start_that_fails_has_its_priority_in_the_journal(world):
    world.write_config("[me]\n")
    path = world.home / "journal"
    with path.open("wb") as stream:
        there = os.fstat(stream.fileno())
        env = os.environ | {"JOURNAL_STREAM": f"{there.st_dev}:{there.st_ino}"}
        command = [*VOUCHD, "run", "--config", str(world.config)]
        assert subprocess.run(command, stderr=stream, env=env, check=False).returncode == 2
    first = path.read_text().splitlines()[0]
    assert first.startswith('<3>event=failed msg="')
    assert "me.name: is missing" in first


def test_a_mistake_of_our_own_says_where_and_quotes_nothing(world, monkeypatch):
    def breaks(*_, **__):
        raise ValueError(CANARY)

    monkeypatch.setattr("vouchd.daemon.commands.run_round", breaks)
    _, _, err = world.vouchd("once")
    assert re.search(r"a mistake of vouchd itself: ValueError \(test_log\.py:\d+\)", err)
    assert CANARY not in err


# --- the line itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("dana.cole@initech.example", "d...@initech.example"),
        ("Dana <dana@x.example>, d@y.example", "Dana <d...@x.example>, d...@y.example"),
        ("<abc.1+2@mail.x.example>", "<a...@mail.x.example>"),
        ("at 09:00 @home, a@b", "at 09:00 @home, a@b"),
        ("ümit@x.example", "ü...@x.example"),
    ],
)
def test_an_address_is_its_first_letter_and_its_domain(words, shown):
    assert shortened(words) == shown


def test_a_line_cannot_be_broken_or_forged(capsys):
    log = Log(form="keyed", priorities=True)
    log(Level.INFO, "x", 'a\n<0>event="b" \x1b[2J', message="<1@x.example>", gone=None, n=1.5, y="")
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "\x1b" not in err
    assert fields(err)["message"] == "<1@x.example>", "an id stays whole"
    assert fields(err)["n"] == "1.500"
    assert fields(err)["y"] == ""
    assert fields(err)["msg"] == 'a <0>event="b" \\x1b[2J'
    assert "gone" not in err


def test_an_address_that_poses_as_an_id_in_another_field_is_shortened(capsys):
    Log(form="keyed")(Level.INFO, "x", "w", who="<dana@x.example>")
    assert "who=<d...@x.example>" in capsys.readouterr().err


def test_whether_it_is_the_journal_is_not_believed_but_seen(tmp_path):
    with (tmp_path / "a").open("w") as mine, (tmp_path / "b").open("w") as other:
        there = os.fstat(mine.fileno())
        environ = {"JOURNAL_STREAM": f"{there.st_dev}:{there.st_ino}"}
        assert in_journal(mine, environ)
        assert not in_journal(other, environ)
        assert not in_journal(mine, {})
    assert opened().form == "text" or in_journal(sys.stderr, os.environ)


def test_a_time_is_written_where_no_journal_keeps_it(capsys):
    at = clock.now()
    Log(form="keyed", now=lambda: at)(Level.WARNING, "x", "w")
    line = fields(capsys.readouterr().err)
    assert line == {
        "time": at.isoformat(timespec="seconds"), "level": "warning", "event": "x", "msg": "w",
    }  # fmt: skip
    assert timedelta(0) <= clock.now() - at < timedelta(minutes=1)
