"""The open state file: transactions and questions, with every error as a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from vouchd.daemon import statefile
from vouchd.daemon.mending import mended

_COPY_EVERY = timedelta(days=1)


class Database:
    """The state file in use. Every method may raise StoreError; nothing is half written."""

    def __init__(
        self, db: sqlite3.Connection, path: Path, lock: statefile.Lock | None = None
    ) -> None:
        self._db = db
        self._lock = lock
        self.path = path
        self.mended = ""  #: what was done to a damaged file, in one line

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the state in `folder` for writing; nobody else can until it is closed."""
        statefile.prepare_folder(folder)
        lock = statefile.Lock(folder)
        path = folder / statefile.NAME
        try:
            told = mended(path)
            made = cls(statefile.connect(path), path, lock)
            made.mended = told
            return made
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_beside(cls, folder: Path) -> Self:
        """Open the state for one short word, also while the daemon works on it."""
        path = folder / statefile.NAME
        if statefile.holder(folder) is None or not path.exists():
            return cls.open(folder)
        return cls(statefile.connect(path, may_migrate=False), path)

    @classmethod
    def copy(cls, folder: Path) -> Self:
        """Open a copy in memory: to look, or to rehearse; nothing done to it is kept."""
        path = folder / statefile.NAME
        return cls(statefile.copy_in_memory(path), path)

    def close(self) -> None:
        """Let go of the file."""
        try:
            self._db.close()
        finally:
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def __enter__(self) -> Self:
        """Return itself; closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def back_up(self, at: datetime) -> None:
        """Put a copy beside the file, unless there is one of the last day."""
        copy = self.path.with_name(self.path.name + ".bak")
        with statefile.sentences(copy):
            due = not copy.exists() or (
                abs(at.timestamp() - copy.stat().st_mtime) >= _COPY_EVERY.total_seconds()
            )
        if due:
            statefile.back_up(self._db, copy)

    def scrub(self) -> None:
        """Leave no trace of deleted rows: in the file, in the copies beside it."""
        with statefile.sentences(self.path):
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("VACUUM")
            for copy in statefile.copies(self.path):
                copy.unlink(missing_ok=True)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all of the block or nothing of it."""
        with statefile.sentences(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled back by itself.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def one(self, query: str, *values: object) -> Any:
        """Return the first row, or None."""
        with statefile.sentences(self.path):
            return self._db.execute(query, values).fetchone()

    def all(self, query: str, *values: object) -> list[Any]:
        """Return all rows."""
        with statefile.sentences(self.path):
            return self._db.execute(query, values).fetchall()

    def each(self, query: str) -> Iterator[Any]:
        """Yield row after row."""
        with statefile.sentences(self.path):
            yield from self._db.execute(query)
