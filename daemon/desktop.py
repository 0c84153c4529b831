"""A word to the user's desktop, where there is one (org.freedesktop.Notifications).

It is said with what the desktop or systemd brings along, `notify-send` or `busctl`, over the bus of
the user's own session; a machine without either, or without a desktop, is no failure.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from pathlib import Path

from vouchd.daemon.health import Ailment, Trouble

_PATIENCE = 5  #: seconds
_AGAIN = timedelta(days=1)
_ENDURED = timedelta(hours=1)
_LONGEST = 400


def tell(summary: str, text: str, environ: Mapping[str, str]) -> bool:
    """Show a notification that stays until it is seen; return whether the desktop took it."""
    if not _has_bus(environ):
        return False
    return any(_said(command, environ) for command in _commands(summary, text))


def _has_bus(environ: Mapping[str, str]) -> bool:
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return bool(environ.get("DBUS_SESSION_BUS_ADDRESS")) or (
        runtime.startswith("/") and (Path(runtime) / "bus").exists()
    )


def _commands(summary: str, text: str) -> Iterator[list[str]]:
    text = escape(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…", quote=False)
    yield ["notify-send", "--app-name=vouchd", "--urgency=critical", "--", summary, text]
    name = "org.freedesktop.Notifications"
    # Application, replaced id, icon, summary, body, no actions, one hint (urgency), no end.
    yield [
        "busctl", "--user", "--quiet", "call", name, "/org/freedesktop/Notifications", name,
        "Notify", "susssasa{sv}i", "vouchd", "0", "", summary, text, "0",
        "1", "urgency", "y", "2", "0",
    ]  # fmt: skip


def _said(command: list[str], environ: Mapping[str, str]) -> bool:
    program = shutil.which(command[0], path=environ.get("PATH"))
    if program is None:
        return False
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            timeout=_PATIENCE,
            check=False,
        )
        return done.returncode == 0
    return False


@dataclass(slots=True)
class Bell:
    """Rings for each trouble once, and once a day as long as it lasts."""

    environ: Mapping[str, str]
    _rung: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _seen: frozenset[tuple[str, str]] = frozenset()

    def ring(self, troubles: Iterable[Trouble], now: datetime) -> None:
        """Tell what is wrong, unless it was told today.

        A silence is told when it is seen a second time: a laptop that wakes up looks once before
        its network is there.
        """
        found = {(t.ailment.value, t.about): t for t in troubles}
        for name, trouble in found.items():
            if trouble.ailment is Ailment.SILENCE and name not in self._seen:
                continue
            last = self._rung.get(name)
            if last is not None and abs(now - last) < _AGAIN:
                continue
            if tell(trouble.summary, trouble.text, self.environ):
                self._rung[name] = now
        self._seen = frozenset(found)
        self._rung = {name: at for name, at in self._rung.items() if name in found}


@dataclass(frozen=True, slots=True)
class Starts:
    """Starts that fail, remembered from one to the next where the session keeps its files.

    A service that cannot start is started again twice a minute: that is told when it has gone on
    for an hour, and once a day then. What nobody tries again is told at once.
    """

    environ: Mapping[str, str]
    name: str  #: tells one vouchd of the user from another

    def failed(self, sentence: str, now: datetime, *, for_good: bool) -> None:
        """Tell that the daemon does not start, when it is time to."""
        summary = "vouchd does not start"
        text = f"{sentence} Nothing is read or prepared until that is mended."
        if for_good:
            tell(summary, text, self.environ)
            return
        kept = self._kept()
        if kept is None:
            return
        since, told = _times(kept) or (now, None)
        if now - since >= _ENDURED and (told is None or now - told >= _AGAIN):
            told = now if tell(summary, text, self.environ) else told
        with suppress(OSError):
            kept.write_text(f"{since.isoformat()} {told.isoformat() if told else ''}")

    def succeeded(self) -> None:
        """Forget about starts that failed."""
        kept = self._kept()
        if kept is not None:
            with suppress(OSError):
                kept.unlink(missing_ok=True)

    def _kept(self) -> Path | None:
        runtime = self.environ.get("XDG_RUNTIME_DIR", "")
        known = sha256(self.name.encode()).hexdigest()[:8]
        return Path(runtime) / f"vouchd-{known}.starts" if runtime.startswith("/") else None


def _times(kept: Path) -> tuple[datetime, datetime | None] | None:
    try:
        since, _, told = kept.read_text().partition(" ")
        return datetime.fromisoformat(since), datetime.fromisoformat(told) if told else None
    except (OSError, ValueError):
        return None
