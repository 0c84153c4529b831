"""A damaged state file is laid beside, and its newest good copy put in its place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from vouchd.daemon.soundness import flaw
from vouchd.daemon.statefile import StoreError, copies, sentences

_SMALLEST = 512  #: bytes; SQLite takes less for a database that is new
DAMAGED = ".damaged"  #: the ending of the one that is laid beside


def mended(path: Path) -> str:
    """Put the newest good copy in the place of a damaged state file; tell it in one line.

    Nothing is done, and "" returned, where the file is sound or missing, or no copy is sound. To be
    called by who has the lock. Raises StoreError.
    """
    with sentences(path):
        if path.is_dir():
            names = ", ".join(copy.name for copy in copies(path)) or "none"
            raise StoreError(
                f"{path} is a folder and no state file: move it away, and put the newest copy in "
                f"its place (beside it: {names}); without one, mail is read anew"
            )
        if not path.exists() or is_sound(path):
            return ""
        for copy in sorted(copies(path), key=lambda c: c.stat().st_mtime, reverse=True):
            if copy.stat().st_size and is_sound(copy):
                _put_in_place(copy, path)
                at = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
                return (
                    f"{path} was damaged: the copy of {at:%Y-%m-%d %H:%M} UTC is in its place, and "
                    f"the damaged one beside it ({path.name}{DAMAGED}). Nothing is written twice; "
                    "what you deleted since then may be prepared once more"
                )
    return ""


def is_sound(path: Path) -> bool:
    """Whether a state file can be read to its end; one that cannot be looked at counts as sound.

    An empty file is that of a first start which was broken off, unless there is a copy of more.
    """
    if path.stat().st_size < _SMALLEST:
        return not any(copy.stat().st_size for copy in copies(path))
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=10)
    try:
        return not flaw(db)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        return not name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
    finally:
        db.close()


def _put_in_place(copy: Path, path: Path) -> None:
    """Replace the file in one step: at no moment is there none. Raises OSError."""
    part = path.with_name(f"{path.name}.mended")
    aside = path.with_name(path.name + DAMAGED)
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(copy.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    aside.unlink(missing_ok=True)
    os.link(path, aside)
    # A journal of the damaged file must not be played into the copy.
    with suppress(FileNotFoundError):
        path.with_name(f"{path.name}-journal").unlink()
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
