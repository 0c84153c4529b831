"""Why a process ended: the post was closed for everybody, or what the user gave as their reason."""

from __future__ import annotations

import re

from vouchd.rules.reading.spot import spot
from vouchd.rules.reading.view import View

_SHORTEST, _LONGEST = 3, 28  #: words of a reason
_WORD = re.compile(r"[^\W\d_]+")


def closed_to_all(view: View) -> bool:
    """Whether the position goes to nobody: cancelled, frozen, not filled after all."""
    return view.new.has("post_closed") and not view.new.has("other_chosen")


def reason_given(view: View, places: frozenset[int]) -> str | None:
    """Return the reason in the user's own words, in or right behind the sentences of the end."""
    language = view.language
    words = (*language.because, *language.because_kept)
    if not words:
        return None
    because = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    behind = re.compile(rf"(?i)(?<!\w)({because})\s+(.+)")
    for number in sorted({n + more for n in places if n >= 0 for more in (0, 1)}):
        if number >= len(view.new.sentences):
            continue
        raw = view.new.sentences[number].raw.strip()
        found = behind.search(raw)
        if found:
            told = found[0] if found[1].lower() in language.because_kept else found[2]
        else:
            told = raw.partition(": ")[2] if number in places else ""
        reason = re.split(r"[.;!?](?:\s|$)", told)[0].strip(" ,.")
        if not _SHORTEST <= len(reason.split()) <= _LONGEST:
            continue
        # What is said to the employer alone makes no sense to anybody else.
        if not language.addressed.isdisjoint(_WORD.findall(reason.lower())):
            continue
        # "My application: I would like to withdraw it" says the same again and no reason.
        if not spot([reason], language).has("withdraws", "declines", "accepts"):
            return reason
    return None
