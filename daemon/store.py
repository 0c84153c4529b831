"""What vouchd remembers: facts, cursors, receipts and answers, each change one transaction."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vouchd.connectors.base import Parked, Word
from vouchd.connectors.prints import print_of, print_of_uid
from vouchd.daemon import forgotten
from vouchd.daemon.codec import CodecError, decode, encode
from vouchd.daemon.database import Database
from vouchd.daemon.soundness import flaw
from vouchd.daemon.statefile import Damaged, StoreError
from vouchd.rules.model import Part, Reading, Receipt, State

__all__ = ["Answer", "Round", "SetAside", "Store", "StoreError"]

NOTHING = ""  #: the print of an intent to leave nothing in that place
_LABEL = "label:"
_ROUNDS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SetAside:
    """An item that could not be read, and how often that was tried."""

    name: str  #: of the cursor it came with
    source: str
    reason: str
    at: datetime  #: when it was last tried
    times: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The user's word on a question."""

    key: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """One look at the mailbox and the calendar that was made."""

    at: datetime
    good: bool
    counts: Mapping[str, int]
    words: tuple[str, ...] = ()  #: warnings and errors, as they were shown
    login: str = ""  #: why the user has to sign in again


class Store(Database):
    """The state of one user. Every method may raise StoreError; nothing is half written."""

    # --- what was said ------------------------------------------------------------------

    def cursor(self, name: str) -> str | None:
        """Return how far the source of this name was read; None: not at all."""
        row = self.one("SELECT value FROM cursors WHERE name = ?", name)
        return row[0] if row else None

    def remember(
        self,
        readings: Iterable[Reading],
        *,
        parked: Iterable[Parked] = (),
        gone: Iterable[str] = (),
        cursor_name: str,
        cursor: str,
        at: datetime,
    ) -> int:
        """Store facts and the cursor that stands for them in one transaction.

        A message that is already known changes nothing. A newer version of an event replaces the
        older. An event of `gone` that has not begun at `at` is a fact no longer; one that has
        taken place stays. What the user wants forgotten is not stored. Returns how many facts are
        new or changed.
        """
        moment = _text(at)
        # What feeds these may read a disk: its errors are not those of the state.
        readings, parked, gone = tuple(readings), tuple(parked), tuple(gone)
        with self.transaction() as db:
            readings = forgotten.kept(db, readings)
            before = db.total_changes
            if gone:
                _gone(db, gone, moment)
            for reading in readings:
                _insert(db, reading)
            changed = db.total_changes - before
            for item in parked:
                db.execute(
                    """INSERT INTO parked VALUES (?1, ?2, ?3, ?4, ?4, 1)
                       ON CONFLICT DO UPDATE SET reason = ?3, last_at = ?4, times = times + 1""",
                    (cursor_name, _clean(item.source), _clean(item.reason), moment),
                )
            # An equal cursor is not written again: that of a large Maildir has megabytes.
            db.execute(
                """INSERT INTO cursors VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
                   SET value = ?2, at = ?3 WHERE value <> ?2""",
                (cursor_name, cursor, moment),
            )
        return changed

    def readings(self) -> Iterator[Reading]:
        """Yield all facts that stand, oldest first; those of one moment in the order they came."""
        return self._decoded(lambda body: True)

    def telling(self) -> Iterator[Reading]:
        """Yield the facts that say something: a signal, an act, a person, a draft of ours sent."""
        return self._decoded(_tells)

    def passing(self, words: frozenset[str]) -> Iterator[Reading]:
        """Yield, of all other facts, those that hold one of these: a thread, an address.

        A mailbox is full of mail that says nothing; of most of it not even the record is read.
        """
        written = frozenset(json.dumps(word)[1:-1] for word in words)
        return self._decoded(
            lambda body: not _tells(body) and not written.isdisjoint(_STRINGS.findall(body))
        )

    def _decoded(self, wanted: Callable[[str], bool]) -> Iterator[Reading]:
        for source, body in self.each(
            "SELECT source, body FROM readings WHERE gone_at IS NULL ORDER BY at, id"
        ):
            if not wanted(body):
                continue
            try:
                yield decode(body)
            except CodecError as error:
                kind = Damaged if flaw(self._db) else StoreError
                raise kind(f"{self.path}: what is kept of {source} is {error}") from None

    def prints(self) -> forgotten.Prints | None:
        """Return the prints of what is forgotten; None: nothing ever was."""
        return forgotten.prints(self._db)

    def forgets(self) -> Callable[[str], bool]:
        """Return the question whether a follow-up of that key is forgotten."""
        found = self.prints()
        return lambda key: found is not None and found.has(forgotten.KEY, key)

    def welcome(self, names: Iterable[str], emails: Iterable[str]) -> None:
        """Know people again that the user names anew; what was forgotten of them stays so."""
        with self.transaction() as db:
            forgotten.welcome(
                db,
                [
                    *((forgotten.NAME, name) for name in names),
                    *((forgotten.ADDRESS, email) for email in emails),
                ],
            )

    def parked(self) -> tuple[SetAside, ...]:
        """Return what could not be read, newest first."""
        rows = self.all(
            "SELECT name, source, reason, last_at, times FROM parked ORDER BY last_at DESC, source"
        )
        return tuple(SetAside(n, s, r, _moment(at), times) for n, s, r, at, times in rows)

    # --- what was written ---------------------------------------------------------------

    def receipts(self) -> tuple[Receipt, ...]:
        """Return what was written, open and closed, oldest first."""
        rows = self.all(
            "SELECT key, part, handle, print, at, state FROM receipts ORDER BY at, key, part"
        )
        return tuple(
            Receipt(
                key=key, part=Part(part), handle=handle, print=print_, at=_moment(at),
                state=State(state),
            )
            for key, part, handle, print_, at, state in rows
        )  # fmt: skip

    def intend(self, key: str, part: Part, print_: str, at: datetime) -> None:
        """Note durably that something is about to be written, or (NOTHING) to be taken back."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO intents VALUES (?, ?, ?, ?)",
                (key, part.value, print_, _text(at)),
            )

    def intents(self) -> Mapping[tuple[str, Part], str]:
        """Return what was about to be written and has no receipt yet: key and part -> print."""
        rows = self.all("SELECT key, part, print FROM intents ORDER BY at")
        return {(key, Part(part)): print_ for key, part, print_ in rows}

    def drop_intent(self, key: str, part: Part) -> None:
        """Forget an intent: it was not written, and it is known that it was not."""
        with self.transaction() as db:
            db.execute("DELETE FROM intents WHERE key = ? AND part = ?", (key, part.value))

    def keep(self, receipt: Receipt) -> None:
        """Note what was written; this fulfils its intent. What the user closed stays closed."""
        with self.transaction() as db:
            db.execute(
                """INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
                   SET handle = excluded.handle, print = excluded.print, at = excluded.at,
                       state = excluded.state
                   WHERE receipts.state IN ('open', 'superseded')""",
                (receipt.key, receipt.part.value, receipt.handle, receipt.print,
                 _text(receipt.at), receipt.state.value),
            )  # fmt: skip
            db.execute(
                "DELETE FROM intents WHERE key = ? AND part = ?",
                (receipt.key, receipt.part.value),
            )

    def settle(self, receipt: Receipt, state: State) -> None:
        """Close a receipt for good: done, dismissed or superseded; this fulfils its intent."""
        with self.transaction() as db:
            db.execute(
                "DELETE FROM intents WHERE key = ? AND part = ?",
                (receipt.key, receipt.part.value),
            )
            db.execute(
                "UPDATE receipts SET state = ? WHERE key = ? AND part = ? AND state = 'open'",
                (state.value, receipt.key, receipt.part.value),
            )

    # --- what the user said, and how it went --------------------------------------------

    def answer(self, key: str, answer: str, at: datetime) -> None:
        """Note the user's word on a question; a later word replaces an earlier one."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, answer, _text(at)))

    def reopen(self, key: str, at: datetime) -> None:
        """Take the user's word on a follow-up or a question back, with what it closed.

        What was deleted may be written anew; what was sent stays sent.
        """
        with self.transaction() as db:
            db.execute("DELETE FROM answers WHERE key = ?", (key,))
            db.execute(
                """UPDATE receipts SET state = 'superseded', at = ?
                   WHERE key = ? AND state = 'dismissed'""",
                (_text(at), key),
            )

    def stated(self, prefix: str) -> tuple[Reading, ...]:
        """Return the facts that the user stated by a command: their source begins so."""
        return tuple(r for r in self.telling() if r.source.startswith(f"{prefix}:"))

    def retract(self, source: str) -> None:
        """Forget a fact that the user stated, and the yes that was noted with it."""
        with self.transaction() as db:
            db.execute("DELETE FROM readings WHERE source = ?", (_clean(source),))
            db.execute(
                "DELETE FROM answers WHERE substr(key, 1, length(?1) + 1) = ?1 || '#'", (source,)
            )

    def answers(self) -> tuple[Answer, ...]:
        """Return the user's words on questions, oldest first."""
        rows = self.all("SELECT key, answer, at FROM answers ORDER BY at, key")
        return tuple(Answer(key, answer, _moment(at)) for key, answer, at in rows)

    def recall(self, name: str) -> str | None:
        """Return what a connector has noted under that name."""
        row = self.one("SELECT value FROM meta WHERE name = ?", f"note:{name}")
        return row[0] if row else None

    def jot(self, name: str, text: str) -> None:
        """Keep what a connector wants to find again; losing it costs time, nothing else."""
        if self.recall(name) == text:
            return
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"note:{name}", text))

    def hear(self, word: Word, at: datetime) -> None:
        """Note a word the user gave by a label, or that it was taken back."""
        self.answer(f"{_LABEL}{word.word}:{word.thread}", "given" if word.given else "taken", at)

    def heard(self, word: str) -> frozenset[str]:
        """Return the conversations on which this word stands."""
        start = f"{_LABEL}{word}:"
        return frozenset(
            a.key.removeprefix(start)
            for a in self.answers()
            if a.answer == "given" and a.key.startswith(start)
        )

    def sources_in(self, threads: frozenset[str]) -> frozenset[str]:
        """Return the messages of these conversations that are remembered."""
        if not threads:
            return frozenset()
        return frozenset(r.source for r in self.readings() if r.thread in threads)

    def began_at(self, at: datetime) -> datetime:
        """Return when vouchd began its work here; `at` if that is now."""
        return _moment(self._settled("began_at", _text(at)))

    def belongs_to(self, emails: Iterable[str]) -> None:
        """Make sure this is the state of the user with these addresses. Raises StoreError."""
        mine = sorted(set(emails))
        known = json.loads(self._settled("emails", json.dumps(mine)))
        if not set(known) & set(mine):
            raise StoreError(
                f"{self.path} belongs to {', '.join(known)}; this configuration is of "
                f"{', '.join(mine)}: give it a folder of its own as `path` under [state]"
            )
        if known != mine:
            with self.transaction() as db:
                db.execute("UPDATE meta SET value = ? WHERE name = 'emails'", (json.dumps(mine),))

    def note_round(self, done: Round) -> None:
        """Note how a round went; what is older than 90 days goes, but for the last good one."""
        body = {
            "counts": dict(done.counts),
            "words": [_clean(word) for word in done.words],
            "login": _clean(done.login),
        }
        with self.transaction() as db:
            db.execute(
                "INSERT INTO rounds (at, good, body) VALUES (?, ?, ?)",
                (_text(done.at), done.good, json.dumps(body)),
            )
            # The last good one stays: since when nothing succeeds must be known for ever.
            db.execute(
                """DELETE FROM rounds WHERE at < ?
                   AND id IS NOT (SELECT max(id) FROM rounds WHERE good)""",
                (_text(done.at - _ROUNDS_KEPT),),
            )

    def last_round(self, *, good: bool = False) -> Round | None:
        """Return the newest round, or the newest good one."""
        row = self.one(
            "SELECT at, good, body FROM rounds WHERE good >= ? ORDER BY id DESC LIMIT 1", good
        )
        return _round(row) if row else None

    def rounds_since(self, at: datetime) -> tuple[Round, ...]:
        """Return the rounds from then on, oldest first."""
        rows = self.all("SELECT at, good, body FROM rounds WHERE at >= ? ORDER BY id", _text(at))
        return tuple(map(_round, rows))

    def _settled(self, name: str, value: str) -> str:
        """Return the value kept under `name`, keeping `value` when there is none."""
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value))
            row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0])


