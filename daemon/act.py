"""What was decided is carried out, one by one: intent before, receipt at once after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vouchd.connectors.base import Changed, ConnectorError, Refused, Shelf
from vouchd.daemon.house import House
from vouchd.daemon.result import RoundResult
from vouchd.daemon.store import NOTHING, Store
from vouchd.rules.model import Draft, Event, Part, Receipt, State, fingerprint
from vouchd.rules.reconcile import Action, Adopt, Close, Remove, Rewrite, Write


def carry_out_all(
    actions: tuple[Action, ...],
    house: House,
    now: datetime,
    result: RoundResult,
    stop: Callable[[], bool],
) -> bool:
    """Carry out one by one; return whether something was done."""
    done = 0
    written = False
    # Drafts first: their events link to them, and only a new look knows the links.
    for action in sorted(actions, key=lambda a: _part(a) is not Part.DRAFT):
        if stop():
            return False
        if written and _part(action) is not Part.DRAFT:
            return True
        try:
            carry_out(action, house.drafts, house.events, house.store, now, tasks=house.tasks)
        except Changed:
            continue  # somebody was faster: the next look sees the truth
        except Refused as error:
            result.tell(error)
            continue
        except ConnectorError as error:
            result.tell(error)
            result.failed = True
            return False
        result.actions.append(action)
        written = written or (isinstance(action, Write | Rewrite) and _part(action) is Part.DRAFT)
        done += 1
    return done > 0


def _part(action: Action) -> Part:
    match action:
        case Write(part=part):
            return part
        case Rewrite(found=found) | Remove(found=found) | Adopt(found=found):
            return found.part
        case Close(receipt=receipt):
            return receipt.part


def carry_out(
    action: Action,
    drafts: Shelf[Draft],
    events: Shelf[Event],
    store: Store,
    now: datetime,
    *,
    tasks: Shelf[Event] | None = None,
) -> None:
    """Do one action: durable intent before, receipt at once after.

    Raises Changed, Refused, Unavailable, NeedsLogin (nothing was recorded then) and StoreError.
    """
    if _part(action) is Part.TASK and tasks is not None:
        events = tasks
    match action:
        case Write(key, part, content):
            mark = fingerprint(content)
            store.intend(key, part, mark, now)
            if isinstance(content, Draft):
                handle = drafts.write(key, content)
            else:
                handle = events.write(key, content)
            store.keep(Receipt(key=key, part=part, handle=handle, print=mark, at=now))
        case Rewrite(found, content):
            mark = fingerprint(content)
            store.intend(found.key, found.part, mark, now)
            if isinstance(content, Draft):
                handle = drafts.rewrite(found.handle, content, found.print)
            else:
                handle = events.rewrite(found.handle, content, found.print)
            store.keep(Receipt(key=found.key, part=found.part, handle=handle, print=mark, at=now))
        case Remove(found, receipt):
            shelf = drafts if found.part is Part.DRAFT else events
            if receipt is not None:
                store.intend(found.key, found.part, NOTHING, now)
            try:
                shelf.remove(found.handle, found.print)
            except (Changed, Refused):
                # Not by us: when it is gone, it was the user.
                if receipt is not None:
                    store.drop_intent(found.key, found.part)
                raise
            if receipt is not None:
                store.settle(receipt, State.SUPERSEDED)
        case Adopt(found, mark):
            store.keep(
                Receipt(key=found.key, part=found.part, handle=found.handle, print=mark, at=now)
            )
        case Close(receipt, state):
            store.settle(receipt, state)
