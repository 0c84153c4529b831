"""Reads one message or event on its own: every signal, with confidence, evidence and names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from vouchd.rules.model import Decision, Event, Message, Reading, Signal
from vouchd.rules.model import SignalKind as K
from vouchd.rules.reading.acts import acts
from vouchd.rules.reading.again import again
from vouchd.rules.reading.answering import from_reference
from vouchd.rules.reading.apart import apart
from vouchd.rules.reading.apiece import apiece
from vouchd.rules.reading.bounce import undelivered
from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.domains import organisation
from vouchd.rules.reading.gate import worth_reading
from vouchd.rules.reading.hiring import hiring
from vouchd.rules.reading.invites import Entry, clues_of, entry_of, judge_entry
from vouchd.rules.reading.manners import manners, register
from vouchd.rules.reading.names import Clues, squash
from vouchd.rules.reading.naming import Named, name_of
from vouchd.rules.reading.noise import Against
from vouchd.rules.reading.outcome import outcome, own_words
from vouchd.rules.reading.people import by_address
from vouchd.rules.reading.settle import settle
from vouchd.rules.reading.speech import contact, deadline, names_by, terms
from vouchd.rules.reading.spot import Sentence
from vouchd.rules.reading.text import language_of
from vouchd.rules.reading.trust import doubt
from vouchd.rules.reading.view import View, look
from vouchd.rules.reading.vouching import shared, vouching
from vouchd.rules.reading.weigh import SYSTEMS, Verdict
from vouchd.rules.reading.why_ended import closed_to_all, reason_given
from vouchd.rules.reading.writer import Book, writer_of

__all__ = ["Book", "read_event", "read_message"]


def read_message(message: Message, book: Book) -> Reading:
    """Say all that one message says."""
    writer = writer_of(message, book)
    if returned := tuple(undelivered(message, book)):
        return replace(_bare(message, book.lexicon.fallback), acts=returned)
    language = language_of(f"{message.subject}\n{message.text}", book.lexicon)
    if (
        writer.stranger
        and not (message.sent or message.invites)
        and not worth_reading(message, language, book.names)
    ):
        return _bare(message, language.code)
    view = look(message, book, writer, language)
    entry = entry_of(message.invites[0], book, view.language) if message.invites else None
    verdicts = settle(again(view, *said_by(view, entry)), book)
    verdicts = apart(view, apiece(view, verdicts))
    # Names are looked for only where somebody is concerned: most mail concerns nobody.
    named = Named(None, None, ())
    if verdicts or view.people:
        named = name_of(
            clues_of_mail(view, entry),
            view.language,
            book.lexicon.vendors,
            book.stated,
            with_role=bool(verdicts),
        )
    if entry and verdicts:
        told = name_of(clues_of(entry), entry.language, book.lexicon.vendors, book.stated)
        named = Named(named.company or told.company, named.role or told.role, named.stated)
    forged = message.authentic is False and not message.sent
    heavy = frozenset(K) if forged else _HEAVY
    doubts = doubt(view) if any(v.kind in heavy for v in verdicts) else None
    signals = tuple(
        _with_details(_signal(v, named, book, _references(v, view)), v, view) for v in verdicts
    )
    if doubts:
        signals = tuple(
            replace(s, decision=Decision.ASK) if s.kind in heavy else s for s in signals
        )
    # Also without a word of an interview: it may be the calendar's next word on a known one.
    invite = message.invites[0] if message.invites else None
    greeting, sign_off = manners(view)
    return replace(
        _bare(message, view.language.code),
        signals=signals,
        acts=() if forged else tuple(acts(view, named.company)),
        people=view.people,
        suspicious=doubts,
        greeting=greeting,
        sign_off=sign_off,
        formal=register(view) if message.sent or view.people or signals else None,
        uid=invite.uid if invite else None,
        attendees=entry.others if entry and signals else (),
        start=invite.start if invite else None,
        end=invite.end if invite else None,
        cancelled=invite is not None and (invite.cancelled or invite.method == "CANCEL"),
    )


def said_by(view: View, entry: Entry | None) -> tuple[tuple[Verdict, ...], frozenset[K]]:
    """Return what the phrases and the calendar part say, and the kinds that the latter says."""
    invited = _invited(view, entry)
    said = (*_within(judge(view), invited, entry), *invited)
    return said, frozenset(verdict.kind for verdict in invited)


def _bare(message: Message, language: str) -> Reading:
    """What a message is, without anything that it says."""
    return Reading(
        source=message.id,
        at=message.at,
        sent=message.sent,
        thread=message.thread,
        sender=message.sender,
        reply_to=message.reply_to,
        to=message.to,
        subject=message.subject,
        automatic=message.automatic,
        bulk=message.bulk,
        in_reply_to=message.in_reply_to,
        references=message.references,
        link=message.link,
        key=message.key,
        language=language,
    )


_HEAVY = frozenset(
    (
        K.OFFER,
        K.REFERENCE_REQUEST,
        K.REFERENCE_CONTACTED,
        K.REFERENCE_OVERDUE,
        K.REFERENCE_AGREED,
        K.REFERENCE_DECLINED,
        K.REFERENCE_SPOKE,
        K.REFERENCE_COMPLETED,
        K.OFFER_ACCEPTED,
    )
)


_OF_PEOPLE = frozenset((K.REFERENCE_CONTACTED, K.REFERENCE_OVERDUE, K.REFERENCE_COMPLETED))


def _unclear_who(signal: Signal, verdict: Verdict, view: View) -> bool:
    """Whether a name is there that two people bear, and nothing tells which is meant."""
    return (
        signal.kind in _OF_PEOPLE
        and not signal.references
        and any("@name" in view.new.sentences[n].plain for n in verdict.places if n >= 0)
    )


def _with_details(signal: Signal, verdict: Verdict, view: View) -> Signal:
    """Add by when, who will make contact and how a yes is meant; ask who where it is unclear."""
    if _unclear_who(signal, verdict, view):
        signal = replace(signal, decision=Decision.ASK)
    if signal.kind in (K.REFERENCE_REQUEST, K.REFERENCE_CONTACTED, K.REFERENCE_OVERDUE):
        named = signal.kind is K.REFERENCE_REQUEST and names_by(view, verdict.places)
        return replace(
            signal,
            terms=(*signal.terms, "names_by") if named else signal.terms,
            deadline=deadline(view, verdict.places),
            contact=contact(view, verdict.places),
        )
    if signal.kind in (K.OFFER, K.ASSESSMENT):
        return replace(signal, deadline=deadline(view, verdict.places))
    if signal.kind == K.REJECTION and closed_to_all(view):
        return replace(signal, terms=(*signal.terms, "closed"))
    if signal.kind in (K.OFFER_DECLINED, K.WITHDRAWN) and view.message.sent:
        reason = reason_given(view, verdict.places)
        return replace(signal, terms=(f"reason:{reason}",)) if reason else signal
    if signal.kind == K.REFERENCE_AGREED:
        return replace(signal, terms=(*verdict.terms, *terms(view, signal.company)))
    return signal


# An event that does not say when it was made becomes known two weeks before it starts.
_UNDATED = timedelta(days=14)


def read_event(event: Event, book: Book) -> Reading:
    """Say all that one calendar event says."""
    entry = entry_of(event, book)
    verdicts = settle(tuple(judge_entry(entry)), book) if event.key is None else ()
    signals: tuple[Signal, ...] = ()
    if verdicts:
        named = name_of(clues_of(entry), entry.language, book.lexicon.vendors, book.stated)
        signals = tuple(_signal(v, named, book, ()) for v in verdicts)
    return Reading(
        source=event.uid,
        at=event.known_at or event.start - _UNDATED,
        sent=False,
        is_event=True,
        sender=event.organizer,
        subject=event.summary,
        signals=signals,
        people=entry.people,
        uid=event.uid,
        start=event.start,
        end=event.end,
        cancelled=event.cancelled,
        link=event.link,
        key=event.key,
        attendees=entry.others,
    )


def _invited(view: View, entry: Entry | None) -> tuple[Verdict, ...]:
    """Say what the calendar part of a mail says; the user's own answers count as well."""
    if entry is None or view.sender == "colleague" or view.author:
        return ()
    event = entry.event
    if view.message.sent:
        accepted = any(
            a.email in view.book.me.emails and a.status == "accepted" for a in event.attendees
        )
        if event.method != "REPLY" or not accepted:
            return ()
        return tuple(v for v in judge_entry(entry))
    if event.method == "REPLY":
        return ()
    return tuple(judge_entry(entry, moved=view.new.has("rescheduled")))


