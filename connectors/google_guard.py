"""What may be asked of Google at all: a client without any sending verb, and a gate for every byte.

`gmail.compose` would permit sending, so the scope protects nobody. Two locks do, one behind
the other: the client is built from discovery documents that hold only the methods of `METHODS`,
and the transport refuses every request that is none of them before a connection is opened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from vouchd.connectors.base import Refused
from vouchd.connectors.google_answer import Patience, read_whole

Json = dict[str, Any]

#: Everything that vouchd ever asks, by the method's id in the discovery document.
METHODS: Mapping[str, tuple[str, ...]] = {
    "gmail.v1": (
        "gmail.users.getProfile",
        "gmail.users.history.list",
        "gmail.users.messages.list",
        "gmail.users.messages.get",
        "gmail.users.messages.attachments.get",
        "gmail.users.threads.get",
        "gmail.users.drafts.list",
        "gmail.users.drafts.get",
        "gmail.users.drafts.create",
        "gmail.users.drafts.update",
        "gmail.users.drafts.delete",
        "gmail.users.labels.list",
        "gmail.users.labels.create",
    ),
    "calendar.v3": (
        "calendar.calendarList.list",
        "calendar.calendars.get",
        "calendar.calendars.insert",
        "calendar.events.list",
        "calendar.events.get",
        "calendar.events.insert",
        "calendar.events.update",
        "calendar.events.patch",
        "calendar.events.delete",
    ),
    "people.v1": ("people.people.connections.list",),
    "tasks.v1": (
        "tasks.tasklists.list",
        "tasks.tasklists.insert",
        "tasks.tasks.list",
        "tasks.tasks.get",
        "tasks.tasks.insert",
        "tasks.tasks.patch",
        "tasks.tasks.delete",
    ),
}

#: Words of a path that no request of ours has, whatever METHODS may one day say.
_NEVER = frozenset(
    "send settings batch upload resumable import acl move quickAdd quickadd watch stop"
    " forwardingAddresses sendAs delegates transferOwnership batchModify batchDelete".split()
)
_NEVER_ASKED = frozenset(("sendnotifications", "uploadtype", "upload_protocol", "access_token"))
_TRICKS = re.compile(r"%2f|%5c|%25|%00|\\|//|/\.{1,2}(?:/|$)", re.I)


class NeverSends(Refused):
    """A request that vouchd must not make; nothing of it has left."""


@cache
def document(api: str) -> str:
    """Return the discovery document of an API, shipped with the client, without what we never do.

    As text, for `build_from_document` changes what it is given.
    """
    shipped = files("googleapiclient") / "discovery_cache" / "documents" / f"{api}.json"
    whole: Json = json.loads(shipped.read_text(encoding="utf-8"))
    whole["resources"] = _kept(whole["resources"], frozenset(METHODS[api]))
    whole.pop("mtlsRootUrl", None)
    return json.dumps(whole)


def _kept(resources: Json, wanted: frozenset[str]) -> Json:
    kept: Json = {}
    for name, resource in resources.items():
        methods = {n: m for n, m in resource.get("methods", {}).items() if m["id"] in wanted}
        for method in methods.values():
            # An upload would leave by another address.
            for extra in ("mediaUpload", "supportsMediaUpload"):
                method.pop(extra, None)
        inner = _kept(resource.get("resources", {}), wanted)
        if methods or inner:
            kept[name] = {
                **({"methods": methods} if methods else {}),
                **({"resources": inner} if inner else {}),
            }
    return kept


def rooted(api: str, endpoint: str | None) -> Json:
    """Return the document with its addresses: Google's own, or all at `endpoint`."""
    found: Json = json.loads(document(api))
    if endpoint is not None:
        found["rootUrl"] = f"{endpoint.rstrip('/')}/"
        found.pop("baseUrl", None)
    return found


@dataclass(frozen=True, slots=True)
class Route:
    """One method and the addresses it may go to."""

    verb: str
    origin: str  #: scheme, host and port
    path: re.Pattern[str]
    api: str
    method: str


@dataclass(frozen=True, slots=True)
class Gate:
    """All that may pass: the routes of the APIs, and the addresses tokens are got from."""

    routes: tuple[Route, ...]
    tokens: frozenset[str]

    def check(self, request: PreparedRequest) -> None:
        """Let an allowed request pass. Raises NeverSends for every other."""
        verb, url = (request.method or "").upper(), request.url or ""
        parts = urlsplit(url)
        if verb == "POST" and url in self.tokens:
            return
        why = self._against(verb, f"{parts.scheme}://{parts.netloc}", parts.path, parts.query)
        why = why or _tricks(request)
        if why is None and parts.path.partition("/calendars")[1] and _invites(request.body):
            why = "an event with guests would send mail"
        if why:
            raise NeverSends(f"vouchd never sends: {verb} {parts.path} was refused ({why})")

    def _against(self, verb: str, origin: str, path: str, query: str) -> str | None:
        if _TRICKS.search(path):
            return "the address is written to mislead"
        plain = unquote(path)
        if not _NEVER.isdisjoint(re.split(r"[/:]", plain)):
            return "it could send or change settings"
        if not any(
            r.verb == verb and r.origin == origin and r.path.fullmatch(plain) for r in self.routes
        ):
            return "it is none of the requests vouchd makes"
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name.lower() in _NEVER_ASKED:
                return f"{name} is never asked"
            if name.lower() == "sendupdates" and value != "none":
                return "it would tell others"
        return None


def _tricks(request: PreparedRequest) -> str | None:
    for name in request.headers:
        if "method-override" in name.lower():
            return "it says one verb and means another"
    return None


def _invites(body: bytes | str | Iterable[bytes] | None) -> bool:
    if not body:
        return False
    if not isinstance(body, bytes | str):
        return True
    try:
        fields = json.loads(body)
    except ValueError:
        return True
    return not isinstance(fields, dict) or bool(fields.get("attendees"))


def gate(endpoint: str | None, tokens: Iterable[str]) -> Gate:
    """Return the gate for Google itself, or for everything at `endpoint`."""
    routes = []
    for api in METHODS:
        found = rooted(api, endpoint)
        root = urlsplit(found["rootUrl"])
        before = root.path + found["servicePath"]
        for method in _methods(found["resources"]):
            path = str(method.get("flatPath", method["path"]))
            # Text between the braces stands for itself, each pair for one step of the path.
            pattern = "".join(
                ("me" if piece == "{userId}" else r"[^/]+")
                if piece[:1] == "{"
                else re.escape(piece)
                for piece in re.split(r"(\{[^}]+\})", path)
            )
            routes.append(
                Route(
                    verb=method["httpMethod"],
                    origin=f"{root.scheme}://{root.netloc}",
                    path=re.compile(re.escape(before) + pattern),
                    api=api,
                    method=method["id"],
                )
            )
    return Gate(tuple(routes), frozenset(tokens))


def _methods(resources: Json) -> Iterable[Json]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _methods(resource.get("resources", {}))


class Door(Patience):
    """The only way out of a session: asks the gate, lets the request go, reads the answer whole."""

    def __init__(self, gate: Gate) -> None:
        # No second layer repeats anything behind our back.
        super().__init__(max_retries=0)
        self._gate = gate

    def send(self, request: PreparedRequest, *args: Any, **more: Any) -> Response:
        """Send an allowed request. Raises NeverSends before a byte leaves.

        What comes back is bounded. Raises LongAnswer, SlowAnswer, and what requests raises.
        """
        self._gate.check(request)
        onward = HTTPAdapter.send
        answer = onward(self, request, *args, **{**more, "stream": True})
        read_whole(answer)
        return answer
