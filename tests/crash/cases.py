"""Each place to die at in a turn, what the world looks like then, and what a new start makes of it.

The turn is lived once; at each step the world outside of the process is copied as it is at that
moment, so that nothing the process would have tidied up while dying is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.crash.disk import Disk
from tests.crash.houses import House, Lying, Shot
from tests.crash.steps import Step, watched
from tests.crash.story import LATER, Chapter, Truth, arrive, truth, turn
from vouchd.rules.model import Part
from vouchd.rules.reconcile import Rewrite, Write

KILLED, CUT, EMPTIED = "killed", "power cut", "power cut, names kept"


@dataclass(frozen=True)
class Death:
    """A place to die at, and the world as it is left then."""

    step: Step
    how: str
    left: Shot

    def __str__(self) -> str:
        return f"{self.how} before step {self.step.number}, {self.step.kind} {self.step.what}"


@dataclass
class Tally:
    """How many places to die at there are, and how many different worlds they leave."""

    places: int = 0
    worlds: set[int] = field(default_factory=set)


def deaths(house: House, chapter: Chapter, tally: Tally, *, cuts: bool) -> Iterator[Death]:
    """Live a turn and yield each death in it that leaves another world than one before."""
    disk = Disk(house.folder)
    disk.settle()
    found: list[Death] = []

    def reached(step: Step) -> None:
        now = house.shot()
        ways = [(KILLED, now)]
        if cuts:
            ways.append((CUT, Shot(disk.cut(now.tree, names_kept=False), now.google)))
            ways.append((EMPTIED, Shot(disk.cut(now.tree, names_kept=True), now.google)))
        for how, left in ways:
            tally.places += 1
            if left.print not in tally.worlds:
                tally.worlds.add(left.print)
                found.append(Death(step, how, left))

    with watched(house.folder, disk, reached) as watch:
        turn(house, chapter.at)
    assert watch.steps > 5, "the harness sees nothing"
    assert not watch.unseen, f"not watched: {watch.unseen}"
    yield from found


def complaints(
    house: House, chapter: Chapter, wanted: Truth, rest: tuple[tuple[Chapter, Truth], ...] = ()
) -> Iterator[str]:
    """Start again after a death; yield what is then not as it is in an undisturbed life."""
    lay = {Lying(one.part, one.key, one.words) for one in house.lying()}
    right = {(one.part, one.key) for one in lay & set(wanted.lying)}
    started = turn(house, chapter.at + LATER)
    yield from different("after a new start", truth(house), wanted)
    for action in started.actions:
        if isinstance(action, Write | Rewrite) and slot_of(action) in right:
            yield f"what lay there as it should was written again: {slot_of(action)}"
    since = chapter.at
    again = turn(house, chapter.at + 2 * LATER)
    if again.actions or again.new:
        yield f"it does not come to rest: {again.actions}, {again.new} new facts"
    if not again.good or again.stopped:
        yield f"it is not well: {again.errors} {again.stopped}"
    for following, then in rest:
        arrive(house, since, following)
        turn(house, following.at)
        yield from different(f"on {following.at:%d %B}", truth(house), then)
        since = following.at


def slot_of(action: Write | Rewrite) -> tuple[Part, str]:
    thing = action if isinstance(action, Write) else action.found
    return thing.part, thing.key


def different(when: str, found: Truth, wanted: Truth) -> Iterator[str]:
    """Yield what is too much, missing, or there twice."""
    for name in Truth.__dataclass_fields__:
        now, then = list(getattr(found, name)), list(getattr(wanted, name))
        for one in [x for x in now if x not in then]:
            yield f"{when}, {name}: too much: {one}"
        for one in [x for x in then if x not in now]:
            yield f"{when}, {name}: missing: {one}"
        if sorted(map(str, now)) != sorted(map(str, then)) and set(now) == set(then):
            yield f"{when}, {name}: twice: {[x for x in now if now.count(x) > 1]}"
