"""Three TOML files into one Config; every problem is collected and told at once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from vouchd.config.forms import Wrong, meant, shown
from vouchd.config.lines import Place, lines_of
from vouchd.config.places import cache_folder, credential, state_folder, system_zone
from vouchd.config.schema import APPLICATION, EXPECT, REFERENCE, TABLES, Key, Table
from vouchd.config.settings import (
    CalendarSettings,
    Config,
    Expectation,
    GoogleSettings,
    HealthSettings,
    LogSettings,
    MailSettings,
    MetricsSettings,
    QuotaSettings,
    RuleSettings,
    ServiceSettings,
    StateSettings,
    TemplateSettings,
)
from vouchd.rules.model import Me, Reference, Stated, Wishes

CONFIG, REFERENCES, APPLICATIONS = "config.toml", "references.toml", "applications.toml"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what is allowed."""

    file: Path
    line: int | None
    key: str
    what: str
    allowed: str = ""

    def __str__(self) -> str:
        """Return the one line that a user reads."""
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        subject = f" {self.key}:" if self.key else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{place}:{subject} {self.what}{allowed}"


class ConfigError(Exception):
    """The configuration does not hold; `problems` are all that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(slots=True)
class _File:
    """One file being read; collects what is wrong with it."""

    path: Path
    content: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    present: bool = False

    def wrong(self, place: Place, what: str, allowed: str = "") -> None:
        """Note a problem at `place`."""
        line = next((self.lines[p] for p in _upwards(place) if p in self.lines), None)
        self.problems.append(Problem(self.path, line, _named(place), what, allowed))


def _upwards(place: Place) -> Iterator[Place]:
    while place:
        yield place
        place = place[:-1]


def _named(place: Place) -> str:
    name = ""
    for part in place:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def load(
    folder: Path, environ: Mapping[str, str], *, instead: Mapping[str, str] | None = None
) -> Config:
    """Read the three files of `folder`; `instead`: the text of one, before it is written.

    Raises ConfigError with all problems of all files.
    """
    folder = folder.expanduser().absolute()
    main, people, stated = (
        _opened(folder / name, (instead or {}).get(name))
        for name in (CONFIG, REFERENCES, APPLICATIONS)
    )
    if not main.present and not main.problems:
        main.wrong((), "there is no such file; `vouchd init` writes one to start from")
    if main.problems:  # nothing in it is known: what seems to be missing may stand there
        _many(people, REFERENCE, Reference, folder)
        _many(stated, APPLICATION, Stated, folder)
        raise ConfigError((*main.problems, *people.problems, *stated.problems))
    filled = _tables(main, folder)
    expectations = _many(main, EXPECT, Expectation, folder, beside=TABLES)
    references = _many(people, REFERENCE, Reference, folder)
    applications = _many(stated, APPLICATION, Stated, folder)
    _check_sources(main)
    _check_hours(main, filled)
    _check_names(people, references)
    applications = _with_known_names(stated, people, applications, references)
    warnings = _warnings(people, references, filled)
    if Me in filled and "zone" not in filled[Me]:
        zone = system_zone(environ)
        filled[Me]["zone"] = zone
        if zone is None and not main.problems:
            main.wrong(("me", "timezone"), "this machine does not say its time zone; write it here")
    if problems := (*main.problems, *people.problems, *stated.problems):
        raise ConfigError(problems)
    return Config(
        folder=folder,
        me=Me(**filled[Me]),
        references=tuple(person for _, person in references),
        applications=tuple(application for _, application in applications),
        wishes=Wishes(**filled.get(Wishes, {})),
        mail=MailSettings(**filled[MailSettings]),
        calendar=CalendarSettings(**filled[CalendarSettings]),
        google=_google(GoogleSettings(**filled.get(GoogleSettings, {})), environ),
        google_units=QuotaSettings(**filled.get(QuotaSettings, {})),
        state=StateSettings(**filled.get(StateSettings, {})).path or state_folder(environ),
        service=ServiceSettings(**filled.get(ServiceSettings, {})),
        health=HealthSettings(**filled.get(HealthSettings, {})),
        log=LogSettings(**filled.get(LogSettings, {})),
        metrics=MetricsSettings(**filled.get(MetricsSettings, {})),
        phrases=RuleSettings(**filled.get(RuleSettings, {})).phrases or folder / "phrases",
        templates=TemplateSettings(**filled.get(TemplateSettings, {})).path or folder / "templates",
        expectations=tuple(expectation for _, expectation in expectations),
        cache=cache_folder(environ),
        warnings=warnings,
    )


def _google(stated: GoogleSettings, environ: Mapping[str, str]) -> GoogleSettings:
    """Return the settings with the secrets that systemd hands over, where none are stated."""
    return replace(
        stated,
        token=stated.token or credential(environ, "google-token"),
        client=stated.client or credential(environ, "google-client"),
    )


def _opened(path: Path, text: str | None) -> _File:
    file = _File(path)
    try:
        text = path.read_bytes().decode("utf-8-sig") if text is None else text
        file.present = True
        file.content = tomllib.loads(text)
        file.lines = lines_of(text)
    except FileNotFoundError:
        pass
    except OSError as error:
        file.wrong((), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        file.wrong((), f"is not UTF-8 text (byte {error.start}); save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        # Only the text of the exception says where.
        what, _, where = str(error).rpartition(" (at ")
        line = re.match(r"line (\d+), column (\d+)", where)
        number, column = (int(line[1]), f", column {line[2]}") if line else (None, "")
        sentence = f"is not TOML{column}: {what or error}"
        file.problems.append(Problem(path, number, "", sentence))
    return file


def _tables(file: _File, folder: Path) -> dict[type, dict[str, Any]]:
    """Read the tables of config.toml; return the fields of each value they fill."""
    known = {table.name: table for table in TABLES}
    filled: dict[type, dict[str, Any]] = {}
    for name in file.content:
        if name not in known and name != EXPECT.name:
            file.wrong((name,), f"this is not known{meant(name, known)}", _listed(known))
    for table in TABLES:
        content = file.content.get(table.name, {})
        if not isinstance(content, dict):
            file.wrong((table.name,), f"{shown(content)} stands where [{table.name}] should be")
            continue
        if content or _required(table):
            values = _read(file, (table.name,), table, content, folder)
            filled.setdefault(table.into, {}).update(values)
    return filled


def _many(
    file: _File, table: Table, into: type[Value], folder: Path, *, beside: tuple[Table, ...] = ()
) -> tuple[tuple[int, Value], ...]:
    """Read `[[table]]`s; return those without a problem, each with its place in the file.

    `beside`: the other tables of the file, which are read elsewhere.
    """
    for name in file.content if not beside else ():
        if name != table.name:
            hint = meant(name, [table.name])
            file.wrong((name,), f"this is not known{hint}", f"[[{table.name}]]")
    entries = file.content.get(table.name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        file.wrong((table.name,), "is one table; two brackets make a list", f"[[{table.name}]]")
        return ()
    read = []
    for number, entry in enumerate(entries):
        before = len(file.problems)
        values = _read(file, (table.name, number), table, entry, folder)
        if len(file.problems) == before:
            read.append((number, into(**values)))
    return tuple(read)


def _read(
    file: _File, place: Place, table: Table, content: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    known = {key.name: key for key in table.keys}
    for name in content:
        if name not in known:
            file.wrong((*place, name), f"this is not known{meant(name, known)}", _listed(known))
    required = _required(table)
    values: dict[str, Any] = {}
    for key in table.keys:
        if key.name in content:
            try:
                values[key.fills] = key.form.read(content[key.name], folder)
            except Wrong as wrong:
                file.wrong((*place, key.name), str(wrong), key.form.allowed)
        elif key in required:
            file.wrong((*place, key.name), "is missing", key.form.allowed)
    return values


def _required(table: Table) -> tuple[Key, ...]:
    without = {
        f.name for f in fields(table.into) if f.default is MISSING and f.default_factory is MISSING
    }
    return tuple(key for key in table.keys if key.fills in without and not key.default)


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names)


def _check_sources(file: _File) -> None:
    for table, sources in (("mail", ("maildir", "mbox")), ("calendar", ("folder",))):
        content = file.content.get(table)
        if isinstance(content, dict) and content.get("source") in sources and "path" not in content:
            file.wrong(
                (table, "path"),
                f'is missing, and source = "{content["source"]}" needs it',
                'a path such as "~/Mail"' if table == "mail" else 'a path such as "~/.calendars"',
            )


def _check_hours(file: _File, filled: Mapping[type, Mapping[str, Any]]) -> None:
    wishes = filled.get(Wishes, {})
    usual = {f.name: f.default for f in fields(Wishes)}
    start = wishes.get("day_starts", usual["day_starts"])
    end = wishes.get("day_ends", usual["day_ends"])
    if start >= end:
        file.wrong(("working_hours", "end"), f"the day ends at {end}, before it starts at {start}")


def folded(name: str) -> str:
    """Return a name as it is compared: without case, composed, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _check_names(file: _File, references: tuple[tuple[int, Reference], ...]) -> None:
    count = Counter(folded(person.name) for _, person in references)
    seen: set[str] = set()
    for number, person in references:
        name = folded(person.name)
        if count[name] > 1 and name in seen:
            file.wrong(
                ("reference", number, "name"),
                f"{shown(person.name)} stands here twice",
                "each name once; put all addresses into one entry",
            )
        seen.add(name)


