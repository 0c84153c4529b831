"""What is written about the work: sentences for people, key=value or JSON for a journal.

In systemd's journal each line begins with its priority (sd-daemon(3)), and the journal keeps the
time. Message ids are written, bodies and subjects never; a mail address is shortened to its first
letter and its domain unless everything was asked for (debug).
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import TextIO

from vouchd.daemon import clock
from vouchd.daemon.render import one_line

Value = str | int | float | bool | None


class Level(IntEnum):
    """How heavy a line weighs, as syslog counts (RFC 5424 section 6.2.1)."""

    ERROR = 3
    WARNING = 4
    INFO = 6
    DEBUG = 7


def in_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether a stream leads straight into systemd's journal (systemd.exec(5), JOURNAL_STREAM)."""
    given = environ.get("JOURNAL_STREAM", "")
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return given == f"{there.st_dev}:{there.st_ino}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Where lines go and how they look; every stream is looked up when a line is written."""

    form: str  #: "text", "keyed" or "json"
    least: Level = Level.INFO
    priorities: bool = False  #: a line begins with its priority, the time is the journal's
    quiet: bool = False  #: standard output belongs to something else
    whole: bool = False  #: mail addresses are written as they are
    now: Callable[[], datetime] = clock.now

    def __call__(self, level: Level, event: str, words: str, **fields: Value) -> None:
        """Write one line: what happened, in words and in fields; a field that is None is left out.

        A field called `message` is the id of a message.
        """
        if level > self.least:
            return
        words = self._safe(words)
        if self.form == "text":
            if level < Level.INFO:
                print(f"vouchd: {words}", file=sys.stderr, flush=True)
            elif not self.quiet:
                print(words, flush=True)
            return
        told = {name: self._field(name, value) for name, value in fields.items()}
        told = {name: value for name, value in told.items() if value is not None}
        print(self._line(level, event, words, told), file=sys.stderr, flush=True)

    def _line(self, level: Level, event: str, words: str, told: Mapping[str, Value]) -> str:
        start = f"<{level.value}>" if self.priorities else ""
        head: dict[str, Value] = {}
        if not self.priorities:
            head = {"time": self.now().isoformat(timespec="seconds"), "level": level.name.lower()}
        whole = {**head, "event": event, **told, "msg": words}
        if self.form == "json":
            return start + json.dumps(whole)
        return start + " ".join(f"{name}={_written(value)}" for name, value in whole.items())

    def _field(self, name: str, value: Value) -> Value:
        if not isinstance(value, str) or (name == "message" and _ID.fullmatch(value)):
            return value
        return self._safe(value)

    def _safe(self, words: str) -> str:
        words = one_line(words)
        return words if self.whole or self.least is Level.DEBUG else shortened(words)


_ID = re.compile(r"<[^<>\s]+>")
_ADDRESS = re.compile(r"([\w+.%'=&~-])[\w+.%'=&~-]*@([\w-]+(?:\.[\w-]+)+)")
_PLAIN = re.compile(r"[^\s\"=\\]+")


def shortened(words: str) -> str:
    """Return words with each mail address down to its first letter and its domain."""
    return _ADDRESS.sub(r"\1...@\2", words)


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def for_a_person() -> Log:
    """Return the log of a command that somebody has just typed; where it is a journal, one."""
    log = opened()
    return replace(log, whole=log.form == "text")


def opened(
    level: str = "info", form: str = "auto", *, quiet: bool = False, everything: bool = False
) -> Log:
    """Return the log that the settings ask for; `everything` is more than they ask for."""
    journal = in_journal(sys.stderr, os.environ)
    return Log(
        form=("keyed" if journal else "text") if form == "auto" else form,
        least=Level.DEBUG if everything else Level[level.upper()],
        priorities=journal and form != "text",
        quiet=quiet,
    )
