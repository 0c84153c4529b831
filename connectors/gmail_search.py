"""What is read first of a mailbox that was never read: the searches, in an order that pays.

    searches(Interests(…), after=…)  -> tuple[Search, ...]   for `messages.list`, the best first

What no search finds is read all the same, later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Of what only speaks of hiring the newest are enough; the others come with everything else.
MOST_BY_WORDS = 500
#: Longer addresses would go out as POST with another verb in the header, which the gate refuses.
LONGEST = 1_100


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """What the user's files and the rule data name."""

    people: tuple[str, ...] = ()  #: addresses of references
    names: tuple[str, ...] = ()  #: of references
    domains: tuple[str, ...] = ()  #: of employers
    companies: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()  #: domains of applicant-tracking systems and reference platforms
    words: tuple[str, ...] = ()  #: single words and phrases of hiring, in every language


@dataclass(frozen=True, slots=True)
class Search:
    """One search, and how many of its finds are wanted; None: all."""

    query: str
    most: int | None = None


def searches(interests: Interests, *, after: int) -> tuple[Search, ...]:
    """Return the searches, the most valuable first; `after` is in seconds since 1970.

    Seconds and not a date: Gmail takes dates as midnight in California.
    """
    about: tuple[tuple[Iterable[str], int | None], ...] = (
        ((f"{way}:{email}" for email in interests.people for way in ("from", "to", "cc")), None),
        ((f"{way}:{domain}" for domain in interests.domains for way in ("from", "to")), None),
        ((_quoted(name) for name in (*interests.names, *interests.companies)), None),
        ((f"from:{domain}" for domain in interests.vendors), None),
        ((_quoted(word) for word in interests.words), MOST_BY_WORDS),
    )
    return tuple(
        Search(f"after:{after} {{{group}}}", most)
        for terms, most in about
        for group in _grouped(terms)
    )


def _grouped(terms: Iterable[str]) -> Iterator[str]:
    group: list[str] = []
    length = 0
    for term in dict.fromkeys(filter(None, terms)):
        if group and length + len(term.encode()) > LONGEST:
            yield " ".join(group)
            group, length = [], 0
        group.append(term)
        # In the address a letter of another alphabet takes three characters a byte.
        length += 1 + sum(1 if c.isascii() else 3 * len(c.encode()) for c in term)
    if group:
        yield " ".join(group)


_NO_OPERATOR = re.compile(r"[\"{}()\\:]")


def _quoted(words: str) -> str:
    words = " ".join(_NO_OPERATOR.sub(" ", words).split())
    return f'"{words}"' if len(words) > 1 else ""
