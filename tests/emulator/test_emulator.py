"""A user's days with vouchd, played by the command line against the third-party emulator."""

from __future__ import annotations

import json
import re
import stat
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.emulator.emulator import ME, Emulator, encoded, running
from tests.fakes.google.server import UNITS
from vouchd.daemon import clock
from vouchd.daemon.cli import main

CLIENT = {
    "client_id": "vouchd-test.apps.googleusercontent.com",
    "client_secret": "not-a-secret",
    "name": "vouchd",
    "redirect_uris": ["http://localhost:8765/"],
}
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
client = "client_secret.json"
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

[[reference]]
name = "Priya Shah"
emails = ["priya@shah.example"]
keep_in_touch = "never"
"""
APPLICATIONS = """\
[[application]]
company = "Acme Robotics"
domains = ["acme-robotics.example"]
role = "Staff Engineer"
references = ["Dana Cole"]
"""
SPOKE = """\
Hi Sam,

just to let you know: I spoke with Jo Lindt from Acme Robotics this morning about you, for half an
hour. It went well, I think.

All the best
Dana
"""
DECLINES = """\
Hi Sam,

thank you for asking. I'm sorry, but I can't be a reference for you at the moment: I am on leave
until spring.

Priya
"""
ASKED = """\
Hi Priya,

would you be willing to be a reference for me for a job at Acme Robotics?

