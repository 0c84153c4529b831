"""P7 keep them up to date, P8 tell them the outcome, and the user's own decisions on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from vouchd.rules.intent import Occasion, Outcome
from vouchd.rules.model import ActKind, Cause, FollowUpKind, SignalKind, Stage, State
from vouchd.rules.playbook.scene import (
    Due,
    Scene,
    cause_of,
    done_by,
    ended,
    first_deed,
    process_of,
    wrote_to,
)
from vouchd.rules.playbook.standing import acted_for, involved, involved_since
from vouchd.rules.world import (
    OVER,
    Application,
    Ending,
    Person,
    Step,
    ended_at,
    endings,
    evidence_text,
    live,
    standing,
)

# The user may tell people of their own decision on the day, before the confirmation comes.
_TOLD_BEFORE = timedelta(days=1)
_OWN = (Outcome.ACCEPTED, Outcome.DECLINED, Outcome.WITHDRAWN)
# Time to decide on an offer that names no date.
_DECIDE = timedelta(days=3)
_CLOSED = ("closed", "on_hold")


def outcome_news(scene: Scene) -> tuple[Due, ...]:
    """Tell everybody who was involved how it went (P8)."""
    dues = []
    for application in scene.world.applications.values():
        ends = endings(application, scene.now)
        for number, ending in enumerate(ends):
            later = ends[number + 1].step.at if number + 1 < len(ends) else None
            for person in involved(scene, application, ending.step.at):
                due = _news(scene, application, ending, person, later)
                if due is not None:
                    dues.append(due)
    return tuple(dues)


def _news(
    scene: Scene, application: Application, ending: Ending, person: Person, later: datetime | None
) -> Due | None:
    at = ending.step.at
    after = at - _TOLD_BEFORE if ending.outcome in _OWN else at
    told = first_deed(person, (ActKind.TOLD,), after, application.key)
    if told is not None and told.at < at:
        return None
    outcome = ending.outcome
    if outcome is Outcome.REJECTED and set(_CLOSED) & set(ending.step.signal.terms):
        outcome = Outcome.CLOSED
    due = Due(
        kind=FollowUpKind.OUTCOME_NEWS,
        created_at=at,
        anchor=f"{ending.outcome}:{ending.step.reading.source}",
        person=person.name,
        application=application.key,
        occasion=Occasion(
            kind=FollowUpKind.OUTCOME_NEWS,
            process=process_of(application),
            outcome=outcome,
            at=at,
            reason=_reason(ending.step),
            after_all=outcome is not Outcome.ACCEPTED and _accepted_before(application, at),
            acted=acted_for(person, application.key, scene.now),
        ),
        causes=(cause_of(ending.step.reading, ending.step.signal),),
    )
    revived = None
    if later is None and live(application, scene.now):
        # Without such a step it is the user's own word on the stage that says so.
        revived = next((s.at for s in application.steps if s.at > at), at)
    return ended(
        due,
        scene.now,
        [
            done_by(told),
            (later, State.SUPERSEDED) if later else None,
            (revived, State.SUPERSEDED) if revived else None,
        ],
    )


def _accepted_before(application: Application, at: datetime) -> bool:
    """Whether the user had accepted an offer of theirs before a moment."""
    return any(e.outcome is Outcome.ACCEPTED and e.step.at < at for e in endings(application, at))


def _reason(step: Step) -> str | None:
    """Return the honest reason that the user's own mail gave, where detection found one."""
    for term in step.signal.terms:
        if term.startswith("reason:"):
            return term.removeprefix("reason:")
    return None


def decide_offer(scene: Scene) -> tuple[Due, ...]:
    """An offer not yet answered: decide, and tell those who helped (P8)."""
    dues = []
    for application in scene.world.applications.values():
        offers = application.seen(SignalKind.OFFER)
        first = next(
            (s for s in offers if s.at <= scene.now and _open_before(application, s)), None
        )
        if first is None:
            continue
        answered = next((e for e in endings(application, scene.now) if e.step.at > first.at), None)
        until = answered.step.at if answered else scene.now
        deadline = next((s.signal.deadline for s in reversed(offers) if s.signal.deadline), None)
        due = Due(
            kind=FollowUpKind.DECIDE_OFFER,
            created_at=first.at,
            anchor=first.reading.source,
            application=application.key,
            about=tuple(p.name for p in involved(scene, application, until)),
            occasion=Occasion(
                kind=FollowUpKind.DECIDE_OFFER,
                process=process_of(application),
                at=first.at,
                deadline=deadline,
            ),
            causes=(cause_of(first.reading, first.signal),),
            due_at=(
                datetime.combine(deadline, time(9), scene.me.zone)
                if deadline
                else first.at + _DECIDE
            ),
        )
        end = None
        if answered is not None:
            state = State.SUPERSEDED if answered.outcome is Outcome.REJECTED else State.DONE
            end = (answered.step.at, state)
        dues.append(ended(due, scene.now, [end]))
    return tuple(dues)


def _open_before(application: Application, step: Step) -> bool:
    """Whether the process still ran when the offer came."""
    return live(application, step.at) or any(
        e.step.at > step.at for e in endings(application, datetime.max.replace(tzinfo=UTC))
    )


