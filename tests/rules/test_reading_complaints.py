"""What users of other programs complain of: wrong labels, marketing, allowlists, own mail."""

from __future__ import annotations

import pytest

from tests.readingbook import acted, event, only, read


@pytest.mark.parametrize(
    "sender",
    [
        "Big Bank <bigbank@myworkday.com>",
        "notification@smartrecruiters.com",
        "Kim <kim@some-small-shop.example>",
        "no-reply@an-ats-nobody-knows.example",
    ],
)
def test_no_list_of_senders_decides(sender: str):
    text = "Unfortunately, we will not be moving forward with your application for Analyst."
    assert acted(read(text, "An update", sender)) == {"rejection"}


@pytest.mark.parametrize(
    ("subject", "sender", "text"),
    [
        (
            "Seize the interview advantage",
            "Career Coach <news@coach.example>",
            "Ace your next interview: our masterclass shows how candidates get the offer. "
            "Register now, 50% off. Unsubscribe",
        ),
        (
            "14 new Analyst jobs in Leeds",
            "Indeed <alert@indeed.com>",
            "Interviews this week! Urgently hiring: Data Analyst, Quill. See all jobs.",
        ),
        (
            "Your renewal offer",
            "Hearth Insurance <renewals@hearth.example>",
            "We are pleased to offer you another year of home insurance for £231.",
        ),
        (
            "Your loan application",
            "Bank <alerts@bank.example>",
            "We regret to inform you that your loan application was not approved.",
        ),
        (
            "Your candidate reference number",
            "Portal <no-reply@portal.example>",
            "You have created an account. Your reference number is 4402-CC.",
        ),
    ],
)
def test_hiring_words_of_others(subject: str, sender: str, text: str):
    assert acted(read(text, subject, sender, bulk="Unsubscribe" in text)) == set()


def test_a_receipt_that_names_the_meeting_tool_is_a_receipt():
    text = (
        "Thank you for applying to Quill! We have received your application for Analyst. "
        "Official mail on interviews comes from @goodtime.io, our meeting tool."
    )
    assert acted(read(text, "Thank you for applying to Quill")) == {"application_received"}


def test_a_rejection_that_thanks_is_a_rejection():
    text = (
        "Thank you for applying to Quill. After careful consideration we have decided to move "
        "forward with other candidates for the Analyst role. We wish you all the best."
    )
    assert acted(read(text, "Thank you for your interest in Quill")) == {"rejection"}


def test_an_unsure_signal_asks():
    reading = read("The Analyst position: I am not sure that we are going ahead.", "Re: Analyst")
    assert [s.decision for s in reading.signals] == ["ask"]


OFFER = "We are pleased to offer you the position of Staff Engineer with a salary of €90,000."


def test_an_offer_that_fails_dmarc_is_asked_about():
    reading = read(OFFER, "Offer", "HR <hr@quill.example>", authentic=False)
    assert (only(reading).decision, "DMARC" in (reading.suspicious or "")) == ("ask", True)


def test_an_offer_from_a_lookalike_is_asked_about():
    reading = read(OFFER, "Offer", "HR <hr@acme-robotlcs.example>")
    assert only(reading).decision == "ask"
    assert "acme-robotlcs.example" in (reading.suspicious or "")


def test_an_offer_that_asks_for_money_is_asked_about():
    text = f"{OFFER} Before you start, pay the registration fee of $50 by gift cards."
    reading = read(text, "Offer", "HR <hr@quill.example>")
    assert (only(reading).decision, reading.suspicious is not None) == ("ask", True)


def test_an_honest_offer_is_not_suspicious():
    reading = read(OFFER, "Offer", "HR <hr@acme-robotics.example>", authentic=True)
    assert (only(reading).decision, reading.suspicious) == ("act", None)


def test_events_of_all_sorts():
    assert acted(event("Interview: Data Analyst at Quill")) == {"interview_confirmed"}
    assert acted(event("Interview: Data Analyst at Quill", cancelled=True)) == {
        "interview_cancelled"
    }
    assert acted(event("Rescheduled: Interview Data Analyst")) == {"interview_rescheduled"}
    assert only(event("Final round interview: Analyst at Quill")).final_round
    for summary in ("Lunch with Anna", "Visa interview, consulate", "Dentist", "Weekly standup"):
        assert acted(event(summary)) == set(), summary


def test_deadline_and_contact_of_a_request():
    text = "Please send me the names and phone numbers of two references by 6 March."
    signal = only(read(text, "References", "Kim Lee <kim@quill.example>"))
    assert (str(signal.deadline), signal.contact) == ("2026-03-06", "Kim Lee")


def test_evidence_is_short_and_names_the_rule():
    text = "We have decided not to move forward with your application. " + "Really so. " * 80
    for evidence in only(read(text)).evidence:
        assert evidence.rule.startswith("rejection")
        assert 0 < len(evidence.text) <= 160
