"""What a round looked at and did: in numbers, and in one sentence that says what a zero is of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from vouchd.connectors.base import ConnectorError, NeedsLogin, Parked
from vouchd.daemon.health import Trouble
from vouchd.daemon.render import counted
from vouchd.rules.model import FollowUp, Reading, State
from vouchd.rules.reconcile import Action


@dataclass(slots=True)
class RoundResult:
    """What a round did, for people and for the log."""

    at: datetime
    messages: int = 0
    events: int = 0
    about: int = 0  #: of these, how many say something about jobs or people who vouch
    new: int = 0  #: facts that are new or changed
    parked: int = 0
    later: int = 0  #: older messages that are left for the next rounds
    actions: list[Action] = field(default_factory=list)
    follow_ups: tuple[FollowUp, ...] = ()
    errors: list[str] = field(default_factory=list)  #: a connector or an item failed, in sentences
    set_aside: list[str] = field(default_factory=list)  #: the items that could not be read
    stopped: str | None = None  #: why nothing was written although something was to be
    failed: bool = False  #: a source or shelf could not be used at all
    blind: bool = False  #: mail could not be read
    login: str = ""  #: why the user has to sign in again
    unwell: tuple[Trouble, ...] = ()  #: what only the user can mend
    shadow: bool = False  #: the user wants nothing to be written
    seconds: float = 0.0  #: how long it took

    @property
    def good(self) -> bool:
        """Whether everything could be looked at."""
        return not self.failed

    @property
    def well(self) -> bool:
        """Whether everything was seen and done: nothing was held back against the user's wish."""
        return self.good and (self.shadow or not self.stopped)

    def tell(self, error: ConnectorError, where: str = "") -> None:
        """Note what went wrong; what all parts of an account suffer from, once."""
        if isinstance(error, NeedsLogin):
            self.login = self.login or str(error)
        if not any(told.endswith(str(error)) for told in self.errors):
            self.errors.append(f"{where}: {error}" if where else str(error))

    def put_aside(self, items: list[Parked]) -> None:
        """Note what could not be read."""
        self.errors.extend(f"{item.source}: {item.reason}" for item in items)
        self.set_aside.extend(item.source for item in items)
        self.parked += len(items)


def about_jobs(reading: Reading) -> bool:
    """Whether a message or an event says something about jobs or people who vouch."""
    return bool(reading.signals or reading.acts or reading.key)


def counts(result: RoundResult) -> dict[str, int]:
    """Return what was looked at and done, in numbers."""
    return {
        "messages": result.messages,
        "events": result.events,
        "about": result.about,
        "new": result.new,
        "parked": result.parked,
        "later": result.later,
        "actions": len(result.actions),
    }


def read_text(messages: int, events: int, about: int) -> str:
    """Return what was read, and how much of it was about jobs."""
    read = f"{counted(messages, 'new message')} and {counted(events, 'new event')} read"
    if not messages + events:
        return read
    return f"{read}, {f'{about:,} of them' if about else 'none'} about jobs"


def looked_at(result: RoundResult) -> str:
    """Return what was looked at: a zero says of what."""
    parked = f", {result.parked:,} could not be read" if result.parked else ""
    later = f", {result.later:,} older ones left for the next rounds" if result.later else ""
    return f"{read_text(result.messages, result.events, result.about)}{parked}{later}"


def waiting(result: RoundResult) -> str:
    """Return how much waits for the user."""
    number = sum(follow_up.state is State.OPEN for follow_up in result.follow_ups)
    return f"{counted(number, 'follow-up')} open"


def summary(result: RoundResult) -> str:
    """Return on one line what a round looked at and did."""
    done = counted(len(result.actions), "thing") + " done" if result.actions else "nothing to do"
    return f"{looked_at(result)}; {done}; {waiting(result)}"
