"""One person, one message: what one person is owed in the same days becomes one follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from vouchd.rules.advance import slug
from vouchd.rules.model import FollowUpKind, State
from vouchd.rules.playbook.scene import Due, Scene

# The weightiest gives a joint follow-up its name.
WEIGHT = (
    FollowUpKind.ASK_PERMISSION,
    FollowUpKind.RECONFIRM,
    FollowUpKind.HEADS_UP,
    FollowUpKind.OUTCOME_NEWS,
    FollowUpKind.NUDGE_REFERENCE,
    FollowUpKind.THANK_YOU,
    FollowUpKind.RECIPROCATE,
    FollowUpKind.PROGRESS_UPDATE,
)
_REQUESTS = frozenset({FollowUpKind.ASK_PERMISSION, FollowUpKind.RECONFIRM})
_NEWS = frozenset(
    {
        FollowUpKind.HEADS_UP,
        FollowUpKind.OUTCOME_NEWS,
        FollowUpKind.THANK_YOU,
        FollowUpKind.PROGRESS_UPDATE,
        FollowUpKind.RECIPROCATE,
    }
)
# What has lain unsent for longer is forgotten rather than waiting: it holds nothing new back.
_UNSENT = timedelta(days=14)
# News takes along the thanks and news that are still owed for longer than other things do.
_NEWS_AND_THANKS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Group:
    """What becomes one follow-up: one or several dues to one person."""

    members: tuple[Due, ...]
    created_at: datetime
    ended_at: datetime | None = None  #: when it was overtaken or the user closed it
    end: State = State.OPEN
    earlier: tuple[str, ...] = ()  #: keys of the follow-ups whose place it took

    @property
    def person(self) -> str | None:
        """Whom it is for."""
        return self.members[0].person

    def live(self, at: datetime) -> tuple[Due, ...]:
        """Return the members that wait at a moment."""
        return tuple(m for m in self.members if m.open_at(at))

    @property
    def kinds(self) -> tuple[FollowUpKind, ...]:
        """All kinds it serves, the weightiest first."""
        kinds = dict.fromkeys(m.kind for m in self.members)
        order = {kind: number for number, kind in enumerate(WEIGHT)}
        return tuple(sorted(kinds, key=lambda k: order.get(k, len(order))))

    @property
    def key(self) -> str:
        """The same for the same situation: kind, person or process, and what started it."""
        first = self.members[0]
        about = first.person or first.application or "inbox"
        ids = "\x1f".join(sorted(m.id for m in self.members))
        return f"{self.kinds[0]}.{slug(about)}.{sha256(ids.encode()).hexdigest()[:8]}"


def merge(scene: Scene, dues: Iterable[Due]) -> tuple[Group, ...]:
    """Sweep through time and join what belongs in one message.

    A later occasion that joins a draft still unsent makes a new follow-up; the old one is
    superseded from that moment. What the user has closed (`scene.verdicts`) joins nothing.
    """
    groups: list[Group] = []
    for due in sorted(dues, key=lambda d: (d.created_at, d.person or "", d.id)):
        hosts = [n for n, group in enumerate(groups) if _joins(scene, group, due)]
        joined = [groups[n] for n in hosts]
        waiting = [m for group in joined for m in _brought(group, due)]
        # What arises at the same moment was never seen apart: it leaves no trace of its own.
        seen = [group for group in joined if group.created_at < due.created_at]
        earlier = [key for group in joined for key in group.earlier]
        earlier += [group.key for group in seen]
        for n, group in zip(hosts, joined, strict=True):
            groups[n] = _overtaken(group, due.created_at)
        groups = [
            g for n, g in enumerate(groups) if n not in hosts or g.created_at < due.created_at
        ]
        joint = Group((*waiting, due), due.created_at, earlier=tuple(dict.fromkeys(earlier)))
        groups.append(_closed(scene, joint))
    return tuple(_settled(scene, group) for group in groups)


def _brought(group: Group, due: Due) -> tuple[Due, ...]:
    """Return what a group brings into the message that it joins."""
    return group.members if group.created_at == due.created_at else group.live(due.created_at)


def _joins(scene: Scene, group: Group, due: Due) -> bool:
    at = due.created_at
    if due.person is None or group.person != due.person or group.end is not State.OPEN:
        return False
    waiting = group.live(at)
    if not waiting or due.ended_at == at:
        return False
    kinds = {m.kind for m in waiting}
    if due.kind in _REQUESTS:
        return kinds <= _REQUESTS
    if due.kind not in _NEWS or not kinds <= _NEWS:
        return False
    if due.kind is FollowUpKind.THANK_YOU and kinds == {FollowUpKind.THANK_YOU}:
        return all(scene.day(m.created_at) == scene.day(at) for m in waiting)
    span = max(at - m.created_at for m in waiting)
    same_process = all(m.application == due.application for m in waiting)
    if same_process and {due.kind, *kinds} == {FollowUpKind.HEADS_UP}:
        return True  # an unsent warning is amended, however old it is
    thanks_or_news = {FollowUpKind.THANK_YOU, FollowUpKind.OUTCOME_NEWS}
    if {due.kind, *kinds} <= thanks_or_news:
        return same_process or span <= _NEWS_AND_THANKS
    return span <= _UNSENT


def _closed(scene: Scene, group: Group) -> Group:
    """Apply what the user did with it: dismissed for good, done, or sent."""
    verdict = scene.verdicts.get(group.key)
    if verdict is None:
        sent = scene.world.sent.get(group.key)
        verdict = (sent, State.DONE) if sent is not None else None
    if verdict is None or verdict[0] > scene.now:
        return group
    return Group(group.members, group.created_at, *verdict, group.earlier)


def _overtaken(group: Group, at: datetime) -> Group:
    return Group(group.members, group.created_at, at, State.SUPERSEDED, group.earlier)


def _settled(scene: Scene, group: Group) -> Group:
    """A group whose members have all ended has ended: done if one was done, else overtaken."""
    if group.end is not State.OPEN or group.live(scene.now):
        return group
    ends = [(m.ended_at, m.end) for m in group.members if m.ended_at is not None]
    at = max(e for e, _ in ends)
    state = State.DONE if any(end is State.DONE for _, end in ends) else State.SUPERSEDED
    return Group(group.members, group.created_at, at, state, group.earlier)
