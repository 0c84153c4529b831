"""People and applications are written down by command, and the files stay the user's."""

from __future__ import annotations

import tomllib

import pytest

from tests.builders import employer
from tests.daemon.conftest import APPLICATIONS, REFERENCES
from vouchd.config.schema import APPLICATION, REFERENCE
from vouchd.daemon.cli_people import APPLICATION_FLAGS, FLAGS, LISTS, REFERENCE_FLAGS

COMMENTED = "# who vouches for me\n" + REFERENCES.replace('"\nkeep', '"   # not often\nkeep', 1)


def people(world):
    return tomllib.loads((world.config / "references.toml").read_text())["reference"]


def stated(world):
    return tomllib.loads((world.config / "applications.toml").read_text())["application"]


def test_there_is_a_flag_for_every_line_of_the_files():
    for table, flags in ((REFERENCE, REFERENCE_FLAGS), (APPLICATION, APPLICATION_FLAGS)):
        assert list(flags.values()) == [key.name for key in table.keys]
        for key in table.keys:
            assert (key.name in LISTS) == key.form.allowed.startswith("a list")
            assert (key.name in FLAGS) == (key.form.allowed == "true | false")


def test_a_person_is_written_down_with_all_that_is_said(world):
    before = (world.config / "references.toml").read_text()
    (said,) = world.json(
        *("references", "add", "Zoë", "Adler", "--email", "zoe@x.example", "--email"),
        *("z@home.example", "--agreed-on", "2026-01-31", "--keep-in-touch", "6w", "--formal"),
        *("--can-speak-to", "the data platform", "--no-do-not-list"),
    )
    assert said["name"] == "Zoë Adler"
    assert people(world)[-1] == {
        "name": "Zoë Adler",
        "emails": ["zoe@x.example", "z@home.example"],
        "agreed_on": tomllib.loads("d = 2026-01-31")["d"],
        "can_speak_to": ["the data platform"],
        "keep_in_touch": "6w",
        "formal": True,
        "do_not_list": False,
    }
    assert (world.config / "references.toml").read_text().startswith(before)
    assert "Zoë Adler" in world.vouchd("references", "list")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("dana  COLE",), "Dana Cole stands there already"),
        (("Dee", "--email", "Dana.Cole@initech.example"), "is the address of Dana Cole already"),
        (("Bob", "--email", "nowhere"), '--email: "nowhere" is not an e-mail address; allowed:'),
        (("Bob", "--agreed-on", "lately"), "--agreed-on:"),
        (("Bob", "--thanks-by", "fax"), "--thanks-by:"),
        (("Bob", "--drop", "note"), "nothing is written"),
        ((), "allowed: references list"),
    ],
)
def test_what_would_be_wrong_is_refused_and_nothing_is_written(world, words, told):
    before = (world.config / "references.toml").read_bytes()
    status, out, err = world.vouchd("references", "add", *words)
    assert (status, out) == (2, "")
    assert told in err
    assert (world.config / "references.toml").read_bytes() == before


def test_a_person_is_changed_and_the_comments_stay(world):
    world.write_config(references=COMMENTED)
    (world.config / "references.toml").chmod(0o640)
    world.json(
        *("references", "edit", "Dana", "--email", "d@home.example", "--title", "Director"),
        *("--drop", "relationship"),
    )
    text = (world.config / "references.toml").read_text()
    assert text.startswith("# who vouches for me\n")
    (dana,) = people(world)
    assert dana["emails"] == ["dana.cole@initech.example", "d@home.example"]
    assert dana["title"] == "Director"
    assert "relationship" not in dana
    assert (world.config / "references.toml").stat().st_mode & 0o777 == 0o640
    assert not list(world.config.glob(".references*"))


def test_a_link_to_the_file_stays_a_link(world):
    real = world.home / "dotfiles.toml"
    (world.config / "references.toml").rename(real)
    (world.config / "references.toml").symlink_to(real)
    world.json("references", "edit", "Dana", "--title", "Director")
    assert (world.config / "references.toml").is_symlink()
    assert 'title = "Director"' in real.read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Nobody", "--title", "x"), 'nobody is called "Nobody" in references.toml'),
        (("Dana",), "say what is to change"),
        (("Dana", "--drop", "shoe"), "no line of it; allowed: name, emails"),
        (("Dana", "--drop", "note"), "there is no note to drop"),
        (("Dana", "--agreed-on", "2100-01-31"), "--agreed-on 2100-01-31 is yet to come"),
        # Acme names her: the files would not hold together.
        (("Dana", "--name", "Dana Reed"), '"Dana Cole" is nobody in references.toml'),
    ],
)
def test_a_change_that_would_not_hold_is_refused(world, words, told):
    before = (world.config / "references.toml").read_bytes()
    status, out, err = world.vouchd("references", "edit", *words)
    assert (status, out) == (2, "")
    assert told in err
    assert (world.config / "references.toml").read_bytes() == before


def test_a_first_name_is_enough_to_name_somebody_for_an_application(world):
    world.json("applications", "add", "Globex", "--reference", "dana")
    assert stated(world)[-1]["references"] == ["Dana Cole"]


def test_what_could_be_changed_is_said_of_the_file_it_is_about(world):
    assert "--drop posting" in world.vouchd("applications", "edit", "Acme Robotics")[2]
    assert "--drop note" in world.vouchd("references", "edit", "Dana")[2]


