"""Days and hours as they are written: the 3rd of August, until the end of June, after five."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from vouchd.rules.reading.lexicon import Language

_NUMERIC = re.compile(
    r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{2,4}))(?!\d)"
)
_SHORT_DAY = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.(?!\d)")
_NEAR = 30  #: characters behind a word in which its day stands
_PAST = timedelta(days=60)  #: a day without a year may lie this far behind
_MORNING = 8  #: nobody is first reached at five in the morning
_EARLY, _MIDDLE = 10, 15  #: days of a month


def straight(text: str) -> str:
    """Return a text in small letters, with plain apostrophes."""
    return text.lower().replace("’", "'")


def last_day(text: str, day: date, language: Language) -> date | None:
    """Return the day behind a word such as `by`, or the later one of `between … and …`."""
    times = language.times
    if not times.by_when:
        return None
    low = straight(text)
    # "Before we decide we would like to hear from them by Friday": the first word names no day.
    heads = _behind(low, _any(times.by_when), language)
    for first, second in () if heads else times.between:
        # "between Monday 30 March and Friday 3 April": the later day counts.
        heads += re.findall(
            rf"(?<!\w){re.escape(first)}\s.{{3,30}}?\s{re.escape(second)}\s+(.{{0,40}})", low
        )
    return next(filter(None, (first_date(head, day, language) for head in heads)), None)


def first_date(text: str, day: date, language: Language) -> date | None:
    """Return the first date a text names, counted from `day`; None where there is none."""
    return _calendar_day(text, day, language) or _weekday(text, day, language)


def day_behind(
    low: str, words: Iterable[str], day: date, language: Language, *, last: bool
) -> date | None:
    """Return the day behind one of the words; of a bare month its first or its last day."""
    for word in words:
        for near in _behind(low, re.escape(word), language):
            found = (
                _calendar_day(near, day, language)
                or _month(near, day, language, last=last)
                or _weekday(near, day, language)
            )
            if found:
                return found
    return None


def hour_behind(low: str, language: Language, *, bare: bool) -> str | None:
    """Return the hour behind a word such as `after`: "17:30".

    `bare`: the sentence is about being reached, so that "after 5" and "after five" are hours too.
    """
    times = language.times
    clock = _clock(language)
    evening = any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", low) for w in times.evening)
    for word in times.after:
        for near in _behind(low, re.escape(word), language):
            said = clock.match(near) if language.spaced else clock.search(near)
            if said and (found := _hour(said, language, evening=evening, bare=bare)):
                return found
    return None


def _any(words: Iterable[str]) -> str:
    """Return an expression for one of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _behind(low: str, word: str, language: Language) -> list[str]:
    """Return what stands behind each place of a word; where blanks part no words, before it."""
    if not language.spaced:
        return [low[max(0, m.start() - 14) : m.start()] for m in re.finditer(word, low)]
    found = re.finditer(rf"(?<!\w)(?:{word})(?:(?<=')|\s+)", low)
    return [low[m.end() : m.end() + _NEAR + 10] for m in found]


def _calendar_day(text: str, day: date, language: Language) -> date | None:
    text = straight(text)
    match = _NUMERIC.search(text)
    try:
        if match:
            if match[1]:
                return date(int(match[1]), int(match[2]), int(match[3]))
            year = int(match[6]) + (2000 if len(match[6]) == 2 else 0)
            first, second = int(match[4]), int(match[5])
            return date(year, second, first) if second <= 12 else date(year, first, second)
        if (short := _SHORT_DAY.search(text)) and int(short[2]) <= 12:
            return _next(day, int(short[2]), int(short[1]))
        if not language.spaced:
            for name, month in sorted(language.times.months.items(), key=lambda m: -len(m[0])):
                if found := re.search(rf"(?<!\d){re.escape(name)}\s?(\d{{1,2}})", text):
                    return _next(day, month, int(found[1]))
            return None
        words = re.findall(r"[^\W\d_]+|\d+", text)
        for index, word in enumerate(words):
            named = language.times.months.get(word)
            numbers = [int(w) for w in words[max(0, index - 2) : index + 2] if w.isdigit()]
            if named and numbers and 1 <= numbers[0] <= 31:
                if words[index + 1 : index + 2] and re.fullmatch(r"20\d\d", words[index + 1]):
                    return date(int(words[index + 1]), named, numbers[0])
                return _next(day, named, numbers[0])
    except ValueError:
        return None
    return None


