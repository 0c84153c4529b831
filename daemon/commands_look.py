"""`vouchd why`: the chain of reasons of one follow-up."""

from __future__ import annotations

import argparse

from vouchd.daemon.app import open_app
from vouchd.daemon.console import configured, moment, put
from vouchd.daemon.look import Sight, look
from vouchd.daemon.render import (
    cause_text,
    day,
    draft_text,
    follow_up_json,
    one_line,
    quoted,
    title,
)
from vouchd.daemon.stops import STOPS
from vouchd.rules.model import FollowUp, Part

DONE = 0
NOWHERE = "no place: not written yet, or no longer there"


def why(arguments: argparse.Namespace) -> int:
    """Tell the chain of reasons of one follow-up."""
    config = configured(arguments)
    with open_app(config, dry=True) as app:
        sight = look(app, moment(arguments, config))
        follow_up = sight.find(arguments.key)
        fields = follow_up_json(follow_up) | {
            "would_have_stopped_it": [STOPS[kind] for kind in follow_up.kinds],
            "written": [r.part.value for r in sight.written(follow_up.key)],
        }
        put(arguments, fields, _why_text(follow_up, sight))
    return DONE


# --- why --------------------------------------------------------------------------------------


def _why_text(follow_up: FollowUp, sight: Sight) -> str:
    rows = [title(follow_up), f"due {day(follow_up.due_at)}, {follow_up.state}", "", "Why:"]
    for number, cause in enumerate(follow_up.why, start=1):
        rows.append(f"{number}. {cause_text(cause)}")
        if cause.rule:
            rows.append(f"   rule     {one_line(cause.rule)}")
        if cause.link:
            rows.append(f"   message  {one_line(cause.link)}")
    rows += ["", "What would have stopped it:"]
    rows += [f"   {kind}: {STOPS[kind]}" for kind in follow_up.kinds]
    written = {r.part: one_line(r.handle) for r in sight.written(follow_up.key)}
    if draft := follow_up.draft:
        rows += ["", f"Draft {draft_text(draft)}", quoted(draft.body)]
        rows.append(f"   lies at {written.get(Part.DRAFT, NOWHERE)}")
    if event := follow_up.event:
        rows += ["", f"Event on {day(event.start)}", quoted(event.description or event.summary)]
        rows.append(f"   lies at {written.get(Part.EVENT, NOWHERE)}")
    return "\n".join(rows)
