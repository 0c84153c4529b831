"""Who the user is and where mail and calendar are: as given, as found, else as asked."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from vouchd.config import forms
from vouchd.config.forms import Form, Wrong
from vouchd.config.places import system_zone
from vouchd.daemon import init_find
from vouchd.daemon.dialogue import Dialogue
from vouchd.daemon.failures import UsageError
from vouchd.daemon.init_files import Start

GOOGLE = ("google", "")
GMAIL = ("gmail", "")


def gathered(arguments: argparse.Namespace, dialogue: Dialogue | None) -> Start:
    """Return what the configuration needs. Raises UsageError; nothing was written then."""
    given = _given(arguments)
    missing = _missing(given)
    if missing and dialogue is None:
        raise UsageError(f"there is no terminal to ask on; {missing}")
    if not missing or dialogue is None:
        return given
    start = _asked(given, dialogue)
    while True:
        rows = _rows(start)
        number = dialogue.choose(
            "This is what goes into config.toml; a number changes that line.",
            ("that is right: write it", *(f"{name}: {value}" for name, value in rows)),
        )
        if number == 0:
            return start
        start = _again(start, rows[number - 1][0], dialogue)


def _given(arguments: argparse.Namespace) -> Start:
    """Return what the flags say, checked; the rest is empty. Raises UsageError."""
    mail = calendar = ("", "")
    if arguments.gmail:
        mail, calendar = GMAIL, GOOGLE
    elif arguments.maildir:
        mail = ("maildir", _flag_path("--maildir", arguments.maildir))
    elif arguments.mbox:
        mail = ("mbox", _flag_path("--mbox", arguments.mbox))
    if arguments.calendar:
        calendar = ("folder", _flag_path("--calendar", arguments.calendar))
    zone = system_zone(os.environ)
    return Start(
        name=_checked("--name", forms.LINE, arguments.name),
        emails=tuple(_checked("--email", forms.ADDRESS, one) for one in arguments.email or ()),
        zone=_checked("--timezone", forms.ZONE, arguments.timezone) or (zone.key if zone else ""),
        mail=mail,
        calendar=calendar,
        client=_flag_path("--client", arguments.client),
        write=not arguments.no_write,
    )


def _checked(flag: str, form: Form, given: str | None) -> str:
    if given is None:
        return ""
    try:
        return str(form.read(given, Path()))
    except Wrong as wrong:
        raise UsageError(f"{flag}: {wrong}; allowed: {form.allowed}") from None


def _flag_path(flag: str, given: str | None) -> str:
    path = _checked(flag, forms.LINE, given)
    return from_here(path) if path else ""


def from_here(path: str) -> str:
    """Return a path of the command line so that it means the same in the file."""
    return path if path.startswith("~") else str(Path(path).absolute())


def _missing(given: Start) -> str:
    """Return in words which flags are missing; empty when nothing is."""
    flags = [
        flag
        for flag, value in (
            ("--name", given.name),
            ("--email", given.emails),
            ("--gmail, --maildir or --mbox", given.mail[0]),
            ("--calendar", given.calendar[0] or given.mail == ("", "")),
        )
        if not value
    ]
    if flags:
        return f"give {', '.join(flags)}"
    if not given.zone:
        return "this machine does not say its time zone; give --timezone Europe/Berlin"
    return ""


# --- asking -----------------------------------------------------------------------------------


def _asked(given: Start, dialogue: Dialogue) -> Start:
    """Ask for what is missing: which mailbox first, for it tells who the user is."""
    start = given
    if not start.mail[0]:
        start = _mail(start, dialogue)
    if not start.calendar[0]:
        start = _calendar(start, dialogue)
    path = Path(start.mail[1]).expanduser() if start.mail[1] else None
    found = init_find.user(path)
    if not start.name:
        start = replace(start, name=dialogue.checked("Your name", forms.LINE, found.name))
    if not start.emails:
        start = _emails(start, dialogue, " ".join(found.emails))
    if not start.zone:
        start = replace(start, zone=dialogue.checked("Your time zone", forms.ZONE, "Europe/Berlin"))
    return start


def _mail(start: Start, dialogue: Dialogue) -> Start:
    found = init_find.mailbox(os.environ, Path.home())
    here = [f"{_kind(found)} {found} (found here)"] if found else []
    number = dialogue.choose(
        "Where is your mail?",
        ("Gmail, with Google Calendar", *here, "a Maildir or an mbox file at another place"),
        otherwise=1 if found else 0,
    )
    if number == 0:
        return replace(start, mail=GMAIL, calendar=start.calendar if start.calendar[0] else GOOGLE)
    if found and number == 1:
        path = str(found)
    else:
        path = dialogue.until("Its path", _there, "~/Mail", "the path of a folder or a file")
    calendar = ("", "") if start.calendar == GOOGLE else start.calendar
    return replace(start, mail=(_kind(Path(path).expanduser()), path), calendar=calendar)


def _kind(path: Path) -> str:
    return "mbox" if path.is_file() else "maildir"


def _there(answer: str) -> str:
    path = from_here(answer)
    if not Path(path).expanduser().exists():
        raise Wrong(f"{answer} is not there")
    return path


def _calendar(start: Start, dialogue: Dialogue) -> Start:
    found = init_find.calendar(Path.home())
    hint = str(found) if found else "~/.calendars"
    path = dialogue.checked("Your folder of .ics files", forms.LINE, hint)
    return replace(start, calendar=("folder", from_here(path)))


def _emails(start: Start, dialogue: Dialogue, hint: str) -> Start:
    def right(answer: str) -> str:
        given = answer.replace(",", " ").split()
        if not given:
            raise Wrong("one address is needed")
        return " ".join(str(forms.ADDRESS.read(one, Path())) for one in given)

    question = "Your e-mail addresses, all you send from"
    answer = dialogue.until(question, right, hint, forms.ADDRESS.allowed)
    return replace(start, emails=tuple(dict.fromkeys(answer.split())))


def _rows(start: Start) -> list[tuple[str, str]]:
    return [
        ("mail", " ".join(filter(None, start.mail))),
        ("calendar", " ".join(filter(None, start.calendar))),
        ("name", start.name),
        ("addresses", ", ".join(start.emails)),
        ("time zone", start.zone),
    ]


def _again(start: Start, row: str, dialogue: Dialogue) -> Start:
    if row == "mail":
        changed = _mail(start, dialogue)
        return changed if changed.calendar[0] else _calendar(changed, dialogue)
    if row == "calendar":
        google = start.mail == GMAIL and dialogue.sure("Google Calendar", otherwise=True)
        return replace(start, calendar=GOOGLE) if google else _calendar(start, dialogue)
    if row == "name":
        return replace(start, name=dialogue.checked("Your name", forms.LINE, start.name))
    if row == "addresses":
        return _emails(start, dialogue, " ".join(start.emails))
    return replace(start, zone=dialogue.checked("Your time zone", forms.ZONE, start.zone))
