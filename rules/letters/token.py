"""What a small token could be for a person, and where none may be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vouchd.rules.letters.wording import safe
from vouchd.rules.model import Reference

_PUBLIC = re.compile(
    r"\b(?:city|county|council|ministry|ministerium|department of|federal|state|government|gov"
    r"|university|universit\w+|college|school|schule|hochschule|public|police|army|navy|nhs|court"
    r"|stadt|landkreis|bundes\w+|landes\w+|amt|behörde|agency|mairie|gemeente|comune|câmara)\b"
    r"|\.gov\b|\.edu\b|\.mil\b|\.ac\.",
    re.IGNORECASE,
)


def token(person: Reference) -> Iterator[str]:
    """Yield the lines of a gift event about one person."""
    name = safe(person.name, most=40)
    wish = safe(person.gift or "", most=120)
    yield (
        f"- {name}: {wish}" if wish else f"- {name}: flowers, a bottle, something to eat, or a card"
    )
    domains = " ".join(email.rpartition("@")[2] for email in person.emails)
    if _PUBLIC.search(f"{person.employer or ''} {domains}"):
        yield f"  {name} may not be allowed to take gifts (public sector): a card is always safe."
