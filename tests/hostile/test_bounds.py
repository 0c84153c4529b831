"""A round over a mailbox of bombs: each is read in part or set aside with a note, the rest is read.

Time is counted as work of the process, memory as the most it ever had and as what it may ask for.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.daemon.conftest import World
from tests.hostile.bombs import CALENDARS, MAILS, NOTED
from vouchd.connectors import limits, mime
from vouchd.connectors.base import Refused
from vouchd.connectors.limits import within
from vouchd.rules.model import Message

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
#: What the process may ask of the system at all, and may have had at most. A round over an ordinary
#: mailbox takes about 90 MB.
ADDRESSES = 1_600 * MEGABYTE
MOST = 500 * MEGABYTE
#: Seconds of processor time for all bombs together: they take 12 on a quiet machine, on a slow and
#: busy one perhaps 60, and hours where one of them is not bounded.
WORK = 300


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK))


# Not getrusage: its peak begins with what the process that started this one held.
RUN = (
    "import sys\n"
    "from vouchd.daemon.cli import main\n"
    "status = main(sys.argv[1:])\n"
    "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
    "print('PEAK', int(peak.split()[1]) * 1024)\n"
    "sys.exit(status)\n"
)


def once(world: World) -> tuple[int, str, str, int]:
    """Do a round in a process of its own, within its limits; the last is its peak of memory."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, "once", "--config", str(world.config)],
        preexec_fn=limited, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    out, _, peak = done.stdout.rpartition("PEAK ")
    assert peak, done.stderr[-2000:]
    return done.returncode, out, done.stderr, int(peak)


def put_mails(world: World) -> None:
    for number, (name, made) in enumerate(MAILS.items()):
        (world.mail / "new" / f"{1600000000 + number}.{name}").write_bytes(made(name))


def put_calendars(world: World) -> None:
    for name, made in CALENDARS.items():
        (world.config / "calendar" / f"{name}.ics").write_bytes(made())


def test_a_round_over_bombs_reads_the_rest_and_notes_each(world: World):
    put_mails(world)
    put_calendars(world)
    world.deliver(1)  # the newest: read after all of them
    status, out, err, peak = once(world)
    assert status == 0, err
    assert peak < MOST
    assert any("Dana" in path.read_text() for path in world.lying())
    for name in NOTED:
        assert name in err, name
    assert "not-a-calendar" in err
    assert f"{len(MAILS)} new messages" in out  # all but the one that is none, and the good one
    (state,) = world.json("status")
    assert len(state["parked"]) >= len(NOTED)
    # The next round is at peace: nothing is tried again and again.
    status, out, err, _ = once(world)
    assert (status, err) == (0, "")
    assert "0 new messages" in out


# --- the alarm ----------------------------------------------------------------------------------


def forever() -> None:
    """Work without an end; should nothing end it, the test fails and does not hang."""
    began = time.process_time()
    while time.process_time() - began < 15:
        try:
            time.time()
        except Exception:  # as a library would
            continue
    raise AssertionError("nothing ended it")


def test_work_that_does_not_end_is_ended_by_the_alarm():
    began = time.process_time()
    with pytest.raises(Refused, match=r"0\.2 seconds of work: it was set aside"), within(0.2):
        forever()
    assert time.process_time() - began < 5
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_an_alarm_that_was_swallowed_rings_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "_AGAIN", 0.1)
    swallowed: list[BaseException] = []

    def careless() -> None:
        try:
            forever()
        except BaseException as error:
            swallowed.append(error)
        forever()

    with pytest.raises(Refused), within(0.1):
        careless()
    assert len(swallowed) == 1


def test_within_another_one_the_outer_counts():
    with pytest.raises(Refused, match=r"0\.2 seconds"), within(0.2), within(60):
        forever()
    with within(60):
        pass
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_mail_whose_reading_does_not_end_is_set_aside_and_the_next_one_read(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Whatever the step: here the header, and then a rule."""
    world.deliver(4)
    assert world.vouchd("once")[0] == 0  # all that is made once is made: the next mail is quick
    monkeypatch.setattr(within.__init__, "__defaults__", (0.5,))
    world.deliver(1, text="slow one", subject="slow header")
    world.deliver(2, text="slow one", subject="slow rule")
    world.deliver(3)
    real_parse, real_read = mime._parse, sys.modules["vouchd.daemon.intake"].read_message

    def parse(raw: bytes, *rest: object, **more: object) -> object:
        if b"slow header" in raw:
            forever()
        return real_parse(raw, *rest, **more)  # type: ignore[arg-type]

    def read(message: Message, book: object) -> object:
        if message.subject == "slow rule":
            forever()
        return real_read(message, book)

    monkeypatch.setattr(mime, "_parse", parse)
    monkeypatch.setattr("vouchd.daemon.intake.read_message", read)
    status, out, err = world.vouchd("once")
    assert status == 0
    assert err.count("it was set aside") == 2
    assert "2 could not be read" in out
    assert world.lying()


@pytest.mark.parametrize("error", [MemoryError(), RecursionError("too deep")])
def test_a_mail_that_takes_all_memory_is_set_aside_and_the_next_one_read(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    world.deliver(1, subject="greedy")
    world.deliver(2)
    real = mime._parse

    def parse(raw: bytes, *rest: object, **more: object) -> object:
        if b"greedy" in raw:
            raise error
        return real(raw, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(mime, "_parse", parse)
    status, _, err = world.vouchd("once")
    assert status == 0
    assert type(error).__name__ in err
    assert world.lying()
