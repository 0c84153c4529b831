"""The calendar entry: what to do in one line, why, where, and what could be added."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.letterbook import DANA, LEE, ME, NOW, TITLES, desk, intent
from vouchd.rules.intent import Candidate, Intent, Occasion
from vouchd.rules.letters.compose import words
from vouchd.rules.model import Cause, Event, FollowUpKind, Reference, State, Wishes

K = FollowUpKind


def event(sample: Intent, **more: object) -> Event:
    made = words(sample, desk(**more)).event
    assert made
    return made


@pytest.mark.parametrize("title", TITLES)
def test_every_follow_up_has_an_event_of_half_an_hour_when_it_is_due(title):
    sample = TITLES[title]
    made = event(sample)
    assert made.uid == f"{sample.key}@vouchd"
    assert made.key == sample.key
    assert (made.start, made.end - made.start) == (sample.due_at, timedelta(minutes=30))


@pytest.mark.parametrize("title", TITLES)
def test_a_summary_is_one_line_that_begins_with_what_to_do(title):
    summary = event(TITLES[title]).summary
    assert "\n" not in summary
    assert 10 < len(summary) <= 100
    assert re.match(
        r"(?:Ask|Send|Find|Give|Tell|Thank|Write|Answer|A small|Offer|Say|Remind|Please)\b", summary
    )


@pytest.mark.parametrize("title", TITLES)
def test_the_description_says_why_with_day_words_and_link(title):
    sample = TITLES[title]
    said = event(sample).description
    for cause in sample.causes:
        assert cause.text in said
        assert (cause.link or cause.source.strip("<>")) in said
    if any(cause.at for cause in sample.causes):
        assert "Tuesday, 3 March 2026" in said
    assert not re.search(r"None|\{\{|TODO|\n{3}", said)


def test_the_draft_is_named_once_it_is_known_where_it_lies():
    sample = TITLES["heads_up"]
    assert "Draft:" not in event(sample).description
    linked = event(sample, draft_link=lambda key: f"https://mail.example/{key}").description
    assert f"Draft: https://mail.example/{sample.key}" in linked
    assert "Draft:" not in event(TITLES["gift"], draft_link=lambda key: "x").description


def test_what_is_unknown_is_named_as_worth_adding():
    said = event(TITLES["heads_up, little known"]).description
    assert "You could add:" in said
    for missing in ("who from Umbrella will call", "by when", "posting", "resume"):
        assert missing in said
    known = event(TITLES["heads_up"], wishes=Wishes(resume="/x/resume.pdf")).description
    assert "You could add" not in known


def test_without_an_address_there_is_no_draft_and_the_event_says_what_is_missing():
    sample = replace(TITLES["heads_up"], people=(Reference(name="Kim Osei"),))
    follow_up = words(sample, desk())
    assert follow_up.draft is None
    assert follow_up.event
    assert "No address of Kim Osei is known, so there is no draft." in follow_up.event.description
    assert 'vouchd references edit "Kim Osei" --email' in follow_up.event.description


def test_interviewers_without_an_address_get_no_draft():
    follow_up = words(replace(TITLES["interview_thank_you"], to=(), reply=None), desk())
    assert follow_up.draft is None
    assert follow_up.event
    assert "Who was there stands nowhere with an address" in follow_up.event.description


def test_a_gift_follows_the_record_and_warns_of_the_public_sector():
    private = event(TITLES["gift"]).description
    assert "Dana Cole: wine, budget 40" in private
    assert "public sector" not in private
    teacher = replace(LEE, employer="Springfield School", gift=None)
    public = event(replace(TITLES["gift"], people=(teacher,))).description
    assert "public sector" in public
    assert "a card is always safe" in public
    official = replace(LEE, emails=("lee@council.gov.uk",))
    assert "public sector" in event(replace(TITLES["gift"], people=(official,))).description


def test_a_handwritten_note_has_words_to_copy_and_no_draft():
    follow_up = words(TITLES["handwritten_note"], desk())
    assert follow_up.draft is None
    assert follow_up.event
    assert "    Dear Dana," in follow_up.event.description
    copied = [line for line in follow_up.event.description.split("\n") if line.startswith("    ")]
    assert 30 <= len(" ".join(copied).split()) <= 80


def test_news_and_a_card_are_a_draft_and_words_to_copy():
    follow_up = words(TITLES["outcome_news and handwritten_note"], desk())
    assert follow_up.draft
    assert "thank" not in follow_up.draft.body.lower()
    assert follow_up.event
    assert "Words to copy by hand" in follow_up.event.description


def test_who_could_be_named_is_told_with_reasons_and_who_not_with_the_note():
    spare = tuple(
        Candidate(person=Reference(name=f"Spare {n}"), score=1 - n / 10, agreed=True)
        for n in range(3)
    )
    sample = TITLES["share_references"]
    said = event(replace(sample, candidates=(*sample.candidates, *spare))).description
    listed, rest = said.split("Would fit, but must be asked first:")
    assert "- Dana Cole: closest to the role" in listed
    assert "- Lee Park: worked together lately" in rest
    assert "Agreed as well, not in the list:\n- Spare 2" in rest
    assert "Not proposed:\n- Kim Osei: not to be listed: declined on 3 March" in rest


def test_a_language_without_templates_is_noted():
    polish = replace(TITLES["heads_up"], people=(replace(DANA, language="pl"),))
    assert "no templates in the language 'pl'" in event(polish).description
    german = replace(TITLES["heads_up"], people=(replace(DANA, language="de"),))
    assert "check its language" in event(german).description


def test_a_colleague_is_to_be_written_to_in_private():
    me = replace(ME, employer="Initech", employer_domains=("initech.example",))
    assert "private addresses" in event(TITLES["heads_up"], me=me).description


def test_a_question_is_put_and_nothing_is_prepared():
    follow_up = words(TITLES["review"], desk())
    assert follow_up.draft is None
    assert follow_up.event
    assert follow_up.event.summary.startswith("Please decide: Is this a rejection")
    assert "Nothing is prepared until you answer." in follow_up.event.description


def test_an_offer_has_its_deadline():
    assert "by Thursday, 12 March" in event(TITLES["decide_offer"]).description


def test_the_users_own_suggestions_are_passed_on():
    said = event(replace(TITLES["heads_up"], suggestions=("Call first: Dana is on leave.",)))
    assert "Call first: Dana is on leave." in said.description


def test_a_follow_up_keeps_what_was_decided():
    sample = intent(
        K.THANK_YOU,
        Occasion(kind=K.THANK_YOU),
        state=State.DONE,
        causes=(Cause(signal="reference_spoke", source="<9@x.example>", text="spoke today"),),
    )
    made = words(sample, desk())
    assert (made.key, made.kind, made.kinds) == (sample.key, K.THANK_YOU, (K.THANK_YOU,))
    assert (made.created_at, made.due_at) == (NOW, NOW + timedelta(hours=3))
    assert made.state is State.DONE
    assert made.references == ("Dana Cole",)
    assert made.applications == ()
    assert made.why == sample.causes
