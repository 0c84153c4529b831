"""Wanted against written against found: the difference is what is left to do.

| wanted | receipt    | found                       | action                          |
|--------|------------|-----------------------------|---------------------------------|
| any    | done       | any                         | nothing, ever                   |
| any    | dismissed  | any                         | nothing, ever                   |
| yes    | superseded | no                          | Write: its reason has come back |
| no     | superseded | sent                        | nothing: that one was theirs    |
| yes    | no         | no                          | Write                           |
| any    | open       | no                          | Close(dismissed): they threw it |
| any    | leaving    | no                          | Close(superseded): we took it   |
| any    | differs    | carries another mark        | Adopt: we died before recording |
| any    | open       | sent                        | Close(done)                     |
| any    | open       | says other than it was left | nothing: it is theirs now       |
| no     | open       | as we left it               | Remove                          |
| other  | open       | as we left it               | Rewrite                         |
| any    | any        | a second one, as we left it | Remove: the network stuttered   |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from vouchd.rules.model import (
    Draft,
    Event,
    Found,
    Part,
    Receipt,
    State,
    fingerprint,
)


@dataclass(frozen=True, slots=True)
class Write:
    """Put something where nothing is."""

    key: str
    part: Part
    content: Draft | Event


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replace what nobody has touched."""

    found: Found
    content: Draft | Event


@dataclass(frozen=True, slots=True)
class Remove:
    """Take back what nobody has touched; the receipt, if any, is closed with it."""

    found: Found
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Adopt:
    """Record what we wrote but did not live to record."""

    found: Found
    mark: str


@dataclass(frozen=True, slots=True)
class Close:
    """The user has answered."""

    receipt: Receipt
    state: State


class Wanted(Protocol):
    """What should lie there: a follow-up, or a word of vouchd's own."""

    @property
    def key(self) -> str:
        """The same for the same situation."""

    @property
    def state(self) -> State:
        """Only what is open should lie there."""

    @property
    def draft(self) -> Draft | None:
        """The letter, if it has one."""

    @property
    def event(self) -> Event | None:
        """The entry, if it has one."""


Action = Write | Rewrite | Remove | Adopt | Close
Slot = tuple[str, Part]


def reconcile(
    wanted: Iterable[Wanted],
    receipts: Iterable[Receipt],
    found: Iterable[Found],
    parts: frozenset[Part] = frozenset(Part),
    reminders: frozenset[Part] = frozenset((Part.EVENT,)),
    leaving: frozenset[Slot] = frozenset(),
) -> tuple[Action, ...]:
    """Return what is left to do, in a stable order.

    Only `parts` are looked at: where a shelf cannot be seen, what lies there is not "gone".
    `reminders` is what a follow-up's event is put down as: an event, a task, or both. `leaving` is
    what was being taken back when we last died: that it is gone is no word of the user's.
    """
    want: dict[Slot, Draft | Event] = {}
    for thing in wanted:
        if thing.state is not State.OPEN:
            continue
        if thing.draft is not None:
            want[thing.key, Part.DRAFT] = thing.draft
        if thing.event is not None:
            want.update({(thing.key, part): thing.event for part in reminders})
    wrote = {(r.key, r.part): r for r in receipts}
    lies: defaultdict[Slot, list[Found]] = defaultdict(list)
    for lying in found:
        lies[lying.key, lying.part].append(lying)

    actions: list[Action] = []
    for slot in sorted(want.keys() | wrote.keys() | lies.keys()):
        if slot[1] not in parts:
            continue
        receipt = wrote.get(slot)
        things = sorted(lies[slot], key=lambda f: (f.untouched, f.handle))
        here = things[0] if things else None
        content = want.get(slot)
        # Doubles go first: what is taken back last is then the only one there is.
        actions += [Remove(double, None) for double in things[1:] if double.untouched]
        gone = here is None or (here.sent and content is None)
        if gone and slot in leaving and receipt is not None and receipt.state is State.OPEN:
            actions.append(Close(receipt, State.SUPERSEDED))
            receipt, here = None, None
        actions += _one(slot, content, receipt, here)
    return tuple(actions)


def _one(
    slot: Slot, content: Draft | Event | None, receipt: Receipt | None, here: Found | None
) -> Iterator[Action]:
    if receipt is not None and receipt.state is State.SUPERSEDED:
        if here is not None and here.sent and content is None:
            return  # we took ours back: what went out was written by the user
        receipt = None
    if receipt is not None and receipt.state is not State.OPEN:
        return
    if here is None:
        if receipt is not None:
            yield Close(receipt, State.DISMISSED)
        elif content is not None:
            yield Write(*slot, content)
    elif here.mark is not None and (receipt is None or receipt.print != here.mark):
        yield Adopt(here, here.mark)
    elif receipt is None:
        return
    elif here.sent:
        yield Close(receipt, State.DONE)
    elif not here.untouched:
        return
    elif content is None:
        yield Remove(here, receipt)
    elif fingerprint(content) != receipt.print:
        yield Rewrite(here, content)
