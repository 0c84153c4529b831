"""Nothing is asked of somebody who is ill, grieving, on leave or away; kindness excepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from vouchd.rules.model import ActKind, FollowUpKind, SignalKind, State
from vouchd.rules.playbook.scene import OF_ACTS, Due, Scene
from vouchd.rules.world import Deed, Person

# What wants something of the person, if only that they take a call or keep a process in mind.
_ASKS = frozenset(
    {
        FollowUpKind.ASK_PERMISSION,
        FollowUpKind.RECONFIRM,
        FollowUpKind.HEADS_UP,
        FollowUpKind.NUDGE_REFERENCE,
        FollowUpKind.PROGRESS_UPDATE,
    }
)
# Where the mail names no day: an absence ends by itself, an illness not so soon.
_AWAY, _UNWELL = timedelta(days=21), timedelta(days=90)
# A word of thanks from the sickbed is no recovery.
_TOO_SOON = timedelta(days=14)
_WILLING = (SignalKind.REFERENCE_AGREED, *OF_ACTS)


@dataclass(frozen=True, slots=True)
class Spared:
    """A time in which a person is left in peace."""

    since: datetime
    until: datetime
    deed: Deed

    def holds(self, at: datetime) -> bool:
        """Whether it is so at a moment."""
        return self.since <= at < self.until

    @property
    def reason(self) -> str:
        """In words: "ill or grieving", "away until 15 September"."""
        if self.deed.kind is ActKind.UNWELL:
            return "ill or grieving"
        day = self.deed.act.until
        return f"away until {day:%-d %B}" if day else "away"


def spared_at(scene: Scene, person: Person, at: datetime) -> Spared | None:
    """Return why nothing may be asked of the person at a moment, or None."""
    return next((s for s in _times(scene, person) if s.holds(at)), None)


def spared(scene: Scene, due: Due) -> tuple[Due, ...]:
    """Return what is left of something due: it waits until the person is back.

    What lay there when the news came is overtaken by it, and arises anew when they are back.
    """
    if due.person is None or due.kind not in _ASKS:
        return (due,)
    found: list[Due] = []
    for time_off in _times(scene, scene.world.people[due.person]):
        if time_off.holds(due.created_at):
            if not _waits(scene, due, time_off):
                return tuple(found)
            due = replace(due, created_at=time_off.until)
        elif due.open_at(time_off.since) and time_off.since > due.created_at:
            found.append(replace(due, ended_at=time_off.since, end=State.SUPERSEDED))
            if not _waits(scene, due, time_off):
                return tuple(found)
            anchor = f"{due.anchor}:back"
            due = replace(due, created_at=time_off.until, anchor=anchor)
    return (*found, due)


def _waits(scene: Scene, due: Due, time_off: Spared) -> bool:
    """Whether it is over by now and what is due still stands then."""
    if time_off.until > scene.now:
        return False
    return due.ended_at is None or due.ended_at > time_off.until


def _times(scene: Scene, person: Person) -> Iterator[Spared]:
    """Yield when the person was or is to be left in peace, oldest first."""
    last: Spared | None = None
    for deed in person.did(ActKind.UNWELL, ActKind.AWAY):
        if deed.reading.sent or deed.at > scene.now:
            continue
        within = last is not None and last.holds(deed.at) and last.deed.kind is ActKind.UNWELL
        if within and deed.kind is ActKind.AWAY:
            continue  # an absence note amid an illness says nothing new
        last = Spared(deed.at, _end(scene, person, deed), deed)
        yield last


def _end(scene: Scene, person: Person, deed: Deed) -> datetime:
    """Return when it is over: as they said, by their own word, by the user's, or in time."""
    unwell = deed.kind is ActKind.UNWELL
    ends = [deed.at + (_UNWELL if unwell else _AWAY)]
    if deed.act.until is not None:
        day = datetime.combine(deed.act.until, time(9), scene.me.zone)
        ends = [max(day, deed.at)]
    again = {d.reading.source for d in person.did(ActKind.UNWELL, ActKind.AWAY)}
    ends += [w.at for w in person.said(*_WILLING) if w.at > deed.at]
    ends += [d.at for d in person.did(ActKind.BACK) if deed.at < d.at <= scene.now]
    for contact in person.contacts:
        if contact.sent or contact.reading.is_event or contact.reading.source in again:
            continue
        if contact.at > deed.at + (_TOO_SOON if unwell else timedelta()):
            ends.append(contact.at)
    agreed = person.reference.agreed_on
    if agreed is not None:  # written down since: the user has spoken with them
        noted = datetime.combine(agreed, time(), scene.me.zone)
        ends += [noted] if noted > deed.at else []
    return min(ends)
