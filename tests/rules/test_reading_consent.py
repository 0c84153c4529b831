"""How a yes is meant: for whom, how long, and when and how to reach the person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.readingbook import only, read
from vouchd.rules.model import Signal, SignalKind

ASKED = (
    "\n\nDana\n\nOn Mon, 2 Mar 2026 Sam Rivera wrote:\n> Hi Dana,\n> would you be a reference for "
    "me? I am applying to Acme Robotics as a Staff Engineer.\n> Sam\n"
)


def answer(text: str) -> Signal:
    return only(
        read(
            f"Hi Sam,\n\n{text}{ASKED}",
            "Re: A reference?",
            "Dana Cole <dana.cole@initech.example>",
            at=datetime(2026, 3, 3, 9, tzinfo=UTC),
        )
    )


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Yes of course, use my name wherever you like.", ()),
        ("Happy to, but only for this one please.", ("this_application",)),
        ("Yes, gladly, but just for Acme Robotics.", ("this_application",)),
        ("Yes, you can use my name for the Acme job only.", ("this_application",)),
        ("With pleasure, just this once.", ("this_application",)),
        ("Sure, happy to do it until the end of June.", ("until:2026-06-30",)),
        ("Yes, happy to vouch for you until June, then I retire.", ("until:2026-06-30",)),
        ("Yes, gladly, up to 15 February 2027.", ("until:2027-02-15",)),
        ("Of course, I may be slow until Friday but yes.", ()),
        (
            "Happy to be your reference. I am on leave until 3 August but they can call then.",
            ("from:2026-08-03",),
        ),
        ("I can do it from September on.", ("from:2026-09-01",)),
        ("Sure! Phone after five works best for me.", ("after:17:00",)),
        ("Yes, gladly. They can call me after 5.", ("after:17:00",)),
        ("Of course. Have them call my mobile after 17:30, not the office.", ("after:17:30",)),
        ("Yes. Happy to speak for you, after five years of working together I should!", ()),
        ("Gladly. I prefer email, calls are hard at the moment.", ("by:mail",)),
        ("Happy to help. Please tell them to email rather than call.", ("by:mail",)),
        ("Yes, of course. Best by phone, mornings.", ("by:phone",)),
    ],
)
def test_how_a_yes_is_meant(text, terms):
    found = answer(text)
    assert (found.kind, found.terms) == (SignalKind.REFERENCE_AGREED, terms)


def test_an_absence_is_no_yes():
    away = read(
        "I am out of the office until 3 August and happy to help when I am back.",
        "Re: A reference?",
        "Dana Cole <dana.cole@initech.example>",
    )
    assert not away.signals
