"""What a user sees: the commands at work on a mailbox and a calendar on disk."""

import json
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from tests.daemon.conftest import APPLICATIONS, CONFIG, REFERENCES
from vouchd.daemon import clock
from vouchd.daemon.statefile import Lock
from vouchd.rules.model import Address, Decision, Evidence, Reading, Signal, SignalKind

APPLES = ("The apples are ripe.", "Aunt Mia <mia@home.example>", "Garden")
BROKEN = """\
BEGIN:VCALENDAR
BEGIN:VEVENT
UID:broken-1
DTSTART:nonsense
END:VEVENT
END:VCALENDAR
"""
EVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:panel-1
DTSTAMP:20260301T090000Z
DTSTART:20260310T090000Z
DTEND:20260310T100000Z
SUMMARY:Final interview, Acme Robotics
END:VEVENT
END:VCALENDAR
"""


# --- once, plan -----------------------------------------------------------------------------


def test_plan_shows_what_once_does_and_writes_nothing(world):
    world.deliver(1)
    status, out, err = world.vouchd("plan")
    assert (status, err) == (0, "")
    assert "[ask_permission]" in out
    assert "+ draft to dana.cole@initech.example" in out
    assert "because " in out
    assert "1 new message and 0 new events read" in out
    assert world.lying() == []
    assert not world.state.exists()


def test_once_writes_and_a_second_and_third_time_do_not(world):
    world.deliver(1)
    status, out, err = world.vouchd("once")
    assert (status, err) == (0, "")
    assert "+ draft to dana.cole@initech.example" in out
    lying = world.lying()
    before = [(path.name, path.read_bytes(), path.stat().st_mtime_ns) for path in lying]
    assert {path.suffix for path in lying} >= {".ics"}
    for _ in range(2):
        status, out, _ = world.vouchd("once")
        assert status == 0
        assert "0 new messages and 0 new events read; nothing to do" in out
    assert before == [(p.name, p.read_bytes(), p.stat().st_mtime_ns) for p in world.lying()]
    status, out, _ = world.vouchd("plan")
    assert "Nothing is left to do: every follow-up lies where it should." in out


def test_a_plan_promises_nothing_about_what_it_could_not_see(world):
    world.mail.rename(world.home / "elsewhere")
    status, out, err = world.vouchd("plan")
    assert status == 1
    assert "there is no Maildir" in err
    assert "Nothing is left to do" not in out
    assert "Nothing can be said: not everything could be looked at." in out


def test_a_plan_can_be_made_for_another_moment(world):
    world.deliver(1)
    assert "due Mon 5 Feb 2001, 09:00" in world.vouchd("plan", "--now", "2001-02-03T21:00")[1]
    # Without an offset it is meant in the user's zone.
    there, by_offset, elsewhere = (
        world.json("plan", "--now", f"2001-06-05T09:30{offset}")
        for offset in ("", "+02:00", "-06:00")
    )
    assert there == by_offset != elsewhere
    status, out, err = world.vouchd("plan", "--now", "tomorrow")
    assert (status, out) == (2, "")
    assert '--now: "tomorrow" is no moment; allowed: one such as 2026-01-31T21:00' in err


def test_once_status_and_why_can_be_of_another_moment(world):
    world.deliver(1)
    then = ("--now", "2026-02-03T21:00")
    *_, summary = world.json("once", *then)
    assert summary["round"]["actions"] > 0
    (shown,) = world.json("status", *then)
    assert shown["last_round"] == "2026-02-03T20:00:00+00:00"
    (reasons,) = world.json("why", shown["waiting"][0]["key"], *then)
    assert reasons["due_at"] == shown["waiting"][0]["due_at"]
    for command in (("once",), ("status",), ("why", "x")):
        status, out, err = world.vouchd(*command, "--now", "soon")
        assert (status, out) == (2, "")
        assert '--now: "soon" is no moment' in err


def test_json_of_a_round_is_one_object_a_line(world):
    world.deliver(1)
    *planned, summary = world.json("plan")
    assert {"write"} == {action["action"] for action in planned}
    assert all(action["follow_up"]["key"] == action["key"] for action in planned)
    assert summary["round"]["messages"] == 1
    *done, summary = world.json("once")
    assert [a["key"] for a in done][: len(planned)] == [a["key"] for a in planned]
    assert summary["round"]["good"] is True


def test_with_write_false_everything_runs_and_nothing_is_written(world):
    world.write_config(CONFIG + "[mode]\nwrite = false\n")
    world.deliver(1)
    status, _, err = world.vouchd("once")
    assert status == 0
    assert "writing is switched off" in err
    assert world.lying() == []
    assert "not written yet" in world.vouchd("status")[1]


def test_more_than_a_sane_day_stops_and_asks_until_the_user_is_sure(world):
    limited = CONFIG + "[limits]\nmost_per_round = 1\n"
    world.write_config(limited)
    assert world.vouchd("once")[0] == 0
    names = ("Ann Lee", "Bea Kay", "Cy Moe")
    people = "".join(
        f'[[reference]]\nname = "{name}"\nemails = ["{name[:2]}@home.example"]\n' for name in names
    )
    world.write_config(
        limited,
        references=REFERENCES + people,
        applications=APPLICATIONS.replace('["Dana Cole"]', str(list(names)).replace("'", '"')),
    )
    before = len(world.lying())
    status, _, err = world.vouchd("once")
    assert status == 1
    assert "more than a sane day's worth (1)" in err
    assert len(world.lying()) == before
    assert world.vouchd("once", "--yes")[0] == 0
    assert len(world.lying()) > before


# --- status, why, answer ----------------------------------------------------------------------


def test_status_before_the_first_look(world):
    status, out, err = world.vouchd("status")
    assert (status, err) == (0, "")
    assert "Last look  never; `vouchd once` does the first" in out


def test_status_says_what_waits_and_what_was_looked_at(world):
    world.deliver(1)
    world.deliver(2, *APPLES)
    world.vouchd("once")
    status, out, _ = world.vouchd("status")
    assert status == 0
    read = "2 new messages and 0 new events read, 1 of them about jobs"
    assert read in " ".join(out.split())
    assert "Drafts to look at (1)" in out
    assert "draft and event" in out
    assert "Acme Robotics, Staff Engineer" in out
    assert "no daemon runs" in out
    (fields,) = world.json("status")
    assert fields["waiting"][0]["kind"] == "ask_permission"
    assert fields["applications"][0]["company"] == "Acme Robotics"
    assert fields["last_counts"]["messages"] == 2
    assert fields["daemon"] is None


def key_of(world) -> str:
    (fields,) = world.json("status")
    return next(str(f["key"]) for f in fields["waiting"] if f["kind"] == "ask_permission")


def test_why_tells_the_chain_of_reasons(world):
    request = Signal(
        kind=SignalKind.REFERENCE_REQUEST,
        confidence=0.99,
        decision=Decision.ACT,
        evidence=(Evidence("ref_request: two references", "please send us two references"),),
        company="Acme Robotics",
    )
    world.write_config(applications=APPLICATIONS.replace("references", "# references"))
    world.know(
        Reading(
            source="<1@acme-robotics.example>",
            at=clock.now(),
            sent=False,
            sender=Address("jo@acme-robotics.example"),
            signals=(request,),
            link="mid:1@acme-robotics.example",
        )
    )
    world.vouchd("once")
    key = key_of(world)
    status, out, err = world.vouchd("why", key)
    assert (status, err) == (0, "")
    assert "1. reference_request in <1@acme-robotics.example>" in out
    assert "“please send us two references”" in out
    assert "rule     ref_request: two references" in out
    assert "message  mid:1@acme-robotics.example" in out
    assert "What would have stopped it:\n   ask_permission: a yes of theirs" in out
    assert "│ Sam" in out
    assert "lies at vouchd/" in out
    (fields,) = world.json("why", key)
    assert fields["why"][0]["signal"] == "reference_request"
    assert fields["written"] == ["draft", "event"]


def test_the_beginning_of_a_key_suffices(world):
    world.deliver(1)
    world.vouchd("once")
    assert world.vouchd("why", key_of(world)[:20])[0] == 0


def test_an_unknown_key_says_where_keys_are_named(world):
    status, out, err = world.vouchd("why", "nothing")
    assert (status, out) == (2, "")
    assert err == 'vouchd: no follow-up has the key "nothing"; `vouchd status --all` names all\n'


def test_an_ambiguous_key_names_those_it_could_be(world):
    world.write_config(
        references=REFERENCES + '[[reference]]\nname = "Rob Ely"\nemails = ["rob@ely.example"]\n',
        applications=APPLICATIONS.replace('["Dana Cole"]', '["Dana Cole", "Rob Ely"]'),
    )
    world.vouchd("once")
    status, _, err = world.vouchd("why", "ask_permission")
    assert status == 2
    assert "2 follow-ups have a key that begins with" in err


def test_a_follow_up_can_be_dismissed_also_while_the_daemon_runs(world):
    world.deliver(1)
    world.vouchd("once")
    key = key_of(world)
    lock = Lock(world.state)
    status, out, _ = world.vouchd("answer", key, "dismissed")
    lock.release()
    assert (status, out) == (0, "Noted: dismissed. The next round goes by it.\n")
    world.vouchd("once")
    (fields,) = world.json("status")
    assert key not in [f["key"] for f in fields["waiting"]]
    out = world.vouchd("status", "--all")[1]
    waiting, _, finished = out.partition("Finished: 1")
    assert f"dismissed · key {key}" in finished
    assert key.partition(".")[0] not in waiting.partition("Waiting for you")[2]
    (fields,) = world.json("status", "--all")
    assert [f["key"] for f in fields["finished"]] == [key]


def test_yes_is_no_answer_where_nothing_is_asked(world):
    world.deliver(1)
    world.vouchd("once")
    status, _, err = world.vouchd("answer", key_of(world), "yes")
    assert status == 2
    assert "asks nothing; allowed: done, dismissed" in err


def test_a_question_is_answered(world):
    # May somebody at Acme learn that the user has applied there?
    world.write_config(references=REFERENCES + 'employer = "Acme Robotics"\n')
    world.vouchd("once")
    (fields,) = world.json("status")
    review = next(f for f in fields["waiting"] if f["kind"] == "review")
    status, _, err = world.vouchd("answer", review["key"], "yes", "--only", "9")
    assert status == 2
    assert "--only 9" in err
    assert world.vouchd("answer", review["key"], "yes")[0] == 0
    world.vouchd("once")
    (fields,) = world.json("status")
    kinds = {f["key"]: f["kind"] for f in fields["waiting"]}
    assert review["key"] not in kinds
    assert "ask_permission" in kinds.values()


# --- classify, replay -------------------------------------------------------------------------


def test_classify_has_a_line_for_each_message_and_event_in_the_order_of_names(world, tmp_path):
    folder = tmp_path / "things"
    folder.mkdir()
    world.deliver(1).replace(folder / "0002.eml")
    world.deliver(2, *APPLES).replace(folder / "0001.eml")
    (folder / "0003.ics").write_text(EVENT)
    (folder / "0004.ics").write_text(BROKEN)
    lines = world.json("classify", folder)
    assert [line["path"] for line in lines] == ["0001.eml", "0002.eml", "0003.ics", "0004.ics"]
    assert lines[0]["signals"] == []
    request = next(s for s in lines[1]["signals"] if s["kind"] == "reference_request")
    assert set(request) >= {"confidence", "final_round", "company", "role", "references"}
    assert set(request["evidence"][0]) == {"rule", "text"}
    assert "error" not in lines[2]
    assert lines[3]["signals"] == []
    assert "error" in lines[3]


def test_classify_of_single_files_calls_them_as_they_were_given(world):
    path = world.deliver(1)
    assert [line["path"] for line in world.json("classify", path, world.mail)] == [
        str(path),
        "new/1700000001.mail",
    ]


def test_classify_of_an_mbox_counts_its_messages(world, tmp_path):
    raw = world.deliver(1).read_bytes()
    box = tmp_path / "all.mbox"
    box.write_bytes(b"".join(b"From x Thu Jan  1 00:00:00 2026\n" + raw + b"\n" for _ in range(2)))
    paths = [line["path"] for line in world.json("classify", box)]
    assert paths == [f"{box}#1", f"{box}#2"]


def test_classify_in_words(world, tmp_path):
    path = world.deliver(1)
    other = world.deliver(2, *APPLES)
    status, out, err = world.vouchd("classify", path, other)
    assert (status, err) == (0, "")
    first, *_, last = out.splitlines()
    assert (first, last) == (str(path), f"{other}: nothing")
    assert "  reference_request, " in out


def test_classify_of_a_path_that_is_not_there_goes_on(world):
    path = world.deliver(1)
    status, out, _ = world.vouchd("classify", "--json", "/no/such", path)
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert "is not there" in lines[0]["error"]
    assert lines[1]["path"] == str(path)


def test_a_message_that_breaks_the_rules_is_one_line(world, monkeypatch):
    def breaks(message, book):
        raise RecursionError("too deep")

    path = world.deliver(1)
    monkeypatch.setattr("vouchd.daemon.commands_past.read_message", breaks)
    (line,) = world.json("classify", path)
    assert line["error"] == "could not be understood (RecursionError: too deep)"
    status, _, err = world.vouchd("replay", "--json")
    assert status == 0
    assert "<1@acme-robotics.example>: could not be understood" in err


def test_replay_prints_follow_ups_and_writes_nothing(world):
    world.deliver(1)
    (world.config / "calendar" / "broken.ics").write_text(BROKEN)
    status, out, err = world.vouchd(
        "replay", "--mail", world.mail, "--calendar", world.config / "calendar", "--json"
    )
    assert status == 0
    assert "broken.ics" in err
    found = {f["kind"]: f for f in map(json.loads, out.splitlines())}
    fields = found["ask_permission"]
    assert fields["draft"]["to"] == ["dana.cole@initech.example"]
    assert fields["state"] == "open"
    assert world.lying() == [world.config / "calendar" / "broken.ics"]
    assert not world.state.exists()


def test_replay_of_what_is_configured_in_words(world):
    world.deliver(1)
    status, out, err = world.vouchd("replay")
    assert (status, err) == (0, "")
    assert "[ask_permission]" in out
    assert out.endswith(" of them open.\n")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--from", "soon"], '--from: "soon" is no day; allowed: a day such as 2026-01-31'),
        (["--from", "2026-03-02", "--until", "2026-03-01"], "lies before --from"),
    ],
)
def test_days_of_replay_that_are_none(world, flags, said):
    status, out, err = world.vouchd("replay", *flags)
    assert (status, out) == (2, "")
    assert said in err


def test_replay_of_nothing_has_no_day_to_live_through(world):
    flags = ("--mail", world.mail, "--calendar", world.config / "calendar")
    assert world.json("replay", *flags) == []
    asked = world.json("replay", *flags, "--until", "2026-03-02")
    assert [f["kind"] for f in asked] == ["ask_permission"], "named in applications.toml"


def test_replay_of_a_path_that_is_not_there_fails(world):
    status, _, err = world.vouchd("replay", "--mail", "/no/such")
    assert status == 1
    assert "/no/such: is not there" in err


def test_classify_and_replay_need_no_mailbox(world):
    config = CONFIG
    google = config.replace('"maildir"\npath = "mail"', '"gmail"')
    world.write_config(google.replace('"folder"\npath = "calendar"', '"google"'))
    path = world.deliver(1)
    assert world.json("classify", path)[0]["signals"]
    assert world.json("replay", "--mail", world.mail)
    # What is configured is looked at, and what keeps it from being looked at is told.
    _, _, err = world.vouchd("replay")
    assert "not signed in to Google" in err


# --- when it goes wrong -----------------------------------------------------------------------


def test_a_missing_calendar_leaves_the_mail_working(world):
    (world.config / "calendar").rmdir()
    world.deliver(1)
    status, out, err = world.vouchd("once")
    assert status == 1
    assert f"{world.config}/calendar: " in err
    assert "+ draft to dana.cole@initech.example" in out
    (world.config / "calendar").mkdir()
    status, out, err = world.vouchd("once")
    assert (status, err) == (0, "")
    assert "+ event" in out
    assert "+ draft" not in out


def test_a_missing_mailbox_is_one_clear_line_and_status_tells_it(world):
    world.write_config(CONFIG.replace('"mail"', '"gone"'))
    status, _, err = world.vouchd("once")
    assert status == 1
    assert f"{world.config}/gone: " in err
    assert "correct the path" in err
    out = world.vouchd("status")[1]
    assert "did not succeed; the last that did: none so far" in out
    assert "Not well" in out
    assert f"{world.config}/gone" in out


def test_a_broken_event_is_set_aside_and_shown(world):
    (world.config / "calendar" / "broken.ics").write_text(BROKEN)
    world.deliver(1)
    status, out, err = world.vouchd("once")
    assert status == 0
    assert "broken.ics" in err
    assert "+ draft to dana.cole@initech.example" in out
    assert "broken.ics" in world.vouchd("status")[1]


def test_wrong_toml_is_told_with_every_problem_and_status_two(world):
    world.write_config("[me]\nname = 3\n", references="[[reference]\n")
    for command in ("once", "run", "plan", "status"):
        status, out, err = world.vouchd(command)
        assert (status, out) == (2, "")
        assert "config.toml:2: me.name: 3 is not text" in err
        assert "references.toml:1: is not TOML" in err
        assert all(line.startswith("vouchd: ") for line in err.splitlines())


def test_no_configuration_says_how_to_get_one(world):
    (world.config / "config.toml").unlink()
    status, _, err = world.vouchd("plan")
    assert status == 2
    assert "there is no such file; `vouchd init` writes one" in err


def test_a_source_that_is_not_in_this_release_is_named(world):
    config = CONFIG
    world.write_config(config.replace('"maildir"\npath = "mail"', '"imap"'))
    status, _, err = world.vouchd("once")
    assert status == 2
    assert 'mail.source: "imap" cannot be used with this release' in err


def test_a_second_vouchd_is_refused_and_looking_is_not(world):
    world.vouchd("once")
    lock = Lock(world.state)
    try:
        status, _, err = world.vouchd("once")
        assert status == 1
        assert "another vouchd (process " in err
        assert world.vouchd("plan")[0] == 0
        assert "the daemon runs (process " in world.vouchd("status")[1]
    finally:
        lock.release()


def test_a_damaged_state_is_one_clear_line(world):
    world.vouchd("once")
    (world.state / "vouchd.db").write_bytes(b"no database" * 100)
    for command in ("plan", "status"):
        status, _, err = world.vouchd(command)
        assert status == 1
        assert "is damaged" in err
        assert "vouchd.db.bak" in err
        assert len(err.splitlines()) == 1
    status, _, err = world.vouchd("once")
    assert status == 0
    assert "was damaged: the copy of " in err
    assert len(err.splitlines()) == 1
    assert world.vouchd("status")[2] == ""


def test_a_newer_state_is_refused(world):
    world.vouchd("once")
    db = sqlite3.connect(world.state / "vouchd.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    status, _, err = world.vouchd("once")
    assert status == 1
    assert "was written by a newer vouchd" in err


def test_the_state_of_somebody_else_is_refused(world):
    world.vouchd("once")
    world.write_config(CONFIG.replace("sam@", "kim@"))
    status, _, err = world.vouchd("once")
    assert status == 1
    assert "belongs to sam@example.org" in err


def test_a_full_disk_of_the_drafts_is_one_clear_line_and_nothing_is_lost(world, monkeypatch):
    import errno
    import os

    real = os.fsync

    def full(file: int) -> None:
        if Path(f"/proc/self/fd/{file}").readlink().suffix == ".tmp":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file)

    world.deliver(1)
    monkeypatch.setattr(os, "fsync", full)
    status, _, err = world.vouchd("once")
    assert status == 1
    assert "the disk is full: free some space" in err
    assert [path for path in world.lying() if path.suffix != ".tmp"] == []
    monkeypatch.undo()
    world.capsys.readouterr()
    status, out, _ = world.vouchd("once")
    assert status == 0
    assert "+ draft to dana.cole@initech.example" in out


def test_a_phrase_file_of_the_user_that_is_wrong_is_named(world):
    (world.config / "phrases").mkdir()
    (world.config / "phrases" / "nl.toml").write_text("language = 3")
    status, _, err = world.vouchd("plan")
    assert status == 2
    assert "phrases/nl.toml: language: " in err


def test_a_template_of_the_user_that_is_wrong_is_named_and_ours_is_used(world):
    (world.config / "templates" / "en").mkdir(parents=True)
    (world.config / "templates" / "en" / "ask_permission.j2").write_text("Hi {{ nonsense")
    status, out, err = world.vouchd("plan")
    assert status == 0
    assert "templates/en/ask_permission.j2, line 1: " in err
    assert "ours is used instead" in err
    assert "+ draft to dana.cole@initech.example" in out


def test_a_template_of_the_user_takes_the_place_of_ours(world):
    ours = (files("vouchd.rules") / "templates" / "en" / "ask_permission.j2").read_text()
    (world.config / "templates" / "en").mkdir(parents=True)
    mine = world.config / "templates" / "en" / "ask_permission.j2"
    mine.write_text(ours.rstrip() + "\n\nWritten in my own words.\n")
    status, _, err = world.vouchd("once")
    assert (status, err) == (0, "")
    (draft,) = (world.mail / ".Drafts" / "cur").iterdir()
    assert "Written in my own words." in draft.read_text()


def test_a_mistake_of_our_own_is_a_sentence_and_debug_shows_more(world, monkeypatch):
    def breaks(*_, **__):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("vouchd.daemon.commands.run_round", breaks)
    status, _, err = world.vouchd("once")
    assert status == 1
    assert "a mistake of vouchd itself: ZeroDivisionError" in err
    assert "Traceback" not in err
    with pytest.raises(ZeroDivisionError):
        world.vouchd("once", "--debug")
