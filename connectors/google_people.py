"""Google Contacts, read once when people are written down; nothing is ever changed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from vouchd.connectors.contact import Contact, contact, merged
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_pages import pages

_PAGE = 1000
_MOST_PAGES = 30
_FIELDS = "names,nicknames,emailAddresses,organizations"


def contacts(google: Google) -> tuple[Contact, ...]:
    """Return the people of the address book. Raises Unavailable, NeedsLogin, Refused."""
    return merged(one for raw in _raw(google) if (one := _contact(raw)) is not None)


def _raw(google: Google) -> Iterator[Mapping[str, Any]]:
    def page_at(token: str | None) -> Any:
        return google.people.connections().list(
            resourceName="people/me", personFields=_FIELDS, pageSize=_PAGE, pageToken=token
        )

    for page in islice(pages(google, page_at, "your contacts"), _MOST_PAGES):
        yield from page.get("connections", ())


def _contact(raw: Mapping[str, Any]) -> Contact | None:
    organisation = _first(raw, "organizations")
    return contact(
        str(_first(raw, "names").get("displayName", "")),
        emails=[str(entry.get("value", "")) for entry in _primary_first(raw, "emailAddresses")],
        nicknames=[str(entry.get("value", "")) for entry in raw.get("nicknames", ())],
        employer=str(organisation.get("name", "")),
        title=str(organisation.get("title", "")),
    )


def _first(raw: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    return next(iter(_primary_first(raw, field)), {})


def _primary_first(raw: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    entries = list(raw.get(field, ()))
    return sorted(entries, key=lambda entry: not entry.get("metadata", {}).get("primary"))
