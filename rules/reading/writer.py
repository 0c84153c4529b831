"""Who writes a mail: the user, a reference, a hiring system, a board, a colleague or a person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from vouchd.rules.model import Address, Me, Message, Reference, Stated
from vouchd.rules.reading.domains import domain_in, organisation
from vouchd.rules.reading.gate import Names, names
from vouchd.rules.reading.lexicon import Lexicon
from vouchd.rules.reading.people import Circle, circle, fold
from vouchd.rules.reading.vendors import Vendors


@dataclass(frozen=True)
class Book:
    """All that stays the same while messages are read."""

    me: Me
    people: tuple[Reference, ...]
    stated: tuple[Stated, ...]
    lexicon: Lexicon

    @cached_property
    def circle(self) -> Circle:
        """The references, prepared for being found."""
        return circle(self.people)

    @cached_property
    def names(self) -> Names:
        """The names by which a mail shows that it concerns the user."""
        return names(self.me, self.people, self.stated)


@dataclass(frozen=True, slots=True)
class Writer:
    """The sender of a message, and which of the user's people take part."""

    #: self, reference, ats, platform, scheduler, assessment, board, alert, signing,
    #: colleague or person
    kind: str
    author: str | None  #: the reference who writes
    people: tuple[str, ...]  #: references who write or receive
    stated: bool  #: the sender's domain is that of a stated application

    @property
    def stranger(self) -> bool:
        """Whether nothing but the words can tell that a mail matters."""
        return self.kind in _STRANGERS and not (self.people or self.stated)


_STRANGERS = frozenset(("person", "board", "alert", "colleague"))


def writer_of(message: Message, book: Book) -> Writer:
    """Say who writes."""
    people = book.circle
    author = None if message.sent else people.writing(message.sender)
    mine = book.me.emails
    return Writer(
        kind=_kind(message, book.lexicon.vendors, book.me, author),
        author=author,
        people=people.among(a for a in (message.sender, *message.to) if a.email not in mine),
        stated=any(domain_in(message.sender.domain, s.domains) for s in book.stated),
    )


def is_agency(address: Address, vendors: Vendors) -> bool:
    """Whether an address is a recruiting agency's by its domain."""
    if vendors.kind_of(address.domain) is not None:
        return False
    where = fold(organisation(address.domain))
    ends = len(where) > _LEAST and where.endswith(vendors.agency_ends)
    return ends or any(word in where for word in vendors.agency_words)


_LEAST = 5  #: letters of a domain whose end tells what it does


def _kind(message: Message, vendors: Vendors, me: Me, author: str | None) -> str:
    email, domain = message.sender.email, message.sender.domain
    if message.sent or email in me.emails:
        to_self = bool(message.to) and all(a.email in me.emails for a in message.to)
        return "person" if to_self and not message.key else "self"
    if author:
        return "reference"
    if email in vendors.alerts:
        return "alert"
    kind = vendors.kind_of(domain)
    if kind:
        return kind
    label = fold(organisation(domain))
    if any(word in label for word in vendors.checker_words):
        return "platform"
    own = {a.rpartition("@")[2] for a in me.emails} - vendors.freemail - {"example.org"}
    if domain in own or domain in me.employer_domains:
        return "colleague"
    return "person"
