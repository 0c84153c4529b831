"""No network address but the configured servers is ever contacted; the whole run is watched."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.watched.sitecustomize import LOG, leaves
from vouchd.connectors.google_guard import gate


@pytest.mark.parametrize(
    ("event", "arguments", "host"),
    [
        ("socket.connect", (None, ("192.0.2.1", 443)), "192.0.2.1"),
        ("socket.connect", (None, ("2001:db8::1", 443, 0, 0)), "2001:db8::1"),
        ("socket.connect", (None, ("127.0.0.1", 443)), None),
        ("socket.connect", (None, "/run/systemd/notify"), None),
        ("socket.sendto", (None, b"\0abstract"), None),
        ("socket.getaddrinfo", ("gmail.googleapis.com", 443, 0, 0, 0), "gmail.googleapis.com"),
        ("socket.getaddrinfo", (b"localhost", 80, 0, 0, 0), None),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0), None),
        ("socket.gethostbyname", ("mail.example.org",), "mail.example.org"),
        ("open", ("/etc/hosts",), None),
    ],
)
def test_what_counts_as_another_machine(event, arguments, host):
    assert leaves(event, arguments) == host


@pytest.fixture
def forgiven():
    """A violation on purpose, taken out of the log of the run."""
    log = Path(os.environ[LOG])
    before = log.read_text() if log.exists() else ""
    yield log
    added = log.read_text().removeprefix(before)
    log.write_text(before)
    assert added.count("\n") == 1, added


def test_the_run_is_watched(forgiven):
    with pytest.raises(PermissionError, match=r"a test contacts mail\.example\.org"):
        socket.getaddrinfo("mail.example.org", 25)


def test_the_processes_of_the_run_are_watched(forgiven, tmp_path):
    code = "import socket; socket.getaddrinfo('mail.example.org', 25)"
    script = tmp_path / "vouchd"
    script.write_text(code)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert "PermissionError: a test contacts mail.example.org" in done.stderr


def test_google_is_these_servers_and_no_other():
    passing = gate(None, ["https://oauth2.googleapis.com/token"])
    hosts = {urlsplit(route.origin).hostname for route in passing.routes}
    hosts |= {urlsplit(token).hostname for token in passing.tokens}
    assert hosts == {
        "gmail.googleapis.com",
        "www.googleapis.com",
        "tasks.googleapis.com",
        "people.googleapis.com",
        "oauth2.googleapis.com",
    }
    privacy = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert all(f"`{host}`" in privacy for host in hosts)


def test_without_google_there_is_no_network_at_all(tmp_path):
    """A round, a plan and a status in a process that may not open a single connection."""
    for folder in ("mail/cur", "mail/new", "mail/tmp", "calendar"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "mail/new/1").write_bytes(
        b"From: Jo Lindt <jo@acme.example>\r\nTo: sam@example.org\r\nSubject: Interview\r\n"
        b"Message-ID: <1@acme.example>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n\r\n"
        b"See https://acme.example/jobs and <img src=https://track.example/1.gif>.\r\n"
    )
    (tmp_path / "config.toml").write_text(
        '[me]\nname = "Sam"\nemails = ["sam@example.org"]\ntimezone = "UTC"\n'
        '[mail]\nsource = "maildir"\npath = "mail"\n[calendar]\nsource = "folder"\n'
        'path = "calendar"\n[state]\npath = "state"\n'
    )
    code = (
        "import json, sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda e, a: seen.append(e) if e in"
        " ('socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'socket.bind') else None)\n"
        "from vouchd.daemon.cli import main\n"
        f"status = [main([c, '--config', {str(tmp_path)!r}]) for c in ('once', 'plan', 'status')]\n"
        "print(json.dumps([status, seen]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    status, seen = json.loads(done.stdout.splitlines()[-1])
    assert status == [0, 0, 0]
    assert seen == []
