"""`vouchd forget` and `vouchd export`: gone from everywhere, and gone for good."""

import json
import shutil
import sqlite3
from datetime import timedelta
from typing import Any, cast

import pytest

from tests import builders
from tests.daemon.conftest import World, make_folders
from vouchd.connectors.base import Unavailable
from vouchd.connectors.drafts import DraftShelf
from vouchd.daemon import clock, statefile
from vouchd.daemon.cli import main
from vouchd.daemon.store import Store
from vouchd.rules.model import Address, Evidence, Reading, Signal

DANA = Address("dana@initech.example", "Dana Cole")
BOB = Address("bob@globex.example", "Bob Okafor")
REFERENCES = """\
# the people
[[reference]]
name = "Dana Cole"
emails = ["dana@initech.example"]
nicknames = ["Dee"]

# Bob sails
[[reference]]
name = "Bob Okafor"
emails = ["bob@globex.example"]
agreed_on = 2026-01-10
"""
APPLICATIONS = """\
[[application]]
company = "Acme Robotics"
role = "Staff Engineer"
references = ["Dana Cole", "Bob Okafor"]  # both
"""


@pytest.fixture(scope="module")
def once_lived(tmp_path_factory):
    """Dana was never asked, so a draft and an event lie there for her; mail names both."""
    made = World(tmp_path_factory.mktemp("lived"), cast(Any, None))
    made.write_config(references=REFERENCES, applications=APPLICATIONS)
    make_folders(made.config)
    made.deliver(1)
    made.deliver(
        2, "Yes, gladly! Dee", sender="Dana Cole <dana@initech.example>", subject="Re: reference?"
    )
    made.deliver(
        3,
        "Dear Sam,\n\nour partner has contacted your references Dana Cole and Bob Okafor about the "
        "Staff Engineer position at Acme Robotics.\n\nJo Lindt\n",
        subject="Reference check for Dana Cole",
    )
    assert main(["once", "--config", str(made.config)]) == 0
    assert made.lying()
    return made


@pytest.fixture
def lived(once_lived, world):
    """A copy of that world."""
    shutil.rmtree(world.config)
    shutil.copytree(once_lived.config, world.config)
    return world


def stored(world) -> str:
    """All bytes below the state folder, and the files of the user's."""
    paths = [*world.state.rglob("*"), world.config / "references.toml"]
    paths.append(world.config / "applications.toml")
    return "\n".join(p.read_bytes().decode("latin-1") for p in paths if p.is_file()).casefold()


def lose_cursors(world):
    """As after a move of the mailbox: everything is read again from the start."""
    with sqlite3.connect(world.state / "vouchd.db") as db:
        db.execute("DELETE FROM cursors")
    db.close()


def of_dana(world):
    return [path for path in world.lying() if "dana" in path.read_text().casefold()]


