"""The commands that look at what is known, and the one that takes the user's answer."""

from __future__ import annotations

import argparse
import textwrap
from datetime import datetime
from typing import Any

from vouchd.daemon import clock, statefile
from vouchd.daemon.app import App, open_app
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.look import Sight, intent_of, look
from vouchd.daemon.render import (
    cause_text,
    counted,
    day,
    draft_text,
    follow_up_json,
    line,
    one_line,
    quoted,
    safe,
    title,
)
from vouchd.daemon.render_people import balance_json, balance_text, owed
from vouchd.daemon.stops import STOPS
from vouchd.daemon.store import Store
from vouchd.rules.model import FollowUp, Part, State
from vouchd.rules.playbook.balance import balance
from vouchd.rules.world import live, standing

DONE = 0
NOWHERE = "no place: not written yet, or no longer there"


def status(arguments: argparse.Namespace) -> int:
    """Tell when vouchd looked last, what waits for the user, what is unwell."""
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app:
        sight = look(app, now)
        if arguments.json:
            print(line(_status_json(app, sight, now)))
            return DONE
        shown = sight.follow_ups if arguments.all else sight.waiting
        print(_last(app, now))
        print(_section("Waiting for you", [_waiting_text(f, sight, app) for f in shown]))
        print(_section("Applications", _applications(app, sight, now)))
        print(_section("People", _people(app, sight)))
        if unwell := _unwell(app):
            print(_section("Not well", unwell))
    return DONE


def why(arguments: argparse.Namespace) -> int:
    """Tell the chain of reasons of one follow-up."""
    config = configured(arguments)
    with open_app(config, dry=True) as app:
        sight = look(app, moment(arguments, config))
        follow_up = sight.find(arguments.key)
        fields = follow_up_json(follow_up) | {
            "would_have_stopped_it": [STOPS[kind] for kind in follow_up.kinds],
            "written": [r.part.value for r in sight.written(follow_up.key)],
        }
        put(arguments, fields, _why_text(follow_up, sight))
    return DONE


def answer(arguments: argparse.Namespace) -> int:
    """Take the user's word on a question or a follow-up."""
    config = configured(arguments)
    now = clock.now()
    with open_app(config, dry=True) as app:
        sight = look(app, now)
        follow_up = sight.find(arguments.key)
        asks = intent_of(app, sight, follow_up.key).asks
    keys: tuple[str, ...] = (follow_up.key,)
    if arguments.answer in ("yes", "no"):
        if not asks:
            raise UsageError(
                f"{follow_up.key} asks nothing; allowed: done, dismissed (yes and no answer "
                "a review)"
            )
        if arguments.only is not None and not 1 <= arguments.only <= len(asks):
            raise UsageError(f"--only {arguments.only}: {follow_up.key} asks {len(asks)} questions")
        keys = asks if arguments.only is None else (asks[arguments.only - 1],)
    with Store.open_beside(config.state) as store:
        for key in keys:
            store.answer(key, arguments.answer, now)
    fields = {"key": follow_up.key, "answer": arguments.answer, "questions": list(keys)}
    put(arguments, fields, f"Noted: {arguments.answer}. The next round goes by it.")
    return DONE


# --- status -----------------------------------------------------------------------------------


def _last(app: App, now: datetime) -> str:
    last = app.store.last_round()
    if last is None:
        return "vouchd has not looked yet; `vouchd once` does."
    zone = app.config.me.zone
    pid = statefile.holder(app.config.state)
    n = last.counts
    messages = counted(n.get("messages", 0), "new message")
    read = f"{messages}, {counted(n.get('events', 0), 'new event')}"
    rows = [f"Last look: {day(last.at.astimezone(zone))} ({read})."]
    if not last.good:
        good = app.store.last_round(good=True)
        rows.append(
            f"It did not see everything; the last that did was {day(good.at.astimezone(zone))}."
            if good
            else "It did not see everything."
        )
    if pid:
        soon = max(now, last.at + app.config.service.check_every).astimezone(zone)
        rows.append(f"The daemon runs (process {pid}); next look about {soon:%H:%M}.")
    else:
        rows.append("No daemon runs; `vouchd once` looks, `vouchd run` keeps looking.")
    return "\n".join(rows)


