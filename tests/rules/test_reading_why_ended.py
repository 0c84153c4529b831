"""Why it ended: closed to all, or the reason in the user's own words, where it may travel on."""

from __future__ import annotations

import pytest

from tests.readingbook import read
from vouchd.rules.intent import Occasion
from vouchd.rules.letters.discreet import reason_of
from vouchd.rules.model import FollowUpKind, SignalKind


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("We are sorry to tell you that the Staff Engineer position has been cancelled.", True),
        ("Unfortunately the role will not be filled after all; it was closed for now.", True),
        ("We regret that, due to a hiring freeze, we cannot proceed with your application.", True),
        ("Unfortunately we have decided to move forward with another candidate.", False),
        ("I regret that the position has been filled internally.", False),
        ("We are sorry, the role is closed now: we have chosen another candidate.", False),
    ],
)
def test_a_position_that_goes_to_nobody_is_told_from_one_that_goes_to_others(text, closed):
    found = read(
        f"Dear Sam,\n\nthank you for your interest in Acme Robotics. {text}\n\nKim Lee",
        "Your application as Staff Engineer",
        "Kim Lee <kim@acme-robotics.example>",
    )
    (no,) = [s for s in found.signals if s.kind is SignalKind.REJECTION]
    assert ("closed" in no.terms) is closed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "I have to withdraw my application for the Staff Engineer position because the commute "
            "is too long. Thank you.",
            "the commute is too long",
        ),
        (
            "I am withdrawing my application for Staff Engineer: I do not want to move to Leeds "
            "after all.",
            "I do not want to move to Leeds after all",
        ),
        ("I am withdrawing my application. All the best!", None),
        ("About Friday: I would like to withdraw my application for Staff Engineer.", None),
        ("I withdraw my application because your office is too far.", None),
    ],
)
def test_the_users_own_reason_is_kept_in_their_words(text, reason):
    found = read(
        f"Dear Kim,\n\n{text}\n\nSam Rivera",
        "My application",
        to="Kim Lee <kim@acme-robotics.example>",
    )
    (out,) = [s for s in found.signals if s.kind is SignalKind.WITHDRAWN]
    assert out.terms == ((f"reason:{reason}",) if reason else ())


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("the commute is too long", "the commute is too long"),
        ("the pay was too low", ""),
        ("my children need me nearby", ""),
        ("their manager was rude", ""),
        (None, ""),
    ],
)
def test_what_is_private_or_unkind_does_not_travel(reason, told):
    assert reason_of(Occasion(kind=FollowUpKind.OUTCOME_NEWS, reason=reason)) == told
