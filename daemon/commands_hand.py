"""The commands by which the user tells what no mail says: done, snooze, outcome …"""

from __future__ import annotations

import argparse
from datetime import date, datetime, time

from vouchd.config.settings import Config
from vouchd.daemon.app import open_app
from vouchd.daemon.commands_people import application_called, person_called
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.look import look
from vouchd.daemon.recollect import PUT_OFF
from vouchd.daemon.render import one_line
from vouchd.daemon.store import Store
from vouchd.rules.model import Decision, Evidence, Reading, Signal, SignalKind, State
from vouchd.rules.world import Question

DONE = 0
SOURCE = "by-hand"  #: the cursor of what the user states, and how its sources begin
_OUTCOMES = {
    "accepted": SignalKind.OFFER_ACCEPTED,
    "declined": SignalKind.OFFER_DECLINED,
    "rejected": SignalKind.REJECTION,
    "withdrawn": SignalKind.WITHDRAWN,
}


def done(arguments: argparse.Namespace) -> int:
    """Take the user's word that a follow-up was done elsewhere."""
    return _close(arguments, State.DONE)


def dismiss(arguments: argparse.Namespace) -> int:
    """Take the user's word that a follow-up is not wanted."""
    return _close(arguments, State.DISMISSED)


def _close(arguments: argparse.Namespace, state: State) -> int:
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app:
        key = look(app, now).find(arguments.key).key
    with Store.open_beside(config.state) as store:
        store.answer(key, state, now)
    put(
        arguments, {"key": key, "state": state.value}, f"Noted: {state}. The next round goes by it."
    )
    return DONE


def snooze(arguments: argparse.Namespace) -> int:
    """Put a follow-up off until a morning to come."""
    config = configured(arguments)
    now = moment(arguments, config)
    try:
        day = date.fromisoformat(arguments.until)
    except ValueError:
        raise UsageError(
            f'--until: "{arguments.until}" is no day; allowed: one such as 2026-01-31'
        ) from None
    until = datetime.combine(day, config.wishes.day_starts, config.me.zone)
    if until <= now:
        raise UsageError(f"--until {day} has come already; allowed: a day to come")
    with open_app(config, dry=True) as app:
        follow_up = look(app, now).find(arguments.key)
    if follow_up.state is not State.OPEN:
        raise UsageError(f"{follow_up.key} is {follow_up.state}: only what is open can wait")
    with Store.open_beside(config.state) as store:
        store.answer(follow_up.key, f"{PUT_OFF}{until.isoformat()}", now)
    fields = {"key": follow_up.key, "until": until.isoformat()}
    put(arguments, fields, f"Noted: not before {day}. The next round goes by it.")
    return DONE


def outcome(arguments: argparse.Namespace) -> int:
    """Take the user's word on how an application ended."""
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app:
        company, role = application_called(look(app, now), arguments.application).title
    kind = _OUTCOMES[arguments.outcome]
    signal = Signal(
        kind=kind,
        confidence=1.0,
        decision=Decision.ACT,
        evidence=(Evidence("by_hand.outcome", f"you said: {arguments.outcome}"),),
        company=company,
        role=role,
    )
    source = f"{SOURCE}:{kind}:{now.isoformat()}"
    reading = Reading(source=source, at=now, sent=False, signals=(signal,))
    _keep(config, signal, reading)
    called = one_line(", ".join(filter(None, (company, role))))
    fields = {"company": company, "role": role, "outcome": arguments.outcome, "source": source}
    put(arguments, fields, f"Noted: {called}: {arguments.outcome}. The next round goes by it.")
    return DONE


def acted(arguments: argparse.Namespace) -> int:
    """Take the user's word that a person vouched for them: a call, a form, a letter."""
    config = configured(arguments)
    now = moment(arguments, config)
    at = _moment_of(arguments.on, now, config)
    with open_app(config, dry=True) as app:
        sight = look(app, now)
        name = person_called(sight, arguments.person).name
        company, role = application_called(sight, arguments.application).title
    how = arguments.how
    signal = Signal(
        kind=SignalKind.REFERENCE_COMPLETED,
        confidence=1.0,
        decision=Decision.ACT,
        evidence=(Evidence("by_hand.acted", f"you said: {name} vouched ({how or 'somehow'})"),),
        company=company,
        role=role,
        references=(name,),
        terms=(f"how:{how}",) if how else (),
    )
    source = f"{SOURCE}:{signal.kind}:{name}:{at.isoformat()}"
    _keep(config, signal, Reading(source=source, at=at, sent=False, signals=(signal,)))
    fields = {"person": name, "company": company, "role": role, "how": how, "at": at.isoformat()}
    text = one_line(f"Noted: {name} vouched for you at {company} on {at:%-d %b %Y}.")
    put(arguments, fields, f"{text} The next round goes by it.")
    return DONE


def _moment_of(day: str | None, now: datetime, config: Config) -> datetime:
    """Return noon of the day, or now. Raises UsageError for what is no day, or is to come."""
    if day is None:
        return now
    try:
        at = datetime.combine(date.fromisoformat(day), time(12), config.me.zone)
    except ValueError:
        raise UsageError(f'--on: "{day}" is no day; allowed: one such as 2026-01-31') from None
    if at.date() > now.astimezone(config.me.zone).date():
        raise UsageError(f"--on {day} is yet to come; allowed: today or a day before")
    return min(at, now)


def _keep(config: Config, signal: Signal, reading: Reading) -> None:
    """Keep what the user stated; where a rule would ask whether it is so, this is the yes."""
    question = Question(reading=reading, signal=signal, reason="")
    with Store.open_beside(config.state) as store:
        store.answer(question.id, "yes", reading.at)
        store.remember([reading], cursor_name=SOURCE, cursor=reading.source, at=reading.at)
