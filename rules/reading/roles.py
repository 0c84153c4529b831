"""Which job title a text names: by the words around it and the head words of titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.titles import LETTERS, clean_role, is_title, titled

_TOKEN = r"(?:[A-Z0-9À-ÞŁŚŻ(][\w&.'’+/#()-]*)"
_LINK = r"(?:of|and|&|for|in|the|to|de|der|du|des|la|und|et|y|di|da|-|–|—|/)"
_TITLE = re.compile(rf"{_TOKEN}(?:,? (?:{_LINK} ){{0,2}}{_TOKEN}){{0,9}}(?: \([^()\n]{{1,40}}\))?")
_WORDS = re.compile(r"[\w@&']+")


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
    known = [name.split() for name in people if " " in name]
    theirs = frozenset(" ".join(words[at:]) for words in known for at in (-1, -2))
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
    text: str, company: str | None, language: Language, people: frozenset[str] = frozenset()
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
            around = text[max(0, start - 40) : start], text[start + len(piece) :][:1]
            if _HALF_DAY.search(around[0] + piece) or _somebodys(around, role, language, people):
                continue
            score = _context(before, after, language)
            told = [w for w in before if w not in language.articles]
            named = titled(role, language)
            if not named and told and told[-1] == "in":
                continue  # roles in Brisbane
            if named and told and told[-1] in language.role_held and score < 2.0:
                continue
            if not named and _may_be_house(words, before, after, language):
                continue
            if words[0].lower().rstrip(":") in language.role_labels and len(words) > 1:
                score = max(score, 2.0)
            if named:
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
            held = match[1] in language.not_names or match[1].endswith(language.not_name_ends)
            if not held and match[1] != company:
                yield match[1], 3.0 - 0.3 * number


def _may_be_house(
    words: list[str], before: list[str], after: list[str], language: Language
) -> bool:
    """Whether a name without the head word of a title could as well be an employer's.

    The Castellan interview, an offer for Sailing; or a capital that only begins the sentence.
    """
    if len(words) == 1 and not before:
        return True
    told = [w for w in before if w not in language.articles]
    by_noun = after and after[0] in language.role_nouns
    if by_noun:
        return after[0] in language.company_nouns
    return bool(told[1:]) and told[-2] in language.company_nouns - language.role_nouns


def _somebodys(
    around: tuple[str, str], role: str, language: Language, people: frozenset[str]
) -> bool:
    """Whether a title, by what stands around it, is that of somebody who is named.

    In apposition (Mr Cole, Head of Product; Mark, our Director, ...; Dana Cole | Director) or
    as a form of address: Professor Brandt.
    """
    before, after = around
    if _NAMED_BEFORE.search(before):
        return True
    beside = _BESIDE.search(before)
    if beside and beside[1] in people:
        return True
    if beside and beside[2] in language.articles and after in (",", "."):
        return True
    words = role.split()
    if " ".join(words[-2:]) in people and len(words) > 1:
        return True
    if words[-1] in people and not is_title(words[-1].lower(), language):
        return True
    called = before.split()[-1:] or [""]
    return called[0].lower().rstrip(".") in language.honorifics - language.titles


#: a clock's time: the half of a day is no product manager
_HALF_DAY = re.compile(r"\d ?[AaPp][Mm](?: [A-Z]{2,4})?\W*$")
#: a name, a comma or bar, perhaps an article
_BESIDE = re.compile(r"\b([A-ZÀ-ÞŁŚŻ][\w'’-]+)(?:, ([a-z]+) |(?:,| \||:| [-–—]) )$")
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
    words = list(LETTERS.finditer(text))
    for index, word in enumerate(words):
        if not is_title(word[0], language) or text[word.start() - 1 : word.start()].isdigit():
            continue  # 4pm
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
