"""Mails and calendars that were made to harm: to take all time, all memory, or a parser's wits."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

HEAD = (
    "From: Mallory <mallory@elsewhere.example>\nTo: sam@example.org\nSubject: {name}\n"
    "Message-ID: <{name}@elsewhere.example>\nDate: Mon, 02 Mar 2026 09:00:00 +0000\n"
)
MIXED = 'Content-Type: multipart/mixed; boundary="b"\n'
CALENDAR = "Content-Type: text/calendar; method=REQUEST\n"
EVENT = b"BEGIN:VEVENT\nUID:x@elsewhere.example\nDTSTART:20260401T090000Z\nSUMMARY:Interview\n"
BASE64 = "Content-Transfer-Encoding: base64\n"


def mail(name: str, more: str, body: bytes) -> bytes:
    return (HEAD.format(name=name) + more).encode() + b"\n" + body


def calendar(*lines: bytes) -> bytes:
    return b"BEGIN:VCALENDAR\n" + EVENT + b"\n".join(lines) + b"\nEND:VEVENT\nEND:VCALENDAR\n"


def attached(kind: str, name: str, data: bytes) -> bytes:
    head = f"--b\n\nplease see the file\n--b\nContent-Type: {kind}; name={name}\n{BASE64}\n"
    return head.encode() + base64.encodebytes(data) + b"--b--\n"


def nested(name: str, count: int, kind: str) -> bytes:
    data = HEAD.format(name=name)
    for number in range(count):
        data += (
            f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n'
            if kind == "multipart"
            else f"Content-Type: message/rfc822\n\n{HEAD.format(name=name)}"
        )
    return data.encode() + b"\n\nhi"


#: A gigabyte of zeros in a megabyte, as a PDF's stream and a Word file's entry hold it.
DEFLATED = zlib.compress(b"\0" * 50_000_000, 9) * 20
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><html><body>&a11;</body></html>"
).encode()
RULES = (
    b"RRULE:FREQ=SECONDLY;COUNT=2147483647",
    b"RRULE:FREQ=SECONDLY;INTERVAL=1;BYSECOND=" + b",".join(b"%d" % (n % 60) for n in range(2000)),
    b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",  # never happens
    b"RRULE:FREQ=DAILY;UNTIL=99991231T235959Z",
    b"RDATE:" + b",".join(b"20260401T09%02d00Z" % (n % 60) for n in range(400)),
)

#: name -> mail; those of `NOTED` must leave a note, the others may be read to the end.
MAILS: dict[str, Callable[[str], bytes]] = {
    "million-characters": lambda n: mail(n, "", b"x" * 1_000_000),
    "line-of-25-mb": lambda n: mail(n, "", b"interview " * 2_500_000),
    "parts-10000": lambda n: mail(n, MIXED, b"--b\n\nhi\n" * 10_000),
    "parts-in-parts": lambda n: nested(n, 1000, "multipart"),
    "mails-in-mails": lambda n: nested(n, 1000, "rfc822"),
    "longer-than-mail": lambda n: mail(n, "", b"hello\n" * 7_000_000),
    "header-of-20-mb": lambda n: mail(n, "X-A: " + "b" * 20_000_000 + "\n", b"hi"),
    "a-million-fields": lambda n: mail(n, "X-A: b\n" * 1_000_000, b"hi"),
    "addressees": lambda n: mail(n, "Cc: " + ", ".join(["a@b.example"] * 200_000) + "\n", b"hi"),
    "pdf-bomb": lambda n: mail(
        n, MIXED, attached("application/pdf", "form.pdf", b"%PDF-1.7 " + DEFLATED)
    ),
    "docx-bomb": lambda n: mail(
        n, MIXED, attached("application/zip", "form.docx", b"PK\3\4" + DEFLATED)
    ),
    "gzip-as-text": lambda n: mail(
        n, f"Content-Type: text/plain\nContent-Encoding: gzip\n{BASE64}",
        base64.encodebytes(DEFLATED),
    ),
    "billion-laughs": lambda n: mail(n, "Content-Type: text/html\n", BILLION_LAUGHS),
    "html-nested": lambda n: mail(n, "Content-Type: text/html\n", b"<div>" * 500_000 + b"hi"),
    "html-angles": lambda n: mail(n, "Content-Type: text/html\n", b"<a<b" * 500_000),
    "rules": lambda n: mail(n, CALENDAR, b"".join(calendar(rule) for rule in RULES)),
    "events-20000": lambda n: mail(
        n, CALENDAR, b"BEGIN:VCALENDAR\n" + (EVENT + b"END:VEVENT\n") * 20_000
    ),
    "calendars-1000": lambda n: mail(
        n, MIXED, (b"--b\nContent-Type: text/calendar\n\n" + calendar()) * 1_000
    ),
    "encoded-words": lambda n: mail(n, "Comments: " + "=?utf-8?q?a?= " * 500_000 + "\n", b"hi"),
    # Words that patterns like to begin with, again and again.
    "almost-an-interview": lambda n: mail(n, "", b"would you be available for an " * 7_000),
    "almost-a-name": lambda n: mail(n, "", b"Dana Dana Cole-Dana " * 10_000),
    "almost-a-date": lambda n: mail(n, "", b"on 1 2 3 4 5 6 7 8 9 10 at 11 " * 6_000),
    "quotes-in-quotes": lambda n: mail(
        n, "", b"\n".join(b">" * (k % 4000) + b" hi" for k in range(8000))
    ),
    "almost-an-address": lambda n: mail(n, "", b"a@b." * 50_000),
    "brackets": lambda n: mail(n, "", b"([{" * 60_000),
    "nothing-but-nul": lambda n: mail(n, "", b"\0" * 25_000_000),
    "not-a-mail": lambda n: b"\x7fELF" + b"\0\1\2\3" * 1_000_000,
}  # fmt: skip
NOTED = frozenset(
    "line-of-25-mb parts-10000 parts-in-parts mails-in-mails longer-than-mail calendars-1000"
    " not-a-mail".split()
)

#: name -> calendar file
CALENDARS: dict[str, Callable[[], bytes]] = {
    "rules": lambda: b"".join(calendar(rule) for rule in RULES),
    "never-closed": lambda: b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 100_000,
    "one-line": lambda: calendar(b"DESCRIPTION:" + b"x" * 10_000_000),
    "folded": lambda: calendar(b"DESCRIPTION:" + b"x\n " * 2_000_000),
    "attendees": lambda: calendar(*[b"ATTENDEE;CN=a:mailto:a@b.example"] * 50_000),
    "alarms": lambda: calendar(*[b"BEGIN:VALARM\nTRIGGER:-PT1S\nEND:VALARM"] * 50_000),
    "html": lambda: calendar(b"DESCRIPTION:" + b"<div>" * 40_000),
    "far-away": lambda: calendar(b"DTEND:99991231T235959Z", b"DURATION:P99999999999D"),
    "zones": lambda: b"BEGIN:VCALENDAR\n" + b"BEGIN:VTIMEZONE\nTZID:X\nEND:VTIMEZONE\n" * 50_000,
    "not-a-calendar": lambda: b"\x7fELF" + b"\0\1\2\3" * 100_000,
}
