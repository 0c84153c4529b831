"""P10: a token for who acted, once an offer is accepted; gone when it falls through."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import employer, only, person, planned, platform, states, to_employer
from vouchd.rules.model import Wishes

DANA = person("Dana Cole", "2026-01-05", gift="wine, budget 40")
BOB = person("Bob Okafor", "2026-01-05")
STORY = (
    employer("03-01", "reference_request", "Acme", "SRE"),
    to_employer("03-02", "references_shared", "Acme", references=("Dana Cole", "Bob Okafor")),
    platform("03-05", "reference_completed", DANA, "Acme"),
    employer("03-10", "offer", "Acme", "SRE"),
)
ACCEPTED = to_employer("03-12", "offer_accepted", "Acme")


def gifts(*readings, people=(DANA, BOB), wishes=None):
    return planned(*STORY, *readings, people=people, wishes=wishes, now="04-30")


def test_only_an_accepted_offer_counts_and_only_who_acted():
    assert not only(gifts(), "gift")
    (token,) = only(gifts(ACCEPTED), "gift")
    assert [p.name for p in token.people] == ["Dana Cole"]


def test_a_missing_line_is_no_reason_to_leave_it_out_and_none_is():
    plain = replace(DANA, gift=None)
    assert states(gifts(ACCEPTED, people=(plain,)), "gift") == ["open"]
    assert not only(gifts(ACCEPTED, people=(replace(DANA, gift="none"),)), "gift")


def test_it_goes_when_the_user_withdraws_after_all():
    intents = gifts(ACCEPTED, to_employer("03-20", "withdrawn", "Acme"))
    assert states(intents, "gift") == ["superseded"]


def test_the_switch_turns_it_off():
    assert not only(gifts(ACCEPTED, wishes=replace(Wishes(), gifts=False)), "gift")
