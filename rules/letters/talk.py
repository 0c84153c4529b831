"""What a person can tell about the user's work: only what is stated, what suits the role first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vouchd.rules.intent import Process
from vouchd.rules.letters.wording import safe
from vouchd.rules.model import Reference

_STOP = frozenset(
    """a an and as at by de der die das for from in of on or our the their to und van with der den
    led ran built made work working role senior junior lead staff principal team""".split()
)
#: What near words of a posting and of a reference have in common, by the first letters.
_KIN = (
    (
        "engineer",
        "develop",
        "software",
        "code",
        "coding",
        "program",
        "technical",
        "archit",
        "system",
        "migration",
        "on-call",
        "incident",
    ),
    ("manag", "lead", "mentor", "coach", "people", "hiring", "team"),
    (
        "platform",
        "infra",
        "cloud",
        "kubernetes",
        "devops",
        "operat",
        "reliab",
        "on-call",
        "incident",
        "sre",
    ),
    ("data", "analy", "statistic", "model", "machine", "research", "scien"),
    ("product", "roadmap", "stakeholder", "customer", "client"),
    ("design", "ux", "ui", "usability", "interface"),
    ("market", "brand", "campaign", "content", "communicat", "writing", "editor"),
    ("sales", "account", "revenue", "negotiat", "partner"),
    ("financ", "budget", "billing", "payment", "audit", "controlling", "invoic"),
    ("teach", "class", "pupil", "student", "curriculum", "train"),
    ("care", "patient", "clinical", "ward", "nurs"),
    ("project", "deliver", "deadline", "plan", "coordinat", "migration"),
)
#: Past tenses a sentence "you saw how I …" can take up as they stand.
_PAST = frozenset(
    """led built ran wrote made took brought kept held grew won taught cut set drove gave dealt
    rebuilt rewrote oversaw sold shipped""".split()
)
_NO_PAST = frozenset(
    "need speed feed seed weed red bed embed shared related detailed skilled".split()
)
_TOGETHER = re.compile(
    r"\b(?i:manager|boss|supervisor|lead|leader|head|director|colleague|co-?worker|teammate|peer"
    r"|report|cto|ceo|cfo|coo|chef(?:in)?|vorgesetzter?|kollegin|kollege|collègue|jefa?|colega"
    r"|collega|chefe|capo|responsable)\b[^,;(]*?\s(?:at|bei|chez|en|bij|na|no|presso)\s+"
    r"(?P<where>[^\W\d_a-z][^,;()]*?)\s*(?:[,;(]|\bfrom\b|\bsince\b|\b(?:19|20)\d\d\b|$)"
)
#: What somebody was to the user, with a word or two before it: "former managing director".
_AS = re.compile(
    r"(?:my |our )?(?P<what>(?:[^\W\d_]+[ -]){0,2}(?i:manager|boss|supervisor|lead|leader|head"
    r"|director|colleague|coworker|teammate|peer|client|customer|partner|mentor|professor|tutor|teacher"
    r"|editor|chef|chefin|vorgesetzter?|kollegin|kollege|kundin|kunde|professorin|mentorin|collègue|client"
    r"|cliente|responsable|jefa|jefe|colega|compañer[oa]|chefe|collega|capo|klant|leidinggevende))"
)
_YEARS = re.compile(r"\b((?:19|20)\d\d)\s*(?:-|–|to|until|bis)\s*((?:19|20)\d\d)\b")


def talking_points(
    person: Reference, processes: Sequence[Process], *, most: int = 3
) -> tuple[str, ...]:
    """Return what `person` can speak to, what suits the roles and their weights first."""
    wanted = " ".join(
        text for process in processes for text in (process.role or "", *process.points)
    )
    stated = dict.fromkeys(safe(point, most=100).rstrip(" .") for point in person.can_speak_to)
    points = [point for point in stated if point]
    ranked = sorted(points, key=lambda point: -closeness(point, wanted))  # stable: stated order
    return tuple(ranked[:most])


def closeness(point: str, wanted: str) -> int:
    """Return how much two texts have to do with each other: same words count three, kin one."""
    here, there = _stems(point), _stems(wanted)
    same = sum(any(_alike(a, b) for b in there) for a in here)
    kin = sum(_any_of(group, here) and _any_of(group, there) for group in _KIN)
    return 3 * same + kin


def scene(points: Sequence[str]) -> str:
    """Return the first point that can follow "you saw how I", e.g. "led the billing migration"."""
    return next((point[0].lower() + point[1:] for point in points if _is_deed(point)), "")


def _is_deed(point: str) -> bool:
    words = point.lower().split()
    if len(words) < 3 or len(words) > 9 or words[0] in _NO_PAST:
        return False
    return words[0] in _PAST or (len(words[0]) > 4 and words[0].endswith("ed"))


#: Small words that give a language away; a text without any of them suits every language.
_SMALL = {
    "en": "the of and with for our from team led built ran wrote how to",
    "de": "der die das des dem den und mit für von im am ein eine zur zum bei über",
    "fr": "le la les des du et avec pour une sur dans équipe",
    "es": "el los las y con para del una por sobre equipo",
    "nl": "het een en met voor van bij over naar team",
    "pt": "o os as e com para do da dos uma por sobre equipa equipe",
    "it": "il lo gli e con per del della di una sul squadra",
}


def speaks(text: str, language: str) -> bool:
    """Return whether `text` can stand in a sentence of `language`: none has more of its words."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    hits = {tongue: len(words & set(small.split())) for tongue, small in _SMALL.items()}
    own = hits.get(language.partition("-")[0], 0)
    return own == max(hits.values())


