"""The compiled rule data, kept between two starts: compiling it is most of what a start takes.

What is kept is named by a hash of everything it was made from: the phrases, the code that compiles
them and the Python that runs it. So it is never out of date, and it can be thrown away at any time.
"""

from __future__ import annotations

import os
import pickle
import stat
import sys
import tempfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, overload

from vouchd.rules.model import Data
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.lexicon import Entry, Lexicon

_ENDING = ".rules"
_MOST = 3  #: a user may have a configuration or two beside


def compiled(data: Data, folder: Path | None) -> Lexicon:
    """Return the rule data ready to read with, out of `folder` where it has been kept.

    Raises LexiconError when it does not hold. A folder that cannot be used costs time, no more.
    """
    if folder is None:
        return lexicon.compile(data)
    path = folder / f"{_name(data)}{_ENDING}"
    kept = _read(path)
    if kept is not None:
        return kept
    made: Lexicon = _shelved(shared(lexicon.compile(data), {}))
    with suppress(OSError):
        _write(path, made)
    return made


class Shelved(Sequence[Entry]):
    """The phrases of one language, taken down when its first mail is read.

    They are most of what a language weighs, and hardly anybody has mail in all of them.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Put phrases away."""
        self._packed = zlib.compress(pickle.dumps(tuple(entries), pickle.HIGHEST_PROTOCOL), level=1)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        found: tuple[Entry, ...] = pickle.loads(zlib.decompress(self._packed))
        return found

    def __getstate__(self) -> dict[str, bytes]:
        """Return what is kept: not what was taken down."""
        return {"_packed": self._packed}

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Entry, ...]: ...

    def __getitem__(self, at: int | slice) -> Entry | tuple[Entry, ...]:
        """Return one, or several."""
        return self._entries[at]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        """Whether the phrases are the same."""
        return isinstance(other, Sequence) and self._entries == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def _shelved(made: Lexicon) -> Lexicon:
    languages = {
        code: replace(language, entries=Shelved(language.entries))
        for code, language in made.languages.items()
    }
    return replace(made, languages=languages)


def shared(value: Any, pool: dict[tuple[type, Any], Any]) -> Any:
    """Return an equal value in which what is equal is one object: a third of the memory less.

    The words that phrases are looked for by come again and again.
    """
    if isinstance(value, str):
        return pool.setdefault((str, value), value)
    if isinstance(value, tuple | frozenset):
        same = type(value)(shared(item, pool) for item in value)
        return pool.setdefault((type(value), same), same)
    if isinstance(value, dict):
        return {shared(key, pool): shared(item, pool) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: shared(getattr(value, f.name), pool) for f in fields(value)}
        )
    return value


def _name(data: Data) -> str:
    seal = sha256(f"{sys.version}\n{_code()}\n{data.vendors}\n".encode())
    for code, text in (*sorted(data.phrases.items()), *sorted(data.learnt.items())):
        seal.update(f"{code}\n{text}\n".encode())
    return seal.hexdigest()[:40]


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a hash of the code whose objects are kept."""
    seal = sha256(Path(__file__).read_bytes())
    for package in ("vouchd.rules", "vouchd.rules.reading"):
        for file in sorted(files(package).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                seal.update(file.read_bytes())
    return seal.hexdigest()


def _read(path: Path) -> Lexicon | None:
    """Return what is kept, unless anybody else could have put it there: reading it runs it."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(file, "rb") as stream:
        about = os.fstat(file)
        ours = about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not ours:
            return None
        try:
            found = pickle.load(stream)
        except Exception:  # cut off by a full disk, say
            return None
    return found if isinstance(found, Lexicon) else None


def _write(path: Path, made: Lexicon) -> None:
    """Keep it, and drop what was kept for older data. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=_ENDING)  # 0600 by itself
    try:
        with os.fdopen(file, "wb") as stream:
            pickle.dump(made, stream, protocol=pickle.HIGHEST_PROTOCOL)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    kept = sorted(path.parent.glob(f"*{_ENDING}"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-_MOST]:
        old.unlink(missing_ok=True)
