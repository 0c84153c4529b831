"""What a template may say: the facts of an intent as plain words, cleaned, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from vouchd.rules.intent import Intent, Occasion, Outcome
from vouchd.rules.letters.between import between
from vouchd.rules.letters.discreet import reason_of
from vouchd.rules.letters.person_name import is_courtesy
from vouchd.rules.letters.referees import referee, to_list
from vouchd.rules.letters.talk import (
    as_what,
    scene,
    speaks,
    talking_points,
    together,
    weights,
    years,
)
from vouchd.rules.letters.templates import BREAK, flat
from vouchd.rules.letters.voice import Manner
from vouchd.rules.letters.wording import Speech, link, role_name, safe
from vouchd.rules.model import ActKind, FollowUpKind, Me, Reference, SignalKind, Stage

_PLATFORM = re.compile(
    r"\b(xref|skill ?survey|ref ?app|refapp|referoo|refq|checkster|crosschq|hipeople|vitay|zinc"
    r"|certn|checkr|hireright|sterling|veremark|oleeo|harver|outmatch|greenhouse|lever|workday"
    r"|icims|platform|portal|survey|online form|automated)\b",
    re.IGNORECASE,
)
_MARKED = (FollowUpKind.THANK_YOU, FollowUpKind.HANDWRITTEN_NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One occasion in words; what is not known is empty."""

    kind: str
    company: str
    role: str
    posting: str
    points: tuple[str, ...]  #: what the employer weighs
    outcome: str
    on: str  #: "on Tuesday": when it happened
    month: str  #: "March"
    how: str  #: call, form, letter
    declined: bool  #: the person is said to have turned the request down
    reason: str  #: the honest reason, without its full stop
    contact: str
    platform: bool  #: the contact is a platform, so a mail of a machine is coming
    deadline: str  #: "Thursday, 12 March"
    due: str  #: "12 March"
    acted: bool
    start: str  #: "on Thursday, 12 March": of an interview to come
    stage: str
    after_all: bool = False  #: it ends so although an offer had been accepted
    several: bool = False  #: `company` names more than one


_DECIDED = frozenset((Stage.ACCEPTED, Stage.DECLINED, Stage.REJECTED, Stage.WITHDRAWN))


def facts_of(
    intent: Intent, me: Me, kind: FollowUpKind, how: Manner, *, resume: bool
) -> Mapping[str, object]:
    """Return the words a template of `kind` may use, by name; docs/letters.md explains each."""
    speech = speech_of(intent, me, how.language, how.wanted)
    every = tuple(item_of(o, speech, me) for o in sorted(intent.occasions, key=_weight))
    items = tuple(item for item in every if item.kind == kind) or every
    news = tuple(item for item in every if item.kind == FollowUpKind.OUTCOME_NEWS)
    deeds = _deeds(intent, every, news)
    person = intent.people[0] if intent.people else Reference(name="")
    processes = [o.process for o in intent.occasions if o.process]
    points = talking_points(person, processes)
    past = intent.acts_before + len(deeds)
    signals = {cause.signal for cause in intent.causes}
    terms = {term for occasion in intent.occasions for term in occasion.terms}
    return {
        "kind": str(kind),
        "kinds": tuple(str(each) for each in intent.kinds),
        "me": safe(me.name),
        "first": how.name.first or how.name.full,
        "name": how.name.full,
        "formal": how.formal,
        "region": how.wanted.partition("-")[2],
        "greeting": how.greeting,
        "sign_off": f"{how.sign_off}{BREAK}{how.signature}",
        "br": BREAK,
        "asked": SignalKind.REFERENCE_REQUEST in signals,
        "items": items,
        "main": items[0] if items else item_of(Occasion(kind=kind), speech, me),
        "news": news,
        "deeds": _together(deeds, speech),
        "calls": tuple(item for item in every if item.kind == FollowUpKind.HEADS_UP),
        "progress": tuple(item for item in every if item.kind == FollowUpKind.PROGRESS_UPDATE),
        "company": items[0].company if items else "",
        "companies": companies(items),
        "employer": safe(person.employer or "", most=60),
        "title": "" if is_courtesy(person.title) else safe(person.title or "", most=60),
        "phone": safe(person.phone or "", most=40),
        "relationship": safe(person.relationship or "", most=80),
        "together": together(person),
        "as_what": as_what(person, how.language),
        "years": years(person),
        "agreed": _agreed(intent, person, speech, me),
        "until": _until(intent, speech),
        "shared": between(intent.bond, speech, me.zone),
        "elsewhere": tuple(safe(company, most=60) for company in intent.elsewhere),
        "points": points,
        "topics": tuple(p for p in points if speaks(p, how.language)),
        "scene": scene(points) if how.language == "en" else "",
        "resume": resume,
        "offer_help": intent.offer_help,
        "apart": bool(deeds) and not {i.company for i in deeds} & {i.company for i in news},
        "many": len(intent.to) > 1,
        "decided": bool(items) and all(item.stage in _DECIDED for item in items),
        "settled": intent.settled or any(i.outcome == Outcome.ACCEPTED for i in news),
        "thanked": any(each in intent.kinds for each in _MARKED),
        "thanks_before": max(intent.thanks_before, intent.acts_before),
        "count": past,
        "times": speech.count(past),
        "ordinal": speech.ordinal(past),
        "lukewarm": "lukewarm" in terms or SignalKind.REFERENCE_AGREED in signals,
        "this_one": "this_application" in terms,
        "asks_me": ActKind.ASKS_FAVOUR in signals,
        "looking": FollowUpKind.RECIPROCATE in intent.kinds,
        "landed": tuple(item for item in every if item.outcome == Outcome.ACCEPTED),
        "months": speech.count(months_since_accepted(intent)),
        "present_employer": safe(me.employer or "", most=60),
        "referees": tuple(referee(each, speech, me) for each in to_list(intent.candidates)),
        "ands": speech.ands,
        "begin": _begin(how),
        "say": lambda polite, familiar: polite if how.polite else familiar,
        "flat": flat,
        "upper": lambda words: words[:1].upper() + words[1:],
    }


