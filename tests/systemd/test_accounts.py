"""vouchd@.service under a real systemd: ready, alive, reloaded, ended, and what goes wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.google.server import ALL, FakeGoogle, running
from tests.systemd.accounts import LOCAL, Account, sign_in
from tests.systemd.box import Box, waited


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with running(FakeGoogle(time.time)) as made:
        yield made
    assert not made.violations, made.violations


@pytest.fixture
def account(box: Box, request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account named after the test."""
    number = [item.name for item in request.session.items].index(request.node.name)
    made = Account(box, f"a{number}")
    yield made
    made.stop()


def test_it_starts_is_ready_works_reloads_and_ends(account: Account):
    account.local()
    account.start()
    assert account.shown("ActiveState") == "active"  # so READY=1 came: it is Type=notify
    account.says("0 new messages and 0 new events read; nothing to do")
    account.stop()  # its end within TimeoutStopSec is a success, a later one would be killed
    assert (account.shown("ActiveState"), account.shown("Result")) == ("inactive", "success")
    owner = account.box.run("stat", "-c", "%U %a", f"{account.state}/").stdout.split()
    assert owner[1] == "700"


def test_a_reload_is_heard_and_one_that_does_not_hold_changes_nothing(account: Account):
    account.local()
    account.start()
    account.says("0 new messages")
    before = account.shown("MainPID")
    account.write("[me]\nname = 3\n")
    account.reload()
    account.says("the old configuration stays: /etc/vouchd/")
    assert account.shown("ActiveState") == "active"
    account.local("[mode]\nwrite = false\n")
    account.reload()
    account.says("0 follow-ups open")
    assert "old configuration" not in account.shown("StatusText")
    assert (account.shown("MainPID"), account.shown("NRestarts")) == (before, "0")


def test_who_hangs_is_ended_by_the_watchdog_and_started_again(account: Account, fake: FakeGoogle):
    account.google(fake)
    account.box.write(f"/etc/credstore/vouchd.{account.name}.google-token.json", sign_in(fake))
    account.start()
    account.says("0 new messages")
    time.sleep(2.5)  # longer than the watchdog waits: it is fed
    assert account.shown("NRestarts") == "0"
    fake.fault("gmail.users.history.list", delay=6)
    account.box.waits(account.unit, "NRestarts", "1")
    account.says("0 new messages")
    assert account.shown("ActiveState") == "active"
    journal = account.journal()
    assert "Watchdog timeout" in journal
    assert "google_transport.py" in journal  # where it hung


def test_who_is_killed_is_started_again(account: Account):
    account.local()
    account.start()
    account.box.run("systemctl", "kill", "--signal=KILL", account.unit)
    account.box.waits(account.unit, "NRestarts", "1")
    account.box.waits(account.unit, "ActiveState", "active")
    account.says("0 new messages")


def test_an_end_in_the_middle_of_a_write_loses_and_doubles_nothing(
    account: Account, fake: FakeGoogle
):
    account.google(fake)
    account.people(6)
    account.box.write(f"/etc/credstore/vouchd.{account.name}.google-token.json", sign_in(fake))
    fake.fault("gmail.users.drafts.create", delay=1.0, times=6)
    account.start()
    assert waited(lambda: bool(fake.gmail.drafts), 10)
    account.stop()  # its end within TimeoutStopSec is a success, a later one would be killed
    assert account.shown("Result") == "success"
    assert 1 <= len(fake.gmail.drafts) < 6
    fake.faults.clear()
    account.start()
    account.says("6 follow-ups open")
    account.says("nothing to do")
    assert len(fake.gmail.drafts) == 6


def test_a_server_that_does_not_answer_does_not_hold_up_the_end(account: Account, fake: FakeGoogle):
    account.google(fake)
    account.box.write(f"/etc/credstore/vouchd.{account.name}.google-token.json", sign_in(fake))
    account.box.write(
        f"/etc/systemd/system/{account.unit}.d/slow.conf", "[Service]\nWatchdogSec=1min\n"
    )
    account.box.run("systemctl", "daemon-reload")
    account.start()
    account.says("0 new messages")
    before = len(fake.calls)
    fake.fault("gmail.users.history.list", delay=25)  # longer than TimeoutStopSec
    assert waited(lambda: len(fake.calls) > before or not fake.faults, 10)
    account.stop()
    assert account.shown("Result") == "success"


# --- what only the user can mend is not tried again and again -----------------------------------


def failed_once_and_for_all(account: Account, status: str) -> None:
    account.start(ok=False)
    assert account.shown("ActiveState") == "failed"
    assert account.shown("ExecMainStatus") == status
    time.sleep(1)  # five times as long as a restart waits
    assert account.shown("ActiveState") == "failed"
    assert account.shown("NRestarts") == "0"


def test_a_configuration_that_does_not_hold_is_no_loop(account: Account):
    account.write("[me]\n")
    failed_once_and_for_all(account, "2")
    assert "config.toml:1: me.name: is missing" in account.shown("StatusText")
    account.local()
    account.start()
    account.says("0 new messages")


def test_no_configuration_at_all_says_so(account: Account):
    failed_once_and_for_all(account, "2")
    assert f"{account.config}/config.toml: there is no such file" in account.journal()


