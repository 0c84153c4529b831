"""`vouchd undo`: what the user said by hand, and how it is taken back."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from datetime import datetime

from vouchd.config.settings import Config
from vouchd.daemon.app import App, open_app
from vouchd.daemon.commands_hand import SOURCE
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.recollect import PUT_OFF
from vouchd.daemon.render import day, one_line
from vouchd.daemon.store import Store
from vouchd.rules.model import Reading, State
from vouchd.rules.world import evidence_text

DONE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing the user said by a command, or by deleting what lay there."""

    id: str  #: of a follow-up the key, of a question its id, of a statement its source
    at: datetime
    words: str
    statement: bool = False  #: a fact of its own: an outcome, an act


def undo(arguments: argparse.Namespace) -> int:
    """List what was said by hand, newest first; or take one of it back."""
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app:
        said = _said(app)
    if arguments.what is None:
        for one in said:
            text = f"{day(one.at.astimezone(config.me.zone))}  {one.words}; {one.id}"
            put(arguments, _fields(one), one_line(text))
        if not said and not arguments.json:
            print("Nothing was said by hand that could be taken back.")
        return DONE
    one = _meant(said, arguments.what)
    _take_back(config, one, now)
    put(arguments, _fields(one), one_line(f"Taken back: {one.words}. The next round goes by it."))
    return DONE


def _fields(said: Said) -> dict[str, str]:
    return {"id": said.id, "said": said.words, "at": said.at.isoformat()}


def _said(app: App) -> tuple[Said, ...]:
    """Return what was said by hand, newest first."""
    found = {}
    for receipt in app.store.receipts():
        if receipt.state is State.DISMISSED:
            words = f"dismissed by deleting the {receipt.part}"
            found[receipt.key] = Said(id=receipt.key, at=receipt.at, words=words)
    for answer in app.store.answers():
        if answer.key.startswith(("label:", f"{SOURCE}:")):
            continue  # labels are taken off in the mailbox; a statement is listed by itself
        words = re.sub(r"^is:\w+:", "you said that it is ", answer.answer)
        if words.startswith(PUT_OFF):
            words = f"put off until {words.removeprefix(PUT_OFF)[:10]}"
        found[answer.key] = Said(id=answer.key, at=answer.at, words=words)
    for reading in app.store.stated(SOURCE):
        found[reading.source] = Said(
            id=reading.source, at=reading.at, words=_stated(reading), statement=True
        )
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True))


def _stated(reading: Reading) -> str:
    signal = reading.signals[0]
    title = ", ".join(filter(None, (signal.company, signal.role)))
    return f"{evidence_text(signal.evidence)}: {title}"


def _meant(said: tuple[Said, ...], what: str) -> Said:
    """Return the one thing whose id begins so, or the last. Raises UsageError."""
    if what == "last" and said:
        return said[0]
    exact = [one for one in said if one.id == what]
    near = exact or [one for one in said if one.id.startswith(what)]
    if len(near) == 1:
        return near[0]
    if near:
        ids = ", ".join(one.id for one in near[:10])
        raise UsageError(f'{len(near)} things begin with "{what}": {ids}')
    if not said:
        raise UsageError("nothing was said by hand that could be taken back")
    raise UsageError(f'nothing was said by hand about "{what}"; `vouchd undo` lists what was')


def _take_back(config: Config, one: Said, now: datetime) -> None:
    with Store.open_beside(config.state) as store:
        if one.statement:
            store.retract(one.id)
        else:
            store.reopen(one.id, now)
