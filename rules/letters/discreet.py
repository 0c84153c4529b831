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
    r"|kind|kinder\w*|frau|mann|eltern|mutter|vater|bezahl\w*|vergütung|scheidung|unverschämt\w*"
    r"|enfants?|femme|mari|mère|père|rémunération|paie|payé\w*|malad\w*|enceinte|grossier\w*"
    r"|hij[oa]s?|mujer|marido|madre|padre|pagan?|remuneración|enferm\w*|embarazad\w*"
    r"|gezin|kinderen|vrouw|moeder|vader|betaling|betaald\w*|zwanger\w*|ziek\w*|onbeschoft"
    r"|filh[oa]s?|esposa|mãe|pai|doenç\w*|doente|grávida|figli\w*|moglie|marito|malatti\w*"
    r"|incinta"
    r"|terrible|toxic|chao\w*|mess\w*|insult\w*|unprofessional\w*|disrespect\w*|lied|liars?)\b",
    re.IGNORECASE,
)


def reason_of(occasion: Occasion) -> str:
    """Return the stated reason where it is whole and nobody's private business."""
    reason = safe(occasion.reason or "", most=200).rstrip(" .!")
    if _PRIVATE.search(reason) or reason.endswith(("…", ",")):
        return ""
    return reason
