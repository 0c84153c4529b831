"""Stories read and relived, and what their expectations find wrong.

A story is a folder: `config/`, `mail/`, `calendar/` and `expected.toml`, which says for points in
time which follow-ups there are and which there must not be; `why` names the sentence of the
playbook or of the interface that implies it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from vouchd.config.load import load
from vouchd.connectors.sources import read_calendar, read_mail
from vouchd.daemon.app import mind_of
from vouchd.daemon.render import follow_up_json
from vouchd.daemon.replay import relive_readings
from vouchd.daemon.think import Mind
from vouchd.rules.model import Event, Message, Reading
from vouchd.rules.reading.detect import read_event, read_message

HERE = Path(__file__).parent / "stories"
STORIES = tuple(sorted(path.parent.name for path in HERE.glob("*/expected.toml")))

FollowUp = Mapping[str, Any]
Words = Mapping[str, Any]

#: All that an expectation may say: what picks the follow-ups, and what must be true of them.
PICKS = {"kind", "kinds", "any_kind", "person", "company", "also_company", "role", "draft_to"}
CLAIMS = {
    *("why", "state", "not_state", "created", "created_from", "created_to", "count"),
    *("count_open", "to", "to_any", "draft", "has_draft", "event", "words", "no_words"),
    *("event_words", "reply_to", "no_references", "no_draft_to_anybody"),
}
STATES = {"open", "done", "superseded", "dismissed"}


@cache
def moments(story: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads((HERE / story / "expected.toml").read_text("utf-8"))["moment"])


@cache
def settings(story: str, name: str) -> Mapping[str, Any]:
    return tomllib.loads((HERE / story / "config" / f"{name}.toml").read_text("utf-8"))


@cache
def message_id(story: str, slug: str) -> str:
    (path,) = (HERE / story / "mail").glob(f"[0-9][0-9][0-9]-{slug}.eml")
    return str(message_from_bytes(path.read_bytes(), policy=default)["Message-ID"])


@cache
def understood(story: str) -> tuple[Mind, tuple[Reading, ...]]:
    """The rules of a story, and all that was read of its mail and calendar."""
    folder = HERE / story
    mind = mind_of(load(folder / "config", {}))
    me, readings = mind.book.me, []
    for message in read_mail(folder / "mail", me=me.emails, zone=me.zone):
        assert isinstance(message, Message), message
        readings.append(read_message(message, mind.book))
    for event in read_calendar(folder / "calendar", zone=me.zone):
        assert isinstance(event, Event), event
        readings.append(read_event(event, mind.book))
    return mind, tuple(readings)


@cache
def relived(story: str, until: date) -> tuple[FollowUp, ...]:
    """All follow-ups as they stand at the end of a day, as `vouchd replay` prints them."""
    mind, readings = understood(story)
    found = relive_readings(mind, readings, until=until)
    return tuple(json.loads(json.dumps(follow_up_json(follow_up))) for follow_up in found)


def created(follow_up: FollowUp, story: str) -> date:
    """The day on which it arose, in the user's zone."""
    zone = ZoneInfo(settings(story, "config")["me"]["timezone"])
    return datetime.fromisoformat(follow_up["created_at"]).astimezone(zone).date()


def kinds(follow_up: FollowUp) -> set[str]:
    return set(follow_up.get("kinds") or ()) | {follow_up["kind"]}


def letter(follow_up: FollowUp) -> str:
    draft = follow_up["draft"]
    return f"{draft['subject']}\n{draft['body']}" if draft else ""


def holds(text: str, word: str) -> bool:
    """Whether `word` stands in `text`, wherever the lines are broken."""
    flat = " ".join(text.split())
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", flat, re.IGNORECASE) is not None


