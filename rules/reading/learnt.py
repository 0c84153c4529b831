"""What was learnt from labelled mail: how much each run of words speaks for a kind of signal.

Phrases find what somebody has thought of; this knows what has been seen. Weights for the words of
single sentences, weights for those of a whole mail, and how both are weighed against the phrases
and the circumstances. Made by `benchmarks/train.py`; every number of it can be looked up.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from vouchd.rules.reading.tables import LexiconError

UNITS = ("words", "letters", "signs")  #: what features are runs of; letters: of words as well
ANY = "*"  #: stands for all kinds together: whether a mail says anything


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt for one language, by side: employer, reference, user."""

    sentences: Mapping[str, Table]
    whole: Mapping[str, Table]
    mix: Mapping[str, Mapping[str, float]]  #: side -> what is weighed -> its weight, in log-odds
    doubts: frozenset[str] = frozenset()  #: sides learnt well enough to doubt sure phrases
    unit: str = "words"  #: one of UNITS


@dataclass(frozen=True, slots=True)
class Names:
    """What was learnt of the names of employers and of titles, in all languages together."""

    weights: Mapping[str, float]  #: what is said of an employer's name -> its weight, in log-odds
    titles: Mapping[str, float]  #: the same of words that may be a title
    given: Container[str]  #: first names of people


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Packed(Generic[T_co]):
    """What was learnt, unpacked when the first mail needs it.

    Most users have mail in one language or two, and all of them together take much memory.
    """

    file: str
    packed: bytes
    load: Callable[[str, str], T_co]

    @cached_property
    def opened(self) -> T_co:
        """The data itself. Raises LexiconError."""
        return self.load(self.file, zlib.decompress(self.packed).decode())


def pack(file: str, text: str, load: Callable[[str, str], T_co]) -> Packed[T_co]:
    """Put away what was learnt until it is needed; whether it can be read is seen then."""
    return Packed(file, zlib.compress(text.encode(), level=3), load)


