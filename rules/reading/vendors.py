"""What no language owns: the marks of quotes and footers, vendors' domains, thresholds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vouchd.rules.reading.domains import organisation
from vouchd.rules.reading.tables import Table

_TELLING = 7  #: letters of a label from which it is nobody else's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Where quotes, forwards, signatures and footers begin, in all languages at once."""

    wrote: re.Pattern[str]
    original: re.Pattern[str]
    forwarded: re.Pattern[str]
    header: re.Pattern[str]
    sign_off: re.Pattern[str]
    footer: re.Pattern[str]
    device: re.Pattern[str]
    anything: re.Pattern[str]  #: a line that may begin a quote, a forward or a block of headers
    ending: re.Pattern[str]  #: a line that may begin a footer or name a device


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """Whose mail systems are whose, by domain."""

    ats: frozenset[str]
    tenant_in_local: frozenset[str]  #: the employer is the local part
    tenant_in_domain: frozenset[str]  #: the employer is the label before
    schedulers: frozenset[str]
    assessments: frozenset[str]
    platforms: frozenset[str]  #: reference checks
    platform_names: tuple[str, ...]
    boards: frozenset[str]
    alerts: frozenset[str]  #: addresses that only ever send alerts
    signing: frozenset[str]
    freemail: frozenset[str]
    mailers: frozenset[str]  #: calendars, mail services: never the employer
    labels: frozenset[str]  #: of their domains, where no employer's could be the same
    names: frozenset[str]  #: vendor names, never a company
    suffixes: frozenset[str]  #: Inc., GmbH …
    agency_words: tuple[str, ...]  #: in the domain of a recruiting agency
    agency_ends: tuple[str, ...]  #: at its end
    agencies: re.Pattern[str]  #: what ends the name of one
    checker_words: tuple[str, ...]  #: in the domain of a screening or reference service
    act: Mapping[str, float]
    ask: Mapping[str, float]
    kinds: Mapping[str, str]  #: domain -> platform, assessment, scheduler, ats, signing, board

    def kind_of(self, domain: str) -> str | None:
        """Return what kind of system a domain, or one above it, belongs to."""
        while "." in domain:
            kind = self.kinds.get(domain)
            if kind:
                return kind
            domain = domain.partition(".")[2]
        return None


def marks_of(tables: list[Table]) -> Marks:
    """Join the marks of all languages."""

    def choice(*keys: str) -> str:
        texts = {text for table in tables for key in keys for text in table.texts(key)}
        words = "|".join(re.escape(t) for t in sorted(texts, key=len, reverse=True))
        return f"(?:{words or '(?!)'})"

    def union(key: str, form: str) -> re.Pattern[str]:
        return re.compile(form.replace("WORDS", choice(key)), re.IGNORECASE)

    def every(keys: tuple[str, ...], form: str) -> re.Pattern[str]:
        return re.compile(form.replace("WORDS", choice(*keys)), re.IGNORECASE | re.MULTILINE)

    marks = Marks(
        wrote=union("wrote", r"^[^\n]{0,300}WORDS(?:\s[^\n]{1,150}:)?\s*:?\s*$"),
        original=union("original", r"^\W{0,20}\s*WORDS\s*\W{0,20}$"),
        forwarded=union("forwarded", r"^\W{0,20}\s*WORDS\s*\W{0,20}$"),
        header=union("headers", r"^\W{0,4}(WORDS)\W{0,4}\s?:\W{0,3}\s?(.{0,300})$"),
        sign_off=union("sign_offs", r"^\W{0,3}WORDS(?:\s+\w+){0,3}\s*[,.!–-]*\s*$"),
        footer=union("footers", r"^\W{0,6}WORDS"),
        device=union("devices", r"^\W{0,4}WORDS\b.{0,60}$"),
        # For a whole text at once: most mail quotes nothing, and its lines need no closer look.
        anything=every(("original", "forwarded", "headers"), r"^[^\w\n]{0,24}WORDS|[:：][ \t]*$"),
        ending=every(("footers", "devices"), r"^[^\w\n]{0,6}WORDS"),
    )
    for table in tables:
        table.close()
    return marks


def vendors_of(top: Table) -> Vendors:
    """Read the vendors and the thresholds. Raises LexiconError."""

    def names(key: str) -> frozenset[str]:
        return frozenset(t.lower() for t in top.texts(key))

    systems = ("boards", "signing", "ats", "schedulers", "assessments", "platforms")
    vendors = Vendors(
        labels=frozenset(
            label
            for key in systems
            for label in map(organisation, names(key))
            if len(label) >= _TELLING
        ),
        ats=names("ats"),
        tenant_in_local=names("tenant_in_local"),
        tenant_in_domain=names("tenant_in_domain"),
        schedulers=names("schedulers"),
        assessments=names("assessments"),
        platforms=names("platforms"),
        platform_names=top.texts("platform_names"),
        boards=names("boards"),
        alerts=names("alerts"),
        signing=names("signing"),
        freemail=names("freemail"),
        mailers=names("mailers"),
        names=names("names"),
        suffixes=names("suffixes"),
        agency_words=top.texts("agency_words"),
        agency_ends=top.texts("agency_ends"),
        agencies=re.compile(
            rf"(?<=\w) (?:{'|'.join(map(re.escape, top.texts('agencies')))})(?!\w)", re.IGNORECASE
        ),
        checker_words=top.texts("checker_words"),
        act=top.numbers("act"),
        ask=top.numbers("ask"),
        # Who belongs to two kinds is first of all what stands last here.
        kinds={
            domain: kind
            for kind, key in (
                ("board", "boards"),
                ("signing", "signing"),
                ("ats", "ats"),
                ("scheduler", "schedulers"),
                ("assessment", "assessments"),
                ("platform", "platforms"),
            )
            for domain in names(key)
        },
    )
    top.close()
    return vendors
