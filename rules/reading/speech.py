"""What else is said beside a signal: by when, who will make contact, how a yes is meant."""

from __future__ import annotations

import re
from datetime import date, timedelta

from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.view import View
from vouchd.rules.reading.when import day_behind, hour_behind, last_day, straight

_SHORT = timedelta(days=10)


def deadline(view: View, sentences: frozenset[int]) -> date | None:
    """Return the last day that the given sentences name behind a word such as `by`."""
    found = _deadline(view, sentences)
    return found[0] if found else None


def names_by(view: View, sentences: frozenset[int]) -> bool:
    """Whether that day is until when the user is to name people, not until when they are heard."""
    found = _deadline(view, sentences)
    asked = {hit.sentence for hit in view.new.of("names_wanted")}
    return found is not None and found[1] in asked


def _deadline(view: View, sentences: frozenset[int]) -> tuple[date, int] | None:
    day = view.message.at.date()
    for number in sorted(n for n in sentences if 0 <= n < len(view.new.sentences)):
        for beside in (number, number + 1):
            if beside >= len(view.new.sentences):
                continue
            found = last_day(view.new.sentences[beside].raw, day, view.language)
            if found:
                return found, beside
    return None


#: what begins a sentence and is nobody's name
_NOBODY = frozenset("I We They It He She You This That If When Who Ich Wir Sie Je Nous".split())


def contact(view: View, sentences: frozenset[int]) -> str | None:
    """Return who will make contact: a reference platform, whom the mail names, else the writer.

    None where it is somebody of whom no more is said than "HR" or "Rob".
    """
    vendors = view.book.lexicon.vendors
    texts = [view.message.sender.name, *(s.raw for s in view.new.sentences)]
    for name in vendors.platform_names:
        if any(re.search(rf"\b{re.escape(name)}\b", text) for text in texts):
            return name
    said = (
        found[1]
        for form in view.language.caller_forms
        for text in texts[1:]
        if (found := form.search(text)) and found[1] not in _NOBODY
    )
    if (other := next(said, None)) is not None:
        return other if " " in other else None
    if view.sender == "person" and view.message.sender.name and not view.message.automatic:
        return view.message.sender.name
    return None


def terms(view: View, company: str | None) -> tuple[str, ...]:
    """Return how a person's yes is meant: for whom, from when until when, and how to reach them.

    `this_application`, `from:2026-09-01`, `until:2026-06-30`, `after:17:00`, `by:phone`, `by:mail`.
    """
    new, times, day = view.new, view.language.times, view.message.at.date()
    found = ["this_application"] if _only_here(view, company) else []
    later = {hit.sentence for cue in ("later", "away") for hit in new.of(cue)}
    reach = {hit.sentence for hit in new.of("reach")}
    for number, sentence in enumerate(new.sentences):
        low = straight(sentence.raw)
        if hour := hour_behind(low, view.language, bare=number in reach):
            found.append(f"after:{hour}")
        start = times.after + times.until if number in later else ()
        if first := day_behind(low, start, day, view.language, last=False):
            found.append(f"from:{first.isoformat()}")
        last = day_behind(low, times.until, day, view.language, last=True)
        # "I may be slow until Friday" ends no yes.
        if last and number not in later and last - day >= _SHORT:
            found.append(f"until:{last.isoformat()}")
    phone, mail = new.has("by_phone"), new.has("by_mail")
    if phone is not mail:
        found.append("by:phone" if phone else "by:mail")
    return tuple(dict.fromkeys(found))


def back_on(view: View, cue: str) -> date | None:
    """Return the day until which somebody says they are away, in the sentences of the cue."""
    times, day = view.language.times, view.message.at.date()
    words = times.until + times.after + times.by_when
    for number in sorted({hit.sentence for hit in view.new.of(cue)}):
        low = straight(view.new.sentences[number].raw)
        if found := day_behind(low, words, day, view.language, last=True):
            return found
    return None


def _only_here(view: View, company: str | None) -> bool:
    """Whether a yes is for one application alone: said so, or said of the company."""
    hits = view.new.of("only_here")
    if view.new.has("not_others") or any(hit.strength == Strength.STRONG for hit in hits):
        return True
    name = (company or "").lower().split()[:1]
    return bool(name) and any(
        name[0] in view.new.sentences[hit.sentence].raw.lower() for hit in hits
    )
