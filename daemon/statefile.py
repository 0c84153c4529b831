"""The state file itself: who may read it, who may write it now, which form it has, its copies.

Rollback journal and not WAL: the state is one file that can be copied, also on a network home;
one process writes, in few and short transactions. `synchronous=EXTRA` syncs the folder after the
journal is gone, so that an intent survives a power cut.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from vouchd.connectors.private import way_out
from vouchd.daemon.soundness import UNDECODED, flaw, no_handles_left

NAME = "vouchd.db"
LOCK = "vouchd.lock"
APPLICATION_ID = 0x766F7563  #: "vouc", in the header of the file
Migration = Callable[[sqlite3.Connection], None]


class StoreError(Exception):
    """The state cannot be used; the text is a sentence that says what, where and the way out."""


class Damaged(StoreError):
    """The state file is broken; a new start puts a copy in its place."""


_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_AGAIN = "start vouchd again: it puts the newest good copy in its place"


def _first(db: sqlite3.Connection) -> None:
    for statement in (
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        """CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL,
           at TEXT NOT NULL) STRICT""",
        """CREATE TABLE readings (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE,
           at TEXT NOT NULL, is_event INTEGER NOT NULL, starts TEXT, gone_at TEXT,
           body TEXT NOT NULL) STRICT""",
        "CREATE INDEX readings_by_time ON readings (at, id)",
        """CREATE TABLE receipts (key TEXT NOT NULL, part TEXT NOT NULL, handle TEXT NOT NULL,
           print TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
           PRIMARY KEY (key, part)) STRICT""",
        """CREATE TABLE intents (key TEXT NOT NULL, part TEXT NOT NULL, print TEXT NOT NULL,
           at TEXT NOT NULL, PRIMARY KEY (key, part)) STRICT""",
        """CREATE TABLE parked (name TEXT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL,
           first_at TEXT NOT NULL, last_at TEXT NOT NULL, times INTEGER NOT NULL,
           PRIMARY KEY (name, source)) STRICT""",
        """CREATE TABLE answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL,
           at TEXT NOT NULL) STRICT""",
        """CREATE TABLE rounds (id INTEGER PRIMARY KEY, at TEXT NOT NULL, good INTEGER NOT NULL,
           body TEXT NOT NULL) STRICT""",
    ):
        db.execute(statement)


def _second(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TABLE forgotten (kind TEXT NOT NULL, print TEXT NOT NULL, at TEXT NOT NULL,
           PRIMARY KEY (kind, print)) STRICT"""
    )


#: Each brings the file from the version of its place to the next; never changed once released.
MIGRATIONS: tuple[Migration, ...] = (_first, _second)


def prepare_folder(folder: Path) -> None:
    """Make the state folder, for its owner alone. Raises StoreError."""
    with sentences(folder):
        new = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder that holds other things is the user's to close.
        if new or all(entry.name.startswith("vouchd.") for entry in folder.iterdir()):
            folder.chmod(0o700)


class Lock:
    """The right to write the state: one process has it at a time, and the kernel takes it back."""

    def __init__(self, folder: Path) -> None:
        """Take it. Raises StoreError when another process has it."""
        path = folder / LOCK
        with sentences(path):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            pid = ""
            with suppress(OSError):
                pid = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise StoreError(
                    f"{path} cannot be locked: {error.strerror}; put the state onto a disk of this "
                    "machine ([state] path in config.toml)"
                ) from None
            who = f"another vouchd (process {pid})" if pid else "another vouchd"
            raise StoreError(
                f"{who} is at work on {folder}; let it do the work, or stop it first "
                "(`systemctl --user stop vouchd` when it is the service)"
            ) from None
        try:
            with sentences(path):
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give it back."""
        with suppress(OSError):
            os.close(self._file)


def holder(folder: Path) -> str | None:
    """Return the process that has the lock, as text; None when nobody has."""
    try:
        file = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            return None  # a disk without locks: whoever opens the state there is told
        return os.pread(file, 32, 0).decode("ascii", "replace").strip() or "?"
    finally:
        os.close(file)
    return None


def connect(
    path: Path, migrations: Sequence[Migration] = MIGRATIONS, *, may_migrate: bool = True
) -> sqlite3.Connection:
    """Open the state file for writing, making or migrating it first. Raises StoreError."""
    with sentences(path):
        new = not path.exists()
        # SQLite would make the file by the umask.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if new:
            path.chmod(0o600)
        db = sqlite3.connect(path, timeout=10, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous = EXTRA")
            version = _check(db, path, len(migrations))
            _private(path)
            if version != len(migrations) and not may_migrate:
                raise StoreError(
                    f"{path} is in use by an older vouchd; restart that one first "
                    "(`systemctl --user restart vouchd` when it is the service)"
                )
            _migrate(db, path, migrations)
        except BaseException:
            db.close()
            raise
        return db


def copy_in_memory(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """Open a copy of the state file that nothing is kept of; empty where there is no file."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        with sentences(path):
            if path.exists():
                file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=10)
                try:
                    file.backup(copy)
                finally:
                    file.close()
            _check(copy, path, len(migrations))
            _private(path)
            _migrate(copy, None, migrations)
    except BaseException:
        copy.close()
        raise
    return copy


