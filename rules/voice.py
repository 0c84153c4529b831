"""How the user speaks to a person: which language, first or last name, greeting and sign-off."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from vouchd.rules.intent import Voice
from vouchd.rules.model import Address, Reference
from vouchd.rules.wording import FALLBACK, Speech, safe

#: Forms of address that stand before a last name; by language, so that none is used in another.
_MALE = {"en": "Mr", "de": "Herr", "fr": "Monsieur", "es": "Sr.", "nl": "meneer", "pt": "Sr."}
_FEMALE = {"en": "Ms", "de": "Frau", "fr": "Madame", "es": "Sra.", "nl": "mevrouw", "pt": "Sra."}
_MALE["it"], _FEMALE["it"] = "Sig.", "Sig.ra"
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
}
_PARTICLES = frozenset(
    "de der den del della da das do dos di la le van von zu zum ten ter y e".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv phd md mba cpa esq pmp".split())

_HELLO = {
    #: (first name or full name, title and last name)
    "en": ("Hi {name},", "Dear {title} {last},"),
    "de": ("Hallo {name},", "Guten Tag {title} {last},"),
    "fr": ("Bonjour {name},", "Bonjour {title} {last},"),
    "es": ("Hola, {name}:", "Buenos días, {title} {last}:"),
    "nl": ("Beste {name},", "Geachte {title} {last},"),
    "pt": ("Olá, {name},", "Bom dia, {title} {last},"),
    "it": ("Ciao {name},", "Gentile {title} {last},"),
}
_HELLO_FULL = {
    "en": "Dear {name},",
    "de": "Guten Tag {name},",
    "fr": "Bonjour {name},",
    "es": "Buenos días, {name}:",
    "nl": "Beste {name},",
    "pt": "Bom dia, {name},",
    "it": "Gentile {name},",
}
_HELLO_GENDER = {
    ("de", "m"): "Sehr geehrter {title} {last},",
    ("de", "f"): "Sehr geehrte {title} {last},",
    ("es", "m"): "Estimado {title} {last}:",
    ("es", "f"): "Estimada {title} {last}:",
    ("pt", "m"): "Caro {title} {last},",
    ("pt", "f"): "Cara {title} {last},",
}
_HELLO_ALL = {
    "en": "Hello,",
    "de": "Guten Tag,",
    "fr": "Bonjour,",
    "es": "Buenos días:",
    "nl": "Goedendag,",
    "pt": "Bom dia,",
    "it": "Buongiorno,",
}
_HELLO_EVERYONE = {
    "en": "Hello everyone,",
    "de": "Guten Tag zusammen,",
    "fr": "Bonjour à toutes et à tous,",
    "es": "Buenos días a todos:",
    "nl": "Beste allen,",
    "pt": "Bom dia a todos,",
    "it": "Buongiorno a tutti,",
}
_BYE = {
    #: (familiar, formal)
    "en": ("Best,", "Kind regards,"),
    "de": ("Viele Grüße", "Freundliche Grüße"),
    "fr": ("Bien cordialement,", "Cordialement,"),
    "es": ("Un abrazo,", "Un cordial saludo,"),
    "nl": ("Hartelijke groet,", "Met vriendelijke groet,"),
    "pt": ("Um abraço,", "Com os melhores cumprimentos,"),
    "it": ("Un caro saluto,", "Cordiali saluti,"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's name in its forms; `first` is empty where nobody can tell it from the rest."""

    full: str
    first: str
    last: str
    title: str  #: a degree, e.g. "Dr."
    gender: str  #: "m", "f" or empty: only what a form of address says


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one letter speaks."""

    language: str  #: of the templates, e.g. "de"
    wanted: str  #: the language that was asked for, which we may not have
    formal: bool
    name: Name
    greeting: str
    sign_off: str  #: without the user's name
    signature: str

    @property
    def polite(self) -> bool:
        """Whether the forms of courtesy are used; Brazil's "você" takes them in any case."""
        return self.formal or self.wanted == "pt-br"


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


def manner(
    person: Reference,
    voice: Voice | None,
    *,
    me: str,
    languages: Collection[str],
    default: str,
    card: bool = False,
) -> Manner:
    """Decide how a letter or card to `person` speaks: as stated, else as learnt, else by custom.

    Without a word on it, English uses the first name and every other language the formal form.
    """
    said = voice or Voice()
    wanted = safe(person.language or said.language or default or FALLBACK, most=12).lower()
    language = pick_language(wanted, languages)
    formal = next(
        (given for given in (person.formal, said.formal) if given is not None), language != "en"
    )
    name = name_of(person.name, person.title)
    same = (said.language or wanted).lower().partition("-")[0] == language.partition("-")[0]
    learnt = safe(said.greeting or "", most=60) if same else ""
    parting = safe(said.sign_off or "", most=60) if same else ""
    if card and language == "en" and not formal and name.first:
        learnt = learnt or f"Dear {name.first},"
    short = name_of(me)
    return Manner(
        language=language,
        wanted=wanted,
        formal=formal,
        name=name,
        greeting=learnt or greet(name, language=language, formal=formal),
        sign_off=parting or sign_off(language, formal=formal),
        signature=short.full if formal or not short.first else short.first,
    )


