"""A second reading by what was learnt: it confirms, doubts and adds, and says by which words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.readingbook import book, mail, read
from vouchd.config.data import shipped
from vouchd.rules.model import Data, Decision, Reading, SignalKind
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.again import KEEP, RAISE, WONDER
from vouchd.rules.reading.detect import read_message
from vouchd.rules.reading.learnt import Table, load, of_sentence, of_whole
from vouchd.rules.reading.tables import LexiconError


def learnt(*, sentence: float, mix: dict[str, float], doubts: bool = True) -> str:
    return json.dumps(
        {
            "unit": "words",
            "doubts": {"employer": doubts},
            "sentences": {"employer": {"": {"rejection": -5.0}, "kiwi": {"rejection": sentence}}},
            "whole": {"employer": {"": {"rejection": 0.0}}},
            "mix": {"employer": mix},
        }
    )


def read_by(text: str, learnt_text: str | None) -> Reading:
    data = shipped()
    data = replace(data, learnt={"en": learnt_text} if learnt_text else {})
    known = replace(book(), lexicon=lexicon.compile(data))
    return read_message(mail(text, "The Analyst vacancy"), known)


KIWI = "Dear Sam, about the Analyst vacancy at Quill: the kiwi has been peeled. Kim"
NO = (
    "Dear Sam, we regret to tell you that your application as Analyst was unsuccessful and we will "
    "not be taking it further."
)
LONG = {"": 0.0, "a sentence": 1.0}


def test_words_alone_add_what_no_phrase_knows_and_are_its_evidence():
    assert not read_by(KIWI, None).signals
    (found,) = read_by(KIWI, learnt(sentence=60.0, mix=LONG)).signals
    assert (found.kind, found.decision) == (SignalKind.REJECTION, Decision.ACT)
    (evidence,) = found.evidence
    assert evidence.rule == "learnt: kiwi"
    assert "the kiwi has been peeled" in evidence.text


def test_words_that_are_less_sure_only_ask():
    (found,) = read_by(KIWI, learnt(sentence=0.0, mix={"": 0.2})).signals
    assert WONDER < 0.55 < RAISE
    assert found.decision is Decision.ASK


def test_what_the_phrases_are_sure_of_becomes_a_question_when_the_words_speak_against_it():
    (sure,) = read_by(NO, None).signals
    (doubted,) = read_by(NO, learnt(sentence=0.0, mix={"": -3.0})).signals
    assert (sure.decision, doubted.decision) == (Decision.ACT, Decision.ASK)
    assert KEEP > 0.05
    assert doubted.evidence == sure.evidence


def test_what_the_phrases_only_wonder_about_is_not_asked_when_the_words_speak_against_it():
    text = "Dear Sam, we regret the delay with your application for Analyst at Quill. Kim"
    (asked,) = read_by(text, None).signals
    assert asked.decision is Decision.ASK
    assert not read_by(text, learnt(sentence=0.0, mix={"": -3.0})).signals
    assert read_by(text, learnt(sentence=0.0, mix={"": -3.0}, doubts=False)).signals == (asked,)


def test_what_was_learnt_from_little_mail_adds_but_never_doubts():
    little = learnt(sentence=0.0, mix={"": -3.0}, doubts=False)
    (sure,) = read_by(NO, little).signals
    assert sure.decision is Decision.ACT


@pytest.mark.parametrize("hedge", ["I am not sure that", "perhaps", "it might be that"])
def test_words_that_leave_it_open_only_ask(hedge: str):
    text = f"Dear Sam, about the Analyst vacancy at Quill: {hedge} the kiwi has been peeled. Kim"
    (found,) = read_by(text, learnt(sentence=60.0, mix=LONG)).signals
    assert found.decision is Decision.ASK


@pytest.mark.parametrize(("much", "decision"), [(0.4, Decision.ASK), (1.0, Decision.ACT)])
def test_a_stranger_without_a_word_of_hiring_must_be_very_clear(much, decision):
    mine = replace(
        shipped(), learnt={"en": learnt(sentence=60.0, mix={"": 0.0, "a sentence": much})}
    )
    known = replace(book(), lexicon=lexicon.compile(mine))
    text = (
        "Hi Sam Rivera, congratulations, your kiwi has been peeled. See you at the garden, Tuesday!"
    )
    (found,) = read_message(mail(text, "kiwi", "Joe <joe@farm.example>"), known).signals
    assert found.decision is decision


def test_a_list_never_gets_a_signal_by_its_words_alone():
    data = replace(shipped(), learnt={"en": learnt(sentence=60.0, mix=LONG)})
    known = replace(book(), lexicon=lexicon.compile(data))
    assert not read_message(replace(mail(KIWI), bulk=True), known).signals


def test_the_users_own_and_the_references_mail_is_left_to_the_phrases():
    found = read("The kiwi has been peeled.", sender="Dana Cole <dana.cole@initech.example>")
    assert not found.signals


def test_a_language_whose_phrases_are_the_users_own_has_nothing_learnt(tmp_path):
    mine = shipped()
    assert "en" in mine.learnt
    assert lexicon.compile(replace(mine, learnt={})).languages["en"].learnt is None


@pytest.mark.parametrize(
    "text", ["", "[]", '{"sentences": {}}', '{"mix": {"employer": {"": "much"}}}']
)
def test_a_broken_file_says_which_and_how_it_is_made(text):
    with pytest.raises(LexiconError, match=r"learnt/en\.json.*make train"):
        load("learnt/en.json", text)
    made = lexicon.compile(Data(phrases=shipped().phrases, learnt={"en": text}))
    packed = made.languages["en"].learnt
    assert packed
    with pytest.raises(LexiconError):
        packed.opened.mix.get("employer")


@pytest.mark.parametrize("code", sorted(shipped().phrases))
def test_what_is_shipped_can_be_opened(code):
    packed = lexicon.compile(shipped()).languages[code].learnt
    assert packed
    assert packed.opened.sentences["employer"]


def test_runs_of_words_and_what_each_counts():
    found, each = of_sentence(" we regret to say ", "words")
    assert {"we", "we regret", "we regret to", "regret to say"} <= found
    assert "we regret to say" not in found
    whole, less = of_whole([" we regret to say ", " so long "], "words")
    assert "say so" not in whole
    assert 0 < each < 2
    assert 0 < less < 5


def test_weights_are_found_again_by_their_run_and_no_other():
    known = {f"word{n} and{n}": {"offer": n / 100, "rejection": -1.5} for n in range(5000)}
    table = Table(known)
    assert len(table) == len(known)
    assert all(dict(table[run]) == weights for run, weights in known.items())
    assert not any(table[f"other{n}"] for n in range(5000))
    with pytest.raises(TypeError, match="json"):
        list(table)


def test_runs_of_letters_where_little_was_learnt_and_of_signs_where_nothing_parts_words():
    found, _ = of_sentence(" absage erteilt ", "letters")
    assert {"absage", "absage erteilt", "#<absa", "#bsage", "#sage>"} <= found
    found, _ = of_sentence("面接の日程をteamsで", "signs")
    assert {"面 接", "面 接 の 日", "を teams で"} <= found
    assert "t" not in found


@pytest.mark.parametrize(
    "text",
    [
        "We went with a candidate who had run a kitchen of that size before.",
        "After a lot of back and forth the committee has settled on someone else.",
    ],
)
def test_what_was_learnt_finds_a_no_in_words_of_its_own(text):
    found = read(f"Hi Sam,\n\n{text}\n\nThank you for the time you gave us. Kim", "Head Chef role")
    assert {s.kind for s in found.signals} == {SignalKind.REJECTION}
