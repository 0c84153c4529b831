"""The daemon as a process on a Google account: what systemd hears when the sign-in is not well."""

import argparse
import json
import time
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.daemon.test_cli import started
from tests.daemon.test_google import CONFIG, REFERENCES
from tests.fakes.google.server import ALL, FakeGoogle, running
from vouchd.daemon.console import configured
from vouchd.daemon.service import Daemon


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    (config / "state").mkdir(parents=True)
    (config / "references.toml").write_text(REFERENCES)
    with running(FakeGoogle(time.time)) as fake:
        (config / "config.toml").write_text(CONFIG.format(url=fake.url))
        made = SimpleNamespace(home=tmp_path, config=config, fake=fake)
        sign_in(made)
        yield made


def sign_in(home, **changes):
    fields = {
        "token": "access-1",
        "refresh_token": "refresh-1",
        "token_uri": f"{home.fake.url}/token",
        "client_id": "c",
        "client_secret": "s",
        "scopes": list(ALL),
        "account": "sam@example.org",
    }
    path = home.config / "state" / "google-token.json"
    path.write_text(json.dumps({**fields, **changes}))
    path.chmod(0o600)


def test_it_is_ready_once_the_sign_in_is_known_to_be_good(home):
    with started(home) as systemd:
        systemd.hears("STATUS=0 new messages")
        said = "\n".join(systemd.heard)
        assert said.index("trying the sign-in") < said.index("READY=1")
        assert systemd.end()[0] == 0


def test_a_dead_sign_in_is_never_ready_and_has_a_status_that_is_not_tried_again(home):
    sign_in(home, token="old", refresh_token="dead", expiry="2020-01-01T00:00:00Z")
    with started(home) as systemd:
        systemd.hears("STATUS=not signed in: Google no longer accepts the sign-in")
        _, err = systemd.daemon.communicate(timeout=120)
    assert systemd.daemon.returncode == 77
    assert "sign in again with `vouchd auth google`" in err
    assert not any("READY=1" in said for said in systemd.heard)


def test_no_sign_in_at_all_is_told_the_same_way(home):
    (home.config / "state" / "google-token.json").unlink()
    with started(home) as systemd:
        systemd.hears("STATUS=not signed in: not signed in to Google")
        systemd.daemon.communicate(timeout=120)
    assert systemd.daemon.returncode == 77


def test_a_network_that_is_not_there_is_no_reason_to_fail(home):
    home.fake.fault("gmail.users.getProfile", status=503, times=50)
    arguments = argparse.Namespace(config=str(home.config), json=False, debug=False)
    with closing(Daemon(arguments, configured(arguments))) as daemon:
        account = daemon.app.backends.account
        assert account is not None
        account.google.means = replace(account.google.means, pause=lambda seconds: False)
        assert daemon.sign_in_trouble().startswith("the sign-in could not be tried: your mailbox")


def test_the_settings_that_keep_it_from_starting_are_its_status(home):
    (home.config / "config.toml").write_text("[me]\n")
    with started(home) as systemd:
        systemd.hears("config.toml:1: me.name: is missing")
        systemd.daemon.communicate(timeout=120)
    assert systemd.daemon.returncode == 2
