"""`vouchd init` on a terminal: found by itself, every wrong answer can be taken back."""

import json
import os
import pty
import shutil
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from tests.daemon.conftest import make_folders
from vouchd.config.load import load
from vouchd.daemon import clock
from vouchd.daemon.cli import main

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dana Cole\r\nNICKNAME:Dee\r\nORG:Initech\r\n"
    "EMAIL:dana@initech.example\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:The Plumber\r\nTEL:1\r\nEND:VCARD\r\n"
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with a Maildir in which Dana was asked and said yes, and a calendar."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "Europe/Oslo")
    for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", "MAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    make_folders(tmp_path)
    shutil.move(tmp_path / "mail", tmp_path / "Maildir")
    shutil.move(tmp_path / "calendar", tmp_path / ".calendars")
    say(
        tmp_path, ".Sent/cur/1:2,S", "Sam Rivera <sam@example.org>",
        "Dana Cole <dana@initech.example>", "A question",
        "Hi Dana,\n\nwould you be a reference for me? I am applying to Acme.\n\nSam\n", 40,
    )  # fmt: skip
    say(
        tmp_path, "cur/2:2,S", "Dana Cole <dana@initech.example>", "sam@example.org",
        "Re: A question", "Hi Sam,\n\nyes, I would be happy to be your reference.\n\nDana\n", 39,
    )  # fmt: skip
    say(
        tmp_path, ".Sent/cur/3:2,S", "Sam Rivera <sam@work.example>", "eve@home.example",
        "Lunch", "Lunch on Friday?\n", 3,
    )  # fmt: skip
    say(
        tmp_path, "cur/4:2,S", "Jo Lindt <jo@acme-robotics.example>", "sam@example.org",
        "References", "Dear Sam,\n\nfor the Staff Engineer position at Acme Robotics, "
        "please send us the names and contact details of two references so that we can "
        "contact them.\n\nKind regards,\nJo Lindt\n", 2,
    )  # fmt: skip
    return tmp_path


def say(home, name, sender, to, subject, text, days_ago):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{name[-5:-4]}{days_ago}@mail.example>"
    message["Date"] = format_datetime(clock.now() - timedelta(days=days_ago))
    message.set_content(text)
    (home / "Maildir" / name).write_bytes(bytes(message))


@pytest.fixture
def init(home, monkeypatch, capsys):
    def run(*answers, flags=()):
        user, terminal = pty.openpty()
        os.write(user, "".join(f"{answer}\n" for answer in answers).encode() + b"\x04")
        with os.fdopen(terminal) as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            status = main(["init", *flags])
        os.close(user)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def config_of(home):
    return load(home / ".config/vouchd", os.environ)


def test_everything_is_found_and_enter_is_enough(home, init):
    status, out, err = init("", "", "", "", "", "", "all", "", "", "")
    assert status == 0, err
    config = config_of(home)
    assert config.mail.path == home / "Maildir"
    assert config.calendar.path == home / ".calendars"
    assert config.me.name == "Sam Rivera"
    assert set(config.me.emails) == {"sam@example.org", "sam@work.example"}
    assert config.me.zone.key == "Europe/Oslo"
    (dana,) = config.references
    assert (dana.name, dana.emails) == ("Dana Cole", ("dana@initech.example",))
    assert dana.agreed_on == (clock.now() - timedelta(days=39)).astimezone(config.me.zone).date()
    assert "would you be a reference for me?" in err
    assert "Send references for Acme Robotics" in out
    assert config.wishes.write is True
    assert not (home / ".local").exists(), "nothing is kept of a rehearsal"
    assert not list((home / "Maildir/.Drafts").rglob("*vouchd*"))


def test_every_line_can_be_changed_before_it_is_written(home, init):
    (home / "old.mbox").write_text("")
    (home / "cal").mkdir()
    answers = ["2", "", "Sam", "s@example.org"]
    answers += ["4", "Sam Rivera", "5", "not one", "sam@example.org s@b.example"]
    answers += ["6", "Mars/Base", "Europe/Rome", "3", "cal"]
    answers += ["2", "3", "nowhere", "old.mbox", "9", "x", "1"]
    status, _, err = init(*answers, "3", "no")
    assert status == 0, err
    assert '"9" is none of 1 to 6' in err
    assert "nowhere is not there" in err
    config = config_of(home)
    assert (config.mail.source, config.mail.path) == ("mbox", home / "old.mbox")
    assert config.me.name == "Sam Rivera"
    assert config.me.emails == ("sam@example.org", "s@b.example")
    assert config.me.zone.key == "Europe/Rome"
    assert config.calendar.path == home / "cal"


