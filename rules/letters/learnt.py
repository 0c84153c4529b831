"""How the user writes to somebody, learnt from their mail with them: language, register, edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from vouchd.rules.intent import Voice
from vouchd.rules.letters.person_name import name_as_known
from vouchd.rules.letters.talk import tongue_of
from vouchd.rules.letters.voice import formality, greet, sign_off
from vouchd.rules.model import Address, Reading, Reference
from vouchd.rules.world import EDITED, Application, Person

_ENOUGH = 3  #: of the user's own mails tell which language is theirs


def voice_for(
    person: Person, spoken: Sequence[Reading], at: datetime, about: Application | None = None
) -> Voice:
    """Return how the user writes to the person, and the language of their last exchange.

    Of a draft of ours only what the user put in place of our words tells something. Where the two
    have never written, the words that the user wrote down about the person tell the language, else
    the user's own mail, `spoken`, else that of the employer it is about.
    """
    name = name_as_known(person.reference)
    letters = [c.reading for c in person.contacts if not c.reading.is_event and c.at <= at]
    # An edit is seen at the next look only, and counts for all that still lies there unsent.
    letters += person.edited
    letters.sort(key=lambda letter: letter.at)
    language = next((letter.language for letter in reversed(letters) if letter.language), None)
    every = [letter for letter in reversed(letters) if letter.sent]
    # What the user wrote in another language is no greeting in this one.
    mine = [letter for letter in every if language is None or letter.language in (None, language)]

    def own(letter: Reading) -> bool:
        return not _custom(letter, letter.greeting, lambda t, f: greet(name, language=t, formal=f))

    byes = (
        letter.sign_off
        for letter in mine
        if not _custom(letter, letter.sign_off, lambda t, f: sign_off(t, formal=f))
    )
    called = person.reference.nicknames
    greeted = (formality(name, called, letter.greeting) for letter in every if own(letter))
    theirs = [letter for letter in reversed(letters) if not letter.sent]
    formal = _register((*mine, *theirs), language)
    return Voice(
        greeting=next(
            (letter.greeting for letter in mine if letter.greeting and own(letter)), None
        ),
        sign_off=next(filter(None, byes), None),
        language=language
        or _written_down(person.reference)
        or _usual(spoken, at)
        or _theirs(about, at),
        formal=next((said for said in greeted if said is not None), None)
        if formal is None
        else formal,
    )


def voice_to(
    to: tuple[Address, ...],
    application: Application | None,
    spoken: Sequence[Reading],
    at: datetime,
) -> Voice:
    """Return how the user writes to an employer's people: as the two sides have written before."""
    addresses = {address.email for address in to}
    mine = [r for r in spoken if r.at <= at and addresses & {a.email for a in r.to}]
    exchange = sorted(
        (*_mails(application, at), *mine), key=lambda reading: reading.at, reverse=True
    )
    language = next((r.language for r in exchange if r.language), None) or _usual(spoken, at)
    alone = [r for r in reversed(mine) if len(to) == 1 and r.language in (None, language)]
    return Voice(
        greeting=next((r.greeting for r in alone if r.greeting and r.key is None), None),
        sign_off=next((r.sign_off for r in alone if r.sign_off and r.key is None), None),
        language=language,
        formal=_register(exchange, language),
    )


def _register(letters: Iterable[Reading], language: str | None) -> bool | None:
    """Return whether the two keep the forms of courtesy, by what they call each other."""
    said = (r.formal for r in letters if r.formal is not None and r.language == language)
    return next(said, None)


def _written_down(person: Reference) -> str | None:
    return tongue_of(" ".join((person.relationship or "", *person.can_speak_to)))


def _usual(spoken: Sequence[Reading], at: datetime) -> str | None:
    """Return the language of most of the user's own mail."""
    seen = Counter(r.language for r in spoken if r.language and not r.automatic and r.at <= at)
    language, count = next(iter(seen.most_common(1)), (None, 0))
    return language if count >= _ENOUGH else None


def _theirs(application: Application | None, at: datetime) -> str | None:
    """Return the language in which an employer last wrote."""
    return next((r.language for r in reversed(_mails(application, at)) if r.language), None)


def _mails(application: Application | None, at: datetime) -> list[Reading]:
    """Return the employer's mails, oldest first."""
    steps = application.steps if application else ()
    found = [step.reading for step in steps if step.at <= at]
    return [reading for reading in found if not (reading.is_event or reading.sent)]


def _custom(letter: Reading, words: str | None, custom: Callable[[str, bool], str]) -> bool:
    """Whether a sent draft of ours still has the words that custom gave it."""
    language = letter.language or "en"
    ours = letter.key is not None or letter.source.startswith(EDITED)
    return ours and words in {custom(language, f) for f in (False, True)}
