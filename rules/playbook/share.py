"""P2 choose well: the answer to an employer who asks for references."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vouchd.rules.intent import Candidate, Occasion, Reply
from vouchd.rules.model import FollowUpKind, SignalKind, State
from vouchd.rules.playbook.check import REQUESTS, SAME_CHECK, Check, checks, shared_names
from vouchd.rules.playbook.scene import (
    Due,
    End,
    Scene,
    cause_of,
    ended,
    is_machine,
    process_of,
    reply_to,
)
from vouchd.rules.playbook.standing import given
from vouchd.rules.playbook.suggest import how_many, ranking
from vouchd.rules.world import Application, Step, closed, ended_at, evidence_text, standing


def share_references(scene: Scene) -> tuple[Due, ...]:
    """Prepare the answer to an employer who asks for references (P2)."""
    dues: list[Due] = []
    for application in scene.world.applications.values():
        before = len(dues)
        for check in checks(scene, application):
            asking = [
                s for s in check.steps if s.kind in REQUESTS and "announced" not in s.signal.terms
            ]
            if not asking or closed(application, asking[0].at):
                continue
            step = asking[0]
            shared_before = shared_names(application, step.at)
            lately = shared_before and step.at - max(shared_before.values()) < SAME_CHECK
            if lately and set(check.requested) <= shared_before.keys():
                continue
            number = how_many(evidence_text(step.signal.evidence))
            ends = _ends(scene, application, step)
            # What was sent was chosen by what was known until then.
            known = min([scene.now, *(at for at, _ in ends)])
            candidates = ranking(scene, application, known)
            due = Due(
                kind=FollowUpKind.SHARE_REFERENCES,
                created_at=step.at,
                anchor=step.reading.source,
                application=application.key,
                occasion=Occasion(
                    kind=FollowUpKind.SHARE_REFERENCES,
                    process=process_of(application),
                    at=step.at,
                    stage=standing(application, step.at),
                    deadline=step.signal.deadline,
                    contact=step.signal.contact,
                ),
                causes=(cause_of(step.reading, step.signal),),
                reply=_answerable(scene, asking),
                candidates=_choice(application, check, candidates, number),
            )
            due = _about_listed(due)
            # Asked anew, there is one answer to give.
            anew: list[End | None] = [(step.at, State.SUPERSEDED)]
            dues[before:] = [
                ended(d, scene.now, anew) if d.open_at(step.at) else d for d in dues[before:]
            ]
            dues.append(ended(due, scene.now, ends))
    return tuple(dues)


def _ends(scene: Scene, application: Application, step: Step) -> list[End]:
    """Return what ends the answer: the user named people, somebody acted, the process is over."""
    shared = application.seen(SignalKind.REFERENCES_SHARED, SignalKind.REFERENCE_CONTACTED)
    done = [s.at for s in shared if s.at > step.at][:1] + _acts_of(scene, application, step.at)
    ends = [(at, State.DONE) for at in done]
    over = ended_at(application, scene.now)
    return [*ends, (over, State.SUPERSEDED)] if over else ends


def _answerable(scene: Scene, asking: list[Step]) -> Reply | None:
    """Return the mail to answer: a person's; the form of a platform is filled in, not answered."""
    for step in asking:
        to = step.reading.reply_to or step.reading.sender
        if to is not None and not is_machine(to, scene.shared - scene.personal):
            return reply_to(step.reading)
    return None


def _choice(
    application: Application, check: Check, candidates: tuple[Candidate, ...], number: int
) -> tuple[Candidate, ...]:
    """Put whom the user named first; then the best others until there are enough."""
    stated = application.stated.references if application.stated else ()
    wanted = check.requested or (*stated, *check.named)
    first = [c for c in candidates if c.person.name in wanted]
    rest = [c for c in candidates if c not in first]
    if [c for c in first if c.agreed and not c.note]:
        return tuple(first + [c for c in rest if c.note])
    usable = [c for c in first + rest if not c.note][:number]
    return tuple(usable + [c for c in first + rest if c.note])


def _about_listed(due: Due) -> Due:
    names = tuple(c.person.name for c in due.candidates if c.agreed and not c.note)
    return replace(due, about=names)


def _acts_of(scene: Scene, application: Application, after: datetime) -> list[datetime]:
    return [
        g.at
        for p in scene.world.people.values()
        for g in given(p, scene.now)
        if g.application == application.key and g.at > after
    ]
