"""P9 thank every time, P10 a token when the job is landed, P14 a note after an interview."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from vouchd.rules.intent import Occasion, Outcome
from vouchd.rules.model import ActKind, Address, Cause, FollowUpKind, SignalKind, Stage, State
from vouchd.rules.playbook.scene import (
    Due,
    End,
    Scene,
    cause_of,
    done_by,
    ended,
    first_deed,
    is_machine,
    process_of,
)
from vouchd.rules.playbook.standing import GivenReference, given, involved
from vouchd.rules.world import Application, Interview, Person, ended_at, endings, standing

# Employers and platforms report a call or a form some days after the person has told of it.
_KNOWN_BEFORE = timedelta(days=3)
_FOR_AN_ACT = re.compile(
    r"\b(?:talking|speaking|answering|filling|completing|talked|spoke|spoken|filled|completed)\b",
    re.IGNORECASE,
)


def thank_you(scene: Scene) -> tuple[Due, ...]:
    """Thank a person each time they acted; by hand where they prefer that (P9)."""
    dues = []
    for person in scene.world.people.values():
        before: datetime | None = None
        for act in given(person, scene.now):
            if not _thanked_already(person, act, before):
                dues.append(_thanks(scene, person, act))
            before = act.at
    return tuple(dues)


def _thanked_already(person: Person, act: GivenReference, before: datetime | None) -> bool:
    """Whether the user knew of the act and gave thanks before a notice reported it.

    Only words that thank for a call or a form count, not thanks in advance; the first thanks after
    an earlier act (`before`) are for that one.
    """
    thanks = [d for d in person.did(ActKind.THANKED) if before is None or d.at >= before]
    return any(
        act.at - _KNOWN_BEFORE <= deed.at < act.at
        and _FOR_AN_ACT.search(deed.act.evidence.text)
        and (deed.application is None or deed.application == act.application)
        for deed in (thanks if before is None else thanks[1:])
    )


def _day_known(person: Person, act: GivenReference) -> bool:
    """Whether it was on the day of the mail: an employer tells of it when they come to write."""
    first = act.words[0].reading
    told = person.name in first.people or first.automatic or first.is_event
    return told or act.words[0].kind is not SignalKind.REFERENCE_COMPLETED


def _thanks(scene: Scene, person: Person, act: GivenReference) -> Due:
    application = scene.world.applications.get(act.application or "")
    by_hand = person.reference.thanks_by == "handwritten"
    kind = FollowUpKind.HANDWRITTEN_NOTE if by_hand else FollowUpKind.THANK_YOU
    due = Due(
        kind=kind,
        created_at=act.at,
        anchor=act.words[0].reading.source,
        person=person.name,
        application=application.key if application else None,
        occasion=Occasion(
            kind=kind,
            process=process_of(application) if application else None,
            at=act.at if _day_known(person, act) else None,
            stage=standing(application, act.at) if application else None,
            how=act.how,
            acted=True,
        ),
        causes=tuple(cause_of(word.reading, word.signal) for word in act.words),
    )
    key = application.key if application else None
    return ended(due, scene.now, [done_by(first_deed(person, (ActKind.THANKED,), act.at, key))])


def gift(scene: Scene) -> tuple[Due, ...]:
    """Remember a small token for each person who acted, once the offer is accepted (P10)."""
    if not scene.wishes.gifts:
        return ()
    dues = []
    for application in scene.world.applications.values():
        ends = endings(application, scene.now)
        for number, ending in enumerate(ends):
            if ending.outcome is not Outcome.ACCEPTED:
                continue
            for person in involved(scene, application, scene.now):
                acts = [g.at for g in given(person, scene.now) if g.application == application.key]
                if not acts or _wants_none(person):
                    continue
                due = Due(
                    kind=FollowUpKind.GIFT,
                    created_at=max(ending.step.at, acts[0]),  # vetting may come after the yes
                    anchor=ending.step.reading.source,
                    person=person.name,
                    application=application.key,
                    occasion=Occasion(
                        kind=FollowUpKind.GIFT,
                        process=process_of(application),
                        outcome=ending.outcome,
                        at=ending.step.at,
                        acted=True,
                    ),
                    causes=(cause_of(ending.step.reading, ending.step.signal),),
                )
                later = ends[number + 1].step.at if number + 1 < len(ends) else None
                dues.append(ended(due, scene.now, [(later, State.SUPERSEDED) if later else None]))
    return tuple(dues)


def _wants_none(person: Person) -> bool:
    return (person.reference.gift or "").strip().casefold() in {"none", "no", "never", "off"}


def interview_thank_you(scene: Scene) -> tuple[Due, ...]:
    """A note to the interviewers of an interview that took place (P14)."""
    if not scene.wishes.interview_thank_you:
        return ()
    dues = []
    for application in scene.world.applications.values():
        for interview in application.interviews:
            over = ended_at(application, scene.now)
            too_late = over is not None and over <= interview.end
            if not interview.cancelled and interview.end <= scene.now and not too_late:
                dues.append(_note(scene, application, interview))
    return tuple(dues)


def _note(scene: Scene, application: Application, interview: Interview) -> Due:
    to = _interviewers(scene, interview)
    due = Due(
        kind=FollowUpKind.INTERVIEW_THANK_YOU,
        created_at=interview.end,
        anchor=f"{interview.uid}@{interview.start:%Y%m%d}",
        application=application.key,
        occasion=Occasion(
            kind=FollowUpKind.INTERVIEW_THANK_YOU,
            process=process_of(application),
            at=interview.end,
            start=interview.start,
        ),
        causes=(
            cause_of(interview.step.reading, interview.step.signal),
            Cause(
                signal="interview_ended",
                source=interview.uid,
                text=f"the interview ended on {interview.end.astimezone(scene.me.zone):%-d %B %Y}",
                rule="P14 interview took place",
                at=interview.end,
            ),
        ),
        to=to,
    )
    addresses = {a.email for a in to}
    wrote: list[End | None] = [
        (reading.at, State.DONE)
        for reading in scene.world.spoken
        if reading.at >= interview.end and addresses & {a.email for a in reading.to}
    ]
    over = [ended_at(application, scene.now), landed_at(scene, interview.end)]
    return ended(due, scene.now, [*wrote, *((at, State.SUPERSEDED) for at in over if at)])


def landed_at(scene: Scene, after: datetime) -> datetime | None:
    """Return when the user took a job after a moment, wherever: other interviews lose their reason.

    Only what still holds counts: an offer taken and given back is none.
    """
    taken = [
        ended_at(application, scene.now)
        for application in scene.world.applications.values()
        if standing(application, scene.now) is Stage.ACCEPTED
    ]
    return min((at for at in taken if at is not None and at > after), default=None)


def _interviewers(scene: Scene, interview: Interview) -> tuple[Address, ...]:
    """Return the people met: not the user, no reference, no scheduling machine, no meeting room."""
    known = {email for p in scene.world.people.values() for email in p.reference.emails}
    return tuple(
        guest
        for guest in dict.fromkeys(interview.people)
        if guest.email not in scene.me.emails
        and guest.email not in known
        and not is_machine(guest, scene.shared - scene.personal)
        and not guest.domain.endswith("calendar.google.com")
    )
