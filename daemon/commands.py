"""The commands that work: once, run and plan."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime, timedelta

from vouchd.config.load import ConfigError
from vouchd.config.schema import Config
from vouchd.connectors.base import ConnectorError
from vouchd.daemon import clock, notify
from vouchd.daemon.app import App, open_app
from vouchd.daemon.console import configured, moment, progress_shown, told
from vouchd.daemon.failures import FAILED, explained
from vouchd.daemon.loop import Job, Signals
from vouchd.daemon.loop import run as loop
from vouchd.daemon.progress import Progress, heard
from vouchd.daemon.render import counted, line
from vouchd.daemon.render_action import action_json, actions_text
from vouchd.daemon.round import RoundResult, dry_round, run_round
from vouchd.daemon.store import Round
from vouchd.rules.model import State

DONE = 0
#: Google counts its quota by the minute.
_CATCH_UP_EVERY = timedelta(minutes=1)


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
        result = _round(app, signals, progress, at=at, sure=arguments.yes)
        app.store.back_up(result.at)
    told(result.errors)
    if arguments.json:
        _put_json(result)
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
    told(result.errors)
    if arguments.json:
        _put_json(result)
    else:
        for paragraph in actions_text(result.actions, result.follow_ups):
            print(paragraph, end="\n\n")
        if result.actions:
            print(f"{counted(len(result.actions), 'thing')} to do; `vouchd once` does it.")
        elif not result.good:
            print("Nothing can be said: not everything could be looked at.")
        elif not result.stopped:
            print("Nothing is left to do: every follow-up lies where it should.")
        print(f"{looked_at(result)}; {_waiting(result)}.")
    return _status(result, config)


def run(arguments: argparse.Namespace) -> int:
    """Do a round again and again until told to end."""
    daemon = Daemon(arguments, configured(arguments))
    with daemon.signals.heard():
        try:
            daemon.work()
        finally:
            daemon.close()
    return DONE


class Daemon:
    """The daemon at work: the wired application, what systemd hears, the jobs."""

    def __init__(self, arguments: argparse.Namespace, config: Config) -> None:
        self.arguments = arguments
        self.config = config
        self.signals = Signals()
        self.say = notify.opened(os.environ)
        interval = notify.watchdog_interval(os.environ, os.getpid())
        self.watchdog = notify.Watchdog(self.say, interval, clock.ticks)
        self.app = open_app(config, pause=self.signals.pause)
        self.behind = False  #: whether older mail is left to be read

    def work(self) -> None:
        """Announce readiness and go round until somebody asks to end."""
        told(self.app.warnings)
        self.say(notify.READY)
        loop(
            self.jobs,
            self.signals,
            alive=self.watchdog.progress,
            failed=self.failed,
            reload=self.reload,
            longest_sleep=self.longest_sleep,
        )
        self.say(notify.STOPPING)

    @property
    def longest_sleep(self) -> float:
        """So that the watchdog is fed in time while there is nothing to do."""
        return min(30.0, (self.watchdog.interval or 120.0) / 4)

    def jobs(self) -> tuple[Job, ...]:
        """What is done again and again."""
        return (
            Job("round", self.config.service.check_every, self.round),
            Job("rest of the mail", _CATCH_UP_EVERY, self.catch_up),
            Job("copy of the state", timedelta(hours=6), self.back_up),
        )

    def round(self) -> None:
        """Do one round and say how it went, in one line."""
        self.say(notify.status("looking at mail and calendar"))
        result = _round(self.app, self.signals, heard(self.watchdog.progress), at=clock.now())
        told(result.errors)
        if self.arguments.json:
            _put_json(result)
            sys.stdout.flush()
        else:
            print(summary(result), flush=True)
        self.behind = result.later > 0
        trouble = f"; not well: {result.errors[0]}" if result.failed and result.errors else ""
        self.say(notify.status(summary(result) + trouble))

    def catch_up(self) -> None:
        """Go on with older mail that did not fit into a round."""
        if self.behind:
            self.round()

    def back_up(self) -> None:
        """Keep a copy of the state."""
        self.app.store.back_up(clock.now())

    def failed(self, job: Job, error: Exception) -> None:
        """Say that a job did not succeed; it has its next turn all the same."""
        if self.arguments.debug:
            sys.excepthook(type(error), error, error.__traceback__)
        known = explained(error)
        sentences = known[1] if known else (f"{type(error).__name__}: {error}",)
        told(f"{job.name}: {sentence}" for sentence in sentences)
        self.say(notify.status(f"{job.name} failed: {sentences[0]}"))

    def reload(self) -> None:
        """Read the configuration anew; when that does not hold, the old one stays."""
        self.say(notify.reloading(clock.ticks()))
        try:
            config = configured(self.arguments)
        except ConfigError as error:
            told([*map(str, error.problems), "the old configuration stays"])
        else:
            self.app.close()  # the state has one user at a time
            try:
                self.app = open_app(config, pause=self.signals.pause)
                self.config = config
                told(self.app.warnings)
            except Exception as error:
                known = explained(error)
                told([*(known[1] if known else (repr(error),)), "the old configuration stays"])
                self.app = open_app(self.config, pause=self.signals.pause)
        self.say(notify.READY)

    def close(self) -> None:
        """Let go of the state."""
        self.app.close()


def _round(
    app: App, signals: Signals, progress: Progress, *, at: datetime, sure: bool = False
) -> RoundResult:
    """Do one round, and keep how it went."""
    result = run_round(app, at, sure=sure, stop=signals.stopping, progress=progress)
    try:
        app.errands(at)
    except ConnectorError as error:
        if not any(told.endswith(str(error)) for told in result.errors):
            result.errors.append(str(error))
    note(app, result)
    return result


def note(app: App, result: RoundResult) -> None:
    """Keep how a round went: `status` tells it. Raises StoreError."""
    words = (*result.errors, *([result.stopped] if result.stopped else []))
    app.store.note_round(Round(result.at, result.good, counts(result), words))


def counts(result: RoundResult) -> dict[str, int]:
    """Return what was looked at and done, in numbers."""
    return {
        "messages": result.messages,
        "events": result.events,
        "new": result.new,
        "parked": result.parked,
        "later": result.later,
        "actions": len(result.actions),
    }


def _put_json(result: RoundResult) -> None:
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


def looked_at(result: RoundResult) -> str:
    """Return what was looked at: a zero says of what."""
    parked = f", {result.parked} of them could not be read" if result.parked else ""
    later = f", {result.later:,} older ones left for the next rounds" if result.later else ""
    return (
        f"{counted(result.messages, 'new message')} and {counted(result.events, 'new event')} "
        f"read{parked}{later}"
    )


def summary(result: RoundResult) -> str:
    """Return on one line what a round looked at and did."""
    done = counted(len(result.actions), "thing") + " done" if result.actions else "nothing to do"
    return f"{looked_at(result)}; {done}; {_waiting(result)}"


def _waiting(result: RoundResult) -> str:
    waiting = sum(follow_up.state is State.OPEN for follow_up in result.follow_ups)
    return f"{counted(waiting, 'follow-up')} open"
