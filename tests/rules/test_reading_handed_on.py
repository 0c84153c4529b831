"""Whom the user's own list of references hands on, and whom it leaves out."""

from __future__ import annotations

import pytest

from tests.readingbook import book, mail
from vouchd.rules.model import SignalKind
from vouchd.rules.reading.detect import read_message

DANA = "Here are my references for the Data Scientist role:\nDana Cole, dana.cole@initech.example"


def handed_on(text: str) -> tuple[str, ...]:
    message = mail(text, "Re: your references", to="Petra Lindqvist <petra@solstice.example>")
    signals = read_message(message, book()).signals
    return next(s.references for s in signals if s.kind is SignalKind.REFERENCES_SHARED)


@pytest.mark.parametrize(
    "spared",
    [
        "I would rather you did not approach Bob Okafor, whom I had mentioned.",
        "Please do not contact Robert Okafor this month.",
    ],
)
def test_whom_the_user_asks_to_spare_is_not_handed_on(spared: str) -> None:
    assert handed_on(f"{DANA}\n\n{spared}") == ("Dana Cole",)


@pytest.mark.parametrize(
    "kept",
    [
        "Robert Okafor (+44 20 7946 0000), not before noon please.",
        "Robert Okafor, robert@globex.example, who is not one for long calls.",
        "Robert Okafor, who ran the depot.",
    ],
)
def test_a_no_about_hours_beside_an_address_leaves_nobody_out(kept: str) -> None:
    assert handed_on(f"{DANA}\n{kept}") == ("Dana Cole", "Robert Okafor")


def test_without_any_address_everybody_named_is_handed_on() -> None:
    text = "My references are Dana Cole and Robert Okafor, do not hesitate to call them."
    assert handed_on(text) == ("Dana Cole", "Robert Okafor")
