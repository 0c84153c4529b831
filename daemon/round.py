"""One round: read, think, act; it carries out what was decided and decides nothing itself.

news     = mail and calendar since the cursors           facts and cursor in one transaction
world    = fold(facts)                                    pure
wanted   = plan and words                                 pure
actions  = reconcile(wanted, receipts, found)             pure; printable
guard    : too many at once, a shelf suddenly empty       stop, ask
carry out: intent before, receipt at once after
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from vouchd.connectors.base import (
    Calendar,
    Changed,
    Changes,
    ConnectorError,
    CursorLost,
    Mail,
    Parked,
    Refused,
    Shelf,
)
from vouchd.daemon import health
from vouchd.daemon.labels import settle, stopped_sources
from vouchd.daemon.result import RoundResult, about_jobs
from vouchd.daemon.store import Store
from vouchd.daemon.think import Mind, Moment, intents, known_world, think
from vouchd.rules.model import (
    REMINDERS,
    Draft,
    Event,
    Found,
    Message,
    Part,
    Reading,
    Receipt,
    State,
    fingerprint,
)
from vouchd.rules.reading.detect import read_event, read_message
from vouchd.rules.reconcile import Action, Adopt, Close, Remove, Rewrite, Write, reconcile
from vouchd.rules.world import World

# Passes until nothing is left to do: drafts, what links to them, settle what the user did.
_PASSES = 4
PUT_OFF = "until:"  #: how the answer begins that puts a follow-up off
# On the first round a whole look back may be due at once.
_FIRST_ROUND = 10
# A shelf that held at least this much and now holds nothing was moved, not emptied by hand.
_EMPTY_IS_ODD = 3


class House(Protocol):
    """What a round needs of the wired application."""

    @property
    def mail(self) -> Mapping[str, Mail]:
        """Where messages come from, by the name of the cursor."""

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Where events come from, by the name of the cursor."""

    @property
    def drafts(self) -> Shelf[Draft]:
        """The drafts box."""

    @property
    def events(self) -> Shelf[Event]:
        """The calendar for follow-up events."""

    @property
    def tasks(self) -> Shelf[Event] | None:
        """Where follow-ups are put as tasks, if they are."""

    @property
    def store(self) -> Store:
        """What is remembered."""

    @property
    def mind(self) -> Mind:
        """What the rules need."""


Progress = Callable[[str, int], None]
Item = TypeVar("Item", Message, Event)


def _silent(what: str, count: int) -> None:
    """Show nothing."""


def run_round(
    house: House,
    now: datetime,
    *,
    sure: bool = False,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = _silent,
) -> RoundResult:
    """Do one round at `now`. `stop()` is asked between two writes; `sure` passes over the guard.

    Raises StoreError only.
    """
    result = RoundResult(at=now)
    read(house, now, result, stop=stop, progress=progress)
    for number in range(_PASSES):
        # What passed the guard once in a round is not held up half-way.
        actions = decide(house, now, result, sure=sure or number > 0)
        if not actions or result.stopped or stop():
            break
        if not house.mind.wishes.write:
            result.stopped = "writing is switched off: [mode] write = false"
            break
        if not _carry_out_all(actions, house, now, result, stop):
            break
    return result


def dry_round(house: House, now: datetime, *, progress: Progress = _silent) -> RoundResult:
    """Read and decide, but write nothing: `result.actions` is what a round would do."""
    result = RoundResult(at=now)
    read(house, now, result, progress=progress)
    result.actions = list(decide(house, now, result))
    return result


# --- read -------------------------------------------------------------------------------------


def read(
    house: House,
    now: datetime,
    result: RoundResult,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = _silent,
) -> None:
    """Fetch what is new from every source; one that fails leaves the others working."""
    book = house.mind.book
    for name, mail in house.mail.items():

        def understand(message: Message) -> Reading | None:
            reading = read_message(message, book)
            return reading if worth_keeping(reading) else None

        count = _drain(
            name, mail.changes, understand, house, now, result, stop=stop, progress=progress
        )
        result.messages += count
        result.blind = result.failed
    for name, calendar in house.calendars.items():

        def understand_event(event: Event) -> Reading | None:
            return read_event(event, book)

        result.events += _drain(
            name, calendar.changes, understand_event, house, now, result, stop=stop,
            progress=progress,
        )  # fmt: skip


