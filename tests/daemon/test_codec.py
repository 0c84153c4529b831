"""A reading survives being stored, whole: a field that the codec forgets is found here."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime

import pytest

from vouchd.daemon.codec import CodecError, decode, encode
from vouchd.rules.model import (
    Act,
    ActKind,
    Address,
    Decision,
    Evidence,
    Reading,
    Signal,
    SignalKind,
)

AT = datetime(2026, 9, 5, 10, 30, tzinfo=UTC)
EVERY = Reading(
    source="<1@x.example>",
    at=AT,
    sent=True,
    is_event=True,
    thread="t",
    sender=Address("a@x.example", "Ä"),
    reply_to=Address("b@x.example"),
    to=(Address("c@x.example", "C"),),
    subject="Betreff \u2028 \ud800",
    signals=(
        Signal(
            kind=SignalKind.OFFER,
            confidence=0.5,
            decision=Decision.ASK,
            evidence=(Evidence("rule", "text"),),
            company="Acme",
            role="Chef",
            references=("Dana Cole",),
            final_round=True,
            terms=("how:call",),
            deadline=date(2026, 9, 9),
            contact="Jo",
        ),
    ),
    acts=(
        Act(
            kind=ActKind.TOLD,
            references=("Dana Cole",),
            evidence=Evidence("rule", "text"),
            company="Acme",
            until=date(2026, 9, 15),
        ),
    ),
    people=("Dana Cole",),
    automatic=True,
    bulk=True,
    suspicious="why",
    uid="u@x.example",
    start=AT,
    end=AT,
    cancelled=True,
    in_reply_to="<0@x.example>",
    references=("<0@x.example>",),
    link="mid:1",
    key="k",
    attendees=(Address("d@x.example"),),
    language="de",
    greeting="Hi Dee,",
    sign_off="Cheers,",
    formal=True,
)


@pytest.mark.parametrize(
    "thing", [EVERY, EVERY.signals[0], EVERY.acts[0]], ids=["reading", "signal", "act"]
)
def test_the_sample_fills_every_field(thing):
    for field in fields(thing):
        default = field.default if field.default is not MISSING else None
        assert getattr(thing, field.name) != default, field.name


def test_every_field_comes_back():
    assert decode(encode(EVERY)) == EVERY
    least = Reading(source="s", at=AT, sent=False)
    assert decode(encode(least)) == least


def test_what_is_no_reading_says_so():
    for text in ("", "{}", '{"v": 99}', "[1]", encode(replace(EVERY)).replace("2026", "soon")):
        with pytest.raises(CodecError):
            decode(text)


@pytest.mark.parametrize("formal", [True, False, None])
def test_a_no_is_no_silence(formal: bool | None):
    reading = replace(EVERY, formal=formal)
    assert decode(encode(reading)).formal is formal
