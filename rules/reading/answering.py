"""What a person who vouches writes: a yes, a no and to what; that they acted; that they look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from vouchd.rules.model import Evidence, SignalKind
from vouchd.rules.reading.cues import Hit, Strength
from vouchd.rules.reading.spot import Spotted
from vouchd.rules.reading.view import View
from vouchd.rules.reading.weigh import POINTS, Verdict, verdict, weight


def from_reference(view: View) -> Iterator[Verdict]:
    """Yield what a person who vouches writes."""
    new, old = view.new, view.old
    who = (view.author,) if view.author else ()
    asked = weight(old, "asks_ref") + 0.5 * weight(old, "ref_word")
    word = weight(new, "ref_word")
    yes = weight(new, "agreed") + 0.5 * weight(new, "yes")
    plainly = word or (weight(old, "asks_ref") and new.strength("yes") == Strength.STRONG)
    if new.has("away") and not (plainly and view.reply and not view.message.automatic):
        yes = 0.0  # "happy to help when I am back" is what an absence says to everybody
    named = _not_for(view)
    no = weight(new, "refuses") + 0.5 * weight(new, "no")
    no = no or (POINTS[Strength.STRONG] if named else 0.0)
    others = to_others(new)
    if yes and (others == "no" or new.strength("only_here") == Strength.STRONG):
        no = 0.0  # "yes to this one, but not for others": the no is theirs
    elif no and others == "yes":
        yes = 0.0  # "not for this one, gladly for others": the yes is
    spoke, filled = weight(new, "spoke"), weight(new, "filled")
    of_others = weight(new, "third_party")
    lukewarm = new.has("lukewarm")
    # A no to nobody's question is about something else.
    asked_at_all = bool(asked or word or view.reply)
    in_view = (
        ("nothing was asked", 0.0 if asked_at_all else -2.5),
        ("the request is in view", min(2.0, 0.6 * asked)),
        ("speaks of references", 0.3 * word),
    )
    if yes:
        meant = ("lukewarm",) if lukewarm else ()
        yield verdict(
            SignalKind.REFERENCE_AGREED,
            view,
            ("agreed", "yes"),
            (
                ("base", -2.8),
                ("says yes", yes),
                ("says no", -0.9 * no),
                ("spoke", -0.7 * spoke - 0.7 * filled),
                ("a no to all others", 2.2 if others == "no" else 0.0),
                ("asks a favour", -0.7 * weight(new, "asks_favour")),
                *in_view,
            ),
            terms=meant,
            references=who,
        )
    if no or lukewarm:
        here = new.has("this_one") or others == "yes" or named is not None
        terms: tuple[str, ...] = ("this_application",) if here else ()
        terms += ("yes_to_others",) if others == "yes" else ()
        terms += ("lukewarm",) if lukewarm else ()
        declined = verdict(
            SignalKind.REFERENCE_DECLINED,
            view,
            ("refuses", "no", "lukewarm"),
            (
                ("base", -2.8),
                ("says no", no),
                ("has doubts", 2.0 if lukewarm else 0.0),
                ("this one only", 1.2 if here else 0.0),
                ("a yes for this one", -2.0 if yes and new.has("only_here") else 0.0),
                ("says yes", -0.4 * yes),
                *in_view,
            ),
            terms=terms,
            references=who,
        )
        yield replace(declined, evidence=(*declined.evidence, *((named,) if named else ())))
    if spoke or filled:
        yield verdict(
            SignalKind.REFERENCE_SPOKE,
            view,
            ("spoke", "filled"),
            (
                ("base", -2.0),
                ("spoke with them", spoke),
                ("filled the form", filled),
                ("a form for somebody else", 0.0 if spoke or _about_me(view) else -1.6),
                ("speaks of references", 0.4 * word),
                ("of somebody else", -0.7 * of_others),
            ),
            references=who,
        )
    hunting = weight(new, "job_hunting")
    if hunting:
        yield verdict(
            SignalKind.REFERENCE_JOB_HUNTING,
            view,
            ("job_hunting",),
            (
                ("base", -1.2),
                ("looks for work", hunting),
                ("hires", -1.2 * weight(new, "hiring_side")),
                ("of somebody else", -of_others),
            ),
            references=who,
        )


def to_others(new: Spotted) -> str:
    """Return "yes" or "no" where a person says so of all other applications; "": nothing clear.

    What stands in one clause is surer than what reaches over a comma: in "not for Acme, for others
    gladly" the "not" is not about the others.
    """
    yes = max((_clause(new, hit, denied=False) for hit in new.of("to_others")), default=0)
    no = max((_clause(new, hit, denied=True) for hit in new.of("not_others")), default=0)
    return "" if yes == no else ("yes" if yes > no else "no")


def _clause(new: Spotted, hit: Hit, *, denied: bool) -> int:
    """Return 2 for a hit within one clause, 1 for "for others: gladly", 0 for none after all."""
    sentence = new.sentences[hit.sentence]
    words = sentence.plain[hit.start : hit.end].split()
    if not denied and not new.language.scope.negation.isdisjoint(words):
        return 0
    if not any(hit.start < b < hit.end - 1 for b in sentence.breaks):
        return 2
    starts = {(o.sentence, o.start) for o in new.of("others")}
    return 1 if (hit.sentence, hit.start) in starts else 0


def _not_for(view: View) -> Evidence | None:
    """Return the words of a no to a stated company: "not for Acme"."""
    language = view.language
    firms = _any(
        name.lower().split()[0]
        for stated in view.book.stated
        for name in (stated.company, *stated.aliases)
        if name.split()
    )
    before = language.company_near | language.company_maybe | language.company_meant
    if not (firms and before and language.spaced):
        return None
    no, scope = _any(language.scope.negation), language.scope
    to = rf"(?:{_any(before)})\s(?:(?:{_any(language.articles) or '(?!)'})\s)?(?:{firms})"
    said = re.compile(rf"(?<!\w)(?:(?:{no})\s{to}|{to}(?:\s\w+){{0,2}}\s(?:{no}))(?!\w)")
    for sentence in view.new.sentences:
        other = any(p.search(sentence.plain) for p in (*scope.not_negation, *scope.no_longer))
        if not other and (found := said.search(sentence.raw.lower())):
            return Evidence("no: to a stated company", found[0])
    return None


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _about_me(view: View) -> bool:
    """Whether a form can be the user's: it is not said to be about somebody else."""
    about = view.language.of_another
    if not about:
        return True
    words = "|".join(map(re.escape, about))
    named = re.search(
        rf"(?<!\w)(?i:{words})\s([A-ZÀ-Þ]\w+)", " ".join(s.raw for s in view.new.sentences)
    )
    return named is None or named[1] in view.book.me.name.split()
