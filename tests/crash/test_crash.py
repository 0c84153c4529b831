"""Whoever dies anywhere and starts again has the same drafts and events: none twice, none missing.

Every n-th case is tried here; VOUCHD_CRASH=1 tries every one (`make crash`).
"""

from __future__ import annotations

import os
import signal
import warnings
from pathlib import Path

import pytest

from tests.crash.cases import KILLED, Death, Tally, complaints, deaths
from tests.crash.disk import Disk
from tests.crash.houses import HOUSES, House, house
from tests.crash.steps import Step, watched
from tests.crash.story import SHORT, Chapter, Truth, long, one_mind, turn, undisturbed
from vouchd.rules.model import Part

#: Of how many cases one is tried.
STRIDE = {"maildir": 17, "mbox": 41, "google": 61, "tasks": 97}
COMPLETE = os.environ.get("VOUCHD_CRASH")


def stride(kind: str) -> int:
    return int(COMPLETE) if COMPLETE else STRIDE[kind]


def try_(living: House, chapter: Chapter, wanted: Truth, death: Death) -> list[str]:
    """Put the world as it was left, start again, and return what is wrong then."""
    living.put_back(death.left)
    wrong = [
        f"{chapter.at:%d %B}, {death}: {words}" for words in complaints(living, chapter, wanted)
    ]
    return wrong[:3]


@pytest.fixture(scope="module")
def in_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, ...]:
    """What comes of the story where all is kept in files."""
    folder = tmp_path_factory.mktemp("calm") / "world"
    with house("maildir", folder) as calm, one_mind():
        return tuple(then for _, then in undisturbed(calm, SHORT))


@pytest.mark.parametrize("kind", HOUSES)
def test_every_house_has_the_same_story(kind, world: Path, in_files: tuple[Truth, ...]):
    """Else a follow-up that one house never had would not be missed in it."""

    def written(then: Truth) -> list[tuple[str, str]]:
        return [(one.key, one.part) for one in then.lying if one.part is not Part.TASK]

    with house(kind, world) as living, one_mind():
        for (_, then), wanted in zip(undisturbed(living, SHORT), in_files, strict=True):
            assert written(then) == written(wanted)
    kinds = {key.partition(".")[0] for then in in_files for key, _ in written(then)}
    assert {"interview_thank_you", "heads_up", "thank_you", "outcome_news"} <= kinds


@pytest.mark.parametrize("kind", HOUSES)
def test_dying_at_any_step_loses_and_doubles_nothing(kind, world: Path, record_property):
    tally, number, tried = Tally(), 0, 0
    wrong: list[str] = []
    with house(kind, world) as living, one_mind():
        lived = undisturbed(living, SHORT)
        for chapter, (before, wanted) in zip(SHORT, lived, strict=True):
            living.put_back(before)
            for death in tuple(deaths(living, chapter, tally, cuts=True)):
                number += 1
                if number % stride(kind) == 0:
                    tried += 1
                    wrong += try_(living, chapter, wanted, death)
    record_property("cases", tried)
    record_property("places to die at", tally.places)
    record_property("different worlds left", number)
    assert not wrong, f"{len(wrong)} complaints:\n" + "\n".join(wrong[:12])
    assert tried > 5


@pytest.mark.parametrize("kind", ["maildir", "google"])
def test_after_dying_once_the_whole_rest_of_the_story_is_as_ever(
    kind, world: Path, record_property
):
    chapters = long() if COMPLETE else SHORT
    tally, number, tried = Tally(), 0, 0
    wrong: list[str] = []
    with house(kind, world) as living, one_mind():
        lived = undisturbed(living, chapters)
        rest = tuple((c, wanted) for c, (_, wanted) in zip(chapters, lived, strict=True))
        for place, (chapter, (before, wanted)) in enumerate(zip(chapters, lived, strict=True)):
            living.put_back(before)
            for death in tuple(deaths(living, chapter, tally, cuts=False)):
                number += 1
                if number % (7 * stride(kind)) == 0:
                    tried += 1
                    living.put_back(death.left)
                    after = rest[place + 1 :]
                    wrong += [f"{death}: {w}" for w in complaints(living, chapter, wanted, after)]
    record_property("cases", tried)
    assert not wrong, "\n".join(wrong[:12])
    assert tried


@pytest.mark.parametrize("kind", HOUSES)
def test_a_process_that_is_killed_at_a_step_is_none_the_worse(kind, world: Path, record_property):
    """With a real process and a real SIGKILL, as a check on the copies of the other tests."""
    tried, wrong = 0, []
    with house(kind, world) as living, one_mind():
        lived = undisturbed(living, SHORT)
        for chapter, (before, wanted) in zip(SHORT[3:6], lived[3:6], strict=True):
            number = 40 if COMPLETE else 47
            while True:
                living.put_back(before)
                if not killed(living, chapter, number):
                    break
                tried += 1
                step = Step(number, "SIGKILL", "")
                death = Death(step, KILLED, living.shot())
                wrong += try_(living, chapter, wanted, death)
                number += 8 if COMPLETE else 97
    record_property("cases", tried)
    assert not wrong, "\n".join(wrong)
    assert tried >= 3


def killed(living: House, chapter: Chapter, number: int) -> bool:
    """Do a turn in a process that kills itself at that step; whether it came so far."""

    def reached(step: Step) -> None:
        if step.number == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with warnings.catch_warnings():
        # The fake's thread stays behind: the child only talks to it.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            with watched(living.folder, Disk(living.folder), reached):
                turn(living, chapter.at)
        finally:
            os._exit(3)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 3
    return os.WIFSIGNALED(status)
