"""Nothing can be sent: neither by the client nor by a request made by hand."""

from __future__ import annotations

import json
import re

import pytest
import requests
from googleapiclient.discovery import build_from_document

from tests.fakes.google import rules
from vouchd.connectors.google_guard import METHODS, Door, NeverSends, document, gate, rooted

GOOGLE = gate(None, ("https://oauth2.googleapis.com/token",))
GMAIL = "https://gmail.googleapis.com/gmail/v1/users/me"
CALENDAR = "https://www.googleapis.com/calendar/v3/calendars"


def session() -> requests.Session:
    made = requests.Session()
    made.mount("https://", Door(GOOGLE))
    made.mount("http://", Door(GOOGLE))
    return made


def refused(verb: str, url: str, **more: object) -> str:
    """Try a request; no socket is ever opened for it."""
    with session() as made, pytest.raises(NeverSends) as caught:
        made.request(verb, url, timeout=0.001, **more)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a byte would have left")

    monkeypatch.setattr("socket.create_connection", opened)
    monkeypatch.setattr("urllib3.util.connection.create_connection", opened)


@pytest.mark.parametrize("api", METHODS)
def test_the_client_has_only_the_methods_we_use(api: str):
    text = document(api)
    ids = set(re.findall(r'"id": "([a-z]+(?:\.\w+)+)"', text))
    assert {i for i in ids if i.startswith(api.partition(".")[0])} - {api} == set(METHODS[api])


def test_the_client_cannot_say_send_or_change_settings():
    users = build_from_document(rooted("gmail.v1", None), http=object()).users()
    for resource, method in (
        (users.drafts(), "send"),
        (users.messages(), "send"),
        (users.messages(), "insert"),
        (users.messages(), "modify"),
        (users.messages(), "trash"),
        (users, "settings"),
        (users, "watch"),
    ):
        assert not hasattr(resource, method), method
    calendar = build_from_document(rooted("calendar.v3", None), http=object())
    for resource, method in (
        (calendar, "acl"),
        (calendar.events(), "quickAdd"),
        (calendar.events(), "move"),
        (calendar.events(), "import_"),
        (calendar.events(), "watch"),
    ):
        assert not hasattr(resource, method), method


ALL_METHODS = [
    m for m in rules.methods() if m.id not in {i for ids in METHODS.values() for i in ids}
]


@pytest.mark.parametrize("method", ALL_METHODS, ids=lambda m: m.id)
def test_every_other_method_of_google_is_refused_before_a_byte_leaves(method: rules.Method):
    root = rules.document(method.api)["rootUrl"].rstrip("/")
    path = method.path.pattern.replace("\\", "")
    path = path.replace("([^/]+)", "me", 1) if "/users/(" in path else path
    path = path.replace("([^/]+)", "x1")
    refused(method.verb, root + path, json={"id": "r1"})


