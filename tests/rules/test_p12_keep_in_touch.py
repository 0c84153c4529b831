"""P11, P12: return the favour, and keep in touch when nothing is asked."""

from __future__ import annotations

from datetime import timedelta

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
    states,
    to_person,
)

QUARTER = timedelta(days=90)
DANA = person("Dana Cole", "2026-01-10", keep_in_touch=QUARTER)
BOB = person("Bob Okafor", "2026-01-10", keep_in_touch=QUARTER)


def test_the_cadence_counts_from_the_last_contact_in_either_direction():
    story = (to_person("01-05", DANA), from_person("02-01", DANA))
    assert not only(planned(*story, people=(DANA,), now="05-01"), "keep_in_touch")
    (note,) = only(planned(*story, people=(DANA,), now="05-20"), "keep_in_touch")
    assert note.created_at == at("02-01") + QUARTER


def test_contact_resets_without_being_told():
    story = [from_person("02-01", DANA), to_person("05-10", DANA)]
    assert states(planned(*story, people=(DANA,), now="05-20"), "keep_in_touch") == [DONE]
    story[1] = from_person("05-10", DANA)
    assert states(planned(*story, people=(DANA,), now="05-20"), "keep_in_touch") == [SUPERSEDED]


def test_two_never_fall_on_one_day():
    story = (from_person("02-01", DANA), from_person("02-01 12:00", BOB))
    notes = only(planned(*story, people=(DANA, BOB), now="05-20"), "keep_in_touch")
    assert len({n.created_at.date() for n in notes}) == 2


def test_one_at_a_time_and_never_means_never():
    assert len(only(planned(from_person("01-02", DANA), people=(DANA,)), "keep_in_touch")) == 1
    never = person("Eve Lund", "2025-01-10", keep_in_touch=None)
    assert not only(planned(from_person("01-02", never), people=(never,)), "keep_in_touch")


def test_without_any_contact_it_counts_from_the_yes_and_else_from_the_first_day():
    first = employer("06-01", "application_received")
    agreed = person("Dana Cole", "2026-05-01", keep_in_touch=QUARTER)
    (note,) = only(planned(first, people=(agreed,), now="12-01"), "keep_in_touch")
    assert note.created_at.date().isoformat() == "2026-07-30"
    unknown = person("Eve Lund", keep_in_touch=QUARTER)
    assert not only(planned(first, people=(unknown,), now="08-29"), "keep_in_touch")
    (note,) = only(planned(first, people=(unknown,), now="12-01"), "keep_in_touch")
    assert note.created_at == at("06-01") + QUARTER


def test_not_while_a_request_is_open():
    story = (
        from_person("02-01", DANA),
        to_person("02-02", BOB, "asked"),
        to_person("04-25", DANA, "asked"),
    )
    assert not only(planned(*story, people=(DANA,), now="05-05"), "keep_in_touch")


def test_who_is_looking_for_work_is_offered_help_once():
    story = [from_person("03-01", DANA, "reference_job_hunting", None)]
    assert states(planned(*story, people=(DANA,), now="03-05"), "reciprocate") == [OPEN]
    story.append(from_person("03-20", DANA, "reference_job_hunting", None))
    assert states(planned(*story, people=(DANA,), now="03-25"), "reciprocate") == [OPEN]
    story.append(to_person("03-26", DANA, "offered_help"))
    assert states(planned(*story, people=(DANA,), now="03-27"), "reciprocate") == [DONE]


def test_who_asks_to_be_vouched_for_is_an_occasion_of_its_own():
    story = (
        from_person("03-01", DANA, "reference_job_hunting", None),
        from_person("04-20", DANA, acts=("asks_favour",)),
    )
    found = only(planned(*story, people=(DANA,), now="04-25"), "reciprocate")
    assert [i.state.value for i in found] == [OPEN, OPEN]
    assert found[1].reply is not None


def test_the_joint_letter_answers_the_later_mail():
    first = from_person("04-10", DANA, "reference_job_hunting", None)
    second = from_person("04-20", DANA, acts=("asks_favour",))
    _, joint = only(planned(first, second, people=(DANA,), now="04-25"), "reciprocate")
    assert joint.state.value == OPEN
    assert joint.reply is not None
    assert joint.reply.message_id == second.source
