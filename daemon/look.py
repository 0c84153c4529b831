"""What is known, without looking at any mailbox: the state read, thought about, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vouchd.daemon.app import App
from vouchd.daemon.failures import UsageError
from vouchd.daemon.recollect import recollect
from vouchd.daemon.think import Moment, intents, think
from vouchd.rules.intent import Intent
from vouchd.rules.model import FollowUp, FollowUpKind, Receipt, State
from vouchd.rules.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The world as it was last read, and what follows from it."""

    world: World
    moment: Moment
    follow_ups: tuple[FollowUp, ...]
    receipts: tuple[Receipt, ...]

    @property
    def waiting(self) -> tuple[FollowUp, ...]:
        """What waits for the user, the most urgent first."""
        waiting = (f for f in self.follow_ups if f.state is State.OPEN)
        return tuple(sorted(waiting, key=lambda f: (f.due_at, f.key)))

    def owes_news(self, name: str) -> bool:
        """Whether a person waits to hear how it went."""
        return any(
            FollowUpKind.OUTCOME_NEWS in f.kinds and name in f.references for f in self.waiting
        )

    def written(self, key: str) -> tuple[Receipt, ...]:
        """Return what lies in the mailbox and the calendar for a follow-up, as far as is known."""
        return tuple(r for r in self.receipts if r.key == key and r.state is State.OPEN)

    def find(self, key: str) -> FollowUp:
        """Return the follow-up whose key begins so. Raises UsageError for none or several."""
        exact = [f for f in self.follow_ups if f.key == key]
        near = exact or [f for f in self.follow_ups if f.key.startswith(key)]
        if len(near) == 1:
            return near[0]
        if not near:
            raise UsageError(f'no follow-up has the key "{key}"; `vouchd status --all` names all')
        keys = ", ".join(f.key for f in near[:10])
        raise UsageError(f'{len(near)} follow-ups have a key that begins with "{key}": {keys}')


def look(app: App, now: datetime) -> Sight:
    """Think about what the state holds at `now`."""
    receipts = app.store.receipts()
    world, moment = recollect(app, now, receipts)
    return Sight(
        world=world,
        moment=moment,
        follow_ups=think(app.mind, world, moment),
        receipts=receipts,
    )


def intent_of(app: App, sight: Sight, key: str) -> Intent:
    """Return what was decided behind a follow-up."""
    return next(i for i in intents(app.mind, sight.world, sight.moment) if i.key == key)
