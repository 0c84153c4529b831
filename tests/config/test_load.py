# ruff: noqa: E501 - a case a line
import os
from datetime import date, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from vouchd.config import forms
from vouchd.config.load import ConfigError, load
from vouchd.config.places import config_folder, state_folder, system_zone
from vouchd.config.settings import Config
from vouchd.rules.model import Wishes

BASE = """\
[me]
name = "Sam Rivera"
emails = ["Sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "maildir"
path = "mail"
[calendar]
source = "folder"
path = "~/cal"
"""
ENVIRON = {"HOME": "/home/sam"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/sam")
    return tmp_path


def write(folder: Path, config: str = BASE, references: str = "", applications: str = "") -> None:
    texts = {"config": config, "references": references, "applications": applications}
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def loaded(folder: Path, **texts: str) -> Config:
    write(folder, **texts)
    return load(folder, ENVIRON)


def problems(folder: Path, **texts: str) -> list[str]:
    write(folder, **texts)
    with pytest.raises(ConfigError) as caught:
        load(folder, ENVIRON)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


# --- what is right ------------------------------------------------------------------------------


def test_the_two_sources_and_me_suffice(folder):
    config = loaded(folder)
    assert config.me.name == "Sam Rivera"
    assert config.me.emails == ("sam@example.org",)
    assert config.me.zone.key == "Europe/Berlin"
    assert config.mail.path == folder / "mail"
    assert config.calendar.path == Path("/home/sam/cal")
    assert config.state == Path("/home/sam/.local/state/vouchd")
    assert config.wishes == Wishes()
    assert config.warnings == ()


def test_all_settings_arrive(folder):
    config = loaded(
        folder,
        config=BASE.replace(
            'timezone = "Europe/Berlin"',
            'employer = "Umbrella"\nemployer_domains = ["@Umbrella.example"]',
        )
        + """
[state]
path = "state"
[mode]
write = false
[service]
check_every = "90s"
[follow_ups]
gift = false
interview_thank_you = false
[cadence]
reconfirm_after = "3y"
update_interval = "6w"
stale_after = "60d"
thank_within = "12h"
tell_within = "3d"
look_back = "10d"
[limits]
ask_interval = "1w"
silent_ask_after = "10d"
most_per_round = 5
[working_hours]
start = 08:30:00
end = "17:15"
days = ["sat", "mon", "mon"]
[drafts]
language = "de"
resume = "cv.pdf"
[rules]
phrases = "/etc/phrases"
[templates]
path = "words"
[google]
client = "client.json"
token = "token.json"
endpoint = "http://127.0.0.1:4002"
""",
    )
    assert config.me.employer == "Umbrella"
    assert config.me.employer_domains == ("umbrella.example",)
    assert config.state == folder / "state"
    assert config.service.check_every == timedelta(seconds=90)
    assert config.wishes == Wishes(
        reconfirm_after=timedelta(days=3 * 365),
        update_interval=timedelta(weeks=6),
        stale_after=timedelta(days=60),
        thank_within=timedelta(hours=12),
        tell_within=timedelta(days=3),
        look_back=timedelta(days=10),
        ask_interval=timedelta(weeks=1),
        silent_ask_after=timedelta(days=10),
        most_per_round=5,
        gifts=False,
        interview_thank_you=False,
        day_starts=time(8, 30),
        day_ends=time(17, 15),
        working_days=(0, 5),
        language="de",
        resume=str(folder / "cv.pdf"),
        write=False,
    )
    assert (config.phrases, config.templates) == (Path("/etc/phrases"), folder / "words")
    assert config.google.client == folder / "client.json"
    assert config.google.endpoint == "http://127.0.0.1:4002"
    assert config.warnings == (
        f"{folder}/cv.pdf: there is no such file; drafts go without a resume",
    )


def test_a_person_with_everything(folder):
    (person,) = loaded(
        folder,
        references="""
[[reference]]
name = "Dana  Cole"
emails = ["Dana.Cole@Initech.example"]
nicknames = ["Dee"]
employer = "Initech"
title = "Director"
phone = "+1 555 0100"
relationship = "former manager"
agreed_on = 2025-03-14
can_speak_to = ["the billing migration"]
thanks_by = "handwritten"
keep_in_touch = "never"
gift = "wine"
language = "en"
formal = true
do_not_list = true
note = "one\\ntwo"
""",
    ).references
    assert person.name == "Dana Cole"
    assert person.emails == ("dana.cole@initech.example",)
    assert person.agreed_on == date(2025, 3, 14)
    assert person.keep_in_touch is None
    assert (person.thanks_by, person.formal, person.do_not_list) == ("handwritten", True, True)


def test_a_date_in_quotes_is_a_date(folder):
    config = loaded(folder, references='[[reference]]\nname = "A"\nagreed_on = "2025-03-14"')
    assert config.references[0].agreed_on == date(2025, 3, 14)


def test_an_application_names_people_as_references_toml_writes_them(folder):
    config = loaded(
        folder,
        references='[[reference]]\nname = "Élodie Marchand"',
        applications='[[application]]\ncompany = "Acme"\n'
        'references = ["ÉLODIE  marchand", "E\u0301lodie Marchand"]',
    )
    assert config.applications[0].references == ("Élodie Marchand",)


def test_the_shipped_examples_load_and_say_nothing_that_is_not_a_default(folder):
    examples = files("vouchd.config") / "examples"
    texts = {
        name: (examples / f"{name}.toml").read_text()
        for name in ("config", "references", "applications")
    }
    config = loaded(folder, **texts)
    assert config.wishes == Wishes()
    assert {p.name for p in config.references} == {"Dana Cole", "Robert Okafor"}
    assert config.warnings == ()


def test_what_stands_commented_in_the_example_is_right_too(folder):
    text = (files("vouchd.config") / "examples" / "config.toml").read_text()
    held = [line.removeprefix("# ") for line in text.splitlines()[3:]]
    config = loaded(folder, config="\n".join(held), references='[[reference]]\nname = "A"')
    assert config.wishes == Wishes(resume="/home/sam/resume.pdf")
    assert config.google.endpoint == "http://127.0.0.1:4002"
    assert config.mail.sent == ("Sent",)


def test_no_references_is_a_warning(folder):
    write(folder)
    (folder / "references.toml").unlink()
    (folder / "applications.toml").unlink()
    (warning,) = load(folder, ENVIRON).warnings
    assert "references.toml: there is no such file" in warning


def test_an_address_of_two_people_and_one_of_mine_are_warnings(folder):
    config = loaded(
        folder,
        references='[[reference]]\nname = "A"\nemails = ["x@y.example"]\n'
        '[[reference]]\nname = "B"\nemails = ["x@y.example", "sam@example.org"]',
    )
    shared, mine = config.warnings
    assert "x@y.example belongs to A and to B" in shared
    assert "sam@example.org of B is an address of yours" in mine


# --- what is wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Sam Rivera"', "name = 3", 'config.toml:2: me.name: 3 is not text in quotes; allowed: text in quotes, on one line'),
        ('name = "Sam Rivera"', 'name = ""', "config.toml:2: me.name: it is empty"),
        ('name = "Sam Rivera"', 'name = "a\\u001b[2J"', "control character"),
        ('name = "Sam Rivera"', "", "config.toml:1: me.name: is missing; allowed: text"),
        ('name = "Sam Rivera"', 'nmae = "x"', 'config.toml:2: me.nmae: this is not known (did you mean "name"?); allowed: name, emails, timezone'),
        ('["Sam@example.org"]', '"sam@example.org"', "config.toml:3: me.emails: \"sam@example.org\" is not a list in square brackets"),
        ('["Sam@example.org"]', "[]", "config.toml:3: me.emails: the list is empty"),
        ('["Sam@example.org"]', '["sam.example.org"]', '"sam.example.org" is not an e-mail address; allowed: a list'),
        ('["Sam@example.org"]', '["sam@"]', '"sam@" is not an e-mail address'),
        ("Europe/Berlin", "Europe/Berln", 'config.toml:4: me.timezone: "Europe/Berln" is no time zone (did you mean "Europe/Berlin"?); allowed: an IANA name'),
        ("Europe/Berlin", "../../etc/passwd", "is no time zone"),
        ('"maildir"', '"madir"', 'config.toml:6: mail.source: "madir" is not known (did you mean "maildir"?); allowed: "gmail" | "imap" | "maildir" | "mbox"'),
        ('path = "mail"', "", 'config.toml:5: mail.path: is missing, and source = "maildir" needs it'),
        ('path = "~/cal"', "", 'config.toml:8: calendar.path: is missing, and source = "folder" needs it'),
        ("[calendar]", "[calender]", 'config.toml:8: calender: this is not known (did you mean "calendar"?)'),
        ("[me]", "mail = 1\n[me]", "is not TOML"),
        ("[mail]", "[mail", "config.toml:5: is not TOML, column 6:"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_config_toml(folder, old, new, said):
    found = problems(folder, config=BASE.replace(old, new, 1))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('[cadence]\nstale_after = "45"', 'cadence.stale_after: "45" is not a duration; allowed: a duration such as'),
        ("[cadence]\nstale_after = 45", "45 is not a duration"),
        ('[cadence]\nstale_after = "0d"', "no time at all"),
        ('[cadence]\nstale_after = "900000y"', "longer than a hundred years"),
        ('[cadence]\nstale_after = "never"', '"never" is not a duration'),
        ('[limits]\nmost_per_round = "many"', '"many" is not a whole number'),
        ("[limits]\nmost_per_round = 0", "0 is out of range; allowed: a whole number from 1"),
        ("[limits]\nmost_per_round = true", "true is not a whole number"),
        ('[mode]\nwrite = "no"', 'mode.write: "no" is neither true nor false; allowed: true | false'),
        ('[working_hours]\nstart = "9 o\'clock"', "is not a time of day"),
        ('[working_hours]\nend = "08:00"', "the day ends at 08:00:00, before it starts"),
        ("[working_hours]\ndays = []", "it names no day"),
        ('[working_hours]\ndays = ["monday"]', '"monday" is not known (did you mean "mon"?)'),
        ('[drafts]\nlanguage = "english"', "is not a language code"),
        ('[google]\nendpoint = "localhost"', "is not a web address"),
        ('[state]\npath = "~nobody-of-this-name/x"', "names a user who does not exist"),
        ("[[mode]]\nwrite = true", "stands where [mode] should be"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_further_tables(folder, setting, said):
    (problem,) = problems(folder, config=BASE + setting)
    assert problem.startswith(("config.toml:11", "config.toml:12")), problem
    assert said in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[reference]]\nemail = "x@y.example"\nname = "A"', 'references.toml:2: reference[1].email: this is not known (did you mean "emails"?)'),
        ('[[reference]]\nemails = ["x@y.example"]', "references.toml:1: reference[1].name: is missing"),
        ('[[references]]\nname = "A"', 'references.toml:1: references: this is not known (did you mean "reference"?); allowed: [[reference]]'),
        ('[reference]\nname = "A"', "references.toml:1: reference: is one table; two brackets make a list; allowed: [[reference]]"),
        ('[[reference]]\nname = "A"\nagreed_on = "soon"', 'references.toml:3: reference[1].agreed_on: "soon" is not a date; allowed: a date such as 2025-03-14'),
        ('[[reference]]\nname = "A"\nagreed_on = 2025-03-14T10:00:00Z', "is not a date"),
        ('[[reference]]\nname = "A"\nkeep_in_touch = "often"', 'allowed: a duration such as "90d" or "6w", or "never"'),
        ('[[reference]]\nname = "A"\nthanks_by = "hand"', '"hand" is not known'),
        ('[[reference]]\nname = "A"\n\n# Again.\n[[reference]]\nname = "a"', 'references.toml:6: reference[2].name: "a" stands here twice'),
        ('[[reference]]\nname = "A\\nB"', "is more than one line"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_references_toml(folder, text, said):
    (problem,) = problems(folder, references=text)
    assert said in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('references = ["Dana Kole"]', 'applications.toml:3: application[1].references: "Dana Kole" is nobody in references.toml (did you mean "Dana Cole"?); allowed: Dana Cole'),
        ('posting = "see mail"', "is not a web address"),
        ('domains = ["acme"]', "is not a domain"),
        ('stage = "done"', 'allowed: "approached" | "applied"'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_applications_toml(folder, text, said):
    (problem,) = problems(
        folder,
        references='[[reference]]\nname = "Dana Cole"',
        applications=f'[[application]]\ncompany = "Acme"\n{text}',
    )
    assert said in problem


def test_everything_wrong_is_told_at_once_in_the_order_of_the_files(folder):
    found = problems(
        folder,
        config=BASE.replace('"maildir"', '"imapp"').replace("Europe/Berlin", "Mars"),
        references='[[reference]]\nname = 1\n[[reference]]\nname = "B"\nformal = 2',
        applications='[[application]]\nrole = "x"',
    )
    places = [problem.split(": ")[0] for problem in found]
    assert places == [
        "config.toml:4",
        "config.toml:6",
        "references.toml:2",
        "references.toml:5",
        "applications.toml:1",
    ]


def test_lines_are_right_after_text_and_lists_of_several_lines(folder):
    found = problems(
        folder,
        references='[[reference]]\nname = "A"\nemails = [\n  "x@y.example", # [\n]\n'
        'note = """\n[[reference]]\nname = 1\n"""\ncan_speak_to = ["""\n"""]\nformal = 7\n'
        "[[reference]]\nname = 'B'\nemails = 5",
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "references.toml:10",
        "references.toml:12",
        "references.toml:15",
    ]


def test_a_folder_without_configuration_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match=r"config\.toml: there is no such file; `vouchd init`"):
        load(tmp_path / "none", ENVIRON)


def test_a_file_that_is_not_utf8_is_named(folder):
    write(folder)
    (folder / "references.toml").write_bytes('[[reference]]\nname = "M\xf6ller"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"references\.toml: is not UTF-8 text \(byte 23\)"):
        load(folder, ENVIRON)


def test_a_file_with_a_byte_order_mark_is_read(folder):
    write(folder)
    (folder / "config.toml").write_bytes(b"\xef\xbb\xbf" + BASE.encode())
    assert load(folder, ENVIRON).me.name == "Sam Rivera"


def test_a_file_that_may_not_be_read_is_named_with_all_else(folder, monkeypatch):
    write(folder, config=BASE.replace("Europe/Berlin", "Mars"))
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:  # root may read everything
        if path.name == "references.toml":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(ConfigError) as caught:
        load(folder, ENVIRON)
    text = str(caught.value)
    assert "references.toml: cannot be read: Permission denied" in text
    assert "is no time zone" in text


def test_a_folder_in_place_of_a_file_is_named(folder):
    write(folder)
    (folder / "applications.toml").unlink()
    (folder / "applications.toml").mkdir()
    with pytest.raises(ConfigError, match=r"applications\.toml: cannot be read: Is a directory"):
        load(folder, ENVIRON)


# --- places -------------------------------------------------------------------------------------


def test_where_things_lie_by_default():
    assert config_folder({"HOME": "/h"}) == Path("/h/.config/vouchd")
    assert state_folder({"HOME": "/h"}) == Path("/h/.local/state/vouchd")
    assert config_folder({"HOME": "/h", "XDG_CONFIG_HOME": "/c"}) == Path("/c/vouchd")
    assert state_folder({"HOME": "/h", "XDG_STATE_HOME": "relative"}) == state_folder(
        {"HOME": "/h"}
    )


def test_where_things_lie_for_a_service():
    environ = {
        "HOME": "/h",
        "CONFIGURATION_DIRECTORY": "/etc/vouchd",
        "STATE_DIRECTORY": "/var/lib/vouchd:/var/lib/other",
    }
    assert config_folder(environ) == Path("/etc/vouchd")
    assert state_folder(environ) == Path("/var/lib/vouchd")


def test_secrets_that_systemd_hands_over_serve_where_none_are_stated(folder, tmp_path):
    write(folder)
    given = tmp_path / "credentials"
    given.mkdir()
    environ = {**ENVIRON, "CREDENTIALS_DIRECTORY": str(given)}
    assert load(folder, environ).google.token is None
    (given / "google-token.cred").write_text("{}")
    (given / "google-client.json").write_text("{}")
    google = load(folder, environ).google
    assert (google.token, google.client) == (
        given / "google-token.cred",
        given / "google-client.json",
    )
    (given / "google-token.json").write_text("{}")
    assert load(folder, environ).google.token == given / "google-token.json"
    with (folder / "config.toml").open("a") as file:
        file.write('[google]\ntoken = "mine.json"\n')
    assert load(folder, environ).google.token == folder / "mine.json"


def test_the_zone_of_the_machine(tmp_path):
    def zone(**environ: str) -> str | None:
        found = system_zone(environ, tmp_path)
        return found.key if found else None

    (tmp_path / "etc").mkdir()
    assert zone() is None
    (tmp_path / "etc" / "timezone").write_text("Asia/Tokyo\n")
    assert zone() == "Asia/Tokyo"
    (tmp_path / "etc" / "localtime").symlink_to("../usr/share/zoneinfo/America/Lima")
    assert zone() == "America/Lima"
    assert zone(TZ=":Europe/Oslo") == "Europe/Oslo"
    assert zone(TZ="CET-1CEST,M3.5.0,M10.5.0/3") == "America/Lima"
    (tmp_path / "etc" / "localtime").unlink()
    (tmp_path / "etc" / "timezone").write_bytes(os.urandom(16) + b"\xff")
    assert zone() is None


def test_a_machine_without_a_zone_asks_for_one(folder, monkeypatch):
    monkeypatch.setattr("vouchd.config.load.system_zone", lambda environ: None)
    (problem,) = problems(folder, config=BASE.replace('timezone = "Europe/Berlin"\n', ""))
    assert "does not say its time zone" in problem


def test_of_a_file_that_cannot_be_understood_only_that_is_said(folder):
    told = problems(folder, config=BASE.replace("[mail]", "[mail"), references="[reference]\n")
    assert len(told) == 2
    assert "is not TOML" in told[0]
    assert "two brackets make a list" in told[1]


def test_a_path_beside_the_folder_is_shown_without_dots(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    assert forms.PATH.read("../mail", folder) == tmp_path / "mail"
    # Behind a symbolic link it leads where the system would go.
    (tmp_path / "dotfiles" / "vouchd").mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "dotfiles" / "vouchd")
    assert forms.PATH.read("../mail", link) == tmp_path / "dotfiles" / "mail"
