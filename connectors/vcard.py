"""vCard files of every version (2.1, 3.0: RFC 2426, 4.0: RFC 6350) to contacts.

Read as bytes line by line: each line of a 2.1 card may have a charset of its own, and whatever is
broken in a card must not hide the next one. Pictures and sounds are never decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vouchd.connectors.base import Parked, Refused
from vouchd.connectors.charset import decode
from vouchd.connectors.contact import Contact, contact, merged
from vouchd.connectors.transfer import untransfer

LONGEST = 60_000_000  #: bytes of a file; address books with a picture for everybody are smaller
LONGEST_LINE = 4_000  #: bytes of a property that is read

_READ = frozenset(
    "FN N NICKNAME EMAIL TEL ORG TITLE ROLE KIND X-ADDRESSBOOKSERVER-KIND X-ABSHOWAS".split()
)
_NAME = re.compile(rb"(?:[\w-]+\.)?([A-Za-z0-9-]{1,40})(?=[ \t]*[;:])")
_PARAMETER = re.compile(rb'[ \t]*;[ \t]*([A-Za-z0-9-]*)(?:=((?:"[^"]*"|[^";:])*))?')
_EDGE = re.compile(rb"^(BEGIN|END)[ \t]*:[ \t]*VCARD[ \t]*$", re.I)
_WHERE_LINES_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card, its charset and encoding undone."""

    name: str
    value: str
    preferred: int  #: the smaller the more; 100 where the card does not say
    kinds: frozenset[str] = frozenset()  #: work, cell, fax


def read(raw: bytes) -> tuple[tuple[Contact, ...], tuple[Parked, ...]]:
    """Return the people of a vCard file in its order, and the cards that are of nobody, each with
    the reason.

    Raises Refused when it is no vCard at all, or too long.
    """
    if len(raw) > LONGEST:
        raise Refused(f"longer than {LONGEST // 1_000_000} MB: export fewer contacts")
    people: list[Contact] = []
    parked: list[Parked] = []
    number = 0
    for number, lines in enumerate(_cards(_plain(raw)), 1):
        card = tuple(_properties(lines))
        person, reason = _person(card)
        if person is not None:
            people.append(person)
        else:
            parked.append(Parked(f"card {number}", reason))
    if not number:
        raise Refused(
            "it is no vCard: it has no BEGIN:VCARD; choose “vCard” (.vcf) in the export of the "
            "address book"
        )
    return merged(people), tuple(parked)


