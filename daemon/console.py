"""What the commands share: settings read, lines told, progress shown."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from vouchd.config.load import load
from vouchd.config.places import config_folder
from vouchd.config.settings import Config
from vouchd.daemon import clock, progress, render
from vouchd.daemon.failures import UsageError
from vouchd.daemon.log import Level, for_a_person


def configured(arguments: argparse.Namespace) -> Config:
    """Read the configuration and tell what is worth a word. Raises ConfigError."""
    folder = Path(arguments.config) if arguments.config else config_folder(os.environ)
    config = load(folder, os.environ)
    told(config.warnings)
    return config


def moment(arguments: argparse.Namespace, config: Config) -> datetime:
    """Return the moment a command works at: now, or what `--now` says, in the user's zone.

    Raises UsageError when that is no moment.
    """
    if arguments.now is None:
        return clock.now()
    try:
        at = datetime.fromisoformat(arguments.now)
    except ValueError:
        raise UsageError(
            f'--now: "{arguments.now}" is no moment; allowed: one such as 2026-01-31T21:00'
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=config.me.zone)


def told(sentences: Iterable[str]) -> None:
    """Tell what went wrong or is odd, on standard error."""
    log = for_a_person()
    for sentence in sentences:
        log(Level.WARNING, "warning", sentence)


def put(arguments: argparse.Namespace, fields: dict[str, Any], text: str) -> None:
    """Put one result on standard output: as JSON where that was asked for, else as text."""
    print(render.line(fields) if arguments.json else text)


@contextmanager
def progress_shown() -> Iterator[progress.Progress]:
    """Give progress that is drawn when standard error is a terminal, and wiped at the end."""
    if not sys.stderr.isatty():
        yield progress.unseen
        return
    drawn = progress.Line(sys.stderr, clock.ticks)
    try:
        yield drawn
    finally:
        drawn.clear()
