"""What a mail domain tells: whose it is and what it belongs to."""

from __future__ import annotations

from collections.abc import Iterable


def domain_in(domain: str, domains: Iterable[str]) -> bool:
    """Whether a domain is one of these or below one."""
    return any(domain == d or domain.endswith("." + d) for d in domains)


_SECOND_LEVEL = frozenset("co com org net ac gov edu gob gouv or ne go".split())


def organisation(domain: str) -> str:
    """Return the label of a domain that names the organisation: `acme` of mail.acme.co.uk."""
    labels = domain.lower().split(".")
    if len(labels) < 2:
        return ""
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2:
        return labels[-3]
    return labels[-2]


def belongs(domain: str, group: frozenset[str]) -> bool:
    """Whether a domain or one above it is in the group."""
    if domain in group:
        return True
    labels = domain.split(".")
    return any(".".join(labels[i:]) in group for i in range(1, len(labels) - 1))
