"""`vouchd init` for a user of Gmail: contacts, people asked, rehearsal; all through the gate."""

import io
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from tests.daemon.test_google import Desk, desk
from vouchd.config.load import load
from vouchd.daemon import clock

__all__ = ["desk"]


@pytest.fixture
def fresh(desk: Desk, monkeypatch) -> Desk:
    """Signed in, and nobody written down yet."""
    (desk.home / "references.toml").unlink()
    stated = desk.home / "applications.toml"
    stated.write_text(stated.read_text().replace('references = ["Dana Cole"]', ""))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return desk


def names(desk: Desk) -> list[str]:
    return [person.name for person in load(desk.home, {}).references]


def test_people_come_from_google_contacts(fresh: Desk):
    fresh.fake.people.add("Dana Cole", "dana.cole@initech.example")
    fresh.fake.people.add("The Plumber", "pipes@home.example")
    status, out, err = fresh.vouchd("init", "--contacts", "--take", "Dana Cole")
    assert status == 0, err
    assert "Dana Cole written down" in out
    assert names(fresh) == ["Dana Cole"]
    assert fresh.fake.violations == []


def test_without_the_permission_it_says_how_to_get_it(fresh: Desk):
    fresh.fake.tokens["access-1"] = frozenset(
        scope for scope in fresh.fake.tokens["access-1"] if "contacts" not in scope
    )
    status, _, err = fresh.vouchd("init", "--contacts")
    assert status == 1
    assert "your contacts" in err


def test_whom_the_user_asked_is_searched_for_and_the_past_rehearsed(fresh: Desk):
    message = EmailMessage()
    message["From"], message["To"] = "sam@example.org", "Dana Cole <dana.cole@initech.example>"
    message["Subject"], message["Message-ID"] = "A question", "<asked@mail.example>"
    message["Date"] = format_datetime(clock.now() - timedelta(days=40))
    message.set_content("Hi Dana,\n\nwould you be a reference for me?\n\nSam\n")
    fresh.fake.gmail.receive(bytes(message), "SENT")
    fresh.receive(
        "Hi Sam,\n\nyes, I would be happy to be your reference.\n\nDana\n",
        "Dana Cole <dana.cole@initech.example>",
        "Re: A question about a reference",
    )
    fresh.dana_spoke()
    status, out, err = fresh.vouchd("init", "--from-mail", "--rehearse")
    assert status == 0, err
    assert names(fresh) == ["Dana Cole"]
    assert "Thank Dana Cole for vouching for you" in out
    assert not fresh.fake.gmail.drafts
    assert not fresh.fake.calendar.lying()
    status, out, _ = fresh.vouchd("replay", "--json")
    assert status == 0
    assert '"thank_you"' in out
    assert fresh.fake.violations == []


def test_a_wrong_client_file_is_asked_for_again(fresh: Desk, monkeypatch, capsys):
    import os
    import pty

    (fresh.home / "state" / "google-token.json").unlink()
    (fresh.home / "bad.json").write_text('{"installed": {}}')
    monkeypatch.chdir(fresh.home)
    user, terminal = pty.openpty()
    os.write(user, b"nowhere.json\nbad.json\nlater\n")
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        status, out, err = fresh.vouchd("init")
    os.close(user)
    assert status == 0
    assert "nowhere.json: No such file" in err
    assert "bad.json: is no OAuth client" in err
    assert "then run `vouchd init" in out
