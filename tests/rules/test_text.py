"""New words, quoted history, forwards, signature, footer, sentences, language."""

from __future__ import annotations

from tests.readingbook import words
from vouchd.rules.reading.text import language_of, sentences, split


def parts(text: str):
    return split(text, words().marks)


def test_a_reply_above_a_marked_quote_is_new():
    found = parts("Yes, gladly.\n\nOn Mon, 2 Mar 2026 at 10:00, Sam Rivera wrote:\n> May I?\n")
    assert found.new.strip() == "Yes, gladly."
    assert found.quoted == "May I?"


def test_a_reply_below_the_quote_is_new():
    found = parts("On 2 Mar 2026 at 10:00, Sam wrote:\n> We regret it.\n\nThursday at ten stands.")
    assert found.new.strip() == "Thursday at ten stands."
    assert "regret" in found.quoted


def test_an_unmarked_quote_runs_to_the_end():
    found = parts(
        "Fine by me.\n\nOn Tue, Mar 3, 2026 at 9:12 AM Sam wrote:\n\nMay I name you?\nSam"
    )
    assert found.new.strip() == "Fine by me."
    assert "May I name you?" in found.quoted


def test_an_outlook_block_begins_a_quote():
    block = "From: Sam Rivera\nSent: 2 March 2026\nTo: Kim\nSubject: offer\n\nI accept."
    found = parts(f"One more form, please.\n\n{block}")
    assert found.new.strip() == "One more form, please."
    assert "I accept." in found.quoted


def test_a_forward_is_kept_apart():
    found = parts("See below.\n\n---------- Forwarded message ---------\nFrom: HR\n\nWe regret.")
    assert found.new.strip() == "See below."
    assert "We regret." in found.forwarded


def test_signature_and_footer_are_cut():
    text = (
        "We will call your references.\n\nKind regards,\nKim Lee\nQuill Ltd\n\n"
        "This email is confidential. If you accept no offer, delete it."
    )
    found = parts(text)
    assert found.new.strip() == "We will call your references."
    assert found.signature.splitlines()[:2] == ["Kim Lee", "Quill Ltd"]
    assert "delete it" in found.footer


def test_wrapped_lines_are_joined_and_lists_are_not():
    text = (
        "We have decided, after a long discussion in the team,\n"
        "not to go forward. Thank you, Dr. Lee was impressed.\n\n- first\n- second\n"
    )
    found = list(sentences(text, words().languages["en"]))
    assert found == [
        "We have decided, after a long discussion in the team, not to go forward.",
        "Thank you, Dr. Lee was impressed.",
        "first",
        "second",
    ]


def test_the_language_is_the_one_most_words_are_in():
    assert language_of("Thank you for your application to the team.", words()).code == "en"


def test_what_is_very_long_is_cut():
    found = parts("word " * 200_000)
    assert len(found.new) < 20_000
