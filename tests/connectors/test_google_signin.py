"""Signing in: what Google grants, what the user does, and what goes wrong on the way."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
import responses

from tests.fakes.google.world import NOW, Clock
from vouchd.connectors import google_token
from vouchd.connectors.base import Refused, Unavailable
from vouchd.connectors.google_signin import Place, sign_in
from vouchd.connectors.google_token import SignIn

TOKEN = "https://oauth2.googleapis.com/token"
SCOPES = [
    "https://www.googleapis.com/auth/gmail.readonly",
    "https://www.googleapis.com/auth/gmail.compose",
]
GRANTED = {
    "access_token": "access",
    "refresh_token": "refresh",
    "expires_in": 3599,
    "token_type": "Bearer",
    "scope": " ".join(SCOPES),
}
Visitor = Callable[[str], object]


def client(folder: Path, **fields: Any) -> Path:
    path = folder / "client_secret.json"
    inner = {
        "client_id": "c.apps.googleusercontent.com",
        "client_secret": "not-a-secret",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": TOKEN,
        "redirect_uris": ["http://localhost"],
    }
    path.write_text(json.dumps(fields or {"installed": inner}))
    return path


def played(folder: Path, visitor: Visitor, **more: Any) -> tuple[SignIn, list[str]]:
    """Sign in, with a browser that does what the test says when it gets the address."""
    told: list[str] = []

    def tell(words: str) -> None:
        told.append(words)
        if words.startswith("https://"):
            threading.Thread(target=visitor, args=(words,), daemon=True).start()

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fields: dict[str, Any] = {"browser": False, "port": port, "ticks": Clock().ticks, **more}
    place = Place(tell=tell, **fields)
    responses.add_passthru("http://localhost")
    return sign_in(client(folder), SCOPES, place=place, endpoint=None, now=NOW), told


def back(address: str, **answer: str) -> requests.Response:
    asked = dict(parse_qsl(urlsplit(address).query))
    answer = {"state": asked["state"], "code": "the-code", **answer}
    return requests.get(asked["redirect_uri"], params=answer, timeout=5)


@responses.activate
def test_a_sign_in_with_pkce_and_the_least_of_permissions(tmp_path: Path):
    exchange = responses.post(TOKEN, json=GRANTED)
    found, told = played(tmp_path, back)
    (address,) = (words for words in told if words.startswith("https://"))
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["scope"].split() == SCOPES
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["code_challenge_method"] == "S256"
    sent = parse_qs(str(exchange.calls[0].request.body))
    assert len(sent["code_verifier"][0]) >= 43
    assert sent["code"] == ["the-code"]
    assert (found.token, found.refresh_token, found.token_uri) == ("access", "refresh", TOKEN)
    assert found.scopes == tuple(SCOPES)
    assert found.ends_at is None
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


@responses.activate
def test_what_was_not_ticked_is_not_taken_for_granted(tmp_path: Path):
    responses.post(TOKEN, json={**GRANTED, "scope": SCOPES[0]})
    found, _ = played(tmp_path, back)
    assert found.scopes == (SCOPES[0],)


@responses.activate
def test_when_google_says_how_long_it_lasts_that_is_kept(tmp_path: Path):
    responses.post(TOKEN, json={**GRANTED, "refresh_token_expires_in": 604_799})
    found, _ = played(tmp_path, back)
    assert found.ends_at == NOW + timedelta(seconds=604_799)


@responses.activate
def test_stray_visitors_get_nothing_and_spoil_nothing(tmp_path: Path):
    responses.post(TOKEN, json=GRANTED)
    statuses: list[int] = []
    done = threading.Event()

    def browser(address: str) -> None:
        asked = dict(parse_qsl(urlsplit(address).query))
        for stray in ("favicon.ico", "?code=stolen&state=guessed", "?error=x"):
            statuses.append(requests.get(asked["redirect_uri"] + stray, timeout=5).status_code)
        statuses.append(back(address).status_code)
        done.set()

    assert played(tmp_path, browser)[0].token == "access"
    assert done.wait(5)
    assert statuses == [404, 404, 404, 200]


@responses.activate
def test_a_no_is_a_no(tmp_path: Path):
    def browser(address: str) -> None:
        asked = dict(parse_qsl(urlsplit(address).query))
        answer = {"state": asked["state"], "error": "access_denied"}
        requests.get(asked["redirect_uri"], params=answer, timeout=5)

    with pytest.raises(Refused, match="access_denied"):
        played(tmp_path, browser)


@responses.activate
def test_without_a_lasting_token_it_says_what_to_do(tmp_path: Path):
    responses.post(TOKEN, json={k: v for k, v in GRANTED.items() if k != "refresh_token"})
    with pytest.raises(Refused, match=r"myaccount.google.com/permissions"):
        played(tmp_path, back)


@responses.activate
def test_a_code_that_google_refuses(tmp_path: Path):
    responses.post(TOKEN, status=400, json={"error": "invalid_grant"})
    with pytest.raises(Refused, match="invalid_grant"):
        played(tmp_path, back)


@responses.activate
def test_no_network_at_the_last_step(tmp_path: Path):
    responses.post(TOKEN, body=requests.ConnectionError("no route"))
    with pytest.raises(Unavailable, match="start again"):
        played(tmp_path, back)


def test_nobody_answers(tmp_path: Path):
    clock = Clock()

    def ticks() -> float:
        clock.at += 400
        return clock.at

    with pytest.raises(Unavailable, match="nobody answered"):
        played(tmp_path, lambda address: None, ticks=ticks)


@responses.activate
def test_the_address_may_be_pasted(tmp_path: Path):
    responses.post(TOKEN, json=GRANTED)
    read, write = os.pipe()

    def browser(address: str) -> None:
        asked = dict(parse_qsl(urlsplit(address).query))
        os.write(write, b"http://localhost/?nonsense\n")
        os.write(write, f"{asked['redirect_uri']}?state={asked['state']}&code=c\n".encode())

    with os.fdopen(read) as pasted:
        found, told = played(tmp_path, browser, pasted=pasted)
    os.close(write)
    assert found.token == "access"
    assert any("paste here" in words for words in told)


@responses.activate
def test_a_browser_that_cannot_be_opened_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import webbrowser

    def missing(*_: object, **__: object) -> bool:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr("webbrowser.open", missing)
    responses.post(TOKEN, json=GRANTED)
    found, told = played(tmp_path, back, browser=True)
    assert found.token == "access"
    assert any("ssh -L" in words for words in told)


def test_a_port_that_is_taken(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="--port"):
            played(tmp_path, lambda address: None, port=taken.getsockname()[1])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        ("not json", "no JSON"),
        ("[]", "Desktop app"),
        ('{"web": {"client_id": "x"}}', "Web application"),
        ('{"installed": {}}', "Desktop app"),
    ],
)
def test_a_client_file_that_is_none(tmp_path: Path, content: str | None, words: str):
    path = tmp_path / "client.json"
    if content is not None:
        path.write_text(content)
    place = Place(tell=print, browser=False, ticks=Clock().ticks)
    with pytest.raises(Refused, match=words):
        sign_in(path, SCOPES, place=place, endpoint=None, now=NOW)


def test_a_sign_in_without_a_client_takes_the_one_of_the_client_file(tmp_path):
    client = tmp_path / "client.json"
    client.write_text('{"installed": {"client_id": "c", "client_secret": "s"}}')
    bare = google_token.SignIn(refresh_token="r")
    assert google_token.with_client(bare, None) == bare
    found = google_token.with_client(bare, client)
    assert (found.client_id, found.client_secret) == ("c", "s")
    assert google_token.with_client(replace(bare, client_id="own"), client).client_id == "own"
    for text in ("", "[]", "{}", '{"installed": 3}'):
        client.write_text(text)
        assert google_token.with_client(bare, client) == bare
