"""How the cues of one kind of signal are weighed into a confidence, feature by feature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vouchd.rules.cues import Strength
from vouchd.rules.model import Evidence, SignalKind
from vouchd.rules.spot import Spotted
from vouchd.rules.view import View, logistic

POINTS = {
    0: 0.0,
    Strength.WEAK: 0.5,
    Strength.MEDIUM: 1.2,
    Strength.LIKELY: 2.2,
    Strength.STRONG: 3.4,
}


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
    return Verdict(
        kind,
        tuple((name, round(value, 3)) for name, value in features if value),
        view.new.evidence(*cues),
        cues,
        final_round,
        terms,
        references,
        frozenset(
            h.sentence for c in cues for h in view.new.of(c) if h.strength >= Strength.LIKELY
        ),
    )
