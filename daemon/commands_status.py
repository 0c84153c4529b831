"""The command that shows how things stand, once or again and again."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime

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
        print(_shown(arguments))
        return DONE
    try:
        _watch(arguments)
    except KeyboardInterrupt:
        print()
    return DONE


def _watch(arguments: argparse.Namespace) -> None:
    """Show it anew whenever it has changed, until the user has seen enough."""
    terminal, before = sys.stdout.isatty(), ""
    while True:
        shown = _shown(arguments)
        if _without_now(shown) != before:
            before = _without_now(shown)
            print(f"{_REDRAWN}{shown}" if terminal else shown, flush=True)
        time.sleep(_EVERY)


def _without_now(shown: str) -> str:
    """Return what is shown but for the moment it is shown at, the first field of JSON."""
    return shown.partition(", ")[2] if shown.startswith("{") else shown


def _shown(arguments: argparse.Namespace) -> str:
    config = configured(arguments)
    now: datetime = moment(arguments, config)
    with open_app(config, dry=True) as app:
        found = status_at(app, now)
        if arguments.json:
            return line(status_json(found, whole=arguments.all))
        screen = Screen(style=style_of(sys.stdout), width=width_of(sys.stdout), whole=arguments.all)
        return status_text(found, screen)