def test_a_person_is_gone_from_everywhere_and_nobody_else_is(lived):
    world = lived
    assert "dana" in stored(world)
    status, out, err = world.vouchd("forget", "person", "Dana", "Cole", "--yes", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["name"] == "Dana Cole"
    assert found["facts"] == 1  # her own mail; what names Bob too is kept
    assert found["struck_out"] >= 1
    assert found["removed"]
    assert found["left"] == []
    for word in ("dana", '"dee"', "initech"):
        assert word not in stored(world)
    assert "bob okafor" in stored(world)
    assert of_dana(world) == []
    assert (world.config / "references.toml").read_text() == REFERENCES.replace(
        REFERENCES[REFERENCES.index("[[") : REFERENCES.index("# Bob")], ""
    )
    assert 'references = ["Bob Okafor"]  # both' in (world.config / "applications.toml").read_text()


def test_forgotten_stays_forgotten_when_the_same_mail_is_read_again(lived):
    world = lived
    assert world.vouchd("forget", "person", "dee", "--yes")[0] == 0
    for _ in range(2):
        lose_cursors(world)
        assert world.vouchd("once")[0] == 0
        assert "dana" not in stored(world)
        assert of_dana(world) == []
    # New mail of hers is not learnt from either.
    world.deliver(
        4, "I am looking for work. Dana", "Dana Cole <dana@initech.example>", "My turn to ask"
    )
    assert world.vouchd("once")[0] == 0
    assert "dana" not in stored(world)


def test_whoever_is_named_anew_is_known_from_new_mail_alone(lived):
    world = lived
    assert world.vouchd("forget", "person", "Dana Cole", "--yes")[0] == 0
    world.write_config(references=REFERENCES)
    lose_cursors(world)
    assert world.vouchd("once")[0] == 0
    (dana,) = [p for p in world.json("references", "list") if p["name"] == "Dana Cole"]
    assert dana["asked"] == 0
    assert dana["last_contact"] is None  # the old yes is not read again
    world.deliver(
        5, "Of course, happy to be your reference!", "Dana Cole <dana@initech.example>", "Re: yes"
    )
    assert world.vouchd("once")[0] == 0
    (dana,) = [p for p in world.json("references", "list") if p["name"] == "Dana Cole"]
    assert dana["last_contact"] is not None


def test_what_the_user_has_changed_is_theirs(lived):
    world = lived
    (draft,) = [path for path in of_dana(world) if "X-Vouchd-Key: heads_up" in path.read_text()]
    draft.write_text(draft.read_text() + "\nP.S. I wrote this myself.\n")
    status, out, _ = world.vouchd("forget", "person", "Dana Cole", "--yes")
    assert status == 0
    assert "Left to you, for you have changed it: the draft of heads_up.dana-cole." in out
    assert draft.exists()
    for _ in range(2):
        assert world.vouchd("once")[0] == 0
    assert draft.exists()
    assert "dana" not in stored(world)


def test_an_application_is_gone_and_a_new_mail_is_new(lived):
    world = lived
    assert world.vouchd("forget", "application", "Acme Robotics", "--yes")[0] == 0
    lose_cursors(world)
    assert world.vouchd("once")[0] == 0
    assert "acme robotics" not in stored(world)
    assert not [p for p in world.lying() if "acme robotics" in p.read_text().casefold()]
    # A Date has whole seconds: a mail of the second in which it was forgotten counts as the past.
    world.deliver(9, at=clock.now() + timedelta(seconds=1))
    assert world.vouchd("once")[0] == 0
    assert "acme robotics" in stored(world)


def test_of_two_roles_at_one_employer_the_other_stays(world):
    world.write_config(
        applications=APPLICATIONS
        + '[[application]]\ncompany = "Acme Robotics"\nrole = "Team Lead"\nreferences = []\n',
        references=REFERENCES,
    )
    signal = builders.signal("application_received", "Acme Robotics", role="Staff Engineer")
    other = builders.signal("application_received", "Acme Robotics", role="Team Lead")
    now = clock.now() - timedelta(days=1)
    sender = Address("jobs@acme-robotics.example", "Acme")
    for number, each in enumerate((signal, other)):
        source = f"<{number}@acme-robotics.example>"
        world.know(
            Reading(
                source=source, at=now, sent=False, signals=(each,), sender=sender, thread=source
            )
        )
    status, _, err = world.vouchd("forget", "application", "Acme Robotics", "--yes")
    assert status == 2
    assert 'several are called "Acme Robotics"' in err
    name = "Acme Robotics, Team Lead"
    assert world.vouchd("forget", "application", name, "--yes")[0] == 0
    text = (world.config / "applications.toml").read_text()
    assert text == APPLICATIONS
    with Store.copy(world.state) as store:
        (left,) = [r for r in store.readings() if r.signals]
    assert left.signals[0].role == "Staff Engineer"


def test_everything_is_everything(lived):
    world = lived
    for command in (("export",), ("plan",)):
        assert world.vouchd(*command)[0] == 0
    status, out, _ = world.vouchd("forget", "--everything", "--yes")
    assert status == 0
    assert list(world.state.iterdir()) == []
    assert world.lying() == []
    assert f"Your own files in {world.config} stay" in out
    assert world.vouchd("forget", "--everything", "--with-configuration", "--yes")[0] == 0
    assert not list(world.config.glob("*.toml"))


@pytest.mark.parametrize("answer", ["\n", "n\n", ""])
def test_it_asks_first(lived, monkeypatch, answer):
    import io
    import sys

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    before = stored(lived)
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    status, _, err = lived.vouchd("forget", "person", "Dana Cole")
    assert status == 1
    assert "2 drafts or events not sent or changed by you: taken back." in err
    assert "Forget it? [y/N]" in err
    assert "nothing was forgotten" in err
    assert stored(lived) == before
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert lived.vouchd("forget", "person", "Dana Cole")[0] == 0
    assert "dana" not in stored(lived)


def test_without_a_terminal_nothing_is_forgotten(lived, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    status, _, err = lived.vouchd("forget", "--everything")
    assert status == 2
    assert "--yes does it without asking" in err
    assert (lived.state / "vouchd.db").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "allowed: forget person NAME"),
        (("person",), "allowed: forget person NAME"),
        (("person", "Dana", "--everything"), "allowed: forget person NAME"),
        (("person", "Nobody Known"), 'nobody called "Nobody Known" is known'),
        (("application", "Nowhere"), 'no application is called "Nowhere"'),
    ],
)
def test_what_cannot_be_meant_changes_nothing(lived, words, told):
    before = stored(lived)
    status, _, err = lived.vouchd("forget", *words, "--yes")
    assert status == 2
    assert told in err
    assert stored(lived) == before


def test_a_recruiter_who_is_no_reference_can_be_forgotten(lived):
    assert lived.vouchd("forget", "person", "Jo Lindt", "--yes")[0] == 0
    lose_cursors(lived)
    assert lived.vouchd("once")[0] == 0
    assert "lindt" not in stored(lived)


