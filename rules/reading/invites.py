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
    (
        "title speaks of an interview",
        "text speaks of an interview",
        "a test",
        "all day",
        "the user leads it",
    )
)


def _features(entry: Entry) -> Iterator[tuple[str, float]]:
    said, title, event = entry.said, entry.title, entry.event
    vendors = entry.book.lexicon.vendors
    domains = [a.domain for a in entry.others]
    yield "base", -1.4
    named = title.strength("interview")
    hiring = said.variety("job") if said.strength("job") == STRONG else 0
    two = _two_named(entry)
    job = titled(_CLOCK.sub(" ", event.summary), entry.language)
    office = any(_HIRING.search(f"{a.name} {a.email.partition('@')[0]}") for a in entry.others)
    known = any(domain_in(d, s.domains) for s in entry.book.stated for d in domains)
    tools = (vendors.ats, vendors.schedulers, vendors.assessments)
    through = any(belongs(d, group) for d in domains for group in tools)
    about_work = bool(hiring or job or known or through or entry.others)
    yield "title speaks of an interview", _TITLED.get((named, about_work), 0.0)
    if named < 2:
        yield "text speaks of an interview", 0.6 * weight(said, "interview", most=0.6)
    yield "speaks of hiring", min(1.8, 0.6 * hiring)
    yield "title names the user and another", 0.65 if two else 0.0
    yield "title names a job", 0.9 if job else 0.0
    yield "text names a job", 0.4 if hiring and not job and _text_names_job(entry) else 0.0
    yield "with people of a stated application", 1.8 if known else 0.0
    yield "through a hiring tool", 1.2 if through else 0.0
    yield "an office that hires invites", 0.6 if office and not through else 0.0
    yield "says no", -0.4 * weight(said, "rejection", most=0.4)
    yield "the user hires", -1.3 * weight(said, "hiring_side")
    yield "the user leads it", -2.6 if entry.led and not through else 0.0
    yield "a colleague's", -2.2 if _colleagues(entry) else 0.0
    yield "a test", -0.7 * weight(title, "assessment")
    yield "practice", -1.2 * weight(said, "prep")
    # A Planning Officer, a Teacher at a school: the job's own words are no other world's.
    sure = bool(hiring or known or through or office)
    plain = job and named >= 2 and sure
    yield "social", -(0.2 if plain else 0.9) * weight(title, "social")
    yield "a reference attends", -2.0 if entry.people else 0.0
    yield "about a reference", -0.9 * weight(title, "ref_word")
    yield "advertises", -0.7 * weight(said, "marketing")
    yield "comes again", (-0.7 if named == STRONG else -1.2) if event.recurring else 0.0
    yield "all day", -0.8 if event.all_day else 0.0
    worlds = _worlds(entry)
    world = max(worlds, key=lambda w: worlds[w])
    gap = 2.2 * worlds[world] - 0.5 * said.variety("job")
    gap += 2.0 if title.has(world) and worlds[world] and not job else 0.0
    yield f"speaks of {world}", -min(5.0, max(0.0, gap)) * (0.4 if plain or office else 1.0)


_CLOCK = re.compile(r"\d\s?[ap]m\b", re.IGNORECASE)
_HIRING = re.compile(
    r"(?<![a-z])(?:recruit|recrut|talent|career|karriere|carri|hiring|jobs|hr|rh|rrhh"
    r"|human resources|bewerb|personal|selec|selez|werving)",
    re.IGNORECASE,
)
#: what a title says by its strongest word for an interview, with and without a word of work
_TITLED = {
    (4, True): 3.6,
    (4, False): 3.6,
    (2, True): 2.8,
    (2, False): 1.2,
    (1, True): 0.8,
    (1, False): 0.8,
}
#: worlds that employers work in and are named after: Banco Ribalta
_TRADES = frozenset(("finance", "sale", "health", "study", "code", "club"))


def _worlds(entry: Entry) -> dict[str, int]:
    """Return how many words each other world has, without the names of those who invite."""
    names = {
        word
        for a in entry.others
        for word in re.findall(r"[^\W\d_]{3,}", f"{a.name} {a.domain.rpartition('.')[0]}".lower())
    }
    texts = (s.plain for s in entry.said.sentences)
    bare = [" ".join(w for w in text.split() if w not in names) for text in texts]
    without = spot(bare, entry.language)
    return {w: (without if w in _TRADES else entry.said).variety(w) for w in WORLDS}


def _text_names_job(entry: Entry) -> bool:
    return any(titled(s.raw, entry.language) for s in entry.said.sentences[1:4])


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
