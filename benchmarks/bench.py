"""Speed and memory: `make bench` (or `python -m benchmarks.bench NAME…` for some of it).

    read     bytes to signals against the `email` package's own parsing and decoding (compat32)
    idle     a round that finds nothing in a Maildir of 200,000 messages against listing it
    growth   rounds over 1,000 to 100,000 messages: time per message and peak memory
    start    `vouchd --help` and the time to ready against `python -c pass`
    memory   what the daemon holds between two rounds, and after a day of them

Every figure is a ratio to a yardstick measured in the same run, on the same input.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from hashlib import sha512
from html import escape
from pathlib import Path
from pydoc_data.topics import topics
from random import Random
from zoneinfo import ZoneInfo

from benchmarks import service
from vouchd.config.data import shipped
from vouchd.connectors.mime import parse
from vouchd.rules.model import Me
from vouchd.rules.reading.detect import Book, read_message
from vouchd.rules.reading.lexicon import compile as compile_lexicon

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
ROUNDS = 3
CONFIG = """
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"

[mail]
source = "maildir"
path = "../mail"

[calendar]
source = "folder"
path = "../calendar"

[state]
path = "../state"
"""


def main() -> int:
    """Run what was asked for, else everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="default: all")
    for name in parser.parse_args().names or PARTS:
        print(f"\n{name}")
        for line in PARTS[name]():
            print(f"  {line}", flush=True)
    return 0


# --- read ---------------------------------------------------------------------------------------


def read() -> Iterator[str]:
    """Bytes to signals for 10,000 messages."""
    book = Book(
        me=Me(name="Sam Rivera", emails=("sam@example.org",), zone=ZoneInfo("Europe/Berlin")),
        people=(),
        stated=(),
        lexicon=compile_lexicon(shipped()),
    )

    def spent(messages: list[bytes]) -> tuple[float, float]:
        def ours() -> None:
            for raw in messages:
                read_message(parse(raw, me=book.me.emails, zone=book.me.zone), book)

        def theirs() -> None:
            for raw in messages:
                decode(raw)

        return paired(ours, theirs)

    messages = list(mailbox(10_000))
    mine, yardstick = spent(messages)
    size = sum(map(len, messages)) / 1e6
    yield f"{len(messages)} messages, {size:.0f} MB, {len(set(messages))} of them different"
    yield f"email package, parse and decode: {yardstick:.2f} s"
    ratio = mine / yardstick
    yield f"bytes to signals:                {mine:.2f} s, {ratio:.2f} times that (at most 4)"
    about = [trace(n) + drop_id(p.read_bytes()) for n, p in enumerate(CORPUS.rglob("*.eml"))]
    mine, theirs = spent(about)
    yield f"mail about hiring alone:         {mine / theirs:.2f} times the same mail's"
    yield from notmuch(messages, yardstick)


def decode(raw: bytes) -> int:
    """What the yardstick does: parse, decode every leaf, and the headers that we decode too."""
    message = message_from_bytes(raw, policy=policy.compat32)
    size = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True) or b""
        if part.get_content_maintype() == "text" and isinstance(payload, bytes):
            charset = part.get_content_charset() or "utf-8"
            try:
                size += len(payload.decode(charset, "replace"))
            except LookupError:
                size += len(payload.decode("latin-1"))
    for name in ("From", "Reply-To", "To", "Cc", "Subject"):
        for value in message.get_all(name, ()):
            try:
                size += len(str(make_header(decode_header(value))))
            except (LookupError, UnicodeError):
                size += len(str(value))
    return size


def notmuch(messages: list[bytes], yardstick: float) -> Iterator[str]:
    """Show what notmuch needs to index the same mail, where it is installed."""
    if shutil.which("notmuch") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        mail = Path(folder) / "mail"
        fill(mail, messages)
        config = Path(folder) / "notmuch-config"
        config.write_text(f"[database]\npath={mail}\n[user]\nname=S\nprimary_email=s@x.example\n")
        environment = os.environ | {"NOTMUCH_CONFIG": str(config)}
        begin = time.perf_counter()
        subprocess.run(["notmuch", "new", "--quiet"], env=environment, check=True)
        spent = time.perf_counter() - begin
    yield f"notmuch new on the same mail:    {spent:.2f} s, {spent / yardstick:.2f} times that"