def _plain(raw: bytes) -> bytes:
    """Return the file in a charset in which a line is a line."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return decode(raw, "utf-16")[0].encode("utf-8", "replace")
    if raw[:12].replace(b"\0", b"").upper().startswith(b"BEGIN") and b"\0" in raw[:2]:
        wide = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
        return decode(raw, wide)[0].encode("utf-8", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _cards(raw: bytes) -> Iterator[list[bytes]]:
    """Yield the lines of each card; a card inside a card (AGENT) is left out."""
    card: list[bytes] | None = None
    inside = 0
    for line in _WHERE_LINES_END.split(raw):
        edge = _EDGE.match(line)
        if edge is None:
            if card is not None and not inside:
                card.append(line)
        elif edge[1].upper() == b"BEGIN":
            if inside or (card and card[-1].upper().lstrip().startswith(b"AGENT")):
                inside += 1
                continue
            if card is not None:  # its END is missing
                yield card
            card = []
        elif inside:
            inside -= 1
        elif card is not None:
            yield card
            card = None
    if card is not None:
        yield card


def _properties(lines: list[bytes]) -> Iterator[Property]:
    """Yield the lines of a card that are read, unfolded and decoded."""
    old = any(re.match(rb"[ \t]*VERSION[ \t]*:[ \t]*2", line, re.I) for line in lines[:40])
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        head = _NAME.match(line)
        if head is None or (name := head[1].decode("ascii").upper()) not in _READ:
            continue
        label, encoding, preferred, kinds, start = _parameters(line, head.end())
        while at < len(lines) and len(line) < LONGEST_LINE:
            if encoding == b"quoted-printable" and line.endswith(b"="):
                line = line[:-1] + lines[at].lstrip(b" \t")
            elif lines[at][:1] in (b" ", b"\t") and lines[at].strip():
                # Folding in 2.1 comes before a space of the text itself; later it adds one.
                line += lines[at] if old else lines[at][1:]
            else:
                break
            at += 1
        data = line[start:].lstrip(b" \t:")[:LONGEST_LINE]
        if encoding:
            data = untransfer(data, encoding)
        yield Property(name, decode(data, label)[0], preferred, kinds)


def _parameters(line: bytes, start: int) -> tuple[str, bytes, int, frozenset[str], int]:
    """Return charset, encoding, how preferred, of what kind, and where the value begins."""
    label, encoding, preferred = "", b"", 100
    kinds: set[str] = set()
    while (found := _PARAMETER.match(line, start)) is not None and found.end() > start:
        key = found[1].lower()
        # In 2.1 a parameter may be a value alone: EMAIL;PREF;INTERNET:
        values = (found[2] or b"").strip().strip(b'"').lower() if found[2] is not None else key
        start = found.end()
        if key == b"charset":
            label = values.decode("ascii", "replace")
        elif b"quoted-printable" in values:
            encoding = b"quoted-printable"
        elif key in (b"encoding", b"base64") and values in (b"b", b"base64"):
            encoding = b"base64"
        elif key == b"pref" and values.isdigit():
            preferred = int(values)
        else:
            kinds.update(re.findall(r"[a-z]+", values.decode("ascii", "replace")))
            preferred = 1 if "pref" in kinds else preferred
    colon = line.find(b":", start)
    return label, encoding, preferred, frozenset(kinds), colon + 1 if colon >= 0 else len(line)


# --- a card to a person -----------------------------------------------------------------------

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ANY_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _person(card: tuple[Property, ...]) -> tuple[Contact | None, str]:
    kinds = " ".join(p.value.lower() for p in card if p.name.endswith("KIND"))
    if "group" in kinds:
        return None, "it is a group, no person"
    if "org" in kinds or any(p.name == "X-ABSHOWAS" and "COMPANY" in p.value for p in card):
        return None, "it is an organisation, no person"
    mails = sorted((p for p in card if p.name == "EMAIL"), key=lambda p: p.preferred)
    nicknames = [nick for p in card if p.name == "NICKNAME" for nick in _split(p.value, ",")]
    person = contact(
        _full_name(card),
        emails=[_unescaped(mail.value) for mail in mails],
        nicknames=nicknames,
        employer=next((_split(p.value, ";")[0] for p in card if p.name == "ORG"), ""),
        title=_first(card, "TITLE") or _first(card, "ROLE"),
        phones=[_unescaped(tel.value) for tel in sorted(card, key=_callable) if _is_phone(tel)],
    )
    return person, "" if person else "it has neither a name nor an e-mail address"


_MACHINES = frozenset(("fax", "pager", "modem", "bbs"))


def _is_phone(entry: Property) -> bool:
    return entry.name == "TEL" and entry.kinds.isdisjoint(_MACHINES)


def _callable(entry: Property) -> tuple[int, bool, bool]:
    """Return in which order numbers go: a preferred one, one at work, a mobile, any other."""
    return entry.preferred, "work" not in entry.kinds, "cell" not in entry.kinds


def _full_name(card: tuple[Property, ...]) -> str:
    """Return the name as it is shown (FN), else as it is made of its parts (N)."""
    shown = _first(card, "FN").strip()
    parts = next((_split(p.value, ";") for p in card if p.name == "N"), [])
    family, given = ([*parts, "", ""])[:2]
    together = f"{family}{given}" if _ANY_CJK.search(family + given) else f"{given} {family}"
    if not shown or "@" in shown or (family and given and shown == f"{family}, {given}"):
        return together.strip() or ("" if "@" in shown else shown)
    return shown


def _first(card: tuple[Property, ...], name: str) -> str:
    return next((_unescaped(p.value) for p in card if p.name == name and p.value.strip()), "")


def _split(value: str, mark: str) -> list[str]:
    """Return the parts of a value between marks that are not escaped (RFC 6350 section 3.4)."""
    parts = re.findall(rf"((?:\\.|[^{mark}\\]|\\$)*)(?:{mark}|$)", value, re.DOTALL)
    return [_unescaped(part).strip() for part in parts]


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value)
