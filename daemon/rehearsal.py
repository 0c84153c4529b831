"""The last weeks of the configured mailbox relived, before anything is written to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vouchd.config.schema import Config
from vouchd.daemon.app import open_app
from vouchd.daemon.intake import read
from vouchd.daemon.progress import Progress
from vouchd.daemon.replay import relive_readings
from vouchd.daemon.result import RoundResult
from vouchd.rules.model import FollowUp

DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would have been prepared, and what could be looked at."""

    follow_ups: tuple[FollowUp, ...]
    looked: RoundResult


def rehearse(
    config: Config,
    now: datetime,
    progress: Progress,
    *,
    from_: date | None = None,
    until: date | None = None,
) -> Rehearsal:
    """Read the mailbox and the calendar of the configuration on a copy of the state; relive them.

    Without `from_`, the last 90 days. Raises what opening the configuration raises.
    """
    today = now.astimezone(config.me.zone).date()
    with open_app(config, dry=True, now=lambda: now) as app:
        looked = RoundResult(at=now)
        read(app, now, looked, progress=progress)
        follow_ups = relive_readings(
            app.mind,
            app.store.readings(),
            from_=from_ or today - timedelta(days=DAYS),
            until=until or today,
        )
    return Rehearsal(follow_ups=follow_ups, looked=looked)
