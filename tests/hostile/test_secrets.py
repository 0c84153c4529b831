"""The sign-in and the state are the user's alone, and what opens the account is never shown."""

from __future__ import annotations

import argparse
import json
import logging
import os
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.conftest import World
from tests.daemon.test_google import Desk
from vouchd.connectors import google_token
from vouchd.connectors.base import NeedsLogin
from vouchd.connectors.google_token import SignIn
from vouchd.daemon.cli import parser
from vouchd.daemon.store import Store

ACCESS, REFRESH = "MARKED-access-7d1f", "MARKED-refresh-90ab"
CLIENT, EARLIER = "MARKED-client-55e2", "MARKED-earlier-31c4"
SIGN_IN = SignIn(
    token=ACCESS, refresh_token=REFRESH, client_id="c", client_secret=CLIENT, earlier=(EARLIER,)
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


# --- who may read them --------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0o000, 0o022, 0o077, 0o277, 0o777])
def test_a_sign_in_is_its_owners_alone_whatever_the_umask(tmp_path: Path, value: int):
    path = tmp_path / "state" / "google-token.json"
    with umask(value & 0o077):  # the folder is made by the state, before
        path.parent.mkdir(mode=0o700)
    with umask(value):
        google_token.write(path, SIGN_IN)
    assert mode(path) == 0o600
    assert google_token.read(path) == SIGN_IN


@pytest.mark.parametrize("value", [0o000, 0o022, 0o077])
def test_everything_that_a_round_leaves_in_the_state_is_its_owners_alone(world: World, value: int):
    world.deliver(1)
    with umask(value):
        assert world.vouchd("once")[0] == 0
    assert mode(world.state) == 0o700
    modes = {p.name: mode(p) for p in world.state.rglob("*")}
    assert {"vouchd.db", "vouchd.lock", "vouchd.db.bak"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert {mode(path) for path in world.lying()} == {0o600}


@pytest.mark.parametrize("open_as", [0o640, 0o604])
def test_a_sign_in_that_others_can_read_is_refused_with_the_command_that_mends_it(
    desk: Desk, open_as: int
):
    path = desk.home / "state" / "google-token.json"
    assert desk.round()["good"]
    path.chmod(open_as)
    status, _, err = desk.vouchd("once")
    assert status == 1
    assert f"chmod 600 {path}" in err
    assert not desk.fake.violations
    before = len(desk.fake.calls)
    desk.vouchd("once")
    assert len(desk.fake.calls) == before  # it is not used at all
    subprocess.run(["chmod", "600", str(path)], check=True)
    assert desk.round()["good"]


def test_a_state_that_others_can_read_is_refused_by_every_command(world: World):
    world.deliver(1)
    assert world.vouchd("once")[0] == 0
    path = world.state / "vouchd.db"
    path.chmod(0o644)
    for command in ("once", "plan", "status"):
        status, _, err = world.vouchd(command)
        assert (status, f"chmod 600 {path}" in err) == (1, True), command
    path.chmod(0o600)
    assert world.vouchd("status")[0] == 0


def test_a_sign_in_elsewhere_is_refused_when_others_can_get_at_it(tmp_path: Path):
    shut, path = tmp_path / "shut", tmp_path / "shut" / "token.json"
    google_token.write(path, SIGN_IN)
    path.chmod(0o644)
    shut.chmod(0o700)
    assert google_token.read(path) == SIGN_IN  # nobody else gets into the folder
    # pytest's own folders are shut as well: they are opened for a moment.
    shut_ones = [f for f in (shut, *shut.parents) if not mode(f) & 0o011]
    rights = [mode(folder) for folder in shut_ones]
    try:
        for folder in shut_ones:
            folder.chmod(0o711)
        with pytest.raises(NeedsLogin, match="chmod 600"):
            google_token.read(path)
    finally:
        for folder, before in zip(shut_ones, rights, strict=True):
            folder.chmod(before)


def test_a_path_with_blanks_is_named_so_that_the_command_works(tmp_path: Path):
    folder = tmp_path / "my state"
    google_token.write(folder / "it's.json", SIGN_IN)
    (folder / "vouchd.lock").touch()
    (folder / "it's.json").chmod(0o644)
    with pytest.raises(NeedsLogin) as caught:
        google_token.read(folder / "it's.json")
    command = str(caught.value).split("`")[1]
    subprocess.run(["sh", "-c", command], check=True)
    assert google_token.read(folder / "it's.json") == SIGN_IN


# --- what is shown ------------------------------------------------------------------------------

SECRETS = (ACCESS, REFRESH, CLIENT, EARLIER, "MARKED")


class Everything(logging.Handler):
    """Takes every record of every logger, with all that hangs on it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += f"{record.name} {record.getMessage()} {vars(record)!r}\n"


@pytest.fixture
def logs() -> Iterator[Everything]:
    """All loggers at their lowest level, those of the libraries as well."""
    handler, root = Everything(), logging.getLogger()
    names = ("google", "googleapiclient", "oauthlib", "requests_oauthlib", "urllib3", "requests")
    loggers = [root, *map(logging.getLogger, names)]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


def signed_in(desk: Desk) -> None:
    desk.fake.tokens = {ACCESS: desk.fake.tokens["access-1"]}
    desk.fake.revocable = {REFRESH, EARLIER}
    desk.sign_in(token=ACCESS, refresh_token=REFRESH, client_secret=CLIENT, earlier=[EARLIER])


#: What Google, or whatever stands in front of it, says back; each says the secrets it was sent.
ECHO = f"Bearer {ACCESS} and {REFRESH} of {CLIENT} are not accepted"
FAULTS: dict[str, dict[str, Any]] = {
    "nothing wrong": {},
    "401": {"status": 401, "reason": "authError", "message": ECHO, "times": 99},
    "403": {"status": 403, "reason": "forbidden", "message": ECHO, "times": 99},
    "quota": {"status": 403, "reason": "dailyLimitExceeded", "message": ECHO, "times": 99},
    "a page": {"status": 403, "body": f"<html>{ECHO}</html>".encode(), "times": 99},
    "a text": {"status": 400, "body": json.dumps({"error": ECHO}).encode(), "times": 99},
}


def everything_said(desk: Desk, *commands: tuple[str, ...]) -> str:
    """Run commands and return all that they said, tracebacks included."""
    said = ""
    for command in commands:
        try:
            _, out, err = desk.vouchd(*command)
        except Exception:
            said += traceback.format_exc()
            out, err = desk.capsys.readouterr()
        said += out + err
    return said


@pytest.mark.parametrize("name", FAULTS)
def test_what_opens_the_account_is_never_said_logged_or_stored(
    desk: Desk, logs: Everything, name: str
):
    signed_in(desk)
    desk.dana_spoke()
    if FAULTS[name]:
        desk.fake.fault("", **FAULTS[name])
    said = everything_said(
        desk, ("once",), ("once", "--debug"), ("status", "--json"), ("doctor", "--debug"),
        ("export",),
    )  # fmt: skip
    logging.getLogger("vouchd.test").debug("it listens")
    assert "it listens" in logs.text
    assert said
    for secret in SECRETS:
        assert secret not in said
        assert secret not in logs.text
        for path in (desk.home / "state").iterdir():
            if path.name != "google-token.json":
                assert secret.encode() not in path.read_bytes(), path.name


def test_a_refusal_to_renew_that_says_the_token_back_is_told_without_it(
    desk: Desk, logs: Everything
):
    signed_in(desk)
    desk.fake.tokens.clear()
    desk.fake.refresh_answer = (400, {"error": f"bad {REFRESH}", "error_description": ECHO})
    said = everything_said(desk, ("once",), ("status",), ("once", "--debug"))
    assert "no longer accepts the sign-in" in said
    assert not [secret for secret in SECRETS if secret in said + logs.text]


def test_a_sign_in_shows_nothing_of_itself():
    shown = repr(SIGN_IN) + str(SIGN_IN) + f"{SIGN_IN!r}"
    try:
        raise NeedsLogin("x") from ValueError(SIGN_IN)
    except NeedsLogin as error:
        shown += "".join(traceback.format_exception(error))
    assert not [secret for secret in SECRETS if secret in shown]


def test_an_export_and_a_file_of_the_account_hold_no_secret(desk: Desk, tmp_path: Path):
    signed_in(desk)
    desk.dana_spoke()
    desk.round()
    desk.vouchd("export", str(tmp_path / "out"))
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not [secret for secret in SECRETS if secret.encode() in path.read_bytes()], path


def options(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield from ((name, found) for _, found in options(sub))
        else:
            yield "", action


def test_no_option_takes_a_secret():
    """What stands on a command line can be read by everybody, in the table of processes."""
    found = {
        word for _, action in options(parser()) for word in (action.dest, *action.option_strings)
    }
    assert "forget" in found
    assert not {w for w in found for bad in ("token", "password", "secret", "code") if bad in w}


def test_no_program_is_started_with_a_secret(desk: Desk):
    signed_in(desk)
    seen: list[str] = []

    def told(name: str, arguments: tuple[Any, ...]) -> None:
        if name in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
            seen.append(repr(arguments))

    sys.addaudithook(told)
    desk.fake.fault("", status=401, reason="authError", message=ECHO, times=9)
    desk.vouchd("once")
    desk.vouchd("doctor")
    subprocess.run(["true"], check=True)
    assert any("true" in words for words in seen)
    assert not [secret for secret in SECRETS for words in seen if secret in words]


# --- taking it back -----------------------------------------------------------------------------


def revoked(desk: Desk) -> list[str]:
    return [call.body["token"] for call in desk.fake.calls if call.method == "revoke"]


def test_revoking_ends_this_sign_in_and_those_before_and_forgets_them(desk: Desk):
    signed_in(desk)
    left = desk.home / "state" / ".google-token.json.abc123"
    left.write_text(REFRESH)
    status, out, err = desk.vouchd("auth", "revoke", "--json")
    assert (status, err, json.loads(out)) == (0, "", {"revoked": 2, "forgotten": True})
    assert revoked(desk) == [REFRESH, EARLIER]
    assert desk.fake.revocable == set()
    assert not [p for p in (desk.home / "state").iterdir() if b"MARKED" in p.read_bytes()]
    status, _, err = desk.vouchd("once")
    assert status == 1
    assert "vouchd auth google" in err
    assert desk.vouchd("auth", "revoke")[0] == 0  # once more does no harm


def test_what_google_does_not_know_any_more_is_forgotten(desk: Desk):
    signed_in(desk)
    desk.fake.revocable = {EARLIER}
    status, out, _ = desk.vouchd("auth", "revoke", "--json")
    assert (status, json.loads(out)["revoked"]) == (0, 1)


@pytest.mark.parametrize("answer", [500, 302, 403])
def test_what_google_does_not_confirm_is_kept_and_the_way_out_is_told(desk: Desk, answer: int):
    signed_in(desk)
    path = desk.home / "state" / "google-token.json"
    evil = {"Location": "http://192.0.2.1/take"}
    desk.fake.fault("revoke", status=answer, body=ECHO.encode(), headers=evil)
    status, out, err = desk.vouchd("auth", "revoke")
    assert (status, out) == (1, "")
    assert "--forget" in err
    assert "myaccount.google.com" in err
    assert path.exists()
    assert not [secret for secret in SECRETS if secret in err]
    desk.fake.fault("revoke", status=answer)
    assert desk.vouchd("auth", "revoke", "--forget")[0] == 0
    assert not path.exists()


def test_a_new_sign_in_remembers_the_one_it_replaces(tmp_path: Path):
    path = tmp_path / "token.json"
    google_token.write(path, SIGN_IN)
    new = SignIn(token="a", refresh_token="MARKED-new", expiry=datetime(2026, 1, 1, tzinfo=UTC))
    google_token.write(path, google_token.replacing(path, new))
    assert google_token.read(path).earlier == (REFRESH, EARLIER)
    again = google_token.replacing(path, new)
    assert again.earlier == (REFRESH, EARLIER)  # itself is not among them
    kept = google_token.read(path)
    assert google_token.renew(path, kept, replace(kept, token="b"))
    assert google_token.read(path).earlier == (REFRESH, EARLIER)


def test_a_sign_in_never_enters_the_state(desk: Desk):
    signed_in(desk)
    desk.round()
    with Store.open(desk.home / "state") as store:
        rows = [row for (table,) in store.all("SELECT name FROM sqlite_schema WHERE type='table'")
                for row in store.all(f'SELECT * FROM "{table}"')]  # fmt: skip
    assert rows
    assert "MARKED" not in repr(rows)


def test_the_whole_program_in_a_process_of_its_own_shows_no_secret(desk: Desk):
    signed_in(desk)
    desk.fake.fault("", status=400, reason="badRequest", message=ECHO, times=99)
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "vouchd.daemon.cli", "once", "--debug", "--config",
         str(desk.home)],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "MARKED" not in done.stdout + done.stderr