def test_a_mailbox_that_is_away_forgets_nothing_unless_told(lived, monkeypatch):
    def away(*_):
        raise Unavailable("the mailbox: no answer")

    before = stored(lived)
    monkeypatch.setattr(DraftShelf, "found", away)
    status, _, err = lived.vouchd("forget", "person", "Dana Cole", "--yes")
    assert status == 2
    assert "no answer; nothing was forgotten" in err
    assert stored(lived) == before
    assert lived.vouchd("forget", "person", "Dana Cole", "--yes", "--leave-drafts")[0] == 0
    assert "dana" not in stored(lived)


def test_while_the_daemon_is_at_work_it_is_asked_to_end(lived):
    with Store.open(lived.state):
        status, _, err = lived.vouchd("forget", "person", "Dana Cole", "--yes")
    assert status == 1
    assert "stop it first" in err


def test_names_are_struck_out_of_words_whatever_surrounds_them(tmp_path):
    from vouchd.daemon import forgotten

    with Store.open(tmp_path) as store, store.transaction() as db:
        forgotten.forget(
            db,
            [("name", "Dana Cole"), ("name", "Dee"), ("address", "dana@initech.example")],
            builders.at("09-05"),
        )
        found = forgotten.prints(db)
    assert found is not None
    for text, left in [
        ("We rang Dana  Cole's office (dana@initech.example).", "We rang …'s office (…)."),
        ("DANA COLE", "…"),
        ("Dee, Dana and Cole", "…, Dana and Cole"),
        ("Deep in thought", "Deep in thought"),
        ("", ""),
    ]:
        assert found.without_names(text) == left


def test_export_gives_every_table_and_file(lived, tmp_path):
    status, out, _ = lived.vouchd("export")
    assert status == 0
    found = json.loads(out)
    with sqlite3.connect(lived.state / "vouchd.db") as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE sql > ''")}
        rows = db.execute("SELECT count(*) FROM readings").fetchone()[0]
    db.close()
    tables = {name for name in tables if not name.endswith("_by_time")}
    assert tables | {"configuration", "sign_in", "copies"} == set(found)
    assert len(found["readings"]) == rows
    assert found["readings"][0]["body"]["source"]
    assert REFERENCES in found["configuration"].values()

    folder = tmp_path / "mine"
    status, out, _ = lived.vouchd("export", folder)
    assert status == 0
    assert {path.stem for path in folder.iterdir()} == set(found)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    status, _, err = lived.vouchd("export", folder)
    assert status == 2
    assert "is not empty" in err


def test_no_copy_keeps_what_is_forgotten(lived):
    with Store.open(lived.state) as store:
        store.back_up(clock.now())
        statefile.back_up(store._db, lived.state / "vouchd.db.v1")
    assert lived.vouchd("forget", "person", "Dana Cole", "--yes")[0] == 0
    assert [path.name for path in lived.state.glob("vouchd.db*")] == ["vouchd.db"]


def test_a_signal_about_several_keeps_the_others():
    from vouchd.rules.forget import Forgotten, left_of

    gone = Forgotten(
        source=lambda _: False,
        hushed=lambda _: False,
        key=lambda _: False,
        address=lambda text: text == DANA.email,
        name=lambda text: text == DANA.name,
        words=lambda text: text.replace("Dana Cole", "…"),
        before=lambda *_: None,
    )
    both: Signal = builders.signal(
        "reference_contacted", references=("Dana Cole", "Bob Okafor"), text="Dana Cole, Bob"
    )
    alone = builders.signal("reference_completed", references=("Dana Cole",))
    left = left_of(builders.mail("09-05", both, alone, to=(builders.SAM, DANA, BOB)), gone)
    assert left is not None
    (signal,) = left.signals
    assert signal.references == ("Bob Okafor",)
    assert signal.evidence == (Evidence("test.reference_contacted", "…, Bob"),)
    assert left.to == (builders.SAM, BOB)
    assert left_of(builders.mail("09-05", sender=DANA), gone) is None
    mine = builders.mail("09-05", sent=True, sender=builders.SAM, to=(DANA,))
    assert left_of(mine, gone) is None


def test_a_saved_message_and_a_note_of_the_users_are_named_and_left(lived):
    world = lived
    path = world.config / "applications.toml"
    path.write_text(path.read_text() + 'points = ["Dana Cole knows the CTO"]\n')
    inside = world.mail / "new" / "1700000002.mail"
    shutil.copy(world.mail / "new" / "1700000003.mail", world.home / "saved.eml")
    assert world.vouchd("expect", world.home / "saved.eml")[0] == 0
    assert world.vouchd("expect", inside)[0] == 0
    (saved,) = (world.config / "expect").iterdir()
    exported = json.loads(world.vouchd("export")[1])["configuration"]
    assert str(saved) in exported
    status, out, _ = world.vouchd("forget", "person", "Dana Cole", "--yes")
    assert status == 0
    assert f"{saved}: still names it" in out
    assert f"{path}: still names it" in out
    assert saved.exists()
    status, out, _ = world.vouchd("forget", "--everything", "--with-configuration", "--yes")
    assert status == 0
    assert not saved.exists()
    assert inside.exists(), "it lies in the mailbox"
