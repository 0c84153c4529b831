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


@pytest.mark.parametrize(
    ("domain", "line", "name"),
    [
        ("wfm", "Operations Manager, Winnipeg Folk Museum", "Winnipeg Folk Museum"),
        ("gdhospice", "Glenorchy & Districts Hospice", "Glenorchy & Districts Hospice"),
        ("pgszkla", "HR Specialist, Polska Grupa Szkła", "Polska Grupa Szkła"),
        ("pacrimfish", "Pacific Rim Fisheries", "Pacific Rim Fisheries"),
        (
            "bhmontessori",
            "Chair, Bright Horizons Montessori Trust",
            "Bright Horizons Montessori Trust",
        ),
        ("gannawayframes", "Gannaway Timber Frames", "Gannaway Timber Frames"),
        ("kenridge", "Industrial Relations & HR, Kenridge Packaging", "Kenridge Packaging"),
        ("kesterton", "School Manager, University of Kesterton", "University of Kesterton"),
        ("zephyr", "Operations Manager, Winnipeg Folk Museum", "Winnipeg Folk Museum"),
    ],
)
def test_the_name_that_a_domain_shortens_signs_the_mail(domain: str, line: str, name: str):
    text = f"{INVITES}\n\nKind regards,\nFaizel Davids\n{line}\n"
    sender = f"Faizel Davids <faizel@{domain}.example>"
    assert employer(text, "Your interview", sender) == name


def test_a_house_that_recruits_for_others_is_not_the_employer():
    text = (
        f"Your CV landed well with the lads at Tide & Turbine. {INVITES}\n\n"
        "Cormac\nBrass Tacks Recruitment, Dublin 2\n"
    )
    sender = "Cormac Devlin <cormac@brasstacks.example>"
    assert employer(text, "Interview in Arklow", sender) == "Tide & Turbine"


def test_an_own_team_that_signs_so_is_the_employer():
    text = f"{INVITES}\n\nCormac\nBrass Tacks Recruitment\n"
    sender = "Cormac Devlin <cormac@brasstacks.example>"
    assert employer(text, "Your interview", sender) == "Brass Tacks"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Kiln Engineer - your interview on Thursday",
            f"{INVITES}\nGreetings from Sandomierz,\nAgnieszka\nHR Specialist, Polska Grupa",
        ),
        ("Kiln Engineer: next step", f"Your CV was reviewed by our Technical Director. {INVITES}"),
        ("Kiln Engineer", f"{INVITES} Follow us to hear of future roles in Brisbane."),
        ("Kiln Engineer", f"{INVITES} It would be on Wednesday, 6 August."),
    ],
)
def test_the_title_of_whoever_writes_or_meets_you_is_not_the_job(subject: str, text: str):
    sender = "Agnieszka Nowak <agnieszka@polskagrupa.example>"
    (signal,) = read_message(mail(text, subject, sender), book()).signals
    assert signal.role == "Kiln Engineer"
