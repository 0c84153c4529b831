"""Where an employer says "Dana" and two people are called so, the user is asked which."""

from __future__ import annotations

import pytest

from tests.builders import OPEN, SUPERSEDED, employer, only, person, planned
from vouchd.rules.model import Evidence, Stated

COLE = person("Dana Cole", "2026-01-05")
WHITFIELD = person("Dana Whitfield", "2026-01-05")
ROBERT = person("Robert Okafor", "2026-01-05")
PEOPLE = (COLE, WHITFIELD, ROBERT)
ACME = Stated(company="Acme", role="SRE", references=("Dana Cole", "Dana Whitfield"))


def spoke(kind="reference_completed", **more):
    return employer(
        *("03-10", kind, "Acme", "SRE"),
        decision="ask",
        evidence=(Evidence("test", "we spoke with Dana yesterday"),),
        **more,
    )


@pytest.mark.parametrize("kind", ["reference_completed", "reference_contacted"])
def test_the_question_names_who_can_be_meant(kind):
    (review,) = only(planned(spoke(kind), people=PEOPLE, stated=(ACME,), now="03-11"), "review")
    assert "who is meant, Dana Cole or Dana Whitfield?" in review.question
    assert "Robert" not in review.question


def test_whom_the_mail_names_beside_them_is_in_no_doubt():
    words = (Evidence("test", "we have spoken with Dana; could you chase Robert?"),)
    story = employer("03-10", "reference_completed", "Acme", "SRE", decision="ask", evidence=words)
    (review,) = only(planned(story, people=PEOPLE, stated=(ACME,), now="03-11"), "review")
    assert "Dana Cole or Dana Whitfield" in review.question
    assert "Robert Okafor" not in review.question


def test_which_of_two_has_vouched_is_asked_after_a_no_as_well():
    story = (spoke(), employer("03-12", "rejection", "Acme", "SRE"))
    (review,) = only(planned(*story, people=PEOPLE, stated=(ACME,), now="03-13"), "review")
    assert review.state == OPEN


def test_another_persons_reference_answers_no_question():
    other = employer("03-11", "reference_completed", "Acme", "SRE", references=("Robert Okafor",))
    (review,) = only(planned(spoke(), other, people=PEOPLE, stated=(ACME,), now="03-13"), "review")
    assert review.state == OPEN
    same = employer("03-11", "reference_completed", "Acme", "SRE", references=("Dana Cole",))
    (review,) = only(planned(spoke(), same, people=PEOPLE, stated=(ACME,), now="03-13"), "review")
    assert review.state == SUPERSEDED


def test_the_answer_is_a_name_and_thanks_are_due_to_that_one():
    story = spoke()
    (review,) = only(planned(story, people=PEOPLE, stated=(ACME,), now="03-11"), "review")
    answers = {review.asks[0]: "person:Dana Whitfield"}
    intents = planned(story, people=PEOPLE, stated=(ACME,), now="03-11", answers=answers)
    assert [p.name for i in only(intents, "thank_you") for p in i.people] == ["Dana Whitfield"]
    assert not only(intents, "review")


def test_a_no_ends_it():
    story = spoke()
    (review,) = only(planned(story, people=PEOPLE, stated=(ACME,), now="03-11"), "review")
    intents = planned(
        story, people=PEOPLE, stated=(ACME,), now="03-11", answers={review.asks[0]: False}
    )
    assert not only(intents, "review")
    assert not only(intents, "thank_you")


def test_the_answer_may_be_another_application_or_another_signal():
    both = (ACME, Stated(company="Acme", role="Team Lead"))
    story = employer("03-10", "rejection", "Acme", decision="ask")
    (review,) = only(planned(story, people=PEOPLE, stated=both, now="03-11"), "review")
    world = {review.asks[0]: "application:acme/team-lead"}
    intents = planned(
        employer("03-01", "reference_contacted", "Acme", "Team Lead", references=("Dana Cole",)),
        *(story,),
        people=PEOPLE,
        stated=both,
        now="03-11",
        answers=world,
    )
    told = [i for i in only(intents, "outcome_news") if i.occasions[0].process]
    assert [i.occasions[0].process.role for i in told] == ["Team Lead"]  # type: ignore[union-attr]
