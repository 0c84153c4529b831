"""Changes to references.toml and applications.toml that leave comments and order as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, AoT, Array, Table

Value = str | bool | date | tuple[str, ...]


class CannotEdit(ValueError):
    """The text is no TOML, or has not the form that can be changed; the text says why."""


def with_added(text: str, name: str, fields: Mapping[str, Value]) -> str:
    """Return the text with a further `[[name]]` at its end. Raises CannotEdit."""
    document = _parsed(text)
    entries = document.get(name)
    if entries is not None and not isinstance(entries, AoT):
        # An array of inline tables, or a single table: only its writer knows how to go on.
        raise CannotEdit(f"it is not written as [[{name}]] tables; write it so, or add it by hand")
    entry = tomlkit.document()
    entry.append(name, tomlkit.aot())
    table = tomlkit.table()
    for key, value in fields.items():
        table.append(key, _item(value))
    entry[name].append(table)
    before = text.removeprefix("\ufeff").rstrip()
    new = f"{before}\n\n{tomlkit.dumps(entry)}" if before else tomlkit.dumps(entry)
    return _with_line_ends_of(text, new)


def with_changed(
    text: str,
    name: str,
    number: int,
    *,
    fields: Mapping[str, Value],
    drop: Iterable[tuple[str, str | None]] = (),
) -> str:
    """Return the text with the entry of that number (from 0) changed.

    A list in `fields` is added to the list that is there; anything else takes the place of what is
    there. `drop`: keys that go, or one value of a list.

    Raises CannotEdit.
    """
    document = _parsed(text)
    entries = document.get(name, [])
    if not isinstance(entries, list) or number >= len(entries):
        raise CannotEdit(f"it has no [[{name}]] number {number + 1}")
    table = entries[number]
    for key, dropped in drop:
        _drop(table, key, dropped)
    new: dict[str, Value] = {}
    for key, value in fields.items():
        if key not in table:
            new[key] = value
        elif isinstance(value, tuple) and isinstance(table[key], Array):
            table[key].extend(v for v in value if v not in table[key])
        else:
            table[key] = _item(value)
    _append(table, new)
    return _with_line_ends_of(text, tomlkit.dumps(document))


def _with_line_ends_of(text: str, new: str) -> str:
    return new.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text else new


def _parsed(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text.removeprefix("\ufeff"))
    except TOMLKitError as error:
        raise CannotEdit(f"is not TOML: {error}") from error


def _item(value: Value) -> Any:
    return tomlkit.item(list(value) if isinstance(value, tuple) else value)


def _drop(table: Any, key: str, value: str | None) -> None:
    if key not in table:
        raise CannotEdit(f"there is no {key} to drop")
    if value is None:
        del table[key]
    elif isinstance(table[key], Array) and value in table[key]:
        table[key].remove(value)
    else:
        raise CannotEdit(f'"{value}" is not in {key}')


def _append(table: AbstractTable, fields: Mapping[str, Value]) -> None:
    """Put new keys below the last one: the comment above the next entry stays above it."""
    tail = []
    if isinstance(table, Table):
        body = table.value.body
        while body and body[-1][0] is None:
            tail.append(body.pop()[1])
    for key, value in fields.items():
        table.append(key, _item(value))
    for trivia in reversed(tail):
        table.value.append(None, trivia)
