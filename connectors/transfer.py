"""Bodies as they travelled to bodies as they were written: transfer encodings, flowed lines."""

from __future__ import annotations

import binascii
import re

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
