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
    r"|terrible|toxic|chao\w*|mess\w*|insult\w*|unprofessional\w*|disrespect\w*|lied|liars?"
    # Pay, health and family in the other languages of the letters.
    r"|bezahl\w*|vergütung\w*|gesundheit\w*|(?-i:Kind|Ehe|Mann|Frau)|kinder\w*|mutter|vater|eltern\w*"
    r"|scheidung\w*|pflege\w*|paie|payé\w*|rémunérat\w*|santé|malad\w*|enceinte|grossesse|enfants?"
    r"|mari|femme|épou\w*|conjoint\w*|mère|père|pagad\w*|pagan|salud|enferm\w*|embaraz\w*|hij[oa]s?"
    r"|mujer|marido|espos\w*|madre|padre|divorci\w*|betaal\w*|verdien\w*|gezondheid\w*|ziek\w*"
    r"|zwanger\w*|kinderen|gezin\w*|vrouw|moeder|vader|ouders|scheiding|salário\w*|ordenado"
    r"|remuneraç\w*|saúde|doen\w*|grávida|gravidez|filh[oa]s?|mulher|mãe|pai|pais|retribuzion\w*"
    r"|pagat\w*|salute|malatt\w*|incinta|gravidanza|figli\w*|famigli\w*|moglie|marito|mamma|papà|divorzi\w*"
    r"|unverschämt\w*|unhöflich\w*|grossier\w*|impoli\w*|groser\w*|maleducad\w*|onbeleefd\w*"
    r"|onbeschoft\w*|scortes\w*|chaotisch\w*|caótic\w*|caotic\w*|religion\w*|gewerkschaft\w*"
    r"|gezin|embarazad\w*|vergütung|eltern|pagan?|syndicat\w*|sindicat\w*|sindacat\w*|vakbond\w*|behindert\w*|handicap\w*)\b",
    re.IGNORECASE,
)


def reason_of(occasion: Occasion) -> str:
    """Return the stated reason where it is whole and nobody's private business."""
    reason = safe(occasion.reason or "", most=200).rstrip(" .!")
    if _PRIVATE.search(reason) or reason.endswith(("…", ",")):
        return ""
    return reason


def is_private(words: str) -> bool:
    """Return whether words touch on what is nobody else's business: pay, health, family."""
    return bool(_PRIVATE.search(words))
