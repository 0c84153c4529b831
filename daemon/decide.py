"""What is left to do: what is wanted against what lies on the shelves, and whether that is sane."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vouchd.connectors.base import ConnectorError, Missing, Shelf, Unavailable
from vouchd.daemon import health
from vouchd.daemon.house import House
from vouchd.daemon.learn import learn
from vouchd.daemon.recollect import recollect
from vouchd.daemon.render import counted
from vouchd.daemon.result import RoundResult
from vouchd.daemon.store import NOTHING, Store
from vouchd.daemon.think import think
from vouchd.rules.model import REMINDERS, Draft, Event, Found, Part, Receipt, State
from vouchd.rules.reconcile import Action, Rewrite, Slot, Write, reconcile

# On the first round a whole look back may be due at once.
_FIRST_ROUND = 10
# A shelf that held at least this much and now holds nothing was moved, not emptied by hand.
_EMPTY_IS_ODD = 3
_PUT_BACK = (
    "put it back; if you have thrown it away, `vouchd once --yes` takes it as your answer to them"
)


def decide(
    house: House,
    now: datetime,
    result: RoundResult,
    *,
    sure: bool = False,
    given_up: bool = False,
) -> tuple[Action, ...]:
    """Think, look at the shelves, and return what is left to do; sets `result.follow_ups`.

    `given_up`: the user has said that a shelf which is gone is gone for good.
    """
    # Words about vouchd's own health are not of this table.
    receipts = tuple(r for r in house.store.receipts() if not health.is_ours(r.key))
    found, parts = _look(house, receipts, result, given_up=given_up)
    found = tuple(f for f in found if not health.is_ours(f.key))
    links = {f.key: f.link for f in found if f.part is Part.DRAFT and f.link}
    world, moment = recollect(house, now, receipts, links.get)
    result.follow_ups = think(house.mind, world, moment)
    if house.mind.wishes.write:
        learn(house.store, house.mind, world, result.follow_ups, found, now)
    if result.blind and not receipts:
        # The first look has not seen all mail: an answer may lie in what could not be read.
        return ()
    reminders = REMINDERS[house.mind.wishes.reminders]
    going = leaving(house.store, found, parts)
    actions = reconcile(result.follow_ups, receipts, found, parts, reminders, going)
    if Part.DRAFT not in parts:
        # Their links are not known now: no event is to change its words for that.
        actions = tuple(action for action in actions if not isinstance(action, Rewrite))
    if not sure:
        most = house.mind.wishes.most_per_round
        result.stopped = unsafe(actions, receipts, found, parts, most)
    return () if result.stopped else actions


def _look(
    house: House, receipts: tuple[Receipt, ...], result: RoundResult, *, given_up: bool
) -> tuple[tuple[Found, ...], frozenset[Part]]:
    """See what lies on the shelves; one that cannot be seen is left alone."""
    found: list[Found] = []
    parts: set[Part] = set()
    forgotten = house.store.forgets()
    ours = {receipt.key for receipt in receipts}
    shelves: tuple[tuple[Part, Shelf[Draft] | Shelf[Event] | None], ...] = (
        (Part.DRAFT, house.drafts),
        (Part.EVENT, house.events),
        (Part.TASK, house.tasks),
    )
    for part, shelf in shelves:
        if shelf is None:
            continue
        known = {r.handle: r.key for r in receipts if r.part is part}
        try:
            # What is forgotten and was left to the user is a thing of theirs like any other.
            found.extend(f for f in shelf.found(known) if f.key in ours or not forgotten(f.key))
            parts.add(part)
        except Missing as error:
            open_ = sum(r.part is part and r.state is State.OPEN for r in receipts)
            if not open_ or given_up:
                parts.add(part)  # nothing lay there, or the user has thrown it away
                continue
            lay = f"though {counted(open_, f'open {part}')} of vouchd's lay in it"
            result.tell(Unavailable(f"{error}, {lay}: {_PUT_BACK}"))
            result.failed = True
        except ConnectorError as error:
            result.tell(error, f"{part}s")
            result.failed = True
    return tuple(found), frozenset(parts)


def leaving(store: Store, found: Iterable[Found], parts: frozenset[Part]) -> frozenset[Slot]:
    """Return what was being taken back when we last died, as far as it is gone.

    What still lies there was not taken back, and that it was to be is forgotten: a later deletion
    is the user's.
    """
    there = {(f.key, f.part) for f in found if not f.sent}
    gone: set[Slot] = set()
    for slot, print_ in store.intents().items():
        if print_ != NOTHING or slot[1] not in parts:
            continue
        if slot in there:
            store.drop_intent(*slot)
        else:
            gone.add(slot)
    return frozenset(gone)


def unsafe(
    actions: Iterable[Action],
    receipts: tuple[Receipt, ...],
    found: tuple[Found, ...],
    parts: frozenset[Part],
    most: int,
) -> str | None:
    """Return why these actions must not be carried out without a word of the user's.

    What lies on a shelf that could not be seen (it is none of `parts`) is not gone.
    """
    actions = tuple(actions)
    for part in sorted(parts):
        left = [r for r in receipts if r.part is part and r.state is State.OPEN]
        if len(left) >= _EMPTY_IS_ODD and not any(f.part is part for f in found):
            return (
                f"all {len(left)} open {part}s are gone at once: was the folder moved or emptied? "
                "Nothing was written. `vouchd once --yes` takes it as your answer"
            )
    allowed = most if receipts else most * _FIRST_ROUND
    new = {action.key for action in actions if isinstance(action, Write)}
    if len(new) > allowed:
        return (
            f"{len(new)} new follow-ups at once are more than a sane day's worth ({allowed}); "
            "nothing was written. Look at `vouchd plan`; `vouchd once --yes` writes them"
        )
    return None
