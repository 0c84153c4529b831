"""Bodies as they travelled to what was written: boundaries, transfer encodings, flowed lines."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

MOST_LOOKALIKES = 50_000  #: lines that look like a boundary


def spans(raw: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts between the boundary lines begin and end (RFC 2046 section 5.1.1)."""
    mark = b"\n--" + boundary.encode("utf-8", "replace")
    begun = -1
    # The line break above the first boundary line may belong to the header.
    at = raw.find(mark, max(0, start - 1), end)
    for _ in range(MOST_LOOKALIKES):
        if at < 0:
            break
        line = _BOUNDARY_ENDS.match(raw, at + len(mark), end)
        if line is None:  # a longer boundary that begins like this one
            at = raw.find(mark, at + 1, end)
            continue
        if begun >= 0:
            yield begun, max(begun, at - (raw[at - 1 : at] == b"\r"))
        begun = min(end, line.end() + (2 if raw[line.end() : line.end() + 1] == b"\r" else 1))
        if line[1]:
            return
        at = raw.find(mark, line.end(), end)
    if 0 <= begun < end:
        yield begun, end


_BOUNDARY_ENDS = re.compile(rb"(--)?[ \t]{0,70}(?=\r?\n|\Z)")


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_OUTSIDE_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def untransfer(data: bytes, encoding: bytes) -> bytes:
    """Undo a transfer encoding (RFC 2045 section 6), damaged as it may be."""
    encoding = encoding.partition(b";")[0].strip().lower()
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(data)
    if encoding == b"base64":
        if _NOT_BASE64.search(data[:300].strip()) and b" " in data[:300].strip():
            return data  # says so and is not
        try:
            return binascii.a2b_base64(data)
        except (binascii.Error, ValueError):
            letters = _OUTSIDE_BASE64.sub(b"", data)
            letters = letters[: len(letters) - (len(letters) % 4 == 1)]
            return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    if encoding in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return _uudecode(data)
    return data


def _uudecode(data: bytes) -> bytes:
    out: list[bytes] = []
    lines = iter(data.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    for line in lines:
        if line in (b"end", b"`", b" "):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)


def unflow(text: str, *, delsp: bool) -> str:
    """Join the lines a mailer has broken (RFC 3676 section 4)."""
    out: list[str] = []
    flowing: list[str] = []
    depth = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        level = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if flowing and level != depth:
            out.append(_quoted(depth, flowing))
            flowing = []
        depth = level
        if bare.endswith(" ") and bare != "-- ":
            flowing.append(bare[:-1] if delsp else bare)
        else:
            flowing.append(bare)
            out.append(_quoted(depth, flowing))
            flowing = []
    if flowing:
        out.append(_quoted(depth, flowing))
    return "\n".join(out)


def _quoted(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
