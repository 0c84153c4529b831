"""Which company and role a message speaks of: words around names, display names, domains."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vouchd.rules.model import Stated
from vouchd.rules.reading.canonical import canonical
from vouchd.rules.reading.domains import domain_in
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import (
    AROUND,
    TOKEN,
    Candidates,
    Clues,
    context,
    good,
    has_words,
    impersonal,
    leads_house,
    of_house,
    phrases,
    pieces,
    places,
    squash,
)
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.ranking import choose
from vouchd.rules.reading.roles import role_of
from vouchd.rules.reading.senders import (
    acts_for_others,
    from_display,
    from_domains,
    only_sends,
    signed,
)
from vouchd.rules.reading.title_runs import title_of
from vouchd.rules.reading.titles import clean_role, titled
from vouchd.rules.reading.vendors import Vendors


@dataclass(frozen=True, slots=True)
class Named:
    """What a message is about; None where it does not tell."""

    company: str | None = None
    role: str | None = None
    stated: tuple[Stated, ...] = ()  #: the stated applications it can be


def name_of(
    clues: Clues,
    language: Language,
    vendors: Vendors,
    stated: tuple[Stated, ...],
    *,
    with_role: bool = True,
) -> Named:
    """Say which company and role a message concerns; the role only where one is looked for."""
    company = _company(clues, language, vendors, stated)
    known = [s for s in stated if company and _same(company, s)]
    if known:
        company = known[0].company
    role = _title(clues, language, company) if with_role else None
    exact = [s for s in known if s.role and role and squash(s.role) == squash(role)]
    if exact:
        role = exact[0].role
    elif known:
        text = " ".join((clues.subject, *clues.body[:60]))
        mentioned = [s for s in known if s.role and has_words(text, s.role)]
        if len(mentioned) == 1:
            role, exact = mentioned[0].role, mentioned
    return Named(company, role, tuple(exact or known))


def _title(clues: Clues, language: Language, company: str | None) -> str | None:
    """Return the likeliest title by what was learnt; what the rules tell in another language."""
    told = title_by_rules(clues, language, company)
    if not language.names or not language.learnt:
        return told
    best = title_of(clues, language, company, told, language.names.opened)
    if not best and not language.spaced:
        return told
    return best and clean_role(best, company, language)


def title_by_rules(clues: Clues, language: Language, company: str | None) -> str | None:
    """Return the title that the rules tell."""
    signed_by_one = clues.kind == "person" and language.spaced
    body = _above_signature(clues.body[:60]) if signed_by_one else clues.body[:60]
    old = (clues.forwarded, clues.quoted)
    found = role_of(
        (clues.subject, *body), old, company, language, me=clues.me, people=clues.people
    )
    return None if found in clues.people else found


def _above_signature(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the last short lines: the writer's own name and title sign there."""
    end = len(lines)
    while end > max(1, len(lines) - 5):
        line = lines[end - 1].rstrip()
        if line[-1:] in ".!?…" or ":" in line or len(line.split()) > _SIGNED:
            break
        end -= 1
    return lines[:end]


_SIGNED = 8  #: words of a line that signs


def _names(text: str, name: str, language: Language) -> bool:
    """Whether a folded text names this company, not one that begins alike: Northgate Analytics."""
    for end in places(text, fold(name)):
        following = AROUND.findall(text[end : end + 24])
        if text[end : end + 1] != " " or not following:
            return True
        if following[0] not in language.company_tail:
            return True
    return False


def _same(name: str, stated: Stated) -> bool:
    return squash(name) in {squash(n) for n in (stated.company, *stated.aliases)}


def _company(
    clues: Clues, language: Language, vendors: Vendors, stated: tuple[Stated, ...]
) -> str | None:
    """Return the stated name, or the likeliest by what was learnt, or what the rules tell."""
    told, found = by_rules(clues, language, vendors, stated)
    if any(told == s.company for s in stated) or not language.names:
        return told
    best, likely = choose(clues, language, vendors, found, told, language.names.opened)
    enough = _LIKELY if told else _ALONE
    if best is None or likely < enough or (told and f"{told} ".startswith(f"{best} ")):
        return told  # which is the same, or the name in full
    return _in_full(best, clues, language, vendors)


_LIKELY = 0.4  #: from it what was learnt names the employer where the rules name another
_ALONE = 0.7  #: and where they name none


def by_rules(
    clues: Clues, language: Language, vendors: Vendors, stated: tuple[Stated, ...]
) -> tuple[str | None, Candidates]:
    """Return the company that the rules tell, and all that they thought of."""
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
    from_display(clues, language, vendors, found)
    from_domains(clues, addresses, language, vendors, found)
    best = found.best(1.5 if clues.kind in ("reference", "self") else 1.0)
    if best is None or any(best == s.company for s in stated):
        return best, found
    best = next((n for n in found.longer(best) if of_house(n, language, vendors)), best)
    return _in_full(best, clues, language, vendors), found


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
    best, article, bare = _as_signed(name, clues, language, vendors), False, False
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
            after = AROUND.findall(text[end : end + 20].lower())
            if the and not (after and after[0] in language.company_after):
                article = True
            bare = bare or not the
            at = text.find(name, end)
    return f"The {best}" if article and not bare and " " in best else best