def tongue_of(text: str) -> str | None:
    """Return the language that small words of a text give away; None where they do not tell."""
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    hits = {tongue: len(words & set(small.split())) for tongue, small in _SMALL.items()}
    first, second = sorted(hits, key=lambda tongue: -hits[tongue])[:2]
    return first if hits[first] > hits[second] else None


def together(person: Reference) -> str:
    """Return where the two worked together, when the relationship says so: "manager at Globex"."""
    found = _TOGETHER.search(safe(person.relationship or ""))
    return found["where"].strip() if found else ""


def as_what(person: Reference, language: str) -> str:
    """Return what the person was to the user, in words of the language: "former client"."""
    found = _AS.fullmatch((person.relationship or "").strip())
    what = found["what"] if found else ""
    known = tongue_of(what) or _tongue_of_role(what)
    return what if what and known == language.partition("-")[0] else ""


#: Which language a word for a relationship is of, where no small word tells.
_ROLES = {
    "en": "former ex previous manager boss supervisor lead leader head director colleague coworker"
    " teammate peer client customer partner mentor professor tutor teacher editor",
    "de": "ehemalige ehemaliger frühere früherer chef chefin vorgesetzte vorgesetzter kollegin"
    " kollege kundin kunde professorin mentorin",
    "fr": "ancien ancienne collègue client cliente responsable chef",
    "es": "antiguo antigua exjefe exjefa jefa jefe colega compañero compañera cliente",
    "nl": "voormalig voormalige oud collega klant leidinggevende",
    "pt": "antigo antiga chefe colega cliente",
    "it": "ex capo collega cliente responsabile",
}


def _tongue_of_role(what: str) -> str:
    words = set(re.findall(r"[^\W\d_]+", what.lower()))
    hits = {tongue: len(words & set(roles.split())) for tongue, roles in _ROLES.items()}
    first, second = sorted(hits, key=lambda tongue: -hits[tongue])[:2]
    return first if hits[first] > hits[second] else ""


def years(person: Reference) -> tuple[str, str] | None:
    """Return from when to when they worked together, when the relationship says so."""
    found = _YEARS.search(safe(person.relationship or ""))
    return (found[1], found[2]) if found else None


def weights(process: Process) -> tuple[str, ...]:
    """Return what the employer weighs, at most three things."""
    points = (safe(point, most=60).rstrip(" .") for point in process.points)
    return tuple(point for point in points if point)[:3]


def _stems(text: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W_][\w-]{2,}", text.lower())
    return tuple(word for word in words if word not in _STOP)


def _alike(a: str, b: str) -> bool:
    length = min(len(a), len(b), 7)
    return a == b or (length > 3 and a[:length] == b[:length])


def _any_of(group: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(word.startswith(start) for start in group for word in words)
