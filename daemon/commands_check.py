"""`vouchd check` and `vouchd expect`: the user's own rules, tried on saved messages."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from vouchd.config.edit import Value, with_added
from vouchd.config.load import CONFIG
from vouchd.config.schema import EXPECT
from vouchd.config.settings import Config, Expectation
from vouchd.connectors import files
from vouchd.daemon.app import mind_of
from vouchd.daemon.console import configured, put, told
from vouchd.daemon.expectations import Outcome, Unreadable, follow_ups_of, read_saved, tried
from vouchd.daemon.failures import FAILED, UsageError
from vouchd.daemon.render import counted, one_line
from vouchd.daemon.think import Mind
from vouchd.daemon.userfiles import change
from vouchd.rules.model import FollowUpKind, SignalKind

DONE = 0
FOLDER = "expect"  #: of the saved messages, inside the configuration folder


def check(arguments: argparse.Namespace) -> int:
    """Read the configuration, phrases and templates, and try every expectation."""
    config = configured(arguments)
    mind = mind_of(config)
    told(f"{problem}; ours is used instead" for problem in mind.templates.problems)
    outcomes = [tried(expectation, mind) for expectation in config.expectations]
    for outcome in outcomes:
        put(arguments, _fields(outcome, config), _text(outcome, config))
    failed = [outcome for outcome in outcomes if outcome.wrong]
    if not arguments.json:
        print(f"The configuration in {config.folder} is good.")
        held = len(outcomes) - len(failed)
        print(f"{counted(len(outcomes), 'expectation')}, {held} of them met.")
        if not outcomes:
            print("`vouchd expect FILE` makes one of a saved message.")
    return FAILED if failed else DONE


def _fields(outcome: Outcome, config: Config) -> dict[str, Any]:
    return {
        "message": _called(outcome.expectation.message, config),
        "expected": list(outcome.expectation.signals),
        "signals": list(outcome.signals),
        "met": not outcome.wrong,
        "wrong": list(outcome.wrong),
    }


def _text(outcome: Outcome, config: Config) -> str:
    called = _called(outcome.expectation.message, config)
    return one_line(f"{called}: {'; '.join(outcome.wrong) or 'as expected'}")


def _called(path: Path, config: Config) -> str:
    return str(path.relative_to(config.folder) if path.is_relative_to(config.folder) else path)


def expect(arguments: argparse.Namespace) -> int:
    """Make an expectation of a saved message: as stated, else as it is read now."""
    config = configured(arguments)
    mind = mind_of(config)
    path = Path(arguments.file).expanduser().absolute()
    fields = _stated(arguments, path, mind)
    kept = _kept(path, config)
    fields = {"message": _called(kept, config), **fields}
    if any(kept == e.message for e in config.expectations):
        raise UsageError(f"{fields['message']} is expected already; change it in {CONFIG}")
    new = path != kept
    if new:
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        files.put(kept, path.read_bytes())
    try:
        change(config, CONFIG, lambda text: with_added(text, EXPECT.name, fields))
    except BaseException:
        if new:
            kept.unlink(missing_ok=True)
        raise
    outcome = tried(_expectation(kept, fields), mind)
    put(
        arguments,
        _fields(outcome, config),
        one_line(
            f"{fields['message']} is expected to say "
            f"{', '.join(outcome.expectation.signals) or 'nothing'}; "
            f"now: {'; '.join(outcome.wrong) or 'as expected'}."
        ),
    )
    return DONE


def _stated(arguments: argparse.Namespace, path: Path, mind: Mind) -> dict[str, Value]:
    """Return what should come of it. Raises UsageError."""
    try:
        readings = tuple(read_saved(path, mind))
    except Unreadable as error:
        raise UsageError(str(error)) from None
    seen = [signal for reading in readings for signal in reading.signals]
    fields: dict[str, Value] = {}
    if arguments.nothing:
        if arguments.signal or arguments.follow_up:
            raise UsageError("--nothing: it cannot say nothing and something")
        return {"signals": (), "follow_ups": ()}
    fields["signals"] = tuple(arguments.signal or dict.fromkeys(s.kind.value for s in seen))
    _known("--signal", fields["signals"], [kind.value for kind in SignalKind])
    companies = {s.company for s in seen if s.company}
    if company := arguments.company or (companies.pop() if len(companies) == 1 else None):
        fields["company"] = company
    if arguments.role:
        fields["role"] = arguments.role
    follow_ups = tuple(arguments.follow_up or follow_ups_of(readings, mind))
    _known("--follow-up", follow_ups, [kind.value for kind in FollowUpKind])
    return {**fields, "follow_ups": follow_ups}


def _known(flag: str, given: Value, allowed: list[str]) -> None:
    assert isinstance(given, tuple)
    for name in given:
        if name not in allowed:
            raise UsageError(f'{flag}: "{name}" is not known; allowed: {", ".join(allowed)}')


def _expectation(message: Path, fields: dict[str, Value]) -> Expectation:
    rest = {key: value for key, value in fields.items() if key != "message"}
    return Expectation(message=message, **rest)  # type: ignore[arg-type]


def _kept(path: Path, config: Config) -> Path:
    """Return where the message is kept: where it lies, if that is beside the configuration."""
    if path.is_relative_to(config.folder):
        return path
    stem = re.sub(r"[^\w.-]+", "-", path.name).strip("-.") or "message"
    name = stem if stem.endswith((".eml", ".ics")) else f"{stem}.eml"
    folder, number = config.folder / FOLDER, 2
    kept = folder / name
    while kept.exists() and kept.read_bytes() != path.read_bytes():
        first, dot, last = name.rpartition(".")
        kept, number = folder / f"{first}-{number}{dot}{last}", number + 1
    return kept
