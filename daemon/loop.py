"""The loop of the daemon: jobs in turn, signals heard where it is safe, no job starves another."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

import schedule

_SHORT = 0.5  #: seconds
_LONGEST_SLEEP = 30.0  #: seconds; a clock that was set, or a laptop that slept, is noticed by then


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again."""

    name: str
    every: timedelta
    work: Callable[[], None]


class Overdue(BaseException):
    """Somebody asked to end, and what was under way did not come to its end in time."""


class Signals:
    """What was asked from outside: SIGTERM and SIGINT to end, SIGHUP to read the settings anew.

    A handler only notes it; whoever works looks where it is safe. A second SIGINT ends at once.
    With `grace`, what has not ended so many seconds later (a server that does not answer) is
    broken off by Overdue; that is no worse than a power cut, for which all is prepared.
    """

    def __init__(self, grace: float | None = None) -> None:
        self._grace = grace
        self.stop = False
        self.reload = False
        self._wake_up, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen for the length of the block; only in the main thread."""
        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = {number: signal.signal(number, self._note) for number in numbers}
        if self._grace is not None:
            before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._break_off)
        try:
            yield
        finally:
            self.in_time()
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._wake_up)
            os.close(self._bell)

    def _note(self, number: int, _: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self.reload = True
        elif self.stop and number == signal.SIGINT:
            raise KeyboardInterrupt
        else:
            if self._grace is not None and not self.stop:
                signal.setitimer(signal.ITIMER_REAL, self._grace)
            self.stop = True
        with suppress(BlockingIOError):  # the bell rings already
            os.write(self._bell, b"!")

    def _break_off(self, number: int, _: FrameType | None) -> None:
        raise Overdue

    def in_time(self) -> None:
        """Note that the work has come to its end: nothing is broken off any more."""
        if self._grace is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def stopping(self) -> bool:
        """Whether somebody asked to end; to be looked at between two writes."""
        return self.stop

    def pause(self, seconds: float) -> bool:
        """Sleep inside of a piece of work; tell whether somebody asked to end."""
        left = seconds
        while left > 0 and not self.stop:
            piece = min(left, _SHORT)
            ready, _, _ = select.select([self._wake_up], [], [], piece)
            if ready and not self.stop:  # a reload waits until the work is done
                time.sleep(piece)
            left -= piece
        return self.stop

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than until somebody asks for something."""
        if self.stop or self.reload:
            return
        ready, _, _ = select.select([self._wake_up], [], [], max(0.0, seconds))
        if ready:
            with suppress(BlockingIOError):
                os.read(self._wake_up, 4096)


def run(
    jobs: Callable[[], Sequence[Job]],
    signals: Signals,
    *,
    alive: Callable[[], None],
    failed: Callable[[Job, Exception], None],
    reload: Callable[[], None],
    longest_sleep: float = _LONGEST_SLEEP,
) -> None:
    """Do the jobs, each at once and then in its interval, until somebody asks to end.

    `jobs` is asked again after each `reload`. A job that raises is told to `failed`, and its next
    turn comes as ever. `alive` is called after each piece of work and each short sleep.
    """

    def planned() -> schedule.Scheduler:
        scheduler = schedule.Scheduler()
        for job in jobs():
            seconds = max(1, round(job.every.total_seconds()))
            scheduler.every(seconds).seconds.do(_guarded(job, signals, alive, failed))
        return scheduler

    due_now, scheduler = True, planned()
    while not signals.stop:
        if signals.reload:
            signals.reload = False
            reload()
            due_now, scheduler = True, planned()
        if due_now:
            scheduler.run_all()
        else:
            scheduler.run_pending()
        alive()
        # `schedule` goes by the clock on the wall: where that was set back (as at the end of
        # summer time) the next turn would come an hour late.
        idle = scheduler.idle_seconds or 0.0
        due_now = idle > min((job.interval for job in scheduler.jobs), default=0)
        signals.wait(0.0 if due_now else min(longest_sleep, idle))


def _guarded(
    job: Job,
    signals: Signals,
    alive: Callable[[], None],
    failed: Callable[[Job, Exception], None],
) -> Callable[[], None]:
    def work() -> None:
        if signals.stop:
            return
        try:
            job.work()
        except Exception as error:
            failed(job, error)
        alive()

    return work