# --- idle and growth ----------------------------------------------------------------------------


def idle(size: int = 200_000) -> Iterator[str]:
    """A round that finds nothing."""
    with tempfile.TemporaryDirectory() as folder:
        home = lay_out(Path(folder), size)
        first = once(home)
        again = min((once(home) for _ in range(ROUNDS)), key=lambda run: run["seconds"])
        listing = min(listed(home / "mail") for _ in range(ROUNDS))
        empty = lay_out(Path(folder) / "empty", 0)
        once(empty)
        bare = min((once(empty) for _ in range(ROUNDS)), key=lambda run: run["seconds"])
    yield f"first look at {size} messages: {first['seconds']:.1f} s, {first['mb']:.0f} MB at most"
    yield f"listing the Maildir:            {listing:.2f} s"
    yield f"a round over an empty mailbox:  {bare['seconds']:.2f} s"
    yield (
        f"a round that finds nothing:     {again['seconds']:.2f} s, "
        f"{again['seconds'] / bare['seconds']:.2f} times the empty one, {again['mb']:.0f} MB"
    )


def growth() -> Iterator[str]:
    """Time per message and peak memory while the mailbox grows."""
    per_message: list[float] = []
    for size in (1_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            run = once(lay_out(Path(folder), size))
        per_message.append(run["seconds"] / size)
        yield (
            f"{size:>7} messages: {run['seconds']:7.1f} s, {1000 * per_message[-1]:.2f} ms each "
            f"({per_message[-1] / per_message[0]:.2f} times the first), {run['mb']:.0f} MB at most"
        )


def lay_out(folder: Path, size: int) -> Path:
    """Make a configuration and a Maildir of a size."""
    (folder / "config").mkdir(parents=True)
    (folder / "calendar").mkdir()
    (folder / "config" / "config.toml").write_text(CONFIG)
    (folder / "config" / "references.toml").write_text("")
    fill(folder / "mail", mailbox(size))
    return folder


def fill(mail: Path, messages: Iterator[bytes] | list[bytes]) -> None:
    """Deliver messages into a Maildir."""
    for name in ("cur", "new", "tmp"):
        (mail / name).mkdir(parents=True)
    for number, raw in enumerate(messages):
        (mail / "cur" / f"{1_700_000_000 + number}.{number}.bench:2,S").write_bytes(raw)


def once(home: Path) -> dict[str, float]:
    """Do `vouchd once` as a process of its own; return its seconds and its peak memory."""
    command = [sys.executable, "-m", "vouchd.daemon.cli", "once", "--config", str(home / "config")]
    code = (
        "import json, resource, subprocess, sys, time\n"
        "begin = time.perf_counter()\n"
        f"done = subprocess.run({command!r}, stdout=subprocess.DEVNULL)\n"
        "spent = time.perf_counter() - begin\n"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024\n"
        "print(json.dumps({'seconds': spent, 'mb': peak, 'status': done.returncode}))\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    run: dict[str, float] = json.loads(printed.stdout)
    if run["status"] != 0:
        raise SystemExit(f"vouchd once failed: {printed.stderr}")
    return run


def listed(mail: Path) -> float:
    """Return how long listing every file takes."""
    begin = time.perf_counter()
    for _, _, names in os.walk(mail):
        len(names)
    return time.perf_counter() - begin


# --- common -------------------------------------------------------------------------------------


#: of a hundred messages: about hiring, nearly about it, and written to everybody
HIRING, NEAR, LIST, LETTER = 5, 10, 45, 40


def mailbox(size: int) -> Iterator[bytes]:
    """Yield a mailbox as job seekers have them, each message with an identity of its own.

    Five in a hundred are about hiring and ten use its words for something else: the corpus in
    every language, over and over. The rest has nothing to do with it: plain mail of lists and
    HTML letters to everybody, their words taken from the manual that Python brings along. Each
    carries what a delivered mail carries: the trace, signature and authentication fields that
    four hops add (RFC 5321 section 4.4, RFC 6376, RFC 8617), about five kilobytes.
    """
    labelled = sorted(CORPUS.rglob("*.eml"))
    near = [drop_id(p.read_bytes()) for p in labelled if "noise" in p.parts]
    hiring = [drop_id(p.read_bytes()) for p in labelled if "noise" not in p.parts]
    prose = [text for _, text in sorted(topics.items()) if len(text) > 1_000]
    for number in range(size):
        chance = Random(number)
        kind = chance.randrange(100)
        if kind < HIRING:
            body = chance.choice(hiring)
        elif kind < HIRING + NEAR:
            body = chance.choice(near)
        else:
            body = ordinary(chance, prose, html=kind >= HIRING + NEAR + LIST)
        yield trace(number) + body


def ordinary(chance: Random, prose: list[str], *, html: bool) -> bytes:
    """Return a mail that has nothing to do with hiring: to a list, or a letter to everybody."""
    text = chance.choice(prose)
    begin = chance.randrange(max(1, len(text) - 1_000))
    words = text[begin : begin + int(chance.lognormvariate(7.6, 0.8))]
    subject = " ".join(words.split()[:7]).encode("ascii", "ignore").decode()
    message = EmailMessage()
    message["From"] = f"Robin Vale <robin{chance.randrange(500)}@lists.example.net>"
    message["To"] = "Sam Rivera <sam@example.org>" if html else "users@lists.example.net"
    message["Subject"] = subject
    message["Date"] = "Mon, 05 Oct 2026 09:00:00 +0000"
    message["List-Id"] = "<users.lists.example.net>"
    message.set_content(words)
    if html:
        cell = '<td style="padding:0 12px 8px 12px;font-family:Arial,sans-serif;color:#333333">'
        rows = "".join(
            f"<tr>{cell}{escape(line)}</td></tr>\n" for line in words.splitlines() if line.strip()
        )
        message.add_alternative(f"<html><body><table>{rows}</table></body></html>", subtype="html")
    return message.as_bytes()


_SIGNATURES = ("DKIM-Signature", "ARC-Message-Signature", "ARC-Seal", "X-Google-DKIM-Signature")


def trace(number: int) -> bytes:
    """Return the fields that delivery adds, with the identity of the message."""
    seal = sha512(b"%d" % number).hexdigest() * 3
    folded = "\n        ".join(seal[i : i + 66] for i in range(0, len(seal), 66))
    when = f"Mon, 05 Oct 2026 09:{number // 60 % 60:02d}:{number % 60:02d} +0000"
    hops = "".join(
        f"Received: from mx{hop}.relay.example (mx{hop}.relay.example [192.0.2.{hop}])\n"
        f"        by in{hop}.post.example with ESMTPS id {seal[hop : hop + 20]}\n"
        f"        for <sam@example.org>; {when}\n"
        for hop in range(4)
    )
    signed = "".join(
        f"{name}: a=rsa-sha256; c=relaxed/relaxed; d=relay.example; s=s1;\n"
        f"        h=from:to:subject:date:message-id:mime-version;\n        b={folded}\n"
        for name in (
            "DKIM-Signature",
            "ARC-Message-Signature",
            "ARC-Seal",
            "X-Google-DKIM-Signature",
        )
    )
    passed = "mx.post.example; dkim=pass; spf=pass; dmarc=pass (p=NONE) header.from=relay.example"
    return (
        f"Message-ID: <{number}@bench.example>\nDelivered-To: sam@example.org\n{hops}{signed}"
        f"ARC-Authentication-Results: i=1; {passed}\n"
    ).encode()


def drop_id(raw: bytes) -> bytes:
    """Return a message without its own Message-ID line."""
    head, mark, rest = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    kept = [line for line in lines if not line.lower().startswith(b"message-id:")]
    return b"\n".join(kept) + mark + rest


def timed(task: Callable[[], None], _: object = None) -> float:
    """Return how long a task takes."""
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def paired(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """Time two tasks in turns, so that both meet the same machine; return the best of each."""
    rows = [(timed(one), timed(other)) for _ in range(ROUNDS)]
    return min(a for a, _ in rows), min(b for _, b in rows)


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "read": read,
    "idle": idle,
    "growth": growth,
    "start": service.start,
    "memory": service.memory,
}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
