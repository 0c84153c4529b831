"""A friendly word to who has not answered an employer or platform yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from vouchd.rules.intent import Occasion
from vouchd.rules.model import FollowUpKind, SignalKind, State
from vouchd.rules.playbook.check import Check, acted_between, checks, listed, shared_names
from vouchd.rules.playbook.consent import Answer, consent
from vouchd.rules.playbook.scene import Due, Scene, cause_of, ended, process_of, wrote_to
from vouchd.rules.playbook.standing import given
from vouchd.rules.world import Person, Step, ended_at

# Platforms remind several times a week: one nudge of ours in this time is enough.
_ONE_NUDGE = timedelta(days=7)


def nudge_reference(scene: Scene) -> tuple[Due, ...]:
    """A friendly word to somebody whose form is overdue, once, and never after they acted."""
    dues: list[Due] = []
    for application in scene.world.applications.values():
        for check in checks(scene, application):
            last: dict[str, datetime] = {}
            for step in check.steps:
                if step.kind is not SignalKind.REFERENCE_OVERDUE:
                    continue
                for person in overdue(scene, check, step):
                    if consent(scene, person, application.key, step.at).answer is Answer.NO:
                        continue  # they have said no themselves: nothing more is asked of them
                    if step.at - last.get(person.name, step.at - 2 * _ONE_NUDGE) < _ONE_NUDGE:
                        continue
                    last[person.name] = step.at
                    if not acted_between(scene, check, person, step.at):
                        dues = [_overtaken(scene, due, person, check, step.at) for due in dues]
                        dues.append(_nudge(scene, check, person, step))
    return tuple(dues)


def _overtaken(scene: Scene, due: Due, person: Person, check: Check, at: datetime) -> Due:
    """One word is enough: the newer one takes the place of one that lies there unsent."""
    same = due.person == person.name and due.application == check.application.key
    return ended(due, scene.now, [(at, State.SUPERSEDED)]) if same and due.open_at(at) else due


def overdue(scene: Scene, check: Check, step: Step) -> list[Person]:
    """Return whose answer a notice misses; where it names nobody, of the only one still out."""
    people = scene.world.people
    if step.signal.references:
        return [people[n] for n in step.signal.references if n in people]
    known = {*shared_names(check.application, step.at), *check.named}
    everybody = [person for person, _, _ in listed(scene, check) if person.name in known]
    waiting = [p for p in everybody if not acted_between(scene, check, p, step.at)]
    return waiting if len(waiting) == 1 else []


def _nudge(scene: Scene, check: Check, person: Person, step: Step) -> Due:
    application = check.application
    due = Due(
        kind=FollowUpKind.NUDGE_REFERENCE,
        created_at=step.at,
        anchor=step.reading.source,
        person=person.name,
        application=application.key,
        occasion=Occasion(
            kind=FollowUpKind.NUDGE_REFERENCE,
            process=process_of(application),
            at=step.at,
            how="declined" if "declined" in step.signal.terms else "",
            contact=step.signal.contact or check.contact,
            deadline=step.signal.deadline or check.deadline,
        ),
        causes=(cause_of(step.reading, step.signal),),
    )
    over = ended_at(application, scene.now)
    wrote = wrote_to(person, step.at)
    acted = [
        (g.at, State.SUPERSEDED)
        for g in given(person, scene.now)
        if g.application in (application.key, None)
    ]
    return ended(
        due,
        scene.now,
        [
            (wrote, State.DONE) if wrote else None,
            *acted,
            (over, State.SUPERSEDED) if over else None,
        ],
    )
