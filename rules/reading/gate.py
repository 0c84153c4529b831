"""Whether a stranger's mail can say anything at all: a cheap look at its words, before a close one.

Nearly all mail has nothing to do with jobs, and most of it can be told by single words: those that
only hiring uses, and those that hiring uses too. A mail is let through when a stretch of it has
enough of them: one where it speaks to the user or of somebody the user has stated, few in a short
mail, more in a long one. Whoever writes from a hiring system, or is known, is always read.
"""

from __future__ import annotations

from dataclasses import dataclass

from vouchd.rules.model import Me, Message, Reference, Stated
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.text import words_of

STRETCH = 2_500  #: characters that are looked at together
LONGEST = 16_000  #: characters that are looked at
ALONE = 3  #: what words that only hiring uses count; one that hiring uses too counts 1
FEWEST, MOST = 3, 10  #: what a stretch must count in the shortest mail, and in a long one
PER_POINT = 150  #: characters of the mail for which it must count one
PER_POINT_IN_PERSON = 250  #: the same of a mail that was written to somebody, not to many


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
    if not language.spaced or not language.alone:
        return True  # a language that cannot tell
    text = f"{message.subject}\n{message.text[:LONGEST]}"
    lower = text.lower()
    if any(company in lower for company in known.companies):
        return True
    enough = min(MOST, max(FEWEST, len(text) // PER_POINT))
    if not (message.bulk or message.automatic):
        if not known.people.isdisjoint(words_of(lower)):
            return True  # "I had a lovely half hour on the phone with Professor Brandt"
        enough = min(MOST, max(1, len(text) // PER_POINT_IN_PERSON))
    return any(
        _counts(lower[at : at + STRETCH], language, known) >= enough
        for at in range(0, len(lower), STRETCH)
    )


def _counts(text: str, language: Language, known: Names) -> int:
    words = words_of(text)
    alone, beside = len(language.alone & words), len(language.beside & words)
    if not (alone or beside):
        return 0
    if not (known.own.isdisjoint(words) and known.people.isdisjoint(words)):
        return MOST
    said = sum(phrase in text for phrase in language.said)
    return ALONE * (alone + said) + beside
