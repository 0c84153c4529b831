"""P1: before a name goes out the person is asked, and can say no gracefully."""

from __future__ import annotations

from tests.builders import (
    DONE,
    OPEN,
    SUPERSEDED,
    employer,
    from_person,
    only,
    person,
    planned,
    states,
    to_employer,
    to_person,
)
from vouchd.rules.model import Stated

BOB = person("Bob Okafor")
DANA = person("Dana Cole", "2026-01-10")
ACME = Stated(company="Acme", role="Engineer", references=("Bob Okafor",))


def test_who_is_named_in_the_file_and_never_agreed_is_asked_at_once():
    intents = planned(employer("09-01", "application_received"), people=(BOB,), stated=(ACME,))
    (ask,) = only(intents, "ask_permission")
    assert ask.people == (BOB,)
    assert ask.state.value == OPEN


def test_who_has_agreed_is_not_asked():
    named = Stated(company="Acme", references=("Dana Cole",))
    assert not only(planned(people=(DANA,), stated=(named,)), "ask_permission")


def test_an_employer_who_asks_for_references_makes_us_ask_who_would_be_named():
    intents = planned(employer("09-10", "reference_request"), people=(BOB, DANA))
    (ask,) = only(intents, "ask_permission")
    assert [p.name for p in ask.people] == ["Bob Okafor"]


def test_enough_people_have_agreed_so_nobody_else_is_asked():
    request = employer("09-10", "reference_request", text="please send us one reference")
    assert not only(planned(request, people=(BOB, DANA)), "ask_permission")


def test_the_answer_or_the_users_own_mail_ends_it():
    asked = to_person("09-02", BOB, "asked")
    for ending in (asked, from_person("09-03", BOB, "reference_agreed")):
        story = (employer("09-01", "application_received"), ending)
        assert states(planned(*story, people=(BOB,), stated=(ACME,)), "ask_permission") == [DONE]


def test_a_no_is_answered_kindly_and_the_person_is_never_proposed():
    intents = planned(
        employer("09-01", "application_received"),
        from_person("09-03", BOB, "reference_declined"),
        employer("09-20", "reference_request"),
        people=(BOB, DANA),
    )
    assert states(intents, "gracious_reply") == [OPEN]
    assert not only(intents, "ask_permission")
    (share,) = only(intents, "share_references")
    barred = [c for c in share.candidates if c.note]
    assert [c.person.name for c in barred] == ["Bob Okafor"]
    assert "declined" in barred[0].note
    assert [p.name for p in share.people] == ["Dana Cole"]


def test_a_lukewarm_yes_counts_as_not_to_be_listed():
    intents = planned(
        from_person("09-03", BOB, "reference_agreed", terms=("lukewarm",)),
        employer("09-20", "reference_request"),
        people=(BOB, DANA),
    )
    assert states(intents, "gracious_reply") == [OPEN]
    assert not only(intents, "heads_up") or [
        p.name for i in only(intents, "heads_up") for p in i.people
    ] == ["Dana Cole"]


def test_not_for_this_one_holds_for_this_one():
    intents = planned(
        employer("09-01", "application_received", "Acme"),
        employer("09-01 10:00", "application_received", "Globex"),
        from_person("09-03", DANA, "reference_declined", "Acme", terms=("this_application",)),
        employer("09-20", "reference_request", "Acme"),
        employer("09-21", "reference_request", "Globex"),
        people=(DANA,),
    )
    warned = only(intents, "heads_up")
    assert [o.process.company for i in warned for o in i.occasions if o.process] == ["Globex"]


BOTH = tuple(
    Stated(company=name, role="Engineer", references=("Bob Okafor",)) for name in ("Acme", "Globex")
)


def test_a_no_for_one_application_leaves_the_question_for_the_next():
    def asked_for_globex(*terms: str):
        return planned(
            employer("09-01", "application_received", "Acme"),
            to_person("09-02", BOB, "asked", company="Acme"),
            from_person("09-03", BOB, "reference_declined", "Acme", terms=terms),
            employer("09-21", "reference_request", "Globex", role="Engineer"),
            people=(BOB,),
            stated=BOTH,
        )

    here = asked_for_globex("this_application")
    assert states(here, "ask_permission") == [DONE, OPEN]
    assert not only(here, "heads_up")
    gladly = asked_for_globex("this_application", "yes_to_others")
    assert states(gladly, "ask_permission") == [DONE]
    (warned,) = only(gladly, "heads_up")
    assert [o.process.company for o in warned.occasions if o.process] == ["Globex"]
    never = asked_for_globex()
    assert states(never, "ask_permission") == [DONE]
    assert not only(never, "heads_up")


def test_an_ask_that_still_lies_there_is_not_repeated_when_the_employer_asks():
    intents = planned(
        employer("09-01", "application_received"),
        employer("09-20", "reference_request"),
        people=(BOB,),
        stated=(ACME,),
    )
    assert states(intents, "ask_permission") == [OPEN]


def test_a_process_that_is_over_needs_no_permission():
    story = (employer("09-01", "application_received"), employer("09-09", "rejection"))
    intents = planned(*story, people=(BOB,), stated=(ACME,))
    assert states(intents, "ask_permission") == [SUPERSEDED]


def test_names_the_user_gave_away_unasked_are_asked_for_now():
    intents = planned(
        employer("09-01", "application_received"),
        to_employer("09-05", "references_shared", references=("Bob Okafor",)),
        people=(BOB,),
    )
    assert states(intents, "ask_permission") == [OPEN]
