"""Words about vouchd's own health, put where the user looks: the same shelf, receipts and table.

They are kept apart from the follow-ups, so that neither takes the other's entries for its own, and
are carried out also when a round was held back or saw nothing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from vouchd.connectors.base import Changed, ConnectorError, NeedsLogin, Shelf
from vouchd.daemon import health
from vouchd.daemon.act import carry_out
from vouchd.daemon.app import App
from vouchd.daemon.decide import leaving
from vouchd.daemon.health import Episode, Notice, Standing, Trouble
from vouchd.daemon.result import RoundResult
from vouchd.daemon.store import Store, StoreError
from vouchd.rules.model import REMINDERS, Event, FollowUp, Found, Part, State
from vouchd.rules.reconcile import Action, reconcile

# Write, then see that nothing is left.
_PASSES = 2


def noticed(app: App, result: RoundResult) -> tuple[Trouble, ...]:
    """Return what is not well after a round, before it is noted."""
    last_good = result.at if result.well else _last_good(app.store)
    words = [*result.errors, *([result.stopped] if result.stopped else [])]
    standing = Standing(
        now=result.at,
        me=app.config.me,
        began=last_good or app.store.began_at(result.at),
        last_good=last_good,
        word=words[0] if words else "",
        login=result.login,
        questions=health.open_questions(result.follow_ups),
    )
    return health.troubles(standing, app.config.health)


def failing(app: App, word: str, now: datetime) -> RoundResult:
    """Return the result of work that broke down, with what is not well; nothing is written."""
    result = RoundResult(at=now, failed=True, errors=[word])
    with suppress(StoreError):  # where even that cannot be read, `word` says so
        result.unwell = noticed(app, result)
    return result


def standing_troubles(
    app: App, follow_ups: tuple[FollowUp, ...], now: datetime
) -> tuple[Trouble, ...]:
    """Return what is not well as far as the state and the sign-in file tell; nothing is asked."""
    last, last_good = app.store.last_round(), _last_good(app.store)
    if last is None:
        return ()
    if last.good:
        last_good = min(last.at, now)  # who asks for an earlier moment did not look later
    standing = Standing(
        now=now,
        me=app.config.me,
        began=last_good or app.store.began_at(now),
        last_good=last_good,
        word=last.words[0] if last.words else "",
        login=lost_sign_in(app),
        questions=health.open_questions(follow_ups),
    )
    return health.troubles(standing, app.config.health)


def lost_sign_in(app: App) -> str:
    """Return why the user has to sign in, as the file and the last attempt tell; no request."""
    account = app.backends.account
    if account is None:
        return ""
    try:
        sign_in = account.google.sign_in
    except NeedsLogin as error:
        return str(error)
    last = app.store.last_round()
    # A sign-in that is newer than the complaint has mended it.
    return last.login if last and not account.newer_than(last.at) and sign_in else ""


def _last_good(store: Store) -> datetime | None:
    good = store.last_round(good=True)
    return good.at if good else None


# --- the shelf --------------------------------------------------------------------------------


def tend(app: App, result: RoundResult) -> None:
    """Tell the user in their calendar what is not well, and take it back when it is well again.

    What could not be told there is no failure of the round. Raises StoreError.
    """
    result.unwell = noticed(app, result)
    episodes = _kept(app.store, result.unwell, result.at)
    if not app.mind.wishes.write:
        return
    notices = _notices(app, episodes)
    for _ in range(_PASSES):
        actions = left_to_do(app, notices, result)
        for action in actions:
            try:
                carry_out(action, app.drafts, app.events, app.store, result.at, tasks=app.tasks)
            except Changed:
                continue
            except ConnectorError as error:
                result.tell(error)
                return
            result.actions.append(action)
        if not actions:
            return


def rehearse(app: App, result: RoundResult) -> None:
    """Add to a dry round what would be told about vouchd's own health."""
    result.unwell = noticed(app, result)
    known = health.read(app.store.recall(health.NOTE))
    episodes = health.remembered(result.unwell, known, result.at)
    if app.mind.wishes.write:
        result.actions.extend(left_to_do(app, _notices(app, episodes), result))


def _kept(store: Store, found: tuple[Trouble, ...], now: datetime) -> tuple[Episode, ...]:
    """Remember durably what goes on, before anything is written about it."""
    known = health.read(store.recall(health.NOTE))
    episodes = health.remembered(found, known, now)
    if episodes != known:
        store.jot(health.NOTE, health.written(episodes))
    return episodes


def _notices(app: App, episodes: tuple[Episode, ...]) -> tuple[Notice, ...]:
    return tuple(health.notice(e, app.config.me, app.mind.wishes) for e in episodes)


def left_to_do(app: App, notices: tuple[Notice, ...], result: RoundResult) -> tuple[Action, ...]:
    """Return what is to be written or taken back; where nothing is, no shelf is looked at."""
    receipts = [r for r in app.store.receipts() if health.is_ours(r.key)]
    if not notices and not any(r.state is State.OPEN for r in receipts):
        return ()
    closed = {r.key for r in receipts if r.state in (State.DONE, State.DISMISSED)}
    if all(n.key in closed for n in notices) and not any(r.state is State.OPEN for r in receipts):
        return ()
    found: list[Found] = []
    seen: set[Part] = set()
    shelves: tuple[tuple[Part, Shelf[Event] | None], ...] = (
        (Part.EVENT, app.events),
        (Part.TASK, app.tasks),
    )
    for part, shelf in shelves:
        if shelf is None:
            continue
        known = {r.handle: r.key for r in receipts if r.part is part}
        try:
            found.extend(f for f in shelf.found(known) if health.is_ours(f.key))
            seen.add(part)
        except ConnectorError as error:
            result.tell(error, f"{part}s")
    # Where tasks remind the user and cannot be reached, the calendar does.
    places = REMINDERS[app.mind.wishes.reminders] & seen or frozenset((Part.EVENT,)) & seen
    going = leaving(app.store, found, frozenset(seen))
    return reconcile(notices, receipts, found, frozenset(seen), places, going)
