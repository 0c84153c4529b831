"""What is known of the follow-up calendar between two looks: it is a hint, and the marks decide."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from vouchd.connectors.base import Notes
from vouchd.rules.model import Found, Part

_NOTE = "google.events"
_VERSION = 1


@dataclass(slots=True, kw_only=True)
class Thing:
    """One event of ours."""

    key: str
    print: str  #: what it says
    mark: str | None  #: what we left on it
    left: str  #: what Google made of what we wrote
    link: str | None = None


@dataclass(slots=True)
class Seen:
    """What lies in the calendar."""

    calendar: str
    token: str | None
    things: dict[str, Thing]


def load(notes: Notes, calendar: str) -> Seen:
    """Return what was noted of a calendar."""
    try:
        fields = json.loads(notes.recall(_NOTE) or "{}")
        if fields["v"] == _VERSION and fields["calendar"] == calendar:
            things = {id_: Thing(**thing) for id_, thing in fields["things"].items()}
            return Seen(calendar, fields["token"], things)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return Seen(calendar, None, {})


def save(notes: Notes, seen: Seen) -> None:
    """Note it."""
    notes.jot(_NOTE, json.dumps({"v": _VERSION, **asdict(seen)}))


def untouched(thing: Thing) -> bool:
    """Whether it says what we left; what Google made of our words is our words."""
    return thing.mark is not None and thing.print in (thing.mark, thing.left)


def found(id_: str, thing: Thing) -> Found:
    """Return it as what lies on a shelf."""
    says = thing.mark if thing.mark and untouched(thing) else thing.print
    return Found(
        key=thing.key, part=Part.EVENT, handle=id_, print=says, mark=thing.mark, link=thing.link
    )
