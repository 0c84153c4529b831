"""Templates: ours are whole in every language, the user's win, a broken one is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.letterbook import ACME, DANA, ME, TITLES, TUESDAY, desk, intent
from vouchd.config.data import shipped
from vouchd.rules.intent import Candidate, Intent, Occasion
from vouchd.rules.letters.compose import LETTERS, words
from vouchd.rules.letters.templates import MINE, TemplateError, check, compile
from vouchd.rules.model import Data, Draft, FollowUp, FollowUpKind, Stage, Wishes

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "it")
SAMPLE = TITLES["thank_you, the first"]


def made(mine: Mapping[str, str]) -> FollowUp:
    ours = shipped()
    names = {MINE + name: text for name, text in mine.items()}
    return words(
        SAMPLE, desk(templates=compile(replace(ours, templates={**ours.templates, **names})))
    )


def draft(mine: Mapping[str, str]) -> Draft:
    follow_up = made(mine)
    assert follow_up.draft
    return follow_up.draft


def test_every_shipped_template_can_be_used():
    check(shipped())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_letter(language):
    names = shipped().templates
    for kind in (*LETTERS, FollowUpKind.HANDWRITTEN_NOTE):
        assert f"{language}/{kind}.j2" in names


def test_the_users_template_wins():
    own = "Subject: Cheers\n\n{{ greeting }}\n\nThanks for {{ company }}.\n\n{{ sign_off }}\n"
    assert draft({"en/thank_you.j2": own}).body == (
        "Hi Dana,\n\nThanks for Acme Robotics.\n\nBest,\nSam\n"
    )
    assert draft({"en/thank_you.j2": own}).subject == "Cheers"


def test_the_users_own_language_is_used():
    ours = shipped()
    own = "Subject: Dziękuję\n\n{{ greeting }}\n\nDziękuję.\n\n{{ sign_off }}\n"
    templates = compile(replace(ours, templates={**ours.templates, f"{MINE}pl/thank_you.j2": own}))
    polish = replace(SAMPLE, people=(replace(SAMPLE.people[0], language="pl"),))
    follow_up = words(polish, desk(templates=templates))
    assert follow_up.draft
    assert "Dziękuję." in follow_up.draft.body
    # A kind for which the user has no template of that language is in English.
    other = replace(TITLES["heads_up"], people=polish.people)
    second = words(other, desk(templates=templates))
    assert second.draft
    assert "Acme Robotics" in second.draft.body
    assert second.event
    assert "no templates in the language 'pl'" in second.event.description


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Subject: x\n{{ greeting }}\n{% if %}\n", 3, "Expected an expression"),
        (
            "Subject: x\n{{ greeting }}\n\nHi {{ nobody }}\n",
            4,
            "`nobody` is not a word",
        ),
        ("Subject: x{% for x in items %}", 1, "endfor"),
        ("{{ greeting }}\n", 1, "has no line `Subject: …`"),
    ],
)
def test_a_broken_template_of_the_users_is_named_and_ours_is_used(text, line, what):
    ours = shipped()
    name = "en/thank_you.j2"
    templates = compile(replace(ours, templates={**ours.templates, MINE + name: text}))
    (problem,) = templates.problems
    assert (problem.file, problem.line) == (name, line)
    assert what in str(problem)
    assert str(problem).startswith("templates/en/thank_you.j2, line ")
    assert words(SAMPLE, desk(templates=templates)) == words(SAMPLE, desk())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Subject: x\n{{ greeting }}\n\n{{ main.nothing }}\n", "has no attribute 'nothing'"),
        ("Subject: x\n{{ greeting }}\n\n{{ years }}{{ none }}\n", "not known would be printed"),
        ("Subject: x\n{{ greeting }}\n\n{{ items[99].company }}\n", "no element 99"),
        ("Subject: x\n{{ ''.__class__.__mro__ }}\n", "unsafe"),
        ("Subject: x\n{% include 'en/none.j2' %}\n", "none.j2"),
        ("Subject: x\n{{ 1 / 0 }}\n", "division by zero"),
        ("Subject: x\n{% if false %}x{% endif %}\n", "nothing is left to say"),
    ],
)
def test_one_that_fails_while_it_is_rendered_is_named_in_the_event(text, what):
    follow_up = made({"en/thank_you.j2": text})
    expected = words(SAMPLE, desk())
    assert follow_up.draft == expected.draft
    assert follow_up.event
    assert "Your own template could not be used" in follow_up.event.description
    assert what in follow_up.event.description


def test_a_broken_one_of_ours_raises():
    broken = Data(templates={"en/thank_you.j2": "Subject: x\n{{ nobody }}"})
    with pytest.raises(TemplateError, match=r"templates/en/thank_you\.j2, line 2"):
        check(broken)
    with pytest.raises(TemplateError, match="nobody"):
        words(SAMPLE, desk(templates=compile(broken)))


def test_lines_are_joined_but_lists_and_breaks_stay():
    own = """Subject: A subject which is far too long to fit into fifty characters
