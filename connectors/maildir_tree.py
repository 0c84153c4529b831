"""The folders of a Maildir, what they are for, and the names of the files in them.

    Tree(root, …).folders()      the folders with their roles
    entries(folder)              the messages of one
    sent_since(tree, at)         the messages of the sent folders, as bytes

Files are named `unique:2,FLAGS` (https://cr.yp.to/proto/maildir.html); the unique part survives
reading and flagging.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vouchd.connectors.base import Unavailable
from vouchd.connectors.files import must_be_folder, read, said_plainly
from vouchd.connectors.folders import Role, plain_name, role_of
from vouchd.connectors.mime import LONGEST

_FLAGS = re.compile(r"[;!]2,([A-Za-z]*)$")
_ADDED = re.compile(r",(?:U|FMD5|S|W)=[^,:;!]*")


@dataclass(frozen=True, slots=True)
class Folder:
    """One Maildir of a tree."""

    path: Path
    name: str  #: levels parted by "/"; "" is the root
    role: Role


@dataclass(frozen=True, slots=True)
class Tree:
    """A Maildir and its folders: Maildir++ (`.Sub`), nested, or Thunderbird's `.sbd`."""

    root: Path
    sent: tuple[str, ...] = ()  #: folders of sent mail; none: found by name
    drafts: str | None = None  #: the folder for drafts; None: found by name
    skip: tuple[str, ...] = ()  #: further folders that are not read

    def folders(self) -> tuple[Folder, ...]:
        """Return all folders in the order of their names. Raises Unavailable."""
        must_be_folder(self.root, "Maildir")
        with said_plainly(self.root):
            found = sorted(self._found(), key=lambda folder: folder.name)
        if not found:
            raise Unavailable(
                f"{self.root}: is no Maildir, no folder in it has a `cur`: correct the path"
            )
        for wanted in self.sent:
            if not any(_same(folder, wanted) for folder in found):
                raise Unavailable(
                    f'{self.root}: has no folder "{wanted}" for sent mail; there are: '
                    + ", ".join(folder.name or "the inbox" for folder in found[:30])
                )
        return tuple(found)

    def lost(self, names: Iterable[str]) -> Iterator[Folder]:
        """Yield, of folders that were here before, those that are there and have no `cur` left."""
        for name in names:
            for path in (self.root / f".{name.replace('/', '.')}", self.root / name):
                if name and path.is_dir() and not (path / "cur").exists():
                    yield self._folder(path, name)

    def _found(self) -> Iterator[Folder]:
        waiting: list[tuple[Path, str]] = [(self.root, "")]
        visited: set[tuple[int, int]] = set()
        while waiting:
            path, name = waiting.pop()
            status = path.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue  # a link in a circle
            visited.add((status.st_dev, status.st_ino))
            try:
                with os.scandir(path) as inside:
                    names = [entry.name for entry in inside if entry.is_dir()]
            except OSError:
                if path == self.root:
                    raise
                if path.name != "lost+found":  # the disk's own
                    yield self._folder(path, name)  # who looks into it is told that he may not
                continue
            if "cur" in names:
                yield self._folder(path, name)
            for inner in names:
                if inner not in ("cur", "new", "tmp"):
                    waiting.append((path / inner, _level(name, inner)))

    def _folder(self, path: Path, name: str) -> Folder:
        return Folder(path, name, self._role(Folder(path, name, Role.ORDINARY)))

    def _role(self, folder: Folder) -> Role:
        if any(_same(folder, name) for name in self.skip):
            return Role.TRASH
        if self.drafts is not None and _same(folder, self.drafts):
            return Role.DRAFTS
        if any(_same(folder, name) for name in self.sent):
            return Role.SENT
        role = role_of(folder.name)
        return Role.ORDINARY if role is Role.SENT and self.sent else role


def _level(outer: str, inner: str) -> str:
    inner = plain_name(inner.removesuffix(".sbd"))
    levels = inner[1:].split(".") if inner.startswith(".") and len(inner) > 1 else [inner]
    return "/".join((outer, *levels) if outer else levels)


def _same(folder: Folder, wanted: str) -> bool:
    wanted = wanted.strip("/.").casefold()
    name = folder.name.casefold()
    return wanted in (name, name.replace("/", "."), folder.path.name.strip(".").casefold())


def flags_of(name: str) -> str:
    """Return the flags of a file name."""
    _, mark, flags = name.rpartition(":2,")
    if mark:
        return flags
    found = _FLAGS.search(name)
    return found[1] if found else ""


def unique_of(name: str) -> str:
    """Return the part of a file name that stays when flags or sync marks change."""
    name, mark, _ = name.partition(":2,")
    if not mark:
        name = _FLAGS.sub("", name)
    return _ADDED.sub("", name) if "," in name else name


def entries(folder: Path) -> Iterator[Path]:
    """Yield the messages of one Maildir that are not marked for deletion. Raises OSError."""
    for part in ("new", "cur"):
        with suppress(FileNotFoundError):
            for path in sorted((folder / part).iterdir()):
                if path.name[0] != "." and "T" not in flags_of(path.name):
                    yield path


def sent_since(tree: Tree, at: datetime) -> Iterator[bytes]:
    """Yield the messages that came into the sent folders since then. Raises Unavailable."""
    for folder in tree.folders():
        if folder.role is not Role.SENT:
            continue
        with said_plainly(folder.path):
            for path in entries(folder.path):
                with suppress(FileNotFoundError):  # it is being moved: the next look finds it
                    if path.stat().st_mtime >= at.timestamp():
                        yield read(path, LONGEST)[0]
