"""How the user's own files are changed: tried first, written whole, links and rights kept."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vouchd.config.edit import CannotEdit
from vouchd.config.load import load
from vouchd.config.settings import Config
from vouchd.connectors.files import put
from vouchd.daemon.failures import UsageError

_NEW = 0o600  #: rights of a file that was not there: it holds addresses


def change(config: Config, name: str, edit: Callable[[str], str]) -> Path:
    """Put what `edit` makes of the text of one file in its place; return where it lies.

    The new text is read as a configuration first: what would not hold is never written.

    Raises UsageError, ConfigError, Unavailable, Refused, OSError.
    """
    with _alone(config.folder):
        path = (config.folder / name).resolve()  # a link, as dotfiles are kept, stays a link
        there = path.exists()
        text = path.read_bytes().decode("utf-8-sig") if there else ""
        try:
            new = edit(text)
        except CannotEdit as error:
            raise UsageError(f"{config.folder / name}: {error}") from None
        load(config.folder, os.environ, instead={name: new})
        rights = path.stat().st_mode & 0o777 if there else _NEW
        put(path, new.encode())
        path.chmod(rights)
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let two commands change the files one after the other."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
