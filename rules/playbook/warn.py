"""P4 warn at the right moment, P5 equip; after years the question comes first (P6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from vouchd.rules.intent import Occasion
from vouchd.rules.match import same_company
from vouchd.rules.model import ActKind, FollowUpKind, SignalKind, State
from vouchd.rules.playbook.check import Check, acted_between, checks, listed
from vouchd.rules.playbook.consent import Answer, Consent, consent, first_yes
from vouchd.rules.playbook.nudge import overdue
from vouchd.rules.playbook.permission import reconfirm
from vouchd.rules.playbook.scene import (
    Due,
    End,
    Scene,
    cause_of,
    done_by,
    ended,
    first_deed,
    process_of,
)
from vouchd.rules.playbook.standing import given
from vouchd.rules.playbook.thanks import landed_at
from vouchd.rules.world import Application, Deed, Person, closed, ended_at, standing

# A warning the user gave this long before the check was announced still serves.
_WARNED_BEFORE = timedelta(days=21)


def heads_up(scene: Scene) -> tuple[Due, ...]:
    """Warn and equip each person before the call comes (P4, P5); after years ask first (P6)."""
    dues: list[Due] = []
    for application in scene.world.applications.values():
        for check in checks(scene, application):
            for person, at, until in listed(scene, check):
                dues.extend(_warn(scene, check, person, at, until))
    return tuple(dues)


def _warn(
    scene: Scene, check: Check, person: Person, at: datetime, until: datetime | None
) -> list[Due]:
    application = check.application
    dues: list[Due] = []
    said = consent(scene, person, application.key, at)
    created, because = at, said
    if said.answer in (Answer.NO, Answer.LUKEWARM):
        return dues
    if said.answer is Answer.NEVER or _is_old(scene, said, at):
        if said.answer is Answer.YES and not closed(application, at):
            again = reconfirm(scene, person, application, at, check.steps[0])
            if again is not None and not acted_between(scene, check, person, at):
                dues.append(_until(again, until, scene))
        yes = first_yes(scene, person, application.key, at)
        if yes is None or yes[0] > scene.now:
            return dues
        created = yes[0]
        because = consent(scene, person, application.key, created)
    if _needs_none(scene, check, person, created):
        return dues
    due = Due(
        kind=FollowUpKind.HEADS_UP,
        created_at=created,
        anchor=check.anchor,
        person=person.name,
        application=application.key,
        occasion=Occasion(
            kind=FollowUpKind.HEADS_UP,
            process=process_of(application),
            at=check.at,
            stage=standing(application, created),
            contact=check.contact,
            deadline=check.deadline,
            terms=because.terms,
        ),
        causes=(
            cause_of(check.steps[0].reading, check.steps[0].signal),
            *((cause_of(because.word.reading, because.word.signal),) if because.word else ()),
        ),
    )
    due = ended(due, scene.now, _ends_of_warning(scene, check, person, created))
    return [*dues, _until(due, until, scene)]


def _until(due: Due, until: datetime | None, scene: Scene) -> Due:
    """Who was proposed but not named by the user needs no warning."""
    return ended(due, scene.now, [(until, State.SUPERSEDED)]) if until and not due.ended_at else due


def _is_old(scene: Scene, said: Consent, at: datetime) -> bool:
    aged = said.at is not None and at - said.at > scene.wishes.reconfirm_after
    return aged or said.over


def _needs_none(scene: Scene, check: Check, person: Person, created: datetime) -> bool:
    """Whether the process is over, the person acted already, or the user has warned them."""
    application = check.application
    # Before the check was announced only a mail that names this employer can have been about it.
    warned = any(
        deed.at <= created
        and (_names(deed, application) or (deed.application is None and deed.at > check.at))
        for deed in person.did(ActKind.WARNED)
        if deed.at >= check.at - _WARNED_BEFORE
    )
    late = any(at <= created for at in _overdue_since(scene, check, person))
    acted = acted_between(scene, check, person, created)
    return closed(application, created) or warned or late or acted


def _overdue_since(scene: Scene, check: Check, person: Person) -> list[datetime]:
    """Return when the employer missed their answer: the reminder says all that a warning would."""
    return [
        step.at
        for step in check.steps
        if step.kind is SignalKind.REFERENCE_OVERDUE
        and person.name in (p.name for p in overdue(scene, check, step))
    ]


def _names(deed: Deed, application: Application) -> bool:
    company = deed.act.company
    return deed.application == application.key or (
        company is not None and same_company(company, application.title[0])
    )


def _ends_of_warning(
    scene: Scene, check: Check, person: Person, created: datetime
) -> list[End | None]:
    application = check.application
    over = ended_at(application, scene.now)
    # Who has taken a job elsewhere warns nobody of another employer.
    landed = landed_at(scene, created)
    acted = [
        (g.at, State.SUPERSEDED)
        for g in given(person, scene.now)
        if g.application in (application.key, None) and g.at > created
    ]
    noes = [
        (w.at, State.SUPERSEDED)
        for w in person.said(SignalKind.REFERENCE_DECLINED)
        if w.at > created and consent(scene, person, application.key, w.at).answer is Answer.NO
    ]
    return [
        done_by(first_deed(person, (ActKind.WARNED,), created, application.key)),
        *acted,
        *noes,
        *((at, State.SUPERSEDED) for at in _overdue_since(scene, check, person) if at > created),
        (over, State.SUPERSEDED) if over else None,
        (landed, State.SUPERSEDED) if landed else None,
    ]
