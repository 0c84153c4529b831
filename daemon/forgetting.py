"""What belongs to a person or an application: facts, follow-ups, what lies open, lines of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vouchd.config.edit import CannotEdit, with_changed
from vouchd.config.load import APPLICATIONS, CONFIG, REFERENCES
from vouchd.config.settings import Config
from vouchd.config.strike import without_entries
from vouchd.daemon import forgotten
from vouchd.daemon.app import App
from vouchd.daemon.commands_people import application_called
from vouchd.daemon.failures import UsageError
from vouchd.daemon.forgotten import (
    ADDRESS,
    COMPANY,
    HUSHED,
    KEY,
    NAME,
    SOURCE,
    THREAD,
    Item,
    Struck,
)
from vouchd.daemon.look import Sight
from vouchd.daemon.think import shared_domains
from vouchd.daemon.userfiles import change
from vouchd.rules.advance import slug
from vouchd.rules.forget import company
from vouchd.rules.match import counterparts, same_company
from vouchd.rules.model import Address, Reading, Reference, Stated
from vouchd.rules.world import Deed, Word


@dataclass(frozen=True, slots=True)
class Edit:
    """A file of the user's, and what its text becomes."""

    name: str
    edit: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """What is to be forgotten."""

    title: str  #: as the user knows it
    items: tuple[Item, ...]
    keys: frozenset[str]  #: of the follow-ups about nothing else
    edits: tuple[Edit, ...]  #: of the user's files, in this order


def person(app: App, sight: Sight, wanted: str) -> Doomed:
    """Return what belongs to a person: one who vouches, or anybody seen in the mail.

    Raises UsageError when nobody is called so.
    """
    reference = _reference(app.config, wanted)
    name = reference.name if reference else wanted
    emails = set(reference.emails if reference else ())
    nicknames = reference.nicknames if reference else ()
    known = {name.casefold(), *(email.casefold() for email in emails)}
    names = {name, *nicknames} - emails
    mine = frozenset(app.config.me.emails)
    for reading in app.store.readings():
        for one in _addresses(reading):
            if {one.email.casefold(), one.name.casefold()} & known and one.email not in mine:
                emails.add(one.email)
                names |= {one.name} if one.name and "@" not in one.name else set()
    names = {one for one in names if "@" not in one}
    if reference is None and not emails:
        raise UsageError(
            f'nobody called "{wanted}" is known; give the name as in references.toml or as it '
            "stands in mail, or an address"
        )
    about = {slug(one) for one in ((reference.name,) if reference else ())}
    keys = {f.key for f in sight.follow_ups if reference and f.references == (reference.name,)}
    keys |= {key for key in _keys(app) if key.split(".")[1:2] and key.split(".")[1] in about}
    return Doomed(
        title=name,
        items=(
            *((NAME, one) for one in sorted(names)),
            *((ADDRESS, email) for email in sorted(emails)),
            *((KEY, key) for key in sorted(keys)),
        ),
        keys=frozenset(keys),
        edits=_without_person(app.config, reference) if reference else (),
    )


def application(app: App, sight: Sight, wanted: str) -> Doomed:
    """Return what belongs to an application, given by employer, or employer and role.

    Raises UsageError when none or several are called so.
    """
    found = application_called(sight, wanted)
    employer, role = found.title
    alone = not any(
        other.key != found.key and same_company(other.title[0], employer)
        for other in sight.world.applications.values()
    )
    readings = {step.reading.source: step.reading for step in found.steps}
    for interview in found.interviews:
        readings[interview.step.reading.source] = interview.step.reading
    hushed = {r.source for r in _said_of(sight, found.key) if r.people}
    readings = {source: r for source, r in readings.items() if source not in hushed}
    threads = {r.thread for r in readings.values() if r.thread and not r.people}
    addresses = _of_employer(app, readings.values())
    for reading in app.store.readings():
        says_nothing = not (reading.signals or reading.acts or reading.people)
        if says_nothing and addresses.intersection(counterparts(reading)):
            readings[reading.source] = reading
    names = {step.signal.company for step in found.steps if step.signal.company}
    names |= {employer, found.company}
    keys = {f.key for f in sight.follow_ups if set(f.applications) == {found.title}}
    keys |= {key for key in _keys(app) if key.split(".")[1:2] == [slug(found.key)]}
    return Doomed(
        title=", ".join(filter(None, (employer, role))),
        items=(
            *((SOURCE, source) for source in sorted(readings)),
            *((HUSHED, source) for source in sorted(hushed)),
            *((THREAD, thread) for thread in sorted(threads)),
            *((COMPANY, one) for one in sorted(set(map(company, names)) if alone else ())),
            *((KEY, key) for key in sorted(keys)),
        ),
        keys=frozenset(keys),
        edits=_without_application(app.config, employer, None if alone else found.stated),
    )