def _round(row: tuple[str, int, str]) -> Round:
    body = json.loads(row[2])
    words = tuple(body["words"])
    return Round(_moment(row[0]), bool(row[1]), body["counts"], words, body.get("login", ""))


_TELLING = ('"signals":', '"acts":', '"people":', '"key":')
_STRINGS = re.compile(r'"((?:[^"\\]|\\.){3,400})"')


def _tells(body: str) -> bool:
    """Whether a stored fact says more than that somebody wrote: the codec leaves out the empty."""
    return any(field in body for field in _TELLING)


def _gone(db: sqlite3.Connection, uids: tuple[str, ...], moment: str) -> None:
    """Note that events are gone, and with a series its instances."""
    prints = frozenset(map(print_of_uid, uids))
    sources = db.execute(
        """SELECT source FROM readings WHERE is_event AND gone_at IS NULL
           AND coalesce(starts, ?1) >= ?1""",
        (moment,),
    )
    found = [
        source
        for (source,) in sources
        if not prints.isdisjoint((print_of_uid(source), print_of(source.partition("/")[0])))
    ]
    db.executemany(
        "UPDATE readings SET gone_at = ? WHERE is_event AND source = ?",
        [(moment, source) for source in found],
    )


def _insert(db: sqlite3.Connection, reading: Reading) -> None:
    row = (
        _clean(reading.source),
        _text(reading.at),
        reading.is_event,
        _text(reading.start) if reading.start else None,
        encode(reading),
    )
    db.execute(
        """INSERT INTO readings (source, at, is_event, starts, body) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (source) DO UPDATE
           SET at = excluded.at, starts = excluded.starts, body = excluded.body, gone_at = NULL
           WHERE is_event AND (body <> excluded.body OR gone_at IS NOT NULL)""",
        row,
    )


def _text(at: datetime) -> str:
    """Return a moment so that the order of texts is the order of time."""
    try:
        at = at.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar
        at = at.replace(tzinfo=UTC)
    return at.isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _clean(text: str) -> str:
    """Return text that can be stored: an unpaired surrogate of broken mail cannot."""
    return text.encode("utf-8", "backslashreplace").decode()
