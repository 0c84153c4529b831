"""What the user wants forgotten, kept as prints that nobody can read back, so that it stays so.

A print is a keyed hash with a salt of this state file. Whatever is read is held against the prints
before it is stored; forgetting holds everything that is stored against them once.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from vouchd.daemon.codec import decode, encode
from vouchd.rules.forget import Forgotten, left_of
from vouchd.rules.model import Reading

SOURCE, HUSHED, THREAD, COMPANY = "source", "hushed", "thread", "company"
ADDRESS, NAME, KEY = "address", "name", "key"

_STRUCK = "…"
_WORD = re.compile(r"[^\s,;:!?()<>\[\]\"“”„«»]+")
_LONGEST_NAME = 5  #: words

Item = tuple[str, str]  #: kind and text


@dataclass(frozen=True, slots=True)
class Prints:
    """The prints of a state file."""

    salt: bytes
    known: dict[tuple[str, str], datetime]

    def of(self, kind: str, text: str) -> str:
        """Return the print of a text, whatever its letter case and spaces."""
        plain = " ".join(text.casefold().split())
        return blake2b(f"{kind}\0{plain}".encode("utf-8", "replace"), key=self.salt).hexdigest()[
            :32
        ]

    def before(self, kind: str, text: str) -> datetime | None:
        """Return when it was forgotten; None: it was not."""
        return self.known.get((kind, self.of(kind, text)))

    def has(self, kind: str, text: str) -> bool:
        """Whether it is forgotten."""
        return self.before(kind, text) is not None

    def without_names(self, text: str) -> str:
        """Return the text with forgotten names and addresses struck out."""
        spans = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        out, at, first = [], 0, 0
        while first < len(spans):
            for last in range(min(first + _LONGEST_NAME, len(spans)) - 1, first - 1, -1):
                start, end = spans[first][0], spans[last][1]
                bare = text[start:end].rstrip(".'’")
                bare = re.sub(r"['’]s$", "", bare)
                if self.has(NAME, bare) or (first == last and self.has(ADDRESS, bare)):
                    out += [text[at:start], _STRUCK]
                    at = start + len(bare)
                    first = last
                    break
            first += 1
        return "".join((*out, text[at:]))

    def forgotten(self) -> Forgotten:
        """Return them as the rules look at them."""
        return Forgotten(
            source=lambda text: self.has(SOURCE, text),
            hushed=lambda text: self.has(HUSHED, text),
            key=lambda text: self.has(KEY, text),
            address=lambda text: self.has(ADDRESS, text),
            name=lambda text: self.has(NAME, text),
            words=self.without_names,
            before=self.before,
        )


def prints(db: sqlite3.Connection) -> Prints | None:
    """Return the prints of a state file, None where nothing was ever forgotten."""
    row = db.execute("SELECT value FROM meta WHERE name = 'salt'").fetchone()
    if row is None:
        return None
    rows = db.execute("SELECT kind, print, at FROM forgotten")
    known = {(kind, print_): datetime.fromisoformat(at) for kind, print_, at in rows}
    return Prints(bytes.fromhex(row[0]), known) if known else None


def kept(db: sqlite3.Connection, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return what may be stored of these facts."""
    found = prints(db)
    if found is None:
        return readings
    gone = found.forgotten()
    return tuple(left for reading in readings if (left := left_of(reading, gone)) is not None)


def welcome(db: sqlite3.Connection, items: Iterable[Item]) -> None:
    """Whoever the user names again is known again, from what is read from now on."""
    found = prints(db)
    if found is None:
        return
    for kind, text in items:
        db.execute(
            "DELETE FROM forgotten WHERE kind = ? AND print = ?", (kind, found.of(kind, text))
        )


@dataclass(frozen=True, slots=True)
class Struck:
    """What forgetting did to the facts."""

    removed: int
    changed: int


def forget(db: sqlite3.Connection, items: Iterable[Item], at: datetime) -> Struck:
    """Note what is forgotten and take it out of everything stored; inside a transaction.

    Facts of it go, receipts and answers too, and every note, warning or parked item that names it.
    """
    items = tuple(items)
    db.execute("INSERT OR IGNORE INTO meta VALUES ('salt', ?)", (secrets.token_hex(16),))
    salt = bytes.fromhex(db.execute("SELECT value FROM meta WHERE name = 'salt'").fetchone()[0])
    hashing = Prints(salt, {})
    db.executemany(
        "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?)",
        [(kind, hashing.of(kind, text), at.isoformat()) for kind, text in items],
    )
    found = prints(db)
    assert found is not None
    struck = _from_readings(db, found)
    _from_the_rest(db, found, items)
    return struck


def _from_readings(db: sqlite3.Connection, found: Prints) -> Struck:
    gone = found.forgotten()
    removed = changed = 0
    for id_, body in db.execute("SELECT id, body FROM readings").fetchall():
        reading = decode(body)
        left = left_of(reading, gone)
        if left is None:
            db.execute("DELETE FROM readings WHERE id = ?", (id_,))
            # What was said by hand, or learnt from an edit, is its own bookmark.
            db.execute("DELETE FROM cursors WHERE value = ?", (reading.source,))
            removed += 1
            # Its message is not read again either, whoever is named anew.
            db.execute(
                "INSERT OR IGNORE INTO forgotten SELECT ?, ?, max(at) FROM forgotten",
                (SOURCE, found.of(SOURCE, reading.source)),
            )
        elif left != reading:
            db.execute("UPDATE readings SET body = ? WHERE id = ?", (encode(left), id_))
            changed += 1
    return Struck(removed, changed)


def _from_the_rest(db: sqlite3.Connection, found: Prints, items: tuple[Item, ...]) -> None:
    texts = [text.casefold() for _, text in items if len(text) > 2]

    def names_it(*values: str) -> bool:
        folded = "\n".join(values).casefold()
        return any(text in folded for text in texts)

    for table in ("receipts", "intents", "answers"):
        for (key,) in db.execute(f"SELECT DISTINCT key FROM {table}").fetchall():
            # An answer to a question is kept under the message it is about: `<id>#kind`; a word
            # given by a label under its conversation: `label:yes:thread`.
            about, thread = key.rpartition("#")[0], key.split(":", 2)[-1]
            if found.has(KEY, key) or found.has(SOURCE, about) or found.has(THREAD, thread):
                db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))
    for name, source, reason in db.execute("SELECT name, source, reason FROM parked").fetchall():
        if found.has(SOURCE, source) or names_it(source, reason):
            db.execute("DELETE FROM parked WHERE name = ? AND source = ?", (name, source))
    for id_, body in db.execute("SELECT id, body FROM rounds").fetchall():
        fields = json.loads(body)
        words = [word for word in fields.get("words", ()) if not names_it(word)]
        if words != fields.get("words", []):
            text = json.dumps({**fields, "words": words})
            db.execute("UPDATE rounds SET body = ? WHERE id = ?", (text, id_))
    notes = db.execute("SELECT name, value FROM meta WHERE name LIKE 'note:%'").fetchall()
    for name, value in notes:
        if names_it(value):
            db.execute("DELETE FROM meta WHERE name = ?", (name,))
