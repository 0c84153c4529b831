"""What is known: the facts folded into a world, and what the user said about follow-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from vouchd.daemon.house import House
from vouchd.daemon.labels import settle, stopped_sources
from vouchd.daemon.store import Store
from vouchd.daemon.think import Moment, intents, known_world
from vouchd.rules.model import Receipt, State
from vouchd.rules.world import World

MEANT = "is:"  #: how the answer begins that says what it is
PUT_OFF = "until:"  #: how the answer begins that puts a follow-up off


def recollect(
    house: House,
    now: datetime,
    receipts: Iterable[Receipt],
    draft_link: Callable[[str], str | None] | None = None,
) -> tuple[World, Moment]:
    """Return what is known of the world, and the moment it is looked at."""
    world, moment = _recollect(house, now, receipts, draft_link)
    if house.store.heard("yes") or house.store.heard("no"):
        reviews = (i for i in intents(house.mind, world, moment) if i.state is State.OPEN)
        if settle(house.store, world, reviews, now):
            return _recollect(house, now, receipts, draft_link)
    return world, moment


def _recollect(
    house: House,
    now: datetime,
    receipts: Iterable[Receipt],
    draft_link: Callable[[str], str | None] | None,
) -> tuple[World, Moment]:
    store = house.store
    answers = question_answers(store)
    world = known_world(house.mind, store, answers)
    began = store.began_at(now)
    return world, Moment(
        now=now,
        began=began,
        since=_horizon(house, world, began),
        verdicts=verdicts(store, receipts),
        snoozed=snoozed(store),
        answers=answers,
        draft_link=draft_link,
        stopped=stopped_sources(store),
    )


def _horizon(house: House, world: World, began: datetime) -> datetime:
    """Return since when something may arise.

    The look back is counted from the newest mail of the first look, so that a mailbox that was
    left alone for a year still shows what was last due in it.
    """
    moments = [r.at for r in world.spoken]
    for application in world.applications.values():
        moments += [step.at for step in application.steps]
    newest = max((at for at in moments if at <= began), default=began)
    return min(began, newest) - house.mind.wishes.look_back


def verdicts(store: Store, receipts: Iterable[Receipt]) -> dict[str, tuple[datetime, State]]:
    """Return how the user closed follow-ups: by what they did with them, or by a command."""
    closed: dict[str, tuple[datetime, State]] = {}
    for receipt in receipts:
        if receipt.state in (State.DONE, State.DISMISSED):
            closed[receipt.key] = (receipt.at, receipt.state)
    for answer in store.answers():
        if answer.answer in (State.DONE, State.DISMISSED):
            closed[answer.key] = (answer.at, State(answer.answer))
    return closed


def snoozed(store: Store) -> dict[str, datetime]:
    """Return until when the user put follow-ups off, by key."""
    return {
        a.key: datetime.fromisoformat(a.answer.removeprefix(PUT_OFF))
        for a in store.answers()
        if a.answer.startswith(PUT_OFF)
    }


def question_answers(store: Store) -> dict[str, bool | str]:
    """Return the user's yes and no, or what it is, by the id of the question."""
    found: dict[str, bool | str] = {}
    for answer in store.answers():
        if answer.answer in ("yes", "no"):
            found[answer.key] = answer.answer == "yes"
        elif answer.answer.startswith(MEANT):
            found[answer.key] = answer.answer.removeprefix(MEANT)
    return found
