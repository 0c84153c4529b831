"""`vouchd init`: writes the three files to start from, asking the least."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from vouchd.config import forms
from vouchd.config.forms import Form, Wrong
from vouchd.config.load import APPLICATIONS, CONFIG, REFERENCES, ConfigError, load
from vouchd.config.places import config_folder, system_zone
from vouchd.daemon.failures import UsageError

_COMMENT_COLUMN = 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a configuration needs at least; mail and calendar are source and path."""

    name: str
    emails: tuple[str, ...]
    zone: str
    mail: tuple[str, str]
    calendar: tuple[str, str]


def init(arguments: argparse.Namespace) -> int:
    """Write what is not there yet, and say what comes next."""
    folder = Path(arguments.config or config_folder(os.environ)).expanduser().absolute()
    written = []
    if not (folder / CONFIG).exists():
        start = _start(arguments, _asking() if sys.stdin.isatty() else None)
        written += _put(folder / CONFIG, filled(_example(CONFIG), start))
    for name in (REFERENCES, APPLICATIONS):
        written += _put(folder / name, commented(_example(name)))
    for name in (CONFIG, REFERENCES, APPLICATIONS):
        state = "written" if name in written else "was there already, left as it is"
        print(f"{folder / name}: {state}")
    try:
        config = load(folder, os.environ)
    except ConfigError as error:
        print("\nTo mend before it can be used:", *map(str, error.problems), sep="\n  ")
        return 0 if CONFIG in written else 2
    for path in (config.mail.path, config.calendar.path):
        if path is not None and not path.exists():
            print(f"{path}: is not there yet")
    if not config.references:
        print(f"\nNext: name the people who vouch for you in {folder / REFERENCES}.")
    given = f" --config {arguments.config}" if arguments.config else ""
    print(f"Then `vouchd plan{given}` shows what would be prepared; it writes nothing.")
    return 0


def _example(name: str) -> str:
    return (files("vouchd.config") / "examples" / name).read_text(encoding="utf-8")


def _put(path: Path, text: str) -> list[str]:
    """Write a file for its owner alone, unless there is one; return its name if written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return []
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(text)
    return [path.name]


def filled(example: str, start: Start) -> str:
    """Return the example configuration with the user's own values in it."""
    values: Mapping[tuple[str, str], str] = {
        ("me", "name"): _toml(start.name),
        ("me", "emails"): f"[{', '.join(map(_toml, start.emails))}]",
        ("me", "timezone"): _toml(start.zone),
        ("mail", "source"): _toml(start.mail[0]),
        ("mail", "path"): _toml(start.mail[1]),
        ("calendar", "source"): _toml(start.calendar[0]),
        ("calendar", "path"): _toml(start.calendar[1]),
    }
    table, lines = "", []
    for line in example.splitlines():
        if header := re.match(r"\[(\w+)\]", line):
            table = header[1]
        key = re.match(r"(\w+) = [^#]*?(?P<comment>#.*)?$", line)
        if key and (table, key[1]) in values:
            setting = f"{key[1]} = {values[table, key[1]]} ".ljust(_COMMENT_COLUMN)
            line = f"{setting}{key['comment'] or ''}".rstrip()
        lines.append(line)
    return "\n".join(lines) + "\n"


def commented(example: str) -> str:
    """Return an example of which nothing holds until the user takes the `# ` away."""
    lines = (
        f"# {line}" if line and not line.startswith("#") else line for line in example.splitlines()
    )
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    # A basic string of TOML has the escapes of JSON; control characters were refused before.
    return json.dumps(text, ensure_ascii=False)


# --- what is given, and what is asked ---------------------------------------------------------

Ask = Callable[[str, str], str]


def _asking() -> Ask:
    def ask(question: str, otherwise: str) -> str:
        hint = f" [{otherwise}]" if otherwise else ""
        print(f"{question}{hint}: ", end="", file=sys.stderr, flush=True)
        return input().strip() or otherwise

    return ask


def _start(arguments: argparse.Namespace, ask: Ask | None) -> Start:
    """Gather what is needed from the arguments, else by asking. Raises UsageError."""
    given = {
        "--name": arguments.name,
        "--email": arguments.email,
        "--maildir or --mbox": arguments.maildir or arguments.mbox,
        "--calendar": arguments.calendar,
    }
    missing = [flag for flag, value in given.items() if not value]
    if missing and ask is None:
        raise UsageError(f"there is no terminal to ask on; give {', '.join(missing)}")
    addresses = arguments.email or [None]
    return Start(
        name=_checked("--name", forms.LINE, arguments.name, ask, "Your name"),
        emails=tuple(
            _checked("--email", forms.ADDRESS, email, ask, "Your e-mail address")
            for email in addresses
        ),
        zone=_zone(arguments.timezone, ask),
        mail=_mail(arguments, ask),
        calendar=(
            "folder",
            _path(
                "--calendar", arguments.calendar, ask, "Your folder of .ics files", "~/.calendars"
            ),
        ),
    )


def _mail(arguments: argparse.Namespace, ask: Ask | None) -> tuple[str, str]:
    if arguments.mbox:
        return "mbox", _path("--mbox", arguments.mbox, ask, "", "")
    path = _path("--maildir", arguments.maildir, ask, "Your Maildir or mbox file", "~/Mail")
    return ("mbox" if Path(path).expanduser().is_file() else "maildir"), path


def _path(flag: str, given: str | None, ask: Ask | None, question: str, hint: str) -> str:
    return _from_here(_checked(flag, forms.LINE, given, ask, question, hint))


def _from_here(path: str) -> str:
    """Return a path of the command line so that it means the same in the file."""
    return path if path.startswith("~") else str(Path(path).absolute())


def _zone(given: str | None, ask: Ask | None) -> str:
    here = system_zone(os.environ)
    if given is None and here is not None:
        return here.key
    if given is None and ask is None:
        raise UsageError("this machine does not say its time zone; give --timezone Europe/Berlin")
    return _checked("--timezone", forms.ZONE, given, ask, "Your time zone", "Europe/Berlin")


def _checked(
    flag: str, form: Form, given: str | None, ask: Ask | None, question: str, hint: str = ""
) -> str:
    """Return the given value, else the answer to the question, asked until it is right."""
    while True:
        value = given if given is not None or ask is None else ask(question, hint)
        try:
            return str(form.read(value, Path()))
        except Wrong as wrong:
            if given is not None or ask is None:
                raise UsageError(f"{flag}: {wrong}; allowed: {form.allowed}") from None
            print(f"{wrong}; allowed: {form.allowed}", file=sys.stderr)
