"""Who writes decides what can be said: the user, a reference, the employer."""

from __future__ import annotations

import pytest

from tests.readingbook import acted, only, read

DANA = "Dana Cole <dana.cole@initech.example>"
ASK = "\n\nOn 2 Mar 2026 at 9:00, Sam Rivera wrote:\n> Would you be a reference for me?"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I am delighted to accept your offer for the Analyst position.", "offer_accepted"),
        ("Thank you for the offer, but I have decided to decline the position.", "offer_declined"),
        ("I would like to withdraw my application for the Analyst role.", "withdrawn"),
        (
            "Here are my references: Robert Okafor, my director, robert@globex.example.",
            "references_shared",
        ),
    ],
)
def test_what_the_user_sends(text: str, kind: str):
    assert acted(read(text, "Re: Analyst", to="kim@quill.example")) == {kind}


def test_the_users_words_are_not_the_employers():
    text = "You wrote that we will not be moving forward with my application. A pity!"
    assert "rejection" not in acted(read(text, "Re: Analyst", to="kim@quill.example"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"Of course, I would be happy to be a reference for you.{ASK}", "reference_agreed"),
        (f"Sure, put me down!{ASK}", "reference_agreed"),
        (f"I am not able to act as a reference, our policy forbids it.{ASK}", "reference_declined"),
        (
            "Just spoke with Kim from Quill about you, I gave you a glowing reference.",
            "reference_spoke",
        ),
        ("I was laid off last week and am looking for a new role.", "reference_job_hunting"),
    ],
)
def test_what_a_reference_writes(text: str, kind: str):
    reading = read(text, "Re: A favour", DANA)
    assert acted(reading) == {kind}
    assert reading.people == ("Dana Cole",)
    assert only(reading).references == ("Dana Cole",)


def test_a_half_hearted_yes_is_a_no_that_says_so():
    text = f"I suppose I could, though I only remember your work vaguely.{ASK}"
    signal = only(read(text, "Re: A favour", DANA))
    assert (signal.kind, "lukewarm" in signal.terms) == ("reference_declined", True)


def test_a_no_to_one_process_says_so():
    signal = only(read(f"Not for this one, sorry; any other time.{ASK}", "Re: A favour", DANA))
    assert (signal.kind, signal.terms) == ("reference_declined", ("this_application",))


def test_a_yes_with_an_hour():
    signal = only(
        read(f"Yes, happy to be your reference, but calls after 17h.{ASK}", "Re: ?", DANA)
    )
    assert signal.terms == ("after:17:00",)


def test_the_user_hires():
    text = "Please submit your scorecard for the candidate you interviewed for Analyst yesterday."
    assert acted(read(text, "Interview feedback", "Pat <pat@quill.example>")) == set()


def test_somebody_elses_reference():
    text = "Tom Berg has named you as a referee for the role of Analyst. Please complete the form."
    assert acted(read(text, "Reference request for Tom Berg", "Xref <noreply@xref.com>")) == set()
