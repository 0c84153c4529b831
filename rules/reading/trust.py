"""Why a message with consequences is not to be trusted: DMARC, a lookalike domain, money asked."""

from __future__ import annotations

import re

from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.domains import belongs, organisation
from vouchd.rules.reading.names import squash
from vouchd.rules.reading.view import View


def doubt(view: View) -> str | None:
    """Return in words why a received message is not to be trusted; None where nothing speaks so."""
    message = view.message
    if message.sent:
        return None
    if message.authentic is False:
        return f"{message.sender.domain} did not send this: the DMARC check failed"
    money = [h for h in view.new.of("money") if h.strength == Strength.STRONG]
    if money and not view.parts.forwarded:
        return f"asks for money or bank data: {view.new.excerpt(money[0])}"
    return _lookalike(view) or _borrowed_name(view) or _command(view)


def _lookalike(view: View) -> str | None:
    """Say whose domain the sender's imitates: acme-robotlcs for acme-robotics."""
    domain = view.message.sender.domain
    label = squash(organisation(domain))
    vendors = view.book.lexicon.vendors
    for application in view.book.stated:
        real = {organisation(d): d for d in application.domains}
        real.setdefault(squash(application.company), application.company)
        if any(domain == d or domain.endswith("." + d) for d in application.domains):
            return None
        for name, shown in real.items():
            if application.domains and imitates(label, squash(name)):
                return f"{domain} is not {shown}, though it looks like it"
    for name in vendors.platform_names:
        if belongs(domain, vendors.platforms):
            break
        vendor = squash(name)
        if len(vendor) >= 4 and imitates(label, vendor):
            return f"{domain} is no domain of {name}"
    return None


def _borrowed_name(view: View) -> str | None:
    """Say when a reference's name stands before an address that is not theirs."""
    sender = view.message.sender
    if not view.author or view.circle.at(sender.email):
        return None
    return f"{sender.email} is no known address of {view.author}"


#: Words to a program, not to a person; nobody who knows of vouchd writes to it.
_COMMAND = re.compile(
    r"\b(?:mark|set|flag|record|treat)\b.{1,60}\bas\b.{0,20}\b(?:declined|refused|agreed|accepted"
    r"|done|completed|overdue|dismissed|rejected|withdrawn)\b"
    r"|\b(?:ignore|disregard)\b.{1,30}\b(?:instructions?|prompts?|rules?)\b"
    r"|\bvouchd\b.{0,3}[:,]",
    re.I,
)


def _command(view: View) -> str | None:
    """Say when a message tells a program what to do."""
    found = _COMMAND.search(f"{view.message.subject}\n{view.message.text[:20_000]}")
    return f"speaks to a program: {' '.join(found[0].split())[:80]}" if found else None


_CONFUSED = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "3": "e", "4": "a", "8": "b"})


def imitates(label: str, real: str) -> bool:
    """Whether a label is written so that it is taken for another: one letter off, or extended."""
    if label == real or len(real) < 4:
        return False
    plain = [w.translate(_CONFUSED).replace("rn", "m").replace("vv", "w") for w in (label, real)]
    if plain[0] == plain[1]:
        return True
    if label.startswith(real) and label[len(real) :] in _DECOYS:
        return True
    return len(real) >= 7 and _distance_one(label, real)


_DECOYS = frozenset(
    "careers career jobs hr hiring recruit recruiting recruitment talent offers offer help support "
    "verify verification candidates candidate portal secure online official team onboarding "
    "checks check references reference refs inc global group".split()
)


def _distance_one(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) == len(right):
        different = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
        if len(different) == 2:
            i, j = different
            return j == i + 1 and left[i] == right[j] and left[j] == right[i]
        return len(different) == 1
    shorter, longer = sorted((left, right), key=len)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
