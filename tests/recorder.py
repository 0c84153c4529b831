"""Every request that the whole test suite makes, and which of them would send something.

The stand-ins for Google hand in each request as it arrives, whoever made it; the interpreter tells
of each connection and each program that is started. `conftest.py` asks at the end of the session.
"""

from __future__ import annotations

import ipaddress
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

#: What a request says that makes Google send a mail or an invitation, in any form of address.
_SENDING_PATH = re.compile(
    r"/send(?:$|[/:;?])|/quickadd|/import(?:$|[/?])|/acl(?:$|[/?])|/settings/|/batch|/upload/"
    r"|/(?:drafts|messages)/[^/]+/send|/events/[^/]+/move",
    re.I,
)
_MAILERS = frozenset("sendmail mail mailx msmtp mutt nullmailer ssmtp swaks exim exim4".split())
_MAIL_PORTS = frozenset((25, 465, 587, 2525))


def sends(verb: str, url: str, body: bytes = b"") -> str:
    """Return in words how a request would send something to somebody; empty where it does not."""
    parts = urlsplit(url)
    path = unquote(unquote(parts.path))
    if verb != "GET" and (found := _SENDING_PATH.search(path)):
        return f"{verb} {path}: {found[0]}"
    asked = {k.lower(): v for k, v in parse_qs(parts.query).items()}
    if any(v != "none" for v in asked.get("sendupdates", ())) or "sendnotifications" in asked:
        return f"{verb} {path}: tells the guests"
    if verb in ("POST", "PUT", "PATCH") and "/events" in path and _guests(body):
        return f"{verb} {path}: has guests"
    return ""


def _guests(body: bytes) -> bool:
    try:
        fields: Any = json.loads(body or b"{}")
    except ValueError:
        return True
    return bool(isinstance(fields, dict) and fields.get("attendees"))


@dataclass(slots=True)
class Record:
    """What was seen since the session began."""

    requests: int = 0
    sent: list[str] = field(default_factory=list)  #: sending requests
    outside: list[str] = field(default_factory=list)  #: connections to other machines
    mailers: list[str] = field(default_factory=list)  #: programs that send mail

    def request(self, verb: str, url: str, body: bytes = b"") -> None:
        self.requests += 1
        if said := sends(verb, url, body):
            self.sent.append(said)

    def event(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Take an audit event (PEP 578): what Python itself connects to and starts."""
        if name == "socket.connect":
            self._connected(arguments[1])
        elif name in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
            self._started(arguments)

    def _connected(self, address: object) -> None:
        if not isinstance(address, tuple):
            return  # a socket in the file system
        host, port = str(address[0]), int(address[1])
        if port in _MAIL_PORTS:
            self.sent.append(f"a connection to the mail port {host}:{port}")
        if not _is_here(host):
            self.outside.append(f"{host}:{port}")

    def _started(self, arguments: tuple[Any, ...]) -> None:
        program, given = arguments[0], arguments[1] if len(arguments) > 1 else ()
        words = given if isinstance(given, list | tuple) else (given,)
        named = next((w for w in (program, *words[:1]) if PurePath(str(w)).name in _MAILERS), None)
        if named is not None:
            self.mailers.append(str(named))

    def add(self, other: Record) -> None:
        """Take over what another process of the same run has seen."""
        self.requests += other.requests
        self.sent += other.sent
        self.outside += other.outside
        self.mailers += other.mailers

    @property
    def problems(self) -> tuple[str, ...]:
        return (
            *(f"a sending request: {said}" for said in self.sent),
            *(f"a connection to another machine: {host}" for host in self.outside),
            *(f"a program that sends mail: {program}" for program in self.mailers),
        )


def _is_here(host: str) -> bool:
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost"
    return found.is_loopback or found.is_unspecified


RECORD = Record()


def listen() -> None:
    """Let the interpreter tell; it does so until it ends."""

    def told(name: str, arguments: tuple[Any, ...]) -> None:
        if name.startswith(("socket.connect", "subprocess.", "os.")):
            RECORD.event(name, arguments)

    sys.addaudithook(told)
