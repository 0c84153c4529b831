"""Rule data is checked on load; an error says where, what and what is allowed."""

from __future__ import annotations

import pytest

from tests.readingbook import words
from vouchd.config.data import shipped
from vouchd.rules.model import Data
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.cues import CUES
from vouchd.rules.reading.lexicon import LexiconError
from vouchd.rules.reading.pattern import PatternError, compile_phrase

NONE: frozenset[str] = frozenset()


def matches(phrase: str, text: str) -> bool:
    lists = {"we": ("we", "the team")}
    return compile_phrase(phrase, lists, NONE, spaced=True).search(f" {text} ") is not None


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("{we} (will|shall) contact", "the team will contact you", True),
        ("{we} (will|shall) contact", "they will contact you", False),
        ("contact .. references", "contact all of your references", True),
        ("contact .. references", "contact us and we ask for your references", False),
        ("candidat* chosen", "candidates chosen", True),
        ("[very] happy to", "happy to", True),
        ("^ yes ", "yes gladly", True),
        ("^ yes ", "oh yes", False),
        ("thank* $", "many thanks", True),
        ("refer* & overdue", "overdue is your reference", True),
        ("refer* & overdue", "your reference", False),
    ],
)
def test_phrases(phrase: str, text: str, *, expected: bool):
    assert matches(phrase, text) is expected


@pytest.mark.parametrize("phrase", ["(a|b", "{nobody} here", "..", "a] b", "(|yes)"])
def test_phrases_that_cannot_be_read(phrase: str):
    with pytest.raises(PatternError):
        compile_phrase(phrase, {}, NONE, spaced=True)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[cues.nonsense]\nstrong = ['x']", "phrases/en.toml: cues.nonsense: is no cue"),
        ("[cues.offer]\nstrong = ['(a']", "cues.offer.strong"),
        ("[cues.offer]\nsure = ['(a']", "cues.offer.sure: is not known"),
        ("[language]\nspaced = 3", "language.spaced: is 3"),
        ("[times]\nmonths = 'May'", "times.months: is not a list"),
        ("[language", "is no valid TOML"),
    ],
)
def test_errors_say_where(toml: str, said: str):
    with pytest.raises(LexiconError) as caught:
        lexicon.compile(Data(phrases={"en": toml}, vendors=shipped().vendors))
    assert said in str(caught.value)
    assert "allowed" in str(caught.value)


def test_english_gives_words_for_every_cue():
    given = {entry.cue for entry in words().languages["en"].entries}
    assert set(CUES) - given == set()


def test_a_language_is_data_alone():
    toml = """
    [language]
    code = "xx"
    stopwords = ["lo", "ka", "mi"]
    [cues.rejection]
    strong = ["ne elektita"]
    [cues.job]
    strong = ["posteno"]
    """
    data = Data(phrases={**shipped().phrases, "xx": toml}, vendors=shipped().vendors)
    assert set(lexicon.compile(data).languages) >= {"en", "xx"}
