"""The daemon: the application wired once, jobs in turn, and what systemd hears of it."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
from collections.abc import Iterable
from datetime import timedelta

from vouchd.config.load import ConfigError
from vouchd.config.settings import Config
from vouchd.connectors.base import ConnectorError, NeedsLogin
from vouchd.daemon import clock, log, notify
from vouchd.daemon.app import App, open_app
from vouchd.daemon.commands import finish, one_round, put_json
from vouchd.daemon.console import configured, told
from vouchd.daemon.desktop import Bell, Starts
from vouchd.daemon.failures import FAILED, WRONG_USE, explained, own_mistake
from vouchd.daemon.health_shelf import failing
from vouchd.daemon.log import Level, Log
from vouchd.daemon.log_round import Diary
from vouchd.daemon.loop import Job, Overdue, Signals
from vouchd.daemon.loop import run as loop
from vouchd.daemon.progress import heard
from vouchd.daemon.result import RoundResult, summary
from vouchd.daemon.statefile import Damaged

DONE = 0
#: EX_NOPERM of sysexits(3): nobody but the user can help, so the unit does not start it again.
NEEDS_LOGIN = 77
#: Google counts its quota by the minute.
_CATCH_UP_EVERY = timedelta(minutes=1)
#: Seconds that work under way has to end by itself; the unit's TimeoutStopSec= is longer.
_GRACE = 5.0
#: Seconds after which a pause gives a sign of life.
_BREATH = 15.0


def run(arguments: argparse.Namespace) -> int:
    """Do a round again and again until told to end.

    What keeps it from starting is also told to systemd, and with a sign-in that only the user can
    renew it ends with a status of its own. Raises what `configured` and `open_app` raise.
    """
    faulthandler.enable(2)  # the watchdog's SIGABRT then shows where it hung
    say = notify.opened(os.environ)
    starts = Starts(os.environ, str(arguments.config))
    try:
        say(notify.status("reading the configuration and the state"))
        daemon = Daemon(arguments, configured(arguments))
        starts.succeeded()
        with daemon.signals.heard():
            try:
                daemon.work()
            finally:
                daemon.close()
    except Overdue:
        told(["broken off on request, in the middle of something; the next start goes on from it"])
    except NeedsLogin as error:
        told([str(error)])
        say(notify.status(f"not signed in: {error}"))
        return NEEDS_LOGIN
    except Exception as error:
        status, sentences = explained(error) or (FAILED, own_mistake(error))
        say(notify.status(sentences[0]))
        starts.failed(sentences[0], clock.now(), for_good=status == WRONG_USE)
        raise
    return DONE


class Daemon:
    """The daemon at work: the wired application, what systemd hears, the jobs."""

    def __init__(self, arguments: argparse.Namespace, config: Config) -> None:
        self.arguments = arguments
        self.config = config
        self.log = self.log_of(config)
        self.diary = Diary(self.log)
        self.signals = Signals(grace=_GRACE)
        self.say = notify.opened(os.environ)
        interval = notify.watchdog_interval(os.environ, os.getpid())
        self.watchdog = notify.Watchdog(self.say, interval, clock.ticks)
        self.bell = Bell(os.environ)
        self.app = self.opened(config)
        self.behind = False  #: whether older mail is left to be read
        self.unwell = ""  #: what is wrong until the next reload

    def log_of(self, config: Config) -> Log:
        """Return the log that the configuration asks for."""
        wish = config.log
        quiet, everything = self.arguments.json, self.arguments.debug
        return log.opened(wish.level, wish.form, quiet=quiet, everything=everything)

    def warn(self, sentences: Iterable[str], event: str = "warning") -> None:
        """Write into the log what is not as it should be."""
        for sentence in sentences:
            self.log(Level.WARNING, event, sentence)

    def opened(self, config: Config) -> App:
        """Put the application together for the daemon. Raises what `open_app` raises."""
        return open_app(config, pause=self.pause, alive=self.watchdog.progress)

    def work(self) -> None:
        """Announce readiness and go round until somebody asks to end.

        Raises NeedsLogin when it would start with a sign-in that does not hold.
        """
        self.warn(self.app.warnings)
        trouble = self.sign_in_trouble()
        if not self.signals.stop:
            self.say(f"{notify.READY}\n{notify.status(trouble or 'ready')}")
        loop(
            self.jobs,
            self.signals,
            alive=self.watchdog.progress,
            failed=self.failed,
            reload=self.reload,
            longest_sleep=self.longest_sleep,
        )
        self.signals.in_time()
        self.say(f"{notify.STOPPING}\n{notify.status('ending')}")

    def sign_in_trouble(self) -> str:
        """Try the sign-in; return why it could not be tried, such as a network that is not there.

        Raises NeedsLogin.
        """
        self.say(notify.status("trying the sign-in"))
        try:
            self.app.verify()
        except NeedsLogin as error:
            self.lost(error)
            raise
        except ConnectorError as error:
            if not self.signals.stop:
                self.warn([str(error)])
            return f"the sign-in could not be tried: {error}"
        return ""

    def lost(self, error: NeedsLogin) -> None:
        """Tell the user wherever that still goes that the sign-in does not hold."""
        result = RoundResult(at=clock.now(), failed=True, blind=True)
        result.tell(error)
        finish(self.app, result)
        self.alarm(result)

    def alarm(self, result: RoundResult) -> None:
        """Tell the desktop what is not well."""
        if self.config.health.desktop:
            self.bell.ring(result.unwell, result.at)

    @property
    def longest_sleep(self) -> float:
        """So that the watchdog is fed in time while there is nothing to do."""
        return min(30.0, (self.watchdog.interval or 120.0) / 4)

    def pause(self, seconds: float) -> bool:
        """Wait inside of a piece of work, alive all the while; True: somebody wants us to end."""
        breath = min(_BREATH, self.longest_sleep)
        while seconds > 0 and not self.signals.pause(min(seconds, breath)):
            seconds -= breath
            self.watchdog.progress()
        return self.signals.stop

    def between(self) -> bool:
        """Tell, between two writes, whether somebody asked to end; a sign of life, too."""
        self.watchdog.progress()
        return self.signals.stopping()

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
        result = one_round(
            self.app, heard(self.watchdog.progress), at=clock.now(), stop=self.between
        )
        self.diary.round(result)
        if self.arguments.json:
            put_json(result)
            sys.stdout.flush()
        self.behind = result.later > 0
        self.alarm(result)
        first = result.errors[0] if result.failed and result.errors else ""
        first = first or (result.stopped if result.stopped and not result.shadow else "")
        troubles = [self.unwell, *(trouble.summary for trouble in result.unwell), first]
        trouble = "".join(f"; not well: {words}" for words in troubles if words)
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
        sentences = known[1] if known else own_mistake(error)
        for sentence in sentences:
            self.log(Level.ERROR, "job_failed", f"{job.name}: {sentence}", job=job.name)
        self.alarm(failing(self.app, sentences[0], clock.now()))
        self.say(notify.status(f"{job.name} failed: {sentences[0]}"))
        if isinstance(error, Damaged):
            self.reload()  # a new start of the state puts a good copy in its place

    def reload(self) -> None:
        """Read the configuration anew; when that does not hold, the old one stays."""
        reading = notify.status("reading the configuration anew")
        self.say(f"{notify.reloading(clock.ticks())}\n{reading}")
        self.unwell = ""
        try:
            config = configured(self.arguments)
        except ConfigError as error:
            self.keep_old(tuple(map(str, error.problems)))
        else:
            self.app.close()  # the state has one user at a time
            try:
                self.app = self.opened(config)
                self.config = config
                self.log = self.diary.log = self.log_of(config)
                self.warn(self.app.warnings)
            except Exception as error:
                known = explained(error)
                self.keep_old(known[1] if known else own_mistake(error))
                self.app = self.opened(self.config)
        self.say(f"{notify.READY}\n{notify.status(self.unwell or 'configuration read')}")

    def keep_old(self, sentences: tuple[str, ...]) -> None:
        """Say why the new configuration is not used, and go on saying it in the status."""
        self.warn([*sentences, "the old configuration stays"], "reload_failed")
        self.unwell = f"the old configuration stays: {sentences[0]}"

    def close(self) -> None:
        """Let go of the state."""
        self.app.close()
