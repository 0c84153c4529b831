"""Whose mail it is: display names, domains, clients of agencies, people who are no companies."""

from __future__ import annotations

import pytest

from tests.readingbook import book, mail
from vouchd.rules.reading.detect import read_message

REJECTED = "Thank you for applying. We have decided not to move forward with your application."
INVITES = "We would like to invite you to an interview. Which of these times works for you?"


def employer(text: str, subject: str, sender: str) -> str | None:
    signals = read_message(mail(text, subject, sender), book()).signals
    assert signals
    return signals[0].company


@pytest.mark.parametrize(
    ("sender", "company"),
    [
        # A house writes under its own name: the address of its system says less.
        ("Gulf Coast Credit Union <no-reply@paycomonline.example>", "Gulf Coast Credit Union"),
        ("Ottawa Valley Hydro <careers@ovhydro.example>", "Ottawa Valley Hydro"),
        ("Mountain West Utilities <mwu@myworkday.com>", "Mountain West Utilities"),
        ("State of Oregon <oregon@myworkday.com>", "State of Oregon"),
        ("Scheduling at Vantor <interviews@vantor.example>", "Vantor"),
        # Somebody writes: the address tells the employer, in words where they can be told.
        ("Marcus Ito <mito@ospreyfreight.example>", "Osprey Freight"),
        ("Nina Vass <nina@grovestreetbakery.example>", "Grove Street Bakery"),
        ("Peter Post <post@lighthouse.example>", "Lighthouse"),
        # A surname is no company, though the firm is called after its owner.
        ("Alistair Penhaligon <a.penhaligon@penhaligonroe.example>", "Penhaligonroe"),
    ],
)
def test_by_who_writes(sender: str, company: str):
    signature = sender.partition(" <")[0]
    assert employer(f"{REJECTED}\n\n{signature}", "Your application", sender) == company


def test_an_agency_speaks_of_its_client():
    text = (
        "My client, Delmar Foods, is looking to bring on a Maintenance Planner for their plant. "
        "Would you be interested in this role? I can put you forward today."
    )
    sender = "Kristin Oyelaran <k@wellstaffpartners.example>"
    assert employer(text, "Maintenance Planner - direct hire", sender) == "Delmar Foods"


def test_an_agency_that_names_nobody_names_nobody():
    text = (
        "My client loved you and would like to meet you again. Which day works for you next week?"
    )
    sender = "Philippa Oduya <philippa@oduyapartners.example>"
    assert employer(text, "Second interview for the role", sender) is None


@pytest.mark.parametrize(
    "text",
    [
        f"{INVITES} The interview is with Kyle in person.",
        f"{INVITES} You would meet Father Jim and Dr. Raman.",
    ],
)
def test_whom_one_meets_is_no_employer(text: str):
    sender = "Ironwood Brewing Co. <jobs@breezy.hr>"
    assert employer(text, "Packaging Operator: phone interview", sender) == "Ironwood Brewing Co"


def test_the_full_name_stands_for_the_short_one():
    sender = "Naomi Feld <naomi@torrentsystems.example>"
    assert employer(f"{INVITES} Everybody at Torrent is keen.", "Onsite with Torrent!", sender) == (
        "Torrent Systems"
    )
