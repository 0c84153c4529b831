"""Two at once: one works and the other says why not; on two machines there are no twins."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from tests.crash.houses import House, house
from tests.crash.soak import command
from tests.crash.story import LATER, SHORT, arrive, begin, one_mind, turn, undisturbed
from vouchd.config.load import load
from vouchd.connectors.drafts import DraftShelf
from vouchd.connectors.gmail_drafts import GmailDrafts
from vouchd.daemon.app import open_app
from vouchd.daemon.statefile import holder


def second_machine(living: House) -> House:
    """The same account and the same settings, with a state of its own."""
    other = object.__new__(type(living))
    vars(other).update(vars(living))
    config = living.folder / "config" / "config.toml"
    elsewhere = living.folder / "second" / "config"
    shutil.copytree(living.folder / "config", elsewhere)
    text = config.read_text().replace('"../mail', '"../../mail').replace('"../cal', '"../../cal')
    (elsewhere / "config.toml").write_text(text)
    token = living.folder / "state" / "google-token.json"
    (living.folder / "second" / "state").mkdir(mode=0o700)
    if token.exists():
        shutil.copy2(token, living.folder / "second" / "state")
    other.folder = living.folder / "second"
    return other


def twins(living: House) -> list[tuple[str, str]]:
    found = Counter((str(one.part), one.key) for one in living.lying())
    return [slot for slot, number in found.items() if number > 1]


@pytest.mark.parametrize("kind", ["maildir", "mbox", "google", "tasks"])
def test_on_two_machines_there_is_no_twin(kind, world: Path, record_property):
    with house(kind, world) as living, one_mind():
        begin(living)
        other, since = second_machine(living), None
        for chapter in SHORT:
            arrive(living, since, chapter)
            if chapter.hand == "sign otherwise":
                shutil.copy2(living.folder / "config/config.toml", world / "name.toml")
                text = (world / "name.toml").read_text().replace('"../mail', '"../../mail')
                text = text.replace('"../cal', '"../../cal')
                (other.folder / "config" / "config.toml").write_text(text)
            for number, machine in enumerate((living, other, living, other)):
                turn(machine, chapter.at + number * LATER)
                assert twins(living) == []
            since = chapter.at
        at_rest = living.lying()
        for number, machine in enumerate((living, other)):
            assert not turn(machine, SHORT[-1].at + (5 + number) * LATER).actions
        assert living.lying() == at_rest
        record_property("turns of two machines", 4 * len(SHORT))


PUTS_DOWN = {"maildir": (DraftShelf, "_put"), "google": (GmailDrafts, "_created")}


@contextmanager
def both_have_looked(kind: str, living: House) -> Iterator[list[tuple[str, str]]]:
    """Let neither of two threads put its first draft down before the other has looked for it.

    Yields the twins that lie there then.
    """
    shelf, name = PUTS_DOWN[kind]
    real = getattr(shelf, name)
    there, met = threading.Barrier(2), threading.local()
    made: list[tuple[str, str]] = []

    def waits(*given: object, **named: object) -> object:
        if hasattr(met, "once"):
            return real(*given, **named)
        met.once = True
        there.wait(240)
        done = real(*given, **named)
        there.wait(240)
        made.extend(twins(living))
        there.wait(240)
        return done

    with mock.patch.object(shelf, name, waits):
        yield made


@pytest.mark.parametrize("kind", PUTS_DOWN)
def test_two_machines_at_the_same_moment_come_to_rest_without_a_twin(kind, world: Path):
    """What both put down before either could see the other's is put right by the next look."""
    with house(kind, world.with_name("calm")) as calm, one_mind():
        undisturbed(calm, SHORT[:2])
        alone = {(one.part, one.key) for one in calm.lying()}
    with house(kind, world) as living, one_mind():
        begin(living)
        arrive(living, None, SHORT[0])
        other = second_machine(living)
        # The follow-up calendar is there by then: Google makes a second one of the same name.
        turn(living, SHORT[0].at)
        turn(other, SHORT[0].at + LATER)
        arrive(living, SHORT[0].at, SHORT[1])
        wrong: list[BaseException] = []

        def works(machine: House) -> None:
            try:
                # No two clocks are the same; the name of a draft's file begins with the time.
                turn(machine, SHORT[1].at + timedelta(seconds=7 if machine is other else 0))
            except BaseException as error:
                wrong.append(error)

        both = [threading.Thread(target=works, args=(machine,)) for machine in (living, other)]
        with both_have_looked(kind, living) as made:
            for thread in both:
                thread.start()
            for thread in both:
                thread.join()
        assert not wrong
        assert made, "it was not the same moment"
        for number in range(1, 4):
            turn(living, SHORT[1].at + 2 * number * LATER)
            turn(other, SHORT[1].at + (2 * number + 1) * LATER)
        assert twins(living) == []
        assert {(one.part, one.key) for one in living.lying()} == alone


def test_once_beside_a_daemon_says_who_is_at_work_and_changes_nothing(world: Path):
    with house("maildir", world) as living, one_mind():
        begin(living)
        arrive(living, None, SHORT[0])
        with open_app(load(living.folder / "config", {})):
            process = command(living, SHORT[0])
            _, said = process.communicate(timeout=240)
            assert process.returncode == 1
            assert said.decode().count("\n") == 1
            assert f"another vouchd (process {os.getpid()}) is at work" in said.decode()
            assert "stop it first" in said.decode()
            assert living.lying() == []
        process = command(living, SHORT[0])
        process.communicate(timeout=240)
        assert process.returncode == 0
        assert living.lying()


def test_a_second_daemon_ends_and_a_killed_one_leaves_no_lock(world: Path):
    with house("maildir", world) as living:
        begin(living)
        run = [sys.executable, "-c", "from vouchd.daemon.cli import main; raise SystemExit(main())"]
        run += ["run", "--config", str(living.folder / "config")]
        first = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert first.stdout is not None
        first.stdout.readline()  # of its first round
        state = living.folder / "state"
        assert holder(state) == str(first.pid)
        second = subprocess.run(run, capture_output=True, text=True, timeout=240, check=False)
        assert second.returncode == 1
        assert f"another vouchd (process {first.pid}) is at work" in second.stderr
        assert first.poll() is None, "the first one works on"
        first.send_signal(signal.SIGKILL)
        first.communicate()
        assert holder(state) is None, "the kernel takes the lock back"
        process = command(living, SHORT[0])
        process.communicate(timeout=240)
        assert process.returncode == 0
