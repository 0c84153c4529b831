"""Which company and role a message speaks of: templates, display names, domains, signature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from vouchd.rules.lexicon import Language, Vendors
from vouchd.rules.model import Address, Stated
from vouchd.rules.people import fold

_NAME = (
    r"(?:[A-Z0-9À-ÞΑ-Ω][\w&.'’+/-]*|[a-z]+[A-Z]\w*)"
    r"(?:(?: (?:of|the|and|for|de|du|des|la|le|und|y|e|van|von|del|di|do|da|zu|&|\+|für|et) | & | )"
    r"[A-Z0-9À-Þ][\w&.'’+/-]*){0,6}"
)
_ROLE = r"[A-Za-zÀ-ÿ0-9][\w&.,'’+/#:()–—-]*(?:[ ][\w&.,'’+/#:()–—|-]+){0,9}?"


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


def squash(name: str) -> str:
    """Return the letters and digits of a name, folded; what domains are compared with."""
    return re.sub(r"[^a-z0-9]", "", fold(name))


def canonical(name: str, vendors: Vendors, language: Language) -> str:
    """Return a company's name without legal form, team words and decoration."""
    name = re.sub(r"\s+", " ", name).strip(" .,;:!?'’\"“”-–—|·•()[]*")
    for _ in range(3):
        before = name
        name = re.sub(r"[’']s$", "", name) if False else name
        lowered = name.lower()
        for word in language.team_words:
            if lowered.endswith(" " + word.lower()):
                name = name[: -len(word)].strip(" -–—|,·@&'’")
                lowered = name.lower()
        for suffix in vendors.suffixes:
            if lowered.endswith((" " + suffix, ", " + suffix)):
                name = name[: -len(suffix)].strip(" ,.")
                lowered = name.lower()
        if name == before:
            break
    return name


@dataclass(slots=True)
class _Found:
    """Candidates with what speaks for them."""

    scores: dict[str, float]
    names: dict[str, str]

    def add(self, name: str, score: float) -> None:
        key = squash(name)
        if len(key) < 2:
            return
        self.scores[key] = max(self.scores.get(key, 0.0), score) + (
            0.3 if key in self.scores else 0
        )
        if key not in self.names or (
            name != name.lower() and self.names[key] == self.names[key].lower()
        ):
            self.names[key] = name

    def best(self) -> str | None:
        if not self.scores:
            return None
        return self.names[max(self.scores, key=lambda key: self.scores[key])]


@lru_cache(maxsize=512)
def _template(text: str) -> re.Pattern[str]:
    parts = re.split(r"(COMPANY|ROLE)", text)
    source = ""
    for part in parts:
        if part == "COMPANY":
            source += rf"(?P<company>{_NAME})"
        elif part == "ROLE":
            source += rf"(?P<role>{_ROLE})"
        else:
            source += f"(?i:{part.replace(' ', '[ ]+')})" if part else ""
    return re.compile(source)


def name_of(
    clues: Clues, language: Language, vendors: Vendors, stated: tuple[Stated, ...]
) -> Named:
    """Say which company and role a message concerns."""
    company = _company(clues, language, vendors, stated)
    known = [s for s in stated if company and _same(company, s)]
    if known:
        company = known[0].company
    role = _role(clues, language, vendors, company)
    exact = [s for s in known if s.role and role and squash(s.role) == squash(role)]
    if exact:
        role = exact[0].role
    elif known:
        text = " ".join((clues.subject, *clues.body))
        mentioned = [s for s in known if s.role and _has_words(text, s.role)]
        if len(mentioned) == 1:
            role, exact = mentioned[0].role, mentioned
    return Named(company, role, tuple(exact or known))


