"""What the user says by hand counts as certain."""

from __future__ import annotations

import pytest

from tests.builders import employer, from_person, person, platform, to_person

DANA = person("Dana Cole", emails=("dana.cole@initech.example",))
NOW = ("--now", "2026-09-30T12:00")
LATER = ("--now", "2026-09-30T13:00")


@pytest.fixture
def lived(world):
    world.know(
        to_person("09-01", DANA, "asked", company="Acme Robotics"),
        from_person("09-02", DANA, "reference_agreed", "Acme Robotics"),
        employer("09-03", "reference_request", "Acme Robotics", "Staff Engineer"),
        platform("09-20", "reference_completed", DANA, "Acme Robotics"),
    )
    return world


def waiting(world):
    (found,) = world.json("status", *LATER)
    return {follow_up["kind"]: follow_up for follow_up in found["waiting"]}, found["applications"]


@pytest.mark.parametrize(("command", "state"), [("done", "done"), ("dismiss", "dismissed")])
def test_a_follow_up_is_closed(lived, command, state):
    key = waiting(lived)[0]["thank_you"]["key"]
    (said,) = lived.json(command, key, *NOW)
    assert said == {"key": key, "state": state}
    assert "thank_you" not in waiting(lived)[0]
    assert f"{state} · key {key}" in lived.vouchd("status", "--all", *LATER)[1]


@pytest.mark.parametrize("outcome", ["accepted", "declined", "rejected", "withdrawn"])
def test_an_outcome_stated_by_hand_is_certain_and_is_told(lived, outcome):
    out = lived.vouchd("outcome", "Acme Robotics", outcome, *NOW)[1]
    assert out.startswith(f"Noted: Acme Robotics, Staff Engineer: {outcome}.")
    open_ones, applications = waiting(lived)
    assert [a["stage"] for a in applications] == [outcome]
    assert "review" not in open_ones
    assert any("outcome_news" in f["kinds"] for f in open_ones.values())


def test_the_outcome_of_what_nobody_knows_is_refused(lived):
    status, out, err = lived.vouchd("outcome", "Nowhere", "rejected", *NOW)
    assert (status, out) == (2, "")
    assert 'no application is called "Nowhere"' in err


@pytest.mark.parametrize("called", ["acme", "ACME robotics", "Acme Robotics, Staff"])
def test_the_beginning_of_a_name_is_enough_where_it_can_mean_one_alone(lived, called):
    out = lived.vouchd("outcome", called, "rejected", *NOW)[1]
    assert out.startswith("Noted: Acme Robotics, Staff Engineer: rejected.")


def test_a_part_of_a_word_is_no_name(lived):
    assert lived.vouchd("outcome", "acm", "rejected", *NOW)[0] == 2


def test_there_is_nothing_to_take_back_where_nothing_was_said(lived):
    status, _, err = lived.vouchd("undo", "last", *NOW)
    assert (status, "could be taken back" in err) == (2, True)


def balance(world):
    (found,) = world.json("references", "show", "Dana", *LATER)
    return found


def test_an_act_stated_by_hand_counts_and_thanks_are_due(lived):
    acted = ("acted", "Dana", "Acme Robotics", "--how", "call", "--on", "2026-09-28", *NOW)
    lived.know(to_person("09-21", DANA, "thanked", company="Acme Robotics"))
    assert balance(lived)["acted"] == 1
    assert "thank_you" not in waiting(lived)[0]
    lived.know(platform("09-20", "reference_completed", DANA, "Acme Robotics", terms=("how:form",)))
    (said,) = lived.json(*acted)
    assert said["person"] == "Dana Cole"
    assert said["at"] == "2026-09-28T12:00:00+02:00"
    kinds = {kind for f in waiting(lived)[0].values() for kind in f["kinds"]}
    assert "thank_you" in kinds
    assert balance(lived)["acted"] == 2
    # Said twice, it is one act.
    lived.json(*acted)
    assert balance(lived)["acted"] == 2


@pytest.mark.parametrize(
    ("day", "words"),
    [("soon", '"soon" is no day'), ("2026-10-02", "is yet to come; allowed: today")],
)
def test_a_day_that_is_none_or_yet_to_come_is_refused(lived, day, words):
    status, out, err = lived.vouchd("acted", "Dana", "Acme Robotics", "--on", day, *NOW)
    assert (status, out) == (2, "")
    assert words in err


def test_what_is_put_off_is_due_later_and_its_event_moves(lived):
    lived.vouchd("once", *NOW)
    before = waiting(lived)[0]["thank_you"]
    lived.json("snooze", before["key"], "--until", "2026-10-20", *NOW)
    lived.vouchd("once", *LATER)
    after = waiting(lived)[0]["thank_you"]
    assert (after["key"], after["due_at"][:10]) == (before["key"], "2026-10-20")
    assert after["created_at"] == before["created_at"]
    events = [p.read_text() for p in (lived.config / "calendar").rglob("*.ics")]
    (event,) = [text for text in events if before["key"] in text.replace("\n ", "")]
    assert "DTSTART;TZID=Europe/Berlin:20261020" in event or "DTSTART:20261020" in event