def _as_signed(name: str, clues: Clues, language: Language, vendors: Vendors) -> str:
    """Return the name as it signs the mail: Kenridge as Kenridge Packaging."""
    own = impersonal(clues, language, vendors) or not _is_person(clues)
    for line in (*signed(clues), *((_VIA.split(clues.sender.name)[0],) if own else ())):
        for part in _SEGMENTS.split(line):
            words = part.strip(" .").split()
            if (
                len(part) <= len(name)
                or len(words) > _MOST
                or any(c in ":0123456789" for c in part)
            ):
                continue
            begins = squash(part).startswith(squash(name)) and part.startswith(name.split()[0])
            ends = part.endswith(f" {name}") and leads_house(words[0], language)
            if (begins and words[-1].lower() not in _PLACES) or ends:
                named = all(w[:1].isupper() or w == "&" or len(w) < 4 for w in words)
                whole = canonical(part, vendors, language)
                if named and len(whole) > len(name) and not titled(whole, language):
                    return whole
    return name


def _is_person(clues: Clues) -> bool:
    """Whether the sender's name is somebody's: a word of it stands before the @ of the address."""
    local = squash(clues.sender.email.partition("@")[0])
    return any(squash(w) in local for w in clues.sender.name.split() if len(w) > 2)


_VIA = re.compile(r" (?:via|through|über|par|por|tramite|x|im Auftrag von|on behalf of) ")
_PLACES = frozenset("centre center office offices building campus room entrance site".split())
_SEGMENTS = re.compile(r"\s*[,|·•(]\s*|\s[-–—/]\s|\s(?:at|for)\s(?=[A-Z])")
_MOST = 6  #: words of a name
_EXTENSION = re.compile(rf"(?: (?:(?:and|of|&) )?{TOKEN}){{1,4}}")


def _extends(word: str, language: Language) -> bool:
    low = word.lower().strip(".,:;!?")
    return low in language.company_tail and word[:1].isupper()


def _from_forms(
    places: list[tuple[str, float]],
    clues: Clues,
    language: Language,
    vendors: Vendors,
    found: Candidates,
) -> None:
    """Add what the language's own expressions for companies find."""
    addressed = {line.rstrip().removesuffix("様").rstrip() for line in clues.body[:4]}
    for text, factor in places:
        for number, form in enumerate(language.company_forms):
            for match in form.finditer(text[:400]):
                name = canonical(match[1].strip(), vendors, language)
                if name.endswith(language.not_name_ends) or name in addressed:
                    continue
                mine = fold(name) in fold(clues.me) or fold(name) in fold(clues.sender.name)
                if name not in language.not_names and not (mine and number > 3):
                    found.add(name, (5.2 - 0.15 * number) * factor)


def _from_words(clues: Clues, language: Language, vendors: Vendors, found: Candidates) -> None:
    places = [(clues.subject, 1.2), *((s, 1.0) for s in clues.body[:60])]
    if not clues.agency:
        places += [(line, 0.9) for line in clues.signature.splitlines()[:8]]
    places += [(line, 0.7) for line in clues.forwarded.splitlines()[:25]]
    places += [(line, 0.5) for line in clues.quoted.splitlines()[:25]]
    if language.company_forms:
        _from_forms(places, clues, language, vendors, found)
    agent = clues.agency or acts_for_others(clues, vendors)
    if agent:
        _from_subject(clues, language, vendors, found)
    kind = "agency" if agent else clues.kind
    if kind == "person" and only_sends(clues.sender.name, clues):
        kind = "platform"
    for text, factor in places:
        for phrase in phrases(text):
            for piece, inner in pieces(phrase, language):
                score = context(piece, language, kind)
                house = (
                    clues.kind not in _OWN
                    and not piece.name.isupper()
                    and of_house(piece.name, language, vendors)
                )
                if score <= 0 and not (house and (clues.agency or clues.kind != "person")):
                    continue
                name = good(piece.name, clues, language, vendors)
                if name:
                    score += (1.1 if agent else 0.7) if house else 0.0
                    found.add(name, score * factor - (0.5 if inner else 0.0))


def _from_subject(clues: Clues, language: Language, vendors: Vendors, found: Candidates) -> None:
    """Add the parts of an agency's subject that can be the client: HSE Advisor - Stillwater."""
    parts = re.split(r"\s[-–—|/]\s|[,:]\s|\s?(?://|\|\|)\s?", clues.subject)
    for number, part in enumerate(parts):
        name = good(part.strip(), clues, language, vendors)
        whole = name and squash(name) == squash(canonical(part, vendors, language))
        small = name and any(w.islower() and len(w) > _LINKING for w in name.split())
        if name and whole and not small and name[:1].isupper() and len(name.split()) < 5:
            place = number > 0 and " " not in name  # Payroll Officer, Derby
            said = has_words(" ".join(clues.body), name)
            found.add(name, 0.9 if place and not said else (1.7 if said else 1.2))


_LINKING = 3  #: letters of what links the words of a name: of, und
_OWN = frozenset(("reference", "self", "calendar"))
