"""Capitalised phrases, the words around them, and whether they can be a company's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from vouchd.rules.model import Address
from vouchd.rules.reading.canonical import canonical, written_on
from vouchd.rules.reading.domains import organisation
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.titles import titled
from vouchd.rules.reading.vendors import Vendors

TOKEN = r"(?:[A-Z0-9À-ÞŁŚŻΑ-ΩА-Я][\w.'’+/-]*|[a-z]{1,3}[A-Z]\w+)"


_LINK = (
    r"(?:of|the|and|for|de|du|des|la|le|les|und|y|e|van|von|der|den|del|della|di|do|da|dos|zu|et|en"
    r"|&|\+|at)"
)


PHRASE = re.compile(rf"{TOKEN}(?: (?:{_LINK} ){{0,2}}(?:[dl]['’])?{TOKEN}){{0,7}}")


AROUND = re.compile(r"[\w@&']+|[|·:–—•]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """The parts of a message in which names are looked for."""

    subject: str
    sender: Address
    reply_to: Address | None
    others: tuple[Address, ...]  #: other addresses of the other side
    body: tuple[str, ...]  #: sentences
    signature: str
    forwarded: str = ""
    quoted: str = ""
    kind: str = "person"  #: of sender
    agency: bool = False
    sent: bool = False
    me: str = ""
    people: tuple[str, ...] = ()  #: names that are people, not companies
    not_companies: frozenset[str] = frozenset()  #: squashed: the references' own employers


@dataclass(frozen=True, slots=True)
class Phrase:
    """A capitalised phrase with the words around it."""

    name: str
    before: tuple[str, ...]  #: up to three words, the nearest last
    after: tuple[str, ...]  #: up to two
    first: bool  #: begins its text
    last: bool  #: ends it


@dataclass(slots=True)
class Candidates:
    """Names with what speaks for them."""

    scores: dict[str, float] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, score: float) -> None:
        """Count one more reason for a name."""
        key = squash(name)
        if len(key) < 2:
            return
        if key in self.scores:
            high, low = max(self.scores[key], score), min(self.scores[key], score)
            self.scores[key] = high + 0.3 * low
        else:
            self.scores[key], self.names[key] = score, name

    def best(self, least: float = 0.0) -> str | None:
        """Return the name that most speaks for."""
        if not self.scores:
            return None
        key = max(self.scores, key=lambda k: self.scores[k])
        return self.names[key] if self.scores[key] >= least else None

    def longer(self, name: str) -> Iterator[str]:
        """Yield the names of some weight that go on where this one ends: Helix Diagnostics."""
        for key in sorted(self.scores, key=lambda k: -self.scores[k]):
            if self.scores[key] >= _IN_FULL and self.names[key].startswith(f"{name} "):
                yield self.names[key]


_IN_FULL = 1.9


@lru_cache(maxsize=8192)
def squash(name: str) -> str:
    """Return the letters and digits of a name, folded; what domains are compared with."""
    return _SQUASH.sub("", fold(name))


_SQUASH = re.compile(r"[\W_]+")


def has_words(text: str, name: str) -> bool:
    """Whether a name stands in a text as whole words."""
    return any(True for _ in places(fold(text), fold(name)))


def places(text: str, name: str) -> Iterator[int]:
    """Yield where a folded name ends as whole words in a folded text."""
    at = text.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            yield end
        at = text.find(name, at + 1)


def phrases(text: str) -> Iterator[Phrase]:
    """Yield the capitalised phrases of a text with the words around them."""
    for match in PHRASE.finditer(text):
        name = re.split(r"(?<=[a-z]{3})\.(?:\s|$)|[!?]\s", match[0])[0].rstrip(".,;:!?'’/-+")
        before = tuple(AROUND.findall(text[max(0, match.start() - 40) : match.start()].lower()))
        after = tuple(AROUND.findall(text[match.start() + len(name) :][:40].lower()))
        first = not text[: match.start()].strip(" \"'“”*•(-#0123456789.")
        last = not text[match.start() + len(name) :].strip(" .,;:!?'’\"”)*")
        yield Phrase(name, before[-3:], after[:2], first, last)


def pieces(phrase: Phrase, language: Language) -> Iterator[tuple[Phrase, bool]]:
    """Yield a phrase, and what stands behind a linking word in it: Engineer at Acme."""
    name, before, first = phrase.name, phrase.before, phrase.first
    while True:
        match = re.search(r" (at|for|with|from|of|and|&) ", name)
        for link in language.company_near:
            head, found, tail = name.partition(f" {link} ")
            if found and tail:
                words = tuple(head.lower().split()[-2:])
                yield Phrase(head, before, (link,), first, last=False), False
                name, before, first = tail, (*words, link), False
                match = None
                break
        else:
            break
        if match:
            break
    yield Phrase(name, before, phrase.after, first, phrase.last), False


def context(phrase: Phrase, language: Language, kind: str) -> float:
    """Say how much the words around a phrase make it a company."""
    before, after = phrase.before, phrase.after
    near = before[-1] if before else ""
    if near in language.honorifics:
        return 0.0  # Dr. Raman
    further = before[-2:-1] + before[-3:-2]
    noun = any(
        w in language.company_nouns or w in language.titles or w in language.role_nouns
        for w in further
    )
    score = 0.0
    if near in language.company_near or " ".join(before[-2:]) in language.company_near:
        score = 3.2 if noun else 2.2
    elif near in language.company_maybe:
        loose = _LOOSE.get(kind, 0.7)
        if kind == "agency" and " " not in phrase.name:
            loose = 0.8  # from Mitchelstown
        score = 2.8 if noun else loose
        maybe = kind not in ("reference", "self", "calendar") and len(phrase.name.split()) < 3
        if maybe and near in language.person_near:
            score *= 0.4 if kind == "scheduler" else 0.5  # an interview with Kyle
        if kind == "reference" and near not in language.company_meant:
            score = 0.0
    speaks = kind not in ("person", "agency", "reference", "self")
    if (
        phrase.first
        and after
        and after[0] in language.company_verbs
        and (speaks or " " in phrase.name)
    ):
        score = max(score, 2.6 if kind != "self" else 1.0)
    if after and after[0] in language.company_after and kind == "platform":
        score = max(score, 2.4)
    if phrase.first and after and after[0] == ":" and kind not in ("person", "agency"):
        score = max(score, 1.9 if " " in phrase.name else 0.9)
    if after and after[0] in language.company_after and (phrase.first or near in ("the", "your")):
        score = max(score, 2.4)
    if before and before[-1] in ":|" and len(before) > 1 and before[-2] in language.company_labels:
        score = max(score, 3.6)
    words = phrase.name.split()
    if phrase.first and len(words) > 1 and words[0].lower() in language.company_labels:
        score = max(score, 3.2 if phrase.last else 1.5)
    if phrase.first and phrase.last and not score:
        score = 0.9
    if not score and ((near and near in "|·–—•-:") or (after and after[0] in "|·–—•:")):
        score = 0.9
    return score


#: how much "for X" or "to X" says where X alone is spoken of
_LOOSE = {
    "platform": 1.8,
    "agency": 1.6,
    "reference": 1.7,
    "self": 1.2,
    "calendar": 1.2,
    "scheduler": 1.2,
}


def good(name: str, clues: Clues, language: Language, vendors: Vendors) -> str | None:
    """Return the name in its plain form when it can be a company's."""
    head, link, tail = name.partition(" for ")
    if link and _are_people(head, clues):
        name = tail  # Dana Cole for Regent Property Group
    words = name.split()
    if (words and words[0].lower().rstrip(".") in language.honorifics) or titled(name, language):
        return None
    while words and (
        words[0].lower().strip(".,:") in language.company_lead
        or not any(c.isalpha() for c in words[0])
    ):
        words = words[1:]
    while words and _ends(words[-1].lower().strip(".,!"), language):
        words = words[:-1]
    words = _undated(words, language)
    name = canonical(" ".join(words), vendors, language)
    lowered = name.lower()
    if len(name) < 2 or lowered in vendors.names or lowered in language.not_names | language.places:
        return None
    if sum(c.isalpha() for c in name) < 2 or (not name[0].isalpha() and len(name) < 4):
        return None
    if any(lowered.startswith(p.lower()) for p in vendors.platform_names) and (
        clues.kind == "platform" or not of_house(name, language, vendors)
    ):
        return None
    if _contracted(name, language) or squash(name) in clues.not_companies:
        return None
    if fold(name) in fold(clues.me) or not any(c.isalpha() for c in name):
        return None
    if name in vendors.platform_names or lowered in language.times.months or titled(name, language):
        return None
    if (
        lowered in language.stopwords
        or "'" in name.replace("’", "'")[:3]
        or _are_people(name, clues)
    ):
        return None
    if fold(name) in fold(writer_in(clues.sender.name)) and not impersonal(
        clues, language, vendors
    ):
        return None
    if clues.agency and _is_house(squash(name), clues):
        return None
    return name


