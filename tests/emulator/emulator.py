"""The third-party Google emulator on loopback, and in front of it what it lacks.

The emulator has no getProfile, no calendars.insert, no events.get, patch or update, and its token
endpoint has another address: a small shim answers these, where it can out of what the emulator
says.
"""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from tests.recorder import RECORD

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".venv" / "emulator" / "node_modules" / "emulate" / "dist" / "index.js"
ME = "sam@example.org"
OWN = "followups@group.calendar.example"
Json = dict[str, Any]


@dataclass
class Emulator:
    """The running emulator, the shim's address, and what went through it."""

    url: str
    direct: str  #: the emulator itself: the user's hand, never vouchd
    calls: list[tuple[str, str]] = field(default_factory=list)
    made: list[Json] = field(default_factory=list)  #: calendars
    changed: dict[str, Json] = field(default_factory=dict)  #: events, by id

    def ask(self, verb: str, path: str, **more: Any) -> Any:
        """Ask the emulator as the user's own mail program would."""
        answer = requests.request(
            verb, self.direct + path, headers={"Authorization": "Bearer tok"}, timeout=10, **more
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def receive(self, raw: bytes, *labels: str) -> str:
        body = {"raw": encoded(raw), "labelIds": list(labels or ("INBOX",))}
        return str(self.ask("POST", "/gmail/v1/users/me/messages", json=body)["id"])

    def drafts(self) -> list[Json]:
        listed = self.ask("GET", "/gmail/v1/users/me/drafts").get("drafts", [])
        found = []
        for draft in listed:
            whole = self.ask("GET", f"/gmail/v1/users/me/drafts/{draft['id']}?format=raw")
            raw = base64.urlsafe_b64decode(whole["message"]["raw"] + "==")
            found.append({**draft, "raw": raw})
        return found

    def events(self) -> list[Json]:
        path = f"/calendar/v3/calendars/{OWN}/events?maxResults=250"
        items: list[Json] = self.ask("GET", path)["items"]
        return [{**item, **self.changed.get(item["id"], {})} for item in items]

    @contextmanager
    def counted(self) -> Iterator[list[tuple[str, str]]]:
        found: list[tuple[str, str]] = []
        before = len(self.calls)
        yield found
        found.extend(self.calls[before:])


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw.replace(b"\n", b"\r\n")).decode().rstrip("=")


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(folder: Path, seed: Json, *, client: Json | None = None) -> Iterator[Emulator]:
    """Start emulator and shim; `seed` is what stands under `google:`."""
    assert PROGRAM.exists(), "the emulator is not installed: run `make test`, which installs it"
    file = folder / "seed.yaml"
    whole = {
        "tokens": {"tok": {"login": ME, "scopes": []}},
        "google": {
            "users": [{"email": ME, "name": "Sam Rivera"}],
            "calendars": [
                {"id": ME, "user_email": ME, "summary": ME, "primary": True,
                 "time_zone": "Europe/Berlin"},
                {"id": OWN, "user_email": ME, "summary": "vouchd", "time_zone": "Europe/Berlin"},
            ],
            **({"oauth_clients": [client]} if client else {}),
            **seed,
        },
    }  # fmt: skip
    file.write_text(json.dumps(whole))  # JSON is YAML
    port = _port()
    command = ["node", str(PROGRAM), "start", "--service", "google", "--port", str(port)]
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--seed", str(file)], stdout=log, stderr=log,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        )  # fmt: skip
    direct = f"http://127.0.0.1:{port}"
    try:
        _wait(direct, process, folder / "emulator.log")
        with _shim(direct) as emulator:
            yield emulator
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            requests.get(f"{url}/.well-known/openid-configuration", timeout=1)
            return
        except requests.RequestException:
            alive = process.poll() is None and time.monotonic() < deadline
            assert alive, log.read_text()
            time.sleep(0.05)


@contextmanager
def _shim(direct: str) -> Iterator[Emulator]:
    emulator = Emulator("", direct)
    session = requests.Session()

    def forwarded(verb: str, path: str, headers: dict[str, str], raw: bytes) -> tuple[int, bytes]:
        kept = {k: v for k, v in headers.items() if k in ("authorization", "content-type")}
        answer = session.request(
            verb, direct + path, headers=kept, data=raw, timeout=10, allow_redirects=False
        )
        return answer.status_code, answer.content

    def events(headers: dict[str, str], calendar: str) -> list[Json]:
        path = f"/calendar/v3/calendars/{calendar}/events?maxResults=250"
        _, content = forwarded("GET", path, headers, b"")
        items: list[Json] = json.loads(content).get("items", [])
        return [{**item, **emulator.changed.get(item["id"], {})} for item in items]

    def answered(verb: str, path: str, headers: dict[str, str], raw: bytes) -> tuple[int, Any]:
        bare = path.partition("?")[0]
        if verb == "GET" and bare == "/gmail/v1/users/me/profile":
            body = json.dumps({"topicName": "projects/p/topics/t"}).encode()
            headers = {**headers, "content-type": "application/json"}
            status, content = forwarded("POST", "/gmail/v1/users/me/watch", headers, body)
            return status, {"emailAddress": ME, "historyId": json.loads(content)["historyId"]}
        if verb == "POST" and bare == "/token":
            return forwarded(verb, "/oauth2/token", headers, raw)
        if verb == "POST" and bare == "/calendar/v3/calendars":
            emulator.made.append(json.loads(raw))
            return 200, {**json.loads(raw), "id": OWN}
        if hit := re.fullmatch(r"/calendar/v3/calendars/([^/]+)", bare):
            return 200, {"id": hit[1]}
        if verb == "GET" and re.fullmatch(r"/calendar/v3/calendars/([^/]+)/events", bare):
            status, content = forwarded(verb, path, headers, raw)
            page = json.loads(content)
            for item in page.get("items", ()):
                item.update(emulator.changed.get(item["id"], {}))
            return status, page
        if hit := re.fullmatch(r"/calendar/v3/calendars/([^/]+)/events/([^/]+)", bare):
            found = next((e for e in events(headers, hit[1]) if e["id"] == hit[2]), None)
            if found is None:
                return 404, {"error": {"code": 404, "errors": [{"reason": "notFound"}]}}
            if verb in ("PUT", "PATCH"):
                emulator.changed[hit[2]] = {**emulator.changed.get(hit[2], {}), **json.loads(raw)}
                found.update(emulator.changed[hit[2]])
            if verb != "DELETE":
                return 200, found
        return forwarded(verb, path, headers, raw)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            emulator.calls.append((self.command, self.path))
            RECORD.request(self.command, self.path, raw)
            headers = {k.lower(): v for k, v in self.headers.items()}
            status, content = answered(self.command, self.path, headers, raw)
            if not isinstance(content, bytes):
                content = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        emulator.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield emulator
        finally:
            server.shutdown()
            thread.join()
            session.close()