def load(file: str, text: str) -> Learnt:
    """Read what was learnt. Raises LexiconError."""
    try:
        data = json.loads(text)
        return Learnt(
            sentences={side: Table(table) for side, table in data["sentences"].items()},
            whole={side: Table(table) for side, table in data["whole"].items()},
            mix={
                side: {str(name): float(value) for name, value in weights.items()}
                for side, weights in data["mix"].items()
            },
            doubts=frozenset(side for side, does in data["doubts"].items() if does is True),
            unit=UNITS[UNITS.index(data["unit"])],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(file, error) from error


def load_names(file: str, text: str) -> Names:
    """Read what was learnt of names. Raises LexiconError."""
    try:
        data = json.loads(text)
        return Names(
            weights={str(name): float(weight) for name, weight in data["weights"].items()},
            titles={str(name): float(weight) for name, weight in data["titles"].items()},
            given=Words(str(data["given"]).split()),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: Exception) -> LexiconError:
    return LexiconError(f"{file}: {error}: cannot be read; allowed: what `make train` writes")


class Table(Mapping[str, tuple[tuple[str, float], ...]]):
    """Weights by a checksum of the run they belong to: a tenth of the memory of a dict of them.

    Two runs with the same checksum (one in 100,000 that are looked for) would be taken for one.
    """

    def __init__(self, table: Mapping[str, Mapping[str, float]]) -> None:
        """Take over gram -> kind -> weight."""
        pairs = {(k, float(w)): 0 for kinds in table.values() for k, w in kinds.items()}
        self._kinds = tuple(dict.fromkeys(kind for kind, _ in pairs))
        place = {kind: n for n, kind in enumerate(self._kinds)}
        #: each kind, by its place, and weight that comes up, once
        self._pairs = tuple((place[kind], weight) for kind, weight in pairs)
        number = {pair: n for n, pair in enumerate(pairs)}
        self._mask = (1 << len(table).bit_length()) - 1  #: of a checksum: its room
        rooms = self._mask + 1
        self._rooms = array("I", bytes(4 * (rooms + 1)))  #: where the rows of a room begin
        self._sums, self._ends, self._of = array("I"), array("I", [0]), array("I")
        for room, checksum, gram in sorted((_sum(g) & self._mask, _sum(g), g) for g in table):
            self._rooms[room + 1] += 1
            self._sums.append(checksum)
            self._of.extend(number[kind, float(weight)] for kind, weight in table[gram].items())
            self._ends.append(len(self._of))
        for room in range(rooms):
            self._rooms[room + 1] += self._rooms[room]

    def __getitem__(self, gram: str) -> tuple[tuple[str, float], ...]:
        """Return the weights of a run; none for one that is not known."""
        checksum = _sum(gram)
        room = checksum & self._mask
        for row in range(self._rooms[room], self._rooms[room + 1]):
            if self._sums[row] == checksum:
                places = self._of[self._ends[row] : self._ends[row + 1]]
                pairs = [self._pairs[place] for place in places]
                return tuple([(self._kinds[kind], weight) for kind, weight in pairs])
        return ()

    def total(self, grams: Iterable[str]) -> dict[str, float]:
        """Return the sum of the weights of all these runs, by kind."""
        pairs, rooms, sums, ends, of = self._pairs, self._rooms, self._sums, self._ends, self._of
        mask = self._mask
        found = [0.0] * len(self._kinds)
        for gram in grams:
            checksum = zlib.crc32(gram.encode())
            room = checksum & mask
            for row in range(rooms[room], rooms[room + 1]):
                if sums[row] == checksum:
                    for place in of[ends[row] : ends[row + 1]]:
                        kind, weight = pairs[place]
                        found[kind] += weight
                    break
        return dict(zip(self._kinds, found, strict=True))

    def __len__(self) -> int:
        """Return how many runs have weights."""
        return len(self._sums)

    def __iter__(self) -> Iterator[str]:
        """Refuse: the runs themselves stand in the file alone."""
        raise TypeError("the runs of words stand in rules/learnt/*.json alone")


class Words(Container[str]):
    """Words by their checksums: a twentieth of the memory of a set of them."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take over the words."""
        self._sums = array("I", sorted(map(_sum, words)))

    def __contains__(self, word: object) -> bool:
        """Return whether it is one of the words."""
        checksum = _sum(str(word))
        at = bisect_left(self._sums, checksum)
        return at < len(self._sums) and self._sums[at] == checksum


def _sum(gram: str) -> int:
    return zlib.crc32(gram.encode())


def grams(words: list[str], longest: int) -> Iterator[str]:
    """Yield the runs of one to `longest` words."""
    for length in range(1, longest + 1):
        for at in range(len(words) - length + 1):
            yield " ".join(words[at : at + length])


@lru_cache(maxsize=4096)
def letters(word: str) -> tuple[str, ...]:
    """Return the runs of five letters in a word: what Absage and abgesagt, Gespräch have in common.

    Its beginning and its end count as letters.
    """
    marked = f"<{word}>"
    return tuple(f"#{marked[at : at + 5]}" for at in range(len(marked) - 4))


def _runs(plain: str, longest: int, unit: str) -> set[str]:
    if unit == "signs":
        return set(grams(list(_SIGNS.findall(plain)), longest + 1))
    words = plain.split()
    found = set(grams(words, longest))
    if unit == "letters":
        found.update(run for word in words for run in letters(word))
    return found


_SIGNS = re.compile(r"@?[a-z0-9]+|\S")  #: of writing without spaces; what is in Latin letters whole


def of_sentence(plain: str, unit: str) -> tuple[set[str], float]:
    """Return the features of a sentence and what each counts: less in a longer one."""
    length = len(plain) if unit == "signs" else plain.count(" ")
    return _runs(plain, 3, unit), _EACH[unit] / math.sqrt(1 + length)


#: what each run of a sentence counts: the more of them are in it, the less
_EACH = {"words": 2.0, "letters": 1.4, "signs": 2.0}


def of_whole(sentences: Iterable[str], unit: str) -> tuple[set[str], float]:
    """Return the features of a whole mail and what each counts."""
    found = {run for plain in sentences for run in _runs(plain, 2, unit)}
    return found, 5.0 / math.sqrt(1 + len(found))
