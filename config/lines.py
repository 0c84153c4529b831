"""On which line of a TOML file a key stands; tomllib does not say, and people look for lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

Place = tuple[str | int, ...]  #: ("me", "name"); of an array of tables ("reference", 2, "name")

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*")
_KEY = re.compile(r"\s*([\w\-.\"']+)\s*=(.*)")
_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*")


def lines_of(text: str) -> Mapping[Place, int]:
    """Return the line (from 1) of every table and key of a TOML text that parses.

    Inline tables and dotted keys are found by their first line alone.
    """
    found: dict[Place, int] = {}
    counted: dict[str, int] = {}
    table: Place = ()
    depth, ends = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if ends:
            _, closed, line = line.partition(ends)
            ends = "" if closed else ends
        elif depth == 0 and (header := _HEADER.fullmatch(_STRING.sub(_no_comment, line))):
            name = header[2].strip("\"'")
            if header[1] == "[[":
                counted[name] = counted.get(name, -1) + 1
                table = (name, counted[name])
                found.setdefault((name,), number)
            else:
                table = tuple(part.strip(" \"'") for part in name.split("."))
            found.setdefault(table, number)
            continue
        elif depth == 0 and (key := _KEY.match(line)):
            found.setdefault((*table, key[1].strip("\"'")), number)
            line = key[2]
        for quotes in ('"""', "'''"):
            if not ends and line.count(quotes) % 2:
                ends = quotes
        bare = _STRING.sub("", line)
        depth = max(0, depth + sum(map(bare.count, "[{")) - sum(map(bare.count, "]}")))
    return found


def _no_comment(match: re.Match[str]) -> str:
    return "" if match[0].startswith("#") else match[0]
