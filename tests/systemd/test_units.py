"""The unit files as systemd itself judges them: valid, and as closed as they say."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.systemd.box import NEEDED

UNITS = Path(__file__).parents[2] / "systemd"
SYSTEM, USER = "vouchd@.service", "vouchd.service"
#: What the machine of the test need not have.
PROGRAMS = ("/opt/vouchd/bin/vouchd", "%h/.local/bin/vouchd")


def systemd(*command: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **environ},
        )  # fmt: skip
    except FileNotFoundError:
        pytest.fail(f"{command[0]} is not installed; {NEEDED}", pytrace=False)


@pytest.fixture
def unit(tmp_path: Path) -> Callable[[str], Path]:
    """Return a unit as it is shipped, but for the program, which is one that is there."""

    def copied(name: str) -> Path:  # under its own name: that decides how it is read
        text = (UNITS / name).read_text()
        for program in PROGRAMS:
            text = text.replace(program, "/bin/true")
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return copied


def verified(path: Path, runtime: Path) -> str:
    user = ["--user"] if path.name == USER else []
    done = systemd("systemd-analyze", *user, "verify", path, XDG_RUNTIME_DIR=str(runtime))
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", [SYSTEM, USER])
def test_systemd_finds_nothing_to_say(unit, name, tmp_path):
    assert verified(unit(name), tmp_path) == ""


def test_systemd_would_say_it(unit, tmp_path):
    path = unit(SYSTEM)
    path.write_text(path.read_text().replace("WatchdogSec", "WachdogSec"))
    assert "WachdogSec" in verified(path, tmp_path)


def test_the_growing_pauses_are_for_a_systemd_that_knows_them(unit, tmp_path):
    path = unit(SYSTEM)
    (tmp_path / f"{SYSTEM}.d").mkdir()
    steps = (UNITS / "restart-steps.conf").read_text()
    (tmp_path / f"{SYSTEM}.d" / "restart-steps.conf").write_text(steps)
    keys = re.findall(r"^(\w+)=", steps, re.MULTILINE)
    assert keys == ["RestartSteps", "RestartMaxDelaySec"]
    version = int(systemd("systemctl", "--version").stdout.split()[1])
    complaints = verified(path, tmp_path).splitlines()
    assert len(complaints) == (0 if version >= 254 else len(keys))
    assert all("Unknown key" in line for line in complaints)


def judged(path: Path) -> list[dict[str, object]]:
    done = systemd("systemd-analyze", "security", "--offline=true", "--json=short", path)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_the_system_unit_is_closed(unit):
    done = systemd(
        "systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager",
        unit(SYSTEM),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_what_is_left_out_is_explained(unit):
    _, _, explained = (UNITS / SYSTEM).read_text().partition("# Left out, and why:")
    left_out = [str(row["name"]) for row in judged(unit(SYSTEM)) if not row["set"]]
    assert left_out
    for name in left_out:
        directive = re.split(r"[=/]", name)[0]
        assert f"{directive}=" in explained, name
        for family in re.findall(r"AF_\w+", name):
            assert family in explained


def test_the_user_unit_explains_what_the_system_unit_has_more():
    theirs, ours = (
        set(re.findall(r"^(\w+)=", (UNITS / name).read_text(), re.MULTILINE))
        for name in (SYSTEM, USER)
    )
    _, _, explained = (UNITS / USER).read_text().partition("# Left out, and why:")
    more = {
        name
        for name in theirs - ours
        if name.startswith(("Protect", "Private", "Load", "State", "Configuration", "Capab"))
        and not name.endswith("Mode")
    }
    assert len(more) > 10
    for name in more:
        family = re.match(r"ProtectKernel|Private|\w+", name)
        assert family is not None
        assert family[0] in explained, name


def test_only_the_user_can_mend_what_is_not_tried_again():
    from vouchd.daemon.failures import WRONG_USE
    from vouchd.daemon.service import NEEDS_LOGIN

    for name in (SYSTEM, USER):
        assert (
            f"\nRestartPreventExitStatus={WRONG_USE} {NEEDS_LOGIN}\n" in (UNITS / name).read_text()
        )


def test_group_and_folders_are_made(tmp_path):
    (tmp_path / "etc").mkdir()
    root = f"--root={tmp_path}"
    users = systemd("systemd-sysusers", root, UNITS / "vouchd.sysusers.conf")
    assert users.returncode == 0, users.stderr
    assert (tmp_path / "etc/group").read_text().startswith("vouchd:")
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\n")
    with (tmp_path / "etc/group").open("a") as file:
        file.write("root:x:0:\n")
    made = systemd("systemd-tmpfiles", root, "--create", UNITS / "vouchd.tmpfiles.conf")
    assert (made.returncode, made.stderr) == (0, "")
    folder = (tmp_path / "etc/vouchd").stat()
    assert oct(folder.st_mode & 0o7777) == "0o2750"
    assert folder.st_gid != 0
