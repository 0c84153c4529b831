"""Nothing is asked of somebody who is ill, grieving, on leave or away; kindness excepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import employer, from_person, only, person, planned, platform, to_person
from tests.readingbook import read
from vouchd.rules.model import ActKind, Stated

DANA = person("Dana Cole", "2026-01-05")
ACME = Stated(company="Acme", role="SRE", references=("Dana Cole",))
REQUEST = employer("03-10", "reference_request", "Acme", "SRE")


def off(when, kind="unwell", until=None, who=DANA):
    reading = from_person(when, who, acts=(kind,))
    return replace(reading, acts=tuple(replace(a, until=until) for a in reading.acts))


def asked_of_dana(*readings, now, who=DANA):
    intents = planned(*readings, people=(who,), stated=(ACME,), now=now)
    kinds = ("heads_up", "reconfirm", "ask_permission", "nudge_reference")
    return [
        (str(i.kind), f"{i.created_at:%m-%d}", str(i.state)) for i in intents if i.kind in kinds
    ]


def test_without_such_news_she_is_warned():
    assert asked_of_dana(REQUEST, now="03-11") == [("heads_up", "03-10", "open")]


@pytest.mark.parametrize("kind", ["unwell", "away"])
def test_nothing_is_asked_and_she_is_not_proposed(kind):
    story = (off("03-02", kind), REQUEST)
    assert asked_of_dana(*story, now="03-11") == []
    (share,) = only(
        planned(*story, people=(DANA,), stated=(ACME,), now="03-11"), "share_references"
    )
    assert [c.note.partition(",")[0] for c in share.candidates] == [
        "not now: ill or grieving" if kind == "unwell" else "not now: away"
    ]


def test_what_lay_there_when_the_news_came_goes():
    assert asked_of_dana(REQUEST, off("03-12"), now="03-13") == [
        ("heads_up", "03-10", "superseded")
    ]


def test_an_absence_ends_on_the_day_they_said_and_the_warning_comes_then():
    story = (off("03-02", "away", until=date(2026, 3, 16)), REQUEST)
    assert asked_of_dana(*story, now="03-15") == []
    assert asked_of_dana(*story, now="03-17") == [("heads_up", "03-16", "open")]


def test_their_own_later_word_ends_an_absence_and_not_at_once_an_illness():
    for kind, ended in (("away", True), ("unwell", False)):
        story = (off("03-02", kind), from_person("03-05", DANA), REQUEST)
        assert bool(asked_of_dana(*story, now="03-11")) is ended
    willing = (off("03-02"), from_person("03-05", DANA, "reference_agreed"), REQUEST)
    assert asked_of_dana(*willing, now="03-11")


def test_who_says_that_they_are_well_again_is_so_at_once():
    ill, well = off("03-09"), off("03-14", "back")
    assert asked_of_dana(ill, REQUEST, now="03-13") == []
    assert asked_of_dana(ill, REQUEST, well, now="03-15") == [("heads_up", "03-14", "open")]


@pytest.mark.parametrize(
    "text",
    [
        "I am well again and back at my desk. Thank you for leaving me in peace.",
        "I feel fine again, all is over.",
        "I'm back at work since Monday.",
    ],
)
def test_being_well_again_is_read(text):
    reading = read(f"Hi Sam,\n\n{text}\n\nDana", "A word", "Dana <dana.cole@initech.example>")
    assert {a.kind for a in reading.acts} == {ActKind.BACK}
    assert not reading.signals


def test_to_be_back_on_a_day_to_come_is_an_absence():
    text = "I am out of the office and will be back at my desk on Monday."
    reading = read(f"Hi Sam,\n\n{text}\n\nDana", "A word", "Dana <dana.cole@initech.example>")
    assert {a.kind for a in reading.acts} == {ActKind.AWAY}


def test_the_users_own_word_ends_it():
    noted = person("Dana Cole", "2026-03-08")
    assert asked_of_dana(off("03-02", who=noted), REQUEST, now="03-11", who=noted)


def test_kindness_and_thanks_are_welcome_and_news_asks_for_nothing():
    loved = replace(DANA, keep_in_touch=person(keep_in_touch=None).keep_in_touch)
    intents = planned(
        REQUEST,
        platform("03-11", "reference_completed", loved, "Acme"),
        off("03-12"),
        employer("03-20", "rejection", "Acme", "SRE"),
        people=(loved,),
        stated=(ACME,),
        now="03-21",
    )
    (news,) = [i for i in intents if "outcome_news" in i.kinds]
    assert news.state == "open"
    assert news.settled, "no word of a next time to somebody who is ill"


def test_to_write_to_them_first_is_the_users_to_decide():
    story = (off("03-02"), REQUEST, to_person("03-11", DANA, "warned", company="Acme"))
    assert asked_of_dana(*story, now="03-12") == []


@pytest.mark.parametrize(
    ("text", "kinds", "until"),
    [
        ("I have been in hospital since Thursday and start chemotherapy next week.", {"unwell"}, 0),
        ("My mother passed away on Sunday. I will not be much use for some weeks.", {"unwell"}, 0),
        ("I am on parental leave until 15 September.", {"away"}, date(2026, 9, 15)),
        ("I am out of the office until 9 March, with no access to email.", {"away"}, "03-09"),
        ("I was ill for a month, but I am back at my desk since Monday.", set(), 0),
        ("I am back from sick leave and feeling much better.", set(), 0),
    ],
)
def test_what_is_read_of_an_illness_or_an_absence(text, kinds, until):
    found = read(f"Hi Sam,\n\n{text}\n\nDana", "Hello", "Dana Cole <dana.cole@initech.example>")
    acts = [a for a in found.acts if a.kind in (ActKind.UNWELL, ActKind.AWAY)]
    assert {str(a.kind) for a in acts} == kinds
    if until:
        day = date(2026, 3, 9) if until == "03-09" else until
        assert {a.until for a in acts} == {day}


def test_a_letter_names_a_call_once_though_two_checks_wait_for_her():
    story = (off("03-02", until=date(2026, 5, 4)), REQUEST)
    again = employer("04-28", "reference_request", "Acme", "SRE")
    intents = planned(*story, again, people=(DANA,), stated=(ACME,), now="05-05")
    (warning,) = [i for i in only(intents, "heads_up") if i.state == "open"]
    assert len(warning.occasions) == 1