def _with_known_names(
    file: _File,
    people: _File,
    applications: tuple[tuple[int, Stated], ...],
    references: tuple[tuple[int, Reference], ...],
) -> tuple[tuple[int, Stated], ...]:
    """Check the names under `references` and give them as references.toml writes them."""
    names = {folded(person.name): person.name for _, person in references}
    result = []
    for number, application in applications:
        for name in application.references:
            # A person whose own entry has a problem is known, too.
            if folded(name) not in names and not people.problems:
                file.wrong(
                    ("application", number, "references"),
                    f"{shown(name)} is nobody in {REFERENCES}{meant(name, names.values())}",
                    ", ".join(names.values()) or f"names that stand in {REFERENCES}",
                )
        result.append((number, _renamed(application, names)))
    return tuple(result)


def _renamed(application: Stated, names: Mapping[str, str]) -> Stated:
    known = tuple(names.get(folded(name), name) for name in application.references)
    return replace(application, references=tuple(dict.fromkeys(known)))


def _warnings(
    file: _File,
    references: tuple[tuple[int, Reference], ...],
    filled: Mapping[type, Mapping[str, Any]],
) -> tuple[str, ...]:
    found = []
    if not file.present:
        found.append(f"{file.path}: there is no such file; nobody is known as a reference yet")
    owner: dict[str, str] = {}
    for _, person in references:
        for email in person.emails:
            if email in filled.get(Me, {}).get("emails", ()):
                found.append(f"{file.path}: {email} of {person.name} is an address of yours too")
            elif (other := owner.setdefault(email, person.name)) != person.name:
                found.append(f"{file.path}: {email} belongs to {other} and to {person.name}")
    resume = filled.get(Wishes, {}).get("resume")
    if resume and not Path(resume).is_file():
        found.append(f"{resume}: there is no such file; drafts go without a resume")
    return tuple(found)
