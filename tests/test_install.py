"""The wheel as people install it: by pipx and by uv, for one user, with nothing else at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INVITED = (
    b"From: Acme Hiring <jobs@acme.example>\r\nTo: sam@example.org\r\n"
    b"Message-ID: <1@acme.example>\r\nDate: Mon, 05 Oct 2026 09:00:00 +0000\r\n"
    b"Subject: Interview invitation\r\n\r\nDear Sam,\r\n\r\nThank you for applying for the "
    b"Staff Engineer position at Acme. We would like to invite you to an interview next "
    b"week. Please choose a time that suits you.\r\n\r\nKind regards,\r\nAcme Hiring\r\n"
)
PIPX = ("pipx", "install", "--pip-args=--no-index")
UV = ("uv", "tool", "install", "--no-index")


def run(*command: str | Path, environ: Mapping[str, str] = os.environ) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, env=environ
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # A copy, so that the build leaves nothing in the work tree.
    source = folder / "source"
    ignore = ("*.git", ".venv", "build", "tests", "*.egg-info", ".*_cache", "demo-out")
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*ignore))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, source)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What it depends on, by the lock file: both tools get it from there and from nowhere else."""
    folder = tmp_path_factory.mktemp("libraries")
    run(
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
        "-r", ROOT / "requirements.lock", "-d", folder,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize("tool", [PIPX, UV], ids=["pipx", "uv"])
def test_a_tool_installs_it_for_one_user(
    tool: tuple[str, ...], wheel: Path, libraries: Path, tmp_path: Path
):
    """Templates, rule data and default configuration are inside; the command starts."""
    environ = {
        "HOME": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "UV_FIND_LINKS": str(libraries),
    }
    run(sys.executable, "-m", *tool, "--python", sys.executable, wheel, environ=environ)
    # Where the user unit looks for it.
    vouchd = tmp_path / ".local" / "bin" / "vouchd"
    assert run(vouchd, "--version", environ=environ).startswith("vouchd ")
    mail, calendar = tmp_path / "mail", tmp_path / "calendar"
    for part in ("cur", "new", "tmp"):
        (mail / part).mkdir(parents=True)
    calendar.mkdir()
    run(
        vouchd, "init", "--name", "Sam Rivera", "--email", "sam@example.org", "--timezone",
        "Europe/Berlin", "--maildir", mail, "--calendar", calendar, environ=environ,
    )  # fmt: skip
    (mail / "new" / "1.mail").write_bytes(INVITED)
    assert '"interview_invite"' in run(vouchd, "classify", "--json", mail, environ=environ)
    assert "1 new message " in run(vouchd, "once", environ=environ)
    python = vouchd.resolve().parent / "python"
    listed = "from importlib.resources import files as f; print(*f('vouchd.systemd').iterdir())"
    found = run(python, "-c", listed, environ=environ)
    assert all(name in found for name in ("vouchd.service", "vouchd@.service", "restart-steps"))
