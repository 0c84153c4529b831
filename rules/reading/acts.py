"""What mail between the user and a reference does: asked, warned, thanked, told, offered help."""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.rules.model import Act, ActKind
from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.names import has_words
from vouchd.rules.reading.speech import back_on
from vouchd.rules.reading.view import View

_BY_USER = (
    (ActKind.ASKED, "asks_ref"),
    (ActKind.WARNED, "warns"),
    (ActKind.THANKED, "thanks"),
    (ActKind.TOLD, "tells"),
    (ActKind.OFFERED_HELP, "offers_help"),
)
_BY_REFERENCE = (
    (ActKind.ASKS_FAVOUR, "asks_favour"),
    (ActKind.UNWELL, "unwell"),
    (ActKind.AWAY, "away"),
    (ActKind.BACK, "returned"),
)
_ABSENT = (ActKind.UNWELL, ActKind.AWAY)


def acts(view: View, company: str | None) -> Iterator[Act]:
    """Yield the acts of a message between the user and references; none for other mail."""
    table: tuple[tuple[ActKind, str], ...]
    if view.message.sent:
        if not view.people:
            return
        people = view.people
        table = _BY_USER
    elif view.author:
        people = (view.author,)
        table = _BY_REFERENCE
    else:
        return
    companies = _companies(view, company)
    for kind, cue in table:
        if kind is ActKind.ASKED and view.new.strength(cue) < Strength.STRONG:
            continue  # a mail that warns or thanks speaks of a reference, too
        if kind in _ABSENT and view.new.has("returned") and not view.message.automatic:
            continue  # "I was ill and am back at my desk"
        if kind is ActKind.BACK and view.message.automatic:
            continue  # "I am back in the office on Monday"
        evidence = view.new.evidence(cue, most=1)
        if evidence:
            for each in companies:
                yield Act(
                    kind=kind,
                    references=people,
                    evidence=evidence[0],
                    company=each,
                    until=back_on(view, cue) if kind in (ActKind.AWAY, ActKind.UNWELL) else None,
                )


def _companies(view: View, company: str | None) -> tuple[str | None, ...]:
    """Return the employers a letter is about: one letter can speak of several processes."""
    words = " ".join(sentence.raw for sentence in view.new.sentences)
    named = [
        stated.company
        for stated in view.book.stated
        if any(has_words(words, name) for name in (stated.company, *stated.aliases))
    ]
    return tuple(dict.fromkeys(named)) or (company,)