def test_leaving_early_writes_nothing(home, init):
    status, _, err = init("2", "")
    assert status == 2
    assert "the answers ended early" in err
    assert not (home / ".config").exists()


def test_no_to_the_rehearsal_leaves_it_looking_only(home, init):
    status, out, _ = init("", "", "", "", "", "3", "yes", "no")
    assert status == 0
    assert config_of(home).wishes.write is False
    assert "[mode] write = false" in out
    # Run again: it goes on where it stopped, and the no can be taken back.
    before = (home / ".config/vouchd/config.toml").read_text()
    status, out, _ = init("2", "cards.vcf", "3", "yes", "yes")
    assert status == 0
    assert "was there already, left as it is" in out
    assert config_of(home).wishes.write is True
    after = (home / ".config/vouchd/config.toml").read_text()
    assert after == before.replace("write = false", "write = true ")


def test_a_vcard_is_picked_from_and_a_wrong_file_can_be_corrected(home, init):
    (home / "cards.vcf").write_text(CARD)
    (home / "no.vcf").write_text("hello")
    answers = ["", "", "", "", ""]
    answers += ["2", "gone.vcf", "2", "no.vcf", "2", "cards.vcf", "7", "1", "yes", "no"]
    status, out, err = init(*answers)
    assert status == 0, err
    assert "gone.vcf: No such file or directory; give another file" in err
    assert "it is no vCard" in err
    assert '"7" is not between 1 and 2' in err
    (dana,) = config_of(home).references
    assert (dana.nicknames, dana.employer) == (("Dee",), "Initech")
    assert "Dana Cole written down" in out


def test_flags_do_the_same_without_a_terminal(home, monkeypatch, capsys):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO())
    (home / "cards.vcf").write_text(CARD)
    flags = ["--name", "Sam Rivera", "--email", "sam@example.org", "--maildir", "Maildir"]
    flags += ["--calendar", ".calendars", "--vcard", "cards.vcf", "--from-mail", "--rehearse"]
    assert main(["init", *flags, "--take", "dana cole"]) == 0
    out = capsys.readouterr().out
    assert "follow-ups would have been prepared" in out
    assert [person.name for person in config_of(home).references] == ["Dana Cole"]
    assert main(["init", "--vcard", "cards.vcf", "--take", "Nobody"]) == 2
    assert "nobody is called nobody: Dana Cole; The Plumber" in capsys.readouterr().err


def test_a_whole_address_book_is_searched(home, init):
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:Person {n}\nEMAIL:p{n}@home.example\nEND:VCARD\n"
        for n in range(60)
    )
    (home / "all.vcf").write_text(cards + CARD)
    answers = ["", "", "", "", "", "2", "all.vcf", "zzz", "dana", "1", "yes", "no"]
    status, _, err = init(*answers)
    assert status == 0, err
    assert 'nobody there has "zzz"' in err
    assert [person.name for person in config_of(home).references] == ["Dana Cole"]
    flags = ["--vcard", "all.vcf", "--config", str(home / "other")]
    more = ["--name", "S", "--email", "s@example.org", "--maildir", "Maildir", "--calendar", "c"]
    status, _, err = init("no", flags=(*flags, *more, "--take", "Person 3"))
    assert status == 0, err
    assert [person.name for person in load(home / "other", os.environ).references] == ["Person 3"]


def test_whom_the_user_asked_is_found_and_who_hires_is_not(home):
    from vouchd.connectors.sources import read_mail
    from vouchd.daemon.app import mind_of
    from vouchd.daemon.asked import people_asked

    say(
        home, ".Sent/cur/5:2,S", "sam@example.org", "Jo Lindt <jo@acme-robotics.example>",
        "Re: References", "Dear Jo,\n\nDana Cole has agreed to be my reference.\n\nSam\n", 1,
    )  # fmt: skip
    (home / "c").mkdir()
    (home / "c/config.toml").write_text(
        '[me]\nname = "Sam"\nemails = ["sam@example.org"]\n[mail]\nsource = "maildir"\n'
        'path = "../Maildir"\n[calendar]\nsource = "folder"\npath = "../.calendars"\n'
    )
    config = load(home / "c", os.environ)
    assert config.mail.path is not None
    messages = list(read_mail(config.mail.path, me=config.me.emails, zone=config.me.zone))
    found = people_asked(messages, config.me, mind_of(config).book.lexicon)  # type: ignore[arg-type]
    assert [one.name for one in found] == ["Dana Cole"]
    assert found[0].agreed_at is not None
    assert found[0].declined_at is None
    assert json.dumps(found[0].words)