def picked(follow_up: FollowUp, words: Words) -> bool:
    """Whether the expectation speaks of this follow-up: kind, person, process, address."""
    companies = {a["company"] for a in follow_up["applications"]}
    roles = {a["role"] for a in follow_up["applications"]}
    to = (follow_up["draft"] or {}).get("to", ())
    wanted = set(words.get("kinds", ())) | ({words["kind"]} if "kind" in words else set())
    return bool(
        (wanted == {"*"} or wanted <= kinds(follow_up))
        and ("any_kind" not in words or bool(kinds(follow_up) & set(words["any_kind"])))
        and ("person" not in words or words["person"] in follow_up["references"])
        and {words[k] for k in ("company", "also_company") if k in words} <= companies
        and ("role" not in words or words["role"] in roles)
        and ("draft_to" not in words or words["draft_to"] in to)
    )


def at_the_time(follow_up: FollowUp, words: Words, story: str) -> bool:
    """Whether state and day are the expected ones."""
    day = created(follow_up, story)
    return bool(
        words.get("state", follow_up["state"]) == follow_up["state"]
        and words.get("not_state") != follow_up["state"]
        and words.get("created", day) == day
        and words.get("created_from", day) <= day <= words.get("created_to", day)
    )


def complaints(follow_up: FollowUp, words: Words, story: str) -> Iterator[str]:
    """What is wrong with the draft and the event of a follow-up that fits otherwise."""
    draft, event = follow_up["draft"], follow_up["event"]
    if "to" in words and (not draft or set(draft["to"]) != set(words["to"])):
        yield f"the draft goes to {draft and draft['to']}"
    if "to_any" in words and (not draft or not set(draft["to"]) <= set(words["to_any"])):
        yield f"the draft goes to {draft and draft['to']}"
    if words.get("draft") is False and draft:
        yield "there is a draft"
    if words.get("no_draft_to_anybody") and draft:
        yield "an uncertain signal writes to somebody"
    if words.get("event") and not event:
        yield "there is no event"
    if words.get("no_references") and follow_up["references"]:
        yield f"it is about {follow_up['references']}"
    if "reply_to" in words:
        parent = message_id(story, words["reply_to"])
        if not draft or draft["in_reply_to"] != parent:
            yield f"the draft answers {draft and draft['in_reply_to']}, not {parent}"
    yield from (
        f"{w!r} is missing" for w in words.get("words", ()) if not holds(letter(follow_up), w)
    )
    yield from (
        f"{w!r} stands there" for w in words.get("no_words", ()) if holds(letter(follow_up), w)
    )
    told = f"{event['summary']}\n{event['description']}" if event else ""
    yield from (
        f"the event lacks {w!r}" for w in words.get("event_words", ()) if not holds(told, w)
    )


def forbidden(follow_up: FollowUp, words: Words, story: str) -> bool:
    return (
        picked(follow_up, words)
        and at_the_time(follow_up, words, story)
        and (not words.get("has_draft") or follow_up["draft"] is not None)
        and all(holds(letter(follow_up), word) for word in words.get("words", ()))
    )


def shown(follow_up: FollowUp) -> str:
    companies = ", ".join(a["company"] for a in follow_up["applications"])
    names = ", ".join(follow_up["references"])
    return (
        f"{follow_up['state']:<10} {'+'.join(sorted(kinds(follow_up)))} [{names}] [{companies}] "
        f"since {follow_up['created_at'][:16]}"
    )


def failures(found: tuple[FollowUp, ...], words: Words, story: str) -> Iterator[str]:
    """What an expectation finds wrong."""
    candidates = [f for f in found if picked(f, words)]
    fitting = [f for f in candidates if at_the_time(f, words, story)]
    if not fitting:
        yield "not there"
    elif all(list(complaints(f, words, story)) for f in fitting):
        for follow_up in fitting:
            yield "; ".join(complaints(follow_up, words, story)) + "\n" + letter(follow_up)
    open_ones = sum(f["state"] == "open" for f in candidates)
    if "count" in words and len(candidates) != words["count"]:
        yield f"there are {len(candidates)}"
    if "count_open" in words and open_ones != words["count_open"]:
        yield f"{open_ones} of them are open"


def brief(words: Words) -> str:
    return ", ".join(f"{k}={v}" for k, v in words.items() if k not in ("why", "no_words"))