def _private(path: Path) -> None:
    """Raise StoreError when others may read the file: they may have, and the user is to know."""
    if path.exists() and path.stat().st_mode & 0o077:
        raise StoreError(f"{path} says who vouches for you, and {way_out(path)}")


def back_up(db: sqlite3.Connection, copy: Path) -> None:
    """Write a copy of an open state file, whole or not at all. Raises StoreError."""
    part = copy.with_name(copy.name + ".part")
    with sentences(copy):
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        target = sqlite3.connect(part)
        try:
            db.backup(target)
            # A good copy is not replaced by one of a file that went bad meanwhile.
            wrong = flaw(target)
        finally:
            target.close()
        if wrong:
            raise Damaged(f"{copy.with_suffix('')} is damaged ({wrong}); {_AGAIN}")
        part.replace(copy)


def _check(db: sqlite3.Connection, path: Path, newest: int) -> int:
    (name,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and name != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program; move it away")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > newest:
        raise StoreError(
            f"{path} was written by a newer vouchd (its form is {version}, this release knows "
            f"{newest}); install that release again, or move the file away to start anew"
        )
    return int(version)


def _migrate(db: sqlite3.Connection, path: Path | None, migrations: Sequence[Migration]) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == len(migrations):
        return
    if version and path is not None:
        back_up(db, path.with_name(f"{path.name}.v{version}"))
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in migrations[version:]:
            step(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {len(migrations)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has rolled it back by itself
            db.execute("ROLLBACK")
        raise


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a StoreError about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if UNDECODED in str(error):  # it quotes what it could not read
            raise Damaged(f"{path} is damaged (some of its words); {_AGAIN}") from None
        kind = Damaged if name.startswith(_BROKEN) else StoreError
        raise kind(_sentence(path, error)) from error
    except OSError as error:
        raise StoreError(_system_sentence(path, error)) from error


def _system_sentence(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space left for {path}; nothing was lost: free some and start again"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            f"{path} cannot be written: {error.strerror}; make it writable for this user, "
            "or name another folder as `path` under [state] in config.toml"
        )
    return f"{path} cannot be used: {error.strerror}; see to it, or name another [state] path"


def _sentence(path: Path, error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return f"no space left for {path}; nothing was lost: free some and start again"
    if name.startswith("SQLITE_CANTOPEN") and no_handles_left():
        return (
            f"{path} cannot be opened: Too many open files; end the program that holds them, or "
            "raise the limit (`ulimit -n`), and start again"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return (
            f"{path} cannot be written; make it and its folder writable for this user, "
            "or name another folder as `path` under [state] in config.toml"
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is held by another program; end that one and try again"
    if name.startswith(_BROKEN):
        beside = ", ".join(copy.name for copy in copies(path))
        back = (
            f"{_AGAIN} ({beside} beside it)"
            if beside
            else "move it away and start again: mail is read anew, and what vouchd wrote is found "
            "by its marks"
        )
        return f"{path} is damaged ({error}); {back}"
    if name.startswith("SQLITE_IOERR"):
        return f"{path} cannot be read or written ({error}); the disk may be full or failing"
    return f"{path} cannot be used ({error})"


def copies(path: Path) -> tuple[Path, ...]:
    """Return the copies of a state file beside it: the daily one, and those before migrations."""
    found = path.parent.glob(f"{path.name}.*")
    return tuple(sorted(c for c in found if c.suffix == ".bak" or c.suffix[1:2] == "v"))
