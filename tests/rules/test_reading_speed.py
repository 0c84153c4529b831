"""No input makes reading slow: what is very long is cut, nothing backtracks."""

from __future__ import annotations

import pytest

from tests.readingbook import book, mail, read
from tests.yardstick import pieces
from vouchd.rules.reading.detect import read_message


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "we will not be moving " * 50_000,
        "\n".join(">" * depth + " wrote:" for depth in range(3_000)),
        "reference @ " * 80_000,
        "If you, " * 100_000,
        "On 1.1.2026 wrote " * 40_000,
        "A " * 300_000,
        "Acme and " * 100_000,
        "((((" * 100_000,
        "From: a\nTo: b\n" * 20_000,
    ],
    ids=range(10),
)
def test_absurd_text_costs_little(text: str):
    read("Your interview is confirmed.", "warm up")
    absurd = mail(text, text[:5_000])
    assert pieces(lambda: read_message(absurd, book())) < 50
