"""A disk as a power cut leaves it: what was not synced is lost, bytes and names apart.

Of a file the bytes of its last fsync are there; of a folder the names of its last fsync. SQLite's
own files are trusted as far as `PRAGMA synchronous` asks for it.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

EXTRA = 3  #: the PRAGMA synchronous under which a commit outlives a power cut


@dataclass(frozen=True)
class Node:
    """A file or a folder (`data` is None) at one moment."""

    mode: int
    mtime: int
    data: bytes | None


Tree = dict[str, Node]  #: by its path below the world, folders before what is in them


def look(folder: Path) -> Tree:
    """Return all that lies below a folder."""
    found: Tree = {}
    for inside, folders, names in os.walk(folder):
        for name in sorted(folders) + sorted(names):
            path = Path(inside, name)
            seen = path.lstat()
            data = None if stat.S_ISDIR(seen.st_mode) else path.read_bytes()
            at = str(path.relative_to(folder))
            found[at] = Node(stat.S_IMODE(seen.st_mode), seen.st_mtime_ns, data)
    return found


def put_back(folder: Path, tree: Tree) -> None:
    """Make a folder hold just this, times of change and all: bookmarks go by them."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if str(path.relative_to(folder)) not in tree:
            path.rmdir() if path.is_dir() else path.unlink()
    for name, node in tree.items():
        path = folder / name
        if node.data is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(node.data)
        path.chmod(node.mode)
    for name, node in reversed(tree.items()):
        os.utime(folder / name, ns=(node.mtime, node.mtime))


@dataclass
class Thing:
    """A file or a folder (`data` is None), and what of it is safe."""

    data: bytes | None
    mode: int


@dataclass
class Disk:
    """What of a folder would outlive a power cut."""

    folder: Path
    things: dict[int, Thing] = field(default_factory=dict)  #: by inode
    names: dict[str, Thing] = field(default_factory=dict)  #: as last synced
    weak: dict[str, bytes] = field(default_factory=dict)  #: databases that do not sync enough

    def settle(self) -> None:
        """Take all that is there for safe: time has passed."""
        self.things, self.names, self.weak = {}, {}, {}
        for path in self.folder.rglob("*"):
            self.names[str(path)] = self._thing(path, safe=True)

    def created(self, name: str) -> None:
        path = Path(name)
        self.things.pop(path.stat().st_ino, None)  # a number may be given again
        self._thing(path, safe=False)

    def synced(self, name: str) -> None:
        path = Path(name)
        if not path.is_dir():
            self._thing(path, safe=False).data = path.read_bytes()
            return
        for known in [n for n in self.names if Path(n).parent == path]:
            del self.names[known]
        for entry in path.iterdir():
            self.names[str(entry)] = self._thing(entry, safe=False)

    def commits(self, name: str, level: int) -> None:
        """Note what a commit is going to change, where it is not synced as it should be."""
        if level < EXTRA and name.endswith("vouchd.db"):
            self.weak.setdefault(name, Path(name).read_bytes())

    def cut(self, now: Tree, *, names_kept: bool) -> Tree:
        """Return what of `now` is left; `names_kept`: names were written out, bytes were not."""
        there = {str(path): path for path in sorted(self.folder.rglob("*"))}
        names = {n: self._thing(p, safe=False) for n, p in there.items()} if names_kept else None
        left: Tree = {}
        for name, thing in sorted((names or self.names).items()):
            at = _below(self.folder, name)
            left[at] = Node(thing.mode, now[at].mtime if at in now else 1, thing.data)
        for name in there:
            at = _below(self.folder, name)
            if _of_sqlite(name) and (at in left or Path(name).name in _SQLITES_OWN):
                left[at] = now[at]
            if name in self.weak:
                left[at] = Node(now[at].mode, now[at].mtime, self.weak[name])
        # A name is nowhere without its folder.
        return {n: node for n, node in sorted(left.items()) if _rooted(n, left)}

    def _thing(self, path: Path, *, safe: bool) -> Thing:
        seen = path.stat()
        folder = stat.S_ISDIR(seen.st_mode)
        thing = self.things.get(seen.st_ino)
        if thing is None or (thing.data is None) != folder:
            data = None if folder else path.read_bytes() if safe else b""
            thing = self.things[seen.st_ino] = Thing(data, stat.S_IMODE(seen.st_mode))
        return thing


#: Their names SQLite syncs itself.
_SQLITES_OWN = ("vouchd.db", "vouchd.db-journal")


def _of_sqlite(name: str) -> bool:
    return Path(name).name in (*_SQLITES_OWN, "vouchd.db.bak.part")


def _below(folder: Path, name: str) -> str:
    return str(Path(name).relative_to(folder))


def _rooted(name: str, tree: Tree) -> bool:
    return all(str(p) in tree for p in Path(name).parents if str(p) != ".")
