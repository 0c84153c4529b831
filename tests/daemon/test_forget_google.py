"""Forgetting where the drafts and events lie at Google."""

import json

from tests.daemon.test_google import Desk, desk

__all__ = ["desk"]


def waiting_for_dana(desk: Desk) -> None:
    desk.dana_spoke()
    assert desk.round()["actions"] >= 2
    assert desk.fake.gmail.drafts
    assert desk.fake.calendar.lying()


def test_a_person_is_forgotten_with_draft_and_event(desk: Desk):
    waiting_for_dana(desk)
    status, out, err = desk.vouchd("forget", "person", "Dana Cole", "--yes", "--json")
    assert (status, err) == (0, "")
    assert {thing["part"] for thing in json.loads(out)["removed"]} == {"draft", "event"}
    assert not desk.fake.gmail.drafts
    assert not desk.fake.calendar.lying()
    state = (desk.home / "state" / "vouchd.db").read_bytes().decode("latin-1").casefold()
    assert "dana" not in state
    desk.round()
    assert not desk.fake.gmail.drafts
    assert desk.fake.violations == []


def test_with_a_sign_in_that_no_longer_holds_the_user_decides(desk: Desk):
    waiting_for_dana(desk)
    before = (desk.home / "references.toml").read_text()
    desk.fake.tokens.clear()
    desk.fake.refresh_answer = (400, {"error": "invalid_grant"})
    status, _, err = desk.vouchd("forget", "person", "Dana Cole", "--yes")
    assert status == 2
    assert "nothing was forgotten" in err
    assert (desk.home / "references.toml").read_text() == before
    assert desk.vouchd("forget", "person", "Dana Cole", "--yes", "--leave-drafts")[0] == 0
    assert "Dana" not in (desk.home / "references.toml").read_text()
    assert desk.fake.gmail.drafts


def test_everything_takes_the_sign_in_back(desk: Desk):
    waiting_for_dana(desk)
    status, out, _ = desk.vouchd("forget", "--everything", "--yes")
    assert status == 0
    assert "The sign-in was revoked at Google." in out
    assert not desk.fake.gmail.drafts
    assert not desk.fake.calendar.lying()
    assert list((desk.home / "state").iterdir()) == []


def test_an_export_has_no_secret(desk: Desk):
    waiting_for_dana(desk)
    status, out, _ = desk.vouchd("export")
    assert status == 0
    found = json.loads(out)
    assert found["sign_in"]["account"] == "sam@example.org"
    for secret in ("access-1", "refresh-1"):
        assert secret not in out
