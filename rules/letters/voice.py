"""How the user speaks to a person: which language, first or last name, greeting and sign-off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from vouchd.rules.intent import Voice
from vouchd.rules.letters.person_name import Name, name_as_known, name_of, person_named
from vouchd.rules.letters.wording import FALLBACK, Speech, safe
from vouchd.rules.model import Address, Reference

#: Forms of address that stand before a last name; by language, so that none is used in another.
_MALE = {"en": "Mr", "de": "Herr", "fr": "Monsieur", "es": "Sr.", "nl": "meneer", "pt": "Sr."}
_FEMALE = {"en": "Ms", "de": "Frau", "fr": "Madame", "es": "Sra.", "nl": "mevrouw", "pt": "Sra."}
_MALE["it"], _FEMALE["it"] = "Sig.", "Sig.ra"

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
    name = name_as_known(person)
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
        # "Chère Hélène, … vous …": courtesy, and yet first names.
        signature=short.full
        if not short.first or (formal and formality(name, person.nicknames, learnt) is not False)
        else short.first,
    )


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
    names = [name_of(name) for to_one in to if (name := person_named(to_one.name, to_one.email))]
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
        address = _with_degree(address, name, tongue)
    if not address or " " not in name.full:
        degree = f"{name.title} " if tongue == "de" and name.title else ""
        return _HELLO_FULL[tongue].format(name=f"{degree}{name.full}")
    form = _HELLO_GENDER.get((tongue, name.gender), _HELLO[tongue][1])
    last = name.full if tongue in ("es", "pt") and name.full.count(" ") > 1 else name.last
    if tongue == "nl":
        last = last[:1].upper() + last[1:]  # "mevrouw De Wit"
    return form.format(title=address, last=last)


#: A woman's degree where the language has a form of its own.
_HERS = {
    ("es", "Dr."): "Dra.",
    ("pt", "Dr."): "Dra.",
    ("pt", "Prof."): "Profa.",
    ("it", "Dr."): "Dott.ssa",
    ("it", "Dott."): "Dott.ssa",
    ("it", "Prof."): "Prof.ssa",
}


def _with_degree(address: str, name: Name, tongue: str) -> str:
    """Return what stands before a last name with a degree: "Frau Dr.", "Dra.", "Madame".

    German takes no degree without "Frau" or "Herr"; where nobody knows which, the full name does.
    """
    if tongue == "de":
        return f"{address} {name.title}" if address else ""
    if tongue == "fr" and address:
        return address
    if tongue == "nl" and address:
        return f"{address} {name.title.lower()}"
    hers = _HERS.get((tongue, name.title), name.title)
    return hers if name.gender == "f" else name.title


def formality(name: Name, nicknames: Collection[str], greeting: str | None) -> bool | None:
    """Return whether a greeting of the user's own keeps its distance; None: it does not tell.

    "Dear Ms Cole" does, "Dear Dana" does not. Who is on first-name terms in one language is so in
    every other.
    """
    words = {word.strip(",.!:;").casefold() for word in (greeting or "").split()}
    familiar = {word.casefold() for word in (name.first, *nicknames) if word}
    last = bool(name.last) and name.last.split()[-1].casefold() in words
    first = not words.isdisjoint(familiar)
    return None if first is last else last


def sign_off(language: str, *, formal: bool) -> str:
    """Return the line a letter closes with, before the name."""
    tongue = language.partition("-")[0]
    familiar, distant = _BYE.get(tongue, _BYE[FALLBACK])
    return distant if formal else familiar