@pytest.mark.parametrize(
    ("verb", "url"),
    [
        ("POST", f"{GMAIL}/drafts/send"),
        ("POST", f"{GMAIL}/drafts/%73end"),
        ("POST", f"{GMAIL}/drafts/../drafts/send"),
        ("POST", f"{GMAIL}/drafts%2Fsend"),
        ("POST", f"{GMAIL}/drafts/%2e%2e/messages/send"),
        ("POST", f"{GMAIL}//drafts/send"),
        ("POST", f"{GMAIL}/drafts%252Fsend"),
        ("POST", f"{GMAIL}/drafts;x/send"),
        ("POST", f"{GMAIL}/messages/send?alt=json"),
        ("POST", "https://gmail.googleapis.com/upload/gmail/v1/users/me/drafts"),
        ("POST", "https://gmail.googleapis.com/upload/gmail/v1/users/me/messages/send"),
        ("POST", "https://gmail.googleapis.com/resumable/upload/gmail/v1/users/me/drafts/send"),
        ("POST", "https://gmail.googleapis.com/batch"),
        ("POST", "https://gmail.googleapis.com/batch/gmail/v1"),
        ("POST", "https://www.googleapis.com/batch/calendar/v3"),
        # For us the id of a draft; for a server that reads it twice something else.
        ("PUT", f"{GMAIL}/drafts/x%252Fsend"),
        ("PUT", f"{GMAIL}/drafts/x%255Csend"),
        ("PUT", f"{GMAIL}/drafts/x%00"),
        ("DELETE", f"{GMAIL}/drafts/.."),
        ("DELETE", f"{GMAIL}/drafts/%2e%2e"),
        ("DELETE", f"{GMAIL}/drafts/."),
        ("POST", f"{GMAIL}/drafts?uploadType=media"),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/boss@acme.example/drafts"),
        ("POST", "http://gmail.googleapis.com/gmail/v1/users/me/drafts"),
        ("POST", "https://gmail.googleapis.com:8443/gmail/v1/users/me/drafts"),
        ("POST", "https://gmail.googleapis.com@evil.example/gmail/v1/users/me/drafts"),
        ("POST", "https://evil.example/gmail/v1/users/me/drafts"),
        ("POST", "https://evil.example/token"),
        ("GET", "https://oauth2.googleapis.com/token"),
        ("PUT", f"{GMAIL}/settings/vacation"),
        ("PUT", f"{GMAIL}/settings/autoForwarding"),
        ("POST", f"{GMAIL}/settings/filters"),
        ("POST", f"{CALENDAR}/primary/acl"),
        ("POST", f"{CALENDAR}/primary/events/quickAdd?text=x"),
        ("POST", f"{CALENDAR}/primary/events?sendUpdates=all"),
        ("POST", f"{CALENDAR}/primary/events?sendUpdates=externalOnly"),
        ("POST", f"{CALENDAR}/primary/events?sendNotifications=true"),
        ("DELETE", f"{GMAIL}/messages/18c1"),
        ("POST", f"{GMAIL}/messages/18c1/modify"),
    ],
)
def test_a_crafted_request_is_refused_before_a_byte_leaves(verb: str, url: str):
    assert "never sends" in refused(verb, url, data=b"{}")


def test_one_verb_in_the_line_and_another_in_the_header_is_refused():
    for name in ("X-HTTP-Method-Override", "x-method-override"):
        headers = {name: "POST"}
        refused("GET", f"{GMAIL}/drafts", headers=headers)


def test_an_event_with_guests_is_refused():
    guests = {"attendees": [{"email": "dana@initech.example"}]}
    url = f"{CALENDAR}/c1/events?sendUpdates=none"
    assert "guests" in refused("POST", url, json=guests)
    assert "guests" in refused("PUT", f"{CALENDAR}/c1/events/e1?sendUpdates=none", json=guests)
    assert "guests" in refused("POST", url, data=iter([b"{}"]))
    assert "guests" in refused("POST", url, data=b"not json")


def test_what_we_do_passes():
    allowed = requests.Request("POST", f"{GMAIL}/drafts?alt=json", data=json.dumps({}))
    GOOGLE.check(allowed.prepare())
    GOOGLE.check(requests.Request("GET", f"{CALENDAR}/a%40b.example/events").prepare())
    GOOGLE.check(requests.Request("GET", f"{CALENDAR}/de.german%23holiday/events").prepare())
    GOOGLE.check(requests.Request("POST", "https://oauth2.googleapis.com/token").prepare())


def test_with_an_endpoint_everything_goes_there_and_nowhere_else():
    there = gate("http://127.0.0.1:4002", ("http://127.0.0.1:4002/token",))
    there.check(requests.Request("GET", "http://127.0.0.1:4002/gmail/v1/users/me/drafts").prepare())
    for url in (f"{GMAIL}/drafts", "http://127.0.0.1:4003/gmail/v1/users/me/drafts"):
        with pytest.raises(NeverSends):
            there.check(requests.Request("GET", url).prepare())
    below = gate("http://127.0.0.1:4002/google/", ())
    below.check(
        requests.Request("GET", "http://127.0.0.1:4002/google/calendar/v3/calendars/x").prepare()
    )
    with pytest.raises(NeverSends):
        below.check(
            requests.Request("GET", "http://127.0.0.1:4002/calendar/v3/calendars/x").prepare()
        )
