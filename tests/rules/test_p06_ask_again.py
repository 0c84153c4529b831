"""P6: a yes that is years old is renewed at the moment the warning would be due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.builders import (
    employer,
    from_person,
    only,
    person,
    planned,
    platform,
    states,
    to_employer,
    to_person,
)
from vouchd.rules.model import Stated, Wishes

OLD = person("Dana Cole", "2023-05-01")
ACME = Stated(company="Acme", role="SRE", references=("Dana Cole",))
REQUEST = employer("09-05", "reference_request", "Acme", "SRE")


def asked(*readings, people=(OLD,), wishes=None, now="09-12"):
    return planned(*readings, people=people, stated=(ACME,), wishes=wishes, now=now)


def test_an_old_yes_brings_a_question_and_no_warning():
    intents = asked(REQUEST)
    assert states(intents, "reconfirm") == ["open"]
    assert not only(intents, "heads_up")


def test_being_listed_is_no_occasion():
    assert not only(asked(employer("09-01", "application_received", "Acme", "SRE")), "reconfirm")


def test_a_fresh_yes_needs_none_and_the_age_is_a_setting():
    fresh = person("Dana Cole", "2025-05-01")
    assert states(asked(REQUEST, people=(fresh,)), "heads_up") == ["open"]
    strict = replace(Wishes(), reconfirm_after=timedelta(days=180))
    assert states(asked(REQUEST, people=(fresh,), wishes=strict), "reconfirm") == ["open"]


def test_the_renewed_yes_brings_the_warning():
    intents = asked(
        REQUEST,
        to_person("09-06", OLD, "asked", company="Acme"),
        from_person("09-07", OLD, "reference_agreed", "Acme"),
    )
    assert states(intents, "reconfirm") == ["done"]
    assert states(intents, "heads_up") == ["open"]


def test_who_has_acted_since_needs_no_question():
    intents = asked(
        REQUEST,
        to_employer("09-06", "references_shared", "Acme", references=("Dana Cole",)),
        platform("09-08", "reference_completed", OLD, "Acme"),
    )
    assert states(intents, "reconfirm") == ["superseded"]
