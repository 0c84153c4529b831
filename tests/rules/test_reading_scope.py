"""Conditions, negations and quoted history do not say what they seem to say."""

from __future__ import annotations

import pytest

from tests.readingbook import acted, read

REJECTS = "We have decided not to move forward with your application for the Analyst role."


def test_a_plain_no_is_a_rejection():
    assert acted(read(REJECTS)) == {"rejection"}


@pytest.mark.parametrize(
    "text",
    [
        "If we decide not to move forward with your application for the role, we will write.",
        "Should you not be selected for this position, we may keep your details on file.",
        "When the panel has met, we will tell applicants who are not selected for the role.",
    ],
)
def test_a_condition_is_no_rejection(text: str):
    assert "rejection" not in acted(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "If we make you an offer for the position, it will be subject to checks.",
        "We are not able to offer you the position of Analyst.",
        "Candidates who are offered the job will get a contract.",
    ],
)
def test_what_only_sounds_like_an_offer(text: str):
    assert "offer" not in acted(read(text))


def test_quoted_history_is_not_said_anew():
    text = f"Thanks, I will read it tonight.\n\nOn 2 Mar 2026 at 9:00, Kim wrote:\n> {REJECTS}"
    assert acted(read(text, "Re: Your application")) == set()


def test_new_words_count_above_the_opposite_in_the_quote():
    text = (
        "I am sorry, the team has decided to go with another candidate for the Analyst role.\n\n"
        "On 2 Mar 2026 at 9:00, Kim wrote:\n> You are confirmed for the interview on Tuesday."
    )
    assert acted(read(text, "Re: Interview")) == {"rejection"}


def test_a_process_told_in_advance_asks_for_nothing():
    text = (
        "We have received your application for Analyst. Our process from here: stage 1 a call, "
        "stage 2 a panel interview, stage 3 references, stage 4 an offer."
    )
    assert acted(read(text)) == {"application_received"}


def test_what_one_may_need_is_not_what_happens():
    text = (
        "This is to confirm your appointment on Wednesday 14 October at 15:40. "
        "If you need to reschedule please ring at least a day ahead."
    )
    kinds = {str(s.kind) for s in read(text, "Appointment confirmed: screening").signals}
    assert "interview_rescheduled" not in kinds


def test_what_a_reference_says_of_others_is_not_about_the_user():
    for text in (
        "I spoke with your mother at the market.",
        "My brother is looking for a job in logistics.",
        "We had to let three people go last month, it was awful.",
    ):
        assert not acted(read(text, "Hello", "Dana Cole <dana.cole@initech.example>"))
