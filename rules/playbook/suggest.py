"""P2, P13: whom to name for this one; a ranking with reasons, nobody named who must not be."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from vouchd.rules.intent import Candidate
from vouchd.rules.letters.reach import reach
from vouchd.rules.letters.wording import Speech
from vouchd.rules.match import role_words
from vouchd.rules.model import ActKind, SignalKind
from vouchd.rules.playbook.consent import Answer, Consent, consent
from vouchd.rules.playbook.reachable import read_at
from vouchd.rules.playbook.scene import OF_ACTS, Scene
from vouchd.rules.playbook.spare import spared_at
from vouchd.rules.playbook.standing import (
    acted_for,
    given,
    involved_since,
    works_at,
)
from vouchd.rules.world import Application, Person, live

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_HOW_MANY = re.compile(r"\b(one|two|three|four|five|[1-5])\b", re.I)
# Rest between two uses after which nobody is called worn out.
_RESTED = timedelta(days=60)


def how_many(text: str) -> int:
    """Return how many references a request wants; three where it does not say."""
    found = _HOW_MANY.search(text)
    if not found:
        return 3
    word = found.group(1).casefold()
    return _NUMBERS.get(word) or int(word)


def ranking(scene: Scene, application: Application, at: datetime) -> tuple[Candidate, ...]:
    """Return everybody who could be named for an application, best first.

    Who declined is in the list with a note, at its end, and never counts as agreed.
    """
    candidates = [_judge(scene, application, p, at) for p in scene.world.people.values()]
    return tuple(sorted(candidates, key=lambda c: (bool(c.note), -c.score)))


def proposed(
    scene: Scene, application: Application, at: datetime, number: int
) -> tuple[Person, ...]:
    """Return the best people to name who may be named or asked, at most `number`."""
    best = [c for c in ranking(scene, application, at) if not c.note]
    return tuple(scene.world.people[c.person.name] for c in best[:number])


def _judge(scene: Scene, application: Application, person: Person, at: datetime) -> Candidate:
    reference = person.reference
    standing = consent(scene, person, application.key, at)
    score, reasons = 0.0, []
    stated = application.stated
    if stated is not None and reference.name in stated.references:
        score += 5
        reasons.append("you named them for this application")
    if standing.holds:
        score += 3
        reasons.append(_consent_in_words(scene, standing))
        if wishes := reach(standing.terms, Speech(language="en", anchor=scene.day(at))):
            reasons.append(wishes)
    elif standing.over and standing.until:
        reasons.append(f"the yes held until {standing.until:%-d %B %Y}")
    wanted = role_words(application.title[1] or "") | role_words(" ".join(_points(application)))
    fitting = [s for s in reference.can_speak_to if role_words(s) & wanted]
    if fitting:
        score += 2
        reasons.append(f"can speak to {fitting[0]}")
    elif reference.can_speak_to:
        score += 0.5
    if re.search(r"manager|director|lead|head|boss|supervisor", reference.relationship or "", re.I):
        score += 1
        reasons.append(f"{reference.relationship}")
    score += _rest(scene, person, application, at, reasons)
    return Candidate(
        person=reference,
        score=round(score, 2),
        reasons=tuple(reasons),
        agreed=standing.holds,
        terms=standing.terms if standing.holds else (),
        address=read_at(person, scene.me, at),
        note=_bar(scene, person, application, at),
    )


def _points(application: Application) -> tuple[str, ...]:
    return application.stated.points if application.stated else ()


def _rest(
    scene: Scene, person: Person, application: Application, at: datetime, reasons: list[str]
) -> float:
    """Weigh how often and how lately the person was used elsewhere (P13)."""
    elsewhere = [
        a
        for a in scene.world.applications.values()
        if a.key != application.key and live(a, at) and involved_since(a, person, at) is not None
    ]
    score = 0.0
    if elsewhere:
        score -= len(elsewhere)
        several = "process" if len(elsewhere) == 1 else "processes"
        reasons.append(f"already in {len(elsewhere)} other live {several}")
    acts = given(person, at)
    asked = person.did(ActKind.ASKED)
    last = max([*(g.at for g in acts), *(d.at for d in asked if d.at <= at)], default=None)
    if last is not None and at - last < _RESTED and not acted_for(person, application.key, at):
        score -= 0.5
        reasons.append(f"was last troubled on {last.astimezone(scene.me.zone):%-d %B}")
    quick = [w for w in person.said(SignalKind.REFERENCE_AGREED) if w.at <= at]
    if quick and asked and quick[-1].at - asked[-1].at < timedelta(days=3):
        score += 0.5
        reasons.append("answered quickly last time")
    return score


def _bar(scene: Scene, person: Person, application: Application, at: datetime) -> str:
    """Return why somebody must not be named here; empty: may be named."""
    standing = consent(scene, person, application.key, at)
    if standing.answer in (Answer.NO, Answer.LUKEWARM):
        how = "declined" if standing.answer is Answer.NO else "agreed only half-heartedly"
        how = "agreed for another application alone" if standing.elsewhere else how
        when = f" on {standing.at.astimezone(scene.me.zone):%-d %B %Y}" if standing.at else ""
        return f"not to be listed: {how}{when}"
    if peace := spared_at(scene, person, at):
        since = peace.since.astimezone(scene.me.zone)
        return f"not now: {peace.reason}, by their mail of {since:%-d %B}"
    named = application.stated is not None and person.name in application.stated.references
    if works_at(person, application) and not named:
        return f"works at {application.title[0]}"
    return ""


def _consent_in_words(scene: Scene, standing: Consent) -> str:
    if standing.word is not None and standing.word.kind in OF_ACTS:
        return "has vouched for you before"
    if standing.at is None:
        return "has agreed"
    return f"has agreed on {standing.at.astimezone(scene.me.zone):%-d %B %Y}"
