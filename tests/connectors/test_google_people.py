"""Google Contacts through the same gate as everything else."""

import json
import time

import pytest

from tests.fakes.google.server import ALL, FakeGoogle, running
from vouchd.connectors import google_people
from vouchd.connectors.base import ConnectorError
from vouchd.connectors.contact import Contact
from vouchd.connectors.google_guard import NeverSends
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_scopes import CONTACTS, lacking, needs, permits


class Notes(dict[str, str]):
    recall = dict.get
    jot = dict.__setitem__


@pytest.fixture
def google(tmp_path):
    fake = FakeGoogle(time.time)
    token = tmp_path / "token.json"
    with running(fake):
        fields = {
            "token": "access-1",
            "refresh_token": "refresh-1",
            "token_uri": f"{fake.url}/token",
            "client_id": "c",
            "client_secret": "s",
            "scopes": list(ALL),
        }
        token.write_text(json.dumps(fields))
        opened = Google(token, notes=Notes(), endpoint=fake.url)
        yield fake, opened
        opened.close()
    assert fake.violations == []


def test_people_come_with_what_is_needed_page_by_page(google):
    fake, opened = google
    fake.people.page = 2
    fake.people.add(
        "Dana Cole",
        "DCole@home.example",
        emailAddresses=[
            {"value": "DCole@home.example"},
            {"value": "dana@initech.example", "metadata": {"primary": True}},
        ],
        nicknames=[{"value": "Dee"}],
        organizations=[{"name": "Old"}, {"name": "Initech", "title": "Director",
                                         "metadata": {"primary": True}}],
    )  # fmt: skip
    fake.people.add("Bob Okafor", "bob@globex.example")
    fake.people.add("Bob Okafor", "bob@globex.example", "bob@home.example")
    fake.people.people.append({"resourceName": "people/x", "etag": "%"})
    assert google_people.contacts(opened) == (
        Contact(
            name="Dana Cole",
            emails=("dana@initech.example", "dcole@home.example"),
            nicknames=("Dee",),
            employer="Initech",
            title="Director",
        ),
        Contact(name="Bob Okafor", emails=("bob@globex.example", "bob@home.example")),
    )
    assert fake.count("connections.list") == 2


def test_an_empty_address_book(google):
    assert google_people.contacts(google[1]) == ()


def test_nothing_else_of_people_can_be_asked(google):
    fake, opened = google
    people = opened.people
    for name in ("createContact", "deleteContact", "updateContact", "get", "searchContacts"):
        assert not hasattr(people, name)
    request = people.connections().list(resourceName="people/me", personFields="names")
    request.uri = request.uri.replace("/connections", ":deleteContact")
    request.method = "DELETE"
    with pytest.raises(NeverSends):
        opened.call(request, "x")
    assert fake.calls == []


def test_a_permission_that_is_lacking_is_told(google):
    fake, opened = google
    fake.tokens["access-1"] = frozenset(ALL) - {CONTACTS.scope}
    with pytest.raises(ConnectorError, match="your contacts"):
        google_people.contacts(opened)


def test_the_scope_is_asked_only_when_it_is_wanted():
    assert CONTACTS not in needs(tasks=True, labels=True, every_calendar=True)
    assert permits([CONTACTS.scope], "people.people.connections.list")
    assert lacking([], (CONTACTS,)) == (CONTACTS,)