Sam
"""


def mail(
    number: int, text: str, *, sender: str, subject: str, hours: int = 30, to: str = ME
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{number}@mail.example>"
    message["Date"] = format_datetime(clock.now() - timedelta(hours=hours))
    if number in ANSWERS:
        message["In-Reply-To"] = message["References"] = ANSWERS[number]
    message.set_content(text)
    return bytes(message)


ANSWERS = {31: "<30@mail.example>"}


def newsletter(number: int) -> bytes:
    text = f"Ten great jobs for you this week, number {number}. Unsubscribe below."
    raw = mail(number, text, sender="Jobs <news@jobs.example>", subject="Jobs", hours=40 + number)
    return b"List-Id: <jobs.jobs.example>\n" + raw


PRIYA = "Priya Shah <priya@shah.example>"
DANA = "Dana Cole <dana.cole@initech.example>"


@dataclass
class Desk:
    home: Path
    emulator: Emulator
    capsys: pytest.CaptureFixture[str]

    def vouchd(self, *arguments: str) -> tuple[int, str, str]:
        command, *rest = arguments
        status = main([command, *rest, "--config", str(self.home)])
        out, err = self.capsys.readouterr()
        return status, out, err

    def round(self) -> dict[str, Any]:
        status, out, err = self.vouchd("once", "--json")
        assert (status, err) == (0, "")
        found: dict[str, Any] = json.loads(out.splitlines()[-1])["round"]
        return found


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    letters = [mail(1, SPOKE, sender=DANA, subject="Acme called")]
    letters += [newsletter(number) for number in range(2, 12)]
    seed = {
        "messages": [
            {"user_email": ME, "raw": encoded(raw), "label_ids": ["INBOX"]} for raw in letters
        ]
    }
    with running(tmp_path, seed, client=CLIENT) as emulator:
        home = tmp_path / "config"
        home.mkdir()
        (home / "config.toml").write_text(CONFIG.format(url=emulator.url))
        (home / "references.toml").write_text(REFERENCES)
        (home / "applications.toml").write_text(APPLICATIONS)
        client = {
            **CLIENT,
            "auth_uri": f"{emulator.direct}/o/oauth2/v2/auth",
            "token_uri": f"{emulator.url}/token",
        }
        (home / "client_secret.json").write_text(json.dumps({"installed": client}))
        yield Desk(home, emulator, capsys)


def sign_in(desk: Desk, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    """Sign in as a user does: open the address that is printed, choose the account."""
    printed: list[str] = []
    seen = threading.Event()
    write = sys.stdout.write

    def listened(text: str) -> int:
        if text.startswith("http"):
            printed.append(text.strip())
            seen.set()
        return write(text)

    monkeypatch.setattr(sys.stdout, "write", listened)

    def browser() -> None:
        assert seen.wait(20)
        address = printed[0].replace(desk.emulator.url, desk.emulator.direct)
        asked = dict(parse_qsl(urlsplit(address).query))
        assert ME in requests.get(address, timeout=10).text
        names = "redirect_uri scope state client_id code_challenge code_challenge_method".split()
        form = {name: asked[name] for name in names} | {"email": ME}
        answer = requests.post(
            f"{desk.emulator.direct}/o/oauth2/v2/auth/callback", data=form, timeout=10,
            allow_redirects=False,
        )  # fmt: skip
        back = answer.headers["location"]
        stray = re.sub(r"\?.*", "favicon.ico", back)
        assert requests.get(stray, timeout=10).status_code == 404
        requests.get(back, timeout=10)

    thread = threading.Thread(target=browser, daemon=True)
    thread.start()
    result = desk.vouchd("auth", "google", *arguments)
    thread.join()
    return result


def test_a_whole_story(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    # Signing in.
    status, out, err = desk.vouchd("once")
    assert status == 1
    assert "not signed in to Google" in err
    assert "vouchd auth google" in err
    status, out, err = sign_in(desk, monkeypatch)
    assert (status, err) == (0, "")
    assert f"Signed in as {ME}" in out
    assert "ssh -L 8765:localhost:8765" in out
    token = desk.home / "state" / "google-token.json"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    kept = json.loads(token.read_text())
    assert kept["refresh_token"].startswith("google_refresh_")
    assert {s.rsplit("/", 1)[-1] for s in kept["scopes"]} == {
        "gmail.readonly", "gmail.compose", "calendar.events.readonly", "calendar.app.created",
    }  # fmt: skip

    # The first look prepares thanks for Dana.
    first = desk.round()
    assert first["messages"] == 11
    (draft,) = desk.emulator.drafts()
    written = message_from_bytes(draft["raw"])
    assert written["To"] == "Dana Cole <dana.cole@initech.example>"
    assert written["Subject"] == "Thank you for speaking with Acme Robotics"
    (event,) = desk.emulator.events()
    assert "Dana Cole" in event["summary"]
    assert f"authuser={ME}#all/" in event["description"]
    assert desk.emulator.made[0]["summary"] == "vouchd"

    # A second look writes nothing, and costs next to nothing.
    with desk.emulator.counted() as calls:
        second = desk.round()
    assert (second["actions"], second["messages"]) == (0, 0)
    assert [verb for verb, _ in calls] == ["GET"] * len(calls)
    assert units(calls) <= 2
    assert sum("/calendar/" in path for _, path in calls) <= 2

    # New mail is read by the history alone.
    desk.emulator.receive(newsletter(20))
    with desk.emulator.counted() as calls:
        assert desk.round()["messages"] == 1
    assert units(calls) == 22

    # A no by mail is answered in its conversation.
    desk.emulator.receive(
        mail(30, ASKED, sender=f"Sam Rivera <{ME}>", subject="A favour", to=PRIYA, hours=9), "SENT"
    )
    answer = desk.emulator.receive(
        mail(31, DECLINES, sender=PRIYA, subject="Re: A favour", hours=4), "INBOX"
    )
    assert desk.round()["messages"] == 2
    (reply,) = (d for d in desk.emulator.drafts() if d["id"] != draft["id"])
    written = message_from_bytes(reply["raw"])
    assert written["To"] == PRIYA
    assert written["Subject"] == "Re: A favour"
    assert written["In-Reply-To"] == "<31@mail.example>"
    assert written["References"].split() == ["<30@mail.example>", "<31@mail.example>"]
    theirs = desk.emulator.ask("GET", f"/gmail/v1/users/me/messages/{answer}")
    assert reply["message"]["threadId"] == theirs["threadId"]

    # The user sends the draft: its follow-up is done, and the event goes.
    desk.emulator.ask("POST", "/gmail/v1/users/me/drafts/send", json={"id": draft["id"]})
    desk.round()
    assert [d["id"] for d in desk.emulator.drafts()] == [reply["id"]]
    assert not any("Dana" in event["summary"] for event in desk.emulator.events())
    _, out, _ = desk.vouchd("status", "--json")
    assert [f["kind"] for f in json.loads(out)["waiting"]] == ["gracious_reply"]
    assert desk.round()["actions"] == 0


def test_a_draft_that_is_thrown_away_stays_away(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    sign_in(desk, monkeypatch)
    desk.round()
    (draft,) = desk.emulator.drafts()
    desk.emulator.ask("DELETE", f"/gmail/v1/users/me/drafts/{draft['id']}")
    for _ in range(3):
        desk.round()
    assert desk.emulator.drafts() == []
    assert desk.emulator.events() == []


def test_a_draft_that_was_edited_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    sign_in(desk, monkeypatch)
    desk.round()
    (draft,) = desk.emulator.drafts()
    mine = draft["raw"].replace(b"Hi Dana", b"Hello dear Dana", 1)
    assert mine != draft["raw"]
    body = {"message": {"raw": encoded(mine.replace(b"\r\n", b"\n"))}}
    desk.emulator.ask("PUT", f"/gmail/v1/users/me/drafts/{draft['id']}", json=body)
    applications = (desk.home / "applications.toml").read_text()
    (desk.home / "applications.toml").write_text(applications + 'stage = "rejected"\n')
    desk.vouchd("once")
    after = {d["id"]: d["raw"] for d in desk.emulator.drafts()}
    assert after[draft["id"]] == mine


def units(calls: list[tuple[str, str]]) -> int:
    """Count what Gmail would charge."""
    kinds = (
        (r"/messages\?", "gmail.users.messages.list"),
        (r"/messages/", "gmail.users.messages.get"),
        (r"/history", "gmail.users.history.list"),
        (r"/profile", "gmail.users.getProfile"),
        (r"/threads/", "gmail.users.threads.get"),
        (r"/drafts\?", "gmail.users.drafts.list"),
        (r"/drafts/", "gmail.users.drafts.get"),
    )
    total = 0
    for verb, path in calls:
        if path.startswith("/gmail/"):
            assert verb == "GET"
            total += next(UNITS[name] for pattern, name in kinds if re.search(pattern, path))
    return total
