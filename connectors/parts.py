"""The tree of a MIME message (RFC 2045-2049): its words, its calendars, the names of its files.

Works on offsets into one `bytes`, decodes only what is read as words, and cuts what is absurd:
every cut leaves a note. Payloads of other attachments are never decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vouchd.connectors.charset import decode
from vouchd.connectors.headers import Fields, one_line, parameters, split_head, unword
from vouchd.connectors.markup import to_text
from vouchd.connectors.transfer import spans, unflow, untransfer

MOST_TEXT = 200_000  #: characters of a message that are kept
MOST_PARTS = 2_000
DEEPEST = 25
LONGEST_PART = 3_000_000  #: encoded bytes of one text part that are decoded
LONGEST_CALENDAR = 2_000_000
LONGEST_ENCLOSED = 20_000_000
MOST_CALENDARS = 20
MOST_NAMES = 200
#: A plain part shorter than this may be a mere hint to look at the HTML part.
SURELY_ENOUGH = 400

_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|vl|doorst|pd|fs|転送)\s*[::]", re.I)


@dataclass(slots=True)
class Content:
    """What was found in a message."""

    texts: list[str] = field(default_factory=list)
    calendars: list[tuple[bytes, str]] = field(default_factory=list)  #: and the method by its type
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    report: bool = False  #: a multipart/report: a bounce, a receipt

    @property
    def text(self) -> str:
        """All words."""
        return "\n\n".join(text for text in self.texts if text)[:MOST_TEXT]


@dataclass(slots=True)
class _Entity:
    fields: Fields
    start: int
    end: int
    type: str
    parameters: dict[str, str]
    disposition: str
    name: str


def read(raw: bytes, fields: Fields, start: int) -> Content:
    """Read the body that begins at `start` and belongs to `fields`."""
    return _Reader(raw).whole(fields, start, len(raw))


class _Reader:
    """One walk through one message; holds what is left of the limits."""

    def __init__(self, raw: bytes, depth: int = 0, parts: int = 0) -> None:
        self.raw = raw
        self.depth = depth
        self.parts = parts
        self.left = MOST_TEXT
        self.content = Content()
        self.forwarded = False

    def whole(self, fields: Fields, start: int, end: int) -> Content:
        self.forwarded = bool(_FORWARD_SUBJECT.match(fields.plain(b"subject")))
        texts = self.entity(_entity(fields, start, end, "text/plain"))
        self.content.texts.extend(texts)
        return self.content

    def note(self, words: str) -> None:
        if words and words not in self.content.notes and len(self.content.notes) < 20:
            self.content.notes.append(words)

    def entity(self, entity: _Entity) -> list[str]:
        """Return the words of an entity; everything else goes into the content."""
        self.parts += 1
        kind = entity.type
        if kind.startswith("multipart/"):
            return self.multipart(entity)
        if kind in ("text/calendar", "application/ics") or entity.name.lower().endswith(".ics"):
            return self.calendar(entity)
        if kind in ("message/rfc822", "message/global") or (
            entity.name.lower().endswith(".eml") and kind == "application/octet-stream"
        ):
            return self.enclosed(entity)
        if kind in ("message/delivery-status", "message/disposition-notification"):
            return [self.words(entity)]
        if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            self.note("encrypted or signed in a form that cannot be read (S/MIME)")
        elif entity.name.lower() == "winmail.dat":
            self.note("words inside winmail.dat (TNEF) were not read")
        if not kind.startswith("text/") or entity.disposition == "attachment":
            self.file(entity)
            return []
        if kind in _NOT_WORDS or (entity.name and self.left < MOST_TEXT):
            self.file(entity)
            return []
        if entity.name:
            self.file(entity)
        return [self.words(entity)]

    def file(self, entity: _Entity) -> None:
        if entity.name and len(self.content.names) < MOST_NAMES:
            self.content.names.append(entity.name)

    def multipart(self, entity: _Entity) -> list[str]:
        boundary = entity.parameters.get("boundary", "").rstrip()
        if self.depth >= DEEPEST:
            self.note(f"parts nested deeper than {DEEPEST} levels were not read")
            return []
        found = spans(self.raw, entity.start, entity.end, boundary) if boundary else iter(())
        default = "message/rfc822" if entity.type == "multipart/digest" else "text/plain"
        if entity.type == "multipart/encrypted":
            self.note("encrypted: its words cannot be read")
        elif entity.type == "multipart/report":
            self.content.report = True
        children: list[_Entity] = []
        for start, end in found:
            if self.parts + len(children) >= MOST_PARTS:
                self.note(f"has more than {MOST_PARTS} parts; the others were not read")
                break
            fields, body = split_head(self.raw, start, end)
            children.append(_entity(fields, body, end, default))
        if not children:
            self.note("its parts could not be told apart; it was read as one text")
            entity.type = "text/plain"
            return [self.words(entity)]
        self.depth += 1
        if entity.type == "multipart/alternative":
            texts = self.alternative(children)
        else:
            texts = [text for child in children for text in self.entity(child)]
        self.depth -= 1
        return texts

    def alternative(self, children: list[_Entity]) -> list[str]:
        """Of several forms of the same words, take the plain one unless it says much less."""
        best: list[str] = []
        size = 0
        for child in sorted(children, key=_plainness):
            if child.type.startswith(("text/", "multipart/")) and child.type not in _SIDE_FORMS:
                if size and self.says_no_more(child, size):
                    continue
                left = self.left
                texts = self.entity(child)
                found = sum(map(len, texts))
                if found > (2 * size + 20 if size else 0):
                    best, size = texts, found
                else:
                    self.left = left
            else:
                self.entity(child)
        return best

    def says_no_more(self, child: _Entity, size: int) -> bool:
        """Whether an HTML form surely has no more words than the plain one, without reading it."""
        if child.type == "multipart/related":
            return size >= SURELY_ENOUGH
        if child.type != "text/html":
            return False
        if size >= SURELY_ENOUGH:
            return True
        source = _payload(self.raw, child, LONGEST_PART)
        return len(source) < 100_000 and len(_TAGS.sub(b"", source)) < 2 * size

    def calendar(self, entity: _Entity) -> list[str]:
        self.file(entity)
        if len(self.content.calendars) >= MOST_CALENDARS:
            self.note(f"has more than {MOST_CALENDARS} calendars; the others were not read")
            return []
        if entity.end - entity.start > LONGEST_CALENDAR:
            self.note("a calendar in it is too long and was not read")
            return []
        data = _payload(self.raw, entity, LONGEST_CALENDAR)
        charset = entity.parameters.get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "us-ascii"):
            data = decode(data, charset)[0].encode()
        self.content.calendars.append((data, entity.parameters.get("method", "").upper()))
        return []

    def enclosed(self, entity: _Entity) -> list[str]:
        """Read a message inside the message and head it as what it is."""
        if self.depth >= DEEPEST or self.left <= 0:
            self.note(f"messages nested deeper than {DEEPEST} levels were not read")
            return []
        raw, start, end = self.raw, entity.start, entity.end
        if entity.fields.plain(b"content-transfer-encoding").lower() in ("base64", _QP):
            raw, start, end = _payload(self.raw, entity, LONGEST_ENCLOSED), 0, LONGEST_ENCLOSED
        while raw[start : start + 1] in (b"\r", b"\n") and start < end:
            start += 1
        fields, body = split_head(raw, start, min(end, len(raw)))
        inner = _Reader(raw, self.depth + 1, self.parts)
        inner.left = self.left
        found = inner.whole(fields, body, min(end, len(raw)))
        self.parts, self.left = inner.parts, inner.left
        for note in found.notes:
            self.note(note)
        self.content.names.extend(found.names[: MOST_NAMES - len(self.content.names)])
        if self.content.report:
            # A bounce returns the user's own words: they are history.
            return ["\n".join(f"> {line}" for line in found.text.splitlines())]
        self.content.calendars.extend(found.calendars[:MOST_CALENDARS])
        lines = ["---------- Forwarded message ----------"]
        for name in ("From", "Date", "Subject", "To"):
            value = fields.words(name.lower().encode())
            if value:
                lines.append(f"{name}: {value[:500]}")
                self.left -= len(value[:500])
        return ["\n".join((*lines, "", found.text))]

    def words(self, entity: _Entity) -> str:
        if self.left <= 0:
            self.note(f"was longer than {MOST_TEXT} characters; the rest was not read")
            return ""
        if entity.end - entity.start > LONGEST_PART:
            self.note(f"was longer than {MOST_TEXT} characters; the rest was not read")
            self.note(f"a text in it is longer than {LONGEST_PART // 1_000_000} MB")
        data = _payload(self.raw, entity, LONGEST_PART)
        label = entity.parameters.get("charset", "")
        html = entity.type == "text/html" or _LOOKS_LIKE_HTML.match(data[:500]) is not None
        if html and not label:
            inside = _META_CHARSET.search(data[:2000])
            label = inside[1].decode("ascii") if inside else ""
        text, wrong = decode(data, label)
        self.note(wrong)
        text = _clean(text)
        if html:
            text = to_text(text, forwarded=self.forwarded)
        elif entity.type in ("text/enriched", "text/richtext"):
            text = _ENRICHED.sub("", text)
        elif entity.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delsp=entity.parameters.get("delsp", "").lower() == "yes")
        if len(text) > self.left:
            self.note(f"was longer than {MOST_TEXT} characters; the rest was not read")
            text = text[: self.left]
        self.left -= len(text)
        return text


_NOT_WORDS = frozenset(
    "text/css text/rtf text/vcard text/x-vcard text/directory text/rfc822-headers text/csv"
    " text/javascript text/x-amp-html text/xml".split()
)
_SIDE_FORMS = frozenset(("text/calendar", *_NOT_WORDS))
_QP = "quoted-printable"
_LOOKS_LIKE_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|div|p|table|span)(?:\s[^<>]*)?>",
    re.I,
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I
)
_TAGS = re.compile(rb"<style\b[^<]*(?:</style>)?|<[^>]*>|\s\s+", re.I)
_ENRICHED = re.compile(r"</?[A-Za-z-]{1,60}>|<param>[^<]{0,200}</param>")


def _plainness(entity: _Entity) -> int:
    return (entity.type != "text/plain") + (entity.type not in ("text/plain", "text/html"))


def _clean(text: str) -> str:
    """Return the text with one kind of line end and nothing that cannot be stored."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text


def _entity(fields: Fields, start: int, end: int, default: str) -> _Entity:
    kind, given = parameters(fields.plain(b"content-type"))
    shown, how = parameters(fields.plain(b"content-disposition"))
    if "/" not in kind:
        kind = default
    name = one_line(unword(how.get("filename") or given.get("name") or ""))[:200]
    return _Entity(fields, start, end, kind, given, shown, name)


def _payload(raw: bytes, entity: _Entity, longest: int) -> bytes:
    data = raw[entity.start : min(entity.end, entity.start + longest)]
    return untransfer(data, entity.fields.raw(b"content-transfer-encoding"))
