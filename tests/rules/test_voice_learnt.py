"""The user's voice: greeting, sign-off and language are those of their own letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.builders import (
    ME,
    SAM,
    employer,
    from_person,
    only,
    person,
    planned,
    platform,
    to_person,
)
from vouchd.config.data import shipped
from vouchd.rules.intent import Voice
from vouchd.rules.model import Address, Message
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, read_message

DANA = person("Dana Cole", "2026-01-10")
BOB = person("Bob Okafor", "2026-01-10")


def thanks(*letters, people=(DANA,)):
    story = (employer("09-01", "reference_request"), platform("09-20", "reference_completed", DANA))
    (found,) = only(planned(*story, *letters, people=people), "thank_you")
    return found.voice


def test_the_newest_letter_before_tells_how_the_user_writes():
    older = to_person("09-02", DANA, greeting="Dear Dana,", sign_off="Best,", language="en")
    newer = to_person("09-05", DANA, greeting="Hey Dee,", language="en")
    later = to_person("09-25", DANA, greeting="Dear Ms Cole,", sign_off="Regards,")
    voice = thanks(older, newer, later)
    assert voice == Voice(greeting="Hey Dee,", sign_off="Best,", language="en", formal=False)


def test_the_language_is_that_of_the_last_letter_in_either_direction():
    mine = to_person("09-02", DANA, greeting="Hi Dana,", language="en")
    theirs = replace(from_person("09-05", DANA), language="de")
    assert thanks(mine, theirs).language == "de"


def test_letters_to_somebody_else_tell_nothing():
    other = to_person("09-02", BOB, greeting="Yo Bob,", language="nl")
    assert thanks(other, people=(DANA, BOB)) == Voice()


def test_a_draft_of_ours_teaches_only_what_the_user_changed_in_it():
    own = to_person("09-02", DANA, greeting="Dear Dana,", sign_off="Yours,", language="en")
    unchanged = to_person(
        "09-05", DANA, greeting="Hi Dana,", sign_off="Best,", language="en", key="heads_up-1"
    )
    changed = to_person(
        "09-05", DANA, greeting="Hey D!", sign_off="Best,", language="en", key="heads_up-1"
    )
    assert thanks(unchanged) == Voice(language="en")
    assert thanks(own, unchanged) == Voice(
        greeting="Dear Dana,", sign_off="Yours,", language="en", formal=False
    )
    assert thanks(own, changed) == Voice(
        greeting="Hey D!", sign_off="Yours,", language="en", formal=False
    )
    # The same words in a letter of the user's own are theirs.
    assert thanks(own, replace(unchanged, key=None)).greeting == "Hi Dana,"


def test_an_automatic_answer_teaches_nothing():
    away = to_person("09-05", DANA, greeting="Hello Dana,", language="fr", automatic=True)
    assert thanks(away) == Voice()


BOOK = Book(ME, (DANA, BOB), (), lexicon.compile(shipped()))


def read(text: str, *to: str):
    message = Message(
        id="<1@example.org>",
        thread="1",
        at=datetime(2026, 9, 1, 9, tzinfo=UTC),
        sent=True,
        sender=SAM,
        to=tuple(Address(email) for email in to or DANA.emails),
        subject="The search",
        text=text,
    )
    reading = read_message(message, BOOK)
    return reading.greeting, reading.sign_off


@pytest.mark.parametrize(
    ("text", "greeting", "sign_off"),
    [
        ("Hey Dana,\n\nthe form is out.\n\nLove,\nSam", "Hey Dana,", "Love,"),
        (
            "Dear Ms Cole,\n\nthank you.\n\nKind regards,\nSam Rivera",
            "Dear Ms Cole,",
            "Kind regards,",
        ),
        ("Liebe Dana!\n\nDanke. Bis bald, Sam", "Liebe Dana!", "Bis bald,"),
        ("Dana, I got the job.\n\nCheers, Sam", None, "Cheers,"),
        ("Hi there,\n\nsee you on Monday with the rest of it,\nSam", None, None),
        ("ok!\n\n> Hi Dana,\n> ...\n> Best,\n> Sam", None, None),
        # What fits one day is no habit.
        ("Hi Dana,\n\nthanks.\n\nHave a good weekend,\nSam", "Hi Dana,", None),
        ("Good evening Dana,\n\nthanks.\n\nMerry Christmas,\nSam", None, None),
        ("Hallo Dana,\n\ndanke.\n\nSchönes Wochenende,\nSam", "Hallo Dana,", None),
    ],
)
def test_greeting_and_closing_as_they_are_written(text, greeting, sign_off):
    assert read(text) == (greeting, sign_off)


def test_a_letter_to_two_is_nobodys_habit():
    both = (*DANA.emails, *BOB.emails)
    assert read("Dear Dana, dear Bob,\n\nnews.\n\nLove,\nSam", *both) == (None, None)


@pytest.mark.parametrize(
    ("greeting", "formal"),
    [
        ("Dear Ms Cole,", True),
        ("Liebe Frau Cole,", True),
        ("Hey Dana,", False),
        ("Liebe Dana,", False),
        ("Dear Dana Cole,", None),
        ("Hello there,", None),
        (None, None),
    ],
)
def test_first_name_or_formal_is_that_of_the_users_own_greeting(greeting, formal):
    assert thanks(to_person("09-02", DANA, greeting=greeting, language="en")).formal is formal


def test_who_switches_the_language_keeps_first_name_terms_and_gets_no_foreign_greeting():
    mine = to_person("09-02", DANA, greeting="Hey Dana,", sign_off="Cheers,", language="en")
    theirs = replace(from_person("09-05", DANA), language="de")
    assert thanks(mine, theirs) == Voice(language="de", formal=False)
