"""P1 ask first, P3 do not pester, P6 ask again after years, and the answer to a no."""

from __future__ import annotations

from datetime import datetime, timedelta

from vouchd.rules.intent import Occasion
from vouchd.rules.model import ActKind, Cause, FollowUpKind, SignalKind, State
from vouchd.rules.playbook.consent import Answer, answers, consent
from vouchd.rules.playbook.scene import (
    Due,
    End,
    Scene,
    cause_of,
    cause_of_deed,
    done_by,
    ended,
    first_deed,
    process_of,
    reply_to,
    wrote_to,
)
from vouchd.rules.playbook.standing import acted_for, given
from vouchd.rules.playbook.suggest import how_many, proposed
from vouchd.rules.world import Application, Person, Step, closed, ended_at, evidence_text

# A no in the same conversation, said twice, is one no.
_ONE_NO = timedelta(days=14)


def ask_permission(scene: Scene) -> tuple[Due, ...]:
    """Ask whoever is about to be named and has never agreed (P1), with the limits of P3."""
    dues: list[Due] = []
    for person in scene.world.people.values():
        asking: dict[str, Due] = {}
        for at, application, cause, anchor in _reasons_to_ask(scene, person):
            if consent(scene, person, application.key, at).answer is not Answer.NEVER:
                continue
            if request_open(scene, person, at) or closed(application, at):
                continue
            before = asking.get(application.key)
            if before is not None and before.open_at(at):
                continue
            due = Due(
                kind=FollowUpKind.ASK_PERMISSION,
                created_at=at,
                anchor=anchor,
                person=person.name,
                application=application.key,
                occasion=Occasion(
                    kind=FollowUpKind.ASK_PERMISSION, process=process_of(application), at=at
                ),
                causes=(cause,),
            )
            due = ended(due, scene.now, _ends_of_request(scene, due, person, application))
            asking[application.key] = due
            dues.append(due)
    return tuple(dues)


def _reasons_to_ask(scene: Scene, person: Person) -> list[tuple[datetime, Application, Cause, str]]:
    """Return when, for what and why the person's name is about to go to an employer, in order."""
    reasons = []
    for application in scene.world.applications.values():
        stated = application.stated
        named = stated is not None and person.name in stated.references
        if named:
            title = ", ".join(part for part in application.title if part)
            cause = Cause(
                signal="named",
                source="applications.toml",
                text=f"{person.name} is named for {title}",
                rule="P1 named by the user",
            )
            reasons.append((scene.began, application, cause, f"named:{application.key}"))
        for step in application.steps:
            if step.at <= scene.now and _puts_forward(scene, application, step, person):
                cause = cause_of(step.reading, step.signal)
                reasons.append((step.at, application, cause, step.reading.source))
                break
    return sorted(reasons, key=lambda reason: (reason[0], reason[3]))


def _puts_forward(scene: Scene, application: Application, step: Step, person: Person) -> bool:
    if step.kind in (SignalKind.REFERENCES_SHARED, SignalKind.REFERENCE_CONTACTED):
        return person.name in step.signal.references
    if step.kind is not SignalKind.REFERENCE_REQUEST:
        return False
    if step.signal.references:
        return person.name in step.signal.references
    named = application.stated.references if application.stated else ()
    if person.name in named:
        return True
    shared = [
        s
        for s in application.seen(SignalKind.REFERENCES_SHARED)
        if s.at <= step.at and s.signal.references
    ]
    if named or shared:
        return False  # who is named for it is asked for that reason
    number = how_many(evidence_text(step.signal.evidence))
    return person in proposed(scene, application, step.at, number)


def request_open(scene: Scene, person: Person, at: datetime) -> bool:
    """Whether the user has asked this person for something lately and waits for the answer (P3)."""
    window = max(scene.wishes.ask_interval, scene.wishes.silent_ask_after)
    for deed in reversed(person.did(ActKind.ASKED)):
        if deed.at <= at and at - deed.at < window:
            return not any(deed.at < word.at <= at for word in answers(person))
    return False


def _ends_of_request(
    scene: Scene, due: Due, person: Person, application: Application
) -> list[End | None]:
    over = ended_at(application, scene.now)
    answered = [(w.at, State.DONE) for w in answers(person) if w.at > due.created_at]
    return [
        done_by(first_deed(person, (ActKind.ASKED,), due.created_at)),
        *answered,
        (over, State.SUPERSEDED) if over and over > due.created_at else None,
    ]


def reconfirm(
    scene: Scene, person: Person, application: Application, at: datetime, step: Step
) -> Due | None:
    """Ask whether an old yes still holds, at the moment a heads-up would be due (P6)."""
    if request_open(scene, person, at):
        return None
    standing = consent(scene, person, application.key, at)
    given_on = f"{standing.at.astimezone(scene.me.zone):%-d %B %Y}" if standing.at else "long ago"
    due = Due(
        kind=FollowUpKind.RECONFIRM,
        created_at=at,
        anchor=step.reading.source,
        person=person.name,
        application=application.key,
        occasion=Occasion(
            kind=FollowUpKind.RECONFIRM,
            process=process_of(application),
            at=standing.at,
            terms=standing.terms if standing.over else (),
        ),
        causes=(
            cause_of(step.reading, step.signal),
            Cause(
                signal="agreed_on",
                source=standing.word.reading.source if standing.word else "references.toml",
                text=f"the yes of {person.name} is of {given_on}",
                rule="P6 reconfirm_after",
            ),
        ),
    )
    acted = _acted_at(scene, person, application, at)
    ends = _ends_of_request(scene, due, person, application)
    return ended(due, scene.now, [*ends, (acted, State.SUPERSEDED) if acted else None])


def _acted_at(
    scene: Scene, person: Person, application: Application, after: datetime
) -> datetime | None:
    return next(
        (
            g.at
            for g in given(person, scene.now)
            if g.application == application.key and g.at > after
        ),
        None,
    )


def gracious_reply(scene: Scene) -> tuple[Due, ...]:
    """Answer a no or a lukewarm yes kindly (P1)."""
    dues: list[Due] = []
    for person in scene.world.people.values():
        last: datetime | None = None
        for word in answers(person):
            lukewarm = "lukewarm" in word.signal.terms
            if word.kind is SignalKind.REFERENCE_AGREED and not lukewarm:
                continue
            if last is not None and word.at - last < _ONE_NO:
                continue
            last = word.at
            application = scene.world.applications.get(word.application or "")
            deed = first_deed(person, (ActKind.ASKED,), word.at - timedelta(days=60))
            causes = [cause_of(word.reading, word.signal)]
            if deed is not None and deed.at < word.at:
                causes.append(cause_of_deed(deed))
            due = Due(
                kind=FollowUpKind.GRACIOUS_REPLY,
                created_at=word.at,
                anchor=word.reading.source,
                person=person.name,
                application=application.key if application else None,
                occasion=Occasion(
                    kind=FollowUpKind.GRACIOUS_REPLY,
                    process=process_of(application) if application else None,
                    at=word.at,
                    terms=word.signal.terms,
                    acted=bool(application and acted_for(person, application.key, word.at)),
                ),
                causes=tuple(causes),
                reply=reply_to(word.reading),
            )
            answered = wrote_to(person, word.at)
            dues.append(ended(due, scene.now, [(answered, State.DONE) if answered else None]))
    return tuple(dues)
