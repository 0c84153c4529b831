"""What a sender's display name and domain say of the company."""

from __future__ import annotations

import re

from vouchd.rules.model import Address
from vouchd.rules.reading.canonical import canonical
from vouchd.rules.reading.domains import belongs, domain_in, organisation
from vouchd.rules.reading.house import shortened, written_as
from vouchd.rules.reading.labels import forms, in_words, spellings
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import (
    OFFICE,
    PHRASE,
    Candidates,
    Clues,
    good,
    has_words,
    impersonal,
    of_house,
    squash,
)
from vouchd.rules.reading.vendors import Vendors


def from_display(clues: Clues, language: Language, vendors: Vendors, found: Candidates) -> None:
    """Add what the sender's name and tenant say."""
    display = clues.sender.name
    if clues.kind in ("reference", "self"):
        return
    if clues.kind == "ats":
        _from_tenant(clues, language, vendors, found)
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
    if match and (match["of"] or clues.kind != "board" or of_house(match["by"], language, vendors)):
        name = good(match["of"] or match["by"], clues, language, vendors)
        if name:
            found.add(name, 4.2)
        return
    if clues.kind in ("board", "platform"):
        return
    at = re.search(r"(?: (?:at|from|@|of|chez|bei|von) | \(|\s[|–—-]\s|,\s|/)(.+)$", display)
    house = impersonal(clues, language, vendors)
    pieces = [at[1].rstrip(")")] if at else []
    if at and at[0].strip().startswith((",", "(")) and not house:
        pieces = []
    if house:
        pieces.append(display)
        pieces.extend(p[1] for p in re.finditer(r"(?:^|[-–—|] )([^-–—|]+)", display) if not at)
    for piece in pieces:
        name = good(piece, clues, language, vendors)
        if name and not clues.agency:
            found.add(name, _weight_of(name, clues, language, vendors))


def _from_tenant(clues: Clues, language: Language, vendors: Vendors, found: Candidates) -> None:
    """Add the employer by the part of an address that its hiring system gives it: mwu@..."""
    domain, tenant = clues.sender.domain, ""
    if domain_in(domain, vendors.tenant_in_local):
        tenant = re.split(r"[+.]", clues.sender.email.partition("@")[0])[0]
    elif domain.partition(".")[2] in vendors.tenant_in_domain:
        tenant = domain.partition(".")[0]
    if not tenant or OFFICE.match(tenant):
        return
    display = good(clues.sender.name, clues, language, vendors)
    if display and tenant.lower() in _shorts(display):
        found.add(display, 3.4)
    else:
        found.add(spelled(tenant, clues) or in_words(tenant, language), 2.6)


def _shorts(name: str) -> frozenset[str]:
    """Return how a name is shortened: its words and its initials."""
    words = [w.lower() for w in re.findall(r"\w+", name)]
    initials = "".join(w[0] for w in words if w not in ("of", "the", "and"))
    return frozenset((*words, initials, "".join(w[0] for w in words)))


def only_sends(name: str, clues: Clues) -> bool:
    """Whether a mailbox that takes no answer bears a name that the mail itself does not.

    It can be a system that nobody has heard of; who is spoken of goes before it.
    """
    if not NO_ANSWER.match(clues.sender.email):
        return False
    return not has_words(" ".join((clues.subject, *clues.body, clues.signature)), name)


#: mailboxes that take no answer
NO_ANSWER = re.compile(
    r"no-?_?reply|do-?_?not-?_?reply|nao-?respond|no-?responder|ne-?pas-?repondre|notif|mailer"
    r"|noresponder|nicht-?antworten|auto|avis|alert|status|support|suporte|soporte|mensag|sistema"
    r"|system|dossier|verif|update|refer",
    re.IGNORECASE,
)
_SYSTEMS = frozenset(("ats", "scheduler", "assessment"))


def _weight_of(name: str, clues: Clues, language: Language, vendors: Vendors) -> float:
    """Return how much a sender's name tells: a system also writes in the name of a recruiter.

    An employer's name nearly always stands in the text as well; a person's does not, or signs it.
    """
    if clues.kind not in _SYSTEMS:
        return 2.2 if only_sends(name, clues) else 2.9
    if of_house(clues.sender.name, language, vendors):
        return 3.2
    spoken = has_words(" ".join((clues.subject, *clues.body)), name)
    return 3.2 if spoken else (2.4 if name.count(" ") > 1 else 1.6)


_BEHALF = re.compile(
    r"(?:on behalf of|for|i\.?A\.? von|im Auftrag von|pour|por cuenta de|namens|per conto di"
    r"|em nome de) "
    r"(?P<of>.+)$|^(?P<by>.+?) (?:via|through|über|par|por|tramite|x) ",
    re.IGNORECASE,
)


