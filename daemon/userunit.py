"""The unit of one user: where its file lies, what it says, what systemd knows of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

NAME = "vouchd.service"
_STEPS = "restart-steps.conf"
_STEPS_SINCE = 254  #: the systemd that knows RestartSteps=
_PACKAGED = Path("/usr/lib/systemd/user") / NAME
_PACKAGE = Path("/opt/vouchd")
_SECONDS = 60.0
#: What of the environment decides where vouchd looks; systemd's own may be another.
_PLACES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")


class UnitError(Exception):
    """systemd does not do what was asked; the text says what, and the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitState:
    """What systemd knows of the unit."""

    loaded: bool  #: there is such a unit
    enabled: bool
    active: str  #: "active", "activating", "failed", "inactive" …
    result: str  #: of the last end: "success", "watchdog", "exit-code" …
    status: str  #: what the daemon last said
    since: datetime | None  #: of `active`
    restarts: int
    exit_status: int
    file: str


def systemctl(*arguments: str) -> str:
    """Ask the user's systemd. Raises UnitError."""
    if shutil.which("systemctl") is None:
        raise UnitError(
            "there is no systemd on this machine (systemctl is not installed): let another "
            "supervisor run `vouchd run`"
        )
    command = ["systemctl", "--user", "--no-pager", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise UnitError(f"`{' '.join(command)}` does not come to an end; try it by hand") from None
    if done.returncode == 0:
        return done.stdout
    said = " ".join(done.stderr.split()) or f"status {done.returncode}"
    if "bus" in said or "XDG_RUNTIME_DIR" in said or "not been booted" in said:
        raise UnitError(
            f"no systemd answers for this user ({said}): log in as that user itself (not by su or "
            "sudo), or let the administrator run `loginctl enable-linger` for it first"
        )
    raise UnitError(f"`{' '.join(command)}`: {said}")


def state() -> UnitState:
    """Return what systemd knows of the unit. Raises UnitError."""
    names = (
        "LoadState UnitFileState ActiveState Result StatusText StateChangeTimestamp NRestarts "
        "ExecMainStatus FragmentPath"
    )
    shown = systemctl("show", NAME, "--timestamp=unix", f"--property={names.replace(' ', ',')}")
    found = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    changed = re.fullmatch(r"@(\d+)", found.get("StateChangeTimestamp", ""))
    return UnitState(
        loaded=found.get("LoadState") == "loaded",
        enabled=found.get("UnitFileState", "").startswith("enabled"),
        active=found.get("ActiveState", "inactive"),
        result=found.get("Result", ""),
        status=found.get("StatusText", ""),
        since=datetime.fromtimestamp(int(changed[1]), UTC) if changed else None,
        restarts=int(found.get("NRestarts") or 0),
        exit_status=int(found.get("ExecMainStatus") or 0),
        file=found.get("FragmentPath", ""),
    )


def unit_folder(environ: Mapping[str, str]) -> Path:
    """Return where a user's own units lie."""
    given = environ.get("XDG_CONFIG_HOME", "")
    home = Path(environ.get("HOME") or Path.home())
    base = Path(given) if given.startswith("/") else home / ".config"
    return base / "systemd" / "user"


def packaged(command: Sequence[str], unit: Path = _PACKAGED) -> bool:
    """Whether this vouchd came with a package that brings the unit, too."""
    return unit.exists() and Path(command[0]).resolve().is_relative_to(_PACKAGE)


def written(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the text of the unit that runs `command`."""
    text = (files("vouchd.systemd") / NAME).read_text(encoding="utf-8")
    start = "ExecStart=" + " ".join(map(_quoted, command))
    places = [_quoted(f"{name}={environ[name]}") for name in _PLACES if environ.get(name)]
    if places:
        start += f"\nEnvironment={' '.join(places)}"
    changed, count = re.subn(r"(?m)^ExecStart=.*$", lambda _: start, text)
    assert count == 1
    return changed


def _quoted(word: str) -> str:
    """Return one word as systemd.service(5) reads it: no specifier, no variable in it."""
    escaped = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w@%$+=:,./-]+", escaped):
        return escaped
    return '"' + escaped.replace("\\", "\\\\").replace('"', '\\"') + '"'


def install(command: Sequence[str], environ: Mapping[str, str]) -> Path | None:
    """Put the unit into its place, keeping another that lies there; start it, now and at log-in.

    Returns where it lies, None where the package's own serves. Raises UnitError, OSError.
    """
    version = systemctl("--version")  # before anything is written
    systemctl("show", NAME, "--property=LoadState")
    file = None
    if not packaged(command):
        folder = unit_folder(environ)
        file = folder / NAME
        folder.mkdir(parents=True, exist_ok=True)
        text = written(command, environ)
        if file.exists() and file.read_text(encoding="utf-8") != text:
            file.replace(folder / f"{NAME}.old")
        file.write_text(text, encoding="utf-8")
        number = re.match(r"systemd (\d+)", version)
        if number and int(number[1]) >= _STEPS_SINCE:
            steps = (files("vouchd.systemd") / _STEPS).read_text(encoding="utf-8")
            (folder / f"{NAME}.d").mkdir(exist_ok=True)
            (folder / f"{NAME}.d" / _STEPS).write_text(steps, encoding="utf-8")
    systemctl("daemon-reload")
    systemctl("enable", NAME)
    systemctl("stop", NAME)  # one that ran by an older unit
    # Not waited for: what keeps it from starting is told by its status.
    systemctl("--no-block", "start", NAME)
    return file


def uninstall(environ: Mapping[str, str]) -> bool:
    """Stop the unit and take it away; return whether there was one. Raises UnitError, OSError."""
    known = state()
    if known.loaded:
        systemctl("disable", "--now", NAME)
    folder = unit_folder(environ)
    there = (folder / NAME).exists()
    (folder / NAME).unlink(missing_ok=True)
    (folder / f"{NAME}.d" / _STEPS).unlink(missing_ok=True)
    if (folder / f"{NAME}.d").is_dir() and not any((folder / f"{NAME}.d").iterdir()):
        (folder / f"{NAME}.d").rmdir()
    systemctl("daemon-reload")
    if known.active == "failed":
        systemctl("reset-failed", NAME)
    return there or known.enabled
