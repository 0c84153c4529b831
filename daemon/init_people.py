"""The people who vouch, taken over in set-up: from a vCard, Google Contacts, or the user's mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import shorten
from zoneinfo import ZoneInfo

from vouchd.config.edit import Value, with_added
from vouchd.config.load import REFERENCES, folded
from vouchd.config.schema import Config
from vouchd.connectors import vcard
from vouchd.connectors.base import Parked, Refused
from vouchd.connectors.contact import Contact
from vouchd.connectors.sources import read_mail
from vouchd.daemon import asked
from vouchd.daemon.app import mind_of
from vouchd.daemon.console import told
from vouchd.daemon.failures import UsageError
from vouchd.daemon.progress import Progress
from vouchd.daemon.userfiles import change
from vouchd.rules.model import Message

LOOK_BACK = timedelta(days=3 * 365)
_MOST_FOUND = 400  #: messages that a search of a mailbox at Google brings
_MOST_WRITERS = 20  #: in one search


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A person who may be written down, and why."""

    contact: Contact
    agreed_on: date | None = None
    why: str = ""


def from_vcard(path: Path) -> tuple[Proposed, ...]:
    """Return the people of a vCard file. Raises UsageError."""
    try:
        people, unread = vcard.read(path.expanduser().read_bytes())
    except Refused as error:
        raise UsageError(f"{path}: {error}") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give another file") from None
    told(f"{path}: {item.source}: {item.reason}" for item in unread)
    return tuple(map(_of_contact, people))


def from_contacts(config: Config) -> tuple[Proposed, ...]:
    """Return the people of Google Contacts. Raises ConnectorError."""
    from vouchd.connectors.google_people import contacts
    from vouchd.daemon.google_once import opened

    google = opened(config)
    try:
        return tuple(map(_of_contact, contacts(google)))
    finally:
        google.close()


def from_mail(config: Config, now: datetime, progress: Progress) -> tuple[Proposed, ...]:
    """Return the people the user has asked to vouch, by their own mail. Raises ConnectorError."""
    lexicon = mind_of(config).book.lexicon
    since = now - LOOK_BACK
    if config.mail.source == "gmail":
        mine = tuple(_counted(_searched(config, config.me.emails, since), progress))
        writers = [one.emails[0] for one in asked.people_asked(mine, config.me, lexicon)]
        theirs = _searched(config, writers[:_MOST_WRITERS], since) if writers else ()
        messages: Iterable[Message] = (*mine, *_counted(theirs, progress))
    else:
        messages = _counted(_read(config, since), progress)
    found = asked.people_asked(messages, config.me, lexicon)
    return tuple(_of_asked(one, config.me.zone) for one in found)


def _of_contact(contact: Contact) -> Proposed:
    what = ", ".join(filter(None, (contact.title, contact.employer)))
    return Proposed(contact=contact, why=what)


def _of_asked(one: asked.Asked, zone: ZoneInfo) -> Proposed:
    def day(at: datetime) -> str:
        return f"{at.astimezone(zone):%-d %b %Y}"

    answer = "no answer seen"
    if one.agreed_at:
        answer = f"yes on {day(one.agreed_at)}"
    elif one.declined_at:
        answer = f"no on {day(one.declined_at)}"
    return Proposed(
        contact=Contact(name=one.name, emails=one.emails),
        agreed_on=one.agreed_at.astimezone(zone).date() if one.agreed_at else None,
        why=f"asked on {day(one.asked_at)}, {answer}: “{shorten(one.words, 70, placeholder=' …')}”",
    )


def _read(config: Config, since: datetime) -> Iterator[Message]:
    path = config.mail.path
    assert path is not None  # loading the configuration has looked
    for item in read_mail(path, me=config.me.emails, zone=config.me.zone):
        if not isinstance(item, Parked) and item.at >= since:
            yield item


def _searched(config: Config, writers: Iterable[str], since: datetime) -> Iterator[Message]:
    """Yield what these addresses wrote with one of the words in it."""
    from vouchd.daemon.google_once import searched

    words = " ".join(f'"{word}"' for word in asked.WORDS)
    who = " ".join(f"from:{email}" for email in writers)
    query = f"after:{int(since.timestamp())} {{{who}}} {{{words}}}"
    return searched(config, query, most=_MOST_FOUND)


def _counted(messages: Iterable[Message], progress: Progress) -> Iterator[Message]:
    for number, message in enumerate(messages, start=1):
        progress("mail", number)
        yield message


def unknown(config: Config, people: Iterable[Proposed]) -> tuple[Proposed, ...]:
    """Return those who do not stand in references.toml yet, by name and by address."""
    names = {folded(person.name) for person in config.references}
    emails = {email for person in config.references for email in person.emails}
    found = []
    for one in people:
        mine = set(one.contact.emails)
        if folded(one.contact.name) in names or mine & emails or mine & set(config.me.emails):
            continue
        names.add(folded(one.contact.name))
        emails |= mine
        found.append(one)
    return tuple(found)


def write_down(config: Config, people: Iterable[Proposed]) -> Path:
    """Add them to references.toml, every line of it that was there left as it was.

    Raises UsageError, ConfigError.
    """
    people = tuple(people)

    def added(text: str) -> str:
        for one in people:
            text = with_added(text, "reference", _fields(one))
        return text

    return change(config, REFERENCES, added)


def _fields(one: Proposed) -> dict[str, Value]:
    person = one.contact
    fields: dict[str, Value] = {"name": person.name}
    if person.emails:
        fields["emails"] = person.emails
    if person.nicknames:
        fields["nicknames"] = person.nicknames
    if person.employer:
        fields["employer"] = person.employer
    if person.title:
        fields["title"] = person.title
    if one.agreed_on:
        fields["agreed_on"] = one.agreed_on
    return fields
