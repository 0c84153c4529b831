"""Signals on the way to a decision: receipt, outreach, interview, assessment."""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.rules.model import SignalKind
from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.noise import Against
from vouchd.rules.reading.view import View
from vouchd.rules.reading.weigh import Verdict, firm, verdict, weight

_FROM_SYSTEM = ("ats", "board", "scheduler", "assessment")


def hiring(view: View, against: Against) -> Iterator[Verdict]:
    """Yield what a received message says about an application under way."""
    yield from _received(view, against)
    yield from _outreach(view, against)
    yield from _interview(view, against)
    yield from _assessment(view, against)


def _received(view: View, against: Against) -> Iterator[Verdict]:
    new = view.new
    base = weight(new, "received")
    if base < 1.0:
        return
    yield verdict(
        SignalKind.APPLICATION_RECEIVED,
        view,
        ("received",),
        (
            ("base", -1.6),
            ("confirms an application", base),
            ("its sender's only business", 0.6 if view.sender == "ats" and not view.reply else 0.0),
            ("from a system", 1.0 if view.sender in _FROM_SYSTEM else 0.0),
            ("says no", -1.0 * firm(new, "rejection")),
            ("stepped out", -0.9 * firm(new, "withdrawn")),
            ("asks to an interview", -0.5 * firm(new, "invite")),
            ("offers", -0.6 * weight(new, "offer")),
            ("speaks of references", -0.3 * weight(new, "ref_word")),
            ("reply", -0.6 if view.reply else 0.0),
            *against,
        ),
    )


def _outreach(view: View, against: Against) -> Iterator[Verdict]:
    new = view.new
    base = weight(new, "outreach", most=2.4)
    if base < 2.0:
        return
    yield verdict(
        SignalKind.RECRUITER_OUTREACH,
        view,
        ("outreach",),
        (
            ("base", -2.6),
            ("proposes a job", base),
            ("applied before", -1.2 * weight(new, "received")),
            ("says no", -0.5 * weight(new, "rejection")),
            ("reply", -2.5 if view.reply else 0.0),
            ("from a system", -1.0 if view.sender == "ats" else 0.0),
            ("met before", -1.0 if new.has("past_meeting") else 0.0),
            *against,
        ),
    )


def _interview(view: View, against: Against) -> Iterator[Verdict]:
    new = view.new
    move = weight(new, "rescheduled")
    cancel = weight(new, "cancelled")
    invite = weight(new, "invite")
    slots = weight(new, "schedule")
    sure = weight(new, "confirmed")
    if not (move or cancel or invite or slots or sure):
        return
    about = weight(new, "interview", most=0.6) + 0.3 * weight(view.old, "interview", most=0.3)
    final = new.has("final")
    hinted = max(new.strength("interview"), view.old.strength("interview")) >= Strength.MEDIUM
    common = (
        ("speaks of an interview", 0.5 * about),
        ("of no interview", 0.0 if hinted or view.job >= 0.8 else -0.7 if view.reply else -1.2),
        ("says no", -0.9 * weight(new, "rejection", most=0.5)),
        ("offers", -0.5 * weight(new, "offer")),
        *against,
    )
    if cancel:
        yield verdict(
            SignalKind.INTERVIEW_CANCELLED,
            view,
            ("cancelled",),
            (("base", -1.6), ("calls it off", cancel), ("moves it", -0.8 * move), *common),
            final_round=final,
        )
    if move:
        yield verdict(
            SignalKind.INTERVIEW_RESCHEDULED,
            view,
            ("rescheduled",),
            (("base", -2.0), ("moves it", move), ("calls it off", -0.3 * cancel), *common),
            final_round=final,
        )
    if invite or slots:
        yield verdict(
            SignalKind.INTERVIEW_INVITE,
            view,
            ("invite", "schedule"),
            (
                ("base", -2.4),
                ("asks to meet", 0.9 * invite),
                ("offers times", 0.6 * slots),
                ("stands at a time", -0.5 * sure),
                ("moves it", -0.6 * move),
                ("calls it off", -0.6 * cancel),
                ("confirms an application", -0.5 * weight(new, "received")),
                ("proposes a job", -0.5 * weight(new, "outreach")),
                ("describes the process", -0.5 * weight(new, "process")),
                ("met before", -0.4 if new.has("past_meeting") else 0.0),
                *common,
            ),
            final_round=final,
        )
    if sure:
        yield verdict(
            SignalKind.INTERVIEW_CONFIRMED,
            view,
            ("confirmed",),
            (
                ("base", -2.6),
                ("stands at a time", sure),
                ("offers times", -0.5 * slots),
                ("moves it", -0.6 * move),
                ("calls it off", -0.6 * cancel),
                ("asks to meet", -0.3 * invite),
                ("confirms an application", -0.5 * weight(new, "received")),
                ("from a scheduler", 1.0 if view.sender == "scheduler" else 0.0),
                ("speaks of references", -0.4 * weight(new, "ref_word")),
                *common,
            ),
            final_round=final,
        )


def _assessment(view: View, against: Against) -> Iterator[Verdict]:
    new = view.new
    base = weight(new, "assessment")
    if not base:
        return
    yield verdict(
        SignalKind.ASSESSMENT,
        view,
        ("assessment",),
        (
            ("base", -1.8),
            ("asks for a test", base),
            ("from a test system", 1.5 if view.sender == "assessment" else 0.0),
            ("says no", -0.9 * weight(new, "rejection", most=0.5)),
            ("confirms an application", -0.3 * weight(new, "received")),
            ("met before", -0.5 if new.has("past_meeting") else 0.0),
            *against,
        ),
    )
