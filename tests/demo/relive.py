"""Relive the sample world day by day with the real engine: `python -m tests.demo.relive OUT`.

Each evening what has arrived by then is delivered into a Maildir and a calendar folder, and one
round is done at that moment. What lies in OUT afterwards is what a user would find.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from vouchd.config.load import load
from vouchd.connectors.ical import read_ics
from vouchd.daemon.app import App, open_app
from vouchd.daemon.commands import note
from vouchd.daemon.render import one_line
from vouchd.daemon.render_action import key_of
from vouchd.daemon.result import RoundResult
from vouchd.daemon.round import run_round
from vouchd.rules.model import Draft, FollowUp, Part, State
from vouchd.rules.reconcile import Close, Remove, Write

WORLD = Path(__file__).parent
EVENING = time(21, 0)
FOLDERS = {"inbox": "", "sent": ".Sent", "archive": ".Archive"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file of the sample world, and when it comes."""

    at: datetime
    source: Path
    target: Path


def main() -> int:
    """Relive and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="a folder for what is made; made anew")
    out = parser.parse_args().out
    story = Story(out)
    story.prepare()
    story.live()
    story.sum_up()
    return 0


class Story:
    """The sample world as it unfolds in a folder."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.mail = out / "mail"
        self.calendar = out / "calendar"
        self.written = self.withdrawn = self.rounds = 0
        self.result = RoundResult(at=datetime.max.replace(tzinfo=UTC))

    def prepare(self) -> None:
        """Lay out an empty mailbox and calendar, and the configuration beside them."""
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(WORLD / "config", self.out / "config")
        with (self.out / "config" / "config.toml").open("a") as file:
            file.write('\n[state]\npath = "../state"\n')
        for name in ("", ".Sent", ".Archive", ".Drafts"):
            for part in ("cur", "new", "tmp"):
                (self.mail / name / part).mkdir(parents=True)
        self.calendar.mkdir(parents=True)
        self.config = load(self.out / "config", os.environ)
        self.zone = self.config.me.zone

    def live(self) -> None:
        """Go through the days."""
        arrivals = sorted(self.arrivals(), key=lambda a: (a.at, a.source.name))
        mails = [a.at for a in arrivals if a.source.suffix == ".eml"]
        day, last = self.day(min(mails)), self.day(max(mails))
        with open_app(self.config) as app:
            while day <= last:
                now = datetime.combine(day, EVENING, self.zone)
                while arrivals and arrivals[0].at <= now:
                    deliver(arrivals.pop(0))
                self.evening(app, now)
                day += timedelta(days=1)

    def day(self, at: datetime) -> date:
        """The user's day of a moment."""
        return at.astimezone(self.zone).date()

    def arrivals(self) -> Iterator[Arrival]:
        """Yield everything that arrives, in no order."""
        for number, path in enumerate(sorted((WORLD / "mail").rglob("*.eml"))):
            at = sent_at(path, self.zone)
            folder = self.mail / FOLDERS[path.parent.name] / "cur"
            yield Arrival(at, path, folder / f"{int(at.timestamp())}.{number}.demo:2,S")
        for path in sorted((WORLD / "calendar").rglob("*.ics")):
            events = read_ics(path, zone=self.zone).events
            known = [e.known_at or e.start - timedelta(days=14) for e in events]
            yield Arrival(min(known), path, self.calendar / path.name)

    def evening(self, app: App, now: datetime) -> None:
        """Do one round and tell what came of it."""
        self.result = run_round(app, now)
        note(app, self.result)
        self.rounds += 1
        for error in self.result.errors:
            print(f"! {error}", file=sys.stderr)
        lines = list(self.told(self.result))
        if lines:
            print(f"\n{now:%A %-d %B}")
            for line in lines:
                print(f"  {line}")

    def told(self, result: RoundResult) -> Iterator[str]:
        """Yield a line for each follow-up that something was done for."""
        known = {f.key: f for f in result.follow_ups}
        seen: set[tuple[str, bool]] = set()
        for action in result.actions:
            key, gone = key_of(action), isinstance(action, Remove | Close)
            if (key, gone) in seen or not isinstance(action, Write | Remove | Close):
                continue
            seen.add((key, gone))
            self.written += not gone
            self.withdrawn += gone
            follow_up = known.get(key)
            if follow_up is not None:
                yield (ended(follow_up) if gone else begun(follow_up))

    def sum_up(self) -> None:
        """Tell what lies there now, and where."""
        waiting = [f for f in self.result.follow_ups if f.state is State.OPEN]
        drafts = [f for f in waiting if f.draft]
        print(
            f"\n{self.rounds} evenings, {self.written} follow-ups prepared, {self.withdrawn} of "
            f"them done by herself or overtaken.\nOn the last evening {len(waiting)} wait, "
            f"{len(drafts)} of them with a draft:\n"
        )
        for follow_up in sorted(waiting, key=lambda f: f.due_at):
            mark = "draft" if follow_up.draft else "event"
            print(f"  {mark}  {one_line(summary(follow_up))}")
        best = max(drafts, key=lambda f: len(f.kinds), default=None)
        if best is not None and best.draft is not None:
            print(f"\nOne of the drafts, to {best.draft.to[0].email}: {best.draft.subject}\n")
            print("\n".join(f"    {line}" for line in best.draft.body.splitlines()))
        receipts = {Part.DRAFT: self.mail, Part.EVENT: self.calendar}
        print(f"\nDrafts lie in {receipts[Part.DRAFT]}, events in {receipts[Part.EVENT]}.")
        print(f"Ask for the reasons:  vouchd why --config {self.out / 'config'} KEY")


def sent_at(path: Path, zone: ZoneInfo) -> datetime:
    """Return when a message was sent."""
    at = parsedate_to_datetime(message_from_bytes(path.read_bytes())["Date"])
    return at if at.tzinfo else at.replace(tzinfo=zone)


def deliver(arrival: Arrival) -> None:
    """Put a file where it belongs, as a mail or calendar program would."""
    shutil.copyfile(arrival.source, arrival.target)


def summary(follow_up: FollowUp) -> str:
    """Return what is to be done, in one line."""
    if follow_up.event is not None:
        return follow_up.event.summary
    return str(follow_up.kind)


def begun(follow_up: FollowUp) -> str:
    """Return what was prepared, and why."""
    why = follow_up.why[0] if follow_up.why else None
    words = f"  because: “{why.text}”" if why and why.text else ""
    made = "draft and event" if isinstance(follow_up.draft, Draft) else "event"
    return one_line(f"+ {summary(follow_up)} ({made}){words}")


def ended(follow_up: FollowUp) -> str:
    """Return what was taken back, and why."""
    why = "she did it herself" if follow_up.state is State.DONE else "overtaken"
    return one_line(f"- {summary(follow_up)}: {why}")


if __name__ == "__main__":
    sys.exit(main())