_NO_PERSON = re.compile(
    r"[@\d]|\b(?:recruit\w*|talent|careers?|jobs?|team|hr|people|hiring|no-?reply|notifications?"
    r"|inc|ltd|gmbh|references?|support|personal\w*|bewerb\w*)\b",
    re.IGNORECASE,
)


def person_named(display: str) -> str:
    """Return the name in a display name when it is somebody's: "Priya Nair via Acme" -> Priya Nair.

    Empty for "Acme Recruiting" and the like.
    """
    name = re.split(r"\s+(?:via|from|at|von|bei)\s|\s*[(|\[]|\s+-\s", safe(display, most=60))[0]
    words = name.replace(",", " ").split()
    if _NO_PERSON.search(name) or not 2 <= len(words) <= 4 or not name[:1].isupper():
        return ""
    return name


def manner_to_strangers(
    to: tuple[Address, ...],
    voice: Voice | None,
    *,
    me: str,
    languages: Collection[str],
    default: str,
) -> Manner:
    """Decide how a letter to an employer or to interviewers speaks: businesslike, full name."""
    said = voice or Voice()
    wanted = safe(said.language or default or FALLBACK, most=12).lower()
    language = pick_language(wanted, languages)
    formal = language != "en" if said.formal is None else said.formal
    names = [name_of(name) for address in to if (name := person_named(address.name))]
    if len(names) == 1 and language == "en" and not formal and names[0].first:
        hello = f"Dear {names[0].first},"
    elif len(names) == 1:
        hello = greet(names[0], language=language, formal=formal)
    elif names and len(names) == len(to):
        hello = _greet_several(names, language)
    else:
        hello = _HELLO_ALL.get(language.partition("-")[0], _HELLO_ALL[FALLBACK])
    return Manner(
        language=language,
        wanted=wanted,
        formal=formal,
        name=names[0] if len(names) == 1 else name_of(""),
        greeting=safe(said.greeting or "", most=60) or hello,
        sign_off=safe(said.sign_off or "", most=60) or sign_off(language, formal=True),
        signature=safe(me),
    )


def _greet_several(names: list[Name], language: str) -> str:
    tongue = language.partition("-")[0]
    tongue = tongue if tongue in _HELLO_EVERYONE else FALLBACK
    if len(names) > 3:
        return _HELLO_EVERYONE[tongue]
    called = [name.first or name.full if tongue == "en" else name.full for name in names]
    everyone = Speech(tongue, date.min).ands(called)
    form = "Gentili {name}," if tongue == "it" else _HELLO_FULL[tongue]
    return form.format(name=everyone)


def pick_language(wanted: str, languages: Collection[str]) -> str:
    """Return the variant asked for, else its language, else English."""
    base = wanted.partition("-")[0]
    return next((tongue for tongue in (wanted, base) if tongue in languages), FALLBACK)


def greet(name: Name, *, language: str, formal: bool) -> str:
    """Return the line a letter opens with; without a name to use it greets without one."""
    tongue = language.partition("-")[0]
    tongue = tongue if tongue in _HELLO else FALLBACK
    if not name.full:
        return _HELLO_ALL[tongue]
    if not formal and name.first:
        return _HELLO[tongue][0].format(name=name.first)
    address = {"m": _MALE, "f": _FEMALE}.get(name.gender, {}).get(tongue, "")
    if name.title:
        address = f"{address} {name.title}".strip() if tongue == "de" else name.title
    if not address or " " not in name.full:
        return _HELLO_FULL[tongue].format(name=name.full)
    form = _HELLO_GENDER.get((tongue, name.gender), _HELLO[tongue][1])
    last = name.full if tongue in ("es", "pt") and name.full.count(" ") > 1 else name.last
    if tongue == "nl":
        last = last[:1].upper() + last[1:]  # "mevrouw De Wit"
    return form.format(title=address, last=last)


def sign_off(language: str, *, formal: bool) -> str:
    """Return the line a letter closes with, before the name."""
    tongue = language.partition("-")[0]
    familiar, distant = _BYE.get(tongue, _BYE[FALLBACK])
    return distant if formal else familiar
