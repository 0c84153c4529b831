"""What systemd wants to hear from a service of Type=notify: sd_notify(3) in a few lines.

Without NOTIFY_SOCKET (not started by systemd) nothing is said.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

Say = Callable[[str], None]

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


def reloading(ticks: float) -> str:
    """Return the word that a reload begins; `ticks` is the monotonic clock (Type=notify-reload)."""
    return f"RELOADING=1\nMONOTONIC_USEC={round(ticks * 1_000_000)}"


def status(words: str) -> str:
    """Return the line that `systemctl status` shows."""
    return f"STATUS={' '.join(words.split())}"


def opened(environ: Mapping[str, str]) -> Say:
    """Return how to speak to the systemd that started this process; silent when none did."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return lambda words: None
    # A leading @ means the abstract name space, written with a zero byte.
    target = "\0" + address[1:] if address.startswith("@") else address

    def say(words: str) -> None:
        # systemd restarting itself is no reason to fall over.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
            speaker.sendto(words.encode(), target)

    return say


def watchdog_interval(environ: Mapping[str, str], pid: int) -> float | None:
    """Return by how many seconds systemd wants a sign of life; None where it wants none."""
    if environ.get("WATCHDOG_PID", str(pid)) != str(pid):
        return None
    try:
        microseconds = int(environ.get("WATCHDOG_USEC", ""))
    except ValueError:
        return None
    return microseconds / 1_000_000 if microseconds > 0 else None


@dataclass(slots=True)
class Watchdog:
    """Feeds systemd's watchdog: only when told of progress, and four times an interval at most."""

    say: Say
    interval: float | None
    ticks: Callable[[], float]
    _fed: float = field(default=float("-inf"))

    def progress(self) -> None:
        """Note that the work goes on."""
        if self.interval is None:
            return
        tick = self.ticks()
        if tick - self._fed >= self.interval / 4:
            self._fed = tick
            self.say(WATCHDOG)
