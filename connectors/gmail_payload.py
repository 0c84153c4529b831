"""A message too long to be had whole: its words put back together from the parts Gmail names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vouchd.connectors.base import Refused
from vouchd.connectors.gmail_box import raw_bytes

_DEEPEST = 20


def rebuilt(payload: dict[str, Any]) -> bytes:
    """Return the mail of `payload` (format=full) without the contents of its attachments.

    Its headers are Gmail's, its text parts stand as 8-bit, an attachment is left with its name.
    """
    return b"\r\n".join(_part(payload, 0))


def _part(part: dict[str, Any], depth: int) -> Iterator[bytes]:
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
            yield from _part(child, depth + 1)
        yield f"--{boundary}--".encode()
        return
    yield b"Content-Transfer-Encoding: 8bit"
    yield b""
    yield _data(part) if kind.startswith("text/") and not part.get("filename") else b""


def _data(part: dict[str, Any]) -> bytes:
    try:
        return raw_bytes(str(part.get("body", {}).get("data", "")))
    except Refused:
        return b""
