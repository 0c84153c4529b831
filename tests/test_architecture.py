"""The house stays as it was built: who may know whom, what a room must say, nobody sends."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("daemon", "connectors", "rules", "config", "systemd")
FILES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
# Methods of Google's clients and of the standard library that send something to somebody.
SENDING = re.compile(r"\.send\(|sendmail|send_message|sendUpdates\s*=\s*['\"](?:all|external)")


def test_the_top_level_holds_the_rooms_and_what_a_kept_project_has():
    wanted = {*ROOMS, "tests", "docs", "benchmarks", ".ci/run", "Makefile", "pyproject.toml"}
    wanted |= {"README.md", "LICENSE", "CHANGELOG.md", "requirements.lock", "requirements-dev.lock"}
    assert not [name for name in wanted if not (ROOT / name).exists()]


def test_every_package_folder_is_packaged():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = set(project["tool"]["setuptools"]["packages"])
    folders = {
        ".".join(("vouchd", *p.parent.relative_to(ROOT).parts))
        for room in ROOMS
        for p in (ROOT / room).rglob("__init__.py")
    }
    assert folders == listed


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_says_what_it_knows_and_stays_small(path: Path):
    text = path.read_text()
    doc = ast.get_docstring(ast.parse(text))
    assert doc, "the module docstring is missing"
    assert len(text.splitlines()) <= 500, "split it"


def test_a_folder_says_what_must_not_live_in_it():
    for room in ("daemon", "connectors", "rules", "config"):
        doc = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text())) or ""
        assert "must not" in doc or "Nothing imports it" in doc, room


def test_nothing_in_the_tree_can_send():
    guilty = [
        f"{p.relative_to(ROOT)}:{number}"
        for p in FILES
        for number, line in enumerate(p.read_text().splitlines(), 1)
        if SENDING.search(line.split("#")[0])
    ]
    assert not guilty


def test_the_lock_files_pin_everything_with_hashes():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        pinned = re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
