"""The user's own rules are tried on saved messages."""

from __future__ import annotations

import tomllib

import pytest

from tests.daemon.conftest import CONFIG

ASKS = (
    "Dear Sam,\n\nWe enjoyed the final interview for the Staff Engineer position at Acme Robotics. "
    "Please send us the names and contact details of two references so that we can contact them."
    "\n\nKind regards,\nJo Lindt\n"
)
EACH = 'signals = ["reference_request"]'


def expectations(world):
    return tomllib.loads((world.config / "config.toml").read_text()).get("expect", [])


@pytest.fixture
def saved(world):
    path = world.deliver(1, ASKS)
    kept = world.home / "References please.eml"
    path.rename(kept)
    return kept


def test_a_saved_message_becomes_an_expectation_with_one_command(world, saved):
    (said,) = world.json("expect", saved)
    assert said == {
        "message": "expect/References-please.eml",
        "expected": ["reference_request"],
        "signals": ["reference_request"],
        "met": True,
        "wrong": [],
    }
    assert (world.config / "config.toml").read_text().startswith(CONFIG)
    assert expectations(world) == [
        {
            "message": "expect/References-please.eml",
            "signals": ["reference_request"],
            "company": "Acme Robotics",
            "follow_ups": ["ask_permission", "share_references"],
        }
    ]
    assert (world.config / "expect" / "References-please.eml").read_bytes() == saved.read_bytes()
    status, out, err = world.vouchd("check")
    assert (status, err) == (0, "")
    assert "expect/References-please.eml: as expected\n" in out
    assert "1 expectation, 1 of them met.\n" in out
    # Once is enough.
    status, _, err = world.vouchd("expect", saved)
    assert status == 2
    assert "is expected already" in err
    assert len(expectations(world)) == 1


def test_what_is_not_met_is_told_and_the_status_says_so(world, saved):
    out = world.vouchd(
        *("expect", saved, "--signal", "rejection", "--signal", "offer"),
        *("--company", "Globex", "--follow-up", "gift"),
    )[1]
    assert "is expected to say rejection, offer; now: does not say rejection, offer; says " in out
    status, out, _ = world.vouchd("check")
    assert status == 1
    assert "does not say rejection, offer; says reference_request; prepares ask_permission" in out
    (found,) = [
        line for line in world.vouchd("check", "--json")[1].splitlines() if '"met": false' in line
    ]
    assert "does not say rejection" in found


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (f'{EACH}\ncompany = "Globex"', "of Acme Robotics, not Globex"),
        (f'{EACH}\nrole = "Baker"', "for Staff Engineer, not Baker"),
        (f'{EACH}\nreferences = ["Dana Cole"]', "about nobody"),
        ("signals = []", "says reference_request"),
        (f"{EACH}\nfollow_ups = []", "prepares ask_permission"),
    ],
)
def test_each_part_of_an_expectation_counts(world, saved, entry, told):
    world.write_config(f'{CONFIG}[[expect]]\nmessage = "{saved}"\n{entry}\n')
    status, out, _ = world.vouchd("check")
    assert status == 1
    assert told in out


def test_own_phrases_change_what_is_seen_and_check_says_so(world, saved):
    world.json("expect", saved)
    ours = world.vouchd("check")[0]
    (world.config / "phrases").mkdir()
    (world.config / "phrases" / "en.toml").write_text('[cues.ref_word]\nstrong = ["tulip"]\n')
    assert (ours, world.vouchd("check")[0]) == (0, 1)


def test_nothing_may_be_expected_and_an_event_too(world):
    event = world.home / "swim.ics"
    event.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@x.example\r\n"
        "DTSTAMP:20260901T080000Z\r\nDTSTART:20260902T080000Z\r\nDTEND:20260902T090000Z\r\n"
        "SUMMARY:Swimming\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (said,) = world.json("expect", event, "--nothing")
    assert (said["expected"], said["met"]) == ([], True)
    assert world.vouchd("check")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--signal", "refusal"), '"refusal" is not known; allowed: application_received'),
        (("--follow-up", "flowers"), '"flowers" is not known; allowed: ask_permission'),
        (("--nothing", "--signal", "offer"), "--nothing"),
    ],
)
def test_what_cannot_be_expected_is_refused_and_nothing_is_written(world, saved, words, told):
    status, out, err = world.vouchd("expect", saved, *words)
    assert (status, out) == (2, "")
    assert told in err
    assert not expectations(world)
    assert not (world.config / "expect").exists()


def test_a_message_that_is_gone_is_told(world):
    assert "gone.eml: is not there" in world.vouchd("expect", world.home / "gone.eml")[2]
    world.write_config(f'{CONFIG}[[expect]]\nmessage = "gone.eml"\nsignals = []\n')
    status, out, _ = world.vouchd("check")
    assert status == 1
    assert "gone.eml: " in out


def test_a_wrong_entry_is_named_with_its_line(world):
    world.write_config(f'{CONFIG}[[expect]]\nmessage = "a.eml"\nsignals = ["no"]\n')
    status, _, err = world.vouchd("check")
    assert status == 2
    assert 'expect[1].signals: "no" is not known' in err
    world.write_config(f'{CONFIG}[expect]\nmessage = "a.eml"\n')
    assert "two brackets" in world.vouchd("check")[2]
