"""Answers that were made to take all memory or all time: bounded, told in a line, and over."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path

import pytest

from tests.fakes.google.world import Clock, Jotter
from vouchd.connectors import gcal_events, google_answer
from vouchd.connectors.base import ConnectorError, Refused, Unavailable
from vouchd.connectors.gmail_payload import rebuilt
from vouchd.connectors.google_http import Google, Means
from vouchd.connectors.google_revoke import revoke
from vouchd.connectors.google_token import SignIn

Script = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#: Two gigabytes in two megabytes, and a terabyte as `gzip, gzip` has it.
BOMB = gzip.compress(b"\0" * 50_000_000) * 40
TWICE = gzip.compress(BOMB)
#: Takes bytes for ever and gives none.
NOTHING = zlib.compressobj(wbits=31).flush() or gzip.compress(b"")


def whole(head: bytes, body: bytes) -> Script:
    def script(line: socket.socket) -> None:
        line.sendall(OK + head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    return script


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Script:
    def script(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(piece)
            time.sleep(pause)

    return script


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = {
    "a compressed bomb": whole(b"Content-Encoding: gzip\r\n", BOMB),
    "a bomb in a bomb": whole(b"Content-Encoding: gzip, gzip\r\n", TWICE),
    "a deflated bomb": whole(b"Content-Encoding: deflate\r\n", zlib.compress(b" " * 50_000_000)),
    "too long": whole(b"", b" " * 30_000_000),
    "without an end": endless(OK + b"\r\n", b"[" * 65_536),
    "in pieces without an end": endless(CHUNKED, b"1000\r\n" + b" " * 4096 + b"\r\n"),
}
SLOW = {
    "one byte more, always": endless(OK + b"\r\n", b" ", 0.05),
    "one piece more, always": endless(CHUNKED, b"1\r\n \r\n", 0.05),
    "packed nothing, always": endless(OK + b"Content-Encoding: gzip\r\n\r\n", NOTHING, 0.001),
    "a length that never comes": endless(OK + b"Content-Length: 9000000\r\n\r\n", b" ", 0.05),
    "a header line that never ends": endless(OK + b"X-A: ", b"a", 0.05),
    "a chunk that never begins": endless(CHUNKED, b"0", 0.05),
    "continue, always": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
}
BROKEN = {
    "a giant header": whole(b"X-A: " + b"a" * 20_000_000 + b"\r\n", b"{}"),
    "ten thousand headers": whole(b"X-A: b\r\n" * 10_000, b"{}"),
    "no HTTP": endless(b"", b"SSH-2.0-OpenSSH_9.2\r\n"),
    "a giant status line": endless(b"HTTP/1.1 200 ", b"a" * 65_536),
    "a bad chunk": lambda line: line.sendall(CHUNKED + b"zz\r\n"),
    "a broken gzip": whole(b"Content-Encoding: gzip\r\n", b"\x1f\x8b" + b"\xff" * 1000),
    "packed eight times": whole(b"Content-Encoding: " + b"gzip, " * 8 + b"gzip\r\n", b"{}"),
}  # fmt: skip


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Play a script to whoever connects; yield the address."""

    def play(line: socket.socket) -> None:
        with line, suppress(OSError):
            line.recv(65_536)
            script(line)
            line.shutdown(socket.SHUT_WR)
            line.recv(65_536)

    def welcome() -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                threading.Thread(target=play, args=(line,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=welcome, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def google_at(url: str, folder: Path) -> Google:
    clock = Clock()
    (folder / "t").write_text(json.dumps({"token": "x"}))
    means = Means(now=clock.now, ticks=clock.ticks, pause=clock.pause)
    return Google(folder / "t", notes=Jotter(), endpoint=url, means=means)


def peak() -> int:
    """The most memory this process had since `clear_refs`, in bytes."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1]) * 1024


def told(script: Script, folder: Path) -> str:
    """Ask once; return the sentence in which the answer is told."""
    with serving(script) as url:
        google = google_at(url, folder)
        with pytest.raises(ConnectorError) as raised:
            google.call(google.gmail.getProfile(userId="me"), "your mailbox", cost="profile")
        google.close()
    said = str(raised.value)
    assert "\n" not in said
    assert len(said) < 300
    return said


@pytest.mark.parametrize("name", LONG)
def test_an_answer_that_is_too_long_is_left(name: str, tmp_path: Path):
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    assert told(LONG[name], tmp_path) == "Google's answer is longer than 24 MB"
    assert peak() - before < 150_000_000


@pytest.mark.parametrize("name", SLOW)
def test_an_answer_that_does_not_end_is_left(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(google_answer, "MOST_SECONDS", 0.3)
    said = "your mailbox: no answer from Google (it took longer than 0.3 seconds)"
    assert said in told(SLOW[name], tmp_path)
    # That this line is reached is the proof: left alone, these answer for days.


@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_that_is_none_is_told(name: str, tmp_path: Path):
    assert "your mailbox: " in told(BROKEN[name], tmp_path)


def test_a_long_answer_in_its_time_is_read(tmp_path: Path):
    text = json.dumps({"emailAddress": "a" * 20_000_000, "historyId": "1"}).encode()
    with serving(whole(b"Content-Encoding: gzip\r\n", gzip.compress(text))) as url:
        google = google_at(url, tmp_path)
        found = google.call(google.gmail.getProfile(userId="me"), "x", cost="profile")
        assert len(found["emailAddress"]) == 20_000_000
        google.close()


@pytest.mark.parametrize("name", ["a compressed bomb", "without an end"])
def test_where_tokens_come_from_it_is_the_same(name: str, tmp_path: Path):
    """The renewal, and the end, of a sign-in."""
    with serving(LONG[name]) as url:
        sign_in = {"refresh_token": "r", "client_id": "c", "client_secret": "s"}
        google = google_at(url, tmp_path)
        (tmp_path / "t").write_text(json.dumps({**sign_in, "token_uri": f"{url}/token"}))
        with pytest.raises(Unavailable, match="signing in at Google"):
            google.call(google.gmail.getProfile(userId="me"), "your mailbox", cost="profile")
        google.close()
        with pytest.raises(Unavailable, match="revoking: no answer from Google"):
            revoke(SignIn(refresh_token="r"), endpoint=url)


# --- JSON, but not as it is documented ----------------------------------------------------------

EVENT = {"id": "1", "start": {"dateTime": "2026-03-02T09:00:00Z"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"attendees": {"email": "x"}}, {"attendees": ["x"]}, {"attendees": None},
        {"organizer": ["x"]}, {"sequence": "x"}, {"sequence": 1e999},
    ],
    ids=str,
)  # fmt: skip
def test_an_event_of_another_form_is_refused_alone(wrong: dict[str, object]):
    with pytest.raises(Refused, match="event 1: Google's answer is not of the form"):
        gcal_events.read({**EVENT, **wrong}, zone=UTC)


@pytest.mark.parametrize("own", [None, [], "x", {"private": ["x"]}], ids=str)
def test_properties_of_another_form_are_none_of_ours(own: object):
    assert gcal_events.mark_of({**EVENT, "extendedProperties": own}) == (None, None)
    assert not gcal_events.is_notice({**EVENT, "extendedProperties": own})
    assert gcal_events.read({**EVENT, "extendedProperties": own}, zone=UTC).key is None


@pytest.mark.parametrize(
    "payload", [{"parts": {"0": 1}}, {"headers": "x"}, {"body": []}, {"parts": ["x"]}], ids=str
)
def test_a_message_of_another_form_is_refused_alone(payload: dict[str, object]):
    with pytest.raises(Refused, match="a long message: Google's answer is not of the form"):
        rebuilt(payload, lambda _: b"")


def test_a_message_of_a_million_parts_is_read_from_its_beginning():
    first = {"mimeType": "text/plain", "body": {"data": "aGVsbG8="}}
    raw = rebuilt({"mimeType": "multipart/mixed", "parts": [first, *[{}] * 1_000_000]}, str.encode)
    assert b"hello" in raw
    assert raw.count(b"8bit") < 3_000
