"""Compiled rules are kept, found again, never out of date, and never taken from a stranger."""

import pickle
from dataclasses import replace

import pytest

from vouchd.config.data import shipped
from vouchd.daemon import rulecache
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.tables import LexiconError

#: One language is enough, and soon compiled.
DATA = replace(shipped(), phrases={"de": shipped().phrases["de"]})


@pytest.fixture
def compilations(monkeypatch):
    made = []

    def counted(data):
        made.append(data)
        return compile_(data)

    compile_ = lexicon.compile
    monkeypatch.setattr(lexicon, "compile", counted)
    return made


def test_it_is_compiled_once(tmp_path, compilations):
    folder = tmp_path / "cache"
    first = rulecache.compiled(DATA, folder)
    assert rulecache.compiled(DATA, folder) == first
    assert len(compilations) == 1
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_is_equal_is_one_object(tmp_path):
    plain = lexicon.compile(DATA)
    kept = rulecache.compiled(DATA, tmp_path)
    again = rulecache.compiled(DATA, tmp_path)
    assert plain == kept == again

    def objects(found):
        entries = found.languages["de"].entries
        return len({id(word) for e in entries for word in e.pattern.triggers})

    assert objects(again) == objects(kept) < objects(plain)


def test_a_language_is_taken_down_when_it_is_read(tmp_path):
    rulecache.compiled(DATA, tmp_path)
    entries = rulecache.compiled(DATA, tmp_path).languages["de"].entries
    assert "_entries" not in vars(entries)
    assert entries[0].cue
    assert "_entries" in vars(entries)
    assert "_entries" not in vars(pickle.loads(pickle.dumps(entries)))


def test_other_phrases_are_compiled_anew(tmp_path, compilations):
    rulecache.compiled(DATA, tmp_path)
    more = replace(DATA, phrases={"de": DATA.phrases["de"] + "\n# mine\n"})
    rulecache.compiled(more, tmp_path)
    assert len(compilations) == 2
    rulecache.compiled(DATA, tmp_path)
    assert len(compilations) == 2


def test_other_code_compiles_anew(tmp_path, compilations, monkeypatch):
    rulecache.compiled(DATA, tmp_path)
    monkeypatch.setattr(rulecache, "_code", lambda: "a later release")
    rulecache.compiled(DATA, tmp_path)
    assert len(compilations) == 2


def test_no_more_than_a_few_are_kept(tmp_path, monkeypatch):
    for release in range(6):
        monkeypatch.setattr(rulecache, "_code", lambda release=release: str(release))
        rulecache.compiled(DATA, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("content", [b"", b"\x80", pickle.dumps("something else")])
def test_what_is_no_lexicon_is_made_again(tmp_path, content, compilations):
    rulecache.compiled(DATA, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert rulecache.compiled(DATA, tmp_path).languages
    assert len(compilations) == 2
    assert file.stat().st_size > 10_000


class Evil:
    def __reduce__(self):
        return (pytest.fail, ("somebody else's file was run",))


def test_what_others_can_write_is_not_read(tmp_path):
    rulecache.compiled(DATA, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(pickle.dumps(Evil()))
    file.chmod(0o660)
    assert rulecache.compiled(DATA, tmp_path).languages
    file.unlink()
    (tmp_path / "evil").write_bytes(pickle.dumps(Evil()))
    file.symlink_to(tmp_path / "evil")
    assert rulecache.compiled(DATA, tmp_path).languages


def test_a_folder_that_cannot_be_used_costs_time_only(tmp_path):
    (tmp_path / "file").write_text("")
    assert rulecache.compiled(DATA, tmp_path / "file" / "cache").languages
    assert rulecache.compiled(DATA, None).languages


def test_what_does_not_hold_is_not_kept(tmp_path):
    with pytest.raises(LexiconError):
        rulecache.compiled(replace(DATA, phrases={"de": "cues = 3"}), tmp_path)
    assert list(tmp_path.iterdir()) == []
