"""What is known of our drafts in Gmail between two looks, so that an idle look costs nothing.

A ledger that is lost is made anew from the drafts themselves.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from vouchd.connectors.base import Notes
from vouchd.rules.model import Found, Part

_NOTE = "gmail.drafts"
_VERSION = 1
LIES, SENT, GONE = "lies", "sent", "gone"


@dataclass(slots=True, kw_only=True)
class Entry:
    """One draft of ours."""

    message: str  #: id of the message it is now; another one after each edit
    thread: str
    key: str
    print: str  #: what it says
    mark: str | None  #: what we left on it
    at: int  #: when it was written, in seconds since 1970
    to: list[str] = field(default_factory=list)
    state: str = LIES
    link: str = ""
    edges: str = ""  #: how it begins and ends, where the user has edited it


@dataclass(slots=True, kw_only=True)
class Blocked:
    """A draft that was not written, because the user has one in that conversation."""

    thread: str
    why: str


@dataclass(slots=True, kw_only=True)
class Ledger:
    """All drafts that are known, ours by their id."""

    h: str  #: the point of history it is true for
    drafts: dict[str, Entry] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)  #: ids of drafts that are not ours
    open: dict[str, float] = field(default_factory=dict)
    #: keys whose create was not answered, and when it left
    blocked: dict[str, Blocked] = field(default_factory=dict)  #: by key
    check: bool = False  #: whether a create may have arrived twice
    whole: bool = True  #: whether every draft there was has been looked into


def load(notes: Notes) -> Ledger | None:
    """Return what was noted; None when there is nothing, or nothing that can be read."""
    try:
        fields = json.loads(notes.recall(_NOTE) or "null")
        if fields is None or fields.pop("v") != _VERSION:
            return None
        fields["drafts"] = {id_: Entry(**entry) for id_, entry in fields["drafts"].items()}
        fields["blocked"] = {key: Blocked(**it) for key, it in fields["blocked"].items()}
        return Ledger(**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def save(notes: Notes, ledger: Ledger) -> None:
    """Note it."""
    notes.jot(_NOTE, json.dumps({"v": _VERSION, **asdict(ledger)}, separators=(",", ":")))


def as_found(handle: str, entry: Entry) -> Found:
    """Return a draft as what lies on a shelf."""
    return Found(
        key=entry.key,
        part=Part.DRAFT,
        handle=handle,
        print=entry.print,
        mark=entry.mark,
        sent=entry.state == SENT,
        link=entry.link or None,
        edges=entry.edges,
    )
