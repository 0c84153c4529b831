"""P2 choose well, P4 warn at the right moment, P5 equip; and a word to who has not answered yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from vouchd.rules.intent import Candidate, Occasion
from vouchd.rules.match import same_company
from vouchd.rules.model import ActKind, FollowUpKind, SignalKind, State
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
    reply_to,
    wrote_to,
)
from vouchd.rules.playbook.standing import (
    Answer,
    Consent,
    consent,
    first_yes,
    given,
)
from vouchd.rules.playbook.suggest import how_many, proposed, ranking
from vouchd.rules.world import Application, Deed, Person, Step, closed, ended_at, evidence_text

# Reminders of one check come closer together than this; a later request is a second check.
_SAME_CHECK = timedelta(days=21)
# A warning the user gave this long before the check was announced still serves.
_WARNED_BEFORE = timedelta(days=21)
# Platforms remind several times a week: one nudge of ours in this time is enough.
_ONE_NUDGE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Check:
    """One reference check: the request that started it and all that came with it."""

    application: Application
    steps: tuple[Step, ...]

    @property
    def at(self) -> datetime:
        """When it became known."""
        return self.steps[0].at

    @property
    def anchor(self) -> str:
        """What started it."""
        return self.steps[0].reading.source

    @property
    def named(self) -> tuple[str, ...]:
        """The references that the employer or platform names."""
        return tuple(dict.fromkeys(name for s in self.steps for name in s.signal.references))

    @property
    def contact(self) -> str | None:
        """Who will call or write, the newest word on it."""
        return next((s.signal.contact for s in reversed(self.steps) if s.signal.contact), None)

    @property
    def deadline(self) -> date | None:
        """By when, the newest word on it."""
        return next((s.signal.deadline for s in reversed(self.steps) if s.signal.deadline), None)


_REQUESTS = (SignalKind.REFERENCE_REQUEST,)
_OF_CHECK = (
    SignalKind.REFERENCE_REQUEST,
    SignalKind.REFERENCE_CONTACTED,
    SignalKind.REFERENCE_OVERDUE,
)


def checks(scene: Scene, application: Application) -> tuple[Check, ...]:
    """Return the reference checks of an application, oldest first.

    Reminders belong to the check they remind of; after every person warned has acted, or after a
    long pause, a request opens a second one.
    """
    groups: list[list[Step]] = []
    for step in application.seen(*_OF_CHECK):
        if step.at > scene.now:
            break
        if groups and not _is_second(scene, application, groups[-1], step):
            groups[-1].append(step)
        else:
            groups.append([step])
    return tuple(Check(application, tuple(group)) for group in groups)


def _is_second(scene: Scene, application: Application, group: list[Step], step: Step) -> bool:
    if step.at - group[-1].at > _SAME_CHECK:
        return True
    if step.kind is not SignalKind.REFERENCE_REQUEST:
        return False
    shared = _shared(application, step.at)
    acted = {
        p.name
        for p in scene.world.people.values()
        for g in given(p, step.at)
        if g.application == application.key and group[0].at < g.at
    }
    return bool(acted) and bool(shared) and set(shared) <= acted


def _shared(application: Application, until: datetime) -> dict[str, datetime]:
    """Return whom the user has named to the employer, and when first."""
    named: dict[str, datetime] = {}
    for step in application.seen(SignalKind.REFERENCES_SHARED):
        if step.at <= until:
            for name in step.signal.references:
                named.setdefault(name, step.at)
    return named


def share_references(scene: Scene) -> tuple[Due, ...]:
    """Prepare the answer to an employer who asks for references (P2)."""
    dues = []
    for application in scene.world.applications.values():
        for check in checks(scene, application):
            asking = [
                s for s in check.steps if s.kind in _REQUESTS and "announced" not in s.signal.terms
            ]
            if not asking or closed(application, asking[0].at):
                continue
            step = asking[0]
            shared_before = list(_shared(application, step.at).values())
            if shared_before and step.at - max(shared_before) < _SAME_CHECK:
                continue
            number = how_many(evidence_text(step.signal.evidence))
            candidates = ranking(scene, application, scene.now)
            due = Due(
                kind=FollowUpKind.SHARE_REFERENCES,
                created_at=step.at,
                anchor=step.reading.source,
                application=application.key,
                occasion=Occasion(
                    kind=FollowUpKind.SHARE_REFERENCES,
                    process=process_of(application),
                    at=step.at,
                    deadline=step.signal.deadline,
                    contact=step.signal.contact,
                ),
                causes=(cause_of(step.reading, step.signal),),
                reply=reply_to(step.reading),
                candidates=_choice(application, check, candidates, number),
            )
            due = _about_listed(due)
            shared = application.seen(SignalKind.REFERENCES_SHARED, SignalKind.REFERENCE_CONTACTED)
            by_user = next((s.at for s in shared if s.at > step.at), None)
            acted = _acts_of(scene, application, step.at)
            over = ended_at(application, scene.now)
            dues.append(
                ended(
                    due,
                    scene.now,
                    [
                        (by_user, State.DONE) if by_user else None,
                        (min(acted), State.DONE) if acted else None,
                        (over, State.SUPERSEDED) if over else None,
                    ],
                )
            )
    return tuple(dues)


def _choice(
    application: Application, check: Check, candidates: tuple[Candidate, ...], number: int
) -> tuple[Candidate, ...]:
    """Put whom the user named first; then the best others until there are enough."""
    stated = application.stated.references if application.stated else ()
    first = [c for c in candidates if c.person.name in (*stated, *check.named)]
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


def heads_up(scene: Scene) -> tuple[Due, ...]:
    """Warn and equip each person before the call comes (P4, P5); after years ask first (P6)."""
    dues: list[Due] = []
    for application in scene.world.applications.values():
        for check in checks(scene, application):
            for person, at, until in _listed(scene, check):
                dues.extend(_warn(scene, check, person, at, until))
    return tuple(dues)


def _listed(scene: Scene, check: Check) -> list[tuple[Person, datetime, datetime | None]]:
    """Return who is, or is about to be, named in a check: since when, and until when.

    Before the user answers the employer these are the people named for the application, else
    those we propose; once names are shared, it is them.
    """
    application, people = check.application, scene.world.people
    shared = _shared(application, scene.now)
    first_share = min((at for at in shared.values() if at > check.at), default=None)
    known = {name: max(at, check.at) for name, at in shared.items()}
    for step in check.steps:
        for name in step.signal.references:
            known[name] = min(known.get(name, step.at), step.at)
    if all(at <= check.at for at in shared.values()) and shared:
        before: set[str] = set()
    else:
        before = set(_about_to_be_listed(scene, check)) - known.keys()
        for name in _about_to_be_listed(scene, check):
            if name in known:
                known[name] = check.at
    found = [(people[n], at, None) for n, at in known.items() if n in people]
    early = [(people[n], check.at, first_share) for n in before if n in people]
    order = {name: number for number, name in enumerate(people)}
    return sorted([*found, *early], key=lambda row: (row[1], order[row[0].name]))


def _about_to_be_listed(scene: Scene, check: Check) -> tuple[str, ...]:
    application = check.application
    stated = application.stated.references if application.stated else ()
    if check.named or stated:
        return tuple(dict.fromkeys((*stated, *check.named)))
    number = how_many(evidence_text(check.steps[0].signal.evidence))
    best = proposed(scene, application, check.at, number)
    return tuple(p.name for p in best)


def _warn(
    scene: Scene, check: Check, person: Person, at: datetime, until: datetime | None
) -> list[Due]:
    application = check.application
    dues: list[Due] = []
    standing = consent(scene, person, application.key, at)
    created, because = at, standing
    if standing.answer in (Answer.NO, Answer.LUKEWARM):
        return dues
    if standing.answer is Answer.NEVER or _is_old(scene, standing, at):
        if standing.answer is Answer.YES and not closed(application, at):
            again = reconfirm(scene, person, application, at, check.steps[0])
            if again is not None and not _acted_between(scene, check, person, at):
                dues.append(_until(again, until, scene))
        yes = first_yes(scene, person, application.key, at)
        if yes is None or yes[0] > scene.now:
            return dues
        created, because = yes[0], Consent(Answer.YES, yes[0], yes[1])
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
            contact=check.contact,
            deadline=check.deadline,
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


def _is_old(scene: Scene, standing: Consent, at: datetime) -> bool:
    return standing.at is not None and at - standing.at > scene.wishes.reconfirm_after


def _acted_between(scene: Scene, check: Check, person: Person, until: datetime) -> bool:
    return any(
        g.application == check.application.key and check.at <= g.at <= until
        for g in given(person, scene.now)
    )


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
    return closed(application, created) or warned or _acted_between(scene, check, person, created)


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
        (over, State.SUPERSEDED) if over else None,
    ]


def nudge_reference(scene: Scene) -> tuple[Due, ...]:
    """A friendly word to somebody whose form is overdue, once, and never after they acted."""
    dues: list[Due] = []
    for application in scene.world.applications.values():
        for check in checks(scene, application):
            last: dict[str, datetime] = {}
            for step in check.steps:
                if step.kind is not SignalKind.REFERENCE_OVERDUE:
                    continue
                for person in _overdue(scene, check, step):
                    if step.at - last.get(person.name, step.at - 2 * _ONE_NUDGE) < _ONE_NUDGE:
                        continue
                    last[person.name] = step.at
                    if not _acted_between(scene, check, person, step.at):
                        dues.append(_nudge(scene, check, person, step))
    return tuple(dues)


def _overdue(scene: Scene, check: Check, step: Step) -> list[Person]:
    """Return whom the notice is about; where it names nobody, the only one who is still out."""
    people = scene.world.people
    if step.signal.references:
        return [people[n] for n in step.signal.references if n in people]
    listed = [person for person, _, _ in _listed(scene, check)]
    waiting = [p for p in listed if not _acted_between(scene, check, p, step.at)]
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
