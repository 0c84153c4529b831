"""P4, P5, P6: warn at the right moment, equip, and after years ask first."""

from __future__ import annotations

from datetime import date

from tests.builders import (
    DONE,
    OPEN,
    SUPERSEDED,
    at,
    employer,
    from_person,
    only,
    person,
    planned,
    platform,
    states,
    to_employer,
    to_person,
)
from vouchd.rules.model import Stated

DANA = person("Dana Cole", "2026-01-10")
BOB = person("Bob Okafor", "2026-02-10")
OLD = person("Mags Sheehy", "2022-05-01")


def test_an_application_or_a_first_interview_warns_nobody():
    intents = planned(
        employer("09-01", "application_received"),
        employer("09-05", "interview_invite"),
        people=(DANA,),
        stated=(Stated(company="Acme", references=("Dana Cole",)),),
    )
    assert not only(intents, "heads_up")


def test_a_reference_check_warns_each_person_to_be_listed():
    request = employer("09-10", "reference_request", contact="Jo Lindt", deadline=date(2026, 9, 18))
    intents = planned(request, people=(DANA, BOB))
    warned = only(intents, "heads_up")
    assert {i.people[0].name for i in warned} == {"Dana Cole", "Bob Okafor"}
    assert all(i.created_at == at("09-10") for i in warned)
    assert warned[0].occasions[0].contact == "Jo Lindt"
    assert warned[0].occasions[0].deadline == date(2026, 9, 18)


def test_only_whom_the_user_named_stays_warned():
    intents = planned(
        employer("09-10", "reference_request"),
        to_employer("09-11", "references_shared", references=("Dana Cole",)),
        people=(DANA, BOB),
    )
    by_name = {i.people[0].name: i.state.value for i in only(intents, "heads_up")}
    assert by_name == {"Dana Cole": OPEN, "Bob Okafor": SUPERSEDED}


def test_a_later_request_for_further_names_warns_who_is_listed_and_was_not_named():
    both = Stated(company="Acme", references=("Dana Cole", "Bob Okafor"))

    def warned_by(*terms: str) -> set[str]:
        intents = planned(
            employer("08-01", "reference_request"),
            to_employer("08-02", "references_shared", references=("Dana Cole",)),
            employer("09-10", "reference_request", terms=terms),
            people=(DANA, BOB),
            stated=(both,),
        )
        late = [i for i in only(intents, "heads_up") if i.created_at == at("09-10")]
        return {i.people[0].name for i in late}

    assert "Bob Okafor" in warned_by()
    assert "Bob Okafor" not in warned_by("announced")


def test_a_warning_after_the_acceptance_knows_of_it():
    intents = planned(
        employer("09-01", "offer"),
        to_employer("09-03", "offer_accepted"),
        employer("09-10", "reference_request"),
        people=(DANA,),
        stated=(Stated(company="Acme", references=("Dana Cole",)),),
    )
    (warning,) = only(intents, "heads_up")
    assert warning.occasions[0].stage == "accepted"


def test_six_reminders_are_one_warning():
    reminders = [employer(f"09-{day}", "reference_request") for day in range(10, 16)]
    assert states(planned(*reminders, people=(DANA,)), "heads_up") == [OPEN]


def test_a_later_detail_amends_the_unsent_warning():
    first = planned(employer("09-10", "reference_request"), people=(DANA,))
    story = (employer("09-10", "reference_request"),)
    later = planned(
        *story,
        employer("09-12", "reference_request", contact="Xref", deadline=date(2026, 9, 20)),
        people=(DANA,),
    )
    (warning,) = only(later, "heads_up")
    assert warning.occasions[0].contact == "Xref"
    assert len(only(first, "heads_up")) == 1


def test_a_second_check_months_later_is_a_second_warning():
    intents = planned(
        employer("03-10", "reference_request"),
        to_person("03-10 12:00", DANA, "warned", company="Acme"),
        platform("03-14", "reference_completed", DANA),
        to_person("03-14 12:00", DANA, "thanked"),
        employer("06-10", "reference_request"),
        people=(DANA,),
        now="06-12",
    )
    assert states(intents, "heads_up") == [DONE, OPEN]


def test_the_users_own_warning_counts_before_and_after():
    before = planned(
        to_person("09-09", DANA, "warned", company="Acme"),
        employer("09-10", "reference_request"),
        people=(DANA,),
    )
    assert not only(before, "heads_up")
    after = planned(
        employer("09-10", "reference_request"),
        to_person("09-11", DANA, "warned", company="Acme"),
        people=(DANA,),
    )
    assert states(after, "heads_up") == [DONE]


def test_who_has_spoken_already_needs_no_warning():
    intents = planned(
        employer("09-10", "reference_request"),
        from_person("09-12", DANA, "reference_spoke", "Acme"),
        people=(DANA,),
    )
    assert states(intents, "heads_up") == [SUPERSEDED]


def test_an_old_yes_is_asked_for_again_and_brings_the_warning():
    story = [employer("09-10", "reference_request")]
    intents = planned(*story, people=(OLD,))
    assert states(intents, "reconfirm") == [OPEN]
    assert not only(intents, "heads_up")
    story += [
        to_person("09-11", OLD, "asked"),
        from_person("09-12", OLD, "reference_agreed"),
    ]
    intents = planned(*story, people=(OLD,))
    assert states(intents, "reconfirm") == [DONE]
    (warning,) = only(intents, "heads_up")
    assert warning.created_at == at("09-12")


def test_an_old_yes_is_no_reason_by_itself():
    intents = planned(
        employer("09-01", "application_received"),
        to_employer("09-05", "references_shared", references=("Mags Sheehy",)),
        people=(OLD,),
    )
    assert not only(intents, "reconfirm")


def test_a_check_after_the_acceptance_still_warns():
    intents = planned(
        employer("09-01", "application_received"),
        employer("09-05", "offer"),
        to_employer("09-06", "offer_accepted"),
        employer("09-10", "reference_request"),
        people=(DANA,),
    )
    assert states(intents, "heads_up") == [OPEN]


def test_a_check_that_names_somebody_is_about_them():
    intents = planned(
        employer("07-10", "reference_request"),
        to_employer("07-11", "references_shared", references=("Dana Cole",)),
        to_person("07-11", DANA, "warned", company="Acme"),
        employer("09-10", "reference_request", references=("Bob Okafor",)),
        people=(DANA, BOB),
        now="09-12",
    )
    late = [i for i in only(intents, "heads_up") if i.created_at >= at("09-01")]
    assert [i.people[0].name for i in late] == ["Bob Okafor"]
    share = [i for i in only(intents, "share_references") if i.created_at >= at("09-01")]
    assert [p.name for i in share for p in i.people] == ["Bob Okafor"]


def test_a_file_date_later_than_the_day_is_a_yes_already_given():
    later = person("Eve Lund", "2026-11-30")
    intents = planned(employer("09-10", "reference_request"), people=(later,), now="09-12")
    assert states(intents, "heads_up") == [OPEN]
    assert not only(intents, "reconfirm")
