"""P13: what went to and fro with a person, and what the user owes."""

from __future__ import annotations

from tests.builders import at, employer, from_person, person, platform, to_person
from vouchd.rules.advance import fold
from vouchd.rules.playbook.balance import balance

DANA = person("Dana Cole", "2026-01-05")


def kept(*readings, until="12-31"):
    world = fold(readings, (DANA,), (), frozenset({"xref.com"}), {})
    return balance(world.people["Dana Cole"], at(until))


STORY = (
    to_person("03-01", DANA, "asked", company="Acme"),
    from_person("03-02", DANA, "reference_agreed", "Acme"),
    employer("03-03", "reference_request", "Acme", "SRE"),
    platform("03-08", "reference_completed", DANA, "Acme"),
)


def test_all_that_went_to_and_fro_is_counted():
    found = kept(*STORY)
    assert (found.asked, found.acted, found.thanked, found.told, found.returned) == (1, 1, 0, 0, 0)
    assert found.owed == 1
    assert found.last_contact == at("03-02")


def test_thanks_settle_it_and_move_the_last_contact():
    found = kept(*STORY, to_person("03-09", DANA, "thanked", "told", company="Acme"))
    assert (found.thanked, found.told, found.owed) == (1, 1, 0)
    assert found.last_contact == at("03-09")


def test_what_is_to_come_does_not_count_yet():
    found = kept(*STORY, until="03-05")
    assert (found.acted, found.owed) == (0, 0)


def test_help_offered_in_return_is_a_favour_returned():
    found = kept(
        *STORY,
        from_person("04-01", DANA, "reference_job_hunting"),
        to_person("04-02", DANA, "offered_help"),
    )
    assert (found.looking, found.returned) == (True, 1)
