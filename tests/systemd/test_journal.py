"""What the journal of a real systemd holds, and what doctor says of a daemon that runs in it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.systemd.accounts import Account
from tests.systemd.box import Box


@pytest.fixture
def account(box: Box) -> Iterator[Account]:
    made = Account(box, "diary")
    yield made
    made.stop()


def test_lines_have_their_priority_and_doctor_sees_the_daemon(account: Account):
    account.local()
    account.people(1)
    account.start()
    account.says("2 things done")
    account.says("nothing to do")
    shown = account.box.run(
        "journalctl", "--unit", account.unit, "--no-pager", "--output=json"
    ).stdout
    lines = [json.loads(line) for line in shown.splitlines()]
    cycles = [line for line in lines if str(line["MESSAGE"]).startswith("event=cycle ok=yes")]
    assert {line["PRIORITY"] for line in cycles} == {"6"}
    written = [line for line in lines if str(line["MESSAGE"]).startswith("event=write part=")]
    assert len(written) == 2
    assert "a@home.example" not in shown

    account.box.run("mv", f"{account.state}/mail", f"{account.state}/away")
    account.says("not well")
    shown = account.box.run(
        "journalctl", "--unit", account.unit, "--no-pager", "--output=json", "--priority=warning"
    ).stdout
    warned = [json.loads(line)["MESSAGE"] for line in shown.splitlines()]
    assert any(line.startswith("event=trouble ") for line in warned)

    done = account.box.run("vouchd-for", account.name, "doctor", "--json", ok=None)
    parts = {c["part"]: c for c in map(json.loads, done.stdout.splitlines())}
    assert "the daemon runs (process " in parts["unit"]["text"]
    assert parts["mailbox"]["health"] == "bad"
    assert done.returncode == 1
