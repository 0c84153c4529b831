"""docs/reliability.md is what the generator makes of the record, and names only what there is."""

from __future__ import annotations

import re

import pytest

from tests.reliability import record
from tests.reliability.page import PAGE, page
from tests.reliability.promises import PROMISES
from tests.reliability.record import ROOT, committed, gathered, leave, leave_tests

NAMES = [name for promise in PROMISES for name in promise.shown]


@pytest.mark.parametrize("name", NAMES)
def test_every_test_that_is_named_exists(name: str):
    file, _, test = name.partition("::")
    text = (ROOT / file).read_text()
    assert f"def {test}(" in text if test else "def test_" in text


def test_the_page_is_made_of_the_record():
    assert PAGE.read_text() == page(committed())


def test_a_figure_that_is_typed_is_found():
    told = committed()
    told["soak"] = {**told["soak"], "kills": 123_456}
    assert "123,456 times" in page(told)
    assert PAGE.read_text() != page(told)


def test_a_run_that_failed_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(record.ASKED, "tests")
    leave_tests([], {}, 1, folder=tmp_path)
    assert gathered({}, NAMES, folder=tmp_path) == {}
    leave_tests([], {"requests": 3}, 0, folder=tmp_path)
    assert gathered({}, NAMES, folder=tmp_path)["tests"]["requests"] == 3


def test_a_newer_run_takes_the_place_of_an_older(tmp_path):
    leave("soak", {"kills": 2}, folder=tmp_path)
    found = gathered({"soak": {"kills": 1}, "crash": {"cases": 1}}, NAMES, folder=tmp_path)
    assert found["soak"]["kills"] == 2
    assert found["crash"] == {"cases": 1}


def test_the_page_is_linked():
    assert "(docs/reliability.md)" in (ROOT / "README.md").read_text()
    assert re.search(r"^reliability$", (ROOT / "docs/index.md").read_text(), re.M)
