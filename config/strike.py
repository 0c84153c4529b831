"""Takes entries out of the user's files, every other line and comment as it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Collection

from vouchd.config.edit import CannotEdit
from vouchd.config.lines import lines_of


def without_entries(text: str, name: str, numbers: Collection[int]) -> str:
    """Return the text without the `[[name]]` of these numbers (from 0).

    A comment directly above an entry goes with it, one above the next entry stays. Raises
    CannotEdit where that cannot be done without touching something else.
    """
    text = text.removeprefix("\ufeff")
    entries = tomllib.loads(text).get(name, [])
    places = lines_of(text)
    lines = text.splitlines(keepends=True)
    headers = sorted({at - 1 for at in places.values() if lines[at - 1].lstrip().startswith("[")})
    gone: set[int] = set()
    for number in numbers:
        if (name, number) not in places:
            raise CannotEdit(f"it is not written as [[{name}]] tables; take the entry out by hand")
        start = places[name, number] - 1
        following = [line for line in headers if line > start]
        end = _above(lines, following[0]) if following else len(lines)
        gone.update(range(_above(lines, start), end))
    left = "".join(line for number, line in enumerate(lines) if number not in gone)
    _check(text, left, name, [e for n, e in enumerate(entries) if n not in numbers])
    return left


def _above(lines: list[str], header: int) -> int:
    """Return where the comment begins that stands directly above a header."""
    start = header
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    # What opens the file speaks of all of it.
    return header if start == 0 else start


def _check(text: str, left: str, name: str, wanted: list[object]) -> None:
    """Make sure that it says what it should and nothing else has changed."""
    expected = tomllib.loads(text)
    expected.pop(name, None)
    try:
        found = tomllib.loads(left)
    except tomllib.TOMLDecodeError:
        found = {}
    if found.pop(name, []) != wanted or found != expected:
        raise CannotEdit("an entry cannot be taken out line by line; do it by hand")
