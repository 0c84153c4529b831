"""Long stories, each relived as `vouchd replay` does it, and looked at on many days."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from tests.storybook import (
    CLAIMS,
    HERE,
    PICKS,
    STATES,
    STORIES,
    FollowUp,
    brief,
    created,
    failures,
    forbidden,
    kinds,
    letter,
    moments,
    picked,
    relived,
    settings,
    shown,
    understood,
)
from vouchd.daemon.cli import main
from vouchd.daemon.render import follow_up_json
from vouchd.daemon.replay import relive_readings


@pytest.mark.parametrize(
    ("story", "number"),
    [
        pytest.param(story, number, id=f"{story}-{moment['until']}")
        for story in STORIES
        for number, moment in enumerate(moments(story))
    ],
)
def test_what_there_is_and_what_there_must_not_be(story, number):
    moment = moments(story)[number]
    found = relived(story, moment["until"])
    report = [
        f"EXPECTED {brief(words)}: {failure}\n    {words['why']}"
        for words in moment.get("expect", ())
        for failure in failures(found, words, story)
    ]
    report += [
        f"FORBIDDEN {brief(words)}: {shown(f)}\n    {words['why']}"
        for words in moment.get("forbid", ())
        for f in found
        if forbidden(f, words, story)
    ]
    there = "\n".join(sorted(map(shown, found)))
    assert not report, "\n".join(("", *report, "", "THERE IS", there))


@pytest.mark.parametrize("story", STORIES)
def test_the_contract_holds_on_every_day(story):
    people = {
        r["name"]: set(r.get("emails", ())) for r in settings(story, "references")["reference"]
    }
    stated = {
        (a["company"], a.get("role"))
        for a in settings(story, "applications").get("application", ())
    }
    mine = set(settings(story, "config")["me"]["emails"])
    since: dict[str, str] = {}
    for moment in moments(story):
        found = relived(story, moment["until"])
        doubles = [k for k, n in Counter(f["key"] for f in found).items() if n > 1]
        assert not doubles, "a follow-up has a key of its own"
        for f in found:
            where = f"{moment['until']}: {shown(f)}"
            assert f["state"] in STATES, where
            assert f["kind"] in kinds(f), where
            assert created(f, story) <= moment["until"], where
            assert since.setdefault(f["key"], f["created_at"]) == f["created_at"], where
            assert set(f["references"]) <= set(people), where
            for a in f["applications"]:
                known = {role for company, role in stated if company == a["company"]}
                assert not known or a["role"] in known, where
            if f["draft"]:
                check_draft(f, people, mine, where)
        check_spread(found)
        check_updates(found)


def check_draft(f: FollowUp, people: Mapping[str, set[str]], mine: set[str], where: str) -> None:
    """No draft to oneself, to one person with another's address, or with a hole in it."""
    to = set(f["draft"]["to"])
    # What goes into the form of a platform is answered to nobody.
    assert to or f["kind"] == "share_references", where
    assert not to & mine, where
    assert f["draft"]["body"].strip(), where
    assert f["draft"]["subject"].strip(), where
    for_employer = {"share_references", "interview_thank_you", "check_status", "decide_offer"}
    if f["references"] and not kinds(f) & for_employer:
        (name,) = f["references"]
        assert to <= people[name], where
    hole = re.search(r"\[[^\]]*\]|\{\{|\{%|<[a-z ]+>|\bNone\b|\bTODO\b|\bXXX\b|_{3,}", letter(f))
    assert hole is None, f"{where}: {hole}"


def check_spread(found: tuple[FollowUp, ...]) -> None:
    """P12: two keep-in-touch notes do not fall on one day; one at a time for each person."""
    notes = [f for f in found if "keep_in_touch" in kinds(f)]
    days = Counter(f["event"]["start"][:10] for f in notes if f["event"] and f["state"] == "open")
    assert all(n == 1 for n in days.values()), days
    names = Counter(name for f in notes if f["state"] == "open" for name in f["references"])
    assert all(n == 1 for n in names.values()), names


def check_updates(found: tuple[FollowUp, ...]) -> None:
    """P7: at most one progress update per person in thirty days, merged across processes."""
    last: dict[str, datetime] = {}
    updates = [f for f in found if f["kind"] == "progress_update" and f["state"] != "superseded"]
    for f in sorted(updates, key=lambda f: f["created_at"]):
        at = datetime.fromisoformat(f["created_at"])
        for name in f["references"]:
            assert name not in last or at - last[name] >= timedelta(days=30), shown(f)
            last[name] = at


@pytest.mark.parametrize("story", STORIES)
def test_what_is_older_than_the_first_day_yields_nothing(story):
    days = [moment["until"] for moment in moments(story)]
    first, last = days[len(days) // 2], days[-1]
    mind, readings = understood(story)
    for follow_up in relive_readings(mind, readings, from_=first, until=last):
        told = follow_up_json(follow_up)
        assert first <= created(told, story) <= last, shown(told)
        # Who had agreed by then is known to have agreed.
        if "ask_permission" in kinds(told):
            everything = [f for f in relived(story, last) if picked(f, {"kind": "ask_permission"})]
            assert set(told["references"]) <= {n for f in everything for n in f["references"]}


@pytest.mark.parametrize("story", STORIES)
def test_the_command_prints_the_same(story, capsys):
    until, folder = moments(story)[-1]["until"], HERE / story
    arguments = ["replay", "--config", str(folder / "config"), "--json"]
    arguments += ["--mail", str(folder / "mail"), "--calendar", str(folder / "calendar")]
    assert main([*arguments, "--until", until.isoformat()]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert tuple(map(json.loads, printed.out.splitlines())) == relived(story, until)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_well_told(story):
    """Every expectation gives its reason, uses known words, and the days are in order."""
    assert len(tuple((HERE / story / "mail").glob("*.eml"))) >= 12
    days = [moment["until"] for moment in moments(story)]
    assert days == sorted(set(days))
    for moment in moments(story):
        for words in (*moment.get("expect", ()), *moment.get("forbid", ())):
            assert words["why"].strip(), words
            assert set(words) <= PICKS | CLAIMS, words
            assert set(words) & PICKS, words
