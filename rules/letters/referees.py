"""Who is named to an employer and how, and at which address a person is written to."""

from __future__ import annotations

from dataclasses import dataclass

from vouchd.rules.intent import Candidate, Reply
from vouchd.rules.letters.person_name import is_courtesy
from vouchd.rules.letters.reach import by_mail_alone, reach
from vouchd.rules.letters.wording import Speech, safe
from vouchd.rules.model import Address, Me, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Referee:
    """A person who agreed to be named, as an employer gets to know them."""

    name: str
    post: str  #: "Head of Data, Initech"
    relationship: str
    email: str
    phone: str
    reach: str  #: "best by phone, after 17:00": as they wished


def to_list(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return the three best who agreed and may be listed."""
    ready = [c for c in candidates if c.agreed and not c.note and not c.person.do_not_list]
    return tuple(sorted(ready, key=lambda each: -each.score)[:3])


def referee(candidate: Candidate, speech: Speech, me: Me) -> Referee:
    """Return a person as the employer gets to know them, by what they allowed to pass on."""
    person = candidate.person
    addresses = to_person(person, None, me, candidate.address)
    title = "" if is_courtesy(person.title) else safe(person.title or "", most=60)
    secret = colleague(person, me) or by_mail_alone(candidate.terms)
    employer = safe(person.employer or "", most=60)
    return Referee(
        name=safe(person.name),
        post=", ".join(part for part in (title, employer) if part),
        relationship=safe(person.relationship or "", most=80),
        email=addresses[0].email if addresses else "",
        phone="" if secret else safe(person.phone or "", most=40),
        reach=reach(candidate.terms, speech),
    )


def colleague(person: Reference, me: Me) -> bool:
    """Return whether a person works where the user works now."""
    here = (me.employer or "").casefold()
    there = (person.employer or "").casefold()
    return bool(here) and here == there


def to_person(
    person: Reference, reply: Reply | None, me: Me, last: str | None = None
) -> tuple[Address, ...]:
    """Return the address to write to, among those stated for the person.

    That of the mail answered goes first, then the one they `last` wrote from, then any outside the
    user's present employer, whose mail system must not learn of the search.
    """
    known = [email.lower() for email in person.emails]
    answered = [a.email for a in reply.to if a.email in known] if reply else []
    private = [e for e in known if e.rpartition("@")[2] not in me.employer_domains]
    recent = [e for e in private if e == last]
    chosen = next(iter((*answered, *recent, *private, *known)), None)
    return (Address(chosen, safe(person.name)),) if chosen else ()
