"""The commands that write references.toml and applications.toml for the user."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from datetime import date

from vouchd.config.edit import Value, with_added, with_changed
from vouchd.config.forms import Wrong
from vouchd.config.load import APPLICATIONS, REFERENCES, folded
from vouchd.config.schema import APPLICATION, REFERENCE, Key, Table
from vouchd.config.settings import Config
from vouchd.connectors.contact import Contact
from vouchd.daemon import statefile
from vouchd.daemon.cli_people import APPLICATION_FLAGS, REFERENCE_FLAGS
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.render import one_line
from vouchd.daemon.userfiles import change
from vouchd.rules.model import Reference, Stated

DONE = 0


# --- references -----------------------------------------------------------------------------


def add_reference(arguments: argparse.Namespace, name: str) -> int:
    """Write a new person down."""
    config = configured(arguments)
    fields = {"name": name, **_given(arguments, REFERENCE, REFERENCE_FLAGS, config)}
    person = str(fields["name"])
    emails = fields.get("emails", ())
    if known := known_already(config, person, emails if isinstance(emails, tuple) else ()):
        raise UsageError(f"{known} in {REFERENCES}; `vouchd references edit` changes what is there")
    _no_drop(arguments)
    path = change(config, REFERENCES, lambda text: with_added(text, REFERENCE.name, fields))
    put(
        arguments,
        {"name": person, "file": str(path), "written": sorted(fields)},
        one_line(f"{person} is written down in {path}. {when_read(config)}"),
    )
    return DONE


def edit_reference(arguments: argparse.Namespace, name: str) -> int:
    """Change what is written of a person."""
    config = configured(arguments)
    number = _number_of(config.references, name)
    fields = _given(arguments, REFERENCE, REFERENCE_FLAGS, config)
    drop = _dropped(arguments, REFERENCE)
    _something(fields, drop, "--agreed-on 2026-01-31 or --drop note")
    person = config.references[number]
    others = [other for other in config.references if other is not person]
    emails = fields.get("emails", ())
    if isinstance(emails, tuple) and (taken := _taken(others, emails)):
        raise UsageError(taken)
    path = change(
        config,
        REFERENCES,
        lambda text: with_changed(text, REFERENCE.name, number, fields=fields, drop=drop),
    )
    put(
        arguments,
        {"name": person.name, "file": str(path), "written": sorted(fields)},
        one_line(f"{person.name} is changed in {path}. {when_read(config)}"),
    )
    return DONE


def known_already(
    config: Config, name: str, emails: Iterable[str], new: Iterable[Contact] = ()
) -> str | None:
    """Return in words who stands there already under this name or one of these addresses."""
    there: list[Reference | Contact] = [*config.references, *new]
    same = next((p for p in there if folded(p.name) == folded(name)), None)
    return f"{same.name} stands there already" if same else _taken(there, emails)


def _taken(people: Iterable[Reference | Contact], emails: Iterable[str]) -> str | None:
    wanted = set(emails)
    for person in people:
        if shared := wanted & set(person.emails):
            return f"{', '.join(sorted(shared))} is the address of {person.name} already"
    return None


def _in_full(people: tuple[Reference, ...], wanted: str) -> str:
    """Return the full name of whom a first name or nickname means; else what was said."""
    want = folded(wanted)
    near = [p.name for p in people if want in map(folded, (*p.name.split(), *p.nicknames))]
    return near[0] if len(near) == 1 else wanted


def _number_of(people: tuple[Reference, ...], wanted: str) -> int:
    """Return the place in the file of the person so called. Raises UsageError."""
    want = folded(wanted)
    exact = [n for n, p in enumerate(people) if folded(p.name) == want]
    near = exact or [
        n
        for n, p in enumerate(people)
        if want in map(folded, (*p.name.split(), *p.nicknames, *p.emails))
    ]
    if len(near) == 1:
        return near[0]
    several = "several people are" if near else "nobody is"
    names = "; ".join(sorted(people[n].name for n in near or range(len(people)))) or "none"
    raise UsageError(f'{several} called "{wanted}" in {REFERENCES}; known: {names}')


# --- applications ---------------------------------------------------------------------------


def add_application(arguments: argparse.Namespace, company: str) -> int:
    """Write a new application down."""
    config = configured(arguments)
    fields = {"company": company, **_given(arguments, APPLICATION, APPLICATION_FLAGS, config)}
    _no_drop(arguments)
    _not_twice(config.applications, str(fields["company"]), fields.get("role"))
    return _add_application(arguments, config, fields)


def edit_application(
    arguments: argparse.Namespace, title: tuple[str, str | None], stated: Stated | None
) -> int:
    """Change what is written of an application; what was only learnt is written down."""
    config = configured(arguments)
    fields = _given(arguments, APPLICATION, APPLICATION_FLAGS, config)
    drop = _dropped(arguments, APPLICATION)
    _something(fields, drop, '--role "Staff Engineer" or --drop posting')
    if stated is None:
        _no_drop(arguments)
        company, role = title
        learnt: dict[str, Value] = {"company": company}
        if role:
            learnt["role"] = role
        return _add_application(arguments, config, learnt | fields)
    number = config.applications.index(stated)
    path = change(
        config,
        APPLICATIONS,
        lambda text: with_changed(text, APPLICATION.name, number, fields=fields, drop=drop),
    )
    put(
        arguments,
        {"company": title[0], "role": title[1], "file": str(path), "written": sorted(fields)},
        one_line(f"{', '.join(filter(None, title))} is changed in {path}. {when_read(config)}"),
    )
    return DONE


def _add_application(
    arguments: argparse.Namespace, config: Config, fields: Mapping[str, Value]
) -> int:
    path = change(config, APPLICATIONS, lambda text: with_added(text, APPLICATION.name, fields))
    company, role = str(fields["company"]), fields.get("role")
    put(
        arguments,
        {"company": company, "role": role, "file": str(path), "written": sorted(fields)},
        one_line(
            f"{', '.join(str(t) for t in (company, role) if t)} is written down in {path}. "
            f"{when_read(config)}"
        ),
    )
    return DONE


def _not_twice(stated: Iterable[Stated], company: str, role: object) -> None:
    for other in stated:
        same_role = folded(other.role or "") == folded(str(role or ""))
        if folded(other.company) == folded(company) and same_role:
            raise UsageError(
                f"{', '.join(filter(None, (other.company, other.role)))} stands already in "
                f"{APPLICATIONS}; `vouchd applications edit` changes what is there"
            )


# --- both -----------------------------------------------------------------------------------


def _given(
    arguments: argparse.Namespace, table: Table, flags: Mapping[str, str], config: Config
) -> dict[str, Value]:
    """Return what the flags say, each checked as the file is. Raises UsageError."""
    keys = {key.name: key for key in table.keys}
    found: dict[str, Value] = {}
    for flag, name in flags.items():
        value = getattr(arguments, f"set_{name}")
        if value is not None:
            found[name] = _checked(flag, keys[name], value, config)
    if "references" in found:
        known = {folded(person.name): person.name for person in config.references}
        names = found["references"]
        assert isinstance(names, tuple)
        found["references"] = tuple(
            known.get(folded(name)) or _in_full(config.references, name) for name in names
        )
    agreed = found.get("agreed_on")
    if isinstance(agreed, date) and agreed > moment(arguments, config).date():
        raise UsageError(f"--agreed-on {agreed} is yet to come; allowed: today or a day before")
    return found


def _checked(flag: str, key: Key, value: object, config: Config) -> Value:
    try:
        read = key.form.read(value, config.folder)
    except Wrong as wrong:
        raise UsageError(f"{flag}: {wrong}; allowed: {key.form.allowed}") from None
    if isinstance(read, bool | date):
        return read
    if isinstance(read, tuple):
        return tuple(map(str, read))
    # As it was written, where reading makes something else of it: "90d" is no timedelta in a file.
    return str(read) if isinstance(read, str) else str(value)


def _dropped(arguments: argparse.Namespace, table: Table) -> tuple[tuple[str, str | None], ...]:
    known = [key.name for key in table.keys]
    found = []
    for text in arguments.drop:
        key, _, value = text.partition("=")
        if key not in known:
            raise UsageError(f'--drop: "{key}" is no line of it; allowed: {", ".join(known)}')
        found.append((key, value or None))
    return tuple(found)


def _no_drop(arguments: argparse.Namespace) -> None:
    if arguments.drop:
        raise UsageError("--drop: nothing is written of it yet that could be dropped")


def _something(
    fields: Mapping[str, Value], drop: tuple[tuple[str, str | None], ...], such: str
) -> None:
    if not fields and not drop:
        raise UsageError(f"say what is to change, such as {such}")


def when_read(config: Config) -> str:
    """Return in words when what was written is gone by."""
    pid = statefile.holder(config.state)
    return f"The daemon reads it after: kill -HUP {pid}" if pid else "The next round goes by it."
