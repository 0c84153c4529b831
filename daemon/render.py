"""Follow-ups, signals and actions as JSON and as text that is safe on a terminal."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from datetime import datetime
from typing import Any

from vouchd.rules.model import Cause, Draft, Event, FollowUp, Signal

_JOINERS = "\u200c\u200d"  # parts of ordinary words and emoji


def line(fields: dict[str, Any]) -> str:
    """Return one JSON object on one line, in ASCII: safe in every encoding and on any terminal."""
    return json.dumps(fields)


def safe(text: str) -> str:
    """Return text with everything made visible that could steer a terminal or turn its order.

    Control and format characters (bidirectional overrides among them), line separators, surrogates
    and unassigned code points become escapes such as `\\x1b`; line ends and tabs stay.
    """
    return "".join(_visible(c) for c in text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return safe text without line ends."""
    return safe(" ".join(text.split()))


def _visible(c: str) -> str:
    if c in "\n\t" or c in _JOINERS:
        return c
    if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}:
        return c.encode("unicode_escape").decode("ascii")
    return c


# --- JSON -----------------------------------------------------------------------------------


def follow_up_json(follow_up: FollowUp) -> dict[str, Any]:
    """Return a follow-up in the form of the interface."""
    return {
        "key": follow_up.key,
        "kind": follow_up.kind.value,
        "kinds": [kind.value for kind in follow_up.kinds or (follow_up.kind,)],
        "references": list(follow_up.references),
        "applications": [
            {"company": company, "role": role} for company, role in follow_up.applications
        ],
        "created_at": follow_up.created_at.isoformat(),
        "due_at": follow_up.due_at.isoformat(),
        "state": follow_up.state.value,
        "draft": _draft_json(follow_up.draft) if follow_up.draft else None,
        "event": _event_json(follow_up.event) if follow_up.event else None,
        "why": [_cause_json(cause) for cause in follow_up.why],
    }


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "to": [address.email for address in draft.to],
        "subject": draft.subject,
        "body": draft.body,
        "in_reply_to": draft.in_reply_to,
        "attachments": list(draft.attachments),
    }


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "uid": event.uid,
        "summary": event.summary,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "description": event.description,
    }


def _cause_json(cause: Cause) -> dict[str, Any]:
    return {
        "signal": cause.signal,
        "source": cause.source,
        "text": cause.text,
        "rule": cause.rule,
        "link": cause.link,
        "at": cause.at.isoformat() if cause.at else None,
    }


def signal_json(signal: Signal) -> dict[str, Any]:
    """Return a signal in the form of the interface."""
    return {
        "kind": signal.kind.value,
        "confidence": round(signal.confidence, 4),
        "decision": signal.decision.value,
        "final_round": signal.final_round,
        "company": signal.company,
        "role": signal.role,
        "references": list(signal.references),
        "evidence": [{"rule": e.rule, "text": e.text} for e in signal.evidence],
    }


# --- text -----------------------------------------------------------------------------------


def counted(number: int, noun: str, many: str = "") -> str:
    """Return `1 message`, `2 messages`, `1,234 messages`; `many` where an s does not do."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def day(at: datetime) -> str:
    """Return a moment as people say it: `Tue 3 Mar 2026, 09:00`."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


def signal_text(signal: Signal) -> str:
    """Return a signal on one line."""
    about = ", ".join(filter(None, (signal.company, signal.role, *signal.references)))
    words = "; ".join(f"“{e.text}” ({e.rule})" for e in signal.evidence)
    final = " (final round)" if signal.final_round else ""
    return one_line(
        f"{signal.kind}{final}, {signal.confidence:.2f}, {signal.decision}"
        f"{': ' + about if about else ''}{' – ' + words if words else ''}"
    )


def title(follow_up: FollowUp) -> str:
    """Return what is to be done and for whom on one line."""
    kinds = " + ".join(follow_up.kinds or (follow_up.kind,))
    if follow_up.event is not None:
        return one_line(f"{follow_up.event.summary} [{kinds}]")
    about = [*follow_up.references, *(_application(*a) for a in follow_up.applications)]
    return one_line(f"{kinds}: {' · '.join(about)}" if about else kinds)


def _application(company: str, role: str | None) -> str:
    return f"{company}, {role}" if role else company


def follow_up_text(follow_up: FollowUp) -> str:
    """Return a follow-up in a few lines, with its reasons."""
    rows = [title(follow_up), f"due {day(follow_up.due_at)}, {follow_up.state}"]
    if draft := follow_up.draft:
        rows.append(f"draft {draft_text(draft)}")
    if event := follow_up.event:
        rows.append(one_line(f"event on {day(event.start)}: {event.summary}"))
    rows += [f"because {cause_text(cause)}" for cause in follow_up.why]
    rows.append(f"key {safe(follow_up.key)}")
    return "\n  ".join(rows)


def draft_text(draft: Draft) -> str:
    """Return whom a draft is to and what it is about on one line."""
    to = ", ".join(address.email for address in draft.to) or "nobody yet"
    return one_line(f"to {to}: {draft.subject}")


def cause_text(cause: Cause) -> str:
    """Return one link of the chain of reasons on one line."""
    when = f", {day(cause.at)}" if cause.at else ""
    words = f": “{cause.text}”" if cause.text else ""
    return one_line(f"{cause.signal} in {cause.source}{when}{words}")


def quoted(text: str) -> str:
    """Return the words of a draft or an event, set off from our own."""
    return textwrap.indent(safe(text.strip()), "│ ", lambda _: True)