@pytest.mark.parametrize("command", ["done", "dismiss"])
def test_what_was_closed_by_hand_is_open_again_and_lies_there_anew(lived, command):
    lived.vouchd("once", *NOW)
    key = waiting(lived)[0]["thank_you"]["key"]
    before = len(lived.lying())
    lived.vouchd(command, key, *NOW)
    lived.vouchd("once", *NOW)
    assert len(lived.lying()) == before - 2
    (said,) = lived.json("undo", *LATER)
    assert (said["id"], said["said"]) == (key, "done" if command == "done" else "dismissed")
    assert "Taken back" in lived.vouchd("undo", key[:20], *LATER)[1]
    assert waiting(lived)[0]["thank_you"]["key"] == key
    lived.vouchd("once", *LATER)
    assert len(lived.lying()) == before
    assert lived.json("undo", *LATER) == []


def test_what_was_deleted_comes_again_when_that_is_taken_back(lived):
    lived.vouchd("once", *NOW)
    key = waiting(lived)[0]["thank_you"]["key"]
    for path in lived.lying():
        if key in path.read_text().replace("\n ", ""):
            path.unlink()
    lived.vouchd("once", *NOW)
    assert "thank_you" not in waiting(lived)[0]
    lived.json("undo", "last", *LATER)
    lived.vouchd("once", *LATER)
    assert waiting(lived)[0]["thank_you"]["key"] == key
    assert [p for p in lived.lying() if key in p.read_text().replace("\n ", "")]


def test_an_outcome_and_an_act_are_taken_back(lived):
    lived.json("outcome", "Acme Robotics", "rejected", *NOW)
    lived.json("acted", "Dana", "Acme Robotics", "--how", "call", "--on", "2026-09-28", *NOW)
    said = {one["said"]: one["id"] for one in lived.json("undo", *LATER)}
    assert set(said) == {
        "you said: rejected: Acme Robotics, Staff Engineer",
        "you said: Dana Cole vouched (call): Acme Robotics, Staff Engineer",
    }
    for source in said.values():
        lived.json("undo", source, *LATER)
    assert [a["stage"] for a in waiting(lived)[1]] == ["reference_check"]
    assert balance(lived)["acted"] == 1
    # It can be said anew.
    lived.json("outcome", "Acme Robotics", "withdrawn", *LATER)
    assert [a["stage"] for a in waiting(lived)[1]] == ["withdrawn"]


def test_the_users_word_on_an_end_beats_that_of_the_mail(lived):
    lived.know(employer("09-25", "rejection", "Acme Robotics", "Staff Engineer"))
    assert [a["stage"] for a in waiting(lived)[1]] == ["rejected"]
    lived.json("outcome", "Acme Robotics", "withdrawn", *NOW)
    open_ones, applications = waiting(lived)
    assert [a["stage"] for a in applications] == ["withdrawn"]
    lived.json("applications", "edit", "Acme Robotics", "--stage", "interviewing")
    open_ones, applications = waiting(lived)
    assert [a["stage"] for a in applications] == ["interviewing"]
    assert not any("outcome_news" in f["kinds"] for f in open_ones.values())


def test_what_was_never_said_cannot_be_taken_back(lived):
    status, out, err = lived.vouchd("undo", "thank_you", *NOW)
    assert (status, out) == (2, "")
    assert "nothing was said by hand" in err
    assert "Nothing was said by hand" in lived.vouchd("undo", *NOW)[1]


def test_what_cannot_be_put_off_is_told(lived):
    key = waiting(lived)[0]["thank_you"]["key"]
    for until, words in (("soon", "is no day"), ("2026-09-30", "has come already")):
        status, out, err = lived.vouchd("snooze", key, "--until", until, *NOW)
        assert (status, out) == (2, "")
        assert words in err
    lived.vouchd("done", key, *NOW)
    assert "only what is open" in lived.vouchd("snooze", key, "--until", "2026-10-20", *LATER)[2]


def test_what_was_said_over_a_coffee_is_thanked_without_a_call(lived):
    lived.json("acted", "Dana", "Acme Robotics", "--how", "meeting", "--on", "2026-09-28", *NOW)
    lived.vouchd("once", *NOW)
    texts = [p.read_text() for p in (lived.mail / ".Drafts" / "cur").glob("*")]
    thanks = [text for text in texts if "thank_you" in text]
    assert thanks
    assert all("Acme Robotics" in text for text in thanks)
    assert not [text for text in thanks if "spoke with" in text or "the call" in text]
