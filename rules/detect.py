"""Reads one message or event on its own: every signal, with confidence, evidence and names."""

from __future__ import annotations

from vouchd.rules.acts import acts
from vouchd.rules.hiring import hiring
from vouchd.rules.model import Decision, Event, Message, Reading, Signal
from vouchd.rules.naming import Clues, Named, name_of
from vouchd.rules.noise import against
from vouchd.rules.outcome import outcome, own_words
from vouchd.rules.view import Book, View, look
from vouchd.rules.vouching import from_reference, shared, vouching
from vouchd.rules.weigh import Verdict

__all__ = ["Book", "read_event", "read_message"]


def read_message(message: Message, book: Book) -> Reading:
    """Say all that one message says."""
    view = look(message, book)
    verdicts = settle(judge(view), view)
    named = name_of(_clues(view), view.language, book.lexicon.vendors, book.stated)
    signals = tuple(_signal(v, view, named) for v in verdicts)
    return Reading(
        source=message.id,
        at=message.at,
        sent=message.sent,
        thread=message.thread,
        sender=message.sender,
        to=message.to,
        subject=message.subject,
        signals=signals,
        acts=tuple(acts(view, named.company)),
        people=view.people,
        automatic=message.automatic,
        bulk=message.bulk,
        in_reply_to=message.in_reply_to,
        references=message.references,
        link=message.link,
        key=message.key,
    )


def read_event(event: Event, book: Book) -> Reading:
    """Say all that one calendar event says."""
    return Reading(
        source=event.uid,
        at=event.known_at or event.start,
        sent=False,
        is_event=True,
        subject=event.summary,
        start=event.start,
        end=event.end,
        cancelled=event.cancelled,
        link=event.link,
        key=event.key,
    )


def judge(view: View) -> tuple[Verdict, ...]:
    """Let the detectors of the message's direction speak."""
    if view.sender == "self":
        return (*own_words(view), *shared(view))
    if view.author:
        return tuple(from_reference(view))
    reasons = tuple(against(view))
    return (*hiring(view, reasons), *outcome(view, reasons), *vouching(view, reasons))


def settle(verdicts: tuple[Verdict, ...], view: View) -> tuple[Verdict, ...]:
    """Drop what is too weak."""
    ask = view.book.lexicon.vendors.ask
    return tuple(
        v for v in verdicts if v.evidence and v.confidence >= ask.get(v.kind, ask["default"])
    )


def _signal(verdict: Verdict, view: View, named: Named) -> Signal:
    act = view.book.lexicon.vendors.act
    enough = verdict.confidence >= act.get(verdict.kind, act["default"])
    return Signal(
        kind=verdict.kind,
        confidence=verdict.confidence,
        decision=Decision.ACT if enough else Decision.ASK,
        evidence=verdict.evidence,
        company=named.company,
        role=named.role,
        references=_references(verdict, view),
        final_round=verdict.final_round,
        terms=verdict.terms,
    )


def _references(verdict: Verdict, view: View) -> tuple[str, ...]:
    if verdict.references is not None:
        return verdict.references
    if not verdict.kind.startswith("reference"):
        return ()
    found: dict[str, None] = {}
    for cue in verdict.cues:
        for hit in view.new.of(cue):
            found.update(dict.fromkeys(view.named_in(hit.sentence)))
    return tuple(found) or view.named()


def _clues(view: View) -> Clues:
    message = view.message
    mine = view.book.me.emails
    return Clues(
        subject=message.subject,
        sender=message.sender,
        reply_to=message.reply_to,
        others=tuple(a for a in message.to if a.email not in mine),
        body=tuple(s.raw for s in view.new.sentences[0 if view.reply else 1 :]),
        signature=view.parts.signature,
        forwarded=view.parts.forwarded,
        quoted=view.parts.quoted,
        kind=view.sender,
        agency=view.agency,
        sent=message.sent,
        me=view.book.me.name,
    )
