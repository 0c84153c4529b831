"""Reference checks: where one begins and ends, and who is or is about to be listed in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vouchd.rules.model import SignalKind
from vouchd.rules.playbook.scene import (
    Scene,
)
from vouchd.rules.playbook.standing import (
    given,
)
from vouchd.rules.playbook.suggest import how_many, proposed
from vouchd.rules.world import Application, Person, Step, evidence_text

# Reminders of one check come closer together than this; a later request is a second check.
SAME_CHECK = timedelta(days=21)


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
    def requested(self) -> tuple[str, ...]:
        """The references whom the request itself names: then it is about them and nobody else.

        Where names were asked for first, a later word on one of them narrows nothing.
        """
        asking = tuple(s for s in self.steps if s.kind in REQUESTS)
        if not (asking and asking[0].signal.references):
            return ()
        return tuple(dict.fromkeys(name for s in asking for name in s.signal.references))

    @property
    def wants_names(self) -> bool:
        """Whether somebody still asks for names, and does not only say what will happen."""
        return any(s.kind in REQUESTS and "announced" not in s.signal.terms for s in self.steps)

    @property
    def contact(self) -> str | None:
        """Who will call or write, the newest word on it."""
        return next((s.signal.contact for s in reversed(self.steps) if s.signal.contact), None)

    @property
    def deadline(self) -> date | None:
        """By when the person should have been heard, the newest word on it.

        Until when the user is to name people is another matter: nobody calls because of it.
        """
        said = (s.signal for s in reversed(self.steps) if "names_by" not in s.signal.terms)
        return next((signal.deadline for signal in said if signal.deadline), None)


REQUESTS = (SignalKind.REFERENCE_REQUEST,)
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
    if step.at - group[-1].at > SAME_CHECK:
        return True
    if step.kind is not SignalKind.REFERENCE_REQUEST:
        return False
    shared = shared_names(application, step.at)
    acted = {
        p.name
        for p in scene.world.people.values()
        for g in given(p, step.at)
        if g.application == application.key and group[0].at < g.at
    }
    return bool(acted) and bool(shared) and set(shared) <= acted


def shared_names(application: Application, until: datetime) -> dict[str, datetime]:
    """Return whom the user has named to the employer, and when first."""
    named: dict[str, datetime] = {}
    for step in application.seen(SignalKind.REFERENCES_SHARED):
        if step.at <= until:
            for name in step.signal.references:
                named.setdefault(name, step.at)
    return named


def listed(scene: Scene, check: Check) -> list[tuple[Person, datetime, datetime | None]]:
    """Return who is, or is about to be, named in a check: since when, and until when.

    Before the user answers the employer these are the people named for the application, else
    those we propose; once names are shared, it is them.
    """
    application, people = check.application, scene.world.people
    shared = shared_names(application, scene.now)
    first_share = min((at for at in shared.values() if at > check.at), default=None)
    known = {
        name: max(at, check.at)
        for name, at in shared.items()
        if at > check.at or not check.requested or name in check.requested
    }
    for step in check.steps:
        for name in step.signal.references:
            known[name] = min(known.get(name, step.at), step.at)
    if shared and all(at <= check.at for at in shared.values()) and not check.wants_names:
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
    if check.requested:
        return check.requested
    if check.named or stated:
        return tuple(dict.fromkeys((*stated, *check.named)))
    number = how_many(evidence_text(check.steps[0].signal.evidence))
    best = proposed(scene, application, check.at, number)
    return tuple(p.name for p in best)


def acted_between(scene: Scene, check: Check, person: Person, until: datetime) -> bool:
    """Whether the person has given their reference since the check began."""
    return any(
        g.application == check.application.key and check.at <= g.at <= until
        for g in given(person, scene.now)
    )
