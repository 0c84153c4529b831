"""What is installed is what was tested, each has a reason, and each promise names its test."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = sorted(ROOT.glob("requirements*.lock"))
MAKEFILE = (ROOT / "Makefile").read_text()


def named(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0].lower()


def wanted() -> dict[str, set[str]]:
    groups = PROJECT["dependency-groups"]
    return {
        "made of": set(map(named, PROJECT["project"]["dependencies"])),
        "work on it": {named(r) for group in groups.values() for r in group},
    }


def described(section: str) -> dict[str, tuple[str, str]]:
    text = (ROOT / "docs" / "dependencies.md").read_text()
    part = next(p for p in text.split("\n## ") if section in p.splitlines()[0])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines()]
    return {r[0]: (r[1], r[2]) for r in rows if len(r) == 3 and r[0] not in ("package", "---")}


@pytest.mark.parametrize("section", ["made of", "work on it"])
def test_every_dependency_is_listed_with_its_licence_and_its_reason(section: str):
    rows = described(section)
    assert set(rows) == wanted()[section]
    for name, (licence, reason) in rows.items():
        assert re.search(r"Apache|MIT|BSD|MPL|ISC|PSF", licence), name
        assert len(reason) > 10, name


def entries(lock: Path) -> dict[str, list[str]]:
    """Return each locked package with the hashes of its files."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lock.read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)==", line):
            name = match[1].lower()
            found[name] = []
        found.setdefault(name, []).extend(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_pins_everything_by_version_and_hash(lock: Path):
    text = lock.read_text()
    assert re.findall(r"^[A-Za-z0-9][^\s]*", text, re.M) == re.findall(
        r"^[A-Za-z0-9_.-]+==[^\s]+", text, re.M
    )
    found = entries(lock)
    found.pop("", None)
    assert found
    assert not [name for name, hashes in found.items() if not hashes]
    assert not re.search(r"://|--index-url|--extra|--trusted-host|@ ", text)


def test_the_locks_hold_what_the_project_asks_for():
    assert {lock.name for lock in LOCKS} == {
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-audit.lock",
        "requirements-docs.lock",
        "requirements-fuzz.lock",
        "requirements-train.lock",
    }
    held = {lock.name: set(entries(lock)) for lock in LOCKS}
    assert wanted()["made of"] <= held["requirements.lock"]
    assert {named(r) for r in PROJECT["dependency-groups"]["dev"]} <= held["requirements-dev.lock"]
    assert "pip-audit" in held["requirements-audit.lock"]
    assert "atheris" in held["requirements-fuzz.lock"]
    assert "scikit-learn" in held["requirements-train.lock"]
    assert {named(r) for r in PROJECT["dependency-groups"]["docs"]} <= held[
        "requirements-docs.lock"
    ]


def test_every_installation_checks_the_hashes():
    lines = [line for line in MAKEFILE.splitlines() if "pip install" in line]
    assert len(lines) >= 4
    for line in lines:
        assert (
            "--require-hashes -r " in line or "--no-deps --no-build-isolation --editable ." in line
        )
    assert "exec make test" in (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^test: check ", MAKEFILE, re.M)
    assert re.search(r"^check: setup", MAKEFILE, re.M)


def exchanged(folder: Path, name: str, version: str) -> None:
    """Put a wheel of that name and version into a folder; it is not the one that was locked."""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def test_a_file_that_was_exchanged_is_not_installed(tmp_path: Path):
    text = (ROOT / "requirements.lock").read_text()
    found = re.search(r"^tomlkit==(\S+)(?:[^\n]*\\\n +--hash=[^\n]+)+", text, re.M)
    assert found is not None
    lock = tmp_path / "requirements.lock"
    lock.write_text(found[0].rstrip("\\ ") + "\n")
    exchanged(tmp_path, "tomlkit", found[1])
    install = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--dry-run",
               "--ignore-installed", "--find-links", str(tmp_path)]  # fmt: skip
    command = [*install, "--require-hashes", "-r", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    # Without the hash it would have been taken: it is the hash that stopped it.
    command = [*install, f"tomlkit=={found[1]}"]
    subprocess.run(command, capture_output=True, timeout=240, check=True)


def test_nothing_that_opens_documents_or_archives_is_a_dependency():
    readers = re.compile(
        r"pdf|docx|openpyxl|odf|rtf|office|olefile|textract|tika|unstructured|rarfile|py7zr|zstd"
        r"|brotli|pillow|tnef|msg-parser|pickle|yaml"
    )
    names = set(entries(ROOT / "requirements.lock"))
    assert not [name for name in names if readers.search(name)]


def test_the_promises_name_tests_that_exist():
    text = (ROOT / "SECURITY.md").read_text()
    named_files = set(re.findall(r"`((?:tests|docs)/[\w/.-]+)`", text))
    assert len(named_files) >= 5
    assert not [name for name in named_files if not (ROOT / name).exists()]
    assert "report" in text.lower()
