"""The command that takes people over from an address book into references.toml."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from vouchd.config.edit import Value, with_added
from vouchd.config.load import REFERENCES, folded
from vouchd.config.schema import REFERENCE
from vouchd.connectors import vcard
from vouchd.connectors.base import Parked, Refused
from vouchd.connectors.contact import Contact
from vouchd.daemon.commands_edit import DONE, known_already, when_read
from vouchd.daemon.console import configured, put, told
from vouchd.daemon.failures import UsageError
from vouchd.daemon.render import counted, one_line
from vouchd.daemon.userfiles import change

_MANY = 15  #: more people than this are hardly all references


def import_references(arguments: argparse.Namespace, what: list[str]) -> int:
    """Write down the people of an address book that are not known yet."""
    config = configured(arguments)
    people, unread = _cards(Path(what[0]))
    told(f"{what[0]}: {parked.source}: {parked.reason}" for parked in unread)
    chosen = _chosen(people, what[1:], all_of_them=arguments.all)
    new: list[Contact] = []
    for person in chosen:
        if known := known_already(config, person.name, person.emails, new):
            told([f"left out: {known}"])
        else:
            new.append(person)

    def with_all(text: str) -> str:
        for person in new:
            text = with_added(text, REFERENCE.name, _fields_of(person))
        return text

    if new:
        change(config, REFERENCES, with_all)
    for person in new:
        addresses = ", ".join(person.emails) or "no address"
        put(
            arguments,
            {"name": person.name, "emails": list(person.emails)},
            one_line(f"{person.name} ({addresses})"),
        )
    if not arguments.json and not new:
        print("Nobody new is in it; nothing was written.")
    elif not arguments.json:
        print(f"{counted(len(new), 'contact')} written down. {when_read(config)}")
        print("Say with `vouchd references edit NAME --agreed-on DATE` who has agreed already.")
    return DONE


def _cards(path: Path) -> tuple[tuple[Contact, ...], Iterable[Parked]]:
    try:
        return vcard.read(path.read_bytes())
    except Refused as error:
        raise UsageError(f"{path}: {error}") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; give another file") from None


def _chosen(
    people: tuple[Contact, ...], names: list[str], *, all_of_them: bool
) -> tuple[Contact, ...]:
    if names:
        wanted = {folded(name): name for name in names}
        found = tuple(p for p in people if folded(p.name) in wanted)
        missing = wanted.keys() - {folded(p.name) for p in found}
        if missing:
            known = "; ".join(sorted(p.name for p in people)[:20])
            said = ", ".join(wanted[name] for name in sorted(missing))
            raise UsageError(f"nobody in the file is called {said}; there are: {known}")
        return found
    if len(people) > _MANY and not all_of_them:
        raise UsageError(
            f"{len(people)} people are in the file, hardly all of them vouch for you: name those "
            "who do behind the file, or say --all"
        )
    return people


def _fields_of(person: Contact) -> dict[str, Value]:
    fields: dict[str, Value] = {"name": person.name}
    lists = {"emails": person.emails, "nicknames": person.nicknames}
    fields |= {key: value for key, value in lists.items() if value}
    words = {"employer": person.employer, "title": person.title, "phone": person.phone}
    return fields | {key: value for key, value in words.items() if value}
