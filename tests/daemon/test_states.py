"""The state file of every form there ever was opens with all that is in it."""

import shutil
import sqlite3

import pytest

from tests.daemon.states.make import FOLDER, check, fill
from vouchd.daemon import statefile
from vouchd.daemon.store import Store, StoreError

NEWEST = len(statefile.MIGRATIONS)


def version_of(path) -> int:
    db = sqlite3.connect(path)
    try:
        return int(db.execute("PRAGMA user_version").fetchone()[0])
    finally:
        db.close()


def test_a_file_of_each_form_is_kept():
    kept = {int(path.stem[1:]): path for path in FOLDER.glob("v*.db")}
    assert sorted(kept) == list(range(1, NEWEST + 1)), (
        "a migration was added: write the file of the new form with "
        "`python -m tests.daemon.states.make`"
    )
    assert {number: version_of(path) for number, path in kept.items()} == {n: n for n in kept}


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
def test_an_earlier_form_opens_and_its_copy_is_kept(tmp_path, version):
    path = tmp_path / statefile.NAME
    shutil.copy(FOLDER / f"v{version}.db", path)
    path.chmod(0o600)  # as it was written; git does not keep that
    before = path.read_bytes()
    with Store.copy(tmp_path) as store:  # to look is not to migrate
        check(store)
    assert path.read_bytes() == before
    with Store.open(tmp_path) as store:
        check(store)
        fill(store)
    assert version_of(path) == NEWEST
    copies = {copy.name: version_of(copy) for copy in statefile.copies(path)}
    assert copies == ({} if version == NEWEST else {f"{statefile.NAME}.v{version}": version})
    with Store.open(tmp_path) as store:
        check(store)


def test_a_form_of_tomorrow_is_refused_with_a_word(tmp_path):
    path = tmp_path / statefile.NAME
    shutil.copy(FOLDER / f"v{NEWEST}.db", path)
    path.chmod(0o600)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(
        StoreError, match=rf"newer vouchd \(its form is {NEWEST + 1}.*install that release again"
    ):
        Store.open(tmp_path)
    assert path.read_bytes() == before
