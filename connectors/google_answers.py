"""What an answer of Google's looks like, by its own documents: what differs is from somebody else.

    held(answer, "gmail.users.messages.list")   -> the answer, or ValueError

A page that says `{}` with a 200 must not be taken for an empty mailbox. Only the form is looked at
(objects, lists, plain values), and what every answer of that kind has; new fields are no news.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from vouchd.connectors.google_guard import METHODS, document

Json = dict[str, Any]

#: Fields without which an answer says nothing.
_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "gmail.users.getProfile": ("emailAddress", "historyId"),
    "gmail.users.history.list": ("historyId",),
    "gmail.users.messages.list": ("resultSizeEstimate",),
    "gmail.users.messages.get": ("id",),
    "gmail.users.threads.get": ("id",),
    "gmail.users.drafts.list": ("resultSizeEstimate",),
    "gmail.users.drafts.get": ("id", "message"),
    "gmail.users.drafts.create": ("id", "message"),
    "gmail.users.drafts.update": ("id", "message"),
    "gmail.users.labels.list": ("labels",),
    "gmail.users.labels.create": ("id",),
    "calendar.calendarList.list": ("kind",),
    "calendar.calendars.get": ("id",),
    "calendar.calendars.insert": ("id",),
    "calendar.events.list": ("kind",),
    "calendar.events.get": ("id",),
    "calendar.events.insert": ("id",),
    "calendar.events.update": ("id",),
    "calendar.events.patch": ("id",),
    "tasks.tasklists.list": ("kind",),
    "tasks.tasklists.insert": ("id",),
    "tasks.tasks.list": ("kind",),
    "tasks.tasks.get": ("id",),
    "tasks.tasks.insert": ("id",),
    "tasks.tasks.patch": ("id",),
}
#: Lists whose entries are nothing without their id.
_ENTRIES = ("messages", "drafts", "labels", "items")


def executed(request: Any, transport: object) -> Json:
    """Carry a request of the client out, once. Raises what it raises; ValueError as `held` does."""
    try:
        answer = request.execute(http=transport, num_retries=0)
    except (AttributeError, TypeError, LookupError) as error:
        # The client stumbles over an error whose parts are of another kind than Google's.
        raise ValueError("its error has another form") from error
    return held(answer, request.methodId)


def held(answer: object, method: str) -> Json:
    """Return an answer that has the form Google gives it. Raises ValueError for another."""
    forms, wanted = _forms(method.partition(".")[0])
    if method not in wanted and answer in ("", b""):
        return {}  # a deletion: nothing is left to say
    if not isinstance(answer, dict):
        raise ValueError("it is no object")
    missing = [name for name in _ALWAYS.get(method, ()) if name not in answer]
    if missing:
        raise ValueError(f"it has no {missing[0]}")
    if method in wanted and (wrong := next(_wrong(answer, wanted[method], forms), "")):
        raise ValueError(wrong)
    if method.endswith(".list"):
        for name in _ENTRIES:
            if not all("id" in entry for entry in answer.get(name, ())):
                raise ValueError(f"an entry of {name} has no id")
    return answer


@cache
def _forms(service: str) -> tuple[Json, Mapping[str, Json]]:
    """Return the forms of a service by name, and that of each method's answer."""
    (api,) = (name for name in METHODS if name.startswith(f"{service}."))
    whole = json.loads(document(api))
    found = {m["id"]: m["response"] for m in _methods(whole) if "response" in m}
    return whole["schemas"], found


def _methods(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def _wrong(value: object, form: Json, forms: Json, name: str = "it") -> Iterator[str]:
    """Yield what is of another form than it should be."""
    form = forms[form["$ref"]] if "$ref" in form else form
    match form.get("type"):
        case "object" if not isinstance(value, dict):
            yield f"{name} is no object"
        case "object":
            assert isinstance(value, dict)
            fields, other = form.get("properties", {}), form.get("additionalProperties")
            for inner, held_by in value.items():
                if known := fields.get(inner, other):
                    yield from _wrong(held_by, known, forms, inner)
        case "array" if not isinstance(value, list):
            yield f"{name} is no list"
        case "array":
            assert isinstance(value, list)
            for entry in value:
                yield from _wrong(entry, form["items"], forms, name)
        case "string" | "integer" | "number" | "boolean" if not isinstance(
            value, str | int | float
        ):
            yield f"{name} is no plain value"
