"""Which calendar entry is an interview: the job's own words are no other world's."""

from __future__ import annotations

import pytest

from tests.readingbook import acted, event
from vouchd.rules.model import Address


@pytest.mark.parametrize(
    ("summary", "description", "sender"),
    [
        (
            "Interview for Theatre Nurse (Band 5)",
            "Apologies, list overran.",
            Address("theatre.recruitment@ashdown.example", "Theatre Recruitment"),
        ),
        (
            "Planning Officer - selection interview",
            "Planning Officer (position 4411), panel at eleven",
            Address("hr.services@hartwell-bc.example", "HR Shared Services"),
        ),
        (
            "Panel interview | Ribalta Bank",
            "Credit analyst position, with our lending team",
            Address("talent@ribalta-bank.example", "Talent Ribalta Bank"),
        ),
    ],
)
def test_a_job_in_another_world_s_trade_is_a_job(summary, description, sender):
    assert acted(event(summary, description, organizer=sender)) == {"interview_confirmed"}


@pytest.mark.parametrize(
    "summary",
    [
        "Flatmate interviews: Jo 7pm, Anneke 7.40",
        "Parent/Teacher Interview confirmed - Wattle Street Primary",
        "Visa interview appointment CONFIRMED - Consulate General",
        "Naturalization interview, room 214",
        "RESCHEDULED: on-site visit, boiler service (ref 552)",
    ],
)
def test_an_interview_of_another_kind_is_none(summary):
    assert acted(event(summary, organizer=None, attendees=())) == set()


def test_a_test_is_no_interview_and_counts_in_full():
    found = event(
        "Trial shift Sam (Baker)",
        "Paid trial shift, half night. We want to see you on the bread.",
        organizer=Address("hello@old-mill-bakery.example", "Old Mill Bakery"),
    )
    assert acted(found) == {"assessment"}


@pytest.mark.parametrize(
    "summary", ["Bluegum Civil interview (moved from 24th!!)", "New time: interview at Quill"]
)
def test_a_moved_one_says_so(summary):
    assert acted(event(summary)) == {"interview_rescheduled"}
