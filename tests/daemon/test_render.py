import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vouchd.daemon.render import (
    follow_up_json,
    follow_up_text,
    line,
    one_line,
    quoted,
    safe,
    signal_json,
    signal_text,
    title,
)
from vouchd.daemon.render_action import action_json, actions_text
from vouchd.daemon.stops import STOPS
from vouchd.rules.model import (
    Address,
    Cause,
    Decision,
    Draft,
    Event,
    Evidence,
    FollowUp,
    FollowUpKind,
    Found,
    Part,
    Receipt,
    Signal,
    SignalKind,
    State,
)
from vouchd.rules.reconcile import Action, Adopt, Close, Remove, Rewrite, Write

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
DRAFT = Draft(
    to=(Address("dana.cole@initech.example", "Dana Cole"),),
    subject="Thank you",
    body="Dear Dana,\n\nthank you.",
    in_reply_to="<1@initech.example>",
)
EVENT = Event(
    uid="vouchd-1",
    start=NOW,
    end=NOW + timedelta(minutes=15),
    summary="Thank Dana",
    description="x",
)
CAUSE = Cause(
    signal="reference_spoke", source="<1@initech.example>", text="I spoke with them", rule="spoke"
)
FOLLOW_UP = FollowUp(
    key="thank_you-1",
    kind=FollowUpKind.OUTCOME_NEWS,
    kinds=(FollowUpKind.OUTCOME_NEWS, FollowUpKind.THANK_YOU),
    created_at=NOW,
    due_at=NOW + timedelta(days=1),
    references=("Dana Cole",),
    applications=(("Acme Robotics", "Staff Engineer"), ("Lumen Freight", None)),
    why=(CAUSE,),
    draft=DRAFT,
    event=EVENT,
)


def test_a_follow_up_in_the_form_of_the_interface():
    fields = json.loads(line(follow_up_json(FOLLOW_UP)))
    assert fields == {
        "key": "thank_you-1",
        "kind": "outcome_news",
        "kinds": ["outcome_news", "thank_you"],
        "references": ["Dana Cole"],
        "applications": [
            {"company": "Acme Robotics", "role": "Staff Engineer"},
            {"company": "Lumen Freight", "role": None},
        ],
        "created_at": "2026-03-03T08:00:00+00:00",
        "due_at": "2026-03-04T08:00:00+00:00",
        "state": "open",
        "draft": {
            "to": ["dana.cole@initech.example"],
            "subject": "Thank you",
            "body": "Dear Dana,\n\nthank you.",
            "in_reply_to": "<1@initech.example>",
            "attachments": [],
        },
        "event": {
            "uid": "vouchd-1",
            "summary": "Thank Dana",
            "start": "2026-03-03T08:00:00+00:00",
            "end": "2026-03-03T08:15:00+00:00",
            "description": "x",
        },
        "why": [
            {
                "signal": "reference_spoke",
                "source": "<1@initech.example>",
                "text": "I spoke with them",
                "rule": "spoke",
                "link": None,
                "at": None,
            }
        ],
    }


def test_what_a_follow_up_has_not_is_null():
    bare = FollowUp(
        key="k", kind=FollowUpKind.GIFT, kinds=(), created_at=NOW, due_at=NOW, state=State.DISMISSED
    )
    fields = follow_up_json(bare)
    assert (fields["draft"], fields["event"], fields["state"]) == (None, None, "dismissed")
    assert fields["kinds"] == ["gift"]
    assert follow_up_text(bare).startswith("gift\n")


def test_a_signal_in_the_form_of_the_interface():
    signal = Signal(
        kind=SignalKind.INTERVIEW_INVITE,
        confidence=0.971234,
        decision=Decision.ACT,
        evidence=(Evidence("invite", "we would like to meet you"),),
        company="Acme Robotics",
        final_round=True,
    )
    assert signal_json(signal) == {
        "kind": "interview_invite",
        "confidence": 0.9712,
        "decision": "act",
        "final_round": True,
        "company": "Acme Robotics",
        "role": None,
        "references": [],
        "evidence": [{"rule": "invite", "text": "we would like to meet you"}],
    }
    assert signal_text(signal) == (
        "interview_invite (final round), 0.97, act: Acme Robotics – "
        "“we would like to meet you” (invite)"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Möller, 日本, 👩‍🔬", "plain, Möller, 日本, 👩‍🔬"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31m", "\\x9b31m"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("\u2066a\u2069\u200e", "\\u2066a\\u2069\\u200e"),
        ("a\u2028b\u00adc\ufeff", "a\\u2028b\\xadc\\ufeff"),
        ("\udce4", "\\udce4"),
        ("bell\a back\b", "bell\\x07 back\\x08"),
        ("two\r\nlines\tand a tab", "two\nlines\tand a tab"),
        ("over\rwritten", "over\\rwritten"),
    ],
)
def test_nothing_steers_the_terminal(text, shown):
    assert safe(text) == shown


