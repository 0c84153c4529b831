"""Which job title a text names: by the words around it and the head words of titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.people import fold

_TOKEN = r"(?:[A-Z0-9À-ÞŁŚŻ(][\w&.'’+/#()-]*)"
_LINK = r"(?:of|and|&|for|in|the|to|de|der|du|des|la|und|et|y|di|da|-|–|—|/)"
_TITLE = re.compile(rf"{_TOKEN}(?:,? (?:{_LINK} ){{0,2}}{_TOKEN}){{0,9}}(?: \([^()\n]{{1,40}}\))?")
_WORDS = re.compile(r"[\w@&']+")
#: requisition numbers and dates at either end of a title
_CODE = re.compile(
    r"^(?:[A-Z]{0,6}-?\d[\w.-]*|[A-Z]{1,4}-\d[\w-]*)[\s:–—-]+"
    r"|\s*[(\[]#?(?:(?:[A-Z]{1,5}|posting|position|vacancy)[-–_ ]?)?\d{3}[\w-]*[)\]]$"
    r"|[\s,;:|–—-]+(?:\(?(?:req|ref|id|no|job|jr)\b.*|#?[A-Z]{0,4}[-–]?\d[\w.-]{3,}|\d{1,2}\.\d.*)$",
    re.IGNORECASE,
)
#: (m/w/d), (H/F), m/v/x: who may apply, no part of the title
_SEXES = re.compile(
    r"[\s,–-]*\((?:[mwfdhvixa](?:/[mwfdhvixa*])+|all genders|gn)\)"
    r"|\s(?:[hfmwvdx]/){1,2}[hfmwvdx]\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")


def titled(name: str, language: Language) -> bool:
    """Whether a name holds the head word of a job title."""
    return any(is_title(word, language) for word in _LETTERS.findall(name.lower()))


def is_title(word: str, language: Language) -> bool:
    """Whether a word in small letters is the head word of a job title, or a compound of one."""
    return word in language.titles or (
        bool(language.title_ends) and len(word) > 8 and word.endswith(language.title_ends)
    )


def role_of(
    texts: Iterable[str],
    old: tuple[str, ...],
    company: str | None,
    language: Language,
    *,
    me: str = "",
    people: Iterable[str] = (),
) -> str | None:
    """Return the job title that most speaks for; None where none is named.

    `people` are names of those who are known: the titles beside them are theirs.
    """
    theirs = frozenset(words[-1] for words in map(str.split, people) if len(words) > 1)
    scores: dict[str, float] = {}
    names: dict[str, str] = {}
    places = [(t, 1.0 if n else 1.15) for n, t in enumerate(texts)]
    places += [(line, 0.5) for text in old for line in text.splitlines()[:25]]
    for text, factor in places:
        for name, score in _candidates(_without(text, me), company, language, theirs):
            key = re.sub(r"\W", "", fold(name))
            scores[key] = max(scores.get(key, 0.0), score * factor) + (0.5 if key in scores else 0)
            if key not in names or names[key].islower() or names[key].isupper():
                names[key] = name
    if not scores:
        return None
    best = max(scores, key=lambda key: (scores[key], len(key)))
    return names[best] if scores[best] >= 1.5 else None


def _without(text: str, me: str) -> str:
    """Leave the user's own name out of a text."""
    parts = me.split()
    if len(parts) < 2 or parts[-1] not in text:
        return text
    return _name_of(parts[0], parts[-1]).sub(" |", text)


@cache
def _name_of(first: str, last: str) -> re.Pattern[str]:
    first, last = re.escape(first), re.escape(last)
    return re.compile(
        rf"\s*[-–—|/:,]?\s*\(?\b(?:{first}(?: \w+)? {last}|{last},? {first}|{last})\b\)?"
    )


def _candidates(
    text: str, company: str | None, language: Language, surnames: frozenset[str] = frozenset()
) -> Iterator[tuple[str, float]]:
    for match in _TITLE.finditer(text):
        grown = _grown(text, match.end(), language) if titled(match[0], language) else ""
        for piece in (*_pieces(match[0]), *((match[0] + grown,) if grown else ())):
            role = clean_role(piece, company, language)
            if not role:
                continue
            start = text.find(piece)
            before = _WORDS.findall(text[max(0, start - 40) : start].lower())[-3:]
            after = _WORDS.findall(text[start + len(piece) :][:30].lower())[:1]
            words = piece.split()
            if _somebodys(text[max(0, start - 40) : start], role, language, surnames):
                continue
            score = _context(before, after, language)
            if len(words) == 1 and not before and not titled(role, language):
                continue  # a capital that only begins the sentence: Another candidate
            if words[0].lower().rstrip(":") in language.role_labels and len(words) > 1:
                score = max(score, 2.0)
            if titled(role, language):
                score += 1.8 if role[:1].isupper() else 1.0
                score -= 0.5 if role.lower() in language.titles and not language.title_ends else 0.0
            explicit = _context(before, after, language) >= 2.0
            if _TAIL.search(role) and not (explicit and not _ELSEWHERE.search(role)):
                score -= 0.7
            if score >= 1.5:
                yield role, score
    yield from _lower_case(text, language)
    for number, form in enumerate(language.role_forms):
        for match in form.finditer(text[:400]):
            if match[1] not in language.not_names and match[1] != company:
                yield match[1], 3.0 - 0.3 * number


