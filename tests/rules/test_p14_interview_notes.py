"""P14: a note after an interview that took place; its reason goes when a job is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import at, employer, interview, mail, only, planned, states, to_employer
from vouchd.rules.model import Wishes

APPLIED = employer("03-01", "application_received", "Acme", "SRE")
TALK = interview("03-10 10:00", "Acme", known="03-02")


def notes(*readings, now="03-31", wishes=None):
    return planned(*readings, now=now, wishes=wishes)


def test_a_note_arises_when_the_interview_is_over():
    assert not only(notes(APPLIED, TALK, now="03-10 10:30"), "interview_thank_you")
    (note,) = only(notes(APPLIED, TALK), "interview_thank_you")
    assert (note.state, note.created_at) == ("open", TALK.end)
    assert [a.email for a in note.to] == ["lena@acme.example"]


def test_the_switch_turns_it_off():
    off = replace(Wishes(), interview_thank_you=False)
    assert not only(notes(APPLIED, TALK, wishes=off), "interview_thank_you")


def test_it_goes_when_the_process_ends_or_a_job_is_taken_elsewhere():
    here = notes(APPLIED, TALK, employer("03-12", "rejection", "Acme", "SRE"))
    assert states(here, "interview_thank_you") == ["superseded"]
    elsewhere = (
        employer("03-01", "application_received", "Globex", "Developer"),
        employer("03-11", "offer", "Globex", "Developer"),
        to_employer("03-14", "offer_accepted", "Globex"),
    )
    assert states(notes(APPLIED, TALK, *elsewhere), "interview_thank_you") == ["superseded"]


def test_a_job_taken_and_given_back_takes_no_reason_away():
    story = (
        employer("03-01", "application_received", "Globex", "Developer"),
        employer("03-11", "offer", "Globex", "Developer"),
        to_employer("03-14", "offer_accepted", "Globex"),
        to_employer("03-20", "withdrawn", "Globex"),
    )
    assert states(notes(APPLIED, TALK, *story), "interview_thank_you") == ["open"]


@pytest.mark.parametrize("moved", [False, True])
def test_the_calendar_s_next_word_on_an_interview_counts_without_a_word_of_hiring(moved):
    stands = interview("09-10 10:00", known="09-01")
    later = at("09-12 10:00")
    word = replace(
        mail("09-09"),
        uid=stands.uid,
        cancelled=not moved,
        start=later if moved else stands.start,
        end=later + timedelta(hours=1) if moved else stands.end,
    )
    found = only(planned(stands, word, now="09-11"), "interview_thank_you")
    assert not found
    after = only(planned(stands, word, now="09-13"), "interview_thank_you")
    assert len(after) == moved
