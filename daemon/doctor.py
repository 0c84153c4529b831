"""`vouchd doctor`: every part looked at, one line each: good, or what is wrong and how to mend it.

    checks(folder, environ, now)    -> the checks, in the order in which one needs the other

Nothing is written that is not removed, and nothing but the configured servers is spoken to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from vouchd.config.load import ConfigError, load
from vouchd.config.places import system_zone
from vouchd.config.settings import Config
from vouchd.daemon.render import counted, day

_OLDEST = 2026  #: no release is older; a clock before it has lost its battery


class Health(StrEnum):
    """How a part is."""

    GOOD = "good"
    WORTH_A_LOOK = "look"  #: works, but the user may want to know
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One part and how it is."""

    part: str
    health: Health
    text: str
    mend: str = ""  #: the way out


def good(part: str, text: str) -> Check:
    """Return that a part is well."""
    return Check(part=part, health=Health.GOOD, text=text)


def look(part: str, text: str, mend: str = "") -> Check:
    """Return that a part works and something about it is worth a word."""
    return Check(part=part, health=Health.WORTH_A_LOOK, text=text, mend=mend)


def bad(part: str, text: str, mend: str = "") -> Check:
    """Return that a part does not work."""
    return Check(part=part, health=Health.BAD, text=text, mend=mend)


def checks(folder: Path, environ: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """Yield what each part is like, as soon as it is known."""
    from vouchd.daemon.doctor_house import house_checks
    from vouchd.daemon.doctor_machine import unit

    try:
        config = load(folder, environ)
    except ConfigError as error:
        for problem in error.problems:
            yield bad("configuration", str(problem))
        yield from _clock(None, environ, now)
        yield look("all else", "cannot be looked at without a configuration")
        yield unit(None)
        return
    yield from _configuration(config)
    yield from _clock(config, environ, now)
    yield from house_checks(config, now)


def _configuration(config: Config) -> Iterator[Check]:
    people = counted(len(config.references), "reference")
    stated = counted(len(config.applications), "application")
    yield good("configuration", f"{config.folder}: {people}, {stated} stated")
    for warning in config.warnings:
        yield look("configuration", warning)


def _clock(config: Config | None, environ: Mapping[str, str], now: datetime) -> Iterator[Check]:
    part = "clock and zone"
    machine = system_zone(environ)
    zone = config.me.zone if config else machine
    if zone is None:
        yield bad(part, "this machine does not say its time zone", "write `timezone` under [me]")
        return
    here = f"{day(now.astimezone(zone))} in {zone.key}"
    if now.year < _OLDEST:
        mend = "set the clock; `timedatectl set-ntp true` keeps it right"
        yield bad(part, f"{here}: the clock is wrong", mend)
    elif machine and machine.utcoffset(now.replace(tzinfo=None)) != zone.utcoffset(
        now.replace(tzinfo=None)
    ):
        text = f"{here}; this machine is in {machine.key}, where it is another time"
        yield look(part, text, "right on a journey; else correct `timezone` under [me]")
    else:
        yield good(part, here)


def worst(found: Iterable[Check]) -> Health:
    """Return how the worst part is."""
    order = list(Health)
    return max((check.health for check in found), key=order.index, default=Health.GOOD)
