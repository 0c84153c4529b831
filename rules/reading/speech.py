"""What else is said beside a signal: by when, who will make contact, how a yes is meant."""

from __future__ import annotations

import re
from datetime import date, timedelta

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.view import View

_NUMERIC = re.compile(
    r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{2,4}))(?!\d)"
)
_BETWEEN = re.compile(r"(?i)(?<!\w)between\s.{3,30}?\sand\s+(.{0,40})")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?m\b|h\b|uhr\b|o'clock\b|\b)", re.IGNORECASE
)


def deadline(view: View, sentences: frozenset[int]) -> date | None:
    """Return the last day that the given sentences name behind a word such as `by`."""
    day = view.message.at.date()
    for number in sorted(n for n in sentences if 0 <= n < len(view.new.sentences)):
        for beside in (number, number + 1):
            if beside >= len(view.new.sentences):
                continue
            found = _last_day(view.new.sentences[beside].raw, day, view.language)
            if found:
                return found
    return None


def _last_day(text: str, day: date, language: Language) -> date | None:
    if not language.by_when:
        return None
    head = re.search(
        rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, language.by_when))})\s+(.{{0,40}})", text
    )
    if head is None:
        # "between Monday 30 March and Friday 3 April": the later day counts.
        head = _BETWEEN.search(text)
    return first_date(head[1], day, language) if head else None


def first_date(text: str, day: date, language: Language) -> date | None:
    """Return the first date a text names, counted from `day`; None where there is none."""
    match = _NUMERIC.search(text)
    try:
        if match:
            if match[1]:
                return date(int(match[1]), int(match[2]), int(match[3]))
            year = int(match[6]) + (2000 if len(match[6]) == 2 else 0)
            first, second = int(match[4]), int(match[5])
            return date(year, second, first) if second <= 12 else date(year, first, second)
        words = re.findall(r"[^\W\d_]+|\d+", text.lower())
        for index, word in enumerate(words):
            month = language.months.get(word)
            numbers = [int(w) for w in words[max(0, index - 2) : index + 2] if w.isdigit()]
            if month and numbers and 1 <= numbers[0] <= 31:
                guess = date(day.year, month, numbers[0])
                return (
                    guess if guess >= day - timedelta(days=60) else guess.replace(year=day.year + 1)
                )
    except ValueError:
        return None
    for word in words:
        if word in language.weekdays:
            ahead = (language.weekdays[word] - day.weekday()) % 7
            return day + timedelta(days=ahead or 7)
        if word in language.tomorrow:
            return day + timedelta(days=1)
        if word in language.today:
            return day
    return None


def contact(view: View, sentences: frozenset[int]) -> str | None:
    """Return who will make contact: a reference platform, else the person who writes."""
    vendors = view.book.lexicon.vendors
    texts = [view.message.sender.name, *(s.raw for s in view.new.sentences)]
    for name in vendors.platform_names:
        if any(re.search(rf"\b{re.escape(name)}\b", text) for text in texts):
            return name
    if view.sender == "person" and view.message.sender.name and not view.message.automatic:
        return view.message.sender.name
    return None


def terms(view: View, *, lukewarm: bool) -> tuple[str, ...]:
    """Return how a person's yes is meant: lukewarm, until a day, after an hour."""
    found = ["lukewarm"] if lukewarm else []
    language, day = view.language, view.message.at.date()
    for sentence in view.new.sentences:
        low = sentence.raw.lower()
        for word in language.after:
            match = re.search(rf"(?<!\w){re.escape(word)}\s+(.{{0,12}})", low)
            clock = _CLOCK.match(match[1]) if match else None
            if (
                match
                and clock
                and (clock[2] or clock[3] or "h" in match[1][:4] or int(clock[1]) >= 13)
            ):
                hour = int(clock[1]) % 24 + (12 if clock[3] == "p" and int(clock[1]) < 12 else 0)
                found.append(f"after:{hour:02d}:{clock[2] or '00'}")
                break
        for word in language.until:
            match = re.search(rf"(?<!\w){re.escape(word)}\s+(.{{0,30}})", low)
            last = first_date(match[1], day, language) if match else None
            if last:
                found.append(f"until:{last.isoformat()}")
                break
    return tuple(dict.fromkeys(found))
