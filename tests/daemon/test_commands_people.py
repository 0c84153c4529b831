"""What a user sees of the people who vouch: the balance, the consent, whom to ask."""

from __future__ import annotations

import pytest

from tests.builders import employer, from_person, person, platform, to_person
from tests.daemon.conftest import REFERENCES

DANA = person("Dana Cole", emails=("dana.cole@initech.example",))
BOB = """\
[[reference]]
name = "Bob Okafor"
emails = ["bob@home.example"]
agreed_on = 2026-01-10
keep_in_touch = "never"
"""
NOW = ("--now", "2026-09-30T12:00")


@pytest.fixture
def lived(world):
    world.write_config(references=REFERENCES + BOB)
    world.know(
        to_person("09-01", DANA, "asked", company="Acme Robotics"),
        from_person("09-02", DANA, "reference_agreed", "Acme Robotics"),
        employer("09-03", "reference_request", "Acme Robotics", "Staff Engineer"),
        platform("09-20", "reference_completed", DANA, "Acme Robotics"),
    )
    return world


def test_status_has_a_line_for_each_person_and_debts_come_first(lived):
    out = lived.vouchd("status", *NOW)[1]
    assert out.endswith(
        "References               asked acted thanked told returned  last contact\n"
        "  Dana Cole                  1     1       0    0        0  2 Sep\n"
        "    you owe 1 thank-you\n"
        "  Bob Okafor                 0     0       0    0        0  none yet\n"
    )
    (found,) = lived.json("status", *NOW)
    rows = {row["name"]: row for row in found["references"]}
    assert (rows["Dana Cole"]["acted"], rows["Dana Cole"]["thanked"]) == (1, 0)
    assert rows["Dana Cole"]["owed"] == ["1 thank-you"]
    assert rows["Bob Okafor"]["owed"] == []


def test_thanks_and_news_settle_the_balance(lived):
    lived.know(to_person("09-21", DANA, "thanked", "told", company="Acme Robotics"))
    out = lived.vouchd("references", "list", *NOW)[1]
    assert "acted 1, thanked 1, told 1, returned 0, last contact 21 Sep 2026\n" in out
    assert "YOU OWE" not in out


def test_news_is_owed_once_there_is_an_outcome(lived):
    lived.know(employer("09-24", "rejection", "Acme Robotics", "Staff Engineer"))
    assert "YOU OWE 1 thank-you and news" in lived.vouchd("references", "list", *NOW)[1]


def test_who_looks_for_work_is_owed_help(lived):
    lived.know(from_person("09-25", DANA, "reference_job_hunting"))
    assert "help: they look for work" in lived.vouchd("references", "list", *NOW)[1]


@pytest.mark.parametrize("name", [("Dana", "Cole"), ("dana",), ("DANA COLE",)])
def test_one_person_with_consent_and_what_waits(lived, name):
    out = lived.vouchd("references", "show", *name, *NOW)[1]
    assert out.startswith("Dana Cole: asked 1")
    assert "mail     dana.cole@initech.example" in out
    assert "consent  yes since " in out
    assert "waiting  thank_you" in out
    (found,) = lived.json("references", "show", *name, *NOW)
    assert found["consent"] == "yes"
    assert [key for key in found["waiting"] if key.startswith("thank_you")]


def test_whom_to_ask_best_first_and_why(lived):
    out = lived.vouchd("references", "suggest", "Acme", "Robotics", *NOW)[1]
    first, second = out.splitlines()
    assert first.startswith("1. Dana Cole: you named them for this application; ")
    assert second == "2. Bob Okafor: has agreed on 10 January 2026"
    ranked = lived.json("references", "suggest", "Acme Robotics, Staff Engineer", *NOW)
    assert [row["name"] for row in ranked] == ["Dana Cole", "Bob Okafor"]
    assert ranked[0]["score"] > ranked[1]["score"]
    assert ranked[0]["agreed"] is True


def test_who_declined_has_no_place_in_the_ranking(lived):
    bob = person("Bob Okafor", emails=("bob@home.example",))
    lived.know(from_person("09-22", bob, "reference_declined"))
    out = lived.vouchd("references", "suggest", "Acme Robotics", *NOW)[1]
    assert out.splitlines()[-1] == "- Bob Okafor: not to be listed: declined on 22 September 2026"


def test_a_wrong_name_is_told_with_those_that_are_known(lived):
    for arguments, words in (
        (("show", "Nobody"), 'no reference is called "Nobody"; known: Bob Okafor; Dana Cole'),
        (("suggest", "Nowhere"), 'no application is called "Nowhere"; known: Acme Robotics, Staff'),
        (("show",), "allowed: references list | show NAME"),
        (("list", "Dana"), "allowed: references list | show NAME"),
    ):
        status, out, err = lived.vouchd("references", *arguments, *NOW)
        assert (status, out) == (2, "")
        assert words in err


def test_consent_is_a_record_with_the_messages_it_came_from(lived):
    lived.know(
        from_person(
            *("09-10", DANA, "reference_agreed", "Acme Robotics"),
            terms=("this_application", "until:2026-12-31", "by:phone", "after:17:00"),
        )
    )
    (found,) = lived.json("references", "show", "Dana", *NOW)
    assert [(c["at"][:10], c["what"]) for c in found["consents"]] == [
        ("2026-09-01", "asked"),
        ("2026-09-02", "yes"),
        ("2026-09-10", "yes"),
    ]
    assert found["consents"][-1]["application"]["company"] == "Acme Robotics"
    assert (found["consent"], found["consent_holds"]) == ("yes", True)
    assert found["consent_until"] == "2026-12-31"
    assert found["consents"][-1]["source"].startswith("<")
    out = lived.vouchd("references", "show", "Dana", *NOW)[1]
    assert "best by phone, after 17:00, until 31 December; to be asked again after 31 Dec" in out
    assert "10 Sep 2026 yes (for Acme Robotics, Staff Engineer; for this application only" in out
    (later,) = lived.json("references", "show", "Dana", "--now", "2027-02-01T12:00")
    assert (later["consent"], later["consent_holds"]) == ("yes", False)
    assert (
        "which is over"
        in lived.vouchd("references", "show", "Dana", "--now", "2027-02-01T12:00")[1]
    )
    (bob,) = lived.json("references", "show", "Bob", *NOW)
    assert (bob["consent_by"], bob["consents"]) == ("references.toml", [])
