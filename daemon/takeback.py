"""What lies open in the mailbox and the calendar, taken back where nobody has touched it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from vouchd.connectors.base import Changed, Shelf
from vouchd.daemon.act import carry_out
from vouchd.daemon.app import App
from vouchd.daemon.decide import decide
from vouchd.daemon.result import RoundResult
from vouchd.rules.model import Draft, Event, Found, Part, State
from vouchd.rules.reconcile import Remove, Rewrite


@dataclass(slots=True)
class Gone:
    """What was taken back and what stayed, each as key and part."""

    removed: list[Found] = field(default_factory=list)
    left: list[Found] = field(default_factory=list)


def lying(app: App, keys: frozenset[str] | None = None) -> tuple[Found, ...]:
    """Return what lies in the mailbox and the calendar for these follow-ups; None: for all.

    Raises ConnectorError where it cannot be looked at.
    """
    found: list[Found] = []
    receipts = app.store.receipts()
    for part, shelf in _shelves(app):
        known = {r.handle: r.key for r in receipts if r.part is part and r.state is State.OPEN}
        found.extend(
            thing
            for thing in shelf.found(known)
            if (keys is None or thing.key in keys) and not thing.sent
        )
    return tuple(found)


def take_back(app: App, things: Iterable[Found], now: datetime) -> Gone:
    """Remove what nobody has touched; what the user has changed is theirs and stays.

    Whoever is killed on the way has taken it back all the same: it is not taken for something that
    the user has deleted. Raises ConnectorError.
    """
    gone = Gone()
    receipts = {(r.key, r.part): r for r in app.store.receipts() if r.state is State.OPEN}
    for thing in things:
        if not thing.untouched:
            gone.left.append(thing)
            continue
        action = Remove(thing, receipts.get((thing.key, thing.part)))
        try:
            carry_out(action, app.drafts, app.events, app.store, now, tasks=app.tasks)
            gone.removed.append(thing)
        except Changed:
            gone.left.append(thing)
    return gone


def _shelves(app: App) -> list[tuple[Part, Shelf[Draft] | Shelf[Event]]]:
    shelves: tuple[tuple[Part, Shelf[Draft] | Shelf[Event] | None], ...] = (
        (Part.DRAFT, app.drafts),
        (Part.EVENT, app.events),
        (Part.TASK, app.tasks),
    )
    return [(part, shelf) for part, shelf in shelves if shelf is not None]


def tidy(app: App, now: datetime) -> int:
    """Bring what is about several people or applications to words without the forgotten one.

    Nothing new is written. Returns how many were rewritten or taken back. Raises ConnectorError.
    """
    result = RoundResult(at=now)
    done = 0
    for action in decide(app, now, result, sure=True):
        if isinstance(action, Rewrite | Remove):
            with suppress(Changed):
                carry_out(action, app.drafts, app.events, app.store, now, tasks=app.tasks)
                done += 1
    return done
