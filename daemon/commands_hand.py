"""The commands by which the user tells what no mail says: done, dismiss and outcome."""

from __future__ import annotations

import argparse

from vouchd.daemon.app import open_app
from vouchd.daemon.commands_people import application_called
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.look import look
from vouchd.daemon.render import one_line
from vouchd.daemon.store import Store
from vouchd.rules.model import Decision, Evidence, Reading, Signal, SignalKind, State
from vouchd.rules.world import Question

DONE = 0
_SOURCE = "by-hand"  #: the cursor of what the user states, and how its sources begin
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
    source = f"{_SOURCE}:{kind}:{now.isoformat()}"
    reading = Reading(source=source, at=now, sent=False, signals=(signal,))
    with Store.open_beside(config.state) as store:
        # The user has said it: where a rule would ask whether it is so, this is the yes.
        store.answer(Question(reading=reading, signal=signal, reason="").id, "yes", now)
        store.remember([reading], cursor_name=_SOURCE, cursor=source, at=now)
    called = one_line(", ".join(filter(None, (company, role))))
    fields = {"company": company, "role": role, "outcome": arguments.outcome, "source": source}
    put(arguments, fields, f"Noted: {called}: {arguments.outcome}. The next round goes by it.")
    return DONE
