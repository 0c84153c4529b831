"""`vouchd service`: the user's unit put in place, taken away, looked at."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from vouchd.daemon import userunit
from vouchd.daemon.console import configured, put, told
from vouchd.daemon.failures import FAILED

DONE = 0
_PATIENCE = 15.0  #: seconds for the daemon to become ready


def service(arguments: argparse.Namespace) -> int:
    """Do with the unit what was asked for. Raises ConfigError, UsageError."""
    try:
        match arguments.action:
            case "install":
                return _install(arguments)
            case "uninstall":
                return _uninstall(arguments)
            case "status":
                return _put_state(arguments, userunit.state())
            case _:
                return _logs(arguments)
    except userunit.UnitError as error:
        told([str(error)])
        return FAILED


def _install(arguments: argparse.Namespace) -> int:
    configured(arguments)  # what does not hold is told here, not in a journal
    command = [*_command(), "run"]
    if arguments.config:
        command += ["--config", str(Path(arguments.config).absolute())]
    file = userunit.install(command, os.environ)
    if not arguments.json:
        print(f"The unit lies in {file}." if file else "The package's own unit is enabled.")
    deadline = time.monotonic() + _PATIENCE
    while (state := userunit.state()).active not in ("active", "failed"):
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    status = _put_state(arguments, state)
    if status == DONE and _lingers() is False:
        told(
            [
                "it runs while you are logged in; `loginctl enable-linger` lets it run from the "
                "start of the machine on"
            ]
        )
    return status


def _uninstall(arguments: argparse.Namespace) -> int:
    there = userunit.uninstall(os.environ)
    text = "The unit is stopped and gone; configuration and state stay as they are."
    put(arguments, {"removed": there}, text if there else "There was no unit.")
    return DONE


def _put_state(arguments: argparse.Namespace, state: userunit.UnitState) -> int:
    """Tell what systemd knows; done only where the daemon runs."""
    fields = {
        "active": state.active,
        "enabled": state.enabled,
        "result": state.result,
        "status": state.status,
        "since": state.since.isoformat() if state.since else None,
        "restarts": state.restarts,
        "exit_status": state.exit_status,
        "file": state.file,
    }
    put(arguments, fields, "\n".join(_lines(state)))
    return DONE if state.active in ("active", "reloading") else FAILED


def _lines(state: userunit.UnitState) -> list[str]:
    if not state.loaded:
        return ["There is no unit: `vouchd service install` puts it in place."]
    since = f" since {state.since.astimezone():%Y-%m-%d %H:%M}" if state.since else ""
    lines = [f"vouchd is {_WORDS.get(state.active, state.active)}{since}."]
    if state.status:
        lines.append(f"It says: {state.status}")
    if state.active == "failed":
        lines.append(f"It ended by {state.result} ({state.exit_status}): {_WAY_OUT}")
    if state.restarts:
        lines.append(f"It was started again {state.restarts} times by systemd.")
    if not state.enabled:
        lines.append("It does not start by itself: `vouchd service install` sees to that.")
    return lines


_WORDS = {
    "active": "running",
    "activating": "starting",
    "reloading": "reading its configuration anew",
    "failed": "not running: it failed",
    "inactive": "not running",
    "deactivating": "ending",
}
_WAY_OUT = (
    "`vouchd service logs` shows why. When it is mended, `vouchd service install` starts it again"
)


def _logs(arguments: argparse.Namespace) -> int:
    """Show the journal of the unit, as journalctl does."""
    if shutil.which("journalctl") is None:
        raise userunit.UnitError("there is no journal on this machine (journalctl is missing)")
    command = ["journalctl", f"--user-unit={userunit.NAME}", f"--lines={arguments.lines}"]
    command += ["--output=json"] if arguments.json else ["--output=short-iso"]
    command += ["--follow"] if arguments.follow else ["--no-pager"]
    sys.stdout.flush()
    try:
        done = subprocess.run(command, check=False)
    except KeyboardInterrupt:  # the end of --follow
        return DONE
    return DONE if done.returncode == 0 else FAILED


def _command() -> list[str]:
    """Return how this vouchd is started, by a path that an upgrade leaves as it is."""
    called = Path(sys.argv[0]).absolute()
    found = shutil.which("vouchd")
    if found and called.exists() and Path(found).samefile(called):
        return [str(Path(found).absolute())]
    if called.name == "vouchd" and os.access(called, os.X_OK):
        return [str(called)]
    return [sys.executable, "-m", "vouchd.daemon.cli"]


def _lingers() -> bool | None:
    """Whether the user's units run without a log-in; None where nobody knows."""
    if shutil.which("loginctl") is None:
        return None
    asked = ["loginctl", "show-user", str(os.getuid()), "--property=Linger", "--value"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() == "yes" if done.returncode == 0 else None
