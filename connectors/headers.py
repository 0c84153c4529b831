"""What stands in mail headers: fields, encoded words, parameters, identities.

Everything here takes damaged input and is linear in it: mail headers are written by strangers.
RFC 5322 (fields), RFC 2047 (encoded words), RFC 2231 (parameters).
"""

from __future__ import annotations

import binascii
import re

from vouchd.connectors.charset import decode, printable

LONGEST_HEAD = 512_000  #: bytes of a header block that are looked at
LONGEST_FIELD = 32_000  #: characters of one field that are looked at

_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:(.*(?:\n[ \t].*)*)", re.M)
_FOLD = re.compile(rb"\s*\n\s+")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


_USUAL = frozenset(
    b"from to cc bcc subject date message-id received return-path sender reply-to mime-version"
    b" content-type delivered-to x-gm-thrid x-mailer references in-reply-to".split()
)


class Fields:
    """The header fields of one message or part, by lower-case name, in their order."""

    __slots__ = ("_fields",)

    def __init__(self, block: bytes) -> None:
        fields: dict[bytes, list[bytes]] = {}
        block = block[:LONGEST_HEAD]
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        for name, value in _FIELD.findall(block):
            name = name.lower()
            if name in fields:
                fields[name].append(value)
            else:
                fields[name] = [value]
        self._fields = fields

    def __contains__(self, name: bytes) -> bool:
        """Whether there is a field of that name."""
        return name in self._fields

    def known(self) -> bool:
        """Whether any field is there that mail has."""
        return not _USUAL.isdisjoint(self._fields)

    def raw(self, name: bytes) -> bytes:
        """Return the first field of that (lower-case) name as it stands; empty where missing."""
        values = self._fields.get(name)
        return _FOLD.sub(b" ", values[0]).strip() if values else b""

    def plain(self, name: bytes) -> str:
        """Return the first field of that name as text; encoded words stay encoded."""
        values = self._fields.get(name)
        return _text(values[0]) if values else ""

    def words(self, name: bytes) -> str:
        """Return the first field of that name, decoded, on one line."""
        value = self.plain(name)
        return one_line(unword(value)) if value else ""


def split_head(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Fields, int]:
    """Return the fields of the entity that begins at `start`, and where its body begins."""
    stop = len(raw) if end is None else end
    found = _STARTS_BLANK.match(raw, start, stop) or _HEAD_END.search(raw, start, stop)
    if found is None:
        return Fields(raw[start : min(stop, start + LONGEST_HEAD)]), stop
    return Fields(raw[start : min(found.start(), start + LONGEST_HEAD)]), found.end()


_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STARTS_BLANK = re.compile(rb"\r?\n")


def _text(value: bytes) -> str:
    value = value[:LONGEST_FIELD]
    if b"\n" in value:
        value = _FOLD.sub(b" ", value)
    if b"\0" in value:
        value = value.replace(b"\0", b"")
    value = value.strip()
    return value.decode("ascii") if value.isascii() else decode(value, "utf-8")[0]


def one_line(text: str) -> str:
    """Return the text without line breaks and runs of blanks."""
    return printable(" ".join(text.split()))


def unword(text: str) -> str:
    """Decode encoded words (RFC 2047), broken ones as far as they go."""
    if "=?" not in text:
        return text
    text = _BETWEEN_WORDS.sub(r"\1", text)
    out: list[str] = []
    pending: list[bytes] = []
    label = ""
    at = 0
    for word in _WORD.finditer(text):
        data = _word_bytes(word[2], word[3])
        charset = word[1].partition("*")[0].lower()
        if word.start() > at or charset != label:
            # A character may be cut in two between neighbours: join their bytes before decoding.
            out.append(decode(b"".join(pending), label)[0])
            pending.clear()
            out.append(text[at : word.start()])
        label, at = charset, word.end()
        pending.append(word[0].encode() if data is None else data)
    out.append(decode(b"".join(pending), label)[0])
    out.append(text[at:])
    return "".join(out)


def _word_bytes(encoding: str, payload: str) -> bytes | None:
    data = payload.encode("utf-8", "replace")
    try:
        if encoding in "qQ":
            return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)
        data = b"".join(data.split())
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return None


_ESCAPED = re.compile(r"\\(.)")
_PARAMETER = re.compile(
    r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|([^;]*))', re.DOTALL
)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Read `type/subtype; name=value …` with RFC 2231 continuations; names in lower case."""
    value = value[:8_000]
    main = value.partition(";")[0].strip().lower()
    simple: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(value):
        name = found[1].lower()
        text = (found[3] or "").strip() if found[2] is None else _ESCAPED.sub(r"\1", found[2])
        parts = _SECTION.fullmatch(name)
        if parts is not None and (parts[2] or parts[3]):
            section = (int(parts[2] or 0), bool(parts[3]), text)
            sections.setdefault(parts[1], []).append(section)
        else:
            simple.setdefault(name, text)
    for name, pieces in sections.items():
        simple[name] = _joined(sorted(pieces))
    return main, simple


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    charset = "utf-8"
    data = b""
    for number, encoded, text in pieces:
        if encoded:
            if number == 0 and text.count("'") >= 2:
                charset, _, text = text.split("'", 2)
            data += _PERCENT.sub(lambda m: bytes((int(m[1], 16),)), text.encode())
        else:
            data += text.encode()
    return decode(data, charset or "utf-8")[0]


_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")

_ID = re.compile(r"<([^<>]{1,990})>")


def identities(value: str) -> tuple[str, ...]:
    """Return the message identities of a field (RFC 5322 section 3.6.4), with angle brackets."""
    found = tuple(f"<{inner}>" for m in _ID.finditer(value) if (inner := "".join(m[1].split())))
    if found or not value.strip():
        return found
    bare = value.split()[0].strip("<>,;\"'")
    return (f"<{bare[:990]}>",) if bare and "@" in bare else ()