def test_a_sign_in_that_does_not_hold_is_no_loop(account: Account, fake: FakeGoogle):
    account.google(fake)
    token = f"/etc/credstore/vouchd.{account.name}.google-token.json"
    account.box.write(
        token, sign_in(fake, token="old", refresh_token="dead", expiry="2020-01-01T00:00:00Z")
    )
    failed_once_and_for_all(account, "77")
    assert "sign in again with `vouchd auth google`" in account.shown("StatusText")
    account.box.write(token, sign_in(fake, refresh_token="refresh-2"))
    account.start()
    account.says("0 new messages")


def test_a_sign_in_that_is_lost_on_the_way_is_told_and_found_again(
    account: Account, fake: FakeGoogle
):
    account.google(fake)
    account.signed_in(sign_in(fake))
    account.start()
    account.says("0 new messages")
    fake.tokens.clear()
    fake.refresh_answer = (400, {"error": "invalid_grant"})
    account.says("sign in again with `vouchd auth google`")
    assert (account.shown("ActiveState"), account.shown("NRestarts")) == ("active", "0")
    fake.refresh_answer = None
    fake.tokens["access-2"] = frozenset(ALL)
    account.signed_in(sign_in(fake, token="access-2", refresh_token="refresh-2"))
    account.says("0 new messages and 0 new events read; nothing to do; 0 follow-ups open")


def test_a_state_that_cannot_be_used_is_tried_again(account: Account):
    account.local()
    path = f"/var/lib/private/vouchd/{account.name}/vouchd.db"
    account.box.run("mkdir", path)
    account.start(ok=False)
    account.box.run("rmdir", path)
    account.box.waits(account.unit, "ActiveState", "active")
    account.says("0 new messages")


# --- secrets, and who sees what -----------------------------------------------------------------


def test_an_encrypted_sign_in_is_opened_by_systemd(account: Account, fake: FakeGoogle):
    account.google(fake)
    sealed = f"/etc/credstore.encrypted/vouchd.{account.name}.google-token.cred"
    seal = ("systemd-creds", "encrypt", "--with-key=host", "--name=google-token.cred", "-", sealed)
    account.box.run(*seal, text=sign_in(fake, client_id=None, client_secret=None, token=None))
    account.box.write(
        f"/etc/credstore/vouchd.{account.name}.google-client.json",
        '{"installed": {"client_id": "c", "client_secret": "s"}}',
    )
    account.start()
    account.says("0 new messages")
    state = account.box.run("ls", account.state + "/").stdout.split()
    assert "google-token.json" not in state
    assert "refresh-1" not in account.box.read(sealed)


def test_what_init_writes_can_be_read_by_the_instance(account: Account):
    """As docs/service.md has it."""
    mail = f"{account.state}/mail"
    account.local()
    account.box.run("rm", "-r", account.config)
    account.box.run(
        "vouchd", "init", "--config", account.config, "--name", "Sam", "--email", "sam@example.org",
        "--maildir", mail, "--calendar", f"{account.state}/calendar",
    )  # fmt: skip
    account.start(ok=False)
    assert "config.toml: cannot be read: Permission denied" in account.shown("StatusText")
    account.box.run("chmod", "-R", "g+rX", account.config)
    account.start()
    account.says("0 new messages")


def test_mail_in_a_home(account: Account):
    """As docs/service.md has it."""
    box = account.box
    box.run("useradd", "--create-home", "robin")
    folders = [f"/home/robin/Mail{b}/{p}" for b in ("", "/.Drafts") for p in ("cur", "new", "tmp")]
    as_robin = ("setpriv", "--reuid=robin", "--regid=robin", "--clear-groups")
    box.run(*as_robin, "mkdir", "-p", *folders, "/home/robin/.calendars")
    page = (Path(__file__).parents[2] / "docs" / "service.md").read_text()
    found = re.search(r"```ini\n(\[Service\]\nDynamicUser=no.*?)```", page, re.DOTALL)
    assert found is not None
    box.write(f"/etc/systemd/system/{account.unit}.d/home.conf", found[1].replace("sam", "robin"))
    box.run("systemctl", "daemon-reload")
    account.people(1)
    config = LOCAL.replace("{state}/mail", "/home/robin/Mail")
    box.write(
        f"{account.config}/config.toml",
        config.replace("{state}/calendar", "/home/robin/.calendars"),
    )
    account.start()
    account.says("1 follow-up open")
    assert len(box.run("ls", "/home/robin/Mail/.Drafts/cur").stdout.splitlines()) == 1


def test_no_account_sees_another(box: Box):
    one, other = Account(box, "one"), Account(box, "other")
    for account in (one, other):
        account.local()
        account.start()
        account.says("0 new messages")
    pid = one.shown("MainPID")
    inside = ("nsenter", f"--target={pid}", "--mount", "--setuid", _uid(box, pid), "--setgid")
    assert box.run(*inside, "0", "ls", "/etc/vouchd").stdout == "one\n"
    assert _uid(box, pid) != _uid(box, other.shown("MainPID"))
    box.run(*inside, "65534", "ls", f"{other.state}/", ok=False)
    box.run(*inside, "65534", "touch", f"{one.config}/mine", ok=False)
    for account in (one, other):
        account.stop()


def _uid(box: Box, pid: str) -> str:
    return box.run("stat", "-c", "%u", f"/proc/{pid}").stdout.strip()
