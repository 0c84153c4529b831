"""What the user and a person share, as a letter says it: "in February", "on 3 March"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vouchd.rules.intent import Bond
from vouchd.rules.letters.wording import FALLBACK, Speech, safe

#: A month of which something is told.
_IN_MONTH: Mapping[str, str] = {
    "en": "in {}",
    "de": "im {}",
    "fr": "en {}",
    "es": "en {}",
    "nl": "in {}",
    "pt": "em {}",
    "it": "a {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What only the two know, in words; what is not known is empty."""

    yes: str  #: when they said that they may be named: "in February"
    acted: str  #: when they vouched before
    how: str  #: call, form, letter
    talked: str  #: when the two last met or talked, by the calendar
    wrote: str  #: when they last wrote to each other …
    topic: str  #: … and about what
    after: str  #: the hour from which they want to be called: "17:00"


def between(bond: Bond, speech: Speech, zone: ZoneInfo) -> Between:
    """Return what the two share in the words of a language."""

    def when(moment: datetime | None) -> str:
        return _when(moment.astimezone(zone).date(), speech) if moment else ""

    hours = (t.removeprefix("after:") for t in bond.terms if t.startswith("after:"))
    return Between(
        yes=when(bond.yes),
        acted=when(bond.acted),
        how=bond.acted_how if bond.acted_how in ("call", "form", "letter") else "",
        talked=when(bond.met),
        wrote=when(bond.wrote),
        topic=safe(bond.topic, most=50),
        after=next(hours, ""),
    )


def _when(day: date, speech: Speech) -> str:
    if (day.year, day.month) == (speech.anchor.year, speech.anchor.month):
        return speech.on(day)
    form = _IN_MONTH.get(speech.language.partition("-")[0], _IN_MONTH[FALLBACK])
    return form.format(speech.month(day, short=True))