#: without one of these an employer's mail says nothing
_SPOKEN = (
    "received",
    "outreach",
    "invite",
    "schedule",
    "confirmed",
    "rescheduled",
    "cancelled",
    "assessment",
    "offer",
    "accepted",
    "declined",
    "rejection",
    "withdrawn",
    "ref_request",
    "ref_contacted",
    "ref_overdue",
    "ref_completed",
)


_TALKS = frozenset((K.INTERVIEW_INVITE, K.INTERVIEW_CONFIRMED, K.INTERVIEW_RESCHEDULED))
_NO_INTERVIEW = 0.2


def _within(
    said: tuple[Verdict, ...], invited: tuple[Verdict, ...], entry: Entry | None
) -> tuple[Verdict, ...]:
    """Where the calendar part is plainly no job interview, the mail is about none."""
    if entry is None or not invited or max(v.confidence for v in invited) > _NO_INTERVIEW:
        return said
    return tuple(v for v in said if v.kind not in _TALKS)


def judge(view: View) -> tuple[Verdict, ...]:
    """Let the detectors of the message's direction speak."""
    if view.sender == "self":
        return (*own_words(view), *shared(view))
    if view.author:
        return tuple(from_reference(view))
    answers = (
        view.sender == "person" and view.reply and view.old.strength("asks_ref") >= Strength.STRONG
    )
    if not (answers or view.new.has(*_SPOKEN)):
        return ()
    reasons = Against(view)
    if answers:
        return (*from_reference(view), *outcome(view, reasons), *vouching(view, reasons))
    return (*hiring(view, reasons), *outcome(view, reasons), *vouching(view, reasons))


