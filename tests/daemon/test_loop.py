import os
import signal
import threading
import time
from datetime import timedelta

import pytest

from vouchd.daemon.loop import Job, Overdue, Signals, run

SECOND = timedelta(seconds=1)


@pytest.fixture
def signals():
    heard = Signals()
    with heard.heard():
        yield heard


def looped(signals, jobs, **fields):
    """Run the loop to its end; the jobs themselves must ask for it."""
    failures: list[tuple[str, str]] = []
    run(
        jobs if callable(jobs) else lambda: jobs,
        signals,
        **{
            "alive": lambda: None,
            "failed": lambda job, error: failures.append((job.name, str(error))),
            "reload": lambda: None,
            "longest_sleep": 0.01,
            **fields,
        },
    )
    return failures


def after(signals, times, work=lambda: None):
    """Return a job's work that asks to end after some turns, and the list of its turns."""
    turns: list[int] = []

    def job() -> None:
        turns.append(len(turns))
        if len(turns) >= times:
            signals.stop = True
        work()

    return job, turns


def test_every_job_has_its_turn_at_once(signals):
    last, turns = after(signals, 1)
    first: list[int] = []
    looped(
        signals, [Job("first", timedelta(days=1), lambda: first.append(1)), Job("b", SECOND, last)]
    )
    assert (first, turns) == ([1], [0])


def test_a_job_that_raises_starves_no_other_and_has_its_next_turn(signals):
    def breaks() -> None:
        broken.append(1)
        raise ValueError("no such folder")

    broken: list[int] = []
    last, turns = after(signals, 2)
    failures = looped(signals, [Job("bad", SECOND, breaks), Job("good", SECOND, last)])
    assert turns == [0, 1]
    assert broken == [1, 1]
    assert failures == [("bad", "no such folder")] * 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_loop_and_wakes_it(signals, number):
    threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
    begun = time.monotonic()
    looped(signals, [Job("a", timedelta(hours=1), lambda: None)], longest_sleep=600.0)
    assert time.monotonic() - begun < 300


def test_the_job_at_work_is_finished_and_no_other_begun(signals):
    done: list[str] = []

    def work() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        done.append("all of it")

    looped(signals, [Job("a", SECOND, work), Job("b", SECOND, lambda: done.append("b"))])
    assert done == ["all of it"]


def test_a_second_interrupt_ends_at_once(signals):
    def hangs() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        looped(signals, [Job("a", SECOND, hangs)])


def test_hup_reads_the_settings_anew_and_the_jobs_with_them(signals):
    steps: list[str] = []

    def jobs() -> tuple[Job, ...]:
        def work() -> None:
            steps.append(f"job {len(steps)}")
            if len(steps) == 1:
                os.kill(os.getpid(), signal.SIGHUP)
            else:
                signals.stop = True

        return (Job("a", timedelta(hours=1), work),)

    looped(signals, jobs, reload=lambda: steps.append("reload"), longest_sleep=60.0)
    assert steps == ["job 0", "reload", "job 2"]


def test_the_loop_gives_signs_of_life_while_there_is_nothing_to_do(signals):
    signs: list[int] = []

    def alive() -> None:
        signs.append(1)
        signals.stop = len(signs) >= 5

    looped(signals, [Job("a", timedelta(hours=1), lambda: None)], alive=alive)
    assert len(signs) == 5


def test_a_clock_set_back_delays_nothing(signals, monkeypatch):
    import schedule

    last, turns = after(signals, 2)

    class Backwards(schedule.Scheduler):
        idle_seconds = 7200.0  # two hours, for a job of every hour: summer time has ended

    def alive() -> None:
        signs.append(1)
        assert len(signs) < 9, "it waits for the clock"

    signs: list[int] = []
    monkeypatch.setattr(schedule, "Scheduler", Backwards)
    looped(signals, [Job("a", timedelta(hours=1), last)], alive=alive)
    assert turns == [0, 1]


def test_handlers_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with Signals().heard():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_work_that_does_not_end_in_time_is_broken_off():
    signals = Signals(grace=0.2)
    with signals.heard():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Overdue):
            time.sleep(300)


def test_what_ends_in_time_is_not_broken_off():
    signals = Signals(grace=300)
    with signals.heard():
        os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        signals.in_time()
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signals.stop