def _somebodys(before: str, role: str, language: Language, surnames: frozenset[str]) -> bool:
    """Whether a title, by the text before it, is that of somebody who is named.

    In apposition (Mr Cole, Head of Product; Mark, our Director; Dana Cole | Director), a form of
    address (Professor Brandt), or no title at all but the half of a day: 2 PM CT.
    """
    if before and (_NAMED_BEFORE.search(before) or _HALF_DAY.search(f"{before}\n{role}")):
        return True
    beside = _BESIDE.search(before)
    if beside and (
        beside[1] in surnames or (beside[2] or "").strip().lower() in language.articles - {""}
    ):
        return True
    words = role.split()
    if words[-1] in surnames and not is_title(words[-1].lower(), language):
        return True
    called = before.split()[-1:] or [""]
    return called[0].lower().rstrip(".") in language.honorifics - language.titles


#: a clock's time, and its half of the day where the title should begin
_HALF_DAY = re.compile(r"\d ?\n[AaPp][Mm]\b")
#: a name, a comma or bar, perhaps an article
_BESIDE = re.compile(r"\b([A-ZÀ-ÞŁŚŻ][\w'’-]+)(?:, ([a-z]+ )|(?:,| \||:| [-–—]) )$")
#: a form of address, a name, a comma
_NAMED_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|M|Mme|Mlle|Monsieur|Madame|Sra?|Señora?|Dhr|Mevr"
    r"|Mevrouw|Meneer|Sig|Signora?|Dott|Dottoressa)\.?(?: [A-ZÀ-ÞŁŚŻ][\w.'’-]*){1,3}, $"
)
#: what more often says where than what
_TAIL = re.compile(r",\s| [-–—|/] |\bin [A-Z]|\(\W*(?:\d|remote|hybrid|on-?site)", re.IGNORECASE)


_ELSEWHERE = re.compile(r" [-–—|/] |\bin [A-Z]|\(\W*(?:\d|remote|hybrid|on-?site)", re.IGNORECASE)


def _pieces(text: str) -> list[str]:
    """Return a phrase, and its parts where a dash, bar or comma may part title and place."""
    parts = [p.strip() for p in re.split(r" [-–—|/] |, ", text)]
    heads = [text.partition(" (")[0]] if " (" in text else []
    inner = text.partition(" in ")[0]
    if inner != text and len(inner.split()) > 1:
        heads.append(inner)
    if len(parts) == 1:
        return [text, *heads]
    return [*parts, *heads, text] if len(text) < 70 else [*parts, *heads]


def _context(before: list[str], after: list[str], language: Language) -> float:
    near = before[-1] if before else ""
    if after and after[0] in language.role_nouns:
        return 2.2
    skipped = [w for w in before if w not in language.articles]
    if skipped and skipped[-1] in language.role_before:
        lead = skipped[-2] if len(skipped) > 1 else ""
        if lead in language.role_nouns or lead in language.company_nouns:
            return 2.0
        return 0.7
    if skipped and (skipped[-1] in language.role_nouns or skipped[-1] in language.role_labels):
        return 1.4
    return 0.2 if near else 0.0


def _lower_case(text: str, language: Language) -> Iterator[tuple[str, float]]:
    """Yield titles written small: the survey technician job."""
    words = list(_LETTERS.finditer(text))
    for index, word in enumerate(words):
        if not is_title(word[0], language):
            continue
        following = words[index + 1][0].lower() if index + 1 < len(words) else ""
        start = index
        grown = _grown(text, word.end(), language)
        while (
            not language.role_links
            and start
            and index - start < 3
            and _describes(words[start - 1][0], language)
        ):
            start -= 1
        lead = words[start - 1][0].lower() if start else ""
        name = text[words[start].start() : word.end()] + grown
        if "\n" in name or len(name) > 60 or name.lower() in language.not_roles:
            continue
        further = words[start - 2][0].lower() if start > 1 else ""
        asked = lead in language.role_before or (
            lead in language.articles and further in language.role_before | language.role_nouns
        )
        if following in language.role_nouns or asked:
            yield name, 1.6 + (0.6 if following in language.role_nouns else 0.0)


_NEXT = re.compile(r" ([dl]['’])?([^\W\d_][\w-]*)")


def _grown(text: str, end: int, language: Language) -> str:
    """Return how a title goes on in small letters: chargé d'affaires, jefe de obra."""
    at = last = end
    while language.role_links and at - end < 50:
        match = _NEXT.match(text, at)
        if match is None:
            break
        word, at = match[2].lower(), match.end()
        if word in language.role_links and not match[1]:
            continue
        if not _describes(word, language) or word in language.role_tail:
            break
        if match[2][0].isupper() and not match[2].isupper() and not match[1]:
            break
        last = at
    return text[end:last]


def _describes(word: str, language: Language) -> bool:
    low = word.lower()
    return low not in language.stopwords and low not in language.not_names and len(low) > 2


def clean_role(role: str, company: str | None, language: Language) -> str | None:
    """Return a title without articles, labels, company and decoration; None when none is left."""
    words = role.strip(_EDGES).split()
    words = words[_lead(words, language) :]
    while words and words[-1].lower().strip(".,:") in language.role_end:
        words = words[:-1]
    role = _SEXES.sub("", " ".join(words))
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
    if not _LETTERS.search(role) or _dated(low, language):
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
    words = _LETTERS.findall(role)
    known = [w for w in words if w in language.times.months or w in language.times.weekdays]
    return bool(known) and any(c.isdigit() for c in role)