def _section(head: str, rows: list[str]) -> str:
    body = "\n".join(textwrap.indent(row, "  ") for row in rows) or "  nothing"
    return f"\n{head}\n{body}"


def _waiting_text(follow_up: FollowUp, sight: Sight, app: App) -> str:
    parts = " and ".join(r.part for r in sight.written(follow_up.key))
    if follow_up.state is State.OPEN:
        due = day(follow_up.due_at.astimezone(app.config.me.zone))
        said = [f"due {due}", parts or "not written yet"]
    else:
        said = [follow_up.state.value, *filter(None, [parts])]
    return f"{title(follow_up)}\n  {'; '.join(said)}; key {safe(follow_up.key)}"


def _applications(app: App, sight: Sight, now: datetime) -> list[str]:
    rows = []
    for application in sight.world.applications.values():
        company, role = application.title
        if live(application, now):
            about = f"{company}, {role}" if role else company
            stage = standing(application, now).replace("_", " ")
            rows.append(one_line(f"{about}: {stage}"))
    return sorted(rows)


def _people(app: App, sight: Sight) -> list[str]:
    """Return one line for each person, those first to whom the user owes something."""
    rows = []
    for person in sight.world.people.values():
        found, news = balance(person, sight.moment.now), sight.owes_news(person.name)
        text = balance_text(found, app.config.me.zone, news=news)
        rows.append((not owed(found, news=news), person.name, text))
    return [text for _, _, text in sorted(rows)]


def _unwell(app: App) -> list[str]:
    last = app.store.last_round()
    rows = [one_line(word) for word in last.words] if last else []
    rows += [
        one_line(f"{item.source}: {item.reason} (tried {item.times} times)")
        for item in app.store.parked()
    ]
    return list(dict.fromkeys(rows))


def _status_json(app: App, sight: Sight, now: datetime) -> dict[str, Any]:
    last, good = app.store.last_round(), app.store.last_round(good=True)
    return {
        "last_round": last.at.isoformat() if last else None,
        "last_good_round": good.at.isoformat() if good else None,
        "last_counts": dict(last.counts) if last else {},
        "daemon": statefile.holder(app.config.state),
        "waiting": [follow_up_json(f) for f in sight.waiting],
        "applications": [
            {
                "company": application.title[0],
                "role": application.title[1],
                "stage": standing(application, now).value,
                "live": live(application, now),
            }
            for application in sight.world.applications.values()
        ],
        "references": [
            balance_json(balance(person, now), news=sight.owes_news(person.name))
            for person in sight.world.people.values()
        ],
        "parked": [
            {"source": item.source, "reason": item.reason, "times": item.times}
            for item in app.store.parked()
        ],
        "unwell": _unwell(app),
    }


# --- why --------------------------------------------------------------------------------------


def _why_text(follow_up: FollowUp, sight: Sight) -> str:
    rows = [title(follow_up), f"due {day(follow_up.due_at)}, {follow_up.state}", "", "Why:"]
    for number, cause in enumerate(follow_up.why, start=1):
        rows.append(f"{number}. {cause_text(cause)}")
        if cause.rule:
            rows.append(f"   rule     {one_line(cause.rule)}")
        if cause.link:
            rows.append(f"   message  {one_line(cause.link)}")
    rows += ["", "What would have stopped it:"]
    rows += [f"   {kind}: {STOPS[kind]}" for kind in follow_up.kinds]
    written = {r.part: one_line(r.handle) for r in sight.written(follow_up.key)}
    if draft := follow_up.draft:
        rows += ["", f"Draft {draft_text(draft)}", quoted(draft.body)]
        rows.append(f"   lies at {written.get(Part.DRAFT, NOWHERE)}")
    if event := follow_up.event:
        rows += ["", f"Event on {day(event.start)}", quoted(event.description or event.summary)]
        rows.append(f"   lies at {written.get(Part.EVENT, NOWHERE)}")
    return "\n".join(rows)
