"""Readings as JSON, field by field and with a version, so that old state files stay readable.

What has its default is left out; an unknown field of the same version is ignored.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from vouchd.rules.model import (
    Act,
    ActKind,
    Address,
    Decision,
    Evidence,
    Reading,
    Signal,
    SignalKind,
)

VERSION = 1

Json = dict[str, Any]


class CodecError(ValueError):
    """A stored reading that this release cannot read."""


def encode(reading: Reading) -> str:
    """Return a reading as one line of JSON; `decode` is the inverse."""
    fields: Json = {
        "source": reading.source,
        "at": reading.at.isoformat(),
        "sent": reading.sent,
        "is_event": reading.is_event,
        "thread": reading.thread,
        "sender": _address(reading.sender),
        "reply_to": _address(reading.reply_to),
        "to": [_address(address) for address in reading.to],
        "subject": reading.subject,
        "signals": [_signal(signal) for signal in reading.signals],
        "acts": [_act(act) for act in reading.acts],
        "people": list(reading.people),
        "automatic": reading.automatic,
        "bulk": reading.bulk,
        "suspicious": reading.suspicious,
        "uid": reading.uid,
        "start": _moment(reading.start),
        "end": _moment(reading.end),
        "cancelled": reading.cancelled,
        "in_reply_to": reading.in_reply_to,
        "references": list(reading.references),
        "link": reading.link,
        "key": reading.key,
        "attendees": [_address(address) for address in reading.attendees],
        "language": reading.language,
        "greeting": reading.greeting,
        "sign_off": reading.sign_off,
    }
    told = {} if reading.formal is None else {"formal": reading.formal}  # a no is no silence
    # An unpaired surrogate (from broken mail) cannot be stored as UTF-8; ASCII escapes can.
    return json.dumps({"v": VERSION, **_without_empty(fields), **told}, separators=(",", ":"))


def decode(text: str) -> Reading:
    """Return the reading that `encode` wrote. Raises CodecError."""
    try:
        fields = json.loads(text)
        version = fields["v"]
        if version != VERSION:
            raise CodecError(f"a reading of version {version}; this release knows {VERSION}")
        return Reading(
            source=fields["source"],
            at=datetime.fromisoformat(fields["at"]),
            sent=fields.get("sent", False),
            is_event=fields.get("is_event", False),
            thread=fields.get("thread", ""),
            sender=_to_address(fields.get("sender")),
            reply_to=_to_address(fields.get("reply_to")),
            to=_addresses(fields.get("to")),
            subject=fields.get("subject", ""),
            signals=tuple(_to_signal(signal) for signal in fields.get("signals", ())),
            acts=tuple(_to_act(act) for act in fields.get("acts", ())),
            people=tuple(fields.get("people", ())),
            automatic=fields.get("automatic", False),
            bulk=fields.get("bulk", False),
            suspicious=fields.get("suspicious"),
            uid=fields.get("uid"),
            start=_to_moment(fields.get("start")),
            end=_to_moment(fields.get("end")),
            cancelled=fields.get("cancelled", False),
            in_reply_to=fields.get("in_reply_to"),
            references=tuple(fields.get("references", ())),
            link=fields.get("link"),
            key=fields.get("key"),
            attendees=_addresses(fields.get("attendees")),
            language=fields.get("language"),
            greeting=fields.get("greeting"),
            sign_off=fields.get("sign_off"),
            formal=fields.get("formal"),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        if isinstance(error, CodecError):
            raise
        raise CodecError(f"a reading that is not one ({error!r})") from error


def _signal(signal: Signal) -> Json:
    return _without_empty(
        {
            "kind": signal.kind.value,
            "confidence": signal.confidence,
            "decision": signal.decision.value,
            "evidence": [_evidence(evidence) for evidence in signal.evidence],
            "company": signal.company,
            "role": signal.role,
            "references": list(signal.references),
            "final_round": signal.final_round,
            "terms": list(signal.terms),
            "deadline": signal.deadline.isoformat() if signal.deadline else None,
            "contact": signal.contact,
        }
    )


def _to_signal(fields: Json) -> Signal:
    deadline = fields.get("deadline")
    return Signal(
        kind=SignalKind(fields["kind"]),
        confidence=fields.get("confidence", 0.0),
        decision=Decision(fields["decision"]),
        evidence=tuple(_to_evidence(evidence) for evidence in fields.get("evidence", ())),
        company=fields.get("company"),
        role=fields.get("role"),
        references=tuple(fields.get("references", ())),
        final_round=fields.get("final_round", False),
        terms=tuple(fields.get("terms", ())),
        deadline=date.fromisoformat(deadline) if deadline else None,
        contact=fields.get("contact"),
    )


def _act(act: Act) -> Json:
    return _without_empty(
        {
            "kind": act.kind.value,
            "references": list(act.references),
            "evidence": _evidence(act.evidence),
            "company": act.company,
            "until": act.until.isoformat() if act.until else None,
        }
    )


def _to_act(fields: Json) -> Act:
    return Act(
        kind=ActKind(fields["kind"]),
        references=tuple(fields.get("references", ())),
        evidence=_to_evidence(fields["evidence"]),
        company=fields.get("company"),
        until=date.fromisoformat(fields["until"]) if fields.get("until") else None,
    )


def _evidence(evidence: Evidence) -> list[str]:
    return [evidence.rule, evidence.text]


def _to_evidence(pair: list[str]) -> Evidence:
    rule, text = pair
    return Evidence(rule, text)


def _address(address: Address | None) -> list[str] | None:
    return [address.email, address.name] if address else None


def _to_address(pair: list[str] | None) -> Address | None:
    return Address(*pair) if pair else None


def _addresses(pairs: list[list[str]] | None) -> tuple[Address, ...]:
    return tuple(Address(*pair) for pair in pairs or ())


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _to_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _without_empty(fields: Json) -> Json:
    # A confidence of 0.0 goes too: it is its own default.
    return {name: value for name, value in fields.items() if value}
