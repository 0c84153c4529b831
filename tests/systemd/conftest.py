from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.systemd.box import NEEDED, Box, missing

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Debian package, built as `make deb` builds it, but not compressed."""
    out = tmp_path_factory.mktemp("deb")
    done = subprocess.run(
        ["sh", ROOT / "systemd" / "debian" / "build.sh", sys.executable, out],
        capture_output=True, text=True, check=False, env=os.environ | {"DEB_COMPRESS": "none"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@contextmanager
def booted(package: Path) -> Iterator[Box]:
    """Boot a box that has the package at /run/box/vouchd.deb."""
    if why := missing():
        pytest.fail(f"{why}: {NEEDED}", pytrace=False)
    with tempfile.TemporaryDirectory(prefix="vouchd-box-") as folder:
        box = Box(Path(folder))
        box.start()
        try:
            (box.shared / "vouchd.deb").write_bytes(package.read_bytes())
            yield box
        finally:
            box.stop()


def dpkg(box: Box, *arguments: str) -> str:
    """Run dpkg inside, as an unattended installation does."""
    done = box.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", *arguments)
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def box(package: Path) -> Iterator[Box]:
    """A booted systemd with the package installed; each test uses accounts of its own in it."""
    with booted(package) as made:
        dpkg(made, "--install", "/run/box/vouchd.deb")
        # What takes minutes takes seconds here; all else is the unit as it is shipped.
        made.write(
            "/etc/systemd/system/vouchd@.service.d/fast.conf",
            "[Service]\nRestartSec=200ms\nWatchdogSec=2s\n",
        )
        made.run("systemctl", "daemon-reload")
        yield made
