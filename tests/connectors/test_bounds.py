"""No mail takes long: what is absurd is cut, with a note."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.connectors.mails import HEAD, ZONE, mail
from tests.yardstick import pieces
from vouchd.connectors import ical
from vouchd.connectors.base import Refused
from vouchd.connectors.ical_blocks import MOST_LINES
from vouchd.connectors.mime import parse
from vouchd.connectors.parts import MOST_TEXT
from vouchd.rules.model import Message

#: Pieces of work (tests/yardstick.py). The dearest of these takes about ten; a quadratic step takes
#: tens of thousands.
MOST = 150
CALENDAR = "Content-Type: text/calendar"
EVENT = b"BEGIN:VEVENT\nDTSTART:20260101T000000Z\nSUMMARY:x\n"


def html(body: bytes) -> bytes:
    return mail(body, "Content-Type: text/html")


def field(name: str, value: str) -> bytes:
    return f"{name}: {value}\n".encode() + HEAD.encode() + b"\nhi\n"


def nested(count: int, kind: str) -> bytes:
    data = HEAD
    for number in range(count):
        data += (
            f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n'
            if kind == "multipart"
            else f"Content-Type: message/rfc822\n\n{HEAD}"
        )
    return data.encode() + b"\n\nhi"


MIXED = 'Content-Type: multipart/mixed; boundary="b"'

BOMBS: dict[str, Callable[[], bytes]] = {
    "one line of 25 MB": lambda: mail(b"x" * 25_000_000),
    "25 MB of lines": lambda: mail(b"hello there, all of you\n" * 1_000_000),
    "25 MB of base64": lambda: mail(
        base64.encodebytes(b"word " * 3_700_000), "Content-Transfer-Encoding: base64"
    ),
    "an attachment of 25 MB": lambda: mail(
        b"--b\n\nhi\n--b\nContent-Type: application/pdf; name=a.pdf\n"
        b"Content-Transfer-Encoding: base64\n\n" + b"QUJD" * 6_000_000 + b"\n--b--\n",
        MIXED,
    ),
    "10,000 parts": lambda: mail(b"--b\nContent-Type: text/plain\n\nhi\n" * 10_000, MIXED),
    "lines like boundaries": lambda: mail(b"--bb\n" * 2_000_000, MIXED),
    "parts in parts": lambda: nested(1000, "multipart"),
    "mails in mails": lambda: nested(1000, "rfc822"),
    "the same boundary": lambda: mail(f"--b\n{MIXED}\n\n".encode() * 50_000, MIXED),
    "25 MB of HTML": lambda: html(b"<p>hello <b>you</b></p>" * 1_000_000),
    "elements in elements": lambda: html(b"<div>" * 300_000 + b"hi"),
    "quotes in quotes": lambda: html(b"<blockquote>a " * 100_000),
    "tables in tables": lambda: html(b"<table><tr><td>" * 100_000),
    "links never closed": lambda: html(b"<a href=https://x.example/>a" * 50_000),
    "angles": lambda: html(b"<" * 1_000_000),
    "comments never closed": lambda: html(b"<!--" * 300_000),
    "line breaks": lambda: html(b"<br>" * 300_000),
    "one long style": lambda: html(b'<p style="' + b"font-size:0 " * 100_000 + b'">x'),
    "quoted history": lambda: mail(b"\n".join(b">" * n + b" hi" for n in range(4000))),
    "flowing lines": lambda: mail(
        b"hello \n" * 2_000_000, "Content-Type: text/plain; format=flowed"
    ),
    "encoded words": lambda: field("Comments", "x") + field("Subject", "=?utf-8?q?a?= " * 500_000),
    "a million fields": lambda: b"X-A: b\n" * 1_000_000 + mail("hi"),
    "one folded field": lambda: b"X-A: b\n" + b" c\n" * 3_000_000 + mail("hi"),
    "addressees": lambda: field("Cc", ", ".join(f"a{n}@x.example" for n in range(300_000))),
    "quotes never closed": lambda: field("Cc", '"\\' * 200_000),
    "comments in an address": lambda: field("Cc", "(" * 400_000),
    "parameters": lambda: field("Content-Type", "text/plain" + '; a="' * 200_000),
    "references": lambda: field("References", "<a@b> " * 400_000),
    "an authentication": lambda: field("Authentication-Results", "(" * 400_000),
    "a slow charset": lambda: mail(
        b"abc-" * 500_000 + b"\xff", "Content-Type: text/plain; charset=punycode"
    ),
    "20,000 events": lambda: mail(
        b"BEGIN:VCALENDAR\n" + (EVENT + b"END:VEVENT\n") * 20_000, CALENDAR
    ),
    "events never closed": lambda: mail(b"BEGIN:VEVENT\n" * 100_000, CALENDAR),
    "attendees": lambda: mail(
        b"BEGIN:VCALENDAR\n" + EVENT + b"ATTENDEE;CN=a:mailto:a@b.example\n" * 50_000, CALENDAR
    ),
    "a long description": lambda: mail(
        b"BEGIN:VCALENDAR\n" + EVENT + b"DESCRIPTION:" + b"<br>\\," * 250_000, CALENDAR
    ),
    "NUL bytes": lambda: b"\0" * 25_000_000,
    "empty lines": lambda: b"\n" * 25_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_mail_takes_long(name: str):
    raw = BOMBS[name]()
    read: list[Message] = []

    def reading() -> None:
        with suppress(Refused):
            read.append(parse(raw, zone=ZONE))

    assert pieces(reading) < MOST
    for message in read:
        assert len(message.text) <= MOST_TEXT
        assert len(message.to) <= 1000
        assert len(message.invites) <= 2000


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("25 MB of lines", "was longer than 200000 characters; the rest was not read"),
        ("10,000 parts", "has more than 2000 parts; the others were not read"),
        ("parts in parts", "parts nested deeper than 25 levels were not read"),
        ("mails in mails", "messages nested deeper than 25 levels were not read"),
    ],
)
def test_what_was_cut_is_noted(name: str, note: str):
    assert note in parse(BOMBS[name](), zone=ZONE).notes


def test_a_mail_longer_than_any_server_takes_is_read_from_its_beginning():
    message = parse(mail(b"hello\n" * 7_000_000), zone=ZONE)
    assert message.text.startswith("hello\n")
    assert "was longer than 40 MB; the rest was not read" in message.notes


def test_an_event_has_no_more_lines_than_are_read():
    """A hundred thousand guests: the first of them are read."""
    guests = b"ATTENDEE:mailto:a@elsewhere.example\n" * 100_000
    raw = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:20260401T090000Z\nSUMMARY:Talk\n"
        + guests
        + b"END:VEVENT\nEND:VCALENDAR\n"
    )
    (event,) = ical.parse(raw, zone=ZONE, most=1).events
    assert 0 < len(event.attendees) <= MOST_LINES <= 2_000
