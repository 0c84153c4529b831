"""How long one message or event may take: working time of this process, not the time of day.

Every step is meant to be linear in what it reads; this is for the one that turns out not to be.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from vouchd.connectors.base import Refused

SECONDS = 10.0  #: of working time; what is usual takes a thousandth of a second
_AGAIN = 1.0  #: should a library have swallowed the first alarm


class _Alarm(BaseException):
    """Not an Exception, so that nobody on the way takes it for a broken field."""


class within:
    """Let the block work for `seconds` at most. Raises Refused at its end when it took longer.

    Inside another one, and outside the main thread, which alone gets signals, it does nothing.
    """

    _counting = False

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._mine = False

    def __enter__(self) -> None:
        """Start the clock."""
        here = threading.current_thread() is threading.main_thread()
        if here and not within._counting:
            self._mine = within._counting = True
            signal.signal(signal.SIGVTALRM, _ring)
            signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds, _AGAIN)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the clock. Raises Refused when it had rung."""
        if not self._mine:
            return
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        within._counting = False
        if isinstance(error, _Alarm):
            raise Refused(
                f"it took more than {self._seconds:g} seconds of work: it was set aside; please "
                "report it"
            ) from None


def _ring(number: int, frame: FrameType | None) -> None:
    raise _Alarm
