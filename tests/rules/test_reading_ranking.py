"""Whose mail it is where the rules tell the wrong house: weighed by what was learnt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.readingbook import book, mail
from vouchd.config.data import shipped
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, read_message
from vouchd.rules.reading.learnt import load_names
from vouchd.rules.reading.tables import LexiconError

SEEN = "Thank you for applying. We have decided not to move forward with your application."


def employer(text: str, subject: str, sender: str, known: Book | None = None) -> str | None:
    signals = read_message(mail(text, subject, sender), known or book()).signals
    assert signals
    return signals[0].company


def unlearnt() -> Book:
    known = book()
    languages = {
        code: replace(language, names=None) for code, language in known.lexicon.languages.items()
    }
    return replace(known, lexicon=replace(known.lexicon, languages=languages))


@pytest.mark.parametrize(
    ("text", "subject", "sender", "company"),
    [
        # A mailbox called after the house is not a person's: the address is its system's.
        (
            f"{SEEN}\n\nThe team at Bluewater Yachts",
            "Bluewater Yachts - your application",
            "Bluewater Yachts <bluewater@rippling-ats.example>",
            "Bluewater Yachts",
        ),
        # A title in the subject is no house, a name that the text gives is one.
        (
            "Thank you for applying to Rivet & Rye. We have decided not to move forward with it.",
            "Your application for Barback",
            "Rivet & Rye <rivetrye@culinaryagents.example>",
            "Rivet & Rye",
        ),
    ],
)
def test_what_was_learnt_names_the_employer_where_the_rules_do_not(text, subject, sender, company):
    assert employer(text, subject, sender, unlearnt()) != company
    assert employer(text, subject, sender) == company


def test_what_the_user_has_stated_goes_before_what_was_learnt():
    text = f"{SEEN}\n\nKind regards,\nBluewater Yachts"
    sender = "Acme Robotics <jobs@acme-robotics.example>"
    assert employer(text, "Your application to Acme Robotics", sender) == "Acme Robotics"


@pytest.mark.parametrize("text", ["", "[]", '{"weights": {}}', '{"weights": {"none": "much"}}'])
def test_a_broken_file_says_which_and_how_it_is_made(text):
    with pytest.raises(LexiconError, match=r"learnt/names\.json.*make train"):
        load_names("learnt/names.json", text)


def test_what_is_shipped_can_be_opened_and_is_the_same_for_all_languages():
    languages = lexicon.compile(shipped()).languages
    packed = {id(language.names) for language in languages.values()}
    assert len(packed) == 1
    names = languages["en"].names
    assert names
    assert names.opened.weights["none"]
    assert "Priya" in names.opened.given
