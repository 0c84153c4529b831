"""Which company and role a message speaks of: words around names, display names, domains."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from vouchd.rules.lexicon import Language, Vendors
from vouchd.rules.model import Address, Stated
from vouchd.rules.people import fold
from vouchd.rules.roles import clean_role, role_of, titled

_TOKEN = r"(?:[A-Z0-9À-ÞŁŚŻΑ-ΩА-Я][\w.'’+/-]*|[a-z]{1,3}[A-Z]\w+)"
_LINK = (
    r"(?:of|the|and|for|de|du|des|la|le|les|und|y|e|van|von|der|den|del|della|di|do|da|dos|zu|et|en"
    r"|&|\+|at)"
)
_PHRASE = re.compile(rf"{_TOKEN}(?: (?:{_LINK} ){{0,2}}{_TOKEN}){{0,7}}")
_AROUND = re.compile(r"[\w@&']+|[|·:–—•]")


@dataclass(frozen=True, slots=True)
class Named:
    """What a message is about; None where it does not tell."""

    company: str | None = None
    role: str | None = None
    stated: tuple[Stated, ...] = ()  #: the stated applications it can be


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


def squash(name: str) -> str:
    """Return the letters and digits of a name, folded; what domains are compared with."""
    return _SQUASH.sub("", fold(name))


_SQUASH = re.compile(r"[\W_]+")


def name_of(
    clues: Clues, language: Language, vendors: Vendors, stated: tuple[Stated, ...]
) -> Named:
    """Say which company and role a message concerns."""
    company = _company(clues, language, vendors, stated)
    known = [s for s in stated if company and _same(company, s)]
    if known:
        company = known[0].company
    texts = (clues.subject, *clues.body[:60])
    old = (clues.forwarded, clues.quoted)
    role = role_of(texts, old, company, language, me=clues.me)
    exact = [s for s in known if s.role and role and squash(s.role) == squash(role)]
    if exact:
        role = exact[0].role
    elif known:
        text = " ".join(texts)
        mentioned = [s for s in known if s.role and has_words(text, s.role)]
        if len(mentioned) == 1:
            role, exact = mentioned[0].role, mentioned
    return Named(company, role, tuple(exact or known))


def has_words(text: str, name: str) -> bool:
    """Whether a name stands in a text as whole words."""
    return any(True for _ in _places(fold(text), fold(name)))


def _places(text: str, name: str) -> Iterator[int]:
    """Yield where a folded name ends as whole words in a folded text."""
    at = text.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            yield end
        at = text.find(name, at + 1)


def _names(text: str, name: str, language: Language) -> bool:
    """Whether a folded text names this company, not one that begins alike: Northgate Analytics."""
    for end in _places(text, fold(name)):
        following = _AROUND.findall(text[end : end + 24])
        if text[end : end + 1] != " " or not following:
            return True
        if following[0] not in language.company_tail:
            return True
    return False


def _same(name: str, stated: Stated) -> bool:
    return squash(name) in {squash(n) for n in (stated.company, *stated.aliases)}


def domain_in(domain: str, domains: Iterable[str]) -> bool:
    """Whether a domain is one of these or below one."""
    return any(domain == d or domain.endswith("." + d) for d in domains)


def _company(
    clues: Clues, language: Language, vendors: Vendors, stated: tuple[Stated, ...]
) -> str | None:
    found = Candidates()
    addresses = [a for a in (clues.sender if not clues.sent else None, clues.reply_to) if a]
    addresses.extend(clues.others)
    text = "\n".join((clues.subject, *clues.body, clues.signature))
    folded, head = fold(text), fold(f"{clues.subject} {clues.sender.name}")
    for application in stated:
        if clues.kind in ("reference", "self"):
            _short_form(application, stated, text, found)
        if any(domain_in(a.domain, application.domains) for a in addresses):
            found.add(application.company, 7.0)
        for name in (application.company, *application.aliases):
            if _names(head, name, language):
                found.add(application.company, 5.0)
            elif _names(folded, name, language):
                found.add(application.company, 3.5)
    _from_words(clues, language, vendors, found)
    _from_display(clues, language, vendors, found)
    _from_domains(clues, addresses, language, vendors, found)
    best = found.best(1.5 if clues.kind in ("reference", "self") else 1.0)
    if best is None or any(best == s.company for s in stated):
        return best
    return _in_full(best, clues, language, vendors)


def _short_form(
    application: Stated, stated: tuple[Stated, ...], text: str, found: Candidates
) -> None:
    """Take the first word of a stated company for it, among people who know which is meant."""
    first = application.company.split()[0]
    rivals = {s.company for s in stated if s.company.split()[0] == first}
    if len(first) < 4 or len(rivals) != 1:
        return
    after = re.search(rf"(?<!\w){re.escape(first)}(?!\w)(?:['’]s)?(?! [A-Z])", text)
    if after:
        found.add(application.company, 2.6)


def _in_full(name: str, clues: Clues, language: Language, vendors: Vendors) -> str:
    """Return the longest form in which the text gives the name: Ashdown as Ashdown NHS Trust.

    With the article only where it never goes without.
    """
    heads = (clues.sender.name, clues.subject, *clues.signature.splitlines()[:8])
    best, article, bare = name, False, False
    for text in (*heads, *clues.body[:60]):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            the = text[:at].endswith("The ")
            tail = _EXTENSION.match(text, end)
            words = tail[0].split() if tail else []
            while words and not _extends(words[-1], language):
                words = words[:-1]
            whole = canonical(" ".join((name, *words)), vendors, language)
            if len(words) < 4 and len(whole) > len(best) and whole.startswith(name):
                best = whole
            after = _AROUND.findall(text[end : end + 20].lower())
            if the and not (after and after[0] in language.company_after):
                article = True
            bare = bare or not the
            at = text.find(name, end)
    return f"The {best}" if article and not bare and " " in best else best


_EXTENSION = re.compile(rf"(?: (?:(?:and|of|&) )?{_TOKEN}){{1,4}}")


def _extends(word: str, language: Language) -> bool:
    low = word.lower().strip(".,:;!?")
    return low in language.company_tail and word[:1].isupper()


def phrases(text: str) -> Iterator[Phrase]:
    """Yield the capitalised phrases of a text with the words around them."""
    for match in _PHRASE.finditer(text):
        name = re.split(r"(?<=[a-z]{3})\.(?:\s|$)|[!?]\s", match[0])[0].rstrip(".,;:!?'’/-+")
        before = tuple(_AROUND.findall(text[max(0, match.start() - 40) : match.start()].lower()))
        after = tuple(_AROUND.findall(text[match.start() + len(name) :][:40].lower()))
        first = not text[: match.start()].strip(" \"'“”*•(-#0123456789.")
        last = not text[match.start() + len(name) :].strip(" .,;:!?'’\"”)*")
        yield Phrase(name, before[-3:], after[:2], first, last)


def _from_words(clues: Clues, language: Language, vendors: Vendors, found: Candidates) -> None:
    places = [(clues.subject, 1.2), *((s, 1.0) for s in clues.body[:60])]
    if not clues.agency:
        places += [(line, 0.9) for line in clues.signature.splitlines()[:8]]
    places += [(line, 0.7) for line in clues.forwarded.splitlines()[:25]]
    places += [(line, 0.5) for line in clues.quoted.splitlines()[:25]]
    for text, factor in places:
        for phrase in phrases(text):
            for piece, inner in _pieces(phrase, language):
                score = _context(piece, language, clues.kind) * factor
                name = good(piece.name, clues, language, vendors) if score > 0 else None
                if name:
                    found.add(name, score - (0.5 if inner else 0.0))


def _pieces(phrase: Phrase, language: Language) -> Iterator[tuple[Phrase, bool]]:
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


def _context(phrase: Phrase, language: Language, kind: str) -> float:
    """Say how much the words around a phrase make it a company."""
    before, after = phrase.before, phrase.after
    near = before[-1] if before else ""
    further = before[-2:-1] + before[-3:-2]
    noun = any(
        w in language.company_nouns or w in language.titles or w in language.role_nouns
        for w in further
    )
    score = 0.0
    if near in language.company_near:
        score = 3.2 if noun else 2.2
    elif near in language.company_maybe:
        score = 2.8 if noun else _LOOSE.get(kind, 0.7)
        if kind == "reference" and near not in language.company_meant:
            score = 0.0
    speaks = kind != "person" and kind not in ("reference", "self")
    if (
        phrase.first
        and after
        and after[0] in language.company_verbs
        and (speaks or " " in phrase.name)
    ):
        score = max(score, 2.6 if kind != "self" else 1.0)
    if after and after[0] in language.company_after and kind == "platform":
        score = max(score, 2.4)
    if phrase.first and after and after[0] == ":" and kind != "person":
        score = max(score, 1.9)
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
_LOOSE = {"platform": 1.8, "reference": 1.7, "self": 1.2, "calendar": 1.2, "scheduler": 1.2}


def good(name: str, clues: Clues, language: Language, vendors: Vendors) -> str | None:
    """Return the name in its plain form when it can be a company's."""
    words = name.split()
    while words and (
        words[0].lower().strip(".,:") in language.company_lead
        or not any(c.isalpha() for c in words[0])
    ):
        words = words[1:]
    while words and words[-1].lower().strip(".,!") in language.not_names:
        words = words[:-1]
    words = _undated(words, language)
    name = canonical(" ".join(words), vendors, language)
    lowered = name.lower()
    if len(name) < 2 or lowered in vendors.names or lowered in language.not_names:
        return None
    if sum(c.isalpha() for c in name) < 2 or (not name[0].isalpha() and len(name) < 4):
        return None
    if any(lowered.startswith(p.lower()) for p in vendors.platform_names):
        return None
    if _contracted(name, language) or squash(name) in clues.not_companies:
        return None
    if fold(name) in fold(clues.me) or not any(c.isalpha() for c in name):
        return None
    if name in vendors.platform_names or lowered in language.months or titled(name, language):
        return None
    if lowered in language.stopwords or "'" in name.replace("’", "'")[:3] or name in clues.people:
        return None
    if clues.kind == "person" and fold(name) in fold(clues.sender.name):
        return None
    if clues.agency and squash(name) in {
        squash(organisation(a.domain)) for a in (clues.sender, *clues.others)
    }:
        return None
    return name


