"""A reference is overdue: one friendly word, to the right person, and never after they acted."""

from __future__ import annotations

from tests.builders import (
    OPEN,
    SUPERSEDED,
    employer,
    from_person,
    only,
    person,
    planned,
    platform,
    states,
    to_employer,
)

DANA = person("Dana Cole", "2026-01-10")
BOB = person("Bob Okafor", "2026-01-10")
CHECK = (
    employer("09-01", "reference_request"),
    to_employer("09-01 12:00", "references_shared", references=("Dana Cole", "Bob Okafor")),
)


def test_reminders_of_a_week_are_one_nudge():
    chasing = [platform(f"09-0{day}", "reference_overdue", DANA) for day in (4, 5, 7)]
    intents = planned(*CHECK, *chasing, people=(DANA, BOB))
    assert states(intents, "nudge_reference") == [OPEN]


def test_a_later_notice_takes_the_place_of_a_nudge_that_was_not_sent():
    late = [platform(f"09-{day}", "reference_overdue", DANA) for day in ("04", "14")]
    intents = planned(*CHECK, *late, people=(DANA, BOB), now="09-15")
    assert states(intents, "nudge_reference") == [SUPERSEDED, OPEN]


def test_who_is_reminded_needs_no_warning_beside_it():
    late = platform("09-04", "reference_overdue", DANA)
    intents = planned(*CHECK, late, people=(DANA, BOB))
    warned = {i.people[0].name: i.state for i in only(intents, "heads_up")}
    assert warned == {"Dana Cole": SUPERSEDED, "Bob Okafor": OPEN}
    first = planned(late, people=(DANA, BOB), now="09-05")
    assert [i.kind for i in first if i.people == (DANA,)] == ["nudge_reference"]


def test_who_has_acted_is_not_nudged_and_a_nudge_loses_its_reason():
    late = platform("09-04", "reference_overdue", DANA)
    done = from_person("09-05", DANA, "reference_spoke", "Acme")
    assert states(planned(*CHECK, late, done, people=(DANA, BOB)), "nudge_reference") == [
        SUPERSEDED
    ]
    crossing = (platform("09-03", "reference_completed", DANA), late)
    assert not only(planned(*CHECK, *crossing, people=(DANA, BOB)), "nudge_reference")


def test_a_notice_that_names_nobody_is_about_the_only_one_still_out():
    notice = employer("09-06", "reference_overdue")
    assert not only(planned(*CHECK, notice, people=(DANA, BOB)), "nudge_reference")
    acted = platform("09-05", "reference_completed", BOB)
    (nudge,) = only(planned(*CHECK, acted, notice, people=(DANA, BOB)), "nudge_reference")
    assert nudge.people == (DANA,)
