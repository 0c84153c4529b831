"""What Google lets one user ask in a minute, and how much of it is used up.

Since May 2026 a project has 6,000 Gmail units a minute and user, and reading a message costs 20;
older projects have 15,000 and 5. The numbers are settings.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from vouchd.connectors.base import Notes

MINUTE = 60.0

#: Units of one call: https://developers.google.com/workspace/gmail/api/reference/quota
COSTS: Mapping[str, int] = {
    "profile": 1,
    "history": 2,
    "messages_list": 5,
    "messages_get": 20,
    "attachments_get": 20,
    "threads_get": 40,
    "drafts_list": 5,
    "drafts_get": 20,
    "drafts_create": 10,
    "drafts_update": 15,
    "drafts_delete": 10,
    "labels_list": 1,
    "labels_create": 5,
}
PER_MINUTE = 6000
CALENDAR_PER_MINUTE = 600
#: The window of Google's clock and of ours do not begin together.
_MARGIN = 0.97
_NOTE = "google.spent"
#: Units that need not be remembered over a restart.
_LITTLE = 200


class Pace:
    """Units spent in the last minute."""

    def __init__(self, per_minute: int, ticks: Callable[[], float]) -> None:
        self._most = per_minute * _MARGIN
        self._ticks = ticks
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0

    def wait(self, units: int, *, share: float = 1.0) -> float:
        """Return in how many seconds so many units may be spent; 0.0: now.

        With `share` below 1 the rest of the minute is left for other work.
        """
        now = self._forget()
        most = max(self._most * share, units)
        left = self._sum + units - most
        for at, spent in self._spent:
            if left <= 0:
                break
            left -= spent
            if left <= 0:
                return max(0.0, at + MINUTE - now)
        return 0.0

    def spend(self, units: int) -> None:
        """Note that so many units are being spent."""
        self._spent.append((self._forget(), units))
        self._sum += units

    def lately(self) -> list[tuple[float, int]]:
        """Return what was spent in the last minute, oldest first, each with its age in seconds."""
        now = self._forget()
        return [(now - at, units) for at, units in self._spent]

    def resume(self, spent: Iterable[tuple[float, int]]) -> None:
        """Count what was spent before a restart, as `lately()` told it."""
        now = self._ticks()
        before = [(now - age, units) for age, units in spent if 0 <= age < MINUTE]
        self._spent.extendleft(reversed(before))
        self._sum += sum(units for _, units in before)

    def _forget(self) -> float:
        now = self._ticks()
        while self._spent and self._spent[0][0] <= now - MINUTE:
            self._sum -= self._spent.popleft()[1]
        return now


def keep(pace: Pace, notes: Notes, now: datetime) -> None:
    """Note what was spent in the last minute: Google goes on counting over a restart."""
    spent = pace.lately()
    if sum(units for _, units in spent) > _LITTLE:
        at = now.timestamp()
        notes.jot(_NOTE, json.dumps([[round(at - age, 1), units] for age, units in spent]))


def resume(pace: Pace, notes: Notes, now: datetime) -> None:
    """Count what was noted. Where that is lost, Google's 429 tells to wait."""
    at = now.timestamp()
    try:
        noted = json.loads(notes.recall(_NOTE) or "[]")
        pace.resume([(at - float(then), int(units)) for then, units in noted])
    except (ValueError, TypeError):
        return
