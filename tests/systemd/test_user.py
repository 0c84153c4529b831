"""`vouchd service` and the user unit, with the user's own systemd."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.systemd.accounts import LOCAL
from tests.systemd.box import Box, waited

HOME = "/home/sam"
RUNTIME = "/run/user/1234"
PACKAGED = "/usr/lib/systemd/user/vouchd.service"


@dataclass
class User:
    """Sam, logged in."""

    box: Box

    def run(self, *command: str, ok: bool | None = True) -> str:
        done = self.box.run(
            "setpriv", "--reuid=sam", "--regid=sam", "--init-groups", "env", f"HOME={HOME}",
            f"XDG_RUNTIME_DIR={RUNTIME}", "USER=sam", *command, ok=ok,
        )  # fmt: skip
        return done.stdout + done.stderr

    def service(self, action: str, *arguments: str, ok: bool | None = True) -> str:
        return self.run("vouchd", "service", action, *arguments, ok=ok)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.service("status", "--json", ok=None))
        return found

    def says(self, words: str) -> None:
        assert waited(lambda: words in self.state()["status"], 20), self.state()


@pytest.fixture(scope="module")
def user(box: Box) -> Iterator[User]:
    box.run("useradd", "--create-home", "--uid=1234", "sam")
    # What logind and PAM do at a log-in.
    box.run("install", "-d", "-o", "sam", "-m", "700", RUNTIME)
    box.write(
        "/etc/systemd/system/user@.service.d/box.conf",
        f"[Service]\nPAMName=\nEnvironment=XDG_RUNTIME_DIR=/run/user/%i HOME={HOME}\n",
    )
    box.write(
        "/etc/systemd/system/user-runtime-dir@.service.d/box.conf",
        "[Service]\nExecStart=\nExecStart=/bin/true\nExecStop=\n",
    )
    box.run("systemctl", "daemon-reload")
    box.run("systemctl", "start", "user@1234.service")
    made = User(box)
    folders = " ".join(f"{HOME}/mail{b}/{p}" for b in ("", "/.Drafts", "/.Sent")
                       for p in ("cur", "new", "tmp"))  # fmt: skip
    made.run("sh", "-c", f"mkdir -p {folders} {HOME}/calendar {HOME}/.config/vouchd")
    for folder in (f"{HOME}/.config/vouchd", f"{HOME}/my 100% $HOME"):
        made.run("mkdir", "-p", folder)
        text = shlex.quote(LOCAL.format(state=HOME))
        made.run("sh", "-c", f"printf %s {text} >{shlex.quote(folder)}/config.toml")
        made.run("touch", f"{folder}/references.toml")
    yield made
    box.run("systemctl", "stop", "user@1234.service")


@pytest.fixture
def without_the_packages_unit(box: Box) -> Iterator[None]:
    box.run("mv", PACKAGED, "/root/packaged.service")
    yield
    box.run("mv", "/root/packaged.service", PACKAGED)


@pytest.mark.usefixtures("without_the_packages_unit")
def test_a_unit_of_ones_own(user: User):
    assert "There is no unit" in user.service("status", ok=False)
    told = user.service("install")
    assert f"The unit lies in {HOME}/.config/systemd/user/vouchd.service." in told
    assert "vouchd is running since" in told
    user.says("0 new messages and 0 new events read")
    state = user.state()
    assert (state["active"], state["enabled"], state["restarts"]) == ("active", True, 0)
    assert "\nExecStart=/usr/bin/vouchd run\n" in user.run("cat", state["file"])
    assert "0 new messages" in user.service("logs", "--lines", "5")
    assert json.loads(user.service("logs", "--json", "--lines", "1"))["_COMM"]

    # A second time is as good as once; what the user wrote into it is kept beside.
    user.run("sh", "-c", f"echo '# mine' >>{state['file']}")
    user.service("install")
    assert "# mine" in user.run("cat", f"{state['file']}.old")
    assert "# mine" not in user.run("cat", state["file"])

    user.run("systemctl", "--user", "kill", "--signal=KILL", "vouchd")
    assert waited(lambda: user.state()["active"] == "activating", 5)
    user.run("systemctl", "--user", "reload-or-restart", "vouchd", ok=None)

    assert "configuration and state stay" in user.service("uninstall")
    assert "There is no unit" in user.service("status", ok=False)
    assert user.run("ls", f"{HOME}/.config/systemd/user").split() in ([], ["vouchd.service.old"])
    assert "vouchd.db" in user.run("ls", f"{HOME}/.local/state/vouchd")
    assert "There was no unit" in user.service("uninstall")


@pytest.mark.usefixtures("without_the_packages_unit")
def test_any_folder_will_do(user: User):
    user.service("install", "--config", f"{HOME}/my 100% $HOME")
    user.says("0 new messages and 0 new events read")
    user.service("uninstall")


def test_the_packages_unit_is_enabled_as_it_is(user: User):
    user.run("rm", "-rf", f"{HOME}/.config/systemd")
    assert "The package's own unit is enabled." in user.service("install")
    assert user.state()["file"].endswith("lib/systemd/user/vouchd.service")
    user.says("0 new messages and 0 new events read")
    user.service("uninstall")
    state = user.state()
    assert (state["active"], state["enabled"]) == ("inactive", False)


@pytest.mark.usefixtures("without_the_packages_unit")
def test_what_keeps_it_from_starting_is_told_at_once(user: User):
    user.run("sh", "-c", f"mkdir -p {HOME}/g; cp {HOME}/.config/vouchd/* {HOME}/g")
    user.run("sed", "-i", "s/maildir/gmail/; s/folder/google/; /^path/d", f"{HOME}/g/config.toml")
    told = user.service("install", "--config", f"{HOME}/g", ok=False)
    assert "vouchd is not running: it failed" in told
    assert "not signed in to Google" in told
    assert "exit-code (77)" in told
    user.run("sh", "-c", f"echo '[me]' >{HOME}/g/config.toml")
    told = user.service("install", "--config", f"{HOME}/g", ok=False)
    assert "me.name: is missing" in told
    user.service("uninstall")


def test_without_a_systemd_it_is_told(user: User):
    told = user.run("env", "XDG_RUNTIME_DIR=/nowhere", "vouchd", "service", "status", ok=False)
    assert "no systemd answers for this user" in told
    assert "enable-linger" in told