def _ends(word: str, language: Language) -> bool:
    """Whether a name has ended before this word: Voltaic North and I'm."""
    contracted = bool(re.fullmatch(r"(?:i|we|you|they)['’]\w+", word))
    return contracted or word in language.not_names or word in ("and", "&")


def writer_in(display: str) -> str:
    """Return the part of a display name that is the writer's own: Elise Hartog | Globex."""
    return _BEHIND.split(display, maxsplit=1)[0]


_BEHIND = re.compile(r"\s[|·–—-]\s|,\s|\s?\(|\s(?:at|from|@|bei|von|chez|de chez|bij|van de)\s")


def impersonal(clues: Clues, language: Language, vendors: Vendors) -> bool:
    """Whether the sender's name is that of a house or an office, not of somebody."""
    if clues.kind != "person" or OFFICE.match(clues.sender.email):
        return True
    if not language.spaced:
        return any(w in clues.sender.name for w in (*language.team_words, *written_on(vendors)))
    return any(has_words(clues.sender.name, word) for word in language.team_words)


def of_house(name: str, language: Language, vendors: Vendors) -> bool:
    """Whether a name is an organisation's by its words: a legal form, "Council", "City of"."""
    words = [w.strip(".,").lower() for w in name.split()]
    tails, legal = language.company_tail, vendors.suffixes
    return len(words) > 1 and (
        "&" in words
        or len(words) > 3
        or any(w in tails or w in legal for w in words)
        or (bool(language.title_ends) and words[0].endswith(_long(language.company_tail)))
        or leads_house(words[0], language)
    )


