"""The user's voice: greeting, sign-off and language are those of their own letters."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import employer, from_person, only, person, planned, platform, to_person
from vouchd.rules.intent import Voice

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
    assert voice == Voice(greeting="Hey Dee,", sign_off="Best,", language="en")


def test_the_language_is_that_of_the_last_letter_in_either_direction():
    mine = to_person("09-02", DANA, greeting="Hi Dana,", language="en")
    theirs = replace(from_person("09-05", DANA), language="de")
    assert thanks(mine, theirs).language == "de"


def test_letters_to_somebody_else_tell_nothing():
    other = to_person("09-02", BOB, greeting="Yo Bob,", language="nl")
    assert thanks(other, people=(DANA, BOB)) == Voice()
