"""`vouchd applications`: what is known of each process, stated by the user or learnt."""

from __future__ import annotations

import argparse
from typing import Any

from vouchd.daemon.app import App, open_app
from vouchd.daemon.cli_people import APPLICATION_FORMS
from vouchd.daemon.commands_edit import add_application, edit_application
from vouchd.daemon.commands_people import application_called
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.look import Sight, look
from vouchd.daemon.render import day, line, one_line
from vouchd.daemon.think import scene_at
from vouchd.rules.playbook.standing import involved
from vouchd.rules.world import Application, Step, evidence_text, live, standing

DONE = 0


def applications(arguments: argparse.Namespace) -> int:
    """Tell about the applications: all or one; or write one down."""
    wanted = " ".join(arguments.what)
    if bool(wanted) != (arguments.action != "list"):
        raise UsageError(APPLICATION_FORMS)
    if arguments.action == "add":
        return add_application(arguments, wanted)
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app:
        sight = look(app, now)
        if arguments.action == "list":
            for application in sight.world.applications.values():
                fields = _fields(app, sight, application)
                put(arguments, fields, _text(fields))
            return DONE
        application = application_called(sight, wanted)
        if arguments.action == "show":
            _show(arguments, app, sight, application)
            return DONE
    return edit_application(arguments, application.title, application.stated)


def _fields(app: App, sight: Sight, application: Application) -> dict[str, Any]:
    now = sight.moment.now
    company, role = application.title
    scene = scene_at(app.mind, sight.world, sight.moment)
    heard = [at for at, sent in application.heard if not sent and at <= now]
    heard += [s.at for s in application.steps if not s.reading.sent and s.at <= now]
    stated = application.stated
    return {
        "company": company,
        "role": role,
        "stage": standing(application, now).value,
        "live": live(application, now),
        "stated": stated is not None,
        "last_heard": max(heard).isoformat() if heard else None,
        "named": list(stated.references) if stated else [],
        "involved": [person.name for person in involved(scene, application, now)],
    }


def _text(fields: dict[str, Any]) -> str:
    title = ", ".join(filter(None, (fields["company"], fields["role"])))
    said = [fields["stage"]]
    if fields["last_heard"]:
        said.append(f"last heard {fields['last_heard'][:10]}")
    if fields["involved"]:
        said.append(f"vouching: {', '.join(fields['involved'])}")
    elif fields["named"]:
        said.append(f"named: {', '.join(fields['named'])}")
    if not fields["stated"]:
        said.append("learnt from your mail")
    return one_line(f"{title}: {'; '.join(said)}")


def _show(arguments: argparse.Namespace, app: App, sight: Sight, application: Application) -> None:
    fields = _fields(app, sight, application)
    zone, stated = app.config.me.zone, application.stated
    steps = [s for s in application.steps if s.at <= sight.moment.now]
    waiting = [f for f in sight.waiting if application.title in f.applications]
    if arguments.json:
        more = {
            "domains": list(stated.domains) if stated else [],
            "posting": stated.posting if stated else None,
            "points": list(stated.points) if stated else [],
            "steps": [_step_json(step) for step in steps],
            "waiting": [f.key for f in waiting],
        }
        print(line(fields | more))
        return
    print(_text(fields))
    if stated and stated.posting:
        print(f"  posting  {one_line(stated.posting)}")
    if stated and stated.points:
        print(f"  weighs   {one_line('; '.join(stated.points))}")
    for step in steps:
        words = one_line(f"{step.kind}: {evidence_text(step.signal.evidence)}")
        print(f"  {day(step.at.astimezone(zone))}  {words}")
    for follow_up in waiting:
        print(f"  waiting  {one_line(follow_up.key)}")


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "at": step.at.isoformat(),
        "signal": step.kind.value,
        "source": step.reading.source,
        "text": evidence_text(step.signal.evidence),
    }