@lru_cache
def _long(words: frozenset[str]) -> tuple[str, ...]:
    """Return the words that tell at the end of a compound as well: Kreismusikschule."""
    return tuple(w for w in words if len(w) > _LONG)


_LONG = 4  #: letters


def leads_house(word: str, language: Language) -> bool:
    """Whether a house's name can begin with a word: University of, Comune di."""
    low = word.lower()
    return low in _LEADS or (low in language.company_tail and word[:1].isupper())


_LEADS = frozenset("city state university county department town".split())


OFFICE = re.compile(
    r"(?:no-?_?reply|do-?_?not-?_?reply|jobs?|careers?|recruit\w*|talent|hr|people|hiring|notif\w*"
    r"|app|apply|applic\w*|info|team|office|bewerb\w*|personal\w*|karriere|rh|rrhh|selec\w*|work\w*"
    r"|hello|contact\w*|systems?|candidat\w*|offers?|interviews?|ta|staff\w*|admin\w*|e?mails?|post"
    r"|invalidemail)(?![a-z])",
    re.IGNORECASE,
)


_AND = re.compile(r" (?:and|&|und|et|y|e|en) ")


def _are_people(name: str, clues: Clues) -> bool:
    """Whether it is a person's name or surname, or those of several."""
    known = {word for person in clues.people for word in person.split() if len(word) > 2}
    return all(part in clues.people or part in known for part in _AND.split(name))


def _is_house(name: str, clues: Clues) -> bool:
    """Whether it is the agency's own name, in full or its beginning: Mercure Recrutement."""
    houses = (squash(organisation(a.domain)) for a in (clues.sender, *clues.others))
    return any(name == house or (len(name) > 3 and house.startswith(name)) for house in houses)


def _undated(words: list[str], language: Language) -> list[str]:
    """Leave out months, weekdays and figures at either end."""

    def dated(word: str) -> bool:
        plain = word.lower().strip(".,:;")
        known = plain in language.times.months or plain in language.times.weekdays
        return known or (plain[:1].isdigit() and sum(c.isalpha() for c in plain) < 3)

    while words and dated(words[0]):
        words = words[1:]
    while words and dated(words[-1]):
        words = words[:-1]
    return words


def _contracted(name: str, language: Language) -> bool:
    """Whether it is no name but `They'll` or `I've`."""
    head, mark, tail = name.replace("’", "'").lower().partition("'")
    return bool(mark) and " " not in name and (head in language.stopwords or tail in _TAILS)


_TAILS = frozenset(("ll", "re", "ve", "m", "d", "t"))
