"""Signing in at Google: the installed-app flow over loopback, with PKCE (RFC 8252, RFC 7636).

On a desktop a browser opens. On a machine without one the address is printed, and an ssh tunnel to
the port, or the address that the browser ended at, pasted here, brings the answer back.
"""

from __future__ import annotations

import json
import os
import select
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qs, urlsplit

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from vouchd.connectors.base import Refused, Unavailable
from vouchd.connectors.google_guard import Door, gate
from vouchd.connectors.google_token import TOKEN_URI, SignIn, at_endpoint

HOST = "localhost"
#: Where nobody sits in front of the machine: a port that a tunnel can be told of beforehand.
FIXED_PORT = 8765
PATIENCE = timedelta(minutes=10)
_AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
_THANKS = "vouchd is signed in. You can close this page."
_NO = "vouchd is not signed in: {}. Look at the terminal."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the user is."""

    tell: Callable[[str], None]
    browser: bool  #: whether to open one
    port: int | None = None  #: None: any free one with a browser, else the fixed one
    pasted: TextIO | None = None  #: where the user may paste an address, if there is a terminal
    ticks: Callable[[], float]
    patience: timedelta = PATIENCE


def sign_in(
    client: Path | Mapping[str, str],
    scopes: Sequence[str],
    *,
    place: Place,
    endpoint: str | None,
    now: datetime,
) -> SignIn:
    """Let the user permit `scopes` and return the sign-in with what was granted.

    `client` is the file that Google Cloud gives, or what matters of it.

    Raises Refused when the client file is no good or the user said no, Unavailable when Google or
    the user does not answer.
    """
    fields = _at(_client(client) if isinstance(client, Path) else client, endpoint)
    with _listening(place) as server:
        flow = _flow(fields, scopes, f"http://{HOST}:{server.server_port}/", endpoint)
        with _relaxed():
            address, state = flow.authorization_url(access_type="offline", prompt="consent")
        _invite(place, address, server.server_port)
        answer = _answered(server, place, state)
    if "code" not in answer:
        raise Refused(
            f"not signed in: Google says “{answer.get('error', '')}”; start again and allow it"
        )
    token = _exchanged(flow, answer["code"])
    if not token.get("refresh_token"):
        raise Refused(
            "Google gave no lasting sign-in (no refresh token): remove vouchd at "
            "https://myaccount.google.com/permissions and sign in again"
        )
    said = token.get("scope", ())
    granted = said.split() if isinstance(said, str) else list(said)
    lasts = token.get("refresh_token_expires_in")
    return SignIn(
        token=str(token["access_token"]),
        refresh_token=str(token["refresh_token"]),
        token_uri=fields["token_uri"],
        client_id=fields["client_id"],
        client_secret=fields.get("client_secret"),
        scopes=tuple(granted or scopes),
        expiry=now + timedelta(seconds=int(token.get("expires_in", 3600))),
        ends_at=now + timedelta(seconds=int(lasts)) if lasts else None,
    )


def _at(fields: Mapping[str, Any], endpoint: str | None) -> dict[str, Any]:
    return {
        **fields,
        "auth_uri": at_endpoint(fields.get("auth_uri") or _AUTH_URI, endpoint),
        "token_uri": at_endpoint(fields.get("token_uri") or TOKEN_URI, endpoint),
    }


def _client(path: Path) -> Mapping[str, Any]:
    """Read the client file that Google Cloud gives. Raises Refused."""
    get = "download it in your Google Cloud project, as docs/google.md shows"
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}; {get}") from None
    except ValueError:
        raise Refused(f"{path}: is no JSON; {get}") from None
    if isinstance(whole, dict) and "web" in whole:
        raise Refused(
            f"{path}: is a client of the type “Web application”; make one of the type “Desktop app”"
        )
    fields = whole.get("installed") if isinstance(whole, dict) else None
    if not isinstance(fields, dict) or not fields.get("client_id"):
        raise Refused(f"{path}: is no OAuth client of the type “Desktop app”; {get}")
    return fields


def _flow(fields: dict[str, Any], scopes: Sequence[str], back: str, endpoint: str | None) -> Any:
    flow = Flow.from_client_config(
        {"installed": fields}, list(scopes), redirect_uri=back, autogenerate_code_verifier=True
    )
    session = flow.oauth2session
    session.trust_env = endpoint is None
    door = Door(gate(endpoint, (fields["token_uri"],)))
    session.mount("https://", door)
    session.mount("http://", door)
    return flow


def _invite(place: Place, address: str, port: int) -> None:
    if place.browser and _opened(address):
        place.tell("Your browser opens Google's page. If it does not, open this address:")
    else:
        place.tell(
            "Open this address in a browser. If that is on another machine, first make a tunnel "
            f"there: ssh -L {port}:{HOST}:{port} THIS-MACHINE"
        )
    place.tell(address)
    if place.pasted is not None:
        place.tell("Or paste here the address at which your browser ended up, and press Enter.")


def _opened(address: str) -> bool:
    with suppress(webbrowser.Error, OSError):
        return webbrowser.open(address, new=1)
    return False


class _Server(HTTPServer):
    """Takes the browser that comes back; whoever else knocks gets nothing."""

    allow_reuse_address = True
    answer: dict[str, str] | None = None
    state = ""


@contextmanager
def _listening(place: Place) -> Iterator[_Server]:
    free = 0 if place.browser else FIXED_PORT
    port = free if place.port is None else place.port
    try:
        server = _Server(("127.0.0.1", port), _Handler)
    except OSError as error:
        raise Refused(f"port {port}: {error.strerror}; name another one with --port") from None
    try:
        yield server
    finally:
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        answer = _read(self.path)
        if answer.get("state") != self.server.state:
            self.send_error(404)
            return
        self.server.answer = answer
        text = _THANKS if "code" in answer else _NO.format(answer.get("error", "")[:60])
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """The address holds the code: nothing of it goes into a log."""


def _read(address: str) -> dict[str, str]:
    found = parse_qs(urlsplit(address.strip()).query)
    return {name: values[0] for name, values in found.items()}


def _answered(server: _Server, place: Place, state: str) -> dict[str, str]:
    """Wait for the browser, or for an address pasted by hand."""
    server.state = state
    server.timeout = 1.0
    pasted = place.pasted
    deadline = place.ticks() + place.patience.total_seconds()
    while place.ticks() < deadline:
        sources: list[Any] = [server, *([pasted] if pasted else [])]
        ready, _, _ = select.select(sources, [], [], 1.0)
        if server in ready:
            server.handle_request()
        if pasted is not None and pasted in ready:
            # Not readline(): what it reads ahead, select() would wait for in vain.
            data = os.read(pasted.fileno(), 65_536)
            pasted = pasted if data else None
            for line in data.decode("utf-8", "replace").split():
                answer = _read(line)
                if answer.get("state") == state:
                    return answer
                place.tell("That is not the address this sign-in ends at: no “state=” of it.")
        if server.answer is not None:
            return server.answer
    raise Unavailable("nobody answered Google's page; start again with `vouchd auth google`")


@contextmanager
def _relaxed() -> Iterator[None]:
    """Let oauthlib take what was granted, also where it is less, and an emulator without TLS."""
    names = ("OAUTHLIB_RELAX_TOKEN_SCOPE", "OAUTHLIB_INSECURE_TRANSPORT")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _exchanged(flow: Any, code: str) -> dict[str, Any]:
    try:
        with _relaxed():
            # Google takes the client's id in the body or as Basic; some stand-ins only the former.
            token: dict[str, Any] = dict(flow.fetch_token(code=code, include_client_id=True))
            return token
    except OAuth2Error as error:
        raise Refused(f"Google refused the sign-in ({error.error}); start again") from None
    except requests.RequestException as error:
        kind = type(error).__name__
        raise Unavailable(f"no answer from Google ({kind}); start again") from None
    finally:
        flow.oauth2session.close()