def test_one_line_is_one_line():
    assert one_line("a\nb\r\n c\x0bd\x85e") == "a b c d e"


def test_text_from_a_mail_is_safe_wherever_it_is_shown():
    evil = "\x1b]0;owned\x07"
    cause = Cause(signal="offer", source=evil, text=evil, rule=evil)
    follow_up = FollowUp(
        key="k" + evil,
        kind=FollowUpKind.REVIEW,
        kinds=(FollowUpKind.REVIEW,),
        created_at=NOW,
        due_at=NOW,
        references=(evil,),
        applications=((evil, evil),),
        why=(cause,),
        draft=Draft(to=(Address(evil),), subject=evil, body=evil),
        event=Event(uid="u", start=NOW, end=NOW, summary=evil, description=evil),
    )
    actions: list[Action] = [Write("k" + evil, Part.DRAFT, follow_up.draft or DRAFT)]
    shown = [follow_up_text(follow_up), quoted(evil), *actions_text(actions, [follow_up])]
    shown += [line(follow_up_json(follow_up))]
    assert not any(c in text for text in shown for c in "\x1b\x07")


def test_a_follow_up_in_words():
    assert follow_up_text(FOLLOW_UP) == (
        "Thank Dana [outcome_news + thank_you]\n"
        "  due Wed 4 Mar 2026, 08:00, open\n"
        "  draft to dana.cole@initech.example: Thank you\n"
        "  event on Tue 3 Mar 2026, 08:00: Thank Dana\n"
        "  because reference_spoke in <1@initech.example>: “I spoke with them”\n"
        "  key thank_you-1"
    )


def test_a_follow_up_without_an_event_is_named_by_what_it_is_about():
    assert title(replace(FOLLOW_UP, event=None)) == (
        "outcome_news + thank_you: Dana Cole · Acme Robotics, Staff Engineer · Lumen Freight"
    )


def test_actions_in_words_and_in_json():
    found = Found(key="old-1", part=Part.EVENT, handle="h", print="p", mark="p")
    receipt = Receipt(key="old-1", part=Part.EVENT, handle="h", print="p", at=NOW)
    actions: list[Action] = [
        Write("thank_you-1", Part.DRAFT, DRAFT),
        Write("thank_you-1", Part.EVENT, EVENT),
        Remove(found, receipt),
        Remove(found, None),
        Rewrite(found, EVENT),
        Adopt(found, "p"),
        Close(receipt, State.DISMISSED),
        Close(receipt, State.DONE),
    ]
    mine, other = actions_text(actions, [FOLLOW_UP])
    assert mine.splitlines()[1:4] == [
        "  due Wed 4 Mar 2026, 08:00",
        "  + draft to dana.cole@initech.example: Thank you",
        "  + event on Tue 3 Mar 2026, 08:00: Thank Dana",
    ]
    assert other.splitlines() == [
        "follow-up old-1",
        "  - event, its reason has gone and nobody has touched it",
        "  - event, a second copy of one that lies there",
        "  ~ event, in new words: on Tue 3 Mar 2026, 08:00: Thank Dana",
        "  = event, found as it was written before",
        "  ✓ event, dismissed: it is no longer there",
        "  ✓ event, you sent it",
    ]
    fields = [action_json(action, None) for action in actions]
    assert [f["action"] for f in fields] == [
        "write", "write", "remove", "remove", "rewrite", "adopt", "close", "close",
    ]  # fmt: skip
    assert fields[-1]["state"] == "done"
    assert action_json(actions[0], FOLLOW_UP)["follow_up"]["kind"] == "outcome_news"


def test_every_kind_says_what_would_have_stopped_it():
    assert set(STOPS) == set(FollowUpKind)
