"""Google Contacts: pages of connections, only the fields that were asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.google.errors import Denial

Query = dict[str, list[str]]
Json = dict[str, Any]


@dataclass
class FakePeople:
    people: list[Json] = field(default_factory=list)
    page: int = 100

    def add(self, name: str, *emails: str, **more: Any) -> None:
        self.people.append(
            {
                "resourceName": f"people/c{len(self.people)}",
                "etag": "%e",
                "names": [{"displayName": name, "metadata": {"primary": True}}],
                "emailAddresses": [{"value": email} for email in emails],
                "phoneNumbers": [{"value": "1"}],
                **more,
            }
        )

    def people_connections_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        if path["peopleId"] != "me" or "personFields" not in query:
            raise Denial(400, "badRequest", "personFields mask is required.")
        start = int(query.get("pageToken", ["0"])[0])
        asked = {"resourceName", "etag", *query["personFields"][0].split(",")}
        end = start + min(self.page, int(query.get("pageSize", ["100"])[0]))
        found: Json = {
            "connections": [
                {name: value for name, value in person.items() if name in asked}
                for person in self.people[start:end]
            ],
            "totalItems": len(self.people),
        }
        if end < len(self.people):
            found["nextPageToken"] = str(end)
        return found
