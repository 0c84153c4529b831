"""Which reason may travel on in a letter: the user's own words, unless they are private."""

from __future__ import annotations

import re

from vouchd.rules.intent import Occasion
from vouchd.rules.letters.wording import safe

#: What of a reason must not travel to others: pay, health, family, faith, unions.
_PRIVATE = re.compile(
    r"[$€£¥]|\b\d+\s?k\b|\b(?:salar\w*|pay|paid|compensation|equity|bonus|stock|gehalt\w*|salair\w*"
    r"|sueldo|salari\w*|salaris|loon|stipendi\w*|health|illness|sick\w*|pregnan\w*|surgery"
    r"|diagnos\w*|divorce\w*|religio\w*|union|visa|disabilit\w*|schwanger\w*|krank\w*"
    # Family, and ill words of anybody: the letter may travel on.
    r"|famil\w*|child\w*|kids?|wife|husband|parents?|mother|father|baby|marriage|rude\w*|awful"
    r"|terrible|toxic|chao\w*|mess\w*|insult\w*|unprofessional\w*|disrespect\w*|lied|liars?)\b",
    re.IGNORECASE,
)


def reason_of(occasion: Occasion) -> str:
    """Return the stated reason where it is whole and nobody's private business."""
    reason = safe(occasion.reason or "", most=200).rstrip(" .!")
    if _PRIVATE.search(reason) or reason.endswith(("…", ",")):
        return ""
    return reason
