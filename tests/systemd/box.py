"""A real systemd for tests: PID 1 of name spaces of its own, on a throw-away copy of this machine.

The machine's `/` is the lower layer of an overlay, so everything installed here is there, too, and
all that is written is gone with the box. The network is the machine's own: a service in the box
reaches a fake on the loopback.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

NEEDED = (
    "these tests start a real systemd in name spaces of its own; that needs root with "
    "CAP_SYS_ADMIN (a privileged container will do), overlayfs, a cgroup file system that can be "
    "written, and systemd, util-linux and nsenter installed. Elsewhere, leave them out: "
    "pytest --ignore=tests/systemd"
)
_CGROUPS = Path("/sys/fs/cgroup")
_SETUP = Path(__file__).with_name("inside.sh")
_ENTER = ("--mount", "--pid", "--cgroup", "--uts", "--ipc")


def missing() -> str:
    """Return why no systemd can be started here; empty where it can."""
    for tool in ("unshare", "nsenter", "setpriv", "pivot_root", "systemctl"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if not Path("/lib/systemd/systemd").exists():
        return "systemd is not installed"
    if not any(os.access(hierarchy, os.W_OK) for hierarchy in _hierarchies()):
        return "no cgroup file system can be written"
    tried = subprocess.run(
        ["unshare", "--fork", "--pid", "--mount", "--cgroup", "--uts", "--ipc", "true"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return tried.stderr.strip() if tried.returncode else ""


def _hierarchies() -> list[Path]:
    """Return the control group trees of this machine: the new one, or the two of a hybrid."""
    trees = (_CGROUPS, _CGROUPS / "unified", _CGROUPS / "systemd")
    return [tree for tree in trees if (tree / "cgroup.procs").exists()]


@dataclass
class Box:
    """One systemd; `folder` is empty and not on a path that systemd hides, such as /tmp."""

    folder: Path
    _outer: subprocess.Popen[bytes] | None = None
    _pid: int = 0
    _groups: list[Path] = field(default_factory=list)

    @property
    def shared(self) -> Path:
        """The folder that is /run/box inside."""
        return self.folder / "shared"

    def start(self, seconds: float = 120.0) -> None:
        """Boot, and return when systemd says that it is up."""
        self.shared.mkdir(parents=True)
        self._groups = [
            hierarchy / f"vouchd-{os.getpid()}-{self.folder.name}" for hierarchy in _hierarchies()
        ]
        for group in self._groups:
            group.mkdir()
        # systemd takes over every process of its control group: it must have one of its own.
        enter = "".join(f"echo $$ >'{group}/cgroup.procs'; " for group in self._groups)
        unshare = "exec unshare --fork --pid --mount --cgroup --uts --ipc --kill-child=KILL "
        with (self.folder / "boot.log").open("wb") as log:
            self._outer = subprocess.Popen(
                ["sh", "-c", f'{enter}{unshare} --mount-proc sh "$0" "$1"', _SETUP, self.folder],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        if not waited(self._is_up, seconds):
            said = (self.folder / "boot.log").read_text(errors="replace")
            self.stop()
            raise RuntimeError(f"systemd did not come up: {said}\n{NEEDED}")

    def _is_up(self) -> bool:
        assert self._outer is not None
        if self._outer.poll() is not None:
            raise RuntimeError(
                f"{(self.folder / 'boot.log').read_text(errors='replace')}\n{NEEDED}"
            )
        if not self._pid:
            children = Path(f"/proc/{self._outer.pid}/task/{self._outer.pid}/children")
            self._pid = int((children.read_text().split() or ["0"])[0])
        return bool(self._pid) and self.run("systemctl", "is-system-running", ok=None).stdout in (
            "running\n",
            "degraded\n",
        )

    def run(
        self, *command: str | Path, ok: bool | None = True, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside as root; `ok` is whether it has to succeed (None: whatever)."""
        done = subprocess.run(
            ["nsenter", f"--target={self._pid}", *_ENTER, "--wdns=/", *map(str, command)],
            capture_output=True, text=True, check=False, input=text,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"},
        )  # fmt: skip
        if ok is not None and (done.returncode == 0) != ok:
            raise AssertionError(
                f"{' '.join(map(str, command))} ended with {done.returncode}:\n"
                f"{done.stdout}\n{done.stderr}"
            )
        return done

    def write(self, path: str, text: str) -> None:
        """Put a file there, for everybody to read."""
        self.run("sh", "-c", f"mkdir -p '{Path(path).parent}' && cat >'{path}'", text=text)

    def read(self, path: str) -> str:
        """Return what a file says."""
        return self.run("cat", path).stdout

    def shown(self, unit: str, name: str) -> str:
        """Return a property of a unit."""
        return self.run("systemctl", "show", unit, "--property", name, "--value").stdout.strip()

    def journal(self, unit: str) -> str:
        """Return what a unit has said, and what was said of it."""
        return self.run("journalctl", "--unit", unit, "--no-pager", "--output=cat").stdout

    def waits(self, unit: str, name: str, value: str, *, seconds: float = 120.0) -> None:
        """Wait until a property of a unit holds some words."""
        if not waited(lambda: value in self.shown(unit, name), seconds):
            raise AssertionError(
                f"{unit}: {name} is {self.shown(unit, name)!r}, not {value!r}, after "
                f"{seconds} s\n{self.journal(unit)}"
            )

    def stop(self) -> None:
        """End it and all that runs inside."""
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGRTMIN + 4)  # systemd's word for power off
        if self._outer is not None:
            try:
                self._outer.wait(8)
            except subprocess.TimeoutExpired:
                self._outer.kill()
                self._outer.wait()
        for group in self._groups:
            waited(partial(_removed, group), 3.0)


def waited(true: Callable[[], bool], seconds: float) -> bool:
    """Return whether something became true in so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _removed(group: Path) -> bool:
    folders = [Path(folder) for folder, _, _ in os.walk(group, topdown=False)]
    try:
        for folder in folders:
            folder.rmdir()
    except OSError:
        return False
    return True
