"""The commands that work: once and plan; and one round as they and the daemon do it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime

from vouchd.config.settings import Config
from vouchd.connectors.base import ConnectorError
from vouchd.daemon import clock
from vouchd.daemon.app import App, open_app
from vouchd.daemon.console import configured, moment, progress_shown, told
from vouchd.daemon.failures import FAILED
from vouchd.daemon.health_shelf import rehearse, tend
from vouchd.daemon.loop import Signals
from vouchd.daemon.metrics import report
from vouchd.daemon.progress import Progress
from vouchd.daemon.render import counted, line
from vouchd.daemon.render_action import action_json, actions_text
from vouchd.daemon.result import RoundResult, counts, looked_at, summary, waiting
from vouchd.daemon.round import dry_round, run_round
from vouchd.daemon.store import Round

DONE = 0


def once(arguments: argparse.Namespace) -> int:
    """Do one round and tell what was done."""
    config = configured(arguments)
    now = moment(arguments, config) if arguments.now else None
    signals = Signals()
    with (
        signals.heard(),
        open_app(config, pause=signals.pause, now=lambda: now or clock.now()) as app,
        progress_shown() as progress,
    ):
        told(app.warnings)
        at = now or clock.now()
        result = one_round(app, progress, at=at, stop=signals.stopping, sure=arguments.yes)
        app.store.back_up(result.at)
    told(result.errors)
    if arguments.json:
        put_json(result)
    else:
        for paragraph in actions_text(result.actions, result.follow_ups):
            print(paragraph, end="\n\n")
        print(summary(result))
    if signals.stop:
        told(["stopped on request; the next round goes on from here"])
        return FAILED
    return _status(result, config)


def plan(arguments: argparse.Namespace) -> int:
    """Tell what a round would do and why; nothing is written, not even the state."""
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app, progress_shown() as progress:
        told(app.warnings)
        result = dry_round(app, now, progress=progress)
        result.shadow = not config.wishes.write
        rehearse(app, result)
    told(result.errors)
    if arguments.json:
        put_json(result)
    else:
        for paragraph in actions_text(result.actions, result.follow_ups):
            print(paragraph, end="\n\n")
        if result.actions:
            print(f"{counted(len(result.actions), 'thing')} to do; `vouchd once` does it.")
        elif not result.good:
            print("Nothing can be said: not everything could be looked at.")
        elif not result.stopped:
            print("Nothing is left to do: every follow-up lies where it should.")
        print(f"{looked_at(result)}; {waiting(result)}.")
    return _status(result, config)


def one_round(
    app: App,
    progress: Progress,
    *,
    at: datetime,
    stop: Callable[[], bool],
    sure: bool = False,
) -> RoundResult:
    """Do one round, and keep how it went; `stop()` is asked between two writes."""
    begin = clock.ticks()
    result = run_round(app, at, sure=sure, stop=stop, progress=progress)
    result.seconds = clock.ticks() - begin
    try:
        app.errands(at)
    except ConnectorError as error:
        result.tell(error)
    finish(app, result)
    return result


def finish(app: App, result: RoundResult) -> None:
    """Tell the user what is not well, and keep how a round went. Raises StoreError."""
    result.shadow = not app.config.wishes.write
    tend(app, result)
    note(app, result)
    if problem := report(app, result):
        result.errors.append(problem)


def note(app: App, result: RoundResult) -> None:
    """Keep how a round went: `status` tells it. Raises StoreError."""
    words = (*result.errors, *([result.stopped] if result.stopped else []))
    app.store.note_round(Round(result.at, result.well, counts(result), words, login=result.login))


def put_json(result: RoundResult) -> None:
    """Put what a round did on standard output, one JSON object a line."""
    known = {follow_up.key: follow_up for follow_up in result.follow_ups}
    for action in result.actions:
        fields = action_json(action, None)
        fields = action_json(action, known.get(fields["key"]))
        print(line(fields))
    print(line({"round": {**counts(result), "good": result.good, "stopped": result.stopped}}))


def _status(result: RoundResult, config: Config) -> int:
    if result.stopped:
        told([result.stopped])
    held_back = bool(result.stopped) and config.wishes.write
    return FAILED if held_back or not result.good else DONE
