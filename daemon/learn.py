"""What the user's edits to a draft teach, while it still lies unsent: greeting and sign-off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from vouchd.daemon.store import Store
from vouchd.daemon.think import Mind
from vouchd.rules.model import Address, FollowUp, Found, Message, Reading
from vouchd.rules.reading.detect import read_message
from vouchd.rules.world import EDITED, World

_CURSOR = "edited"


def learn(
    store: Store,
    mind: Mind,
    world: World,
    follow_ups: Iterable[FollowUp],
    found: Iterable[Found],
    now: datetime,
) -> None:
    """Keep how the user rewrote the edges of our drafts, for the next letter to that person."""
    whom = {f.key: f.references for f in follow_ups}
    known = {r.source for person in world.people.values() for r in person.edited}
    fresh = [
        reading
        for thing in found
        if thing.edges and not thing.sent
        for reading in _taught(mind, world, thing, whom.get(thing.key, ()), now)
        if reading.source not in known
    ]
    if fresh:
        store.remember(fresh, cursor_name=_CURSOR, cursor=fresh[-1].source, at=now)


def _taught(
    mind: Mind, world: World, thing: Found, references: tuple[str, ...], now: datetime
) -> Iterator[Reading]:
    person = world.people.get(references[0]) if len(references) == 1 else None
    if person is None or not person.reference.emails:
        return
    me = mind.book.me
    letter = Message(
        id=thing.key,
        thread="",
        at=now,
        sent=True,
        sender=Address(me.emails[0], me.name),
        to=(Address(person.reference.emails[0], person.name),),
        subject="",
        text=thing.edges,
    )
    said = read_message(letter, mind.book)
    if not (said.greeting or said.sign_off):
        return
    words = sha256(f"{said.greeting}\x1f{said.sign_off}".encode()).hexdigest()[:8]
    last = (c.reading.language for c in reversed(person.contacts) if c.reading.language)
    yield Reading(
        source=f"{EDITED}{thing.key}:{words}",
        at=now,
        sent=True,
        people=(person.name,),
        greeting=said.greeting,
        sign_off=said.sign_off,
        language=next(last, None),  # too few words to tell: that of the draft
    )
