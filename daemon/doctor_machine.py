"""The parts of the machine: the state file, the disk, the unit, the last successful cycle."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from vouchd.config.settings import Config
from vouchd.connectors import reach
from vouchd.connectors.base import ConnectorError
from vouchd.daemon import statefile, userunit
from vouchd.daemon.doctor import Check, bad, good, look
from vouchd.daemon.render import counted, day
from vouchd.daemon.render_screen import ago
from vouchd.daemon.store import Store, StoreError

_MEGABYTE = 1_000_000
_SCARCE, _TOO_LITTLE = 100 * _MEGABYTE, 10 * _MEGABYTE
_MANY_RESTARTS = 5


def state(config: Config, store: Store, now: datetime) -> Iterator[Check]:
    """Look at the state file; `store` is a copy of it."""
    part, path = "state file", config.state / statefile.NAME
    try:
        store.belongs_to(config.me.emails)
        (verdict,) = store.one("PRAGMA quick_check")
        last = store.last_round()
        where = reach.takes_files(config.state)
    except StoreError as error:
        yield bad(part, str(error))
        return
    except ConnectorError as error:
        yield bad(part, str(error), "or name another folder as `path` under [state]")
        return
    if verdict != "ok":
        yield bad(part, f"{path} is damaged ({verdict})", "put the copy vouchd.db.bak in its place")
    elif not path.exists():
        yield good(part, f"{path}: none yet, the first look makes it (in {where})")
    else:
        yield good(part, f"{path}, {_size(path.stat().st_size)}, whole{_copy(path, now)}")
    if last is not None and last.at > now:
        text = f"the last look was at {day(last.at.astimezone(config.me.zone))}, after now"
        yield bad("clock and zone", f"{text}: the clock was set back", "set the clock right")


def _copy(path: Path, now: datetime) -> str:
    copy = path.with_name(path.name + ".bak")
    if not copy.exists():
        return ", no copy yet"
    age = now - datetime.fromtimestamp(copy.stat().st_mtime, now.tzinfo)
    return f", copied {ago(age)}"


def disk(config: Config) -> Check:
    """Look how much room there is where something is written."""
    part = "disk"
    places = {"the state": config.state, "the mail": config.mail.path,
              "the calendar": config.calendar.path}  # fmt: skip
    devices: dict[int, tuple[str, os.statvfs_result]] = {}
    for name, place in places.items():
        if place is None:
            continue
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            devices.setdefault(place.stat().st_dev, (name, os.statvfs(place)))
        except OSError as error:
            return bad(part, f"{place}: {error.strerror}")
    free = {name: room.f_bavail * room.f_frsize for name, room in devices.values()}
    said = ", ".join(f"{_size(number)} free for {name}" for name, number in free.items())
    if any(room.f_files and not room.f_favail for _, room in devices.values()):
        return bad(part, "no new file can be made: there are too many", "remove some files")
    if min(free.values()) < _TOO_LITTLE:
        return bad(part, said, "free some space: nothing can be kept or prepared without")
    if min(free.values()) < _SCARCE:
        return look(part, said, "free some space before it is used up")
    return good(part, said)


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if number >= 10 or unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"


def unit(config: Config | None) -> Check:
    """Look whether the daemon runs, and whether it will again."""
    part = "unit"
    holder = statefile.holder(config.state) if config else None
    try:
        known = userunit.state()
    except userunit.UnitError as error:
        if holder:
            return good(part, f"the daemon runs (process {holder}), started by something else")
        return look(part, str(error))
    if not known.loaded:
        if holder:
            return good(part, f"the daemon runs (process {holder}) without a unit of yours")
        return look(part, "nothing starts vouchd by itself", "`vouchd service install`")
    if known.active == "failed":
        why = known.status or f"it ended by {known.result} ({known.exit_status})"
        return bad(part, f"failed: {why}", "mend that, then `vouchd service install`")
    if known.active not in ("active", "activating", "reloading"):
        return bad(part, f"is {known.active}", "`vouchd service install` starts it")
    since = f" since {day(known.since.astimezone())}" if known.since else ""
    if not known.enabled:
        mend = "`vouchd service install` sees to that"
        return look(part, f"runs{since}, but does not start by itself", mend)
    if known.restarts >= _MANY_RESTARTS:
        text = f"runs{since}, after {known.restarts} restarts by systemd"
        return look(part, text, "`vouchd service logs` shows why")
    return good(part, f"runs{since} and starts by itself")


def figures(config: Config) -> Iterator[Check]:
    """Look whether the figures for Prometheus can be written, where they are wanted."""
    path = config.metrics.path
    if path is None:
        return
    if not path.parent.is_dir():
        yield bad("metrics", f"{path.parent} is not there", "make it, or correct [metrics] path")
    elif path.suffix != ".prom":
        yield look("metrics", f"{path}: only names that end in .prom are collected", "rename it")
    else:
        try:
            reach.takes_files(path.parent)
        except ConnectorError as error:
            yield bad("metrics", str(error))
        else:
            yield good("metrics", f"{path} can be written")


def last_cycle(config: Config, store: Store, now: datetime) -> Iterator[Check]:
    """Look when everything was last seen and done."""
    part = "last good look"
    last, well = store.last_round(), store.last_round(good=True)
    if last is None:
        yield look(part, "none yet", "`vouchd once` does the first")
        return
    complaint = last.words[0].rstrip(".") if last.words else ""
    if well is None or now - well.at >= config.health.silent_after:
        when = (
            f"{day(well.at.astimezone(config.me.zone))}, {ago(now - well.at)}" if well else "none"
        )
        why = f"; the last attempt said: {complaint}" if complaint and not last.good else ""
        mend = "mend that" if why else "start the daemon: `vouchd service install`"
        yield bad(part, f"{when}{why}", mend)
    elif not last.good:
        yield look(part, f"{ago(now - well.at)}; the last attempt said: {complaint}")
    else:
        yield good(part, f"{day(well.at.astimezone(config.me.zone))}, {ago(now - well.at)}")
    if parked := store.parked():
        text = f"{counted(len(parked), 'message or event', 'messages or events')} could not be read"
        yield look("set aside", text, "`vouchd status --all` names them and says why")
