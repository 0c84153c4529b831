"""Every step by which vouchd touches the outside: watched one by one, each a place to die at.

A step is one SQLite statement, one operation on a file (open, write, half a write, fsync, rename,
unlink, mkdir, chmod), one request before it leaves, one answer before it is seen.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from tests.crash.disk import Disk
from vouchd.connectors.google_guard import Door

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: What Python itself says about files, as a check on the hooks below.
_TOLD = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate", "os.rmdir"}


@dataclass(frozen=True)
class Step:
    """One place to die at: just before `what` takes place (or, for an answer, is seen)."""

    number: int
    kind: str
    what: str


@dataclass
class Watch:
    """Counts the steps below a folder; tells each to `reached`."""

    folder: Path
    disk: Disk
    reached: Callable[[Step], None]
    steps: int = 0
    unseen: list[str] = field(default_factory=list)  #: what got past the hooks
    inside: int = 0
    files: dict[int, str] = field(default_factory=dict)

    def step(self, kind: str, what: object) -> None:
        self.steps += 1
        text = str(what).replace(str(self.folder), "")
        self.reached(Step(self.steps, kind, text))

    def ours(self, path: object) -> bool:
        if isinstance(path, int):
            return path in self.files
        try:
            return os.fsdecode(path).startswith(str(self.folder))  # type: ignore[arg-type]
        except TypeError:
            return False


_watching: list[Watch] = []


def _told(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what is done to files behind the hooks: the harness would not die there."""
    if event not in _TOLD or not _watching:
        return
    watch = _watching[-1]
    writes = event != "open" or (isinstance(arguments[2], int) and arguments[2] & _WRITING)
    known = isinstance(arguments[0], int)
    if writes and not known and not watch.inside and watch.ours(arguments[0]):
        watch.unseen.append(f"{event} {arguments[0]}")


sys.addaudithook(_told)


class _File:
    """A file being written, one piece at a time: the disk has what was flushed, and no more."""

    def __init__(self, file: Any, path: str, watch: Watch) -> None:
        self._file, self._path, self._watch = file, path, watch

    def write(self, data: Any) -> int:
        self._watch.step("write", self._path)
        half = len(data) // 2
        self._file.write(data[:half])
        self._file.flush()
        self._watch.step("half-written", self._path)
        self._file.write(data[half:])
        self._file.flush()
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _connection(watch: Watch) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        path = ""

        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            verb = sql.split(None, 1)[0].upper()
            if self.path and verb not in ("SELECT", "PRAGMA"):
                watch.step(verb, " ".join(sql.split())[:60])
            if verb == "COMMIT" and self.path:
                level = super().execute("PRAGMA synchronous").fetchone()[0]
                watch.disk.commits(self.path, int(level))
            return super().execute(sql, *rest)

        def backup(self, target: sqlite3.Connection, **more: Any) -> None:
            watch.step("backup", getattr(target, "path", ""))
            super().backup(target, **more)

    return Connection


@contextmanager
def watched(folder: Path, disk: Disk, reached: Callable[[Step], None]) -> Iterator[Watch]:
    """Tell `reached` each step below `folder`, just before it takes place."""
    watch = Watch(folder, disk, reached)
    real = {name: getattr(os, name) for name in _HOOKED}
    connect, send, fdopen = sqlite3.connect, Door.send, os.fdopen

    def hooked(name: str) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **more: Any) -> Any:
            where = watch.files.get(path, path) if isinstance(path, int) else path
            if not watch.ours(path):
                return real[name](path, *rest, **more)
            watch.step(name, where)
            watch.inside += 1
            try:
                done = real[name](path, *rest, **more)
            finally:
                watch.inside -= 1
            if name == "fsync":
                disk.synced(str(where))
            return done

        return call

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if not watch.ours(path):
            return int(real["open"](path, flags, *rest, **more))
        new = bool(flags & os.O_CREAT) and not Path(path).exists()
        if new or flags & os.O_TRUNC:
            watch.step("open", path)
        watch.inside += 1
        try:
            number = int(real["open"](path, flags, *rest, **more))
        finally:
            watch.inside -= 1
        watch.files[number] = os.fsdecode(path)
        if new:
            disk.created(os.fsdecode(path))
        return number

    def closed(number: int) -> None:
        watch.files.pop(number, None)
        real["close"](number)

    def fdopened(number: int, mode: str = "r", *rest: Any, **more: Any) -> Any:
        path = watch.files.get(number)
        file = fdopen(number, mode, *rest, **more)
        return _File(file, path, watch) if path and set(mode) & set("wax+") else file

    def connected(path: Any, *rest: Any, **more: Any) -> Any:
        made: Any = connect(path, *rest, **{"factory": _connection(watch), **more})
        if watch.ours(path):
            made.path = os.fsdecode(path)
        return made

    def sent(self: Door, request: Any, *rest: Any, **more: Any) -> Any:
        what = f"{request.method} {request.path_url.partition('?')[0]}"
        watch.step("request", what)
        answer = send(self, request, *rest, **more)
        watch.step("answer", what)
        return answer

    hooks: dict[str, Any] = {name: hooked(name) for name in _HOOKED}
    hooks |= {"open": opened, "close": closed, "fdopen": fdopened}
    _watching.append(watch)
    try:
        with (
            mock.patch.multiple(os, **hooks),
            mock.patch.object(sqlite3, "connect", connected),
            mock.patch.object(Door, "send", sent),
        ):
            yield watch
    finally:
        _watching.remove(watch)


_HOOKED = (
    "open", "close", "fsync", "replace", "rename", "unlink", "remove", "mkdir", "chmod",
    "ftruncate", "pwrite", "write", "rmdir", "link",
)  # fmt: skip
