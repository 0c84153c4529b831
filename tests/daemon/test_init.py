import io
import os
import tomllib

import pytest

from vouchd.config.load import load
from vouchd.daemon.cli import main
from vouchd.daemon.init_files import commented, with_mode


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
    assert "give --email, --gmail, --maildir or --mbox" in err
    assert main(["init", "--config", str(folder), "--name", "Sam", "--maildir", "Mail"]) == 2
    assert "give --email, --calendar" in capsys.readouterr().err
    assert not folder.exists()


def test_flags_that_come_too_late_are_told(folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(given(folder, "--maildir", "Mail", "--calendar", "c")) == 0
    before = (folder / "config.toml").read_bytes()
    assert main(given(folder, "--gmail")) == 2
    assert "is left as it is; change it with an editor" in capsys.readouterr().err
    assert (folder / "config.toml").read_bytes() == before


def test_gmail_needs_no_path_and_says_how_to_sign_in(folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(given(folder, "--gmail", "--client", "client.json", "--no-write")) == 0
    config = load(folder, os.environ)
    assert (config.mail.source, config.mail.path) == ("gmail", None)
    assert (config.calendar.source, config.calendar.path) == ("google", None)
    assert config.google.client == folder.parent / "client.json"
    assert config.wishes.write is False
    assert "vouchd auth google --client FILE" in capsys.readouterr().out
    text = (folder / "config.toml").read_text()
    assert '# path = "~/Mail"' in text
    assert "# [google_units]" in text


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# [mode]\n# write = true   # false: nothing is written\n",
        "[mode]\nwrite = true  # really\n",
        "[mode] # what it may do\n# write = true\n[service]\n",
        "[mode]\n\n[service]\n",
        "[service]\ncheck_every = '5min'\n",
    ],
)
def test_the_mode_is_set_wherever_it_stands(text):
    for write in (False, True):
        text = with_mode(text, write=write)
        assert tomllib.loads(text)["mode"]["write"] is write
        assert text.count("write =") == 1
        assert ("service" in tomllib.loads(text)) == ("[service]" in text)


def test_a_commented_example_says_nothing():
    assert tomllib.loads(commented('# Head.\n[[reference]]\nname = "A"  # who\n\n')) == {}
