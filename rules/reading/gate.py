"""Whether a stranger's mail can say anything at all: a cheap look at its words, before a close one.

Nearly all mail has nothing to do with jobs, and most of it can be told by single words. A mail is
let through when a stretch of it has a word only hiring uses, when it speaks to the user or of
somebody the user has stated and has one word that hiring uses too, or when many of these stand
together. Whoever writes from a hiring system, or is known, is always read.
"""

from __future__ import annotations

from dataclasses import dataclass

from vouchd.rules.model import Me, Message, Reference, Stated
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.text import words_of

STRETCH = 2_500  #: characters that are looked at together
TOGETHER = 7  #: different words of a stretch that are enough without any other reason
LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Names:
    """The names a mail to the user may mention."""

    own: frozenset[str]  #: words of the user's name
    people: frozenset[str]  #: words of the references' names
    companies: tuple[str, ...]  #: stated companies, lower-case


def names(me: Me, people: tuple[Reference, ...], stated: tuple[Stated, ...]) -> Names:
    """Prepare the names."""
    called = [name for person in people for name in (person.name, *person.nicknames)]
    return Names(
        own=_name_words([me.name]),
        people=_name_words(called),
        companies=tuple(stated_one.company.lower() for stated_one in stated),
    )


def _name_words(names: list[str]) -> frozenset[str]:
    return frozenset(
        word for name in names for word in words_of(f"{name} {fold(name)}") if len(word) > 2
    )


def worth_reading(message: Message, language: Language, known: Names) -> bool:
    """Whether any stretch of a stranger's mail can be about hiring."""
    text = f"{message.subject}\n{message.text[:LONGEST]}"
    return any(
        _speaks(text[at : at + STRETCH], language, known) for at in range(0, len(text), STRETCH)
    )


def _speaks(text: str, language: Language, known: Names) -> bool:
    words = words_of(text)
    if not language.alone.isdisjoint(words):
        return True
    if not language.spaced or not (language.alone or language.beside):
        return True  # a language that cannot tell
    if not known.people.isdisjoint(words):
        return True
    lower = text.lower()
    if any(company in lower for company in known.companies):
        return True
    beside = len(language.beside & words)
    return beside >= TOGETHER or (beside > 0 and not known.own.isdisjoint(words))
