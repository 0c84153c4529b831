"""The Debian package: installed, used, removed, purged, on a machine of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.systemd.accounts import Account
from tests.systemd.box import Box
from tests.systemd.conftest import booted, dpkg


@pytest.fixture(scope="module")
def machine(package: Path) -> Iterator[Box]:
    with booted(package) as made:
        yield made


def exists(box: Box, path: str) -> bool:
    return box.run("test", "-e", path, ok=None).returncode == 0


def test_nothing_in_it_is_of_the_machine_it_was_built_on(package: Path):
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        assert line.split()[1] == "root/root"
        assert line.split()[5].startswith(("./opt/", "./usr/")) or line.endswith(" ./")
    documents = [line for line in listed.splitlines() if "/discovery_cache/documents/" in line]
    assert len([line for line in documents if line.endswith(".json")]) == 4
    assert package.stat().st_size < 80_000_000


def test_it_is_installed_used_removed_and_purged(machine: Box):
    dpkg(machine, "--install", "/run/box/vouchd.deb")
    assert machine.run("vouchd", "--version").stdout.startswith("vouchd ")
    assert machine.run("dpkg", "--verify", "vouchd").stdout == ""
    assert machine.run("stat", "-c", "%G %a", "/etc/vouchd").stdout == "vouchd 2750\n"
    # Enabled by hand.
    units = machine.run("systemctl", "list-unit-files", "vouchd*", "--no-legend").stdout
    assert units.split()[:2] == ["vouchd@.service", "disabled"]
    account = Account(machine, "sam")
    account.local()
    machine.run("systemctl", "enable", "--now", account.unit)
    account.says("0 new messages")
    told = machine.run("vouchd-for", "sam", "service", "status", ok=False).stderr
    assert "no systemd answers for this user" in told
    assert json.loads(machine.run("vouchd-for", "sam", "status", "--json").stdout)
    assert machine.run("vouchd-for", "sam", "why", "nothing", ok=None).returncode == 2
    assert "no name of an account" in machine.run("vouchd-for", "../sam", "plan", ok=False).stderr
    foreign = ("find", f"{account.state}/", "!", "-user", "vouchd-sam")
    assert machine.run(*foreign).stdout == ""

    # The new version takes over.
    before = account.shown("MainPID")
    dpkg(machine, "--install", "/run/box/vouchd.deb")
    machine.waits(account.unit, "ActiveState", "active")
    account.says("0 new messages")
    assert account.shown("MainPID") != before

    dpkg(machine, "--remove", "vouchd")
    assert account.shown("ActiveState") == "inactive"
    assert not exists(machine, "/opt/vouchd")
    assert not exists(machine, "/usr/bin/vouchd")
    dpkg(machine, "--purge", "vouchd")
    kept = (f"{account.state}/vouchd.db", f"{account.config}/config.toml")
    assert all(exists(machine, path) for path in kept)

    # It is the same account when it comes back.
    dpkg(machine, "--install", "/run/box/vouchd.deb")
    account.start()
    account.says("0 new messages")


def test_a_purge_removes_state_when_it_is_asked_to(machine: Box):
    dpkg(machine, "--install", "/run/box/vouchd.deb")
    account = Account(machine, "kim")
    account.local()
    account.start()
    machine.write("/etc/credstore/vouchd.kim.google-token.json", "{}")
    machine.write("/etc/credstore/another", "{}")
    answer = "vouchd vouchd/remove-state boolean true\n"
    machine.run("debconf-set-selections", text=answer)
    dpkg(machine, "--purge", "vouchd")
    for path in ("/var/lib/vouchd", "/var/lib/private/vouchd", "/etc/vouchd", "/opt/vouchd"):
        assert not exists(machine, path), path
    assert not exists(machine, "/etc/credstore/vouchd.kim.google-token.json")
    assert exists(machine, "/etc/credstore/another")
    assert "vouchd" not in machine.run("dpkg-query", "--show").stdout
