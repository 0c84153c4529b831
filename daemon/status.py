"""How things stand, gathered from the state alone: no mailbox is looked at, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vouchd.daemon import statefile
from vouchd.daemon.app import App
from vouchd.daemon.doctor import Health
from vouchd.daemon.doctor_machine import disk
from vouchd.daemon.health import Trouble
from vouchd.daemon.health_shelf import standing_troubles
from vouchd.daemon.look import Sight, look
from vouchd.daemon.render import follow_up_json, one_line
from vouchd.daemon.render_people import balance_json
from vouchd.daemon.store import Round, SetAside
from vouchd.rules.model import Stage, State
from vouchd.rules.playbook.balance import Balance, balance
from vouchd.rules.world import Application, live, standing

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What was read in the last 24 hours."""

    looks: int
    messages: int
    events: int
    about: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """An application as it is shown."""

    company: str
    role: str | None
    stage: Stage
    live: bool
    heard: datetime | None  #: the last mail of it, in either direction
    silent: bool  #: nothing was heard for longer than the user's [cadence] stale_after
    interview: datetime | None  #: the next one in the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How things stand at a moment in the user's zone."""

    now: datetime
    sight: Sight
    last: Round | None
    last_good: Round | None
    daemon: str | None  #: the process that works on the state
    next_at: datetime | None
    today: Today
    processes: tuple[Process, ...]
    people: tuple[Balance, ...]
    troubles: tuple[Trouble, ...]
    parked: tuple[SetAside, ...]  #: what could not be read
    words: tuple[str, ...]  #: what went wrong at the last look and what was set aside
    full: str  #: what is wrong with the disk; then not even a failure can be noted

    @property
    def well(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.troubles and not self.full and (self.last is None or self.last.good)


def status_at(app: App, now: datetime) -> Status:
    """Gather how things stand. Raises StoreError."""
    now = now.astimezone(app.config.me.zone)
    store, sight = app.store, look(app, now)
    last = store.last_round()
    daemon = statefile.holder(app.config.state)
    running = last is not None and daemon is not None
    room = disk(app.config)
    full = f"{room.text}: {room.mend or 'see to it'}" if room.health is Health.BAD else ""
    return Status(
        now=now,
        sight=sight,
        last=last,
        last_good=store.last_round(good=True),
        daemon=daemon,
        next_at=last.at + app.config.service.check_every if running and last else None,
        today=_today(store.rounds_since(now - _A_DAY), now),
        processes=tuple(_processes(app, sight, now)),
        people=tuple(balance(person, now) for person in sight.world.people.values()),
        troubles=standing_troubles(app, sight.follow_ups, now),
        parked=store.parked(),
        words=(*([full] if full else []), *_words(app, last)),
        full=full,
    )


def _today(rounds: Iterable[Round], now: datetime) -> Today:
    past = [r for r in rounds if r.at <= now]

    def total(name: str) -> int:
        return sum(r.counts.get(name, 0) for r in past)

    return Today(
        looks=len(past), messages=total("messages"), events=total("events"), about=total("about")
    )


def _processes(app: App, sight: Sight, now: datetime) -> Iterable[Process]:
    """Return the applications, those furthest on first."""
    order = list(Stage)
    found = [
        _process(a, now, app.mind.wishes.stale_after) for a in sight.world.applications.values()
    ]
    return sorted(found, key=lambda p: (not p.live, -order.index(p.stage), p.company, p.role or ""))


def _process(application: Application, now: datetime, stale_after: timedelta) -> Process:
    company, role = application.title
    heard = max((at for at, _ in application.heard if at <= now), default=None)
    alive = live(application, now)
    coming = (i.start for i in application.interviews if not i.cancelled and i.end >= now)
    return Process(
        company=company,
        role=role,
        stage=standing(application, now),
        live=alive,
        heard=heard,
        silent=alive and heard is not None and now - heard >= stale_after,
        interview=min(coming, default=None) if alive else None,
    )


def _words(app: App, last: Round | None) -> tuple[str, ...]:
    words = [one_line(word) for word in last.words] if last else []
    words += [
        one_line(f"{item.source}: {item.reason} (tried {item.times} times)")
        for item in app.store.parked()
    ]
    return tuple(dict.fromkeys(words))


def status_json(status: Status, *, whole: bool = False) -> dict[str, Any]:
    """Return how things stand as one JSON object; with what is finished if `whole`."""
    finished = [f for f in status.sight.follow_ups if f.state is not State.OPEN]
    last, good = status.last, status.last_good
    today = status.today
    return {
        "now": status.now.isoformat(),
        "well": status.well,
        "last_round": last.at.isoformat() if last else None,
        "last_good_round": good.at.isoformat() if good else None,
        "last_counts": dict(last.counts) if last else {},
        "next_round": status.next_at.isoformat() if status.next_at else None,
        "last_24_hours": {
            "rounds": today.looks,
            "messages": today.messages,
            "events": today.events,
            "about": today.about,
        },
        "daemon": status.daemon,
        "waiting": [follow_up_json(f) for f in status.sight.waiting],
        "applications": [_process_json(process) for process in status.processes],
        "references": [balance_json(b, news=status.sight.owes_news(b.name)) for b in status.people],
        "troubles": [
            {"kind": t.ailment.value, "summary": t.summary, "text": t.text} for t in status.troubles
        ],
        "parked": list(map(_parked_json, status.parked)),
        "unwell": [*(t.summary for t in status.troubles), *status.words],
        **({"finished": [follow_up_json(f) for f in finished]} if whole else {}),
    }


def _parked_json(item: SetAside) -> dict[str, Any]:
    return {"source": item.source, "reason": item.reason, "times": item.times}


def _process_json(process: Process) -> dict[str, Any]:
    return {
        "company": process.company,
        "role": process.role,
        "stage": process.stage.value,
        "live": process.live,
        "silent": process.silent,
        "last_news": process.heard.isoformat() if process.heard else None,
        "next_interview": process.interview.isoformat() if process.interview else None,
    }
