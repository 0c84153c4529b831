"""The command that shows how things stand, once or again and again."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from vouchd.config.settings import Config
from vouchd.daemon import statefile
from vouchd.daemon.app import open_app
from vouchd.daemon.console import configured, moment
from vouchd.daemon.render import line
from vouchd.daemon.render_screen import style_of, width_of
from vouchd.daemon.render_status import Screen, status_text
from vouchd.daemon.status import status_at, status_json

DONE = 0
_EVERY = 2.0  #: seconds between two looks at the state
#: Home, then wipe what follows: the screen does not flicker.
_REDRAWN = "\x1b[H\x1b[2J\x1b[3J"


def status(arguments: argparse.Namespace) -> int:
    """Tell when vouchd looked last, what waits for the user, what is unwell."""
    if not arguments.watch:
        config = configured(arguments)
        print(_shown(arguments, config, moment(arguments, config)))
        return DONE
    try:
        _watch(arguments)
    except KeyboardInterrupt:
        print()
    return DONE


def _watch(arguments: argparse.Namespace) -> None:
    """Show it anew whenever it has changed, until the user has seen enough."""
    terminal, before, seen = sys.stdout.isatty(), "", None
    while True:
        config = configured(arguments)
        now = moment(arguments, config)
        # Thinking takes longer than looking whether there is something new to think about.
        stamp = (now.replace(second=0, microsecond=0), config, *_stamps(config.state))
        if stamp != seen:
            seen, shown = stamp, _shown(arguments, config, now)
            if _without_now(shown) != before:
                before = _without_now(shown)
                print(f"{_REDRAWN}{shown}" if terminal else shown, flush=True)
        time.sleep(_EVERY)


def _stamps(folder: Path) -> tuple[tuple[str, int, int] | str, ...]:
    """Return what tells one state of the state from another."""
    with suppress(OSError):
        found = ((path.name, path.stat()) for path in sorted(folder.iterdir()))
        files = tuple((name, s.st_mtime_ns, s.st_size) for name, s in found)
        return (*files, statefile.holder(folder) or "")
    return ()


def _without_now(shown: str) -> str:
    """Return what is shown but for the moment it is shown at, the first field of JSON."""
    return shown.partition(", ")[2] if shown.startswith("{") else shown


def _shown(arguments: argparse.Namespace, config: Config, now: datetime) -> str:
    with open_app(config, dry=True) as app:
        found = status_at(app, now)
        if arguments.json:
            return line(status_json(found, whole=arguments.all))
        screen = Screen(style=style_of(sys.stdout), width=width_of(sys.stdout), whole=arguments.all)
        return status_text(found, screen)
