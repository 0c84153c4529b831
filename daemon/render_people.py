"""People as JSON and as text: how the balance stands with them, and who fits an application."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from vouchd.daemon.render import counted, one_line
from vouchd.rules.intent import Candidate
from vouchd.rules.playbook.balance import Balance


def balance_json(balance: Balance, *, news: bool) -> dict[str, Any]:
    """Return what went to and fro with one person."""
    last = balance.last_contact
    return {
        "name": balance.name,
        "asked": balance.asked,
        "acted": balance.acted,
        "thanked": balance.thanked,
        "told": balance.told,
        "returned": balance.returned,
        "last_contact": last.isoformat() if last else None,
        "looking": balance.looking,
        "owed": list(owed(balance, news=news)),
    }


def balance_text(balance: Balance, zone: tzinfo, *, news: bool) -> str:
    """Return the balance with one person on one line; what the user owes stands at its end."""
    last = balance.last_contact
    when = f"last contact {last.astimezone(zone):%-d %b %Y}" if last else "no contact yet"
    row = (
        f"{balance.name}: asked {balance.asked}, acted {balance.acted}, "
        f"thanked {balance.thanked}, told {balance.told}, returned {balance.returned}, {when}"
    )
    debts = " and ".join(owed(balance, news=news))
    return one_line(f"{row} – YOU OWE {debts}" if debts else row)


def owed(balance: Balance, *, news: bool) -> tuple[str, ...]:
    """Return in words what the user still owes the person; `news`: an outcome waits to be told."""
    debts = []
    if balance.owed:
        debts.append(counted(balance.owed, "thank-you"))
    if news:
        debts.append("news")
    if balance.looking and not balance.returned:
        debts.append("help: they look for work")
    return tuple(debts)


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """Return how well one person fits an application."""
    return {
        "name": candidate.person.name,
        "score": candidate.score,
        "agreed": candidate.agreed,
        "reasons": list(candidate.reasons),
        "note": candidate.note,
    }


def candidate_text(candidate: Candidate, place: int) -> str:
    """Return one line of the ranking; who must not be named has no place in it."""
    said = [*candidate.reasons, *([] if candidate.agreed or candidate.note else ["ask first"])]
    start = f"- {candidate.person.name}" if candidate.note else f"{place}. {candidate.person.name}"
    return one_line(f"{start}: {candidate.note or '; '.join(said) or 'nothing is known'}")
