"""Whether others on this machine may read a file that is the user's alone, and what mends it."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

_BESIDE = "vouchd.lock"  #: lies in a state folder


def open_to_others(path: Path) -> bool:
    """Whether others may read or write a file. Raises OSError.

    In a state folder the rights of the file decide alone, as ssh does with a key. Elsewhere a
    folder above that nobody may enter is protection enough. The group of a file that is not ours
    does not count: systemd shows the mask of an access list there.
    """
    status = path.stat()
    theirs = 0o077 if status.st_uid == os.geteuid() else 0o007
    if not stat.S_IMODE(status.st_mode) & theirs:
        return False
    if (path.parent / _BESIDE).exists():
        return True
    folders = path.absolute().resolve().parents
    return all(folder.stat().st_mode & 0o011 for folder in folders)


def way_out(path: Path) -> str:
    """Return in words that it is open, and the command that closes it."""
    return f"can be read by others on this machine: `chmod 600 {shlex.quote(str(path))}` closes it"
