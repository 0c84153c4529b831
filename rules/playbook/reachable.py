"""At which of their addresses a person reads mail: where they wrote from, none that is dead."""

from __future__ import annotations

from datetime import datetime

from vouchd.rules.model import ActKind, Me
from vouchd.rules.world import Person


def read_at(person: Person, me: Me, at: datetime) -> str | None:
    """Return the address that the person last wrote from; another one may be dead.

    Where they have not written, the first that no mail has come back from, if one has; else None:
    nothing tells them apart. The mail system of the user's employer comes last.
    """
    known = tuple(email.lower() for email in person.reference.emails)
    wrote = {
        c.reading.sender.email: c.at
        for c in person.contacts
        if c.at <= at and c.reading.sender is not None and not c.sent
    }
    dead = {
        deed.act.evidence.text
        for deed in person.did(ActKind.UNDELIVERED)
        if deed.at <= at and not wrote.get(deed.act.evidence.text, deed.at) > deed.at
    }
    living = [email for email in known if email not in dead]
    last = max((e for e in living if e in wrote), key=lambda e: wrote[e], default=None)
    if last is not None or not dead:
        return last
    private = [e for e in living if e.rpartition("@")[2] not in me.employer_domains]
    return next(iter((*private, *living)), None)
