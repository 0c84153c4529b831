"""P5: a heads-up carries what is known, from whom it is known, and nothing that is not."""

from __future__ import annotations

from datetime import date

from tests.builders import employer, only, person, planned, states, to_employer
from vouchd.rules.model import Stated

DANA = person("Dana Cole", "2026-01-05", can_speak_to=("led the billing migration", "mentoring"))
ACME = Stated(
    company="Acme",
    role="Staff Engineer",
    posting="https://acme.example/jobs/17",
    references=("Dana Cole",),
)
REQUEST = employer(
    *("09-05", "reference_request", "Acme", "Staff Engineer"),
    deadline=date(2026, 9, 18),
    contact="Jo Lindt",
)


def warned(*readings, stated=ACME, now="09-12"):
    intents = planned(*readings, people=(DANA,), stated=(stated,), now=now)
    return intents, only(intents, "heads_up")


def test_it_carries_who_by_when_the_posting_and_what_she_saw():
    _, (due,) = warned(REQUEST)
    occasion = due.occasions[0]
    assert (occasion.contact, occasion.deadline) == ("Jo Lindt", date(2026, 9, 18))
    assert occasion.process is not None
    assert occasion.process.posting == "https://acme.example/jobs/17"
    assert due.people[0].can_speak_to == ("led the billing migration", "mentoring")


def test_what_is_learnt_since_amends_it_and_makes_no_second():
    later = employer(
        *("09-08", "reference_contacted", "Acme", "Staff Engineer"),
        references=("Dana Cole",),
        contact="Xref",
        deadline=date(2026, 9, 22),
    )
    intents, (due,) = warned(REQUEST, later)
    assert states(intents, "heads_up") == ["open"]
    assert (due.occasions[0].contact, due.occasions[0].deadline) == ("Xref", date(2026, 9, 22))


def test_a_second_request_after_weeks_takes_the_place_of_the_warning_still_unsent():
    again = employer("10-05", "reference_request", "Acme", "Staff Engineer")
    intents, _ = warned(REQUEST, again, now="10-06")
    assert states(intents, "heads_up") == ["superseded", "open"]


def test_what_is_not_known_is_left_out():
    bare = Stated(company="Acme", role="Staff Engineer", references=("Dana Cole",))
    shared = to_employer("09-06", "references_shared", "Acme", references=("Dana Cole",))
    request = employer("09-05", "reference_request", "Acme", "Staff Engineer")
    _, (due,) = warned(request, shared, stated=bare)
    occasion = due.occasions[0]
    assert (occasion.contact, occasion.deadline, occasion.how) == (None, None, "")
    assert occasion.process is not None
    assert occasion.process.posting is None
