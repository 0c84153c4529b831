"""The thinking part of a round and of a replay: facts in, follow-ups with words out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from vouchd.rules.advance import fold
from vouchd.rules.intent import Intent
from vouchd.rules.letters.compose import Desk, words
from vouchd.rules.letters.templates import Templates
from vouchd.rules.match import counterparts
from vouchd.rules.model import FollowUp, Reading, State, Wishes
from vouchd.rules.plan import plan
from vouchd.rules.playbook.scene import Scene
from vouchd.rules.reading.detect import Book
from vouchd.rules.reading.vendors import Vendors
from vouchd.rules.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """What the rules need besides the facts."""

    book: Book
    wishes: Wishes
    templates: Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the thinking takes place, and what the user has said since."""

    now: datetime
    began: datetime
    since: datetime | None = None
    verdicts: Mapping[str, tuple[datetime, State]] = field(default_factory=dict)
    snoozed: Mapping[str, datetime] = field(default_factory=dict)  #: put off until, by key
    answers: Mapping[str, bool | str] = field(default_factory=dict)
    draft_link: Callable[[str], str | None] | None = None
    stopped: frozenset[str] = frozenset()  #: sources on which all work has been stopped


def shared_domains(vendors: Vendors) -> frozenset[str]:
    """Return the domains that tell nothing about the employer: many send from them."""
    return (
        vendors.ats
        | vendors.tenant_in_local
        | vendors.tenant_in_domain
        | vendors.schedulers
        | vendors.assessments
        | vendors.platforms
        | vendors.boards
        | vendors.signing
        | vendors.freemail
    )


def remember(mind: Mind, readings: Iterable[Reading], answers: Mapping[str, bool | str]) -> World:
    """Fold the facts into the world."""
    book = mind.book
    return fold(readings, book.people, book.stated, shared_domains(book.lexicon.vendors), answers)


class Facts(Protocol):
    """The part of the store that holds what was read."""

    def telling(self) -> Iterable[Reading]:
        """Return what says something."""

    def passing(self, words: frozenset[str]) -> Iterable[Reading]:
        """Return what else holds one of these words."""


def known_world(mind: Mind, facts: Facts, answers: Mapping[str, bool | str]) -> World:
    """Fold what says something, and of the rest what passed between the same people.

    A mail without a signal only matters where it breaks a silence or answers an interviewer.
    """
    telling = tuple(facts.telling())
    world = remember(mind, telling, answers)
    traces = frozenset(_traces(world))
    return remember(mind, (*telling, *facts.passing(traces)), answers) if traces else world


def _traces(world: World) -> Iterator[str]:
    """Yield the threads and addresses by which mail belongs to a process."""
    for application in world.applications.values():
        for step in application.steps:
            if step.reading.thread:
                yield step.reading.thread
            yield from counterparts(step.reading)
        for interview in application.interviews:
            yield from (guest.email for guest in interview.people)


def scene_at(mind: Mind, world: World, moment: Moment) -> Scene:
    """Return what the playbook looks at."""
    vendors = mind.book.lexicon.vendors
    return Scene(
        world=world,
        me=mind.book.me,
        wishes=mind.wishes,
        now=moment.now,
        began=moment.began,
        since=moment.since,
        shared=shared_domains(vendors),
        personal=vendors.freemail,
        verdicts=moment.verdicts,
        snoozed=moment.snoozed,
        answers=moment.answers,
    )


def intents(mind: Mind, world: World, moment: Moment) -> tuple[Intent, ...]:
    """Return what should exist, decided but without words."""
    return plan(scene_at(mind, world, moment))


def think(mind: Mind, world: World, moment: Moment) -> tuple[FollowUp, ...]:
    """Return every follow-up that has arisen by now, in words."""
    desk = Desk(
        me=mind.book.me,
        wishes=mind.wishes,
        templates=mind.templates,
        draft_link=moment.draft_link,
    )
    found = (words(intent, desk) for intent in intents(mind, world, moment))
    return tuple(_unless_stopped(follow_up, moment.stopped) for follow_up in found)


def _unless_stopped(follow_up: FollowUp, stopped: frozenset[str]) -> FollowUp:
    """Return it, put away where the user has stopped all work on what it rests on."""
    if follow_up.state is State.OPEN and any(cause.source in stopped for cause in follow_up.why):
        return replace(follow_up, state=State.DISMISSED)
    return follow_up
