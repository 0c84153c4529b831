"""A question is answered by yes, by no, or by what it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import employer
from tests.daemon.conftest import REFERENCES
from vouchd.daemon import clock
from vouchd.rules.model import Decision, Evidence

OTHER = """\
[[reference]]
name = "Dana Whitfield"
emails = ["dw@contoso.example"]
keep_in_touch = "never"
"""


@pytest.fixture
def asked(world, monkeypatch):
    # The day after: whenever this is run, the question is still worth asking.
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 9, 11, 12, tzinfo=UTC))
    world.write_config(references=REFERENCES + OTHER)
    world.know(
        employer(
            *("09-10", "reference_completed", "Acme Robotics", "Staff Engineer"),
            decision=Decision.ASK,
            evidence=(Evidence("test", "we spoke with Dana yesterday"),),
        )
    )
    (fields,) = world.json("status", "--now", "2026-09-11T12:00")
    (review,) = [f for f in fields["waiting"] if f["kind"] == "review"]
    return world, review["key"]


def thanked(world):
    (fields,) = world.json("status", "--now", "2026-09-11T12:00")
    return [f["references"] for f in fields["waiting"] if f["kind"] == "thank_you"]


def test_who_is_meant_is_answered_by_a_name(asked):
    world, key = asked
    status, _, err = world.vouchd("answer", key, "yes")
    assert status == 2
    assert "a yes does not tell who is meant; allowed: Dana Cole | Dana Whitfield | no" in err
    assert world.vouchd("answer", key, "Dana", "Whitfield")[0] == 0
    assert thanked(world) == [["Dana Whitfield"]]
    # And it can be taken back.
    world.json("undo", "last")
    assert thanked(world) == []


def test_no_is_an_answer_too(asked):
    world, key = asked
    world.vouchd("answer", key, "no")
    assert thanked(world) == []
    (fields,) = world.json("status", "--now", "2026-09-11T12:00")
    assert not [f for f in fields["waiting"] if f["kind"] == "review"]


def test_what_it_is_not_is_refused(asked):
    world, key = asked
    status, out, err = world.vouchd("answer", key, "perhaps")
    assert (status, out) == (2, "")
    assert '"perhaps" is no answer; allowed: yes, no, done, dismissed, or what it is' in err


def test_another_kind_of_news(asked):
    world, key = asked
    world.vouchd("answer", key, "rejection")
    (fields,) = world.json("status", "--now", "2026-09-11T12:00")
    assert [a["stage"] for a in fields["applications"]] == ["rejected"]
