"""The command that looks at every part and says what is wrong and how to mend it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from vouchd.config.places import config_folder
from vouchd.daemon import clock
from vouchd.daemon.doctor import Check, Health, checks, worst
from vouchd.daemon.failures import FAILED, WRONG_USE
from vouchd.daemon.render import line, one_line
from vouchd.daemon.render_screen import Style, padded, style_of, width_of, wrapped

DONE = 0
_PART = 19
_COLOURS = {Health.GOOD: "green", Health.WORTH_A_LOOK: "yellow", Health.BAD: "red"}


def doctor(arguments: argparse.Namespace) -> int:
    """Look at every part; done only where none is bad."""
    folder = Path(arguments.config) if arguments.config else config_folder(os.environ)
    terminal = sys.stdout.isatty()
    style, width = style_of(sys.stdout), width_of(sys.stdout) if terminal else None
    found = []
    for check in checks(folder, os.environ, clock.now()):
        found.append(check)
        if arguments.json:
            print(line(_json(check)), flush=True)
        else:
            print(text_of(check, style, width), flush=True)
    if not arguments.json:
        print(f"\n{_verdict(found)}")
    if any(c.part == "configuration" and c.health is Health.BAD for c in found):
        return WRONG_USE
    return FAILED if worst(found) is Health.BAD else DONE


def _json(check: Check) -> dict[str, str | None]:
    return {
        "part": check.part,
        "health": check.health.value,
        "text": check.text,
        "mend": check.mend or None,
    }


def text_of(check: Check, style: Style, width: int | None) -> str:
    """Return a check on one line; on a terminal of `width` columns it is broken to be read."""
    name = check.health.value.upper() if check.health is Health.BAD else check.health.value
    words = one_line(check.text + (f" – {check.mend}" if check.mend else ""))
    head = f"{padded(name, 5)} {padded(check.part, max(_PART, len(check.part)))} "
    rows = wrapped(words, width, head, " " * (6 + _PART + 1)) if width else [head + words]
    rows[0] = style(name, _COLOURS[check.health]) + rows[0][len(name) :]
    return "\n".join(rows)


def _verdict(found: list[Check]) -> str:
    number = sum(check.health is Health.BAD for check in found)
    small = sum(check.health is Health.WORTH_A_LOOK for check in found)
    also = f" {small} {'is' if small == 1 else 'are'} worth a look." if small else ""
    if not number:
        return f"Everything works.{also}"
    return f"{number} of {len(found)} {'does' if number == 1 else 'do'} not work.{also}"
