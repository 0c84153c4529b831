"""The daemon as people live with it: how soon it is ready, how much memory it holds all day.

Figures are of processes of their own, against a Maildir and against the tests' stand-in for Google.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.google.server import ALL, FakeGoogle, running

MAILDIR = """
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "maildir"
path = "mail"
[calendar]
source = "folder"
path = "calendar"
[state]
path = "state"
"""
GOOGLE = """
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "gmail"
[calendar]
source = "google"
[google]
endpoint = "{url}"
[state]
path = "state"
"""
DAY = 288  #: rounds, one every five minutes
_TURNS = 5
_VOUCHD = (sys.executable, "-m", "vouchd.daemon.cli")
#: Does the rounds of a day in one process, as the daemon does them, and says how big it is.
_A_DAY = """
import argparse, json, sys
from vouchd.daemon.console import configured
from vouchd.daemon.service import Daemon

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

arguments = argparse.Namespace(config=sys.argv[1], json=True, debug=False)
daemon = Daemon(arguments, configured(arguments))
daemon.sign_in_trouble()
sizes = []
for _ in range(int(sys.argv[2])):
    daemon.round()
    sizes.append(resident())
daemon.close()
print(json.dumps(sizes), file=sys.stderr)
"""


def start() -> Iterator[str]:
    """How soon the command is there, and the daemon ready."""
    bare = process("-c", "pass")
    helped = process("-m", "vouchd.daemon.cli", "--help")
    yield f"python -c pass:           {1000 * bare:.0f} ms"
    yield f"vouchd --help: {1000 * helped:.0f} ms, {helped / bare:.1f} times (at most 10)"
    for name, home in homes():
        took = min(ready(home) for _ in range(_TURNS))
        yield (
            f"ready, {name + ':':<18} {1000 * took:.0f} ms, {took / bare:.1f} times (at most 40)"
        )


def memory() -> Iterator[str]:
    """How much memory the daemon holds between two rounds, and after a day of them."""
    for name, home in homes():
        sizes = a_day(home)
        yield (
            f"idle, {name + ':':<9} {sizes[0]:.1f} MB after the first round (at most 60), "
            f"{sizes[-1]:.1f} MB after a day's {len(sizes)}: "
            f"{sizes[-1] - sizes[len(sizes) // 10]:+.1f} MB since the first tenth of it"
        )


@contextmanager
def maildir() -> Iterator[Path]:
    """Give a configuration that reads an empty Maildir."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in ("mail/cur", "mail/new", "mail/tmp", "calendar", "state"):
            (home / part).mkdir(parents=True)
        (home / "config.toml").write_text(MAILDIR)
        (home / "references.toml").write_text("")
        yield home


@contextmanager
def google() -> Iterator[Path]:
    """Give a configuration that reads an account at the stand-in for Google."""
    with tempfile.TemporaryDirectory() as folder, running(FakeGoogle(time.time)) as fake:
        home = Path(folder)
        (home / "state").mkdir()
        (home / "config.toml").write_text(GOOGLE.format(url=fake.url))
        (home / "references.toml").write_text("")
        sign_in = {
            "token": "access-1",
            "refresh_token": "refresh-1",
            "token_uri": f"{fake.url}/token",
            "client_id": "c",
            "client_secret": "s",
            "scopes": list(ALL),
            "account": "sam@example.org",
        }
        token = home / "state" / "google-token.json"
        token.touch(0o600)
        token.write_text(json.dumps(sign_in))
        yield home


def homes() -> Iterator[tuple[str, Path]]:
    """Yield each kind of configuration, ready to be used."""
    with maildir() as home:
        yield "Maildir", home
    with google() as home:
        yield "Google", home


def a_day(home: Path, rounds: int = DAY) -> list[float]:
    """Return the resident size in MB after each of a day's rounds."""
    done = subprocess.run(
        [sys.executable, "-c", _A_DAY, home, str(rounds)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the rounds of a day failed: {done.stderr}")
    sizes: list[float] = json.loads(done.stderr.splitlines()[-1])
    return sizes


def ready(home: Path) -> float:
    """Return how long the daemon takes to say READY=1."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        address = home / "notify"
        address.unlink(missing_ok=True)
        listener.bind(str(address))
        listener.settimeout(60)
        begin = time.perf_counter()
        with subprocess.Popen(
            [*_VOUCHD, "run", "--config", str(home)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"NOTIFY_SOCKET": str(address)},
        ) as daemon:  # fmt: skip
            while b"READY=1" not in listener.recv(4096):
                pass
            took = time.perf_counter() - begin
            daemon.terminate()
    return took


def process(*arguments: str) -> float:
    """Return the time of a Python process; the best of many, as others work on the machine."""
    times = []
    for _ in range(2 * _TURNS):
        begin = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begin)
    return min(times)
