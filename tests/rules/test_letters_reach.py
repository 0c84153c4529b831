"""Employers learn how a person wants to be reached, and nothing that was not allowed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.letterbook import DANA, ME, NOW
from vouchd.rules.intent import Candidate
from vouchd.rules.letters.reach import reach
from vouchd.rules.letters.referees import referee
from vouchd.rules.letters.wording import Speech


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "best by phone, after 17:00"),
        ("de", "am besten telefonisch, nach 17:00 Uhr"),
        ("fr", "de préférence par téléphone, après 17:00"),
        ("es", "mejor por teléfono, a partir de las 17:00"),
        ("nl", "liefst telefonisch, na 17:00 uur"),
        ("pt", "de preferência por telefone, depois das 17:00"),
        ("it", "preferibilmente per telefono, dopo le 17:00"),
    ],
)
def test_employers_learn_how_a_person_wants_to_be_reached(language, words):
    assert reach(("after:17:00", "by:phone"), Speech(language, NOW.date())) == words


def test_who_wants_mail_alone_is_named_without_a_number():
    called = Candidate(person=replace(DANA, phone="+1 555 0100"), agreed=True, terms=())
    mailed = replace(called, terms=("by:mail",))
    speech = Speech("en", NOW.date())
    assert referee(called, speech, ME).phone == "+1 555 0100"
    assert referee(mailed, speech, ME).phone == ""
    assert referee(mailed, speech, ME).reach == "best by e-mail"


def test_a_day_from_which_somebody_is_free_is_said_until_it_comes():
    day = NOW.date()
    coming = f"from:{(day + timedelta(days=3)).isoformat()}"
    assert reach((coming,), Speech("en", day)).startswith("from ")
    assert reach((coming,), Speech("en", day + timedelta(days=3))) == ""
