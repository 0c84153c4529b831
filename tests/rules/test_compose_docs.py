"""docs/letters.md shows what the templates say now."""

from __future__ import annotations

from benchmarks.letters import LANGUAGES, PAGE, page
from tests.letterbook import DANA, ME, TITLES
from vouchd.config.data import shipped
from vouchd.rules.letters.facts import facts_of
from vouchd.rules.letters.voice import manner
from vouchd.rules.letters.words import WORDS
from vouchd.rules.model import FollowUpKind


def test_the_page_of_letters_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m benchmarks.letters"


def test_the_page_has_every_language_and_template():
    text = page()
    for language, title in LANGUAGES.items():
        _, _, chapter = text.partition(f"\n## {title}\n")
        chapter, _, _ = chapter.partition("\n## ")
        names = [key for key in shipped().templates if key.startswith(f"{language}/")]
        for template in (key.removeprefix(f"{language}/").removesuffix(".j2") for key in names):
            assert template.startswith("_") or f"### {template}" in chapter, (
                f"{language} {template}"
            )


def test_every_word_a_template_may_use_is_there_and_explained():
    how = manner(DANA, None, me=ME.name, languages=("en",), default="en")
    facts = facts_of(TITLES["heads_up"], ME, FollowUpKind.HEADS_UP, how, resume=False)
    assert {*facts, "draw", "pick"} == set(WORDS)
