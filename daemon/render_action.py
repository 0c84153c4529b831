"""What a round does or would do, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vouchd.daemon.health import is_ours
from vouchd.daemon.render import cause_text, day, draft_text, follow_up_json, one_line, safe, title
from vouchd.rules.model import Draft, Event, FollowUp, Part, State
from vouchd.rules.reconcile import Action, Adopt, Close, Remove, Rewrite, Write


def key_of(action: Action) -> str:
    """Return the key of the follow-up it belongs to."""
    match action:
        case Write(key=key):
            return key
        case Rewrite(found=found) | Remove(found=found) | Adopt(found=found):
            return found.key
        case Close(receipt=receipt):
            return receipt.key


def part_of(action: Action) -> Part:
    """Return whether it is about a draft or an event."""
    match action:
        case Write(part=part):
            return part
        case Rewrite(found=found) | Remove(found=found) | Adopt(found=found):
            return found.part
        case Close(receipt=receipt):
            return receipt.part


def action_json(action: Action, follow_up: FollowUp | None) -> dict[str, Any]:
    """Return an action with the follow-up that it belongs to."""
    return {
        "action": type(action).__name__.lower(),
        "part": part_of(action).value,
        "key": key_of(action),
        "state": action.state.value if isinstance(action, Close) else None,
        "follow_up": follow_up_json(follow_up) if follow_up else None,
    }


def actions_text(actions: Iterable[Action], follow_ups: Iterable[FollowUp]) -> Iterator[str]:
    """Yield a paragraph for each follow-up that something is or would be done for, and why."""
    known = {follow_up.key: follow_up for follow_up in follow_ups}
    by_key: dict[str, list[Action]] = {}
    for action in actions:
        by_key.setdefault(key_of(action), []).append(action)
    for key, done in by_key.items():
        follow_up = known.get(key)
        rows = [title(follow_up) if follow_up else _named(key, done)]
        if follow_up and follow_up.state is State.OPEN:
            rows.append(f"due {day(follow_up.due_at)}")
        rows += [action_text(action) for action in done]
        if follow_up:
            rows += [f"because {cause_text(cause)}" for cause in follow_up.why]
            rows.append(f"key {safe(key)}")
        yield "\n  ".join(rows)


def _named(key: str, done: Iterable[Action]) -> str:
    """Return what actions are about that belong to no follow-up of now."""
    if not is_ours(key):
        return f"follow-up {safe(key)}"
    said = [
        a.content.summary for a in done if isinstance(a, Write) and isinstance(a.content, Event)
    ]
    return one_line(said[0]) if said else f"word about vouchd itself {safe(key)}"


def action_text(action: Action) -> str:
    """Return an action on one line."""
    part = part_of(action)
    match action:
        case Write(content=content):
            return one_line(f"+ {part} {_content(content)}")
        case Rewrite(content=content):
            return one_line(f"~ {part}, in new words: {_content(content)}")
        case Remove(receipt=None):
            return f"- {part}, a second copy of one that lies there"
        case Remove():
            return f"- {part}, its reason has gone and nobody has touched it"
        case Adopt():
            return f"= {part}, found as it was written before"
        case Close(state=State.DONE):
            return f"✓ {part}, you sent it"
        case Close(state=state):
            return f"✓ {part}, {state}: it is no longer there"


def _content(content: Draft | Event) -> str:
    if isinstance(content, Draft):
        return draft_text(content)
    return f"on {day(content.start)}: {content.summary}"
