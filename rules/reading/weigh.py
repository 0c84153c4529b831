"""How the cues of one kind of signal are weighed into a confidence, feature by feature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vouchd.rules.model import Evidence, SignalKind
from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.spot import Spotted
from vouchd.rules.reading.view import View, logistic

POINTS = {
    0: 0.0,
    Strength.WEAK: 0.5,
    Strength.MEDIUM: 1.2,
    Strength.LIKELY: 2.2,
    Strength.STRONG: 3.4,
}


#: senders that write about applications and little else, with lists and footers around it
SYSTEMS = frozenset(("ats", "platform", "scheduler", "assessment", "board", "signing"))
#: what speaks against a signal less when the signal's own words are plain
SOFT = frozenset(
    (
        "lists jobs",
        "advertises",
        "account, code or survey",
        "sent to a list",
        "describes the process",
    )
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind of signal with everything that speaks for and against it."""

    kind: SignalKind
    features: tuple[tuple[str, float], ...]
    evidence: tuple[Evidence, ...]
    cues: tuple[str, ...]  #: whose sentences name the people and the place
    final_round: bool = False
    terms: tuple[str, ...] = ()
    references: tuple[str, ...] | None = None  #: where the detector knows them itself
    places: frozenset[int] = frozenset()  #: the sentences that carry it
    company: str | None = None  #: where the detector knows of which employer it is said

    @property
    def score(self) -> float:
        """The sum of all features: log-odds."""
        return sum(value for _, value in self.features)

    @property
    def confidence(self) -> float:
        """The score as a number in [0, 1]."""
        return round(logistic(self.score), 3)


def weight(spotted: Spotted, cue: str, *, more: float = 0.5, most: float = 1.2) -> float:
    """Return what the cue weighs: its strongest hit, and a little for each further one."""
    hits = spotted.of(cue)
    if not hits:
        return 0.0
    others = {h.sentence for h in hits if h.strength >= Strength.MEDIUM} - {hits[0].sentence}
    return POINTS[hits[0].strength] + min(most, more * len(others))


def firm(spotted: Spotted, cue: str) -> float:
    """Return the weight of a cue when it is more than a tone."""
    value = weight(spotted, cue, most=0.5)
    return value if spotted.strength(cue) >= Strength.LIKELY else 0.3 * value


def verdict(
    kind: SignalKind,
    view: View,
    cues: tuple[str, ...],
    features: Iterable[tuple[str, float]],
    *,
    final_round: bool = False,
    terms: tuple[str, ...] = (),
    references: tuple[str, ...] | None = None,
) -> Verdict:
    """Put a verdict together; features without value are left out."""
    sure = max((view.new.strength(cue) for cue in cues), default=0) >= Strength.STRONG
    factor = (0.3 if view.sender in SYSTEMS else 0.6) if sure else 1.0
    return Verdict(
        kind,
        tuple(
            (name, round(value * (factor if name in SOFT else 1.0), 3))
            for name, value in features
            if value
        ),
        view.new.evidence(*cues),
        cues,
        final_round,
        terms,
        references,
        frozenset(
            h.sentence for c in cues for h in view.new.of(c) if h.strength >= Strength.LIKELY
        ),
    )
