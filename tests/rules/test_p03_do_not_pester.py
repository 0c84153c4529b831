"""P3: a yes lasts, a request is asked once, several processes share one message."""

from __future__ import annotations

from tests.builders import (
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
DANA = person("Dana Cole", "2026-03-10")


def test_sharing_the_name_again_prepares_nothing_for_the_person():
    intents = planned(
        employer("04-01", "application_received"),
        to_employer("05-05", "references_shared", references=("Dana Cole",)),
        people=(DANA,),
        now="06-01",
    )
    assert not [i for i in intents if i.people]


def test_two_processes_are_one_request():
    intents = planned(
        employer("09-01", "reference_request", "Acme"),
        employer("09-03", "reference_request", "Globex"),
        people=(BOB,),
    )
    assert states(intents, "ask_permission") == [SUPERSEDED, OPEN]
    joint = only(intents, "ask_permission")[1]
    assert {o.process.company for o in joint.occasions if o.process} == {"Acme", "Globex"}


def test_who_was_asked_and_has_not_answered_is_not_asked_again():
    intents = planned(
        to_person("09-01", BOB, "asked"),
        employer("09-05", "reference_request"),
        people=(BOB,),
        now="09-10",
    )
    assert not only(intents, "ask_permission")


def test_limits_never_delay_the_warning_that_follows_a_yes():
    intents = planned(
        employer("09-05", "reference_request"),
        to_person("09-05 10:00", BOB, "asked"),
        from_person("09-05 11:00", BOB, "reference_agreed"),
        people=(BOB,),
    )
    (warning,) = only(intents, "heads_up")
    assert warning.created_at.hour == 11


def test_a_no_for_one_process_does_not_reach_another_request():
    acme = Stated(company="Acme", references=("Bob Okafor",))
    intents = planned(
        employer("09-01", "application_received"),
        from_person("09-02", BOB, "reference_declined"),
        employer("09-20", "reference_request"),
        people=(BOB,),
        stated=(acme,),
    )
    assert not [i for i in only(intents, "ask_permission") if i.state.value == OPEN]