def _undated(words: list[str], language: Language) -> list[str]:
    """Leave out months, weekdays and figures at either end."""

    def dated(word: str) -> bool:
        plain = word.lower().strip(".,:;")
        known = plain in language.months or plain in language.weekdays
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


def canonical(name: str, vendors: Vendors, language: Language) -> str:
    """Return a company's name without legal form, team words and decoration."""
    name = re.sub(r"\s+", " ", name).strip(" .,;:!?'’\"“”-–—|·•()[]*")
    while True:
        before = name
        name = re.sub(r"[’']s$", "", name)
        lowered = name.lower()
        heads, tails = _around(language.team_words)
        for word in (
            language.team_words if lowered.startswith(heads) or lowered.endswith(tails) else ()
        ):
            if lowered.endswith(" " + word.lower()):
                name = name[: -len(word)].strip(" -–—|,·@&'’")
                lowered = name.lower()
            if lowered.startswith(word.lower() + " "):
                rest = name[len(word) :].strip(" -–—|,·@&'’")
                name = re.sub(r"^(?:at|of|from|for|@) ", "", rest)
                lowered = name.lower()
        for suffix in vendors.suffixes if lowered.endswith(_legal(vendors.suffixes)) else ():
            if lowered.endswith((" " + suffix, "," + suffix)):
                name = name[: -len(suffix)].strip(" ,.&")
                lowered = name.lower()
        if name == before:
            return name


