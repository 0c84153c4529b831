"""Whether a calendar entry is an interview of the user's, and what has become of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vouchd.rules.model import Address, Event, Evidence, SignalKind
from vouchd.rules.reading.cues import WORLDS, Strength
from vouchd.rules.reading.domains import belongs, domain_in
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import Clues
from vouchd.rules.reading.people import by_address, fold
from vouchd.rules.reading.spot import Spotted, spot
from vouchd.rules.reading.text import language_of, sentences
from vouchd.rules.reading.titles import titled
from vouchd.rules.reading.weigh import Verdict, weight
from vouchd.rules.reading.writer import Book

STRONG = Strength.STRONG


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar entry taken apart."""

    event: Event
    book: Book
    language: Language
    said: Spotted  #: sentence 0 is the title
    title: Spotted
    others: tuple[Address, ...]  #: everybody but the user
    led: bool  #: the user organises it
    people: tuple[str, ...]  #: references who attend


def entry_of(event: Event, book: Book, around: Language | None = None) -> Entry:
    """Take a calendar entry apart; `around` is the language of the mail that carries it."""
    mine = book.me.emails
    text = f"{event.summary}\n{event.description[:6000]}"
    language = language_of(text, book.lexicon, around)
    persons = book.circle
    body = tuple(sentences(event.description[:6000], language))[:60]
    attending = [Address(a.email, a.name) for a in event.attendees]
    if event.organizer:
        attending.insert(0, event.organizer)
    others = tuple({a.email: a for a in attending if a.email and a.email not in mine}.values())
    # What an organiser calls itself tells of its world: "timetable-podcast", "city-radio".
    houses = {a.domain.rpartition(".")[0].replace("-", " ").replace(".", " ") for a in others}
    return Entry(
        event,
        book,
        language,
        spot((event.summary, *body, *sorted(houses)), language, persons.written),
        spot((event.summary,), language, persons.written),
        others,
        event.organizer is not None and event.organizer.email in mine,
        persons.among(others),
    )


def judge_entry(entry: Entry, *, moved: bool = False) -> Iterator[Verdict]:
    """Yield what the entry says: an interview stands, is moved, is called off or proposed.

    `moved` is True where the mail that carries it says so.
    """
    event = entry.event
    features = tuple((n, round(v, 3)) for n, v in _features(entry) if v)
    test = weight(entry.title, "assessment") or 0.4 * weight(entry.said, "assessment")
    if test and not event.cancelled:
        yield Verdict(
            SignalKind.ASSESSMENT,
            (*(f for f in features if f[0] not in _OF_INTERVIEWS), ("asks for a test", test)),
            entry.said.evidence("assessment"),
            ("assessment",),
            places=frozenset((-2,)),
        )
    if event.cancelled or event.method == "CANCEL":
        kind = SignalKind.INTERVIEW_CANCELLED
    elif moved or event.method == "COUNTER" or entry.said.strength("rescheduled") == STRONG:
        kind = SignalKind.INTERVIEW_RESCHEDULED
    elif entry.said.has("proposed"):
        kind = SignalKind.INTERVIEW_INVITE
    else:
        kind = SignalKind.INTERVIEW_CONFIRMED
    evidence = entry.said.evidence("interview", "final", "confirmed", "cancelled", "rescheduled")
    title = Evidence("calendar: title", " ".join(event.summary.split())[:160])
    yield Verdict(
        kind,
        features,
        evidence if evidence and evidence[0].text == title.text else (title, *evidence)[:3],
        ("interview",),
        final_round=entry.said.has("final"),
        places=frozenset((-1,)),
    )


#: what tells of an interview but not of a test
_OF_INTERVIEWS = frozenset(
    ("title speaks of an interview", "text speaks of an interview", "all day", "the user leads it")
)


def _features(entry: Entry) -> Iterator[tuple[str, float]]:
    said, title, event = entry.said, entry.title, entry.event
    vendors = entry.book.lexicon.vendors
    domains = [a.domain for a in entry.others]
    yield "base", -1.4
    named = title.strength("interview")
    yield "title speaks of an interview", {4: 3.6, 2: 2.8, 1: 0.8}.get(named, 0.0)
    if named < 2:
        yield "text speaks of an interview", 0.6 * weight(said, "interview", most=0.6)
    hiring = said.variety("job") if said.strength("job") == STRONG else 0
    yield "speaks of hiring", min(1.8, 0.6 * hiring)
    yield "title names the user and another", 0.65 if _two_named(entry) else 0.0
    yield "title names a job", 0.9 if titled(event.summary, entry.language) else 0.0
    known = [s for s in entry.book.stated if any(domain_in(d, s.domains) for d in domains)]
    yield "with people of a stated application", 1.8 if known else 0.0
    tools = (vendors.ats, vendors.schedulers, vendors.assessments)
    through = any(belongs(d, group) for d in domains for group in tools)
    yield "through a hiring tool", 1.2 if through else 0.0
    yield "says no", -0.4 * weight(said, "rejection", most=0.4)
    yield "the user hires", -1.3 * weight(said, "hiring_side")
    yield "the user leads it", -2.6 if entry.led and not through else 0.0
    yield "a colleague's", -2.2 if _colleagues(entry) else 0.0
    yield "a test", -0.7 * weight(title, "assessment")
    yield "practice", -1.2 * weight(said, "prep")
    yield "social", -0.9 * weight(title, "social")
    yield "a reference attends", -2.0 if entry.people else 0.0
    yield "about a reference", -0.9 * weight(title, "ref_word")
    yield "advertises", -0.7 * weight(said, "marketing")
    yield "comes again", -1.2 if event.recurring else 0.0
    yield "all day", -0.8 if event.all_day else 0.0
    worlds = {w: said.variety(w) for w in WORLDS}
    world = max(worlds, key=lambda w: worlds[w])
    gap = 2.2 * worlds[world] - 0.5 * said.variety("job")
    yield f"speaks of {world}", -min(5.0, max(0.0, gap))


def _two_named(entry: Entry) -> bool:
    """Whether the title says who talks to whom: "Sam Rivera / Kim Lee - Acme"."""
    me = fold(entry.book.me.name).split()
    words = set(re.findall(r"\w+", fold(entry.event.summary)))
    met = {word for a in entry.others for word in fold(a.name).split() if len(word) > 2}
    return not entry.led and set(me) <= words and bool(words & met - set(me))


def _colleagues(entry: Entry) -> bool:
    """Whether everybody there is of the house the user works in."""
    me = entry.book.me
    own = {a.rpartition("@")[2] for a in me.emails} | set(me.employer_domains)
    own -= entry.book.lexicon.vendors.freemail
    return bool(entry.others) and all(a.domain in own for a in entry.others)


def clues_of(entry: Entry) -> Clues:
    """Return where the names of company and role are looked for."""
    event = entry.event
    organizer = event.organizer if event.organizer and not entry.led else None
    sender = organizer or (entry.others[0] if entry.others else Address(""))
    return Clues(
        subject=event.summary,
        sender=sender,
        reply_to=None,
        others=entry.others,
        body=(*(s.raw for s in entry.said.sentences[1:]), event.location),
        signature="",
        kind="calendar",
        me=entry.book.me.name,
        people=(*(p.name for p in entry.book.people), *by_address(entry.others)),
    )
