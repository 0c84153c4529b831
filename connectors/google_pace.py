"""What Google lets one user ask in a minute, and how much of it is used up.

Since May 2026 a project has 6,000 Gmail units a minute and user, and reading a message costs 20;
older projects have 15,000 and 5. The numbers are settings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

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

    def _forget(self) -> float:
        now = self._ticks()
        while self._spent and self._spent[0][0] <= now - MINUTE:
            self._sum -= self._spent.popleft()[1]
        return now