def worth_keeping(reading: Reading) -> bool:
    """Whether a reading says anything: bulk mail without a signal is forgotten at once."""
    return bool(reading.signals or reading.acts or reading.people or reading.key) or not (
        reading.bulk
    )


def _drain(
    name: str,
    changes: Callable[[str | None], Changes[Item]],
    understand: Callable[[Item], Reading | None],
    house: House,
    now: datetime,
    result: RoundResult,
    *,
    stop: Callable[[], bool],
    progress: Progress,
) -> int:
    """Read one source to its end, portion by portion; facts and cursor are stored together."""
    count = 0
    cursor = house.store.cursor(name)
    while not stop():
        try:
            news = changes(cursor)
        except CursorLost:
            if cursor is None:
                raise
            cursor = None
            continue
        except ConnectorError as error:
            result.tell(error, name)
            result.failed = True
            return count
        for word in news.words:
            house.store.hear(word, now)  # before the cursor: heard twice is heard once
        parked = list(news.parked)
        readings = [r for item in news.items if (r := _try(item, understand, parked)) is not None]
        result.new += house.store.remember(
            readings,
            parked=parked,
            gone=news.gone,
            cursor_name=name,
            cursor=news.cursor,
            at=now,
        )
        result.about += sum(map(about_jobs, readings))
        result.put_aside(parked)
        count += len(news.items)
        progress(name, count)
        result.later += news.later
        if not news.more:
            break
        cursor = news.cursor
    return count


def _try(
    item: Item, understand: Callable[[Item], Reading | None], parked: list[Parked]
) -> Reading | None:
    """One bad item is set aside, counted and shown; the next one is handled."""
    try:
        return understand(item)
    except Exception as error:
        source = item.id if isinstance(item, Message) else item.uid
        reason = f"could not be understood ({type(error).__name__}: {error}); it was set aside"
        parked.append(Parked(source, reason))
        return None


# --- decide -----------------------------------------------------------------------------------


def decide(
    house: House, now: datetime, result: RoundResult, *, sure: bool = False
) -> tuple[Action, ...]:
    """Think, look at the shelves, and return what is left to do; sets `result.follow_ups`."""
    # Words about vouchd's own health are not of this table.
    receipts = tuple(r for r in house.store.receipts() if not health.is_ours(r.key))
    found, parts = _look(house, receipts, result)
    found = tuple(f for f in found if not health.is_ours(f.key))
    links = {f.key: f.link for f in found if f.part is Part.DRAFT and f.link}
    world, moment = recollect(house, now, receipts, links.get)
    result.follow_ups = think(house.mind, world, moment)
    if result.blind and not receipts:
        # The first look has not seen all mail: an answer may lie in what could not be read.
        return ()
    reminders = REMINDERS[house.mind.wishes.reminders]
    actions = reconcile(result.follow_ups, receipts, found, parts, reminders)
    if not sure:
        result.stopped = unsafe(actions, receipts, found, house.mind.wishes.most_per_round)
    return () if result.stopped else actions


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


def _look(
    house: House, receipts: tuple[Receipt, ...], result: RoundResult
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
        except ConnectorError as error:
            result.tell(error, f"{part}s")
            result.failed = True
    return tuple(found), frozenset(parts)


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


def question_answers(store: Store) -> dict[str, bool]:
    """Return the user's yes and no, by the id of the question."""
    return {a.key: a.answer == "yes" for a in store.answers() if a.answer in ("yes", "no")}


def unsafe(
    actions: Iterable[Action], receipts: tuple[Receipt, ...], found: tuple[Found, ...], most: int
) -> str | None:
    """Return why these actions must not be carried out without a word of the user's."""
    actions = tuple(actions)
    for part in Part:
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


# --- act --------------------------------------------------------------------------------------


def _carry_out_all(
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
            result.errors.append(str(error))
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
            shelf.remove(found.handle, found.print)
            if receipt is not None:
                store.settle(receipt, State.SUPERSEDED)
        case Adopt(found, mark):
            store.keep(
                Receipt(key=found.key, part=found.part, handle=found.handle, print=mark, at=now)
            )
        case Close(receipt, state):
            store.settle(receipt, state)
