"""The way to Google when it is bad: pressure, silence, refusals, and sign-ins that end."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import responses
from responses import matchers

from tests.fakes.google.server import ALL
from tests.fakes.google.world import NOW, Clock, Jotter, World, world
from vouchd.connectors import google_token
from vouchd.connectors.base import NeedsLogin, Refused, Unavailable
from vouchd.connectors.google_failures import Denied, error_of, failure_of
from vouchd.connectors.google_http import Google, Means
from vouchd.connectors.google_pace import Pace
from vouchd.connectors.google_scopes import NEEDS, TASKS, lacking, needs, sentence

TOKEN = "https://oauth2.googleapis.com/token"
PROFILE = "https://gmail.googleapis.com/gmail/v1/users/me/profile"


@pytest.fixture
def google(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def ask(google: Google) -> Any:
    return google.call(google.gmail.getProfile(userId="me"), "your mailbox", cost="profile")


# --- pressure -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (429, "rateLimitExceeded"),
        (403, "rateLimitExceeded"),
        (403, "userRateLimitExceeded"),
        (500, "backendError"),
        (502, ""),
        (503, ""),
    ],
)
def test_what_passes_is_waited_for_longer_each_time(google: World, status: int, reason: str):
    google.fake.fault("getProfile", status=status, reason=reason, times=3)
    assert ask(google.google())["emailAddress"] == "sam@example.org"
    assert google.clock.slept == [1.5, 2.5, 4.5]


def test_an_answer_that_is_a_page_and_no_error_passes_too(google: World):
    google.fake.fault("getProfile", status=502, body=b"<html>Bad Gateway</html>")
    google.fake.fault("getProfile", status=503, body=b"")
    assert ask(google.google())


def test_retry_after_is_obeyed(google: World):
    google.fake.fault("getProfile", status=429, headers={"Retry-After": "17"})
    ask(google.google())
    assert google.clock.slept == [17.0]


def test_a_long_wait_is_told_and_not_slept(google: World):
    google.fake.fault("getProfile", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(Unavailable) as caught:
        ask(google.google())
    assert caught.value.retry_after == 3600
    assert google.clock.slept == []


def test_it_gives_up_after_a_while(google: World):
    google.fake.fault("getProfile", status=503, times=99)
    with pytest.raises(Unavailable, match="tried again later"):
        ask(google.google())
    assert google.fake.count("getProfile") == 5
    assert sum(google.clock.slept) < 70


def test_a_word_to_end_ends_the_waiting(google: World):
    google.fake.fault("getProfile", status=503, times=99)
    made = google.google()
    object.__setattr__(made.means, "pause", lambda seconds: True)
    with pytest.raises(Unavailable):
        ask(made)
    assert google.fake.count("getProfile") == 1


def test_the_allowance_of_a_day_is_not_hammered(google: World):
    google.fake.fault("getProfile", status=403, reason="quotaExceeded")
    with pytest.raises(Unavailable) as caught:
        ask(google.google())
    assert caught.value.retry_after == 3600
    assert google.fake.count("getProfile") == 1


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("insufficientPermissions", "tick all boxes"),
        ("accessNotConfigured", "not switched on"),
        ("domainPolicy", "administrator"),
    ],
)
def test_403_is_also_a_no_and_then_it_says_what_to_do(google: World, reason: str, words: str):
    google.fake.fault("getProfile", status=403, reason=reason)
    with pytest.raises(NeedsLogin, match=words):
        ask(google.google())
    assert google.fake.count("getProfile") == 1


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_question_is_asked_again_when_the_connection_breaks(google: World, cut: str):
    google.fake.fault("getProfile", cut=cut)
    assert ask(google.google())
    assert google.fake.count("getProfile") == 2


def test_a_server_that_is_silent_is_left_after_a_while(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vouchd.connectors.google_transport.TIMEOUT", (1.0, 0.5))
    google.fake.fault("getProfile", delay=0.8)
    assert ask(google.google())
    assert google.fake.count("getProfile") == 2


def test_nobody_there(tmp_path: Path):
    clock = Clock()
    (tmp_path / "t").write_text(json.dumps({"token": "x"}))
    means = Means(now=clock.now, ticks=clock.ticks, pause=clock.pause)
    made = Google(tmp_path / "t", notes=Jotter(), endpoint="http://127.0.0.1:9", means=means)
    with pytest.raises(Unavailable, match="no answer from Google"):
        ask(made)


def test_other_refusals_are_about_the_one_request():
    for status, reason in ((400, "badRequest"), (404, "notFound"), (409, "duplicate")):
        body = json.dumps({"error": {"code": status, "errors": [{"reason": reason}]}}).encode()
        error = error_of(failure_of(status, {}, body, now=NOW), "a draft")
        assert isinstance(error, Denied)
        assert (error.status, error.reason) == (status, reason)


def test_error_answers_in_every_form():
    new = {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "no  such\nthing",
                     "details": [{"@type": "x"}, {"reason": "SERVICE_DISABLED"}]}}  # fmt: skip
    found = failure_of(403, {}, json.dumps(new).encode(), now=NOW)
    assert (found.reason, found.message, found.passing) == (
        "SERVICE_DISABLED",
        "no such thing",
        False,
    )
    exhausted = b'{"error": {"code": 403, "status": "RESOURCE_EXHAUSTED"}}'
    assert failure_of(403, {}, exhausted, now=NOW).passing
    late = (NOW + timedelta(seconds=90)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    told = {"error": {"message": f"User-rate limit exceeded. Retry after {late}"}}
    assert failure_of(429, {}, json.dumps(told).encode(), now=NOW).retry_after == 90
    dated = {"retry-after": "Mon, 02 Mar 2026 09:31:00 GMT"}
    assert failure_of(429, dated, b"", now=NOW).retry_after == 60
    for junk in (b"", b"[]", b'"x"', b'{"error": "invalid"}', b'{"error": {"errors": ["x", 7]}}'):
        assert failure_of(400, {"retry-after": "soon"}, junk, now=NOW).reason == ""


# --- pace -----------------------------------------------------------------------------------


def test_no_minute_holds_more_than_its_units():
    clock = Clock()
    pace = Pace(1000, clock.ticks)
    spent: list[tuple[float, int]] = []
    for number in range(300):
        units = (1, 5, 20, 40)[number % 4]
        clock.at += pace.wait(units) + (number % 3) * 0.1
        assert pace.wait(units) == 0
        pace.spend(units)
        spent.append((clock.at, units))
    for at, _ in spent:
        assert sum(n for moment, n in spent if at - 60 < moment <= at) <= 1000


def test_a_price_above_the_share_is_paid_in_an_empty_minute():
    clock = Clock()
    pace = Pace(100, clock.ticks)
    assert pace.wait(40, share=0.1) == 0
    pace.spend(40)
    assert 0 < pace.wait(40, share=0.1) <= 60


# --- sign-in --------------------------------------------------------------------------------


def expired(google: World, **more: Any) -> None:
    google.sign_in(token="old", expiry="2026-03-02T09:00:00.000000Z", **more)


def test_an_old_access_token_is_renewed_and_kept(google: World):
    expired(google)
    ask(google.google())
    kept = json.loads(google.token.read_text())
    assert kept["token"] == "access-2"
    assert kept["refresh_token"] == "refresh-1"
    assert stat.S_IMODE(google.token.stat().st_mode) == 0o600
    with google.fake.counted() as calls:
        ask(google.google())
    assert [c.method for c in calls] == ["gmail.users.getProfile"], "the next start needs no token"
    asked = next(c for c in google.fake.calls if c.method == "token").body
    assert "scope" not in asked, "asking for scopes that were not granted would be refused"


def test_a_401_is_answered_with_a_new_token(google: World):
    google.sign_in(token="revoked-meanwhile")
    assert ask(google.google())


def test_a_sign_in_that_ended_is_said_once_and_nothing_is_tried_in_vain(google: World):
    expired(google, refresh_token="dead")
    made = google.google()
    with pytest.raises(NeedsLogin, match=r"invalid_grant.*Testing.*vouchd auth google"):
        ask(made)
    assert google.fake.count("token") == 1
    for _ in range(3):
        with pytest.raises(NeedsLogin, match="vouchd auth google"):
            ask(made)
        with pytest.raises(NeedsLogin, match="vouchd auth google"):
            ask(google.google())  # after a restart
    assert google.fake.count("token") == 1
    google.sign_in()
    assert ask(made), "a new sign-in is seen without a restart"


def test_what_google_says_at_a_renewal_is_kept(google: World):
    """Also of a sign-in that was made elsewhere: when it will end, and a new refresh token."""
    expired(google)
    google.fake.tokens["fresh"] = google.fake.tokens["access-1"]
    fields = {"access_token": "fresh", "expires_in": 3599, "token_type": "Bearer"}
    more = {"refresh_token": "refresh-2", "refresh_token_expires_in": 86_400}
    google.fake.refresh_answer = (200, {**fields, **more})
    made = google.google()
    ask(made)
    assert made.sign_in.ends_at == NOW + timedelta(days=1)
    kept = json.loads(google.token.read_text())
    assert kept["token"] == "fresh"
    assert kept["refresh_token"] == "refresh-2"
    assert kept["refresh_token_ends_at"].startswith("2026-03-03T09:30")
    with google.fake.counted() as calls:
        ask(made)
        ask(google.google())
    assert {c.method for c in calls} == {"gmail.users.getProfile"}


def test_an_access_token_alone_serves_until_it_ends(google: World):
    google.sign_in(refresh_token=None, client_id=None, client_secret=None, scopes=None)
    ask(google.google())
    expired(google, refresh_token=None)
    with pytest.raises(NeedsLogin, match="holds no refresh_token"):
        ask(google.google())


def test_a_token_endpoint_that_is_down_is_no_reason_to_sign_in(google: World):
    expired(google)
    google.fake.refresh_answer = (503, {"error": "unavailable"})
    with pytest.raises(Unavailable):
        ask(google.google())
    google.fake.refresh_answer = None
    assert ask(google.google())


def test_a_sign_in_of_the_users_that_is_newer_is_not_written_over(google: World):
    expired(google)
    made = google.google()
    before = made.sign_in
    google.sign_in(refresh_token="refresh-new", token="access-new")
    assert not google_token.renew(google.token, before, replace(before, token="late"))
    assert json.loads(google.token.read_text())["token"] == "access-new"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "not signed in"),
        ("", "no sign-in"),
        ("[]", "no sign-in"),
        ("{}", "neither token"),
    ],
)
def test_no_file_or_none_that_can_be_used(google: World, content: str | None, words: str):
    google.token.unlink()
    if content is not None:
        google.token.write_text(content)
    with pytest.raises(NeedsLogin, match=words):
        ask(google.google())


def test_a_file_of_google_auth_is_read_and_what_else_stands_in_it_is_kept(tmp_path: Path):
    path = tmp_path / "token.json"
    path.write_text(
        json.dumps(
            {
                "token": "a",
                "refresh_token": "r",
                "token_uri": TOKEN,
                "client_id": "c",
                "client_secret": "s",
                "scopes": ["x", "y"],
                "universe_domain": "googleapis.com",
                "account": "",
                "expiry": "2026-03-02T09:00:00Z",
            }
        )
    )
    found = google_token.read(path)
    assert found.expiry == datetime(2026, 3, 2, 9, tzinfo=UTC)
    google_token.write(path, found)
    assert json.loads(path.read_text())["universe_domain"] == "googleapis.com"
    assert google_token.read(path) == found
    assert [p.name for p in tmp_path.iterdir()] == ["token.json"]


def test_what_the_token_file_leaves_out_stands_in_the_client_file(google: World):
    fields = {"token": "old", "refresh_token": "refresh-1", "expiry": "2026-03-02T09:00:00Z"}
    google.token.write_text(json.dumps(fields))
    client = google.folder / "client.json"
    known = {
        "client_id": "of-the-file",
        "client_secret": "s",
        "token_uri": "https://x.example/token",
    }
    client.write_text(json.dumps({"installed": known}))
    means = Means(now=google.clock.now, ticks=google.clock.ticks, pause=google.clock.pause)
    made = Google(
        google.token, notes=google.notes, endpoint=google.fake.url, means=means, client=client
    )
    ask(made)
    made.close()
    asked = next(c for c in google.fake.calls if c.method == "token").body
    assert asked["client_id"] == "of-the-file"


def test_a_folder_that_cannot_be_written_costs_a_refresh_and_no_more(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    expired(google)
    monkeypatch.setattr("tempfile.mkstemp", full)
    assert ask(google.google())


@responses.activate
def test_without_an_endpoint_everything_goes_to_google(tmp_path: Path):
    path = tmp_path / "token.json"
    fields = {"token": "old", "refresh_token": "r", "client_id": "c", "client_secret": "s"}
    path.write_text(json.dumps({**fields, "expiry": "2020-01-01T00:00:00Z"}))
    renewed = responses.post(
        TOKEN, json={"access_token": "new", "expires_in": 3599, "token_type": "Bearer"}
    )
    responses.get(
        PROFILE,
        json={"emailAddress": "sam@example.org", "historyId": "8"},
        match=[matchers.header_matcher({"authorization": "Bearer new"})],
    )
    assert ask(Google(path, notes=Jotter()))["historyId"] == "8"
    assert dict(parse_qsl(bytes(renewed.calls[0].request.body or b"").decode())) == {
        "grant_type": "refresh_token",
        "client_id": "c",
        "client_secret": "s",
        "refresh_token": "r",
    }


@responses.activate
@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "admin_policy_enforced"])
def test_each_end_of_a_sign_in_says_what_happened(tmp_path: Path, error: str):
    path = tmp_path / "token.json"
    path.write_text(json.dumps({"refresh_token": "r", "client_id": "c", "client_secret": "s"}))
    responses.post(TOKEN, status=400, json={"error": error, "error_description": "Bad"})
    with pytest.raises(NeedsLogin, match=rf"{error}\); .*sign in again"):
        ask(Google(path, notes=Jotter()))
    assert len(responses.calls) == 1


def test_with_an_endpoint_no_proxy_of_the_surroundings_sees_the_token(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert ask(google.google())
    assert google.clock.slept == [], "at once, and not after a proxy had been tried"


@responses.activate
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_token_is_renewed_nowhere_else_than_where_it_belongs(tmp_path: Path, status: int):
    path, elsewhere = tmp_path / "token.json", "https://elsewhere.example/take"
    path.write_text(json.dumps({"refresh_token": "r", "client_id": "c", "client_secret": "s"}))
    responses.post(TOKEN, status=status, headers={"Location": elsewhere})
    for verb in (responses.GET, responses.POST):
        responses.add(verb, elsewhere, json={"access_token": "theirs", "expires_in": 3599})
    means = Means(pause=lambda seconds: True)
    with pytest.raises((NeedsLogin, Unavailable, Refused)):
        ask(Google(path, notes=Jotter(), means=means))
    assert {call.request.url for call in responses.calls} == {TOKEN}


# --- permissions ----------------------------------------------------------------------------


def test_the_least_that_is_needed():
    assert [n.scope.rsplit("/", 1)[-1] for n in needs()] == [
        "gmail.readonly",
        "gmail.compose",
        "calendar.events.readonly",
        "calendar.app.created",
    ]
    more = needs(tasks=True, labels=True)
    assert {n.scope.rsplit("/", 1)[-1] for n in more[4:]} == {"tasks", "gmail.labels"}


def test_what_was_not_granted_is_said_with_the_way_out():
    granted = [s for s in ALL if not s.endswith("gmail.compose")]
    (need,) = lacking(granted, needs())
    assert sentence(need).endswith("no drafts can be prepared; grant it with `vouchd auth google`")
    assert lacking(None, needs()) == ()


def test_a_broader_permission_is_enough():
    broad = ["https://mail.google.com/", "https://www.googleapis.com/auth/calendar"]
    assert lacking(broad, needs()) == ()
    assert lacking(["https://www.googleapis.com/auth/gmail.modify"], NEEDS[:2]) == ()
    assert lacking(["https://www.googleapis.com/auth/calendar.events"], NEEDS) == (
        NEEDS[0],
        NEEDS[1],
        NEEDS[3],
    )
    assert lacking(broad, (TASKS,)) == (TASKS,)
