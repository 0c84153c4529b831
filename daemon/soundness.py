"""Whether a state file is whole, in its pages and its words, and whether one can be opened."""

from __future__ import annotations

import errno
import os
import sqlite3

UNDECODED = "Could not decode to UTF-8"  #: Python's word, not SQLite's


def flaw(db: sqlite3.Connection) -> str:
    """Return what is broken in a state file, also inside of what it keeps; "": nothing.

    Its own check sees to pages, not to words. Raises sqlite3.Error.
    """
    (sound,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if sound != "ok":
        return str(sound)
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    for table in sorted({"readings", "rounds"} & tables):
        bodies = db.execute(f"SELECT CAST(body AS BLOB), json_valid(body) FROM {table}")
        # All that is written there is ASCII.
        if not all(valid and body.isascii() for body, valid in bodies):
            return f"something in {table} cannot be read"
    for table in sorted({"meta", "cursors", "receipts", "intents", "answers", "parked"} & tables):
        try:
            for _ in db.execute(f"SELECT * FROM {table}"):
                pass
        except sqlite3.OperationalError as error:
            if UNDECODED not in str(error):
                raise
            return f"something in {table} cannot be read"
    return ""


def no_handles_left() -> bool:
    """Whether what SQLite needs at once (the file, its journal, its folder) is not to be had."""
    held: list[int] = []
    try:
        for _ in range(3):
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in (errno.EMFILE, errno.ENFILE)
    finally:
        for handle in held:
            os.close(handle)
    return False
