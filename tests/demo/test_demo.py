"""The demo makes what a considerate person would have prepared: STORY.md, row by row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.demo.picture import panels, svg
from tests.demo.relive import Story
from vouchd.connectors.ical import read_ics
from vouchd.connectors.mime import read_eml
from vouchd.daemon.app import open_app
from vouchd.daemon.cli import main
from vouchd.daemon.round import dry_round, run_round
from vouchd.rules.model import FollowUp, FollowUpKind, State

NEE, NIAMH, TOMEK = "Niamh Adeyemi", "Niamh Corcoran", "Tomasz Wieczorek"
MAGS, DECLAN, LUCA = "Margaret Sheehy", "Declan Roche", "Luca Ferrante"
PELORUS, KESTREL = "Pelorus Rail", "Kestrel Health"
SALTMARSH, MERIDIAN = "Saltmarsh Energy", "Meridian Ferries"

# (kind, person or None, company or None): what waits on the last evening.
OPEN = [
    ("gracious_reply", MAGS, None),
    ("handwritten_note", DECLAN, SALTMARSH),
    ("outcome_news", NEE, SALTMARSH),
    ("outcome_news", NIAMH, PELORUS),
    ("thank_you", NIAMH, PELORUS),
    ("outcome_news", DECLAN, SALTMARSH),
    ("outcome_news", DECLAN, MERIDIAN),
    ("share_references", LUCA, PELORUS),
    ("heads_up", LUCA, PELORUS),
    ("reciprocate", NEE, None),
    ("check_status", None, "Tern Mobility"),
    ("gift", NIAMH, PELORUS),
    ("gift", TOMEK, PELORUS),
]
# What her own mail did, or the answer that came.
DONE = [
    ("ask_permission", TOMEK, PELORUS),
    ("ask_permission", MAGS, KESTREL),
    ("share_references", None, KESTREL),
    ("heads_up", NEE, KESTREL),
    ("reconfirm", NIAMH, KESTREL),
    ("heads_up", NIAMH, KESTREL),
    ("thank_you", NEE, None),
    ("share_references", None, PELORUS),
    ("heads_up", NIAMH, PELORUS),
    ("share_references", None, SALTMARSH),
    ("heads_up", DECLAN, SALTMARSH),
    ("thank_you", TOMEK, PELORUS),
    ("outcome_news", TOMEK, PELORUS),
    ("decide_offer", None, SALTMARSH),
    ("decide_offer", None, PELORUS),
    ("reciprocate", NEE, None),
    ("interview_thank_you", None, PELORUS),
]
# Overtaken: nothing of this may lie there in the end.
GONE = [
    ("heads_up", TOMEK, PELORUS),
    ("heads_up", NEE, SALTMARSH),
    ("heads_up", DECLAN, MERIDIAN),
    ("heads_up", LUCA, MERIDIAN),
    ("nudge_reference", DECLAN, SALTMARSH),
]
STRANGERS = (
    "Harbour Lights", "Canal Bank", "Whiskerhaven", "Timetable", "Liffey Mutual", "Bluebell",
    "Kestrel Cycles", "Kestrel Coffee", "Harrow", "Transit Data", "Libraries", "Tidewater",
)  # fmt: skip


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("demo") / "out")
    told.prepare()
    told.live()
    return told


def has(
    follow_ups: tuple[FollowUp, ...], row: tuple[str, str | None, str | None], state: State
) -> bool:
    kind, name, company = row
    return any(
        FollowUpKind(kind) in f.kinds
        and (name is None or name in f.references)
        and (company is None or company in [c for c, _ in f.applications])
        and f.state is state
        for f in follow_ups
    )


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_what_she_still_owes_waits_for_her(story: Story, row):
    assert has(story.result.follow_ups, row, State.OPEN)


@pytest.mark.parametrize("row", DONE, ids=str)
def test_what_she_did_herself_is_done(story: Story, row):
    assert has(story.result.follow_ups, row, State.DONE)


@pytest.mark.parametrize("row", GONE, ids=str)
def test_what_lost_its_reason_is_gone(story: Story, row):
    assert not has(story.result.follow_ups, row, State.OPEN)


def test_nothing_comes_of_what_is_none_of_hiring(story: Story):
    guilty = [
        (f.kind, company)
        for f in story.result.follow_ups
        if f.kind is not FollowUpKind.REVIEW
        for company, _ in f.applications
        if company.startswith(STRANGERS)
    ]
    assert not guilty


def test_luca_never_reads_of_meridian(story: Story):
    drafts = [f.draft for f in story.result.follow_ups if f.draft and LUCA in f.references]
    to_luca = [d for d in drafts if any("luca" in a.email for a in d.to)]
    assert not [d for d in to_luca if MERIDIAN in f"{d.subject} {d.body}"]


def test_there_are_few_questions(story: Story):
    waiting = [f for f in story.result.follow_ups if f.state is State.OPEN]
    questions = [f for f in waiting if f.kind is FollowUpKind.REVIEW]
    assert len(questions) <= 4


def test_drafts_and_events_open_in_other_programs(story: Story):
    waiting = [f for f in story.result.follow_ups if f.state is State.OPEN]
    drafts = [p for p in (story.mail / ".Drafts").rglob("*:2,*D*") if p.is_file()]
    assert len(drafts) == len([f for f in waiting if f.draft])
    for path in drafts:
        message = read_eml(path, me=story.config.me.emails, zone=story.zone)
        assert message.to
        assert message.subject
        assert message.text.strip()
        assert "{{" not in message.text
    events = sorted((story.calendar / "vouchd").glob("*.ics"))
    assert len(events) == len([f for f in waiting if f.event])
    for path in events:
        (event,) = read_ics(path, zone=story.zone).events
        assert event.summary
        assert not event.attendees


def test_a_second_and_a_third_round_write_nothing(story: Story):
    now = datetime(2026, 11, 6, 22, tzinfo=story.zone)
    with open_app(story.config) as app:
        assert not run_round(app, now).actions
        assert not run_round(app, now).actions
    with open_app(story.config, dry=True) as app:
        assert not dry_round(app, now).actions


def test_status_and_plan_of_that_evening_say_what_was_found(story: Story, capsys):
    of_that_evening = ("--config", str(story.out / "config"), "--now", "2026-11-06T21:00")
    assert main(["status", *of_that_evening]) == 0
    assert "Last look  today, 21:00" in capsys.readouterr().out
    assert main(["plan", *of_that_evening]) == 0
    assert "Nothing is left to do: every follow-up lies where it should." in capsys.readouterr().out


def test_nobody_else_can_read_the_state_and_no_body_is_in_it(story: Story):
    files = [p for p in (story.out / "state").rglob("*") if p.is_file()]
    assert files
    assert all(p.stat().st_mode & 0o077 == 0 for p in files)
    kept = b"".join(p.read_bytes() for p in files)
    for path in sorted((Path(__file__).parent / "mail").rglob("*.eml")):
        text = read_eml(path, me=story.config.me.emails, zone=story.zone).text
        lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 200]
        assert not [line for line in lines if line.encode() in kept]


def test_the_picture_shows_what_the_demo_makes(story):
    picture = Path(__file__).parents[2] / "docs" / "picture.svg"
    drawn = svg(*panels(story.out))
    assert picture.read_text(encoding="utf-8") == drawn, "run: make picture"
    assert "it came from Saltmarsh Energy" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", ""), "it needs no network"
