"""A person as an address book knows one: made clean, the doubles of an export put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from vouchd.connectors.charset import printable
from vouchd.connectors.headers import one_line

LONGEST_NAME = 200
MOST_ADDRESSES = 20

#: What the configuration takes as an address; anything else in a card is a note to oneself.
_EMAIL = re.compile(r"[^\s@<>(),:;\"\[\]\\]+@[\w-]+(\.[\w-]+)*")

_PHONE = re.compile(r"\+?[\d\s()./x-]{5,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What an address book says of one person; only the name is sure to be there."""

    name: str
    emails: tuple[str, ...] = ()  #: the preferred one first, lower case
    nicknames: tuple[str, ...] = ()
    employer: str = ""
    title: str = ""
    phone: str = ""


def contact(
    name: str,
    *,
    emails: Iterable[str] = (),
    nicknames: Iterable[str] = (),
    employer: str = "",
    title: str = "",
    phones: Iterable[str] = (),
) -> Contact | None:
    """Return the contact with every word on one line; None without a name and an address.

    Who has no name is called by the part of the address before the `@`.
    """
    clean = (re.sub(r"^mailto:", "", word(email), flags=re.I).lower() for email in emails)
    addresses = tuple(dict.fromkeys(filter(_EMAIL.fullmatch, clean)))[:MOST_ADDRESSES]
    called = word(name)
    if not called and addresses:
        called = " ".join(re.split(r"[._+-]+", addresses[0].partition("@")[0])).title()
    if not called:
        return None
    others = dict.fromkeys(map(word, nicknames))
    return Contact(
        name=called,
        emails=addresses,
        nicknames=tuple(nick for nick in others if nick and nick != called),
        employer=word(employer),
        title=word(title),
        phone=next((tel for said in phones if (tel := _phone(said))), ""),
    )


def _phone(said: str) -> str:
    """Return a number as people write it; empty where it is too short to be one."""
    tel = re.sub(r"^tel:", "", word(said), flags=re.I)
    return tel if len(re.findall(r"\d", tel)) > 4 and _PHONE.fullmatch(tel) else ""


def word(text: str) -> str:
    """Return a text on one line, without what cannot be printed."""
    return one_line(printable(text))[:LONGEST_NAME].strip()


def merged(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Put together what an export has twice: the same name, and an address in common or none.

    Two people of one name with different addresses stay two.
    """
    by_name: dict[str, list[Contact]] = {}
    for new in contacts:
        namesakes = by_name.setdefault(new.name.casefold(), [])
        at = next((i for i, old in enumerate(namesakes) if _same(old, new)), None)
        if at is None:
            namesakes.append(new)
        else:
            namesakes[at] = _joined(namesakes[at], new)
    return tuple(chain.from_iterable(by_name.values()))


def _same(one: Contact, other: Contact) -> bool:
    return not one.emails or not other.emails or not set(one.emails).isdisjoint(other.emails)


def _joined(one: Contact, other: Contact) -> Contact:
    return replace(
        one,
        emails=tuple(dict.fromkeys((*one.emails, *other.emails))),
        nicknames=tuple(dict.fromkeys((*one.nicknames, *other.nicknames))),
        employer=one.employer or other.employer,
        title=one.title or other.title,
        phone=one.phone or other.phone,
    )
