"""Reads a mail a second time, by what was learnt: confirms, doubts or adds to what phrases say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vouchd.rules.model import Evidence, SignalKind
from vouchd.rules.reading.learnt import ANY, Learnt, Table, of_sentence, of_whole
from vouchd.rules.reading.view import View, logistic
from vouchd.rules.reading.weigh import SYSTEMS, Verdict

KEEP = 0.3  #: below it what the phrases are sure of becomes a question
RAISE = 0.7  #: from it the words act where the phrases alone would not
DROP = 0.1  #: below it what the phrases would ask about is not even asked
WONDER = 0.4  #: from it they ask
_NAMED = 0.9  #: from it they act when a stranger names a reference without a word of hiring
_SURE = 0.95  #: and from it when no reference is named either
_LOW, _HIGH = -4.0, 6.0
_NOTHING = -3.0  #: what a whole mail says of a kind nothing was learnt of


@dataclass(frozen=True, slots=True)
class Scores:
    """What the words of one mail say about one kind, in log-odds."""

    best: float = _LOW  #: of its sentences
    second: float = _LOW
    place: int = 0  #: the best sentence
    rival: float = _LOW  #: what that sentence says of the kind that it speaks for most beside
    whole: float = _NOTHING
    anything: float = 0.0  #: that the mail says anything


def side_of(view: View) -> str:
    """Return whose words a mail's are."""
    if view.sender == "self":
        return "user"
    return "reference" if view.author else "employer"


def _add(weights: Table, features: Iterable[str], each: float) -> dict[str, float]:
    total = weights.total(features)
    return {kind: bias + each * total.get(kind, 0.0) for kind, bias in weights[""]}


def scores(view: View, learnt: Learnt) -> dict[str, Scores]:
    """Say what the words of a mail speak for."""
    side = side_of(view)
    plains = [sentence.plain for sentence in view.new.sentences]
    table = learnt.sentences[side]
    said = [_add(table, *of_sentence(plain, learnt.unit)) for plain in plains]
    highest = [sorted(of_kinds.values(), reverse=True)[:2] for of_kinds in said]
    whole = _add(learnt.whole[side], *of_whole(plains, learnt.unit))
    anything = whole.pop(ANY, 0.0)
    found: dict[str, Scores] = {}
    for kind in {*(said[0] if said else ()), *whole}:
        best, second, place, rival = _LOW, _LOW, 0, _LOW
        if said and kind in said[0]:
            column = [of_kinds[kind] for of_kinds in said]
            first, *further = sorted(column, reverse=True)
            if first > _LOW:
                best, place = first, column.index(first)
                second = max((_LOW, *further[:1]))
                others = (*highest[place], _LOW)
                rival = others[1] if others[0] == first else others[0]
        found[kind] = Scores(best, second, place, rival, whole.get(kind, _NOTHING), anything)
    return found


def circumstances(view: View) -> dict[str, float]:
    """Return what is weighed beside the words and is the same for every kind."""
    return {
        "sent to a list": float(view.message.bulk),
        "speaks of hiring": min(view.job, 3.0),
        "speaks of another world": min(view.world[1], 3.0),
        "from a system": float(view.sender in SYSTEMS),
        "from a person": float(view.sender == "person"),
        "names a reference": float(bool(view.named())),
        "length": min(len(view.new.sentences), 30) / 20,
        "from an agency": float(view.agency),
        "reply": float(view.reply),
        "answers a request": float(view.old.strength("asks_ref") > 0),
    }


def weighed(
    kind: str,
    words: Mapping[str, Scores],
    phrases: Mapping[str, float],
    invited: bool,
    around: Mapping[str, float],
) -> dict[str, float]:
    """Return all that is weighed for one kind; `phrases` are the scores of the verdicts."""
    own = words.get(kind, Scores())
    rule = _between(phrases.get(kind, -4.0))
    best = _between(own.best)
    whole = _between(own.whole)
    return {
        **around,
        f"it is {kind}": 1.0,
        f"phrases of {kind}": rule,
        f"a sentence of {kind}": best,
        f"the whole of {kind}": whole,
        "phrases found": float(kind in phrases),
        "phrases": rule,
        "a sentence": best,
        "another sentence": max(-1.5, _between(own.second)),
        "both": max(best, -2.0) * max(rule, -2.0) / 4,
        "other kinds in the sentence": _between(own.rival),
        "sentences of other kinds": min(
            1.0, _between(max((s.best for k, s in words.items() if k != kind), default=_LOW))
        ),
        "phrases of other kinds": _between(
            max((s for k, s in phrases.items() if k != kind), default=-6.0)
        ),
        "an invitation": float(invited),
        "the whole": whole,
        "says anything": _between(own.anything),
    }


def _between(score: float) -> float:
    return max(_LOW, min(_HIGH, score))


def chance(weighing: Mapping[str, float], mix: Mapping[str, float]) -> float:
    """Return the probability that a mail says a thing."""
    return logistic(mix[""] + sum(mix.get(name, 0.0) * value for name, value in weighing.items()))


_TALKS = frozenset(
    (
        SignalKind.INTERVIEW_INVITE,
        SignalKind.INTERVIEW_CONFIRMED,
        SignalKind.INTERVIEW_RESCHEDULED,
        SignalKind.INTERVIEW_CANCELLED,
    )
)


#: Whether a form filled in is one or the other, those who labelled did not agree.
_GIVEN = frozenset((SignalKind.REFERENCE_SPOKE, SignalKind.REFERENCE_COMPLETED))