def test_an_address_book_with_nobody_new_writes_nothing(world):
    book = world.home / "book.vcf"
    book.write_text(card("Dana Cole", "dana.cole@initech.example"))
    before = (world.config / "references.toml").read_bytes()
    assert world.vouchd("references", "import", book)[1] == (
        "Nobody new is in it; nothing was written.\n"
    )
    assert (world.config / "references.toml").read_bytes() == before
    status, _, err = world.vouchd("references", "import", world.home / "none.vcf")
    assert (status, "none.vcf: No such file" in err) == (2, True)


def test_the_phone_number_of_a_card_is_written_down(world):
    book = world.home / "book.vcf"
    book.write_text(card("Ana Núñez", "a@x.example").replace("END:", "TEL;WORK:+34 555 0100\nEND:"))
    assert world.vouchd("references", "import", book)[0] == 0
    assert people(world)[-1]["phone"] == "+34 555 0100"


def card(name, *emails):
    lines = [f"EMAIL:{email}" for email in emails]
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *lines, "END:VCARD", ""])


def test_an_address_book_brings_those_who_are_not_known_yet(world):
    book = world.home / "book.vcf"
    book.write_text(
        card("Dana Cole", "other@x.example")
        + card("Dee", "dana.cole@initech.example")
        + card("Robert Okafor", "robert@globex.example")
        + card("Ana Núñez", "ana@x.example")
    )
    status, out, err = world.vouchd("references", "import", book)
    assert status == 0
    assert "Robert Okafor (robert@globex.example)" in out
    assert "2 contacts written down." in out
    assert "left out: Dana Cole stands there already" in err
    assert "left out: dana.cole@initech.example is the address of Dana Cole already" in err
    assert [p["name"] for p in people(world)] == ["Dana Cole", "Robert Okafor", "Ana Núñez"]
    # Again, nobody is new.
    assert "Nobody new is in it" in world.vouchd("references", "import", book)[1]


def test_of_a_large_address_book_some_are_named(world):
    book = world.home / "book.vcf"
    book.write_text("".join(card(f"Person {n}", f"p{n}@x.example") for n in range(40)))
    status, _, err = world.vouchd("references", "import", book)
    assert status == 2
    assert "40 people are in the file" in err
    assert "called Nobody" in world.vouchd("references", "import", book, "Nobody")[2]
    found = world.json("references", "import", book, "person 7", "Person 9")
    assert [p["name"] for p in found] == ["Person 7", "Person 9"]
    assert "38 contacts written down." in world.vouchd("references", "import", book, "--all")[1]
    (world.home / "no.vcf").write_text("hello")
    assert "no vCard" in world.vouchd("references", "import", world.home / "no.vcf")[2]


def test_an_application_is_written_down_once(world):
    before = (world.config / "applications.toml").read_text()
    world.json("applications", "add", "Globex", "--role", "SRE", "--reference", "dana cole")
    assert stated(world)[-1] == {"company": "Globex", "role": "SRE", "references": ["Dana Cole"]}
    assert (world.config / "applications.toml").read_text().startswith(before)
    status, _, err = world.vouchd("applications", "add", "GLOBEX", "--role", "sre")
    assert status == 2
    assert "Globex, SRE stands already in applications.toml" in err
    status, _, err = world.vouchd("applications", "add", "Initrode", "--reference", "Nobody")
    assert status == 2
    assert '"Nobody" is nobody in references.toml' in err
    assert len(stated(world)) == 2


def test_an_application_is_changed_and_what_was_learnt_is_written_down(world):
    world.write_config(applications="# mine\n" + APPLICATIONS)
    world.know(employer("09-03", "interview_invite", "Globex", "SRE"))
    at = ("--now", "2026-09-30T12:00")
    world.json("applications", "edit", "Acme Robotics", "--stage", "offer", "--drop", "role", *at)
    acme = stated(world)[0]
    assert acme["stage"] == "offer"
    assert "role" not in acme
    world.json("applications", "edit", "Globex", "--posting", "https://globex.example/1", *at)
    assert stated(world)[1] == {
        "company": "Globex",
        "role": "SRE",
        "posting": "https://globex.example/1",
    }
    assert (world.config / "applications.toml").read_text().startswith("# mine\n")
    assert "say what is to change" in world.vouchd("applications", "edit", "Globex", *at)[2]


def test_applications_are_shown(world):
    world.know(
        employer("09-03", "interview_invite", "Globex", "SRE"),
        employer("09-05", "reference_request", "Acme Robotics", "Staff Engineer"),
    )
    at = ("--now", "2026-09-30T12:00")
    found = {a["company"]: a for a in world.json("applications", "list", *at)}
    assert found["Globex"]["stage"] == "interviewing"
    assert (found["Acme Robotics"]["stated"], found["Globex"]["stated"]) == (True, False)
    assert found["Acme Robotics"]["named"] == ["Dana Cole"]
    out = world.vouchd("applications", "list", *at)[1]
    assert "Globex, SRE: interviewing; last heard 2026-09-03; learnt from your mail\n" in out
    out = world.vouchd("applications", "show", "Acme", "Robotics", *at)[1]
    assert "reference_request:" in out
    assert "  waiting  " in out
    (acme,) = world.json("applications", "show", "Acme Robotics", *at)
    assert [s["signal"] for s in acme["steps"]] == ["reference_request"]
    assert acme["waiting"]
    assert world.vouchd("applications", "show", *at)[0] == 2
