"""`vouchd init`: writes the three files to start from, asking the least, and rehearses."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from vouchd.config.load import APPLICATIONS, CONFIG, REFERENCES, ConfigError, load
from vouchd.config.places import config_folder
from vouchd.config.schema import Config
from vouchd.daemon import clock, init_start, init_steps
from vouchd.daemon.dialogue import Dialogue
from vouchd.daemon.failures import UsageError
from vouchd.daemon.init_files import commented, example, filled, put_new


def init(arguments: argparse.Namespace) -> int:
    """Write what is not there yet, take people over, rehearse, and say what comes next.

    Each step that was done is passed over when it is run again, so it goes on where it stopped.
    """
    folder = Path(arguments.config or config_folder(os.environ)).expanduser().absolute()
    dialogue = Dialogue() if sys.stdin is not None and sys.stdin.isatty() else None
    written = _files(arguments, folder, dialogue)
    try:
        config = load(folder, os.environ)
    except ConfigError as error:
        print("\nTo mend before it can be used:", *map(str, error.problems), sep="\n  ")
        return 0 if CONFIG in written else 2
    for path in (config.mail.path, config.calendar.path):
        if path is not None and not path.exists():
            print(f"{path}: is not there yet")
    done = init_steps.signed_in(arguments, config, dialogue)
    if done:
        init_steps.people(arguments, config, dialogue, clock.now())
        config = load(folder, os.environ)
        init_steps.rehearsal(arguments, config, dialogue, clock.now())
    _next(arguments, load(folder, os.environ), signed_in=done)
    return 0


def _files(arguments: argparse.Namespace, folder: Path, dialogue: Dialogue | None) -> list[str]:
    """Write the three files, those that are there left as they are; return what was written."""
    written = []
    if not (folder / CONFIG).exists():
        start = init_start.gathered(arguments, dialogue)
        written += put_new(folder / CONFIG, filled(example(CONFIG), start))
    elif dialogue is None and _only_for_new(arguments):
        raise UsageError(
            f"{folder / CONFIG} is there already and is left as it is; change it with an editor, "
            f"or move it away to start anew ({', '.join(_only_for_new(arguments))} came too late)"
        )
    for name in (REFERENCES, APPLICATIONS):
        written += put_new(folder / name, commented(example(name)))
    for name in (CONFIG, REFERENCES, APPLICATIONS):
        state = "written" if name in written else "was there already, left as it is"
        print(f"{folder / name}: {state}")
    return written


def _only_for_new(arguments: argparse.Namespace) -> list[str]:
    given = {
        "--name": arguments.name,
        "--email": arguments.email,
        "--gmail": arguments.gmail,
        "--maildir": arguments.maildir,
        "--mbox": arguments.mbox,
        "--timezone": arguments.timezone,
    }
    return [flag for flag, value in given.items() if value]


def _next(arguments: argparse.Namespace, config: Config, *, signed_in: bool) -> None:
    given = f" --config {arguments.config}" if arguments.config else ""
    if not signed_in:
        print(
            f"\nNext: sign in with `vouchd auth google --client FILE{given}` (docs/google.md shows "
            f"every screen), then run `vouchd init{given}` again: it goes on from here."
        )
        return
    if not config.references:
        print(f"\nNext: name the people who vouch for you in {config.folder / REFERENCES},")
        print(f"or with `vouchd references add NAME --email ADDRESS{given}`.")
    print(f"Then `vouchd plan{given}` shows what would be prepared; it writes nothing.")
    if not config.wishes.write:
        print("vouchd now looks and writes nothing: set `write = true` under [mode] to change it.")
    print(f"`vouchd service install{given}` lets it look by itself.")
