"""Signals of a decision: offer, its answer, rejection, withdrawal."""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.rules.model import SignalKind
from vouchd.rules.reading.noise import Against
from vouchd.rules.reading.view import View
from vouchd.rules.reading.weigh import Verdict, verdict, weight


def outcome(view: View, against: Against) -> Iterator[Verdict]:
    """Yield what a received message decides."""
    new = view.new
    no, offer = weight(new, "rejection"), weight(new, "offer")
    accepted, declined = weight(new, "accepted"), weight(new, "declined")
    out = weight(new, "withdrawn")
    if no:
        yield verdict(
            SignalKind.REJECTION,
            view,
            ("rejection", "regret"),
            (
                ("base", -2.2),
                ("says no", no),
                ("tone of a no", 0.4 * weight(new, "regret")),
                ("thanks and good wishes", 0.35 * weight(new, "thanks_bye")),
                ("on hold", -0.6 * weight(new, "hold")),
                ("offers", -0.3 * offer),
                ("the user stepped out", -1.2 * out - 1.2 * declined),
                *against,
            ),
        )
    if offer:
        yield verdict(
            SignalKind.OFFER,
            view,
            ("offer",),
            (
                ("base", -2.2),
                ("offers", offer),
                ("terms", 0.4 * weight(new, "terms")),
                ("says no", -0.9 * no),
                ("the user has answered", -0.9 * accepted - 0.9 * declined),
                ("confirms an application", -0.8 * weight(new, "received")),
                ("proposes a job", -0.7 * weight(new, "outreach")),
                ("describes the process", -0.6 * weight(new, "process")),
                *against,
            ),
        )
    if accepted:
        yield verdict(
            SignalKind.OFFER_ACCEPTED,
            view,
            ("accepted",),
            (("base", -2.2), ("the user accepted", accepted), ("says no", -0.8 * no), *against),
        )
    if declined:
        yield verdict(
            SignalKind.OFFER_DECLINED,
            view,
            ("declined",),
            (("base", -1.8), ("the user declined", declined), *against),
        )
    if out:
        yield verdict(
            SignalKind.WITHDRAWN,
            view,
            ("withdrawn",),
            (("base", -1.8), ("the user stepped out", out), ("offers", -0.4 * offer), *against),
        )


def own_words(view: View) -> Iterator[Verdict]:
    """Yield what the user's own sent mail to an employer decides."""
    new, old = view.new, view.old
    offered = 0.5 * weight(old, "offer") + 0.4 * weight(new, "offer")
    hiring = 0.3 * min(3.0, view.job)
    world, much = view.world
    common = (
        ("speaks of hiring", hiring),
        ("to a reference", -4.0 if view.people else 0.0),
        (f"speaks of {world}", -min(3.0, max(0.0, 1.2 * much - 0.5 * view.job))),
    )
    accepts, declines, withdraws = (weight(new, c) for c in ("accepts", "declines", "withdraws"))
    if accepts:
        yield verdict(
            SignalKind.OFFER_ACCEPTED,
            view,
            ("accepts",),
            (
                ("base", -2.4),
                ("accepts", accepts),
                ("an offer is there", offered),
                ("declines", -1.3 * declines),
                ("steps out", -0.8 * withdraws),
                *_resigns(view, "accepts"),
                *common,
            ),
        )
    if declines:
        yield verdict(
            SignalKind.OFFER_DECLINED,
            view,
            ("declines",),
            (
                ("base", -2.4),
                ("declines", declines),
                ("an offer is there", offered),
                ("accepts", -0.2 * accepts),
                *_resigns(view, "declines"),
                *common,
            ),
        )
    if withdraws:
        yield verdict(
            SignalKind.WITHDRAWN,
            view,
            ("withdraws",),
            (
                ("base", -1.8),
                ("steps out", withdraws),
                ("an offer is there", -0.9 * offered),
                ("accepts", -0.4 * accepts),
                *_resigns(view, "withdraws"),
                *common,
            ),
        )


def _resigns(view: View, cue: str) -> Iterator[tuple[str, float]]:
    """Weigh a post given up: "accept this letter as my resignation" answers nobody's offer."""
    given_up = {hit.sentence for hit in view.new.of("resigns")}
    if given_up and given_up.issuperset(hit.sentence for hit in view.new.of(cue)):
        yield "resigns", -3.0
