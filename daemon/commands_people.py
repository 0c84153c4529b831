"""The commands about the people who vouch: what stands with them, and whom to ask."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from vouchd.daemon.app import App, open_app
from vouchd.daemon.cli_people import REFERENCE_FORMS
from vouchd.daemon.commands_edit import add_reference, edit_reference
from vouchd.daemon.commands_import import import_references
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.look import Sight, look
from vouchd.daemon.render import line, one_line
from vouchd.daemon.render_consent import consent_json, consent_rows
from vouchd.daemon.render_people import (
    balance_json,
    balance_text,
    candidate_json,
    candidate_text,
)
from vouchd.daemon.think import scene_at
from vouchd.rules.match import same_company
from vouchd.rules.playbook.balance import balance
from vouchd.rules.playbook.consent import consent
from vouchd.rules.playbook.suggest import ranking
from vouchd.rules.world import Application, Person

DONE = 0


def references(arguments: argparse.Namespace) -> int:
    """Tell about the people who vouch: all, one, or who fits an application; or write them down."""
    wanted = " ".join(arguments.what)
    if bool(wanted) != (arguments.action != "list"):
        raise UsageError(REFERENCE_FORMS)
    match arguments.action:
        case "add":
            return add_reference(arguments, wanted)
        case "edit":
            return edit_reference(arguments, wanted)
        case "import":
            return import_references(arguments, arguments.what)
    config = configured(arguments)
    now = moment(arguments, config)
    with open_app(config, dry=True) as app:
        sight = look(app, now)
        if arguments.action == "list":
            _list(arguments, app, sight)
        elif arguments.action == "show":
            _show(arguments, app, sight, person_called(sight, wanted))
        else:
            _suggest(arguments, app, sight, application_called(sight, wanted))
    return DONE


def _list(arguments: argparse.Namespace, app: App, sight: Sight) -> None:
    for person in sight.world.people.values():
        found, zone = balance(person, sight.moment.now), app.config.me.zone
        news = sight.owes_news(person.name)
        put(arguments, balance_json(found, news=news), balance_text(found, zone, news=news))


def _show(arguments: argparse.Namespace, app: App, sight: Sight, person: Person) -> None:
    scene = scene_at(app.mind, sight.world, sight.moment)
    general = consent(scene, person, None, scene.now)
    waiting = [f for f in sight.waiting if person.name in f.references]
    found, news = balance(person, scene.now), sight.owes_news(person.name)
    if arguments.json:
        fields = balance_json(found, news=news) | {
            "emails": list(person.reference.emails),
            **consent_json(scene, person, general),
            "waiting": [follow_up.key for follow_up in waiting],
        }
        print(line(fields))
        return
    print(balance_text(found, app.config.me.zone, news=news))
    print(f"  mail     {one_line(', '.join(person.reference.emails)) or 'no address'}")
    first, *record = consent_rows(scene, person, general)
    print(f"  consent  {first}")
    for row in record:
        print(f"           {row}")
    for follow_up in waiting:
        print(f"  waiting  {one_line(follow_up.key)}")


def _suggest(
    arguments: argparse.Namespace, app: App, sight: Sight, application: Application
) -> None:
    scene = scene_at(app.mind, sight.world, sight.moment)
    for place, candidate in enumerate(ranking(scene, application, scene.now), start=1):
        put(arguments, candidate_json(candidate), candidate_text(candidate, place))


def person_called(sight: Sight, wanted: str) -> Person:
    """Return the person of that name or nickname. Raises UsageError for none or several."""
    people = sight.world.people.values()
    folded = wanted.casefold()
    exact = [p for p in people if p.name.casefold() == folded]
    near = exact or [
        p for p in people if folded in map(str.casefold, (*p.name.split(), *p.reference.nicknames))
    ]
    if len(near) == 1:
        return near[0]
    raise UsageError(_none_or_several("reference", wanted, (p.name for p in near or people), near))


def application_called(sight: Sight, wanted: str) -> Application:
    """Return the application so called: company, or company and role. Raises UsageError."""
    known = tuple(sight.world.applications.values())
    exact = [a for a in known if _called(a).casefold() == wanted.casefold()]
    near = exact or [a for a in known if same_company(a.title[0], wanted)]
    # Nobody types "Pelorus Rail, Principal Data Engineer" where "pelorus" can only mean that.
    near = near or [a for a in known if f"{_called(a).casefold()} ".startswith(_begun(wanted))]
    if len(near) == 1:
        return near[0]
    names = (_called(a) for a in near or known)
    raise UsageError(_none_or_several("application", wanted, names, near))


def _begun(wanted: str) -> str:
    """Return the words with which a name begins, whole ones only."""
    return f"{' '.join(wanted.casefold().split())} "


def _called(application: Application) -> str:
    return ", ".join(filter(None, application.title))


def _none_or_several(noun: str, wanted: str, names: Iterable[str], near: Iterable[object]) -> str:
    several = "several are" if tuple(near) else f"no {noun} is"
    return f'{several} called "{wanted}"; known: {"; ".join(sorted(names)) or "none"}'
