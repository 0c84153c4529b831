"""The command line as a process: help, pipes, terminals, the daemon and its signals."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.daemon.conftest import CONFIG
from vouchd.daemon.cli import COMMANDS, main

VOUCHD = (sys.executable, "-m", "vouchd.daemon.cli")


def process(*arguments, **fields) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*VOUCHD, *map(str, arguments)], capture_output=True, text=True, check=False, **fields
    )


# --- help ------------------------------------------------------------------------------------


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    named = re.findall(r"^    ([a-z]+)\s", out, re.MULTILINE)
    assert named == [command.name for command in COMMANDS]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name)
def test_the_help_of_a_command_reads_well_and_has_an_example_that_holds(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command.name, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert f"example:\n  vouchd {command.name}" in out
    assert "--config DIR" in out
    assert max(map(len, out.partition("example:")[0].splitlines())) <= 80
    from vouchd.daemon.cli import parser

    words = re.findall(r'"[^"]+"|\S+', command.example)[1:]
    assert parser().parse_args(words).runs == command.runs


def test_every_command_is_there():
    from importlib import import_module

    for command in COMMANDS:
        module, _, function = command.runs.partition(":")
        assert callable(getattr(import_module(module), function))


def test_help_imports_nothing_that_takes_long():
    code = (
        "import sys\nfrom vouchd.daemon.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "argparse" in loaded
    heavy = {"icalendar", "jinja2", "sqlite3", "lxml", "schedule", "email", "tomllib", "zoneinfo"}
    assert not loaded & heavy
    rooms = ("vouchd.connectors", "vouchd.rules", "vouchd.config")
    assert not [name for name in loaded if name.startswith(rooms)]


def test_the_version_is_that_of_the_package(capsys):
    from importlib.metadata import version

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"vouchd {version('vouchd')}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["why"], ["once", "--nonsense"], ["answer", "k"]]
)
def test_wrong_use_is_status_two_and_says_how(arguments):
    done = process(*arguments)
    assert done.returncode == 2
    assert "usage: vouchd" in done.stderr
    assert done.stdout == ""


# --- pipes and terminals ------------------------------------------------------------------------


def test_a_reader_that_has_seen_enough_is_no_failure(world):
    for number in range(400):
        world.deliver(number)
    reading = f"{' '.join(VOUCHD)} classify --config {world.config} {world.mail} | head -1; "
    done = subprocess.run(
        ["bash", "-c", reading + 'echo "${PIPESTATUS[0]}"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["new/1700000000.mail", "0"]
    assert done.stderr == ""


def test_a_name_that_is_no_text_is_shown_all_the_same(world):
    (world.mail / "new" / os.fsdecode(b"caf\xe9.eml")).write_bytes(b"nothing")
    done = process("classify", "--config", world.config, world.mail, env=os.environ | {"LANG": "C"})
    assert done.returncode == 0
    assert "caf\\udce9.eml: it is no mail" in done.stdout


def test_there_is_no_progress_in_a_pipe(world):
    world.deliver(1)
    assert process("plan", "--config", world.config).stderr == ""


def test_there_is_progress_on_a_terminal_and_it_is_wiped(world):
    for number in range(40):
        world.deliver(number)
    user, terminal = pty.openpty()
    command = [*VOUCHD, "classify", "--config", str(world.config), str(world.mail)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal) as running:
        os.close(terminal)
        shown = b""
        while select.select([user], [], [], 120)[0]:
            try:
                shown += os.read(user, 4096)
            except OSError:  # the other end was closed
                break
        assert running.wait(120) == 0
    os.close(user)
    assert b"\rclassify: " in shown
    assert re.search(rb"\r +\r$", shown)


def test_an_interrupt_is_one_word(world):
    for number in range(300):
        world.deliver(number)
    command = [*VOUCHD, "classify", "--config", str(world.config), str(world.mail)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        # It must wait for its reader, or it might be through before the signal comes.
        fcntl.fcntl(running.stdout, fcntl.F_SETPIPE_SZ, 4096)
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=120)
    assert running.returncode == 1
    assert err == b"vouchd: interrupted\n"


# --- the daemon ---------------------------------------------------------------------------------


class Systemd:
    """What a service manager hears, and the daemon it started."""

    def __init__(self, listener: socket.socket, daemon: subprocess.Popen[str]) -> None:
        self.listener = listener
        self.daemon = daemon
        self.heard: list[str] = []

    def hears(self, words: str, *, seconds: float = 120.0) -> None:
        """Wait until these words were said."""
        deadline = time.monotonic() + seconds
        while not any(words in said for said in self.heard):
            self.listener.settimeout(max(0.01, deadline - time.monotonic()))
            self.heard.append(self.listener.recv(4096).decode())

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.daemon.send_signal(number)
        out, err = self.daemon.communicate(timeout=120)
        return self.daemon.returncode, out, err


@contextmanager
def started(world, *arguments, **environ):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(world.home / "notify"))
        env = os.environ | {"NOTIFY_SOCKET": str(world.home / "notify")} | environ
        daemon = subprocess.Popen(
            [*VOUCHD, "run", "--config", str(world.config), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        try:
            yield Systemd(listener, daemon)
        finally:
            daemon.kill()
            daemon.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_is_ready_works_and_ends_when_it_is_told(world, number):
    world.deliver(1)
    with started(world) as systemd:
        systemd.hears("READY=1")
        systemd.hears("STATUS=1 new message and 0 new events read")
        status, out, err = systemd.end(number)
        systemd.hears("STOPPING=1")
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 1
    assert any("ask" in path.read_text(errors="replace").lower() for path in world.lying())
    # What it held is free again, and nothing is left to do.
    assert "nothing to do" in world.vouchd("once")[1]


def test_the_daemon_reads_its_settings_anew(world):
    with started(world) as systemd:
        systemd.hears("STATUS=0 new messages")
        world.write_config("[me]\nname = 3\n")
        systemd.heard.clear()
        systemd.daemon.send_signal(signal.SIGHUP)
        systemd.hears("RELOADING=1\nMONOTONIC_USEC=")
        systemd.hears("READY=1")
        world.deliver(1)
        world.write_config(CONFIG + '[service]\ncheck_every = "1s"\n[mode]\nwrite = false\n')
        systemd.heard.clear()
        systemd.daemon.send_signal(signal.SIGHUP)
        systemd.hears("STATUS=1 new message")
        world.deliver(2)
        systemd.heard.clear()
        systemd.hears("STATUS=1 new message")  # after a second, not after five minutes
        status, _, err = systemd.end()
    assert status == 0
    assert "me.name: 3 is not text" in err
    assert "the old configuration stays" in err


def test_a_reload_that_cannot_be_used_leaves_the_old_settings(world):
    with started(world) as systemd:
        systemd.hears("STATUS=0 new messages")
        world.write_config(CONFIG.replace('"maildir"', '"imap"'))
        systemd.heard.clear()
        systemd.daemon.send_signal(signal.SIGHUP)
        systemd.hears("READY=1")
        world.deliver(1)
        systemd.daemon.send_signal(signal.SIGHUP)
        systemd.hears("STATUS=1 new message")
        status, _, err = systemd.end()
    assert status == 0
    assert '"imap" cannot be used' in err


def test_the_watchdog_is_fed(world):
    with started(world, WATCHDOG_USEC="400000") as systemd:
        systemd.hears("STATUS=0 new messages")
        systemd.heard.clear()
        systemd.hears("WATCHDOG=1")
        systemd.heard.clear()
        systemd.hears("WATCHDOG=1")
        assert systemd.end()[0] == 0


def test_a_round_that_fails_is_told_and_the_next_one_comes(world):
    (world.config / "calendar").rmdir()
    world.write_config(CONFIG + '[service]\ncheck_every = "1s"\n')
    with started(world, "--json") as systemd:
        systemd.hears("STATUS=0 new messages and 0 new events")
        (world.config / "calendar").mkdir()
        world.deliver(1)
        systemd.hears("STATUS=1 new message")
        status, out, err = systemd.end()
    assert status == 0
    assert f"{world.config}/calendar: " in err
    rounds = [r["round"] for line in out.splitlines() if "round" in (r := json.loads(line))]
    assert (rounds[0]["good"], rounds[-1]["good"]) == (False, True)


def test_a_wrong_configuration_ends_at_once_with_status_two(world):
    world.write_config("[me]\n")
    with started(world) as systemd:
        _, err = systemd.daemon.communicate(timeout=120)
    assert systemd.daemon.returncode == 2
    assert "me.name: is missing" in err


def test_the_unit_is_right():
    from importlib.resources import files

    unit = (files("vouchd.systemd") / "vouchd.service").read_text()
    assert "\nType=notify\n" in unit
    assert "\nExecStart=%h/.local/bin/vouchd run\n" in unit
    # Only the user can mend what is wrong with the settings.
    assert "\nRestartPreventExitStatus=2 77\n" in unit
    assert "ProtectHome" not in re.sub(r"^#.*$", "", unit, flags=re.MULTILINE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_end_in_the_middle_of_the_writes_loses_and_doubles_nothing(world, number):
    names = [f"Person {chr(65 + n)}" for n in range(12)]
    world.write_config(
        references="".join(
            f'[[reference]]\nname = "{name}"\nemails = ["{name[-1]}@home.example"]\n'
            'keep_in_touch = "never"\n'
            for name in names
        ),
        applications=f'[[application]]\ncompany = "Acme"\nreferences = {json.dumps(names)}\n',
    )
    command = [*VOUCHD, "once", "--config", str(world.config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while not world.lying() and running.poll() is None:
            time.sleep(0.001)
        running.send_signal(number)
        _, err = running.communicate(timeout=120)
    if number == signal.SIGTERM and running.returncode:
        assert running.returncode == 1
        assert b"stopped on request; the next round goes on from here" in err
    status, _, err = world.vouchd("once")
    assert (status, err) == (0, "")
    lying = world.lying()
    assert len([path for path in lying if path.suffix == ".ics"]) == 12
    assert len(lying) == 24
    assert "nothing to do" in world.vouchd("once")[1]