def _signal(verdict: Verdict, named: Named, book: Book, references: tuple[str, ...]) -> Signal:
    act = book.lexicon.vendors.act
    enough = verdict.confidence >= act.get(verdict.kind, act["default"])
    if verdict.company is not None:
        named = Named(verdict.company, named.role if named.company == verdict.company else None)
    return Signal(
        kind=verdict.kind,
        confidence=verdict.confidence,
        decision=Decision.ACT if enough else Decision.ASK,
        evidence=verdict.evidence,
        company=named.company if verdict.kind != K.REFERENCE_JOB_HUNTING else None,
        role=named.role if verdict.kind != K.REFERENCE_JOB_HUNTING else None,
        references=references,
        final_round=verdict.final_round,
        terms=verdict.terms,
    )


def _references(verdict: Verdict, view: View) -> tuple[str, ...]:
    if verdict.references is not None:
        return verdict.references
    if not verdict.kind.startswith("reference"):
        return ()
    hits = {hit.sentence for cue in verdict.cues for hit in view.new.of(cue)}
    for places in (verdict.places & hits, hits):  # what only sounds like it may be of others
        found = [name for n in sorted(places) for name in view.named_in(n)]
        if found:
            return tuple(dict.fromkeys(found))
    return view.named()


def _employers(view: View) -> frozenset[str]:
    """Return where the references work, in full and by the first word: not what a mail is about.

    Unless it comes from there: one can apply where a reference works.
    """
    stated = {squash(s.company) for s in view.book.stated}
    names = [
        p.employer for p in view.book.people if p.employer and squash(p.employer) not in stated
    ]
    if view.author:
        return frozenset(squash(n) for name in names for n in (name, name.split()[0]))
    house = squash(f"{organisation(view.message.sender.domain)} {view.message.sender.name}")
    return frozenset(squash(name) for name in names if squash(name.split()[0]) not in house)


def clues_of_mail(view: View, entry: Entry | None) -> Clues:
    """Return the parts of a mail in which names are looked for."""
    message = view.message
    mine = view.book.me.emails

    def about(sentence: Sentence) -> bool:
        # In a list of references the titles and employers are theirs.
        return not (message.sent and "@name" in sentence.plain)

    return Clues(
        subject=message.subject,
        sender=message.sender,
        reply_to=message.reply_to,
        others=tuple(a for a in message.to if a.email not in mine),
        body=tuple(s.raw for s in view.new.sentences[0 if view.reply else 1 :] if about(s)),
        signature=view.parts.signature,
        forwarded=view.parts.forwarded,
        quoted=view.parts.quoted,
        kind=view.sender,
        agency=view.agency,
        sent=message.sent,
        me=view.book.me.name,
        people=(
            *(p.name for p in view.book.people),
            *by_address((*(() if view.sender in SYSTEMS else (message.sender,)), *message.to)),
            *(by_address(entry.others) if entry else ()),
        ),
        not_companies=_employers(view),
    )
