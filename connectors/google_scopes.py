"""What the user is asked to permit, for what, and what will not work without it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from vouchd.connectors.google_guard import METHODS, document

_AT = "https://www.googleapis.com/auth/"


@dataclass(frozen=True, slots=True)
class Need:
    """One permission: its scope, the methods that stand on it, and what they are good for."""

    scope: str
    methods: tuple[str, ...]
    without: str  #: what will not work, as the end of a sentence


NEEDS = (
    Need(
        _AT + "gmail.readonly",
        ("gmail.users.history.list", "gmail.users.messages.get"),
        "your mail cannot be read",
    ),
    Need(_AT + "gmail.compose", ("gmail.users.drafts.create",), "no drafts can be prepared"),
    Need(
        _AT + "calendar.events.readonly",
        ("calendar.events.list",),
        "your interviews and meetings cannot be seen",
    ),
    Need(
        _AT + "calendar.app.created",
        ("calendar.calendars.insert", "calendar.events.insert"),
        "no follow-up events can be put into a calendar of their own",
    ),
)
TASKS = Need(_AT + "tasks", ("tasks.tasks.insert",), "no follow-ups can be put into your tasks")
CONTACTS = Need(
    _AT + "contacts.readonly",
    ("people.people.connections.list",),
    "people cannot be taken from your contacts",
)
LABELS = Need(
    _AT + "gmail.labels",
    ("gmail.users.labels.create",),
    "the labels vouchd/yes, vouchd/no and vouchd/stop cannot be made",
)
LISTING = Need(
    _AT + "calendar.calendarlist.readonly",
    ("calendar.calendarList.list",),
    "the calendars to read cannot be listed; only the primary one is read",
)


def needs(
    *, tasks: bool = False, labels: bool = False, every_calendar: bool = False
) -> tuple[Need, ...]:
    """Return what is needed for the features that are on."""
    more = ((TASKS, tasks), (LABELS, labels), (LISTING, every_calendar))
    return (*NEEDS, *(need for need, wanted in more if wanted))


def lacking(granted: Collection[str] | None, needed: tuple[Need, ...]) -> tuple[Need, ...]:
    """Return what was not granted; a broader scope counts. None: not known, so nothing."""
    if granted is None:
        return ()
    have = frozenset(granted)
    return tuple(
        need
        for need in needed
        if not all(have & accepted for accepted in map(_accepted, need.methods))
    )


def permits(granted: Collection[str] | None, method: str) -> bool:
    """Whether a method is known to be covered."""
    return granted is not None and bool(frozenset(granted) & _accepted(method))


def sentence(need: Need) -> str:
    """Say what will not work and how to grant it."""
    return (
        f"Google was not asked for, or you did not tick, “{need.scope.removeprefix(_AT)}”: "
        f"{need.without}; grant it with `vouchd auth google`"
    )


def _accepted(method: str) -> frozenset[str]:
    api = next(api for api, methods in METHODS.items() if method in methods)
    found = json.loads(document(api))
    scopes = next(m.get("scopes", ()) for m in _walk(found["resources"]) if m["id"] == method)
    return frozenset(scopes)


def _walk(resources: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _walk(resource.get("resources", {}))
