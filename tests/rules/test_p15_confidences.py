"""P15: no employer is named to who works there, no search to who must not hear of it."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import (
    ME,
    OPEN,
    employer,
    only,
    person,
    planned,
    states,
    to_employer,
)
from vouchd.rules.model import Decision, Stated

LUCA = person("Luca Ferrante", "2026-01-10", employer="Acme")
ACME = Stated(company="Acme", references=("Luca Ferrante",))


def test_a_warning_to_who_works_there_waits_as_a_question():
    intents = planned(employer("09-10", "reference_request"), people=(LUCA,), stated=(ACME,))
    assert not only(intents, "heads_up")
    (question,) = only(intents, "review")
    assert question.people == (LUCA,)
    assert "works at Acme" in question.question


def test_a_yes_of_the_users_lets_it_through():
    story = employer("09-10", "reference_request")
    (question,) = only(planned(story, people=(LUCA,), stated=(ACME,)), "review")
    allowed = planned(story, people=(LUCA,), stated=(ACME,), answers={question.asks[0]: True})
    assert states(allowed, "heads_up") == [OPEN]
    assert not only(allowed, "review")


def test_news_of_another_company_goes_out_freely():
    intents = planned(
        employer("09-01", "application_received", "Globex"),
        to_employer("09-05", "references_shared", "Globex", references=("Luca Ferrante",)),
        employer("09-09", "rejection", "Globex"),
        people=(LUCA,),
    )
    assert states(intents, "outcome_news") == [OPEN]


def test_the_present_employer_does_not_hear_of_the_search():
    colleague = person("Gita Rao", employer="Initech")
    me = replace(ME, employer="Initech")
    intents = planned(employer("09-10", "reference_request"), people=(colleague,), me=me)
    assert not only(intents, "ask_permission")
    assert states(intents, "review") == [OPEN]


def test_the_users_own_address_tells_the_present_employer():
    colleague = person("Gita Rao", employer="Harrow Data", emails=("gita@harrow-data.example",))
    story = employer("09-10", "reference_request")
    asked = planned(story, people=(colleague,))
    assert states(asked, "ask_permission") == [OPEN]
    me = replace(ME, emails=(*ME.emails, "sam.rivera@harrow-data.example"))
    assert not only(planned(story, people=(colleague,), me=me), "ask_permission")


def test_uncertain_signals_of_a_day_are_one_question_and_write_to_nobody():
    doubtful = [
        employer(f"09-10 {hour}:00", "rejection", company, decision=Decision.ASK)
        for hour, company in ((9, "Acme"), (15, "Globex"))
    ]
    intents = planned(
        employer("09-01", "application_received", "Acme"),
        employer("09-01 10:00", "application_received", "Globex"),
        to_employer("09-05", "references_shared", "Acme", references=("Luca Ferrante",)),
        *doubtful,
        people=(LUCA,),
    )
    (question,) = only(intents, "review")
    assert question.question.count("turned you down") == 2
    assert not only(intents, "outcome_news")


def test_a_doubt_that_concerns_nobody_is_no_question():
    intents = planned(employer("09-10", "rejection", "Gardening Club", decision=Decision.ASK))
    assert not intents


def test_an_offer_from_an_employer_nobody_knows_is_a_question():
    intents = planned(employer("09-10", "offer", "Gold Rush Ltd"))
    assert states(intents, "review") == [OPEN]
    assert not only(intents, "decide_offer")
