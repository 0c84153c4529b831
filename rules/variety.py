"""Which of several ways to say a thing each letter takes, so that no two in a row read alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from vouchd.rules.merge import Group

#: Divisible by 2, 3 and 4, which are the numbers of ways that a template offers.
WAYS = 12
_SIZES = (4, 3, 2)
_STEPS = (5, 7, 1, 11)  #: each changes the way whatever a template offers
_RECENT = 4  #: letters of a kind, to whomever, that a further one should not sound like
_SAME_PERSON = 6  #: how much more it counts among letters to one person


def ways(groups: Iterable[Group]) -> Mapping[str, int]:
    """Return for each follow-up, by key, the way its letter takes: a number below `WAYS`.

    Two letters of one kind to one person differ in all they can; letters of one kind to different
    people differ as far as there are ways. What takes the place of an unsent letter reads like it.
    The same groups give the same ways, and a later one never changes an earlier.
    """
    found: dict[str, int] = {}
    past: list[Group] = []
    for group in sorted(groups, key=lambda g: (g.created_at, g.key)):
        found[group.key] = _way(group, past, found)
        past.append(group)
    return found


def _way(group: Group, past: list[Group], found: Mapping[str, int]) -> int:
    alike = [g for g in past if g.kinds[0] is group.kinds[0]]
    replaced = [g for g in alike if g.key in group.earlier]
    if replaced:
        return found[replaced[-1].key]
    mine = [found[g.key] for g in alike if _to(g) == _to(group)]
    others = [found[g.key] for g in alike[-_RECENT:] if _to(g) != _to(group)]
    if mine:
        options = [(mine[-1] + step) % WAYS for step in _STEPS]
    else:
        first = int.from_bytes(sha256(str(_to(group)).encode()).digest()[:4], "big")
        options = [(first + step) % WAYS for step in range(WAYS)]

    def cost(way: int) -> int:
        return _SAME_PERSON * _alike(way, mine) + _alike(way, others)

    return min(options, key=cost)  # the first of the cheapest


def _to(group: Group) -> str | None:
    return group.person or group.members[0].application


def _alike(way: int, used: Iterable[int]) -> int:
    """Return how much a way has in common with those used: more where there is more choice."""
    return sum(size for other in used for size in _SIZES if way % size == other % size)
