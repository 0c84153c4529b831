"""A message as the detectors see it: new and old words, every cue, who writes, to whom."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cached_property

from vouchd.rules.model import Message
from vouchd.rules.reading.cues import WORLDS, Strength
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.people import Circle, first_names, fold
from vouchd.rules.reading.spot import Spotted, spot
from vouchd.rules.reading.text import Parts, language_of, sentences, split
from vouchd.rules.reading.titles import is_title
from vouchd.rules.reading.writer import Book, Writer, is_agency

_LETTERS = re.compile(r"[^\W\d_]+")
OLD = 3_000  #: characters of quoted history that are looked at


@dataclass(frozen=True, kw_only=True)
class View:
    """One message, taken apart once for all detectors."""

    message: Message
    book: Book
    language: Language
    parts: Parts
    new: Spotted  #: the new words; sentence 0 is the subject unless it is a reply's
    reply: bool
    writer: Writer
    agency_domain: bool
    strangers: frozenset[str]
    named_cache: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def old(self) -> Spotted:
        """Quoted history, and the subject of a reply."""
        lines = list(sentences(self.parts.quoted[:OLD], self.language))[:40]
        if self.reply:
            lines.insert(0, self.message.subject)
        return spot(lines, self.language, self.circle.written)

    @cached_property
    def agency(self) -> bool:
        """Whether a recruiter writes, or is written to, who acts for somebody else."""
        if self.agency_domain or self.message.sent or self.stated_sender:
            return self.agency_domain
        said = self.new.of("agent") if self.sender == "person" else ()
        return bool(said) and (said[0].strength == Strength.STRONG or len(said) > 1)

    @property
    def sender(self) -> str:
        """What kind of sender writes; see `Writer`."""
        return self.writer.kind

    @property
    def author(self) -> str | None:
        """The reference who writes."""
        return self.writer.author

    @property
    def people(self) -> tuple[str, ...]:
        """The references who write or receive."""
        return self.writer.people

    @property
    def circle(self) -> Circle:
        """All references."""
        return self.book.circle

    @property
    def stated_sender(self) -> bool:
        """Whether the sender's domain is that of a stated application."""
        return self.writer.stated

    @cached_property
    def job(self) -> float:
        """How much speaks for hiring."""
        score = min(2.4, 0.8 * self.plain_job) + min(0.8, 0.3 * self.old.variety("job"))
        score += {
            "ats": 2.0,
            "platform": 2.0,
            "scheduler": 1.2,
            "assessment": 1.5,
            "board": 0.8,
        }.get(self.sender, 0)
        score += 0.8 if self.titled else 0.0
        return score + (2.0 if self.stated_sender else 0.0)

    @cached_property
    def titled(self) -> bool:
        """Whether the subject or the first sentences name a job title."""
        near = (*self.old.sentences[:1], *self.new.sentences[:6])
        language = self.language
        titles = language.titles
        return any(
            (bool(language.title_ends) or not titles.isdisjoint(s.plain.split()))
            and any(
                w[:1].isupper() and is_title(w.lower(), language) for w in _LETTERS.findall(s.raw)
            )
            for s in near
        )

    @cached_property
    def plain_job(self) -> int:
        """How many different words only hiring has."""
        return self.new.variety("job") if self.new.strength("job") == Strength.STRONG else 0

    @cached_property
    def world(self) -> tuple[str, float]:
        """The other world that has most to say, and how much."""
        scored = {w: float(self.new.variety(w)) for w in WORLDS}
        worst = max(scored, key=lambda w: scored[w])
        return worst, scored[worst]

    def named_in(self, sentence: int) -> tuple[str, ...]:
        """Return the references named in one new sentence."""
        if sentence not in self.named_cache:
            raw = self.new.sentences[sentence].raw
            self.named_cache[sentence] = self.circle.named(
                raw, context=raw, strangers=self.strangers
            )
        return self.named_cache[sentence]

    def named(self) -> tuple[str, ...]:
        """Return the references named anywhere in the new words."""
        everywhere = (self.named_in(n) for n in range(len(self.new.sentences)))
        return tuple(dict.fromkeys(name for names in everywhere for name in names))


def look(message: Message, book: Book, writer: Writer, language: Language) -> View:
    """Take a message apart; `language` is that of the whole, the new words may have another."""
    lexicon, people = book.lexicon, book.circle
    parts = split(message.text, lexicon.marks)
    body = parts.new if parts.new.strip() or not parts.forwarded else ""
    if parts.quoted or parts.forwarded:
        said = f"{body or parts.forwarded}\n{message.subject}"
        sides = ("reference", "employer") if writer.author else ("employer",)
        language = language_of(said, lexicon, language, sides)
    reply = bool(message.in_reply_to) or _is_reply(message.subject)
    texts: list[str] = [] if reply else [message.subject]
    texts.extend(sentences(body, language))
    first = fold(book.me.name).split()[:1]
    ours = (
        not first
        or first[0] in fold(parts.forwarded)
        or any(email in parts.forwarded.lower() for email in book.me.emails)
    )
    if parts.forwarded and not message.sent and len(body) < 600 and ours:
        texts.extend(list(sentences(parts.forwarded[:4000], language))[:60])
    return View(
        message=message,
        book=book,
        language=language,
        parts=parts,
        new=spot(texts, language, people.written),
        reply=reply,
        writer=writer,
        agency_domain=any(
            is_agency(a, lexicon.vendors)
            for a in (message.to if message.sent else (message.sender,))
        ),
        strangers=first_names(message.sender.name) if not writer.author else frozenset(),
    )


def _is_reply(subject: str) -> bool:
    head = subject[:6].lower().strip()
    return head.startswith(
        ("re:", "re ", "aw:", "sv:", "antw", "rif:", "res:", "r:", "vs:", "返信")
    )


def logistic(score: float) -> float:
    """Turn log-odds into a confidence."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
