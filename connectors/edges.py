"""How a letter begins and ends: its greeting and its sign-off, and nothing of what is between."""

from __future__ import annotations

_LAST = 4  #: lines: sign-off, name, and what may stand under it
_LONGEST = 60  #: characters of a line that greets or closes; what is longer is the letter itself


def edges(body: str) -> str:
    """Return the first line of a letter and its last ones; lines that are quoted do not count."""
    lines = [line.strip() for line in body.splitlines()]
    said = [line for line in lines if line and not line.startswith(">")]
    kept = said if len(said) <= _LAST + 1 else [said[0], "", *said[-_LAST:]]
    return "\n".join(line for line in kept if len(line) <= _LONGEST)
