"""vouchd on a Google account, by its command line, against the strict fake."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.google.server import ALL, FakeGoogle, running
from vouchd.connectors.google_token import SignIn
from vouchd.daemon import clock
from vouchd.daemon.cli import main
from vouchd.daemon.console import configured
from vouchd.daemon.service import Daemon
from vouchd.daemon.store import Store

CONFIG = """\
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "gmail"
[calendar]
source = "google"
[google]
endpoint = "{url}"
labels = true
[state]
path = "state"
"""
REFERENCES = """\
[[reference]]
name = "Dana Cole"
emails = ["dana.cole@initech.example"]
relationship = "former manager"
agreed_on = 2026-01-05
keep_in_touch = "never"
"""
APPLICATIONS = """\
[[application]]
company = "Acme Robotics"
domains = ["acme-robotics.example"]
role = "Staff Engineer"
references = ["Dana Cole"]
"""
SPOKE = (
    "Hi Sam,\n\njust to let you know: I spoke with Jo Lindt from Acme Robotics this morning about "
    "you. It went well.\n\nDana\n"
)


@dataclass
class Desk:
    """A user with a Google account and a terminal."""

    home: Path
    fake: FakeGoogle
    capsys: pytest.CaptureFixture[str]

    def vouchd(self, *arguments: str) -> tuple[int, str, str]:
        status = main([arguments[0], "--config", str(self.home), *arguments[1:]])
        out, err = self.capsys.readouterr()
        return status, out, err

    def round(self) -> dict[str, Any]:
        status, out, err = self.vouchd("once", "--json")
        assert (status, err) == (0, "")
        found: dict[str, Any] = json.loads(out.splitlines()[-1])["round"]
        return found

    def waiting(self) -> list[str]:
        _, out, _ = self.vouchd("status", "--json")
        return [follow_up["kind"] for follow_up in json.loads(out)["waiting"]]

    def configure(self, more: str = "") -> None:
        (self.home / "config.toml").write_text(CONFIG.format(url=self.fake.url) + more)

    def sign_in(self, **changes: Any) -> None:
        fields = {
            "token": "access-1",
            "refresh_token": "refresh-1",
            "token_uri": f"{self.fake.url}/token",
            "client_id": "c",
            "client_secret": "s",
            "scopes": list(ALL),
            "account": "sam@example.org",
        }
        (self.home / "state").mkdir(exist_ok=True)
        path = self.home / "state" / "google-token.json"
        path.write_text(json.dumps({**fields, **changes}))
        path.chmod(0o600)

    def dana_spoke(self) -> str:
        return self.receive(SPOKE, "Dana Cole <dana.cole@initech.example>")

    def receive(
        self, text: str, sender: str, subject: str = "Acme called", *, forged: bool = False
    ) -> str:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "sam@example.org", subject
        message["Message-ID"] = f"<{len(self.fake.gmail.mails)}@mail.example>"
        message["Date"] = format_datetime(clock.now() - timedelta(hours=30))
        if forged:
            message["Authentication-Results"] = "mx.google.com; dmarc=fail header.from=x.example"
        message.set_content(text)
        return self.fake.gmail.receive(bytes(message))

    def tasks(self) -> list[dict[str, Any]]:
        return [t for t in self.fake.tasks.tasks.values() if not t.get("deleted")]


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_USEC"):
        monkeypatch.delenv(name, raising=False)
    fake = FakeGoogle(time.time)
    with running(fake):
        home = tmp_path / "config"
        home.mkdir()
        made = Desk(home, fake, capsys)
        made.configure()
        (home / "references.toml").write_text(REFERENCES)
        (home / "applications.toml").write_text(APPLICATIONS)
        made.sign_in()
        yield made
    assert not fake.violations, fake.violations
    assert not fake.gmail.ghosts


def test_a_round_and_an_idle_round(desk: Desk):
    desk.dana_spoke()
    assert desk.round()["actions"] == 2, "a draft, and the event that links to it"
    (event,) = desk.fake.calendar.lying()
    assert len(desk.fake.gmail.drafts) == 1
    assert "Draft: https://mail.google.com/mail/" in event["description"]
    assert desk.fake.count("events.update") == 0, "written once, with the link to the draft"
    with desk.fake.counted() as calls:
        idle = desk.round()
    assert (idle["actions"], idle["messages"]) == (0, 0)
    assert sum(call.units for call in calls) <= 2
    assert [c.method for c in calls] == ["gmail.users.history.list"] + ["calendar.events.list"] * 2


def test_an_idle_round_beside_a_draft_of_the_users_own_costs_no_more(desk: Desk):
    mail = desk.receive(
        "Hi Sam,\n\nthank you for asking. I'm sorry, but I can't be a reference for you at the "
        "moment.\n\nDana\n",
        "Dana Cole <dana.cole@initech.example>",
        "Re: A favour",
    )
    parent = desk.fake.gmail.mails[mail].parsed["Message-ID"]
    own = f"To: dana.cole@initech.example\nSubject: Re: A favour\nIn-Reply-To: {parent}\n\nhm\n"
    theirs = desk.fake.gmail.compose(own.encode(), desk.fake.gmail.mails[mail].thread)
    for _ in range(2):
        status, _, err = desk.vouchd("once")
        assert status == 0
        assert "a draft of your own in the conversation “Re: A favour”" in err
    with desk.fake.counted() as calls:
        desk.vouchd("once")
    assert [c.method for c in calls] == ["gmail.users.history.list"] + ["calendar.events.list"] * 2
    desk.fake.gmail.discard(theirs)
    desk.round()
    assert len(desk.fake.gmail.drafts) == 1


def test_a_round_that_passed_the_guard_is_not_held_up_half_way(desk: Desk):
    more = REFERENCES.replace("Dana Cole", "Lee Ford").replace("dana.cole", "lee.ford")
    (desk.home / "references.toml").write_text(REFERENCES + more)
    desk.configure("[limits]\nmost_per_round = 1\n")
    desk.dana_spoke()
    desk.receive(SPOKE.replace("Dana", "Lee"), "Lee Ford <lee.ford@initech.example>")
    desk.round()
    assert len(desk.fake.gmail.drafts) == len(desk.fake.calendar.lying()) == 2


def test_plan_writes_nothing_at_google_and_nothing_here(desk: Desk):
    desk.dana_spoke()
    before = sorted((p, p.read_bytes()) for p in (desk.home / "state").iterdir())
    status, out, _ = desk.vouchd("plan")
    assert status == 0
    assert "Dana Cole" in out
    verbs = {c.method.rpartition(".")[2] for c in desk.fake.calls}
    assert verbs <= {"getProfile", "list", "get"}
    assert sorted((p, p.read_bytes()) for p in (desk.home / "state").iterdir()) == before


def test_a_calendar_that_is_down_leaves_the_mail_working(desk: Desk):
    desk.round()
    desk.dana_spoke()
    desk.fake.fault("calendar.events.list", status=403, reason="quotaExceeded", times=99)
    status, _, err = desk.vouchd("once")
    assert status == 1
    assert "allowance is used up" in err
    assert len(desk.fake.gmail.drafts) == 1
    desk.fake.faults.clear()
    desk.round()
    assert len(desk.fake.calendar.lying()) == 1


def test_a_sign_in_that_ended_is_shown_and_not_tried_again(desk: Desk):
    desk.sign_in(token="old", refresh_token="dead", expiry="2020-01-01T00:00:00Z")
    for _ in range(3):
        status, _, err = desk.vouchd("once")
        assert status == 1
        assert err.count("sign in again with `vouchd auth google`") >= 1
    assert desk.fake.count("token") == 1
    _, out, _ = desk.vouchd("status")
    assert "sign in again with `vouchd auth google`" in out
    desk.sign_in()
    desk.dana_spoke()
    assert desk.round()["actions"] == 2


def at_work(desk: Desk) -> Daemon:
    arguments = argparse.Namespace(config=str(desk.home), json=False, debug=False)
    return Daemon(arguments, configured(arguments))


def test_the_units_status_line_tells_to_sign_in_again(desk: Desk):
    desk.sign_in(token="old", refresh_token="dead", expiry="2020-01-01T00:00:00Z")
    daemon = at_work(desk)
    said: list[str] = []
    daemon.say = said.append
    with daemon.signals.heard():
        daemon.round()
        daemon.close()
    assert said[-1].startswith("STATUS=")
    assert "sign in again with `vouchd auth google`" in said[-1]
    journal = desk.capsys.readouterr().err
    assert journal.count("sign in again") == 1, "once, not for each part of the account"


def test_older_mail_waits_for_the_next_rounds_and_the_daemon_goes_on_with_it(desk: Desk):
    config = (desk.home / "config.toml").read_text()
    slow = config.replace("labels = true", "units_per_minute = 700")
    (desk.home / "config.toml").write_text(slow)
    for number in range(30):
        desk.receive(f"Nothing new, number {number}.", "News <news@jobs.example>")
    desk.dana_spoke()
    daemon = at_work(desk)
    with daemon.signals.heard():
        daemon.round()
        assert daemon.behind
        assert len(desk.fake.gmail.drafts) == 1, "what counts came first"
        daemon.behind = False
        with desk.fake.counted() as calls:
            daemon.catch_up()
        daemon.close()
    assert calls == [], "where nothing is left, nothing is asked before its time"
    assert "older ones left for the next rounds" in desk.capsys.readouterr().out


def test_a_permission_that_is_missing_is_said_and_the_rest_works(desk: Desk):
    granted = [s for s in ALL if not s.endswith("calendar.app.created")]
    desk.fake.tokens["access-1"] = frozenset(granted)
    desk.sign_in(scopes=granted)
    desk.dana_spoke()
    _, _, err = desk.vouchd("once")
    assert "“calendar.app.created”: no follow-up events can be put" in err
    assert len(desk.fake.gmail.drafts) == 1


def test_the_end_of_the_sign_in_stands_in_the_calendar_in_time(desk: Desk):
    ends = clock.now() + timedelta(days=5)
    desk.sign_in(refresh_token_ends_at=ends.isoformat())
    desk.round()
    (event,) = desk.fake.calendar.lying()
    assert event["summary"] == "Sign in to Google again for vouchd"
    assert event["start"]["dateTime"][:10] == f"{ends - timedelta(days=1):%Y-%m-%d}"
    assert "publish it" in event["description"]
    with desk.fake.counted() as calls:
        desk.round()
    assert "calendar.events.insert" not in {c.method for c in calls}
    assert desk.waiting() == []
    desk.sign_in(refresh_token_ends_at=(ends + timedelta(days=2)).isoformat())
    desk.round()
    (event,) = desk.fake.calendar.lying()
    assert event["start"]["dateTime"][:10] == f"{ends + timedelta(days=1):%Y-%m-%d}"
    desk.sign_in()
    desk.round()
    assert desk.fake.calendar.lying() == [], "a sign-in that lasts needs no word"


def test_a_calendar_whose_making_was_not_answered_is_found_after_a_new_sign_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.dana_spoke()
    desk.fake.fault("calendars.insert", cut="after")
    for _ in range(2):
        status, _, err = desk.vouchd("once")
        assert status == 1
        assert "run `vouchd auth google`; it will ask for one permission more" in err
    asked: list[str] = []

    def signed_in(client: Path, scopes: list[str], **_: object) -> SignIn:
        asked.extend(scopes)
        desk.fake.tokens["access-9"] = frozenset(scopes)
        return SignIn(token="access-9", refresh_token="refresh-9", scopes=tuple(scopes))

    monkeypatch.setattr("vouchd.connectors.google_signin.sign_in", signed_in)
    desk.vouchd("auth", "google", "--client", "client.json")
    assert "https://www.googleapis.com/auth/calendar.calendarlist.readonly" in asked
    desk.round()
    assert len(desk.fake.calendar.own()) == len(desk.fake.calendar.lying()) == 1
    asked.clear()
    desk.vouchd("auth", "google", "--client", "client.json")
    assert "https://www.googleapis.com/auth/calendar.calendarlist.readonly" not in asked


@pytest.mark.parametrize("where", ["option", "config", "usual place", "sign-in before"])
def test_signing_in_again_needs_no_option(desk: Desk, monkeypatch: pytest.MonkeyPatch, where: str):
    told: list[object] = []

    def signed_in(client: object, scopes: list[str], **_: object) -> SignIn:
        told.append(client)
        return SignIn(token="access-1", refresh_token="refresh-1", scopes=tuple(scopes))

    monkeypatch.setattr("vouchd.connectors.google_signin.sign_in", signed_in)
    token = desk.home / "state" / "google-token.json"
    if where != "sign-in before":
        token.unlink()
    if where == "config":
        config = (desk.home / "config.toml").read_text()
        named = config.replace("labels = true", 'client = "mine.json"\nlabels = true')
        (desk.home / "config.toml").write_text(named)
    if where == "usual place":
        (desk.home / "client_secret.json").write_text("{}")
    status, _, err = desk.vouchd("auth", "google", *(["--client=x.json"] * (where == "option")))
    assert (status, err) == (0, "")
    before = {"client_id": "c", "client_secret": "s", "token_uri": f"{desk.fake.url}/token"}
    assert told == [
        {
            "option": Path("x.json"),
            "config": desk.home / "mine.json",
            "usual place": desk.home / "client_secret.json",
            "sign-in before": before,
        }[where]
    ]
    assert json.loads(token.read_text())["account"] == "sam@example.org"


def test_signing_in_for_the_first_time_says_where_the_client_file_belongs(desk: Desk):
    (desk.home / "state" / "google-token.json").unlink()
    status, _, err = desk.vouchd("auth", "google")
    assert status == 2
    assert f"As {desk.home / 'client_secret.json'} it is found" in err


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("drafts.create", {"twice": True}),
        ("drafts.create", {"cut": "after"}),
        ("calendars.insert", {"cut": "after"}),
        ("calendars.insert", {"cut": "before"}),
        ("events.insert", {"cut": "after"}),
    ],
    ids=str,
)
def test_whatever_happens_to_a_write_there_is_one_draft_one_event_one_calendar(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str, fault: dict[str, Any]
):
    monkeypatch.setattr("vouchd.daemon.loop.Signals.pause", lambda *_: False)
    listing = "https://www.googleapis.com/auth/calendar.calendarlist.readonly"
    desk.fake.tokens["access-1"] |= {listing}
    desk.sign_in(scopes=[*desk.fake.tokens["access-1"]])
    desk.dana_spoke()
    desk.fake.fault(method, **fault)
    desk.vouchd("once")
    desk.vouchd("once", f"--now={(clock.now() + timedelta(minutes=11)).isoformat()}")
    assert len(desk.fake.calendar.own()) == 1
    assert len(desk.fake.gmail.drafts) == len(desk.fake.calendar.lying()) == 1


# --- tasks ----------------------------------------------------------------------------------


def test_tasks_in_the_place_of_events(desk: Desk):
    desk.configure('[follow_ups]\nas = "task"\n')
    desk.dana_spoke()
    desk.round()
    (task,) = desk.tasks()
    assert "Dana Cole" in task["title"]
    assert desk.fake.calendar.lying() == []
    assert desk.round()["actions"] == 0
    desk.fake.tasks.complete(task["id"])
    desk.round()
    assert desk.waiting() == []
    assert desk.fake.gmail.drafts == {}, "done is done: the untouched draft goes"


def test_both_and_done_in_one_place_is_done_in_the_other(desk: Desk):
    desk.configure('[follow_ups]\nas = "both"\n')
    desk.dana_spoke()
    desk.round()
    assert len(desk.tasks()) == len(desk.fake.calendar.lying()) == 1
    desk.fake.tasks.complete(desk.tasks()[0]["id"])
    desk.round()
    assert desk.fake.calendar.lying() == []
    assert desk.waiting() == []


def test_changing_from_events_to_tasks_and_back(desk: Desk):
    desk.dana_spoke()
    desk.round()
    desk.configure('[follow_ups]\nas = "task"\n')
    desk.round()
    assert (len(desk.tasks()), desk.fake.calendar.lying()) == (1, [])
    desk.configure()
    desk.round()
    assert len(desk.fake.calendar.lying()) == 1
    assert desk.waiting() == ["thank_you"]


# --- labels as answers ----------------------------------------------------------------------


def label(desk: Desk, id_: str, word: str, *, on: bool = True) -> None:
    (found,) = (i for i, name in desk.fake.gmail.labels.items() if name == f"vouchd/{word}")
    desk.fake.gmail.relabel(id_, add=[found] if on else (), remove=() if on else [found])


def test_stop_ends_all_work_on_a_conversation_until_it_is_taken_off(desk: Desk):
    mail = desk.dana_spoke()
    desk.round()
    label(desk, mail, "stop")
    desk.round()
    assert desk.fake.gmail.drafts == {}
    assert desk.fake.calendar.lying() == []
    assert desk.waiting() == []
    label(desk, mail, "stop", on=False)
    desk.round()
    assert desk.waiting() == ["thank_you"]
    assert len(desk.fake.gmail.drafts) == len(desk.fake.calendar.lying()) == 1


@pytest.mark.parametrize("word", ["yes", "no"])
def test_yes_and_no_answer_the_question_of_a_conversation(desk: Desk, word: str):
    offer = (
        "Dear Sam,\n\nWe are delighted to offer you the position of Staff Engineer at Acme "
        "Robotics. Your offer letter is attached.\n\nKind regards,\nJo Lindt\n"
    )
    mail = desk.receive(offer, "Jo Lindt <jo@acme-robotics.example>", "Your offer", forged=True)
    desk.round()
    assert desk.waiting() == ["review"], "its sender is not certain: somebody has to say yes"
    label(desk, mail, word)
    desk.round()
    assert desk.waiting() == (["decide_offer"] if word == "yes" else [])


def test_what_a_shelf_that_cannot_be_seen_holds_is_not_gone(desk: Desk):
    """Three drafts and more: the line names the trouble and not a folder that was emptied."""
    desk.dana_spoke()
    assert desk.round()["good"]
    with Store.open(desk.home / "state") as store:
        (draft,) = [r for r in store.receipts() if r.part.value == "draft"]
        for number in range(3):
            other = f"{draft.key}{number}"
            with store.transaction() as db:
                db.execute(
                    "INSERT INTO receipts SELECT ?, part, ?, print, at, state FROM receipts"
                    " WHERE key = ? AND part = 'draft'",
                    (other, f"r{number}", draft.key),
                )
    desk.fake.fault("drafts.get", status=503, times=999)
    _, _, err = desk.vouchd("once")
    assert "gone at once" not in err
    assert "503" in err
