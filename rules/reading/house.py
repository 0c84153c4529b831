"""How a house writes the name that its mail domain shortens: gdhospice, pgszkla, wfm."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from vouchd.rules.reading.names import TOKEN, squash

#: small words within a name
_LINKS = (
    "of|the|and|for|de|du|des|la|le|les|und|y|e|van|von|der|den|del|della|delle|dei|di|do|da|dos"
    "|das|zu|et|en|&|\\+|at|am|an|im|zum|zur|in|für|op|aan|ten|ter|bij|voor|a|pour|sur|aux|au"
)
_MOST = 7  #: words of a name
_LEAST = 3  #: letters of a label that can be told from chance


def written_as(label: str, texts: Iterable[str], tails: Collection[str]) -> str | None:
    """Return the name in the texts whose words, each from its beginning, make up a domain label.

    "Glenorchy & Districts Hospice" for gdhospice, "Winnipeg Folk Museum" for wfm, "Stadtwerke
    Burgau" for sw-burgau. `tails` are the words that a label leaves out at the end of a name:
    Trust, Group.
    """
    wanted = _letters(label)
    if len(wanted) < _LEAST:
        return None
    best: tuple[tuple[int, int], str] | None = None
    parts = _parts(label)
    for text in texts:
        for words in _windows(text):
            taken = _taken(wanted, words, tails, parts)
            if taken is None or not _telling(taken, words):
                continue
            whole = sum(n == len(_letters(w)) for n, w in zip(taken, words, strict=True))
            rank = (whole, len(words))
            if best is None or rank > best[0]:
                best = rank, " ".join(words)
    return best[1] if best else None


def _parts(label: str) -> dict[int, str]:
    """Return the short parts of a label with hyphens by where they begin: sw of sw-burgau."""
    found: dict[int, str] = {}
    at = 0
    for part in map(_letters, label.split("-")):
        if "-" in label and 1 < len(part) <= _SHORT:
            found[at] = part
        at += len(part)
    return found


_SHORT = 4  #: letters of an abbreviation


def _shortens(part: str, word: str) -> bool:
    """Whether a word can be shortened so: Stadtwerke as sw, Feuerwehr as fw."""
    letters = iter(word[1:])
    return word[:1] == part[0] and len(word) > _SHORT and all(c in letters for c in part[1:])


def shortened(label: str, words: Collection[str]) -> bool:
    """Whether a label is made of the first letter and some further ones of each word: odhz.

    "Omgevingsdienst Haaglanden-Zuid". Looser than `written_as`: for lines that sign a mail.
    """
    parts = [_letters(p) for w in words if not w.islower() for p in w.split("-")]

    @cache
    def rest(number: int, at: int) -> bool:
        if number == len(parts):
            return at == len(label)
        return any(
            rest(number + 1, at + taken)
            for taken in range(1, len(label) - at + 1)
            if _begins(label[at : at + taken], parts[number])
        )

    return len(label) >= _LEAST and len(parts) > 1 and rest(0, 0)


def _begins(part: str, word: str) -> bool:
    if len(part) > _SHORT:
        return word.startswith(part)
    letters = iter(word[1:])
    return word[:1] == part[0] and all(c in letters for c in part[1:])


def _windows(text: str) -> Iterator[tuple[str, ...]]:
    for match in _NAME.finditer(text):
        words = [w.strip(",.;:!?'’\"()") for w in match[0].split()]
        for start, first in enumerate(words):
            if not first[:1].isupper():
                continue
            for end in range(start + 2, min(len(words), start + _MOST) + 1):
                if words[end - 1][:1].isupper():
                    yield tuple(words[start:end])


_NAME = re.compile(rf"{TOKEN}(?: (?:(?:{_LINKS}) ){{0,2}}(?:[dl]['’])?{TOKEN}){{0,7}}")


def _taken(
    wanted: str, words: tuple[str, ...], tails: Collection[str], parts: Mapping[int, str]
) -> tuple[int, ...] | None:
    """Return how many letters of each word the label takes; None where it is not made of them."""
    first = _letters(words[0])
    if first[:1] != wanted[0]:
        return None
    letters = [first, *map(_letters, words[1:])]

    @cache
    def rest(number: int, at: int, *, whole: bool) -> tuple[int, ...] | None:
        if number == len(letters):
            return () if at == len(wanted) else None
        word = letters[number]
        most = 0
        while most < len(word) and at + most < len(wanted) and word[most] == wanted[at + most]:
            most += 1
        small = words[number].islower() or not word
        tail = at == len(wanted) and words[number].lower().strip(".") in tails
        between = whole and 0 < at < len(wanted)  # Gannaway Timber Frames for gannawayframes
        for taken in range(most, -1 if small or tail or between else 0, -1):
            full = small or taken == len(word)
            after = rest(number + 1, at + taken, whole=whole and full)
            if after is not None:
                return (taken, *after)
        part = parts.get(at)
        if part and _shortens(part, word):
            after = rest(number + 1, at + len(part), whole=False)
            if after is not None:
                return (len(part), *after)
        return None

    return rest(0, 0, whole=True)


def _telling(taken: tuple[int, ...], words: tuple[str, ...]) -> bool:
    """Whether so many letters fit that it is no chance: three initials, or more of two words."""
    counted = [n for n, word in zip(taken, words, strict=True) if n and not word.islower()]
    return len(counted) > 2 or (len(counted) == 2 and sum(counted) > _LEAST)


def _letters(word: str) -> str:
    return squash(word.lower().translate(_PLAIN))


#: letters that are written without their stroke in an address
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