def again(
    view: View, said: tuple[Verdict, ...], invited: frozenset[SignalKind]
) -> tuple[Verdict, ...]:
    """Confirm, doubt or add to what the phrases say; without learnt data nothing changes."""
    if view.language.learnt is None or view.sender == "alert":
        return said
    learnt, side = view.language.learnt.opened, side_of(view)
    if side not in learnt.sentences:
        return said
    doubts = side in learnt.doubts
    act, ask = view.book.lexicon.vendors.act, view.book.lexicon.vendors.ask
    words, around = scores(view, learnt), circumstances(view)
    phrases: dict[str, float] = {}
    for verdict in said:
        phrases[verdict.kind] = max(verdict.score, phrases.get(verdict.kind, -30.0))
    chances = {
        kind: chance(
            weighed(kind, words, phrases, SignalKind(kind) in invited, around), learnt.mix[side]
        )
        for kind in sorted({*words, *phrases})
    }
    given = max(chances.get(kind, 0.0) for kind in _GIVEN)
    found: list[Verdict] = []
    for kind, likely in chances.items():
        known = SignalKind(kind)
        if side == "reference" and known in _GIVEN and kind in phrases:
            likely = max(likely, min(given, RAISE - 0.01))
        enough, least = act.get(kind, act["default"]), ask.get(kind, ask["default"])
        own = phrases.get(kind, -30.0)
        if any(
            s > own and logistic(s) >= least and not (doubts and chances[k] < KEEP)
            for k, s in phrases.items()
            if k != kind
        ):
            likely = min(likely, RAISE - 0.01)  # the phrases know better what it is about
        if own < 0 or logistic(own) < enough:
            likely = _from_whom(likely, view)
        if own < 0 and kind in words and _hedged(view, words[kind].place):
            likely = min(likely, RAISE - 0.01)
        best = [v for v in said if v.kind == kind]
        if known is SignalKind.REFERENCES_SHARED:
            found.extend(best)  # to a landlord as well: the phrases know to whom
            continue
        if _yes_to_something(view, known) and logistic(own) < enough:
            likely = min(likely, WONDER - 0.01)
        for verdict in best:
            sure = verdict.confidence
            if doubts and sure < enough and likely < DROP:
                sure = min(sure, least - 0.01)
            elif doubts or sure < enough:
                sure = _sureness(sure, likely, enough, least)
            found.append(_moved(verdict, sure))
        if not best and likely >= WONDER and _may_add(view, known):
            sure = _sureness(0.0, likely, enough, least)
            found.append(_new(view, known, words[kind], learnt, sure))
    return tuple(found)


def _from_whom(likely: float, view: View) -> float:
    """Return the chance as far as it holds for this writer.

    Of those whom nobody knows, most write of anything but jobs: without a word of hiring or the
    name of a reference they need more.
    """
    if not view.writer.stranger or view.job:
        return likely
    return likely if likely >= (_NAMED if view.named() else _SURE) else min(likely, RAISE - 0.01)


def _sureness(rule: float, likely: float, enough: float, least: float) -> float:
    """Return the confidence of both readings together, given the thresholds of act and ask."""
    if rule >= enough:
        return rule if likely >= KEEP else max(least + 0.01, likely)
    if likely >= RAISE:
        return enough + 0.01  # no more: what phrases are sure of goes before it
    if likely >= WONDER:
        return max(rule, least + 0.01)
    return rule


def _moved(verdict: Verdict, sure: float) -> Verdict:
    if abs(sure - verdict.confidence) < 0.001:
        return verdict
    by = math.log(sure / (1 - sure)) - verdict.score
    return replace(verdict, features=(*verdict.features, ("read again by its words", round(by, 3))))


def _hedged(view: View, place: int) -> bool:
    """Whether a sentence leaves open what it says: "I am not sure that we are going ahead"."""
    sentences = view.new.sentences
    return place < len(sentences) and any(
        p.search(sentences[place].plain) for p in view.language.scope.hedges
    )


def _may_add(view: View, kind: SignalKind) -> bool:
    """Whether the words alone may say a thing for which no phrase was found."""
    if view.message.bulk and view.sender not in SYSTEMS:
        return False
    if view.message.invites and kind in _TALKS:
        return False  # the calendar part says it better
    if view.sender in ("calendar", "scheduler") and kind not in _TALKS:
        return False  # it names whoever is met
    if view.sender == "self":
        return not view.people
    if kind is SignalKind.REFERENCE_JOB_HUNTING:
        return not view.new.has("away", "returned")  # "I'm back at work since Monday"
    return True


def _yes_to_something(view: View, kind: SignalKind) -> bool:
    """Whether the user says yes where no offer is spoken of: "Yes, 4 March at 10:00 is fine"."""
    return (
        kind is SignalKind.OFFER_ACCEPTED
        and view.sender == "self"
        and not (view.new.has("offer") or view.old.has("offer"))
    )


def _new(view: View, kind: SignalKind, words: Scores, learnt: Learnt, sure: float) -> Verdict:
    sentence = view.new.sentences[words.place]
    features, _ = of_sentence(sentence.plain, learnt.unit)
    weights = learnt.sentences[side_of(view)]
    told = max(features, key=lambda gram: (dict(weights[gram]).get(kind, 0.0), gram), default="")
    raw = " ".join(sentence.raw.split())
    return Verdict(
        kind,
        (("its words", round(math.log(sure / (1 - sure)), 3)),),
        (Evidence(f"learnt: {told}", raw if len(raw) <= 160 else f"{raw[:159]}…"),),
        (),
        final_round=kind in _TALKS and view.new.has("final"),
        references=(view.author,) if view.author else None,
        places=frozenset((words.place,)),
    )
