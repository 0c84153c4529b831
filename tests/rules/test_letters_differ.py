"""Letters say what only the two share, and two in a row say it in different ways."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise, product

import pytest

from tests.builders import ME, employer, from_person, only, person, planned, platform, to_person
from tests.letterbook import ACME, HOOLI, TUESDAY, desk, spoken
from tests.letterbook import intent as letter
from vouchd.rules.intent import Bond, Occasion, Outcome
from vouchd.rules.letters.compose import words
from vouchd.rules.model import FollowUpKind as K
from vouchd.rules.model import Stated
from vouchd.rules.variety import WAYS

DANA = person("Dana Cole", can_speak_to=("led the billing migration",))
BOB, EVE = person("Bob Okafor"), person("Eve Stone")
FIRMS = ("Acme", "Globex", "Initech", "Hooli")


def asked(*people):
    return tuple(
        reading
        for who in people
        for reading in (
            to_person("02-01", who, "asked"),
            from_person("02-02", who, "reference_agreed", None),
        )
    )


def opening(intent) -> str:
    draft = words(intent, desk(me=ME)).draft
    assert draft
    text = draft.body.split("\n\n")[1]
    for firm in FIRMS:
        text = text.replace(firm, "X")
    return text.split(". ")[0]


def test_people_who_hear_of_one_thing_on_one_day_hear_it_differently():
    people = (DANA, BOB, EVE)
    names = tuple(p.name for p in people)
    stated = (Stated(company="Acme", role="SRE", references=names),)
    intents = planned(
        *asked(*people),
        employer(
            "03-10", "reference_contacted", "Acme", "SRE", references=[p.name for p in people]
        ),
        people=people,
        stated=stated,
        now="03-11",
    )
    warned = only(intents, "heads_up")
    assert len({opening(i) for i in warned}) == len(warned) == 3


def test_letters_of_one_kind_to_one_person_never_open_alike():
    stated = tuple(Stated(company=firm, role="SRE", references=(DANA.name,)) for firm in FIRMS)
    story = [*asked(DANA)]
    for month, firm in enumerate(FIRMS, 3):
        story += [
            employer(f"{month:02}-05", "reference_contacted", firm, references=[DANA.name]),
            to_person(f"{month:02}-06", DANA, "warned", company=firm),
            platform(f"{month:02}-09", "reference_completed", DANA, firm),
            to_person(f"{month:02}-10", DANA, "thanked", company=firm),
        ]
    intents = planned(*story, people=(DANA,), stated=stated, now="07-01")
    for kind in ("heads_up", "thank_you"):
        found = [opening(i) for i in only(intents, kind)]
        assert len(found) == 4
        assert all(one != two for one, two in pairwise(found)), found


def test_what_takes_the_place_of_an_unsent_letter_reads_like_it():
    stated = tuple(Stated(company=firm, role="SRE", references=(DANA.name,)) for firm in FIRMS)
    story = (
        *asked(DANA),
        employer("03-05", "reference_contacted", "Acme", references=[DANA.name]),
        employer("03-06", "reference_contacted", "Globex", references=[DANA.name]),
    )
    first, second = only(planned(*story, people=(DANA,), stated=stated, now="03-07"), "heads_up")
    assert first.key in second.earlier
    assert first.way == second.way


def test_a_later_letter_changes_no_earlier_one():
    stated = tuple(Stated(company=firm, role="SRE", references=(DANA.name,)) for firm in FIRMS)
    story = [*asked(DANA)]
    ways: dict[str, int | None] = {}
    for month, firm in enumerate(FIRMS, 3):
        story += [
            employer(f"{month:02}-05", "reference_contacted", firm, references=[DANA.name]),
            to_person(f"{month:02}-06", DANA, "warned", company=firm),
        ]
        now = planned(*story, people=(DANA,), stated=stated, now=f"{month:02}-07")
        for intent in now:
            assert intent.way is not None
            assert 0 <= intent.way < WAYS
            assert ways.setdefault(intent.key, intent.way) == intent.way


def bond(*story, when: str = "06-10") -> Bond:
    stated = (Stated(company="Acme", role="SRE", references=(DANA.name,)),)
    day, hour = when, "09:00"
    intents = planned(
        *story,
        employer(f"{day} {hour}", "reference_contacted", "Acme", references=[DANA.name]),
        people=(DANA,),
        stated=stated,
        now="06-11",
    )
    (intent,) = only(intents, "heads_up")
    return intent.bond


def test_a_yes_of_theirs_is_known_by_its_day():
    assert bond(*asked(DANA)).yes == from_person("02-02", DANA).at


def test_a_yes_of_this_week_needs_no_mention():
    fresh = (
        to_person("06-08", DANA, "asked"),
        from_person("06-09", DANA, "reference_agreed", None),
    )
    assert bond(*fresh).yes is None


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("Re: The harbour swim", "The harbour swim"),
        ("AW: WG: Fahrt nach Wien", "Fahrt nach Wien"),
        ("Hi", ""),
        ("Invoice 4711", ""),
        ("My divorce papers", ""),
        ("https://x.example/a b", ""),
        ("Could you have a look at this when you have a minute please", ""),
    ],
)
def test_what_they_last_wrote_about_is_known_where_it_can_be_said(subject: str, topic: str):
    private = replace(from_person("04-01", DANA), subject=subject)
    assert bond(*asked(DANA), private).topic == topic


def test_a_letter_about_references_is_no_private_talk():
    mine = replace(to_person("04-01", DANA, "warned", company="Globex"), subject="A short warning")
    assert bond(*asked(DANA), mine).topic == ""


def test_an_earlier_reference_is_remembered_by_its_day_and_means():
    found = bond(*asked(DANA), platform("03-09", "reference_completed", DANA, "Globex"))
    assert found.acted == platform("03-09", "reference_completed", DANA, "Globex").at
    assert bond(*asked(DANA)).acted is None


LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "it")
EMPLOYER = re.compile(r"employer|arbeitgeber|employeur|empresa|werkgever|azienda", re.I)
CALLS = re.compile(
    r"calls|gespräche|échanges|conversaciones|gesprekken|conversas|conversazioni", re.I
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", ["call", "form", "letter", ""])
def test_thanks_for_what_is_no_jobs_reference_name_no_employer(language: str, how: str):
    for way, before in product(range(3), (0, 1)):
        due = Occasion(kind=K.THANK_YOU, how=how, at=TUESDAY, acted=True)
        sample = letter(K.THANK_YOU, due, way=way, thanks_before=before, acts_before=before)
        draft = words(sample, spoken(language)).draft
        assert draft
        told = draft.body.split("\n\n")[1]
        assert not EMPLOYER.search(told), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_withdraws_after_a_yes_says_that_it_no_longer_holds(language: str):
    due = Occasion(kind=K.OUTCOME_NEWS, process=ACME, outcome=Outcome.WITHDRAWN, acted=True)
    plain, after = (
        words(letter(K.OUTCOME_NEWS, replace(due, after_all=told)), spoken(language)).draft
        for told in (False, True)
    )
    assert plain
    assert after
    assert len(after.body.split()) - len(plain.body.split()) in range(5, 13)


def test_that_an_offer_had_been_accepted_is_known():
    stated = (Stated(company="Acme", role="SRE", references=(DANA.name,)),)
    story = (
        *asked(DANA),
        employer("03-05", "reference_contacted", "Acme", references=[DANA.name]),
        employer("03-10", "offer_accepted", "Acme"),
        employer("03-20", "withdrawn", "Acme"),
    )
    news = only(planned(*story, people=(DANA,), stated=stated, now="03-21"), "outcome_news")
    told = {str(o.outcome): o.after_all for i in news for o in i.occasions if o.outcome}
    assert told == {"accepted": False, "withdrawn": True}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_calls_on_one_day_are_two(language: str):
    calls = tuple(
        Occasion(kind=K.THANK_YOU, process=process, how="call", at=TUESDAY, acted=True)
        for process in (ACME, HOOLI)
    )
    sample = letter(K.THANK_YOU, *calls, thanks_before=1, acts_before=1)
    draft = words(sample, spoken(language)).draft
    assert draft
    assert CALLS.search(draft.body), draft.body