Subject: Short

{{ greeting }}

One
{% if kinds %}
two
{% endif %}
three{{ ", four" }}
{% if not kinds %}never{% endif %}
five.
- a list
- of two

x{{ br }}y

{% if not kinds %}gone{% endif %}


{{ sign_off }}
"""
    made_of = draft({"en/thank_you.j2": own})
    assert made_of.subject == "Short"
    assert made_of.body == (
        "Hi Dana,\n\nOne two three, four five.\n- a list\n- of two\n\nx\ny\n\nBest,\nSam\n"
    )


def _body(language: str, sample: Intent, **more: object) -> str:
    told = replace(sample, people=(replace(DANA, language=language),))
    wishes = Wishes(language=language)
    draft = words(told, desk(wishes=wishes, **more)).draft
    assert draft
    return draft.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_promised_of_an_end_that_was_told(language):
    """Who has accepted and is vetted afterwards has no more result to tell."""

    def last(stage: Stage) -> str:
        occasion = Occasion(kind=FollowUpKind.HEADS_UP, process=ACME, stage=stage)
        return _body(language, intent(FollowUpKind.HEADS_UP, occasion)).split("\n\n")[-2]

    open_, accepted = last(Stage.REFERENCE_CHECK), last(Stage.ACCEPTED)
    assert open_ != accepted
    assert open_.startswith(accepted)


@pytest.mark.parametrize("before", [0, 1, 2, 3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_thanks_after_the_end_await_no_end(language, before):
    def letter(stage: Stage) -> str:
        occasion = Occasion(
            kind=FollowUpKind.THANK_YOU,
            process=ACME,
            stage=stage,
            how="call",
            at=TUESDAY,
            acted=True,
        )
        sample = intent(FollowUpKind.THANK_YOU, occasion, thanks_before=before)
        return _body(language, sample)

    open_, rejected, accepted = map(letter, (Stage.REFERENCE_CHECK, Stage.REJECTED, Stage.ACCEPTED))
    if before < 2:
        assert len(accepted) <= len(rejected) < len(open_)
    else:
        assert rejected == open_
    assert len(accepted.split()) >= 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_employer_left_behind_may_be_asked(language):
    def letter(stage: Stage | None, employer: str) -> str:
        occasion = Occasion(kind=FollowUpKind.SHARE_REFERENCES, process=ACME, stage=stage)
        referees = (Candidate(person=DANA, agreed=True),)
        sample = intent(FollowUpKind.SHARE_REFERENCES, occasion, candidates=referees)
        return _body(language, sample, me=replace(ME, employer=employer))

    assert letter(Stage.ACCEPTED, "Initrode") == letter(Stage.ACCEPTED, "")
    assert letter(Stage.REFERENCE_CHECK, "Initrode") != letter(Stage.REFERENCE_CHECK, "")
