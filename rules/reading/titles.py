"""What a job title looks like: its head word, and what around it is decoration."""

from __future__ import annotations

import re

from vouchd.rules.reading.lexicon import Language

#: requisition numbers and dates at either end of a title
_CODE = re.compile(
    r"^(?:[A-Z]{0,6}-?\d[\w.-]*|[A-Z]{1,4}-\d[\w-]*)[\s:–—-]+"
    r"|\s*[(\[]#?(?:(?:[A-Z]{1,5}|posting|position|vacancy|file)[-–_ ]?)?\d{2,}[\w-]*[)\]]$"
    r"|[\s,;:|–—-]+(?:\(?(?:req|ref|id|no|job|jr)\b.*|#?[A-Z]{0,4}[-–]?\d[\w.-]{3,}|\d{1,2}\.\d.*)$",
    re.IGNORECASE,
)
#: (m/w/d), (H/F), m/v/x: who may apply, no part of the title
_SEXES = re.compile(
    r"[\s,–-]*\((?:[mwfdhvixa](?:/[mwfdhvixa*])+|all genders|gn)\)"
    r"|\s(?:[hfmwvdx]/){1,2}[hfmwvdx]\b",
    re.IGNORECASE,
)
LETTERS = re.compile(r"[^\W\d_]+")


def titled(name: str, language: Language) -> bool:
    """Whether a name holds the head word of a job title."""
    return any(is_title(word, language) for word in LETTERS.findall(name.lower()))


def is_title(word: str, language: Language) -> bool:
    """Whether a word in small letters is the head word of a job title, or a compound of one."""
    return word in language.titles or (
        bool(language.title_ends) and len(word) > 8 and word.endswith(language.title_ends)
    )


def without_sexes(title: str) -> str:
    """Return a title without who may apply: (m/w/d), H/F."""
    return _SEXES.sub("", title)


def clean_role(role: str, company: str | None, language: Language) -> str | None:
    """Return a title without articles, labels, company and decoration; None when none is left."""
    words = role.strip(_EDGES).split()
    words = words[_lead(words, language) :]
    while words and words[-1].lower().strip(".,:") in language.role_end:
        words = words[:-1]
    role = without_sexes(" ".join(words))
    if any(c.isdigit() for c in role) or "." in role:
        role = _CODE.sub("", _FILE.sub("", role))
    if company and company.lower() in role.lower():
        words = _without_company(role, company).split()
        role = " ".join(words[_lead(words, language) :])
    role = role.strip(_EDGES + "&")
    if _held_by_somebody(role, language):
        return None
    if role.count("(") != role.count(")"):
        role = role.partition("(")[0].strip()
    low = role.lower()
    if not 2 < len(role) < 90 or low in language.not_names or low in language.not_roles:
        return None
    if not LETTERS.search(role) or _dated(low, language):
        return None
    return role


def _lead(words: list[str], language: Language) -> int:
    """Return how many words stand before a title: articles, labels, what is no name.

    What begins titles stays where a head word follows: Support Engineer, not Support Interview.
    """
    lows = [word.lower().strip(_EDGES + "()") for word in words]
    heads = [n for n, low in enumerate(lows) if is_title(low, language)]
    said = [
        at + 2
        for at, low in enumerate(lows[:-2])
        if low in language.role_end and lows[at + 1] in language.role_before
    ]
    cut = max((at for at in said if heads and at <= heads[-1]), default=0)
    for at, low in enumerate(lows):
        if at < cut:
            continue
        bare = re.split("['’]", low, maxsplit=1)[0]
        if heads and (at in heads or (low in language.title_words and at < heads[-1])):
            if at in heads:
                break
        elif low in language.role_lead or bare in language.role_lead:
            cut = at + 1
        else:
            break
    return cut


_HELD = re.compile(r"([^()]+) \(([^()]+)\)$")


def _held_by_somebody(role: str, language: Language) -> bool:
    """Whether it is a person with their title: Hamish Orr (Head of Product)."""
    held = _HELD.match(role)
    return held is not None and titled(held[2], language) and not titled(held[1], language)


_EDGES = " .,;:!?'’\"“”-–—|·•*/"
_FILE = re.compile(r"\.(?:pdf|docx?|ics)\b")
_LINKED = re.compile(r"\s*(?:[-–—|@,]|\b(?:at|to|for|with|bei|chez|en|presso|a|na|voor))\s*$")


def _without_company(role: str, company: str) -> str:
    at = role.lower().find(company.lower())
    if at > 0:
        return _LINKED.sub("", role[:at])
    return role[len(company) :].removeprefix("'s").removeprefix("’s").lstrip(" :–—|-,")


def _dated(role: str, language: Language) -> bool:
    """Whether it is a date or a time rather than a title."""
    words = LETTERS.findall(role)
    known = [w for w in words if w in language.times.months or w in language.times.weekdays]
    return bool(known) and (len(known) == len(words) or any(c.isdigit() for c in role))