@lru_cache
def _around(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return team words as they begin and as they end a name."""
    return tuple(f"{w.lower()} " for w in words), tuple(f" {w.lower()}" for w in words)


@lru_cache
def _legal(suffixes: frozenset[str]) -> tuple[str, ...]:
    return tuple(mark + suffix for suffix in suffixes for mark in " ,")


def _from_display(clues: Clues, language: Language, vendors: Vendors, found: Candidates) -> None:
    display = clues.sender.name
    local, domain = clues.sender.email.partition("@")[0], clues.sender.domain
    if clues.kind in ("reference", "self"):
        return
    if clues.kind == "ats":
        tenant = re.split(r"[+.]", local)[0] if domain_in(domain, vendors.tenant_in_local) else ""
        if domain.partition(".")[2] in vendors.tenant_in_domain:
            tenant = domain.partition(".")[0]
        if tenant and not _IMPERSONAL.match(tenant):
            found.add(spelled(tenant, clues) or tenant.replace("-", " ").title(), 2.6)
    if clues.kind in ("calendar", "reference"):
        known = " ".join((*clues.body, clues.quoted[:1500]))
        for piece in re.split(
            r"\s[-–—|/x]\s|<>|:\s|\s?@\s|,\s|[()]", re.sub(r"^(?:\w{1,4}: ?)+", "", clues.subject)
        ):
            part = good(piece.strip(), clues, language, vendors)
            if not part or not part[:1].isupper() or len(part.split()) > 4:
                continue
            if clues.kind == "calendar" or has_words(known, part):
                found.add(part, 1.7)
    if not display or clues.kind in ("signing", "calendar"):
        return
    match = _BEHALF.search(display)
    if match:
        name = good(match["of"] or match["by"], clues, language, vendors)
        if name:
            found.add(name, 4.2)
        return
    if clues.kind in ("board", "platform"):
        return
    team = any(has_words(display, word) for word in language.team_words)
    at = re.search(r"(?: (?:at|from|@|of|chez|bei|von) | \(|\s[|–—-]\s|,\s|/)(.+)$", display)
    impersonal = clues.kind != "person" or team or bool(_IMPERSONAL.match(local))
    pieces = [at[1].rstrip(")")] if at else []
    if at and at[0].strip().startswith((",", "(")) and not impersonal:
        pieces = []
    if impersonal:
        pieces.append(display)
        pieces.extend(p[1] for p in re.finditer(r"(?:^|[-–—|] )([^-–—|]+)", display) if not at)
    for piece in pieces:
        name = good(piece, clues, language, vendors)
        if name and not clues.agency:
            found.add(name, 3.2 if clues.kind in ("ats", "scheduler", "assessment") else 2.9)


_BEHALF = re.compile(
    r"(?:on behalf of|for|i\.?A\.? von|im Auftrag von|pour|por cuenta de|namens|per conto di"
    r"|em nome de) "
    r"(?P<of>.+)$|^(?P<by>.+?) (?:via|through|über|par|por|tramite|x) ",
    re.IGNORECASE,
)
_IMPERSONAL = re.compile(
    r"(?:no-?_?reply|do-?_?not-?_?reply|donotreply|jobs?|career|recruit|talent|hr|people|hiring|"
    r"notif|apply|applic|info|team|office|bewerb|personal|karriere|rh|rrhh|selec|work|hello|"
    r"contact|system|workday|candidate|offers?|interview|ta|staff|admin|mail|post)",
    re.IGNORECASE,
)


def _from_domains(
    clues: Clues,
    addresses: list[Address],
    language: Language,
    vendors: Vendors,
    found: Candidates,
) -> None:
    if clues.kind in ("reference", "platform") or clues.agency:
        return
    for address in addresses:
        label = organisation(address.domain)
        if not label or _vendor_domain(address.domain, vendors):
            continue
        written = spelled(label, clues)
        exact = written is not None and squash(written) in _spellings(label)
        if written:
            found.add(canonical(written, vendors, language), 4.4 if exact else 3.6)
        if not exact:
            words = [w if w in ("and", "of") else w.capitalize() for w in re.split(r"[-_]", label)]
            found.add(" ".join(words), 3.3 if "-" in label else 1.9)


_SECOND_LEVEL = frozenset("co com org net ac gov edu gob gouv or ne go".split())


def organisation(domain: str) -> str:
    """Return the label of a domain that names the organisation: `acme` of mail.acme.co.uk."""
    labels = domain.lower().split(".")
    if len(labels) < 2:
        return ""
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2:
        return labels[-3]
    return labels[-2]


def _vendor_domain(domain: str, vendors: Vendors) -> bool:
    groups = (
        vendors.ats,
        vendors.schedulers,
        vendors.assessments,
        vendors.platforms,
        vendors.boards,
        vendors.signing,
        vendors.freemail,
        vendors.mailers,
    )
    return any(domain_in(domain, group) for group in groups)


def _spellings(label: str) -> frozenset[str]:
    """Return a label as its letters, and with the two-letter forms of umlauts undone."""
    plain = squash(label)
    undone = plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return frozenset((plain, undone))


def spelled(label: str, clues: Clues) -> str | None:
    """Find how a domain label is written in the text: acme-robotics as Acme Robotics."""
    wanted = squash(label)
    if len(wanted) < 3:
        return None
    best: tuple[int, str] | None = None
    texts = (
        clues.sender.name,
        clues.subject,
        clues.signature,
        *clues.body[:60],
        clues.quoted[:800],
    )
    for text in texts:
        if not text or wanted[:3] not in squash(text):
            continue
        for match in _PHRASE.finditer(text):
            words = [w.strip(",.;:!?'’") for w in match[0].split()]
            for start in range(len(words)):
                for end in range(len(words), start, -1):
                    name = " ".join(words[start:end])
                    key, spoken = squash(name), squash(name.replace("&", "and"))
                    if wanted in (key, spoken) or key in _spellings(label):
                        return name
                    if len(key) >= 4 and (wanted.startswith(key) or key.startswith(wanted)):
                        near = -abs(len(key) - len(wanted))
                        if words[start][:1].isupper() and (best is None or near > best[0]):
                            best = near, name
    return best[1] if best else None


__all__ = ["Clues", "Named", "clean_role", "name_of", "organisation", "squash"]