def check_status(scene: Scene) -> tuple[Due, ...]:
    """A process that was under way has gone silent for long: an event for the user (P8)."""
    dues = []
    for application in scene.world.applications.values():
        for last, after in _silences(scene, application):
            at = last + scene.wishes.stale_after
            people = involved(scene, application, at)
            stage = standing(application, at)
            if stage in OVER or not (people or _under_way(application, stage)):
                continue
            due = Due(
                kind=FollowUpKind.CHECK_STATUS,
                created_at=at,
                anchor=f"silent:{last:%Y%m%d}:{application.key}",
                application=application.key,
                about=tuple(p.name for p in people),
                occasion=Occasion(
                    kind=FollowUpKind.CHECK_STATUS,
                    process=process_of(application),
                    outcome=Outcome.SILENT,
                    at=last,
                    stage=stage,
                ),
                causes=(_silence(scene, application, last),),
            )
            end = None
            if after is not None:
                end = (after[0], State.DONE if after[1] else State.SUPERSEDED)
            dues.append(ended(due, scene.now, [end]))
    return tuple(dues)


def _under_way(application: Application, stage: Stage) -> bool:
    """Whether silence means something where nobody is involved yet.

    An application nobody ever answered is no process that fell silent, and neither is a talk
    that nobody ever applied for.
    """
    applied = application.stated is not None or application.seen(SignalKind.APPLICATION_RECEIVED)
    return bool(applied) and stage not in (Stage.APPROACHED, Stage.APPLIED)


def _silence(scene: Scene, application: Application, last: datetime) -> Cause:
    step = next((s for s in reversed(application.steps) if s.at <= last), None)
    day = f"{last.astimezone(scene.me.zone):%-d %B %Y}"
    days = scene.wishes.stale_after.days
    return Cause(
        signal=step.kind if step else "silence",
        source=step.reading.source if step else "",
        text=evidence_text(step.signal.evidence) if step else "",
        rule=f"P8 nothing heard since {day}: stale_after is {days} days",
        link=step.reading.link if step else None,
        at=last,
    )


def _silences(
    scene: Scene, application: Application
) -> Iterable[tuple[datetime, tuple[datetime, bool] | None]]:
    """Yield each pause longer than `stale_after`: when it began, and who ended it when."""
    heard = {(at, sent) for at, sent in application.heard}
    heard |= {(s.at, s.reading.sent) for s in application.steps}
    # An interview that is still to come is no silence.
    heard |= {(i.end, False) for i in application.interviews if not i.cancelled}
    moments = sorted(h for h in heard if h[0] <= scene.now)
    coming = [h for h in heard if h[0] > scene.now]
    for number, (at, _) in enumerate(moments):
        after = moments[number + 1] if number + 1 < len(moments) else None
        until = after[0] if after else scene.now
        if until - at > scene.wishes.stale_after and not (after is None and coming):
            yield at, after


def progress_update(scene: Scene) -> tuple[Due, ...]:
    """Share a real milestone with those already involved, rarely (P7)."""
    return tuple(
        _update(scene, person, *told, then)
        for person in scene.world.people.values()
        for told, then in _worth_telling(scene, person)
    )


def _worth_telling(
    scene: Scene, person: Person
) -> Iterator[tuple[tuple[Application, Step], datetime | None]]:
    """Yield the milestones far enough from the news before, each with when the next one comes."""
    last: datetime | None = None
    found: list[tuple[Application, Step]] = []
    for application, step in _milestones(scene, person):
        told = [d.at for d in person.did(ActKind.TOLD) if d.at <= step.at]
        news = max([t for t in (last, *told) if t is not None], default=None)
        if news is None or step.at - news >= scene.wishes.update_interval:
            last = step.at
            found.append((application, step))
    for number, each in enumerate(found):
        yield each, found[number + 1][1].at if number + 1 < len(found) else None


def _update(
    scene: Scene, person: Person, application: Application, step: Step, then: datetime | None
) -> Due:
    """Return the news of one milestone; what lies unsent when the next one comes is overtaken."""
    due = Due(
        kind=FollowUpKind.PROGRESS_UPDATE,
        created_at=step.at,
        anchor=step.reading.source,
        person=person.name,
        application=application.key,
        occasion=Occasion(
            kind=FollowUpKind.PROGRESS_UPDATE,
            process=process_of(application),
            at=step.at,
            stage=standing(application, step.at),
            start=step.reading.start,
            acted=acted_for(person, application.key, step.at),
        ),
        causes=(cause_of(step.reading, step.signal),),
    )
    wrote = wrote_to(person, step.at)
    over = ended_at(application, scene.now)
    return ended(
        due,
        scene.now,
        [
            (wrote, State.DONE) if wrote else None,
            (over, State.SUPERSEDED) if over else None,
            (then, State.SUPERSEDED) if then else None,
        ],
    )


def _milestones(scene: Scene, person: Person) -> list[tuple[Application, Step]]:
    """Return the steps forward in processes in which the person was involved before, in order."""
    found = []
    for application in scene.world.applications.values():
        reached = Stage.APPLIED
        for step in application.steps:
            if step.at > scene.now:
                break
            stage = standing(_until(application, step), step.at)
            forward = stage in (Stage.INTERVIEWING, Stage.FINAL_ROUND) and stage is not reached
            interview = step.kind in (SignalKind.INTERVIEW_INVITE, SignalKind.INTERVIEW_CONFIRMED)
            further = step.signal.final_round and interview
            since = involved_since(application, person, step.at)
            if (forward or further) and interview and since is not None and since < step.at:
                found.append((application, step))
            reached = stage
    return sorted(found, key=lambda row: row[1].at)


def _until(application: Application, step: Step) -> Application:
    return replace(application, steps=tuple(s for s in application.steps if s.at <= step.at))