def _has_words(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", fold(text)) is not None


def _same(name: str, stated: Stated) -> bool:
    key = squash(name)
    return key in {squash(n) for n in (stated.company, *stated.aliases)}


def _domain_matches(domain: str, domains: Iterable[str]) -> bool:
    return any(domain == d or domain.endswith("." + d) for d in domains)


def _company(
    clues: Clues, language: Language, vendors: Vendors, stated: tuple[Stated, ...]
) -> str | None:
    found = _Found({}, {})
    addresses = [clues.sender] if not clues.sent else []
    if clues.reply_to:
        addresses.append(clues.reply_to)
    addresses.extend(clues.others)
    text = "\n".join((clues.subject, *clues.body, clues.signature))
    for application in stated:
        if any(_domain_matches(a.domain, application.domains) for a in addresses):
            found.add(application.company, 6.0)
        for name in (application.company, *application.aliases):
            if _has_words(clues.subject, name):
                found.add(application.company, 4.5)
            elif _has_words(text, name):
                found.add(application.company, 3.5)
    _from_templates(clues, language, vendors, found)
    _from_display(clues, language, vendors, found)
    if not clues.agency:
        _from_domains(clues, addresses, language, vendors, found, text)
    return found.best()


def _good(name: str, clues: Clues, language: Language, vendors: Vendors) -> str | None:
    words = name.split()
    while words and words[0].lower().strip(".,") in language.not_names:
        words = words[1:]
    while words and words[-1].lower().strip(".,!") in language.not_names:
        words = words[:-1]
    name = canonical(" ".join(words), vendors, language)
    lowered = name.lower()
    if len(name) < 2 or lowered in vendors.names or lowered in language.not_names:
        return None
    if fold(name) in fold(clues.me) or name.isdigit() or name in vendors.platform_names:
        return None
    if any(w.lower() in language.titles for w in name.split()[-1:]):
        return None
    return name


def _from_templates(clues: Clues, language: Language, vendors: Vendors, found: _Found) -> None:
    places: list[tuple[str, float]] = [(clues.subject, 4.0)]
    places += [(sentence, 3.2 - 0.02 * min(n, 20)) for n, sentence in enumerate(clues.body[:60])]
    if clues.forwarded:
        places.append((clues.forwarded[:1500], 2.4))
    if clues.quoted:
        places.append((clues.quoted[:1500], 1.6))
    for text, score in places:
        for template in language.company_templates:
            if "COMPANY" not in template:
                continue
            for match in _template(template).finditer(text):
                name = _good(_cut(match["company"]), clues, language, vendors)
                if name:
                    found.add(name, score)


def _cut(name: str) -> str:
    """End a name at a full stop that ends a sentence."""
    return re.split(r"(?<=[a-z]{3})\.(?:\s|$)|[!?]\s", name)[0]


def _from_display(clues: Clues, language: Language, vendors: Vendors, found: _Found) -> None:
    display = clues.sender.name
    local = clues.sender.email.partition("@")[0]
    if clues.kind == "ats" and _domain_matches(clues.sender.domain, vendors.tenant_in_local):
        tenant = re.split(r"[+.]", local)[0]
        if not re.match(r"no-?reply|do-?not|notif|workday|system", tenant):
            found.add(_spelled(tenant, clues, language) or tenant.replace("-", " ").title(), 2.6)
    if clues.kind == "ats":
        tenant = clues.sender.domain.split(".")[0]
        host = clues.sender.domain.partition(".")[2]
        if host in vendors.tenant_in_domain:
            found.add(_spelled(tenant, clues, language) or tenant.replace("-", " ").title(), 2.5)
    if not display or clues.kind in ("reference", "board", "self"):
        return
    at_company = re.search(
        r"(?: (?:at|from|@|of|chez|bei|von|de|da|van|di) | \(|\s[|–—-]\s|,\s|/)(.+)$", display
    )
    team = any(
        re.search(rf"\b{re.escape(w)}\b", display, re.IGNORECASE) for w in language.team_words
    )
    via = re.match(r"(.+?) (?:via|through|über|par|por|tramite) ", display, re.IGNORECASE)
    if via:
        name = _good(via[1], clues, language, vendors)
        if name:
            found.add(name, 3.4)
        return
    role_address = re.match(
        r"(no-?reply|do-?not-?reply|jobs?|careers?|recruit|talent|hr|people|hiring|notif|apply|info|team|office|bewerbung|personal|karriere|rh|rrhh|selec|work|hello|contact|applications?)",
        local,
    )
    for piece in ([at_company[1].rstrip(")")] if at_company else []) + (
        [display] if clues.kind != "person" or team or role_address else []
    ):
        name = _good(piece, clues, language, vendors)
        if name and not (clues.agency and clues.kind == "person"):
            found.add(name, 3.0 if clues.kind in ("ats", "scheduler", "assessment") else 2.8)
            if piece != display:
                break


def _from_domains(
    clues: Clues,
    addresses: list[Address],
    language: Language,
    vendors: Vendors,
    found: _Found,
    text: str,
) -> None:
    if clues.kind == "reference":
        return
    for address in addresses:
        label = organisation(address.domain)
        if not label or _vendor_domain(address.domain, vendors):
            continue
        spelled = _spelled(label, clues, language)
        if spelled:
            found.add(canonical(spelled, vendors, language), 3.3)
        else:
            found.add(" ".join(w.capitalize() for w in re.split(r"[-_]", label)), 1.0)


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
    )
    return any(_domain_matches(domain, group) for group in groups)


