"""A person's name taken apart: first, last, degree, and whether a display name is a person's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vouchd.rules.letters.wording import safe
from vouchd.rules.model import Reference

_GENDER = {
    **dict.fromkeys(("mr", "herr", "monsieur", "m", "sr", "dhr", "meneer", "sig", "signor"), "m"),
    **dict.fromkeys(
        ("ms", "mrs", "miss", "frau", "madame", "mme", "sra", "mevr", "mevrouw", "mw"), "f"
    ),
    **dict.fromkeys(("signora", "dra", "dottssa", "profssa"), "f"),
}
_DEGREES = {
    "dr": "Dr.",
    "prof": "Prof.",
    "professor": "Professor",
    "dott": "Dott.",
    "dottssa": "Dott.ssa",
    "profssa": "Prof.ssa",
    "ing": "Ing.",
    "avv": "Avv.",
    "dra": "Dra.",
    "mag": "Mag.",
    "di": "DI",
    "rev": "Rev.",
    "sir": "Sir",
    "dame": "Dame",
    "captain": "Captain",
    "capt": "Capt.",
    "colonel": "Colonel",
    "father": "Father",
    "sister": "Sister",
    "cllr": "Cllr",
    "councillor": "Councillor",
}
_PARTICLES = frozenset(
    "de der den del della da das do dos di la le van von zu zum ten ter y e".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md mba cpa esq pmp".split())

_NO_PERSON = re.compile(
    r"[@\d]|\b(?:recruit\w*|talent|careers?|jobs?|team|hr|people|hiring|no-?reply|notifications?"
    r"|inc|ltd|gmbh|references?|support|personal\w*|bewerb\w*|screening|checks?|verification)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's name in its forms; `first` is empty where nobody can tell it from the rest."""

    full: str
    first: str
    last: str
    title: str  #: a degree, e.g. "Dr."
    gender: str  #: "m", "f" or empty: only what a form of address says


def name_of(person: str, title: str | None = None) -> Name:
    """Take a name apart: "Dr. Marieke de Wit" -> first Marieke, last de Wit, title Dr.

    `title` may be a form of address ("Ms", "Prof."); a job title is not taken for one.
    """
    family, comma, given = safe(person).partition(",")
    if comma and _plain(given) not in _SUFFIXES and given.strip():
        words = [*given.split(), *family.split()]
    else:
        words = family.split()
    gender = ""
    degrees: list[str] = []
    for word in _courtesy(title):
        gender, degrees = _GENDER.get(word, gender), [*degrees, word]
    while len(words) > 1 and (_plain(words[0]) in _GENDER or _plain(words[0]) in _DEGREES):
        word = _plain(words.pop(0))
        gender, degrees = _GENDER.get(word, gender), [*degrees, word]
    while len(words) > 2 and _plain(words[-1]) in _SUFFIXES:
        words.pop()
    full = " ".join(words)
    last = _last(words)
    titles = dict.fromkeys(_DEGREES[word] for word in degrees if word in _DEGREES)
    return Name(full=full, first=_first(words), last=last, title=" ".join(titles), gender=gender)


#: Words for a woman and for a man, in what the user wrote of how the two know each other, and the
#: forms of a title that are a woman's alone. A word that serves for both tells nothing.
_SHE = re.compile(
    r"\b(?:chefin|kollegin|vorgesetzte|professorin|kundin|mentorin|leiterin|partnerin|betreuerin"
    r"|dozentin|lehrerin|\w{3,}(?:leiterin|managerin|direktorin|beraterin)"
    r"|ancienne (?:collègue|chef|responsable|cliente|manager|directrice)|directrice|formatrice"
    r"|antigua (?:jefa|colega|responsable|cliente)|jefa|directora|profesora|compañera"
    r"|antiga (?:chefe|colega|responsável|cliente)|diretora|professora|direttrice|professoressa"
    r"|she|her)\b",
    re.IGNORECASE,
)
_HE = re.compile(
    r"\b(?:(?:ehemaliger|früherer) (?:chef|\w*leiter|mentor|partner|manager|professor|betreuer)"
    r"|kollege|vorgesetzter|kunde|directeur|direttore|compañero"
    r"|ancien (?:collègue|chef|responsable|client|manager|directeur)"
    r"|antiguo (?:jefe|colega|responsable|cliente)|antigo (?:chefe|colega|responsável|cliente)"
    r"|he|his)\b",
    re.IGNORECASE,
)
_HERS = re.compile(
    r"\b\w{3,}(?:leiterin|managerin|direktorin|beraterin|professorin)\b"
    r"|\b(?:leiterin|professorin|direktorin|geschäftsführerin|directrice|directora|diretora"
    r"|direttrice|professora|professoressa)\b",
    re.IGNORECASE,
)


_CHAIR = re.compile(
    r"(?:(?:associate|assistant|full|visiting|emeritus|senior) )?prof(?:essor(?:in|a)?|\.)?(?!\w)",
    re.IGNORECASE,
)


def name_as_known(person: Reference) -> Name:
    """Take the name of a reference apart; Mr or Ms also by what the user wrote about them.

    "meine ehemalige Chefin" tells, a first name never does.
    """
    name = name_of(person.name, person.title)
    if not name.title and _CHAIR.match(person.title or ""):
        name = replace(name, title="Professor")
    if name.gender:
        return name
    told = person.relationship or ""
    she = bool(_SHE.search(told) or _HERS.search(person.title or ""))
    he = bool(_HE.search(told))
    return name if she is he else replace(name, gender="f" if she else "m")


def is_courtesy(title: str | None) -> bool:
    """Return whether a title is a form of address ("Dr.") and not a job ("Head of Data")."""
    return bool(title) and bool(_courtesy(title))


def _courtesy(title: str | None) -> list[str]:
    words = [_plain(word) for word in safe(title or "").split()]
    return words if all(word in _GENDER or word in _DEGREES for word in words) else []


def _plain(word: str) -> str:
    return re.sub(r"[.\s]", "", word).lower()


def _first(words: list[str]) -> str:
    if not words or re.search(r"[\u3040-\u9fff\uac00-\ud7af]", words[0]):
        return ""  # there the family name comes first
    if len(words) > 1 and len(_plain(words[0])) == 1:
        return ""  # an initial is no name to greet by
    return words[0]


def _last(words: list[str]) -> str:
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])


def person_named(display: str, email: str = "") -> str:
    """Return the name in a display name when it is somebody's: "Priya Nair via Acme" -> Priya Nair.

    Empty for "Acme Recruiting" and the like, and for a house that writes under the name of its
    domain: "Sterling Gate <casework@sterlinggate-screening.example>".
    """
    name = re.split(r"\s+(?:via|from|at|von|bei)\s|\s*[(|\[]|\s+-\s", safe(display, most=60))[0]
    words = name.replace(",", " ").split()
    if _NO_PERSON.search(name) or not 2 <= len(words) <= 4 or not name[:1].isupper():
        return ""
    box, _, domain = email.lower().partition("@")
    of_domain = re.sub(r"\W", "", name.lower()) in re.sub(r"\W", "", domain)
    own_box = any(len(word) > 1 and _plain(word) in box for word in words) or not box
    return name if own_box or not of_domain else ""