def _next(day: date, month: int, number: int) -> date:
    guess = date(day.year, month, number)
    return guess if guess >= day - _PAST else guess.replace(year=day.year + 1)


def _weekday(text: str, day: date, language: Language) -> date | None:
    times = language.times
    for word in re.findall(r"[^\W\d_]+", straight(text)):
        if word in times.weekdays:
            ahead = (times.weekdays[word] - day.weekday()) % 7
            return day + timedelta(days=ahead or 7)
        if word in times.tomorrow:
            return day + timedelta(days=1)
        if word in times.today:
            return day
    return None


def _month(text: str, day: date, language: Language, *, last: bool) -> date | None:
    """Return a day of a month named without one: its beginning, middle or end as it is said."""
    times = language.times
    if times.year_end and re.search(rf"(?<!\w)(?:{_any(times.year_end)})(?!\w)", text):
        return date(day.year, 12, 31)
    if language.spaced:
        found = re.findall(r"[^\W\d_]+|\d{4}", text)[:6]
        at = next((i for i, word in enumerate(found) if word in times.months), None)
        if at is None:
            return None
        month, before = times.months[found[at]], " ".join(found[:at])
        said = found[at + 1] if re.fullmatch(r"20\d\d", "".join(found[at + 1 : at + 2])) else ""
    else:
        names = _any(times.months)
        match = re.search(rf"(?:(20\d\d)年)?(?<!\d)({names})(.{{0,3}})", text)
        if match is None:
            return None
        month, before, said = times.months[match[2]], match[3], match[1] or ""
    year = int(said) if said else day.year + (month < day.month)
    first = date(year, month, 1)
    for words, number in ((times.early, _EARLY), (times.middle, _MIDDLE)):
        if words and re.search(rf"(?<!\w)(?:{_any(words)})(?!\w)", before):
            return first.replace(day=number)
    if last or (times.end and re.search(rf"(?<!\w)(?:{_any(times.end)})(?!\w)", before)):
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first


def _clock(language: Language) -> re.Pattern[str]:
    """Return the expression for an hour: half to, figure or word, minutes, am or pm, o'clock."""
    times = language.times
    half, past = _any(times.half_to) or "(?!)", _any(times.half_past) or "(?!)"
    unit, words = _any(times.clock) or "(?!)", _any(times.hours) or "(?!)"
    end = r"(?!\w)" if language.spaced else ""
    return re.compile(
        rf"(?:(?P<to>{half})\s+)?(?P<hour>\d{{1,2}}|(?:{words}){end})"
        rf"(?:(?P<dot>[:.h])(?P<minute>\d{{2}})(?!\d))?(?![./]\d|\d)"
        rf"\s*(?:(?P<half>[ap])\.?m(?!\w)\.?|(?P<unit>{unit}){end}(?:\s*(?P<more>\d{{2}}))?)?"
        rf"(?:\s*(?P<past>{past}){end})?"
    )


def _hour(said: re.Match[str], language: Language, *, evening: bool, bare: bool) -> str | None:
    times, minute = language.times, said["minute"] or said["more"] or "00"
    plain = bool(said["half"] or said["unit"] or said["to"] or said["past"])
    if said["dot"] == "." and not plain:
        return None  # 01.09. is a day
    if not (plain or said["minute"] or bare):
        return None
    hour = int(said["hour"]) if said["hour"].isdigit() else times.hours[said["hour"]]
    if said["half"] != "a" and hour < 12 and (said["half"] or evening or hour < _MORNING):
        hour += 12
    if said["to"]:
        hour, minute = hour - 1, "30"
    elif said["past"]:
        minute = "30"
    return f"{hour:02d}:{minute}" if hour < 24 and int(minute) < 60 else None
