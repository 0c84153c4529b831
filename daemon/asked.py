"""Whom the user has asked to vouch already, read from their own mail: for the first set-up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from vouchd.connectors.contact import contact
from vouchd.rules.model import ActKind, Address, Me, Message, Reference, SignalKind
from vouchd.rules.reading.detect import Book, read_message
from vouchd.rules.reading.lexicon import Lexicon

MOST_RECIPIENTS = 4  #: a mail to more people asks nobody in particular
#: A word of these stands in every such request; also what a mailbox is searched for.
WORDS = (
    "reference", "references", "referee", "vouch", "recommendation", "recommend",
    "Referenz", "Referenzen", "Referenzgeber", "Empfehlung", "référence", "références",
    "recommandation", "referencia", "referencias", "recomendación", "referenza", "referenze",
    "raccomandazione", "referentie", "referenties", "referência", "referências", "recomendação",
    "リファレンス", "推薦",
)  # fmt: skip
_HINT = re.compile("|".join(map(re.escape, WORDS)), re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One person, and what the mail says of the asking."""

    name: str
    emails: tuple[str, ...]
    asked_at: datetime
    words: str  #: what the request rests on
    agreed_at: datetime | None = None
    declined_at: datetime | None = None


def people_asked(messages: Iterable[Message], me: Me, lexicon: Lexicon) -> tuple[Asked, ...]:
    """Return the people the user asked, the latest asking first; who said no comes last."""
    hinted = [m for m in messages if _HINT.search(f"{m.subject}\n{m.text}")]
    hinted.sort(key=lambda message: message.at)
    found: dict[str, Asked] = {}
    for message in hinted:
        for email, name, words in _asks(message, me, lexicon):
            known = found.get(email)
            found[email] = Asked(
                name=known.name if known else name,
                emails=(email,),
                asked_at=message.at,
                words=words,
            )
    hiring = _who_hires(hinted, found, me, lexicon)
    answered = [
        one
        for one in (_answered(one, hinted, me, lexicon) for one in found.values())
        if one.agreed_at or one.declined_at or hiring.isdisjoint(one.emails)
    ]
    answered.sort(key=lambda one: (one.declined_at is not None, -one.asked_at.timestamp()))
    return tuple(answered)


def _asks(message: Message, me: Me, lexicon: Lexicon) -> Iterator[tuple[str, str, str]]:
    """Yield address, name and words of whom the user asks in this message."""
    others = [a for a in message.to if a.email and a.email not in me.emails]
    if not message.sent or not 0 < len(others) <= MOST_RECIPIENTS:
        return
    for other in others:
        reference = _reference(other)
        if reference is None:
            continue
        reading = read_message(message, Book(me, (reference,), (), lexicon))
        for act in reading.acts:
            if act.kind is ActKind.ASKED:
                yield other.email, reference.name, act.evidence.text
                break


def _who_hires(
    messages: Iterable[Message], emails: Collection[str], me: Me, lexicon: Lexicon
) -> frozenset[str]:
    """Return who of them asked the user for references: they got names, they give none."""
    book = Book(me, (), (), lexicon)
    return frozenset(
        message.sender.email
        for message in messages
        if not message.sent
        and message.sender.email in emails
        and any(s.kind is SignalKind.REFERENCE_REQUEST for s in read_message(message, book).signals)
    )


def _reference(address: Address) -> Reference | None:
    person = contact(address.name, emails=[address.email])
    if person is None or not person.emails:
        return None
    return Reference(name=person.name, emails=person.emails)


def _answered(one: Asked, messages: list[Message], me: Me, lexicon: Lexicon) -> Asked:
    """Return the asking with the last answer to it."""
    book = Book(me, (Reference(name=one.name, emails=one.emails),), (), lexicon)
    agreed = declined = None
    for message in messages:
        if message.sent or message.at < one.asked_at or message.sender.email not in one.emails:
            continue
        for signal in read_message(message, book).signals:
            if signal.kind is SignalKind.REFERENCE_AGREED:
                agreed, declined = message.at, None
            elif signal.kind is SignalKind.REFERENCE_DECLINED:
                agreed, declined = None, message.at
    return Asked(
        name=one.name,
        emails=one.emails,
        asked_at=one.asked_at,
        words=one.words,
        agreed_at=agreed,
        declined_at=declined,
    )
