"""plan: the world at a moment in, the follow-ups that exist in; pure, one function per principle.

The planner decides nothing by itself: each principle says what is due to whom (`playbook/`),
confidences turn some of it into questions, `merge` makes one message of what belongs together,
`cadence` finds the hour. What comes out has no words yet: see `compose`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from vouchd.rules.cadence import due_at, working
from vouchd.rules.intent import Bond, Intent, Occasion, Voice
from vouchd.rules.letters.learnt import voice_for, voice_to
from vouchd.rules.merge import Group, merge
from vouchd.rules.model import ActKind, FollowUpKind, Reference, SignalKind, Stage, State
from vouchd.rules.playbook.bond import keep_in_touch, reciprocate
from vouchd.rules.playbook.confidence import guarded, review
from vouchd.rules.playbook.news import check_status, decide_offer, outcome_news, progress_update
from vouchd.rules.playbook.nudge import nudge_reference
from vouchd.rules.playbook.permission import ask_permission, gracious_reply
from vouchd.rules.playbook.reachable import read_at
from vouchd.rules.playbook.scene import Due, Scene
from vouchd.rules.playbook.share import share_references
from vouchd.rules.playbook.shared import shared_with
from vouchd.rules.playbook.spare import spared, spared_at
from vouchd.rules.playbook.standing import given, involved_since
from vouchd.rules.playbook.thanks import gift, interview_thank_you, thank_you
from vouchd.rules.playbook.warn import heads_up
from vouchd.rules.variety import ways
from vouchd.rules.world import Person, live, standing

PRINCIPLES = (
    ask_permission,
    gracious_reply,
    share_references,
    heads_up,
    nudge_reference,
    progress_update,
    outcome_news,
    decide_offer,
    check_status,
    thank_you,
    gift,
    interview_thank_you,
    reciprocate,
    review,
)


def plan(scene: Scene) -> tuple[Intent, ...]:
    """Return every follow-up that has arisen by `scene.now`, with its state; oldest first."""
    dues = tuple(
        guarded(scene, left)
        for principle in PRINCIPLES
        for due in principle(scene)
        for left in spared(scene, due)
    )
    dues += keep_in_touch(scene, dues)
    wanted = [d for d in dues if _counts(scene, d)]
    groups = merge(scene, wanted)
    taken = ways(groups)
    intents = [_intent(scene, group, taken[group.key]) for group in groups]
    return tuple(sorted(intents, key=lambda i: (i.created_at, i.key)))


def _counts(scene: Scene, due: Due) -> bool:
    if due.created_at > scene.now:
        return False
    return scene.since is None or due.created_at >= scene.since


def _intent(scene: Scene, group: Group, way: int) -> Intent:
    """Turn a group into a follow-up without words; of an open one only what still waits counts."""
    shown = group.live(scene.now) if group.end is State.OPEN else group.members
    group_now = replace(group, members=shown)
    first = shown[0]
    people = _people(scene, shown)
    person = scene.world.people[first.person] if first.person else None
    kind = group_now.kinds[0]
    acts = _acts_before(scene, person, group) if person else 0
    due = _due(scene, group_now)
    return Intent(
        key=group.key,
        kind=kind,
        kinds=group_now.kinds,
        created_at=group.created_at,
        due_at=max(due, scene.snoozed.get(group.key, due)),
        state=group.end,
        people=people,
        occasions=_told_once(m.occasion for m in shown),
        causes=tuple(dict.fromkeys(c for m in shown for c in m.causes)),
        reply=next((m.reply for m in reversed(shown) if m.reply and m.kind is kind), None),
        to=first.to or (first.reply.to if first.reply and first.person is None else ()),
        candidates=first.candidates,
        thanks_before=min(_before(person, group), acts) if person else 0,
        acts_before=acts,
        way=way,
        bond=shared_with(scene, person, group) if person else Bond(),
        voice=_voice(scene, person, first, group),
        address=read_at(person, scene.me, group.created_at) if person else None,
        offer_help=_is_looking(person, group) if person else False,
        settled=any(
            standing(a, scene.now) is Stage.ACCEPTED for a in scene.world.applications.values()
        )
        or (person is not None and spared_at(scene, person, group.created_at) is not None),
        elsewhere=_elsewhere(scene, person, shown) if person else (),
        question="\n".join(m.question for m in shown if m.question),
        asks=tuple(a for m in shown for a in m.asks),
        suggestions=tuple(s for m in shown for s in m.suggestions),
        earlier=group.earlier,
    )


def _told_once(occasions: Iterable[Occasion]) -> tuple[Occasion, ...]:
    """Return what a letter is about, each call to come once: of two notices of it the newer."""
    found: dict[tuple[object, ...], Occasion] = {}
    for number, occasion in enumerate(occasions):
        once = occasion.kind is FollowUpKind.HEADS_UP and occasion.process is not None
        which = (occasion.kind, occasion.process) if once else (number,)
        found[which] = occasion
    return tuple(found.values())


def _people(scene: Scene, members: tuple[Due, ...]) -> tuple[Reference, ...]:
    names = dict.fromkeys(name for m in members for name in ((m.person,) if m.person else m.about))
    return tuple(scene.world.people[name].reference for name in names)


def _due(scene: Scene, group: Group) -> datetime:
    """By when: the earliest of its parts; what was due before the program began is due then."""
    habits = [
        working(max(m.due_at, m.created_at), scene.me, scene.wishes)
        if m.due_at
        else due_at(m.kind, m.created_at, scene.me, scene.wishes)
        for m in group.members
    ]
    earliest = min(habits)
    # Nothing is due before the program began, nor before what is due arose.
    started = working(max(scene.began, group.created_at), scene.me, scene.wishes)
    return max(earliest, started)


def _before(person: Person, group: Group) -> int:
    """Count the thanks the person has had; only as many as they acted are thanks for an act."""
    return len([d for d in person.did(ActKind.THANKED) if d.at < group.created_at])


def _acts_before(scene: Scene, person: Person, group: Group) -> int:
    mine = {m.anchor for m in group.members}
    return len(
        [
            act
            for act in given(person, scene.now)
            if act.at < group.created_at and act.words[0].reading.source not in mine
        ]
    )


def _elsewhere(scene: Scene, person: Person, shown: tuple[Due, ...]) -> tuple[str, ...]:
    """Return other employers who have the person's name and have not decided."""
    applications = scene.world.applications
    told = {m.application for m in shown if m.kind is FollowUpKind.OUTCOME_NEWS}
    # "Halden has said no" and "Halden is still to decide" is no letter, whatever the roles.
    houses = {applications[key].title[0] for key in told if key and key in applications}
    return tuple(
        application.title[0]
        for application in applications.values()
        if application.title[0] not in houses
        and live(application, scene.now)
        and involved_since(application, person, scene.now) is not None
    )


def _voice(scene: Scene, person: Person | None, first: Due, group: Group) -> Voice:
    """Return how the user writes to the person, or to the employer's people."""
    at, spoken = group.created_at, scene.world.spoken
    application = scene.world.applications.get(first.application or "")
    if person:
        return voice_for(person, spoken, at, application)
    to = first.to or (first.reply.to if first.reply else ())
    return voice_to(to, application, spoken, at)


def _is_looking(person: Person, group: Group) -> bool:
    """Whether the person has said that they look for work and nobody has offered to help yet."""
    if FollowUpKind.RECIPROCATE in group.kinds:
        return False
    said = [w for w in person.said(SignalKind.REFERENCE_JOB_HUNTING) if w.at <= group.created_at]
    if not said:
        return False
    helped = [d.at for d in person.did(ActKind.OFFERED_HELP)]
    # Whatever the user answered to that mail was the answer to it.
    thread = said[-1].reading.thread
    helped += [c.at for c in person.contacts if c.sent and c.reading.thread == thread]
    return not any(at > said[-1].at for at in helped)
