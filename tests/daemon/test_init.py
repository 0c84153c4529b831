import io
import os
import pty
import tomllib

import pytest

from vouchd.config.load import load
from vouchd.daemon.cli import main
from vouchd.daemon.init import commented


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Oslo")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Mail").mkdir()
    return tmp_path / "config"


def given(folder, *more):
    arguments = ["--name", 'Sam "Ray" Ri#vera', "--email", "Sam@example.org"]
    return ["init", "--config", str(folder), *arguments, *more]


def test_three_files_are_written_that_hold(folder, capsys):
    assert (
        main(given(folder, "--email", "s@b.example", "--maildir", "Mail", "--calendar", "~/c")) == 0
    )
    config = load(folder, os.environ)
    assert config.me.name == 'Sam "Ray" Ri#vera'
    assert config.me.emails == ("sam@example.org", "s@b.example")
    assert config.me.zone.key == "Europe/Oslo"
    assert (config.mail.source, config.mail.path) == ("maildir", folder.parent / "Mail")
    assert config.calendar.source == "folder"
    # Nobody invented is asked for a reference.
    assert (config.references, config.applications) == ((), ())
    out = capsys.readouterr().out
    assert "config.toml: written" in out
    assert f"vouchd plan --config {folder}" in out
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "references.toml").stat().st_mode & 0o777 == 0o600


def test_an_mbox_file_is_known_by_being_a_file(folder):
    (folder.parent / "all.mbox").write_text("")
    assert main(given(folder, "--mbox", "all.mbox", "--calendar", "c")) == 0
    assert load(folder, os.environ).mail.source == "mbox"


def test_nothing_is_ever_overwritten(folder, capsys):
    folder.mkdir()
    (folder / "references.toml").write_text("# mine")
    assert main(given(folder, "--maildir", "Mail", "--calendar", "c")) == 0
    assert (folder / "references.toml").read_text() == "# mine"
    before = (folder / "config.toml").read_text()
    assert main(["init", "--config", str(folder)]) == 0
    assert (folder / "config.toml").read_text() == before
    assert "was there already" in capsys.readouterr().out


def test_without_a_terminal_all_that_is_missing_is_named(folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["init", "--config", str(folder), "--name", "Sam"]) == 2
    err = capsys.readouterr().err
    assert "give --email, --maildir or --mbox, --calendar" in err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--email", "sam"], '--email: "sam" is not an e-mail address'),
        (["--timezone", "Mars"], '--timezone: "Mars" is no time zone'),
        (["--name", "a\nb"], "more than one line"),
    ],
)
def test_a_wrong_value_writes_nothing(folder, capsys, flags, said):
    assert main([*given(folder, "--maildir", "Mail", "--calendar", "c"), *flags]) == 2
    assert said in capsys.readouterr().err
    assert not folder.exists()


def test_on_a_terminal_it_asks_until_it_is_right(folder, monkeypatch, capsys):
    user, terminal = pty.openpty()
    os.write(user, b"Sam Rivera\nsam\nsam@example.org\nMail\n\n")
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["init", "--config", str(folder)]) == 0
    os.close(user)
    asked = capsys.readouterr().err
    assert '"sam" is not an e-mail address' in asked
    assert "Your folder of .ics files [~/.calendars]" in asked
    config = load(folder, os.environ)
    assert config.me.emails == ("sam@example.org",)
    assert config.mail.path == folder.parent / "Mail"


def test_a_commented_example_says_nothing():
    assert tomllib.loads(commented('# Head.\n[[reference]]\nname = "A"  # who\n\n')) == {}
