"""P13 balance: favours asked and given, thanks, news and favours returned, one line per person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vouchd.rules.model import ActKind, SignalKind
from vouchd.rules.playbook.standing import given
from vouchd.rules.world import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What has gone to and fro between the user and one person, up to a moment."""

    name: str
    asked: int  #: favours the user asked for
    acted: int  #: references the person gave
    thanked: int
    told: int  #: news on how it went
    returned: int  #: favours offered in return
    last_contact: datetime | None  #: in either direction, mail or meeting
    looking: bool  #: has said that they look for work

    @property
    def owed(self) -> int:
        """References given that nobody has said thanks for yet."""
        return max(0, self.acted - self.thanked)


def balance(person: Person, now: datetime) -> Balance:
    """Return the balance with a person at a moment."""

    def count(kind: ActKind) -> int:
        return len([d for d in person.did(kind) if d.at <= now])

    hunting = [w for w in person.said(SignalKind.REFERENCE_JOB_HUNTING) if w.at <= now]
    return Balance(
        name=person.name,
        asked=count(ActKind.ASKED),
        acted=len(given(person, now)),
        thanked=count(ActKind.THANKED),
        told=count(ActKind.TOLD),
        returned=count(ActKind.OFFERED_HELP),
        last_contact=max((c.at for c in person.contacts if c.at <= now), default=None),
        looking=bool(hunting),
    )
