"""What reads strangers' bytes, as targets: any bytes go in, nothing comes out but broken promises.

Hypothesis drives them for a short run with the tests, Atheris for a long one (`make fuzz`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from vouchd.config.data import load_data
from vouchd.config.load import ConfigError, load
from vouchd.connectors import ical, ical_ours, markup, mime, vcard
from vouchd.connectors.base import ConnectorError, Refused
from vouchd.connectors.gcal_events import read as read_google_event
from vouchd.connectors.gmail_payload import rebuilt
from vouchd.connectors.google_failures import error_of, failure_of
from vouchd.connectors.parts import MOST_TEXT
from vouchd.daemon.codec import CodecError, decode, encode
from vouchd.daemon.render import one_line
from vouchd.rules.model import Reading, Stated
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, read_event, read_message

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CONFIG = """\
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "maildir"
path = "mail"
[calendar]
source = "folder"
path = "calendar"
"""
DANA = '[[reference]]\nname = "Dana Cole"\nemails = ["dana.cole@initech.example"]\n'


@lru_cache(maxsize=1)
def book() -> Book:
    """Return the rules made ready, for one user with one reference and one application."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text(CONFIG)
        (folder / "references.toml").write_text(DANA)
        config = load(folder, {"HOME": name})
    stated = (Stated(company="Acme Robotics", domains=("acme-robotics.example",)),)
    return Book(config.me, config.references, stated, lexicon.compile(load_data(config)))


def stored(reading: Reading) -> None:
    """Hold a reading to what the state file does with it."""
    text = encode(reading)
    text.encode("ascii")
    assert decode(text) == reading, "a reading is not read back as it was"


def mail(data: bytes) -> None:
    """A mail, from bytes to what the rules make of it."""
    try:
        message = mime.parse(data, me=("sam@example.org",), zone=UTC)
    except Refused as error:
        if "could not be read" in str(error):
            raise AssertionError(str(error)) from error
        return
    assert len(message.text) <= MOST_TEXT
    for line in (message.subject, message.sender.name, message.sender.email, message.id):
        assert "\n" not in line, "a line end"
        assert "\r" not in line, "a line end"
    assert message == mime.parse(data, me=("sam@example.org",), zone=UTC), "not the same twice"
    one_line(message.subject)
    stored(read_message(message, book()))


def html(data: bytes) -> None:
    """HTML, to the words that are seen."""
    text = markup.to_text(data.decode("utf-8", "replace"))
    assert "\x00" not in text
    text.encode("utf-8", "surrogatepass")


def calendar(data: bytes) -> None:
    """A calendar file, to what the rules make of its events."""
    found = ical.parse(data, zone=UTC, most=50)
    for event in found.events:
        assert event.end >= event.start
        stored(read_event(event, book()))
    with suppress(Refused):
        ical_ours.marked(data, zone=UTC)


def contacts(data: bytes) -> None:
    """An address book."""
    with suppress(Refused):
        vcard.read(data)


def configuration(data: bytes) -> None:
    """The user's three files, each with the same bytes: a sentence or a configuration."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("config.toml", "references.toml", "applications.toml"):
            (folder / file).write_text(CONFIG if file == "config.toml" else "")
        for file in ("config.toml", "references.toml", "applications.toml"):
            before = (folder / file).read_bytes()
            (folder / file).write_bytes(data if file != "config.toml" else before + b"\n" + data)
            try:
                load(folder, {"HOME": name})
            except ConfigError as error:
                if not error.problems or not all(map(str, error.problems)):
                    raise AssertionError("an error that says nothing") from error
            (folder / file).write_bytes(before)


def answer(data: bytes) -> None:
    """What a server says: an error of any form, an event, and what was kept of it."""
    for status in (400, 401, 403, 404, 429, 500):
        headers = {"retry-after": data[:20].decode("latin-1")}
        failure = failure_of(status, headers, data, now=NOW)
        assert str(error_of(failure, "asking"))
    with suppress(CodecError):
        decode(data.decode("utf-8", "replace"))
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(fields, dict):
        with suppress(ConnectorError):
            stored(read_event(read_google_event(fields, zone=UTC), book()))


def message(data: bytes) -> None:
    """A message as Gmail's JSON has it, to what the rules make of the mail in it."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(fields, dict):
        with suppress(ConnectorError):
            mail(rebuilt(fields, lambda _: data))


def attachment(data: bytes) -> None:
    """Bytes of a PDF, a Word file or an archive, in a mail: as if they were none."""
    assert opened(data) == opened(b""), "an attachment was read"


def opened(data: bytes) -> object:
    import base64

    head = (
        b"From: jo@acme-robotics.example\nTo: sam@example.org\nSubject: The form\n"
        b"Message-ID: <1@acme-robotics.example>\nDate: Mon, 2 Mar 2026 09:00:00 +0000\n"
        b'Content-Type: multipart/mixed; boundary="=_b"\n\n--=_b\n\nPlease fill in the form.\n'
    )
    kinds = ("application/pdf", "application/zip", "application/octet-stream",
             "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
             "application/gzip", "image/svg+xml", "application/xml")  # fmt: skip
    parts = b"".join(
        f"--=_b\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment; filename=form{number}.pdf\n\n".encode()
        + base64.encodebytes(data)
        for number, kind in enumerate(kinds)
    )
    return mime.parse(head + parts + b"--=_b--\n", me=("sam@example.org",), zone=UTC)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "mail": mail,
    "html": html,
    "calendar": calendar,
    "contacts": contacts,
    "configuration": configuration,
    "answer": answer,
    "message": message,
    "attachment": attachment,
}
FOLDER = Path(__file__).parent / "corpus"


def corpus(name: str) -> tuple[bytes, ...]:
    """Return what a target begins with: each file of its folder."""
    return tuple(path.read_bytes() for path in sorted((FOLDER / name).glob("*")))


if __name__ == "__main__":  # one input by hand: python -m tests.fuzz.readers mail FILE
    TARGETS[sys.argv[1]](Path(sys.argv[2]).read_bytes())
