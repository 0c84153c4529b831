"""What else is said beside a signal: by when, who will make contact, how a yes is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.view import View

_NUMERIC = re.compile(
    r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{2,4}))(?!\d)"
)
_BETWEEN = re.compile(r"(?i)(?<!\w)between\s.{3,30}?\sand\s+(.{0,40})")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.h](\d{2}))?\s*(?:([ap])\.?m\b|h\b|uhr\b|o'clock\b|\b)", re.IGNORECASE
)

_SHORT = timedelta(days=10)


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
    words = "|".join(map(re.escape, language.by_when))
    # "Before we decide we would like to hear from them by Friday": the first word names no day.
    heads = re.findall(rf"(?i)(?<!\w)(?:{words})\s+(?=(.{{0,40}}))", text)
    # "between Monday 30 March and Friday 3 April": the later day counts.
    heads = heads or _BETWEEN.findall(text)
    return next(filter(None, (first_date(head, day, language) for head in heads)), None)


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
                if words[index + 1 : index + 2] and re.fullmatch(r"20\d\d", words[index + 1]):
                    return date(int(words[index + 1]), month, numbers[0])
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


def terms(view: View, company: str | None) -> tuple[str, ...]:
    """Return how a person's yes is meant: for whom, from when until when, and how to reach them.

    `this_application`, `from:2026-09-01`, `until:2026-06-30`, `after:17:00`, `by:phone`, `by:mail`.
    """
    new = view.new
    found = ["this_application"] if _only_here(view, company) else []
    later = {hit.sentence for cue in ("later", "away") for hit in new.of(cue)}
    reach = {hit.sentence for hit in new.of("reach")}
    for number, sentence in enumerate(new.sentences):
        low = sentence.raw.lower()
        if hour := _hour(low, view.language, bare=number in reach):
            found.append(f"after:{hour}")
        start = view.language.after + view.language.until if number in later else ()
        if first := _day_behind(low, start, view, last=False):
            found.append(f"from:{first.isoformat()}")
        last = _day_behind(low, view.language.until, view, last=True)
        # "I may be slow until Friday" ends no yes.
        if last and number not in later and last - view.message.at.date() >= _SHORT:
            found.append(f"until:{last.isoformat()}")
    phone, mail = new.has("by_phone"), new.has("by_mail")
    if phone is not mail:
        found.append("by:phone" if phone else "by:mail")
    return tuple(dict.fromkeys(found))


def back_on(view: View, cue: str) -> date | None:
    """Return the day until which somebody says they are away, in the sentences of the cue."""
    words = view.language.until + view.language.after + view.language.by_when
    for number in sorted({hit.sentence for hit in view.new.of(cue)}):
        if found := _day_behind(view.new.sentences[number].raw.lower(), words, view, last=True):
            return found
    return None


def _only_here(view: View, company: str | None) -> bool:
    """Whether a yes is for one application alone: said so, or said of the company."""
    hits = view.new.of("only_here")
    if any(hit.strength == Strength.STRONG for hit in hits):
        return True
    name = (company or "").lower().split()[:1]
    return bool(name) and any(
        name[0] in view.new.sentences[hit.sentence].raw.lower() for hit in hits
    )


def _hour(low: str, language: Language, *, bare: bool) -> str | None:
    """Return the hour behind a word such as `after`; `bare`: the sentence is about being reached,
    so that "after 5" and "after five" are hours too."""
    for word in language.after:
        match = re.search(rf"(?<!\w){re.escape(word)}\s+(.{{0,12}})", low)
        if match is None:
            continue
        clock = _CLOCK.match(match[1])
        if clock and (clock[2] or clock[3] or "h" in match[1][:4] or int(clock[1]) >= 13):
            hour = int(clock[1]) % 24 + (12 if clock[3] == "p" and int(clock[1]) < 12 else 0)
            return f"{hour:02d}:{clock[2] or '00'}"
        said = re.match(r"[^\W\d_]+|\d{1,2}", match[1]) if bare else None
        if said is None:
            continue
        number = language.hours.index(said[0]) + 1 if said[0] in language.hours else 0
        number = number or (int(said[0]) if said[0].isdigit() else 0)
        if 1 <= number <= 12:  # nobody is first reached at five in the morning
            return f"{number + 12 if number < 8 else number:02d}:00"
    return None


def _day_behind(low: str, words: Iterable[str], view: View, *, last: bool) -> date | None:
    """Return the day behind one of the words; of a bare month its first or its last day."""
    day = view.message.at.date()
    for word in words:
        match = re.search(rf"(?<!\w){re.escape(word)}\s+(.{{0,30}})", low)
        found = match and (
            first_date(match[1], day, view.language)
            or _month(match[1], day, view.language, last=last)
        )
        if found:
            return found
    return None


def _month(text: str, day: date, language: Language, *, last: bool) -> date | None:
    for word in re.findall(r"[^\W\d_]+", text)[:5]:
        month = language.months.get(word)
        if month:
            first = date(day.year + (month < day.month), month, 1)
            return (
                (first + timedelta(days=31)).replace(day=1) - timedelta(days=1) if last else first
            )
    return None