def speech_of(intent: Intent, me: Me, language: str, wanted: str) -> Speech:
    """Return how dates are said, as on the day by which the letter should be sent."""
    american = me.zone.key.startswith(("America/", "US/", "Pacific/Honolulu"))
    return Speech(
        language=language,
        anchor=max(intent.created_at, intent.due_at).astimezone(me.zone).date(),
        month_first=wanted == "en-us" or (wanted == "en" and american),
    )


def item_of(occasion: Occasion, speech: Speech, me: Me) -> Item:
    """Return an occasion in the words of a language."""
    process = occasion.process
    at, start = (_day(moment, me) for moment in (occasion.at, occasion.start))
    if occasion.kind is FollowUpKind.INTERVIEW_THANK_YOU:
        at = start or at
    contact = safe(occasion.contact or "", most=80)
    # A day that has passed asks nothing of anybody; of what is overdue it says since when.
    late = occasion.kind is FollowUpKind.NUDGE_REFERENCE
    deadline = occasion.deadline
    deadline = deadline if deadline and (late or deadline >= speech.anchor) else None
    return Item(
        kind=str(occasion.kind),
        company=safe(process.company, most=60) if process else "",
        role=role_name(process.role) if process else "",
        posting=link(process.posting) if process else "",
        points=_weighed(occasion, speech),
        outcome=str(occasion.outcome or ""),
        on=speech.on(at) if at else "",
        month=speech.month(at, short=True) if at else "",
        declined=occasion.how == "declined",
        how=occasion.how if occasion.how in ("call", "form", "letter") else "",
        reason=said if speaks(said := reason_of(occasion), speech.language) else "",
        contact=contact,
        platform=_is_platform(contact),
        deadline=speech.full(deadline) if deadline else "",
        due=speech.bare(deadline) if deadline else "",
        acted=occasion.acted,
        start=speech.on_full(start) if start and start >= speech.anchor else "",
        stage=str(occasion.stage or ""),
        after_all=occasion.after_all,
    )


def _is_platform(contact: str) -> bool:
    """Return whether a contact is a service and no person: known by name, or one bare word."""
    bare = contact.isalnum() and not contact.islower()
    return bare or bool(_PLATFORM.search(contact))


def _weighed(occasion: Occasion, speech: Speech) -> tuple[str, ...]:
    """Return what the employer weighs, as far as it can stand in a sentence of the letter."""
    stated = weights(occasion.process) if occasion.process else ()
    return tuple(point for point in stated if speaks(point, speech.language))


def companies(items: Iterable[Item]) -> tuple[str, ...]:
    """Return each company once, in order."""
    return tuple(dict.fromkeys(item.company for item in items if item.company))


def _begin(how: Manner) -> Callable[[str], str]:
    """Return how a letter's paragraphs begin: after a comma German and Italian go on in lower case.

    Only the first call may do so; templates call it for every paragraph that can be the first.
    """
    first = iter((how.language[:2] in ("de", "it") and how.greeting.endswith(","),))

    def begin(words: str) -> str:
        return words if next(first, False) else words[:1].upper() + words[1:]

    return begin


def _agreed(intent: Intent, person: Reference, speech: Speech, me: Me) -> str:
    """Return the month of the yes that is to be renewed, stated or found in the mail."""
    asked = (o.at for o in intent.occasions if o.kind is FollowUpKind.RECONFIRM and o.at)
    found = person.agreed_on or _day(next(asked, None), me)
    return speech.month(found) if found else ""


def _until(intent: Intent, speech: Speech) -> str:
    """Return the last day of the yes that is to be renewed, where the person named one."""
    terms = (t for o in intent.occasions if o.kind is FollowUpKind.RECONFIRM for t in o.terms)
    days = [date.fromisoformat(t.removeprefix("until:")) for t in terms if t.startswith("until:")]
    passed = [day for day in days if day < speech.anchor]
    return speech.bare(passed[0]) if passed else ""


def _weight(occasion: Occasion) -> int:
    """Return the place of an outcome in a letter: a job taken comes before one lost."""
    order = tuple(Outcome)
    return order.index(occasion.outcome) if occasion.outcome else len(order)


def _deeds(intent: Intent, every: tuple[Item, ...], news: tuple[Item, ...]) -> tuple[Item, ...]:
    stated = tuple(item for item in every if item.kind in _MARKED)
    # The day of the news is not the day of the deed, and which means they used stands elsewhere.
    return stated or tuple(replace(item, on="", how="") for item in news if item.acted)


def _together(deeds: tuple[Item, ...], speech: Speech) -> tuple[Item, ...]:
    """Say in one what was done in the same way on the same day: "spoke with Acme and Globex"."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in deeds:
        found.setdefault((item.how, item.on), []).append(item)
    return tuple(
        replace(
            same[0], company=speech.ands(companies(same)), role="", several=len(companies(same)) > 1
        )
        if len(same) > 1
        else same[0]
        for same in found.values()
    )


def months_since_accepted(intent: Intent) -> int:
    """Return how many months ago an offer was accepted; 0: not known or less than one."""
    taken = (o.at for o in intent.occasions if o.outcome is Outcome.ACCEPTED and o.at)
    return max((int((intent.due_at - at).days / 30.4) for at in taken), default=0)


def _day(moment: datetime | None, me: Me) -> date | None:
    return moment.astimezone(me.zone).date() if moment else None
