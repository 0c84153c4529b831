"""A message too long to be had whole: its words put back together from the parts Gmail names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from vouchd.connectors.base import Refused
from vouchd.connectors.gmail_box import raw_bytes
from vouchd.connectors.google_failures import as_documented

_DEEPEST = 20
_MOST_PARTS = 2_000
#: A long text is named and not given; so many are asked for, none longer than that.
_MOST_FETCHED = 4
_LONGEST_FETCHED = 4_000_000

Fetch = Callable[[str], bytes]  #: what stands under an attachment's id; b"" where it cannot be had


def rebuilt(payload: dict[str, Any], fetch: Fetch) -> bytes:
    """Return the mail of `payload` (format=full) without the contents of its files.

    Its headers are Gmail's, its texts and invitations stand as 8-bit, also those that Gmail names
    by an attachment's id alone; a file is left with its name. Raises Refused when it has another
    form than Gmail documents.
    """
    with as_documented("a long message"):
        return b"\r\n".join(_Rebuilding(fetch).part(payload, 0))


@dataclass(slots=True)
class _Rebuilding:
    fetch: Fetch
    fetched: int = 0
    parts: int = 0

    def part(self, part: dict[str, Any], depth: int) -> Iterator[bytes]:
        """Yield the lines of a part; of none where there were too many."""
        self.parts += 1
        if self.parts > _MOST_PARTS:
            return
        kind = str(part.get("mimeType", "text/plain")).lower()
        inner = part.get("parts", ()) if depth < _DEEPEST else ()
        boundary = f"=_vouchd_{depth}_{part.get('partId', '')}"
        for header in part.get("headers", ()):
            name, value = str(header.get("name", "")), str(header.get("value", ""))
            lowered = name.lower()
            if lowered == "content-transfer-encoding" or not name:
                continue
            if lowered == "content-type" and inner:
                continue
            yield f"{name}: {' '.join(value.split())}".encode("utf-8", "replace")
        if inner:
            yield f'Content-Type: {kind}; boundary="{boundary}"'.encode()
            yield b""
            for child in inner:
                yield f"--{boundary}".encode()
                yield from self.part(child, depth + 1)
            yield f"--{boundary}--".encode()
            return
        yield b"Content-Transfer-Encoding: 8bit"
        yield b""
        yield self.data(part) if _says_something(kind, str(part.get("filename") or "")) else b""

    def data(self, part: dict[str, Any]) -> bytes:
        """Return what a part says."""
        body = part.get("body", {})
        if not body.get("data") and body.get("attachmentId"):
            if self.fetched >= _MOST_FETCHED or int(body.get("size", 0)) > _LONGEST_FETCHED:
                return b""
            self.fetched += 1
            return self.fetch(str(body["attachmentId"]))
        try:
            return raw_bytes(str(body.get("data", "")))
        except Refused:
            return b""


def _says_something(kind: str, name: str) -> bool:
    """Whether a part is read: a text that is no file, or an invitation, file or not."""
    if kind in ("text/calendar", "application/ics") or name.lower().endswith(".ics"):
        return True
    return kind.startswith("text/") and not name
