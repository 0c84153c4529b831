"""A strict stand-in for Google on loopback: it checks each request, and misbehaves on command."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.google import rules
from tests.fakes.google.calendar import FakeCalendar
from tests.fakes.google.errors import Denial
from tests.fakes.google.gmail import FakeGmail
from tests.fakes.google.people import FakePeople
from tests.fakes.google.tasks import FakeTasks
from tests.recorder import RECORD

ALL = (
    "https://www.googleapis.com/auth/gmail.readonly",
    "https://www.googleapis.com/auth/gmail.compose",
    "https://www.googleapis.com/auth/gmail.labels",
    "https://www.googleapis.com/auth/calendar.events.readonly",
    "https://www.googleapis.com/auth/calendar.app.created",
    "https://www.googleapis.com/auth/tasks",
    "https://www.googleapis.com/auth/contacts.readonly",
)
UNITS = {
    "gmail.users.getProfile": 1,
    "gmail.users.history.list": 2,
    "gmail.users.messages.list": 5,
    "gmail.users.messages.get": 20,
    "gmail.users.messages.attachments.get": 20,
    "gmail.users.threads.get": 40,
    "gmail.users.drafts.list": 5,
    "gmail.users.drafts.get": 20,
    "gmail.users.drafts.create": 10,
    "gmail.users.drafts.update": 15,
    "gmail.users.drafts.delete": 10,
    "gmail.users.labels.list": 1,
    "gmail.users.labels.create": 5,
}


@dataclass
class Fault:
    """How the next matching requests go wrong."""

    method: str  #: the id of a method, or its end; "" for all
    status: int = 0  #: answer this instead of carrying it out
    reason: str = ""
    message: str = "as ordered"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None  #: instead of a proper error
    cut: str = ""  #: "before" or "after" it took place: the connection breaks
    twice: bool = False  #: it arrives twice, as from a proxy that repeats
    delay: float = 0.0
    times: int = 1


@dataclass
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: dict[str, str]
    units: int


class FakeGoogle:
    """Gmail, Calendar, Tasks and the token endpoint of one account."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.gmail = FakeGmail(now)
        self.calendar = FakeCalendar(now)
        self.tasks = FakeTasks(now)
        self.people = FakePeople()
        self.tokens = {"access-1": frozenset(ALL)}
        self.revocable = {"refresh-1"}
        self.refresh_answer: tuple[int, dict[str, Any]] | None = None
        self.per_minute: int | None = None
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.broken = ""  #: whatever has this in its address is answered with 500
        self.url = ""
        self._spent: list[tuple[float, int]] = []
        self._lock = threading.Lock()

    @property
    def units(self) -> int:
        return sum(call.units for call in self.calls)

    def count(self, method: str) -> int:
        return sum(call.method.endswith(method) for call in self.calls)

    @contextmanager
    def counted(self) -> Iterator[list[Call]]:
        """Collect the calls of a block."""
        before = len(self.calls)
        found: list[Call] = []
        yield found
        found.extend(self.calls[before:])

    def fault(self, method: str, **more: Any) -> Fault:
        made = Fault(method, **more)
        self.faults.append(made)
        return made

    # --- one request --------------------------------------------------------------------

    def answer(
        self, verb: str, url: str, headers: dict[str, str], raw: bytes
    ) -> tuple[int, dict[str, str], bytes, Fault | None]:
        with self._lock:
            parts = urlsplit(url)
            if parts.path == "/token":
                return *self._token(raw), None
            if parts.path == "/revoke":
                return *self._revoke(raw), None
            query = parse_qs(parts.query, keep_blank_values=True)
            found = rules.match(verb, parts.path)
            if found is None:
                self.violations.append(f"{verb} {parts.path}: no such method")
                return *_error(404, "notFound", "Not Found"), None
            method, path = found
            body = json.loads(raw) if raw else None
            units = UNITS.get(method.id, 100 if method.api == "gmail.v1" else 0)
            self.calls.append(Call(method.id, parts.path, query, body, headers, units))
            if self.broken and self.broken in parts.path:
                return *_error(500, "backendError", "Internal error"), None
            fault = self._due(method.id)
            if fault is not None:
                if fault.delay:
                    time.sleep(fault.delay)
                if fault.status:
                    answered = _error(fault.status, fault.reason, fault.message)
                    content = answered[2] if fault.body is None else fault.body
                    return fault.status, {**answered[1], **fault.headers}, content, None
                if fault.cut == "before":
                    return 0, {}, b"", fault
            refused = self._checked(method, query, path, body, headers, units)
            if refused is not None:
                return *refused, None
            try:
                if fault is not None and fault.twice:
                    self._carried_out(method.id, path, query, body, headers)
                result = self._carried_out(method.id, path, query, body, headers)
            except Denial as denial:
                return *_error(denial.status, denial.reason, str(denial)), None
            if result is None:
                return 204, {}, b"", fault
            if method.answer:
                wrong = rules.wrong_body(method.api, method.answer, result)
                if wrong:
                    self.violations.append(f"the fake's own answer to {method.id}: {wrong}")
            return 200, {"Content-Type": "application/json"}, json.dumps(result).encode(), fault

    def _carried_out(
        self, method: str, path: dict[str, str], query: dict[str, list[str]], body: Any,
        headers: dict[str, str],
    ) -> Any:  # fmt: skip
        api, _, name = method.partition(".")
        services = {"gmail": self.gmail, "calendar": self.calendar, "tasks": self.tasks}
        service: Any = services.get(api, self.people)
        handler = getattr(service, name.removeprefix("users.").replace(".", "_"), None)
        if handler is None:
            self.violations.append(f"{method} is not to be called")
            raise Denial(404, "notFound", "the fake has no such method")
        return handler(path, query, body, headers)

    def _due(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and method.endswith(fault.method):
                fault.times -= 1
                return fault
        return None

    def _checked(
        self, method: rules.Method, query: dict[str, list[str]], path: dict[str, str], body: Any,
        headers: dict[str, str], units: int,
    ) -> tuple[int, dict[str, str], bytes] | None:  # fmt: skip
        token = headers.get("authorization", "").removeprefix("Bearer ")
        scopes = self.tokens.get(token)
        if scopes is None:
            return _error(401, "authError", "Invalid Credentials")
        if not scopes & method.scopes:
            return _error(
                403, "insufficientPermissions", "Request had insufficient authentication scopes."
            )
        wrong = rules.wrong_parameters(method, query, path)
        if not wrong and method.body:
            wrong = rules.wrong_body(method.api, method.body, body)
        if wrong:
            self.violations.append(f"{method.id}: {wrong}")
            return _error(400, "badRequest", wrong)
        if self.per_minute is not None and units:
            now = self.now()
            self._spent = [(at, n) for at, n in self._spent if at > now - 60]
            if sum(n for _, n in self._spent) + units > self.per_minute:
                return _error(429, "rateLimitExceeded", "Quota exceeded")
            self._spent.append((now, units))
        return None

    def _token(self, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        form = {k: v[0] for k, v in parse_qs(raw.decode()).items()}
        self.calls.append(Call("token", "/token", {}, form, {}, 0))
        if self.refresh_answer is not None:
            status, fields = self.refresh_answer
        elif form.get("refresh_token") == "refresh-1":
            token = f"access-{len(self.tokens) + 1}"
            self.tokens[token] = frozenset(ALL)
            fields = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
            status = 200
        else:
            status, fields = 400, {"error": "invalid_grant", "error_description": "Bad Request"}
        return status, {"Content-Type": "application/json"}, json.dumps(fields).encode()

    def _revoke(self, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        (token,) = parse_qs(raw.decode()).get("token", [""])
        self.calls.append(Call("revoke", "/revoke", {}, {"token": token}, {}, 0))
        fault = self._due("revoke")
        if fault is not None:
            return fault.status, fault.headers, fault.body or b"{}"
        if token not in self.revocable:
            return 400, {}, b'{"error": "invalid_token"}'
        self.revocable.remove(token)
        self.tokens.clear()
        return 200, {"Content-Type": "application/json"}, b"{}"


def _error(status: int, reason: str, message: str) -> tuple[int, dict[str, str], bytes]:
    error = {
        "code": status,
        "message": message,
        "errors": [{"domain": "global", "reason": reason, "message": message}],
    }
    content = json.dumps({"error": error}).encode()
    return status, {"Content-Type": "application/json"}, content


@contextmanager
def running(fake: FakeGoogle) -> Iterator[FakeGoogle]:
    """Serve on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            headers = {k.lower(): v for k, v in self.headers.items()}
            RECORD.request(self.command, self.path, raw)
            status, more, content, fault = fake.answer(self.command, self.path, headers, raw)
            if fault is not None and fault.cut:
                # A reset, as from a box in between that has lost its memory.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

        def log_message(self, *_: object) -> None:
            pass

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        fake.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
