"""Nothing is ever sent, shown three ways: in the tree and the built client, at the transport, and
by the record of every request that this suite makes."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from googleapiclient.discovery import build_from_document

from tests.recorder import Record, sends
from tests.reliability.record import ASKED
from vouchd.connectors.google_guard import METHODS, Door, NeverSends, gate, rooted

ROOT = Path(__file__).parents[2]
ROOMS = ("daemon", "connectors", "rules", "config", "systemd")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

# --- in the tree ------------------------------------------------------------------------------

#: Calls by which a program sends mail or makes somebody else send it.
SENDING = frozenset(
    "send sendmail send_message send_request starttls quickAdd quickadd import_ forward"
    " batchSend watch insertAcl".split()
)
RUNNING = frozenset("eval exec __import__ execfile from_string".split())
#: Who may use what reaches out of the process, and why. Nobody else does.
REACHES_OUT = {
    "smtplib": {},
    "imaplib": {},
    "ftplib": {},
    "http.client": {},
    "asyncio": {},
    "aiohttp": {},
    "multiprocessing": {},
    "pickle": {"daemon/rulecache.py": "compiled rules; read only from a file of the user's own"},
    "marshal": {},
    "shelve": {},
    "ctypes": {},
    "zipfile": {},
    "tarfile": {},
    "zlib": {
        "daemon/rulecache.py": "compiled rules, packed by itself",
        "rules/reading/learnt.py": "what comes with vouchd, packed by itself",
    },
    "gzip": {},
    "bz2": {},
    "lzma": {},
    "xml": {},
    "yaml": {},
    "urllib.request": {"connectors/reach.py": "which proxy stands in front (doctor)"},
    "socket": {
        "daemon/notify.py": "systemd's notify socket, in the file system",
        "connectors/google_answer.py": "the name of the half of a connection that a timer shuts",
        "connectors/reach.py": "a connection opened and closed (doctor)",
    },
    "http.server": {"connectors/google_signin.py": "takes the browser back at sign-in"},
    "webbrowser": {"connectors/google_signin.py": "opens Google's page at sign-in"},
    "subprocess": {
        "daemon/desktop.py": "notify-send, busctl",
        "daemon/userunit.py": "systemctl",
        "daemon/commands_service.py": "journalctl, loginctl",
    },
}
#: Who calls a connection of requests by its name; each has the gate in front (see below).
ONWARD = {"connectors/google_bearer.py": "answer.connection.send: the Door, once more after a 401"}
#: Programs that are ever started; none of them sends, and none gets a stranger's words as options.
PROGRAMS = frozenset("notify-send busctl systemctl journalctl loginctl".split())


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def violations(name: str, source: str) -> list[str]:
    """Return what a file does that could send, or could run what a stranger wrote."""
    tree = ast.parse(source)
    found = [
        f"{name}: imports {module}"
        for module in imported(tree)
        for banned, allowed in REACHES_OUT.items()
        if under(module, banned) and name not in allowed
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        word = getattr(called, "attr", "") or getattr(called, "id", "")
        where = f"{name}:{node.lineno}"
        # `HTTPAdapter.send`, behind the gate, is what carries every request.
        if word in SENDING and not (name in ONWARD and ast.unparse(called) in ONWARD[name]):
            found.append(f"{where}: calls {word}")
        elif word in RUNNING or (word == "compile" and isinstance(called, ast.Name)):
            found.append(f"{where}: runs text as a program ({word})")
        elif word in ("system", "popen", "execv", "execve", "execvp", "spawnv", "fork"):
            found.append(f"{where}: starts a program ({word})")
        elif word in ("getattr", "attrgetter", "methodcaller"):
            said = {a.value for a in node.args if isinstance(a, ast.Constant)}
            if said & SENDING:
                found.append(f"{where}: asks for {sorted(map(str, said & SENDING))}")
        if any(
            k.arg == "shell" and not (isinstance(k.value, ast.Constant) and k.value.value is False)
            for k in node.keywords
        ):
            found.append(f"{where}: lets a shell read the words")
        for keyword in node.keywords:
            if keyword.arg == "sendUpdates" and (
                not isinstance(keyword.value, ast.Constant) or keyword.value.value != "none"
            ):
                found.append(f"{where}: sendUpdates is not none")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_sends_or_runs_what_it_reads(path: Path):
    assert not violations(str(path.relative_to(ROOT)), path.read_text())


@pytest.mark.parametrize(
    "line",
    [
        "service.users().drafts().send(userId='me', body={}).execute()",
        "service.users().messages().send(userId='me')",
        "getattr(service.users().drafts(), 'send')()",
        "import smtplib",
        "from smtplib import SMTP",
        "import http.client",
        "from subprocess import run",
        "import os; os.system('sendmail -t')",
        "events.insert(calendarId='primary', body={}, sendUpdates='all')",
        "events.insert(calendarId='primary', body={}, sendUpdates=wish)",
        "events.quickAdd(calendarId='primary', text=subject)",
        "subprocess.run(words, shell=True)",
        "eval(subject)",
        "environment.from_string(subject)",
        "import pickle",
        "import zipfile",
    ],
)
def test_the_search_finds_each_kind(line: str):
    assert violations("rules/somewhere.py", line)


def test_a_module_with_a_reason_still_has_it():
    """An entry that nobody needs any more would let somebody in."""
    for module, allowed in REACHES_OUT.items():
        for name in allowed:
            tree = ast.parse((ROOT / name).read_text())
            assert any(under(found, module) for found in imported(tree)), (name, module)


def test_only_known_programs_are_ever_started():
    started = set()
    for name in REACHES_OUT["subprocess"]:
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.List) and node.elts and isinstance(node.elts[0], ast.Constant):
                first = str(node.elts[0].value)
                if re.fullmatch(r"[a-z][a-z0-9-]{2,}", first):
                    started.add(first)
    assert started == PROGRAMS


def test_no_module_of_ours_brings_in_what_sends_mail():
    """Also by way of a library: the whole program is loaded, and Python is asked what it has."""
    program = (
        "import importlib, pkgutil, sys\n"
        "for room in ('daemon', 'connectors', 'rules', 'config'):\n"
        "    package = importlib.import_module('vouchd.' + room)\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(found.name)\n"
        "print(len([m for m in sys.modules if m.startswith('vouchd.')]))\n"
        "print(sorted({'smtplib', 'imaplib', 'poplib', 'nntplib'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=True
    )
    count, senders = done.stdout.splitlines()
    assert int(count) > 150
    assert senders == "[]"


# --- in the client that is built ----------------------------------------------------------------


def reachable(resource: Any) -> Iterator[str]:
    """Yield the names of everything that can be called on a built client, however deep."""
    # googleapiclient hangs methods on an object, and resources as methods without arguments.
    for name in vars(resource):
        value = getattr(resource, name)
        if name.startswith("_") or not callable(value):
            continue
        yield name
        if getattr(value, "__is_resource__", False):
            yield from reachable(value())


@pytest.mark.parametrize("api", METHODS)
def test_nothing_on_the_built_client_sends(api: str):
    names = set(reachable(build_from_document(rooted(api, None), http=object())))
    wanted = {piece for id_ in METHODS[api] for piece in id_.split(".")[1:]}
    follow_on = {f"{piece}_next" for piece in wanted} | {"close", "new_batch_http_request"}
    assert wanted <= names
    assert names <= wanted | follow_on
    assert not names & (SENDING | {"settings", "acl", "insertMessage", "modify", "trash"})


def test_a_batch_cannot_leave_either():
    """The client library offers batches by itself; their address is none that may be asked."""
    client = build_from_document(rooted("gmail.v1", None), http=object())
    batch = client.new_batch_http_request()
    with pytest.raises(NeverSends):
        gate(None, ()).check(requests.Request("POST", batch._batch_uri).prepare())


# --- at the transport ---------------------------------------------------------------------------

_GMAIL = "https://gmail.googleapis.com/gmail/v1/users/me/"
_CALENDAR = "https://www.googleapis.com/calendar/v3/"
_TASKS = "https://tasks.googleapis.com/tasks/v1/"
#: All that may leave this machine, written by hand and not taken from the code that is tested.
ALLOWED = {
    f"GET {_GMAIL}profile",
    f"GET {_GMAIL}history",
    f"GET {_GMAIL}messages",
    f"GET {_GMAIL}messages/*",
    f"GET {_GMAIL}messages/*/attachments/*",
    f"GET {_GMAIL}threads/*",
    f"GET {_GMAIL}drafts",
    f"GET {_GMAIL}drafts/*",
    f"POST {_GMAIL}drafts",
    f"PUT {_GMAIL}drafts/*",
    f"DELETE {_GMAIL}drafts/*",
    f"GET {_GMAIL}labels",
    f"POST {_GMAIL}labels",
    f"GET {_CALENDAR}users/me/calendarList",
    f"GET {_CALENDAR}calendars/*",
    f"POST {_CALENDAR}calendars",
    f"GET {_CALENDAR}calendars/*/events",
    f"GET {_CALENDAR}calendars/*/events/*",
    f"POST {_CALENDAR}calendars/*/events",
    f"PUT {_CALENDAR}calendars/*/events/*",
    f"PATCH {_CALENDAR}calendars/*/events/*",
    f"DELETE {_CALENDAR}calendars/*/events/*",
    "GET https://people.googleapis.com/v1/people/*/connections",
    f"GET {_TASKS}users/@me/lists",
    f"POST {_TASKS}users/@me/lists",
    f"GET {_TASKS}lists/*/tasks",
    f"GET {_TASKS}lists/*/tasks/*",
    f"POST {_TASKS}lists/*/tasks",
    f"PATCH {_TASKS}lists/*/tasks/*",
    f"DELETE {_TASKS}lists/*/tasks/*",
}


def test_the_gate_lets_through_what_stands_here_and_nothing_else():
    opened = set()
    for route in gate(None, ()).routes:
        path = re.sub(r"\\(.)", r"\1", route.path.pattern.replace("[^/]+", "*"))
        opened.add(f"{route.verb} {route.origin}{path}")
    assert opened == ALLOWED


def test_whatever_is_asked_it_passes_only_when_it_stands_in_the_list():
    """Every verb with every path of the list, bent: only exact matches pass."""
    keeper = gate(None, ())
    paths = {line.partition(" ")[2].replace("*", "x1") for line in ALLOWED}
    bent = [path + end for path in paths for end in ("", "/send", ":send", "/x1/send", "s", "/..")]
    exact = {line.replace("*", "x1") for line in ALLOWED}
    ambiguous = {f"{verb} {_CALENDAR}calendars/x1/events/x1" for verb in ("GET", "PUT")}
    passed = set()
    for path in bent:
        for verb in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "SEND"):
            try:
                keeper.check(requests.Request(verb, path).prepare())
            except NeverSends:
                continue
            passed.add(f"{verb} {path}")
    assert exact - passed == set()
    for line in passed - exact - ambiguous:
        # A name may end with an s or be the one of a thing called so; it never says "send".
        assert line.endswith("s"), line
        assert line[:-1] in exact, line


@pytest.mark.parametrize(
    "address",
    [
        "smtp://smtp.gmail.com:587/",
        "smtps://smtp.gmail.com/",
        "mailto:dana.cole@initech.example",
        "file:///etc/passwd",
        "ftp://ftp.example.org/",
        "https://hooks.slack.example/services/T0",
        "https://smtp.gmail.com:465/",
        "https://graph.microsoft.com/v1.0/me/sendMail",
        "https://oauth2.googleapis.com/token?x=1",
        "https://oauth2.googleapis.com:443/token",
        "https://people.googleapis.com/v1/people/me:createContact",
        "https://chat.googleapis.com/v1/spaces/x/messages",
    ],
)
def test_any_other_host_is_refused_before_a_byte_leaves(address: str):
    keeper = gate(None, ("https://oauth2.googleapis.com/token",))
    with requests.Session() as session:
        session.mount("https://", Door(keeper))
        session.mount("http://", Door(keeper))
        with pytest.raises((NeverSends, requests.exceptions.InvalidSchema)):
            session.post(address, data=b"hello", timeout=0.001)


def test_every_way_to_google_leads_through_the_gate():
    """No file but those below makes a session, and each mounts the Door on it."""
    for path in FILES:
        text = path.read_text()
        name = str(path.relative_to(ROOT))
        assert "HTTPAdapter(" not in text.replace("class Door(HTTPAdapter)", ""), name
        makes = re.findall(
            r"requests\.Session\(|AuthorizedSession\(|Flow\.from_client_config", text
        )
        if makes:
            assert "Door(gate(" in text, name
            assert text.count('mount("https://", door)') >= 1, name
        assert not re.search(r"requests\.(?:get|post|put|patch|delete|request|head)\(", text), name


# --- by the record ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "url", "body"),
    [
        ("POST", "/gmail/v1/users/me/drafts/send", b"{}"),
        ("POST", "/gmail/v1/users/me/drafts/%73end", b"{}"),
        ("POST", "/gmail/v1/users/me/messages/send?alt=json", b"{}"),
        ("POST", "/gmail/v1/users/me/messages/import", b"{}"),
        ("POST", "/upload/gmail/v1/users/me/messages/send", b""),
        ("POST", "/batch/gmail/v1", b""),
        ("PUT", "/gmail/v1/users/me/settings/vacation", b"{}"),
        ("POST", "/calendar/v3/calendars/c/events?sendUpdates=all", b"{}"),
        ("POST", "/calendar/v3/calendars/c/events", b'{"attendees": [{"email": "a@b.example"}]}'),
        ("POST", "/calendar/v3/calendars/c/acl", b"{}"),
    ],
)
def test_the_record_knows_what_sends(verb: str, url: str, body: bytes):
    assert sends(verb, url, body)


def test_the_record_knows_what_does_not_send():
    assert not sends("POST", "/gmail/v1/users/me/drafts", b'{"message": {"raw": "c2VuZA"}}')
    assert not sends("GET", "/gmail/v1/users/me/messages/send1")
    assert not sends("POST", "/calendar/v3/calendars/c/events?sendUpdates=none", b"{}")


def test_the_record_sees_connections_and_programs():
    record = Record()
    record.event("socket.connect", (None, ("127.0.0.1", 8080)))
    record.event("socket.connect", (None, "/run/systemd/notify"))
    record.event("subprocess.Popen", ("systemctl", ["systemctl", "--user"], None, None))
    assert record.problems == ()
    record.event("socket.connect", (None, ("192.0.2.7", 443)))
    record.event("socket.connect", (None, ("127.0.0.1", 587)))
    record.event("subprocess.Popen", ("/usr/sbin/sendmail", ["sendmail", "-t"], None, None))
    record.request("POST", "/gmail/v1/users/me/drafts/send", b"{}")
    assert len(record.problems) == 4


@pytest.mark.parametrize("shared", [(), ("-n", "1")], ids=["alone", "shared among processes"])
def test_one_sending_request_fails_the_whole_suite(tmp_path: Path, shared: tuple[str, ...]):
    """A suite like this one, with a test that passes and sends."""
    (tmp_path / "test_it.py").write_text(
        "import time, requests\n"
        "from tests.fakes.google.server import FakeGoogle, running\n"
        "def test_that_sends():\n"
        "    with running(FakeGoogle(time.time)) as fake:\n"
        "        path = '/gmail/v1/users/me/drafts/send'\n"
        "        requests.post(fake.url + path, json={'id': 'r1'}, timeout=5)\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        *shared,
    ]
    alone = {name: value for name, value in os.environ.items() if name != ASKED}
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", "/dev/null", "-o", f"pythonpath={ROOT}",
         str(tmp_path / "test_it.py")],
        capture_output=True, text=True, timeout=240, cwd=ROOT, check=False, env=alone,
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert "BROKEN by a sending request" in done.stdout
    assert done.returncode == 1


def test_the_record_is_kept(request: pytest.FixtureRequest):
    """The session that runs now is watched, by what stands in tests/conftest.py."""
    plugins = [str(getattr(p, "__file__", "")) for p in request.config.pluginmanager.get_plugins()]
    assert any(name.endswith("tests/conftest.py") for name in plugins)