_CAPITALS = re.compile(_NAME)


def _spelled(label: str, clues: Clues, language: Language) -> str | None:
    """Find how a domain label is written in the text: northgate-analytics as Northgate Analytics."""
    wanted = squash(label)
    if len(wanted) < 3:
        return None
    best: str | None = None
    pieces = (clues.sender.name, clues.subject, clues.signature, *clues.body[:80])
    for piece in pieces:
        if not piece:
            continue
        for match in _CAPITALS.finditer(piece):
            words = [w.strip(",.;:!?'’") for w in match[0].split()]
            for start in range(len(words)):
                for end in range(len(words), start, -1):
                    name = " ".join(words[start:end])
                    key = squash(name.replace("&", "and")) if "and" in wanted else squash(name)
                    if key == wanted:
                        return name
                    near = len(key) >= 4 and (wanted.startswith(key) or key.startswith(wanted))
                    if near and len(wanted) >= 4 and (best is None or len(key) > len(squash(best))):
                        best = name
    return best


def _role(clues: Clues, language: Language, vendors: Vendors, company: str | None) -> str | None:
    found = _Found({}, {})
    places = [(clues.subject, 3.0)]
    places += [(s, 2.6 - 0.02 * min(n, 20)) for n, s in enumerate(clues.body[:60])]
    if clues.signature and not clues.agency:
        pass
    if clues.forwarded:
        places.append((clues.forwarded[:1500], 1.6))
    if clues.quoted:
        places.append((clues.quoted[:1500], 1.2))
    for text, score in places:
        for template in language.role_templates:
            for match in _template(template).finditer(text):
                role = _clean_role(match["role"], company, language)
                if role:
                    titled = _titled(role, language)
                    found.add(role, score + (1.2 if titled else 0.0))
    return found.best()


def _titled(role: str, language: Language) -> bool:
    return any(word in language.titles for word in re.findall(r"[^\W\d_]+", role.lower()))


def _clean_role(role: str, company: str | None, language: Language) -> str | None:
    role = re.sub(r"\s+", " ", role).strip(" .,;:!?'’\"“”-–—|·•*")
    role = re.sub(r"^(?:the|our|a|an|your|this|that|new)\s+", "", role, flags=re.IGNORECASE)
    if company:
        role = re.sub(
            rf"^(?:{re.escape(company)})(?:[’']s)?\s+|\s*(?:[-–—|@,]|\bat\b|\bwith\b)\s*{re.escape(company)}.*$",
            "",
            role,
            flags=re.IGNORECASE,
        )
        if squash(role) == squash(company):
            return None
    role = role.strip(" .,;:!?'’\"“”-–—|·•*")
    if role.count("(") != role.count(")"):
        role = role.partition("(")[0].strip()
    if not 2 < len(role) < 90 or role.lower() in language.not_names:
        return None
    return role
