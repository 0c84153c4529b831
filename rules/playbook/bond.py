"""P11 reciprocate, P12 keep in touch: the relationship between the favours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from vouchd.rules.cadence import due_at
from vouchd.rules.intent import Occasion
from vouchd.rules.model import ActKind, Cause, FollowUpKind, SignalKind, State
from vouchd.rules.playbook.permission import request_open
from vouchd.rules.playbook.scene import (
    Due,
    Scene,
    cause_of,
    cause_of_deed,
    done_by,
    ended,
    first_deed,
    reply_to,
    wrote_to,
)
from vouchd.rules.world import Person

# The same news told again within this time is no new occasion.
_OLD_NEWS = timedelta(days=90)
# A draft that lies unsent for this long is no reason any more to keep silent.
_LYING = timedelta(days=30)


def reciprocate(scene: Scene) -> tuple[Due, ...]:
    """Offer to return the favour when a reference is looking, or asks for it themselves (P11)."""
    dues: list[Due] = []
    for person in scene.world.people.values():
        last: datetime | None = None
        favours = {d.reading.source for d in person.did(ActKind.ASKS_FAVOUR)}
        for word in person.said(SignalKind.REFERENCE_JOB_HUNTING):
            if word.reading.source in favours:
                continue  # that mail asks for more: see below
            sender = word.reading.sender
            own = sender is not None and sender.email in person.reference.emails
            if not (own or person.name in word.reading.people):
                continue  # a platform repeating the news is no word of theirs
            if last is not None and word.at - last < _OLD_NEWS:
                continue
            last = word.at
            due = Due(
                kind=FollowUpKind.RECIPROCATE,
                created_at=word.at,
                anchor=word.reading.source,
                person=person.name,
                occasion=Occasion(kind=FollowUpKind.RECIPROCATE, at=word.at),
                causes=(cause_of(word.reading, word.signal),),
                reply=reply_to(word.reading),
            )
            offered = first_deed(person, (ActKind.OFFERED_HELP,), word.at)
            answered = _reply_in_thread(person, word.reading.thread, word.at)
            dues.append(
                ended(
                    due,
                    scene.now,
                    [done_by(offered), (answered, State.DONE) if answered else None],
                )
            )
        dues.extend(_asked_for(scene, person))
    return tuple(dues)


def _asked_for(scene: Scene, person: Person) -> list[Due]:
    dues = []
    for deed in person.did(ActKind.ASKS_FAVOUR):
        if deed.reading.sent:
            continue
        due = Due(
            kind=FollowUpKind.RECIPROCATE,
            created_at=deed.at,
            anchor=deed.reading.source,
            person=person.name,
            occasion=Occasion(kind=FollowUpKind.RECIPROCATE, at=deed.at, how="asked"),
            causes=(cause_of_deed(deed),),
            reply=reply_to(deed.reading),
        )
        wrote = wrote_to(person, deed.at)
        dues.append(ended(due, scene.now, [(wrote, State.DONE) if wrote else None]))
    return dues


def _reply_in_thread(person: Person, thread: str, after: datetime) -> datetime | None:
    return next(
        (c.at for c in person.contacts if c.sent and c.at > after and c.reading.thread == thread),
        None,
    )


def keep_in_touch(scene: Scene, dues: tuple[Due, ...]) -> tuple[Due, ...]:
    """A note when nothing has been heard for the person's cadence, one person a day (P12).

    `dues`: everything else that is due; while one of it waits for the same person, that is the
    occasion to write, and while a request is open nobody is bothered.
    """
    taken: set[tuple[str, date]] = set()
    found: list[Due] = []
    for person in scene.world.people.values():
        cadence = person.reference.keep_in_touch
        if cadence is None:
            continue
        mine = [d for d in dues if d.person == person.name]
        for number, (last, after) in enumerate(_pauses(scene, person)):
            at = max((last or scene.began) + cadence, scene.began)
            at = _free(scene, person, at, mine)
            while taken & _days(scene, at):
                at += timedelta(days=1)
            end = after if after is not None else scene.now
            if at > min(end, scene.now):
                continue
            taken |= _days(scene, at)
            found.append(_touch(scene, person, at, last, after, number))
    return tuple(found)


def _days(scene: Scene, at: datetime) -> set[tuple[str, date]]:
    """Return the day a note arises on and the one it is due on: a weekend makes two into one."""
    due = due_at(FollowUpKind.KEEP_IN_TOUCH, at, scene.me, scene.wishes)
    return {("arises", scene.day(at)), ("due", scene.day(due))}


def _pauses(scene: Scene, person: Person) -> list[tuple[datetime | None, datetime | None]]:
    """Return the stretches between contacts: (last contact or None, next contact or None)."""
    moments: list[datetime] = sorted({c.at for c in person.contacts if c.at <= scene.now})
    agreed = person.reference.agreed_on
    start: datetime | None = None
    if agreed is not None:
        day = datetime.combine(agreed, time(9), scene.me.zone)
        start = day if not moments or day < moments[0] else None
    if not moments:
        return [(min(start, scene.now) if start else None, None)]
    pairs: list[tuple[datetime | None, datetime | None]] = []
    if moments[0] > scene.began:
        pairs.append((start, moments[0]))
    pairs += [
        (at, moments[n + 1] if n + 1 < len(moments) else None) for n, at in enumerate(moments)
    ]
    return pairs


def _free(scene: Scene, person: Person, at: datetime, dues: list[Due]) -> datetime:
    """Return the first moment from `at` on at which nothing else waits for the person.

    A request blocks as long as it is open; other mail that the user leaves lying does for a month.
    """
    for _ in range(len(dues) + 1):
        waiting = [_freed(d, scene) for d in dues if d.open_at(at)]
        waiting = [until for until in waiting if until > at]
        if waiting:
            at = max(waiting)
        elif request_open(scene, person, at):
            at += max(scene.wishes.ask_interval, scene.wishes.silent_ask_after)
        else:
            return at
    return at


def _freed(due: Due, scene: Scene) -> datetime:
    """Return until when something due keeps other notes away."""
    end = due.ended_at or scene.now + _LYING
    request = due.kind in (FollowUpKind.ASK_PERMISSION, FollowUpKind.RECONFIRM)
    return end if request else min(end, due.created_at + _LYING)


def _touch(
    scene: Scene,
    person: Person,
    at: datetime,
    last: datetime | None,
    after: datetime | None,
    number: int,
) -> Due:
    if last is None:
        text = f"no contact with {person.name} was ever seen"
    else:
        text = f"the last contact with {person.name} was on {scene.day(last):%-d %B %Y}"
    days = person.reference.keep_in_touch.days if person.reference.keep_in_touch else 0
    due = Due(
        kind=FollowUpKind.KEEP_IN_TOUCH,
        created_at=at,
        anchor=f"touch:{scene.day(last).isoformat() if last else 'never'}",
        person=person.name,
        occasion=Occasion(kind=FollowUpKind.KEEP_IN_TOUCH, at=last),
        causes=(
            Cause(
                signal="keep_in_touch",
                source=_last_source(person, last),
                text=text,
                rule=f"P12 keep_in_touch every {days} days",
            ),
        ),
    )
    end = None
    if after is not None:
        by_user = any(c.at == after and c.sent for c in person.contacts)
        end = (after, State.DONE if by_user else State.SUPERSEDED)
    return ended(due, scene.now, [end])


def _last_source(person: Person, last: datetime | None) -> str:
    return next((c.reading.source for c in person.contacts if c.at == last), "references.toml")