def from_domains(
    clues: Clues,
    addresses: list[Address],
    language: Language,
    vendors: Vendors,
    found: Candidates,
) -> None:
    """Add the companies that addresses belong to, as the text writes them."""
    if clues.kind in ("reference", "platform") or clues.agency:
        return
    people = {word for person in clues.people for word in person.split()}
    part = 0.15 if acts_for_others(clues, vendors) else 1.0
    letters = 1.0 if language.spaced else 0.4  # Japanese names stand in Latin letters in addresses
    for address in addresses:
        label = organisation(address.domain)
        if not label or vendor_domain(address.domain, vendors) or label in vendors.labels:
            continue
        if label in {name.lower() for name in vendors.platform_names}:
            continue
        written = spelled(label, clues)
        exact = written is not None and squash(written) in spellings(label)
        if written and (exact or written not in people):
            weight = 1.0 if only_sends(written, clues) else (4.4 if exact else 3.6)
            found.add(canonical(written, vendors, language), weight * part)
        if exact:
            continue
        short = written_as(label, texts_of(clues), language.company_tail)
        signs = _signs(label, clues, language, vendors)
        if short and good(short, clues, language, vendors):
            found.add(canonical(short, vendors, language), 4.2 * part)
        elif signs:
            found.add(signs, 4.0 * part)
        else:
            name = in_words(label, language, texts_of(clues))
            sends = 0.5 if only_sends(label, clues) else 1.0
            found.add(name, (3.3 if "-" in label else 1.9) * part * letters * sends)


def _signs(label: str, clues: Clues, language: Language, vendors: Vendors) -> str | None:
    """Return the name in the sender's or the signing lines that shares a word with the label.

    Bauunternehmung Ganter for ganter-bau; not the writer's own name, Svenja Wolff for dach-wolff.
    """
    wanted = squash(label)
    for line in (clues.sender.name, *signed(clues)):
        for part in _SEGMENTS.split(line):
            name = canonical(part, vendors, language)
            words = name.split()
            shared = [w for w in words if len(w) >= _LEAST and not w.islower()]
            if len(words) == 2 and not of_house(part.strip(), language, vendors):
                shared = shared[:1] if shared[:1] == words[:1] else []  # Moni Kornblum
            if (
                1 < len(words) <= _MOST
                and words[0][:1].isupper()
                and (
                    any(f in wanted for w in shared for f in forms(w) if len(f) >= _LEAST)
                    or shortened(wanted, words)
                )
                and not any(c in "@:0123456789" for c in name)
                and name not in clues.people
                and good(name, clues, language, vendors) == name
            ):
                return name
    return None


_LEAST = 4  #: letters of a word that is shared
_SEGMENTS = re.compile(r"\s*[,|·•()]\s*|\s[-–—/]\s|\s(?:at|bei|chez)\s")
_MOST = 6  #: words of a name


def vendor_domain(domain: str, vendors: Vendors) -> bool:
    """Whether a domain belongs to a hiring system, a provider of mailboxes or of mailings."""
    return (
        vendors.kind_of(domain) is not None
        or belongs(domain, vendors.freemail)
        or belongs(domain, vendors.mailers)
    )


def texts_of(clues: Clues) -> tuple[str, ...]:
    """Return the texts in which the sender's house can stand."""
    head = (clues.sender.name, clues.subject, *clues.signature.splitlines()[:12])
    return (*head, *clues.body[:60], clues.quoted[:800])


def acts_for_others(clues: Clues, vendors: Vendors) -> bool:
    """Whether the sender signs for a house that finds people for others: Brass Tacks Recruitment.

    An employer's own team can sign alike, so its name stays possible where no other is told.
    """
    label = squash(organisation(clues.sender.domain))
    for line in signed(clues):
        match = vendors.agencies.search(line)
        if match and label and squash(line[: match.start()])[:4] == label[:4]:
            return True
    return False


def signed(clues: Clues) -> tuple[str, ...]:
    """Return the lines that sign a mail: below the greeting, the last without a full stop."""
    last = [line for line in clues.body[-4:] if line.rstrip()[-1:] not in ".!?:;…"]
    return (*clues.signature.splitlines()[:8], *last)


def spelled(label: str, clues: Clues) -> str | None:
    """Find how a domain label is written in the text: acme-robotics as Acme Robotics."""
    wanted = squash(label)
    if len(wanted) < 3:
        return None
    best: tuple[int, str] | None = None
    for text in texts_of(clues):
        if not text or wanted[:3] not in squash(text):
            continue
        for match in PHRASE.finditer(text):
            words = [w.strip(",.;:!?'’") for w in match[0].split()]
            for start in range(len(words)):
                for end in range(len(words), start, -1):
                    if words[start][:1].islower() or words[end - 1][:1].islower():
                        continue
                    name = " ".join(words[start:end])
                    key, spoken = squash(name), squash(name.replace("&", "and"))
                    # Addresses leave the small words out: clinique-bruyeres.
                    bare = squash(" ".join(w for w in words[start:end] if not w.islower()))
                    if wanted in (key, spoken, bare) or key in spellings(label):
                        return name
                    if len(key) >= 4 and (wanted.startswith(key) or key.startswith(wanted)):
                        near = -abs(len(key) - len(wanted))
                        if words[start][:1].isupper() and (best is None or near > best[0]):
                            best = near, name
    return best[1] if best else None
