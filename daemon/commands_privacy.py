"""What is stored about the user: given out whole, and forgotten."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from vouchd.config.load import APPLICATIONS, CONFIG, REFERENCES
from vouchd.config.settings import Config
from vouchd.connectors.base import ConnectorError
from vouchd.daemon import forgetting, statefile, takeback
from vouchd.daemon.app import App, open_app
from vouchd.daemon.commands_check import FOLDER as SAVED
from vouchd.daemon.console import configured, put, told
from vouchd.daemon.console import moment as moment_of
from vouchd.daemon.failures import FAILED, UsageError
from vouchd.daemon.forgetting import Doomed
from vouchd.daemon.look import look
from vouchd.daemon.render import counted, one_line
from vouchd.daemon.takeback import Gone
from vouchd.rules.model import Found

DONE = 0
FORMS = "allowed: forget person NAME | forget application COMPANY | forget --everything"


def forget(arguments: argparse.Namespace) -> int:
    """Forget a person, an application or everything, after asking."""
    wanted = " ".join(arguments.name)
    if bool(arguments.what) == arguments.everything or bool(wanted) != bool(arguments.what):
        raise UsageError(FORMS)
    config = configured(arguments)
    now = moment_of(arguments, config)
    rewritten = 0
    with open_app(config) as app:
        if arguments.everything:
            return _everything(arguments, app, now)
        sight = look(app, now)
        seek = forgetting.person if arguments.what == "person" else forgetting.application
        try:
            doomed = seek(app, sight, wanted)
        except UsageError:
            # Killed on the way, it is forgotten already; what it is named in beside is not yet.
            if not forgetting.is_forgotten(app, arguments.what, wanted):
                raise
            doomed = Doomed(title=wanted, items=(), keys=frozenset(), edits=())
        forgetting.rehearse(config, doomed)
        things = _lying(arguments, app, doomed.keys)
        if not _sure(arguments, _question(doomed, things, config.folder)):
            return FAILED
        gone = takeback.take_back(app, things, now)
        struck = forgetting.strike(app, doomed, now)
    if not arguments.leave_drafts:
        with open_app(configured(arguments)) as app:
            try:
                rewritten = takeback.tidy(app, now)
            except ConnectorError as error:
                told([f"{error}; what was about others as well is rewritten in the next round"])
    named = forgetting.still_named(config, doomed)
    fields = {
        "forgotten": arguments.what,
        "name": doomed.title,
        "facts": struck.removed,
        "struck_out": struck.changed,
        **_gone_json(gone),
        "rewritten": rewritten,
        "files": [str(config.folder / each.name) for each in doomed.edits],
        "still_named_in": list(map(str, named)),
    }
    rows = [
        f"Forgotten: {doomed.title}: {counted(struck.removed, 'fact')} removed, "
        f"{struck.changed} kept without it."
    ]
    rows += _gone_text(gone)
    if rewritten:
        rows.append(f"{_pieces(rewritten)} about others as well: brought up to date.")
    rows += [f"{config.folder / each.name}: taken out." for each in doomed.edits]
    rows += [f"{path}: still names it; what you wrote or saved there is yours." for path in named]
    put(arguments, fields, "\n".join(map(one_line, rows)))
    return DONE


def _lying(
    arguments: argparse.Namespace, app: App, keys: frozenset[str] | None
) -> tuple[Found, ...]:
    """Return what lies open for these keys. Raises UsageError where it cannot be looked at."""
    if arguments.leave_drafts:
        return ()
    try:
        return takeback.lying(app, keys)
    except ConnectorError as error:
        raise UsageError(
            f"{error}; nothing was forgotten. Try again later, or use --leave-drafts: what lies "
            "in the mailbox and the calendar then stays for you to delete"
        ) from None


def _question(doomed: Doomed, things: tuple[Found, ...], folder: Path) -> list[str]:
    rows = [f"To forget: {doomed.title}."]
    rows.append("All that was understood from mail and calendar about it is removed for good.")
    rows += _things(things)
    rows += [f"{folder / each.name} is changed: it is taken out there." for each in doomed.edits]
    return rows


def _things(things: tuple[Found, ...]) -> list[str]:
    untouched = sum(thing.untouched for thing in things)
    rows = []
    if untouched:
        rows.append(f"{_pieces(untouched)} not sent or changed by you: taken back.")
    if left := len(things) - untouched:
        rows.append(f"{_pieces(left)} changed by you: yours, left where they are.")
    return rows


def _pieces(number: int) -> str:
    return counted(number, "draft or event").replace("draft or events", "drafts or events")


def _sure(arguments: argparse.Namespace, rows: list[str]) -> bool:
    """Whether the user wants it so. Raises UsageError where nobody can be asked."""
    if arguments.yes:
        return True
    for row in rows:
        print(one_line(row), file=sys.stderr)
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on; --yes does it without asking")
    print("This cannot be undone. Forget it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    told(["nothing was forgotten"])
    return False


def _gone_json(gone: Gone) -> dict[str, Any]:
    return {
        name: [{"key": thing.key, "part": thing.part.value} for thing in things]
        for name, things in (("removed", gone.removed), ("left", gone.left))
    }


def _gone_text(gone: Gone) -> list[str]:
    rows = [f"{_pieces(len(gone.removed))} taken back."] if gone.removed else []
    rows += [
        f"Left to you, for you have changed it: the {thing.part} of {thing.key}."
        for thing in gone.left
    ]
    return rows


# --- everything -------------------------------------------------------------------------------


def _everything(arguments: argparse.Namespace, app: App, now: datetime) -> int:
    config = app.config
    things = _lying(arguments, app, None)
    files = _ours(config)
    mine = [config.folder / name for name in (CONFIG, REFERENCES, APPLICATIONS)]
    if arguments.with_configuration:
        files += [path for path in mine if path.exists()]
        # Only the copies that `vouchd expect` made: another message may lie in the mailbox.
        saved = (expected.message for expected in config.expectations)
        files += [path for path in saved if path.exists() and path.parent == mine[0].parent / SAVED]
    rows = ["To forget: everything.", *_things(things), "These files are deleted:"]
    if not _sure(arguments, [*rows, *(f"  {path}" for path in files)]):
        return FAILED
    gone = takeback.take_back(app, things, now)
    revoked = _revoked(config)
    for path in files:
        path.unlink(missing_ok=True)
    fields = {
        "forgotten": "everything",
        **_gone_json(gone),
        "files": [str(path) for path in files],
    }
    rows = ["Forgotten: everything.", *_gone_text(gone), *(f"{path}: deleted." for path in files)]
    rows += [revoked] if revoked else []
    rows += _remaining(arguments, config)
    put(arguments, fields, "\n".join(map(one_line, rows)))
    return DONE


def _ours(config: Config) -> list[Path]:
    """Return the files that vouchd wrote, but its configuration."""
    state = config.state / statefile.NAME
    found = [state, *statefile.copies(state), config.state / statefile.LOCK]
    if config.cache is not None:
        found += sorted(config.cache.glob("*.rules"))  # with your own phrases in them
    if _at_google(config):
        from vouchd.daemon.google import token_file

        found.append(token_file(config))
    return [path for path in found if path.exists()]


def _remaining(arguments: argparse.Namespace, config: Config) -> list[str]:
    rows = []
    if not arguments.with_configuration:
        rows.append(
            f"Your own files in {config.folder} stay; --with-configuration deletes them as well."
        )
    if _at_google(config):
        rows.append("At Google: delete the calendar “vouchd” if you have one; it is empty.")
    return rows


def _at_google(config: Config) -> bool:
    return config.mail.source == "gmail" or config.calendar.source == "google"


def _revoked(config: Config) -> str:
    """Take the sign-in back at Google; return how that went, empty where there is none."""
    if not _at_google(config):
        return ""
    from vouchd.connectors import google_token
    from vouchd.connectors.google_revoke import revoke
    from vouchd.daemon.google import token_file

    path = token_file(config)
    if not path.exists():
        return ""
    try:
        revoke(google_token.read(path), endpoint=config.google.endpoint)
    except ConnectorError as error:
        return f"{error}: end the permission at https://myaccount.google.com/permissions."
    return "The sign-in was revoked at Google."
