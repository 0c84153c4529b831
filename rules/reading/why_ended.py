"""Why a process ended: the post was closed for everybody, or what the user gave as their reason."""

from __future__ import annotations

import re

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.spot import spot
from vouchd.rules.reading.view import View

_SHORTEST, _LONGEST = 3, 28  #: words of a reason
_ENDS = re.compile(r"[.;!?](?:\s|$)|。")


def closed_to_all(view: View) -> bool:
    """Whether the position goes to nobody: cancelled, frozen, not filled after all."""
    return view.new.has("post_closed") and not view.new.has("other_chosen")


def reason_given(view: View, places: frozenset[int]) -> str | None:
    """Return the reason in the user's own words, in or right behind the sentences of the end."""
    language = view.language
    if not language.reasons.because:
        return None
    behind = _behind(language)
    for number in sorted({n + more for n in places if n >= 0 for more in (0, 1)}):
        if number >= len(view.new.sentences):
            continue
        raw = view.new.sentences[number].raw.strip().replace("’", "'")
        found = behind.search(raw)
        told = raw.partition(": ")[2] if number in places else ""
        if found:
            told = f"{found[1] or ''}{found[2]}"
        reason = _ENDS.split(told)[0].strip(" ,.。、")
        if not _whole(reason, language) or _addressed(reason, language):
            continue
        # "My application: I would like to withdraw it" says the same again and no reason.
        if not spot([reason], language).has("withdraws", "declines", "accepts"):
            return reason
    return None


def _behind(language: Language) -> re.Pattern[str]:
    """Return the expression for a reason: the word before it where it is kept, and what follows."""
    reasons = language.reasons
    kept, because = (
        _any(words, spaced=language.spaced) for words in (reasons.kept, reasons.because)
    )
    if not language.spaced:  # the reason stands before its word
        return re.compile(rf"()([^、。,]{{3,60}}?)(?:{because})")
    return re.compile(rf"(?i)(?:((?:{kept})\s+)|(?:{because})(?:(?<=')|\s+))(.+)")


def _any(words: tuple[str, ...], *, spaced: bool) -> str:
    longest = sorted(words, key=len, reverse=True)
    marked = ((r"\b" if spaced and word[0].isalpha() else "") + re.escape(word) for word in longest)
    return "|".join(marked) or "(?!)"


def _whole(reason: str, language: Language) -> bool:
    if not language.spaced:
        return bool(reason)
    return _SHORTEST <= len(reason.split()) <= _LONGEST


def _addressed(reason: str, language: Language) -> bool:
    """Whether it is said to the employer alone: it makes no sense to anybody else."""
    for word in language.reasons.addressed:
        within = re.escape(word) if not language.spaced else rf"(?<!\w){re.escape(word)}(?!\w)"
        # In German only the capital tells "you" from "she" and "they".
        if re.search(within, reason, 0 if word[0].isupper() else re.IGNORECASE):
            return True
    return False
