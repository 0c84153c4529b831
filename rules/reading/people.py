"""Which references are meant: by address, full name, nickname, title or initial; never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from vouchd.rules.model import Address, Reference

_TITLES = frozenset(
    "captain capt colonel father sister cllr councillor "
    "prof professor dr mr mrs ms miss mx sir dame rev hon ing dipl med phil herr herrn frau m mme "
    "mlle meneer heer mevrouw mw "
    "monsieur madame señor señora sr sra srta don doña dott dottoressa signor signora dhr mevr "
    "senhor senhora sensei".split()
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return _COMBINING.sub("", plain)


#: the accents that decomposition leaves, of all alphabets (Unicode blocks of combining marks)
_COMBINING = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u3099\u309a]")


def by_address(addresses: Iterable[Address]) -> tuple[str, ...]:
    """Return the display names that are people's: a word of the name stands in the address.

    An employer's mailbox is called by the employer's name, and its local part is `jobs`.
    """
    names = []
    for address in addresses:
        local = re.split(r"[^a-z]+", fold(address.email.partition("@")[0]))
        words = fold(address.name).split()
        if len(words) > 1 and any(len(w) > 2 and w in local for w in words):
            names.append(address.name)
    return tuple(names)


def _variants(word: str) -> set[str]:
    """Return the ways a name word is written without its accents."""
    spelled = word.casefold()
    for letter, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe")):
        spelled = spelled.replace(letter, two)
    return {
        fold(word),
        fold(spelled),
        fold(word).replace("-", " "),
        fold(spelled).replace("-", " "),
    }


@dataclass(frozen=True, slots=True)
class _Person:
    reference: Reference
    full: frozenset[str]
    first: frozenset[str]  #: first names and nicknames
    last: frozenset[str]
    employer: str


@dataclass(frozen=True, slots=True)
class Circle:
    """All references, prepared for finding them in text."""

    persons: tuple[_Person, ...]
    by_email: dict[str, str]
    anybody: re.Pattern[str] | None  #: any word that could be one of them, on folded text
    written: re.Pattern[str] | None  #: a whole name as it is written

    def at(self, email: str) -> str | None:
        """Return who has this address."""
        return self.by_email.get(email.lower())

    def writing(self, sender: Address) -> str | None:
        """Return which reference a sender is: by address, else by the full name."""
        found = self.at(sender.email)
        if found or not sender.name:
            return found
        last, comma, first = fold(sender.name).partition(",")
        name = _untitled(f"{first} {last}" if comma else last)
        named = [p.reference.name for p in self.persons if name in p.full]
        return named[0] if len(named) == 1 else None

    def among(self, addresses: Iterable[Address]) -> tuple[str, ...]:
        """Return the references among addresses, each once."""
        found = (self.writing(a) for a in addresses)
        return tuple(dict.fromkeys(name for name in found if name))

    def named(
        self, text: str, *, context: str = "", strangers: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """Return who is named in a text, in its order.

        `context` is more text to tell two of one first name apart (an employer, an
        initial); `strangers` are first names of others in the mail, which are not theirs here.
        """
        if self.anybody is None:
            return ()
        folded = fold(text)
        if "@" not in folded and not self.anybody.search(folded):
            return ()
        found: dict[str, int] = {}
        for email, name in self.by_email.items():
            at = folded.find(email)
            if at >= 0:
                found.setdefault(name, at)
        words = _words(folded)
        raw = _words(text)
        for person in self.persons:
            place = _full_name(words, person)
            if place is not None:
                found.setdefault(person.reference.name, place)
        for index, (word, start) in enumerate(words):
            part = self._by_part(words, raw, index, word, fold(context), strangers)
            if part:
                found.setdefault(part, start)
        return tuple(sorted(found, key=lambda name: found[name]))

    def _by_part(
        self,
        words: list[tuple[str, int]],
        raw: list[tuple[str, int]],
        index: int,
        word: str,
        context: str,
        strangers: frozenset[str],
    ) -> str | None:
        after = words[index + 1][0] if index + 1 < len(words) else ""
        before = words[index - 1][0] if index else ""
        by_first = [p for p in self.persons if word in p.first]
        if by_first and word not in strangers:
            following = raw[index + 1][0] if index + 1 < len(raw) and len(raw) == len(words) else ""
            if any(after in p.last for p in by_first):
                return None  # the full name was looked for already
            if len(following) <= 2 and following[:1].isupper() and following != "I":
                by_first = [
                    p for p in by_first if any(last.startswith(after[:1]) for last in p.last)
                ]
            elif _surname(following, after) and _adjacent(words, index):
                return None  # somebody else's
            if len(by_first) == 1:
                return by_first[0].reference.name
            told = [p for p in by_first if p.employer and p.employer in context]
            if len(told) == 1:
                return told[0].reference.name
            return None
        by_last = [p for p in self.persons if word in p.last]
        if len(by_last) == 1 and not any(word in p.first for p in self.persons):
            if before in _TITLES:
                return by_last[0].reference.name
            capital = raw[index][0][:1].isupper() if len(raw) == len(words) else False
            previous = raw[index - 1][0] if index and len(raw) == len(words) else ""
            alone = (
                not previous[:1].isupper()
                or previous.lower() in _STARTS
                or not _adjacent(words, index - 1)
            )
            if capital and alone and len(word) > 3:
                return by_last[0].reference.name
        return None


_STARTS = frozenset("got have from nothing both and the for with is has".split())
_PLAIN = frozenset(
    "and or is was has have had will would can could at from to with the in on just said told also "
    "who that our your my his her i we they you it as for about".split()
)


def _surname(raw: str, folded: str) -> bool:
    """Whether a word after a first name looks like a surname."""
    return raw[:1].isupper() and raw.lower() not in _PLAIN and folded not in _TITLES


def _adjacent(words: list[tuple[str, int]], index: int) -> bool:
    """Whether a word and the next stand apart by one blank only."""
    if index < 0 or index + 1 >= len(words):
        return False
    word, start = words[index]
    return words[index + 1][1] == start + len(word) + 1


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _words(text: str) -> list[tuple[str, int]]:
    return [(m[0].removesuffix("'s").removesuffix("’s"), m.start()) for m in _WORD.finditer(text)]


def _full_name(words: list[tuple[str, int]], person: _Person) -> int | None:
    for index, (word, start) in enumerate(words):
        if word not in person.last:
            continue
        near = words[max(0, index - 3) : index]
        if any(first in person.first for first, _ in near):
            return start
        joined = " ".join(w for w, _ in words[max(0, index - 2) : index])
        if any(" " in f and joined.endswith(f) for f in person.first):
            return start
        following = words[index + 1 : index + 2]
        if following and following[0][0] in person.first:  # "Cole, Dana"
            return start
    return None


def _untitled(name: str) -> str:
    words = [w for w in re.findall(r"[^\s,.]+", name) if w not in _TITLES]
    return " ".join(words)


def first_names(name: str) -> frozenset[str]:
    """Return the folded first name of a display name."""
    words = _untitled(fold(name)).split()
    return frozenset(words[:1])


@lru_cache(maxsize=8)
def circle(people: tuple[Reference, ...]) -> Circle:
    """Prepare the references."""
    persons = []
    by_email: dict[str, str] = {}
    for reference in people:
        words = [w for w in re.findall(r"[^\s,.]+", reference.name) if fold(w) not in _TITLES]
        last = _variants(words[-1]) if len(words) > 1 else set()
        first = set().union(*(_variants(w) for w in (*words[:1], *reference.nicknames)))
        full = {" ".join((f, ending)) for f in first for ending in last} | {fold(" ".join(words))}
        employer = fold(reference.employer or "")
        persons.append(
            _Person(reference, frozenset(full), frozenset(first), frozenset(last), employer)
        )
        for email in reference.emails:
            by_email[email.lower()] = reference.name
    parts = {part for p in persons for part in (p.first | p.last) if part}
    anybody = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
    return Circle(
        tuple(persons),
        by_email,
        re.compile(rf"\b(?:{anybody})\b") if anybody else None,
        _written(people),
    )


def _written(people: tuple[Reference, ...]) -> re.Pattern[str] | None:
    words: set[str] = set()
    for reference in people:
        for name in (reference.name, *reference.nicknames):
            parts = [w for w in re.findall(r"[^\s,.]+", name) if fold(w) not in _TITLES]
            for part in parts:
                words |= {part, *(v.title() for v in _variants(part))}
    if not words:
        return None
    part = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(
        rf"\b(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor)\.? +)*(?:[A-Z]\. *)?(?:{part})"
        rf"(?:[ .-]+(?:{part}|[A-Z]\b\.?))*(?!\w)"
    )
