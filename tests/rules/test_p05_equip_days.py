"""P5: a heads-up names the day by which somebody is heard, not that by which names are wanted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import employer, only, person, planned, to_employer
from tests.readingbook import book
from tests.readingbook import mail as letter
from vouchd.rules.model import SignalKind
from vouchd.rules.reading.detect import read_message

DANA = person("Dana Cole", "2026-01-10")
DAY = date(2026, 9, 10)
WANTED = (
    "We are at the last step: we would like to call your references by Thursday 9 April. Please"
    " send me their names."
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Please give us two references. Can you send names and numbers by Friday?", True),
        (WANTED, False),
    ],
)
def test_until_when_names_are_wanted_is_told_from_until_when_people_are_heard(text, wanted):
    found = read_message(letter(text, "Re: Interview at Quill"), book()).signals
    (request,) = [s for s in found if s.kind is SignalKind.REFERENCE_REQUEST]
    assert request.deadline is not None
    assert ("names_by" in request.terms) is wanted


@pytest.mark.parametrize(("terms", "day"), [(("names_by",), None), ((), DAY)])
def test_the_person_is_told_only_of_their_own_day(terms, day):
    asked = employer("09-01", "reference_request", terms=terms, deadline=DAY)
    (warning,) = only(planned(asked, people=(DANA,)), "heads_up")
    assert warning.occasions[0].deadline == day


def test_who_has_taken_a_job_elsewhere_warns_nobody_of_another_employer():
    story = (
        employer("09-01", "reference_request", "Acme"),
        employer("09-01", "interview_invite", "Globex"),
        employer("09-02", "offer", "Globex"),
        to_employer("09-04", "offer_accepted", "Globex"),
    )
    (warning,) = only(planned(*story, people=(DANA,)), "heads_up")
    assert warning.state == "superseded"
