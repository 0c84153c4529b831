"""Files put down so that a power cut leaves the old or the new, and what the disk says in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from vouchd.connectors.base import Refused, Unavailable

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NEVER = (errno.ENAMETOOLONG, errno.EINVAL)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Turn what the operating system says into one of our errors, in a sentence.

    Raises Unavailable, or Refused where trying again is no use.
    """
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        if error.errno in _FULL:
            raise Unavailable(f"{path}: the disk is full: free some space; nothing was lost") from (
                error
            )
        if error.errno in _NEVER:
            raise Refused(f"{path}: the disk does not take it ({said})") from error
        if error.errno in _FORBIDDEN:
            raise Unavailable(
                f"{path}: not allowed ({said}): give this user access to it"
            ) from error
        if error.errno == errno.ENOENT:
            raise Unavailable(
                f"{path}: is not there: mount or create it, or correct the path in the"
                " configuration"
            ) from error
        raise Unavailable(f"{path}: {said}") from error


def put(path: Path, data: bytes, *, by_way_of: Path | None = None) -> None:
    """Write a file whole or not at all: a temporary one, fsync, rename, fsync of the folder.

    `by_way_of` is the folder for the temporary file, on the same disk; default: beside it.
    Raises Unavailable, Refused.
    """
    temporary = (by_way_of or path.parent) / f".{path.name[:180]}.{os.getpid()}.tmp"
    with said_plainly(path):
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as to:
                to.write(data)
                to.flush()
                os.fsync(to.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)


def read(path: Path, longest: int) -> tuple[bytes, datetime]:
    """Return at most `longest` bytes of a file and when it was last changed. Raises OSError.

    A pipe that somebody has left among the mail is not waited for.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        return file.read(longest), datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC)


def take_away(path: Path) -> None:
    """Delete a file for good. Raises Unavailable."""
    with said_plainly(path):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network disks know no fsync of a folder
            raise
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make a folder, for its owner alone, so that it survives a power cut. Raises OSError."""
    if path.is_dir():
        return
    if not path.parent.is_dir():
        make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    sync_folder(path.parent)


def must_be_folder(path: Path, what: str) -> None:
    """Raise Unavailable, in a sentence, unless there is a folder at `path`."""
    with said_plainly(path):
        present = path.exists()
    if not present:
        raise Unavailable(
            f"{path}: there is no {what}: mount or create it, or correct the path in the"
            " configuration"
        )
    if not path.is_dir():
        raise Unavailable(f"{path}: is a file, not a {what}: correct the path in the configuration")