def _said_of(sight: Sight, key: str) -> Iterator[Reading]:
    """Yield the mails to and from references that are about this application and no other."""
    readings: dict[str, Reading] = {}
    about: dict[str, set[str | None]] = {}
    for someone in sight.world.people.values():
        said_of_them: tuple[Word | Deed, ...] = (*someone.words, *someone.deeds)
        for said in said_of_them:
            readings[said.reading.source] = said.reading
            about.setdefault(said.reading.source, set()).add(said.application)
    yield from (readings[source] for source, keys in about.items() if keys == {key})


def _reference(config: Config, wanted: str) -> Reference | None:
    folded = wanted.casefold()
    exact = [
        r for r in config.references if folded in (r.name.casefold(), *map(str.casefold, r.emails))
    ]
    near = exact or [
        r for r in config.references if folded in map(str.casefold, (*r.name.split(), *r.nicknames))
    ]
    if len(near) > 1:
        names = "; ".join(r.name for r in near)
        raise UsageError(f'several references are called "{wanted}"; known: {names}')
    return near[0] if near else None


def _without_person(config: Config, person: Reference) -> tuple[Edit, ...]:
    """Return the edits that take a person out; first where others name them."""
    naming = [n for n, one in enumerate(config.applications) if person.name in one.references]
    numbers = {n for n, one in enumerate(config.references) if one.name == person.name}

    def not_named(text: str) -> str:
        for number in naming:
            text = with_changed(
                text, "application", number, fields={}, drop=[("references", person.name)]
            )
        return text

    edits = [Edit(APPLICATIONS, not_named)] if naming else []
    edits.append(Edit(REFERENCES, lambda text: without_entries(text, "reference", numbers)))
    return tuple(edits)


def _without_application(config: Config, employer: str, only: Stated | None) -> tuple[Edit, ...]:
    """Return the edits that take an employer out, or only one of its applications."""
    numbers = {
        n
        for n, one in enumerate(config.applications)
        if (one == only if only is not None else same_company(one.company, employer))
    }
    if not numbers:
        return ()
    return (Edit(APPLICATIONS, lambda text: without_entries(text, "application", numbers)),)


def rehearse(config: Config, doomed: Doomed) -> None:
    """Try the edits without writing. Raises UsageError where one cannot be made."""
    for each in doomed.edits:
        path = config.folder / each.name
        try:
            each.edit(path.read_bytes().decode("utf-8-sig"))
        except CannotEdit as error:
            raise UsageError(f"{path}: {error}; nothing was forgotten") from None


def _addresses(reading: Reading) -> Iterator[Address]:
    for one in (reading.sender, reading.reply_to):
        if one is not None:
            yield one
    yield from (*reading.to, *reading.attendees)


def _keys(app: App) -> set[str]:
    answered = {answer.key for answer in app.store.answers()}
    written = {receipt.key for receipt in app.store.receipts()}
    return {key for key in answered | written if key.count(".") == 2 and "@" not in key}


def _of_employer(app: App, readings: Iterable[Reading]) -> frozenset[str]:
    """Return the addresses of the employer's own people in these mails."""
    book = app.mind.book
    shared = shared_domains(book.lexicon.vendors)
    others = {*book.me.emails, *(email for person in book.people for email in person.emails)}
    return frozenset(
        email
        for reading in readings
        if not reading.people
        for email in counterparts(reading)
        if email not in others and email.rpartition("@")[2] not in shared
    )


def still_named(config: Config, doomed: Doomed) -> tuple[Path, ...]:
    """Return the user's own files that name it: notes of theirs, and messages they saved."""
    words = [t.casefold() for kind, t in doomed.items if kind in (NAME, ADDRESS) and len(t) > 3]
    words += [doomed.title.casefold()]
    paths = [config.folder / name for name in (CONFIG, REFERENCES, APPLICATIONS)]
    paths += [expected.message for expected in config.expectations]
    found = []
    for path in paths:
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace").casefold()
            if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words):
                found.append(path)
    return tuple(found)


def is_forgotten(app: App, what: str, wanted: str) -> bool:
    """Whether a person or an employer of this name was forgotten before."""
    found = app.store.prints()
    if found is None:
        return False
    if what == "person":
        return found.has(NAME, wanted) or found.has(ADDRESS, wanted)
    return found.has(COMPANY, company(wanted))


def strike(app: App, doomed: Doomed, now: datetime) -> Struck:
    """Take it out of the state, its copies, and the user's files."""
    with app.store.transaction() as db:
        struck = forgotten.forget(db, doomed.items, now)
    app.store.scrub()
    for each in doomed.edits:
        change(app.config, each.name, each.edit)
    return struck
