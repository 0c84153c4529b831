"""A mail as bytes to a `Message`, a `Draft` to a complete mail, and back for comparing.

    parse(raw, me=…, zone=…)      -> Message       any mail, however damaged
    read_eml(path, me=…, zone=…)  -> Message       one file
    head(raw)                     -> Head          identity, mark and addressees only, cheaply
    draft_in(raw)                 -> Draft         what a stored draft says now
    compose(draft, key=…, …)      -> bytes         RFC 5322, with our mark, ready for a drafts box

`headers`, `charset`, `parts` and `markup` do the reading, `letter` does the writing; nobody
else knows what a mail looks like as bytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from vouchd.connectors.addresses import addresses, international, moment
from vouchd.connectors.base import Refused
from vouchd.connectors.headers import Fields, identities, split_head
from vouchd.connectors.letter import KEY, MARK, compose, identity
from vouchd.connectors.limits import within
from vouchd.connectors.parts import Content, read
from vouchd.rules.model import Address, Draft, Event, Message

__all__ = ["KEY", "MARK", "Head", "compose", "draft_in", "head", "identity", "parse", "read_eml"]

#: A message longer than this is read only so far.
LONGEST = 40_000_000
MOST_INVITES = 100  #: of one calendar part
#: Mail is not older than mail is.
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
#: A Date so much later than the delivery is a wrong clock or a lie.
AHEAD = timedelta(days=2)
#: A file may have been copied, restored or made long before or after its mail was written: its
#: time gainsays a Date only by decades, and not when it was set to the beginning of all time.
DECADES = timedelta(days=20 * 365)
KEPT_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the header alone says."""

    id: str
    key: str | None
    mark: str | None
    at: datetime | None
    sender: str
    to: tuple[str, ...]  #: addresses of To, Cc and Bcc, lower-case
    subject: str
    labels: tuple[str, ...]  #: X-Gmail-Labels
    received: bool  #: has travelled


def parse(
    raw: bytes,
    *,
    me: Collection[str] = (),
    zone: tzinfo = UTC,
    sent: bool = False,
    delivered: datetime | None = None,
    folder: str = "",
) -> Message:
    """Read one mail; it is the user's own when `sent` or when `me` holds its sender.

    `zone` is where all-day and floating times of calendar parts are at home; `delivered` stands
    in for a missing or absurd date. What had to be cut or guessed stands in `notes`.

    Raises Refused when the bytes are no mail at all.
    """
    try:
        with within():
            return _parse(raw, me, zone, delivered, folder, sent=sent)
    except Refused:
        raise
    except Exception as error:  # whatever a stranger has sent, the next message must be read
        said = f"{type(error).__name__}: {error}"[:200]
        raise Refused(f"it could not be read ({said}): please report it") from error


def _parse(
    raw: bytes,
    me: Collection[str],
    zone: tzinfo,
    delivered: datetime | None,
    folder: str,
    *,
    sent: bool,
) -> Message:
    raw, fields, body, notes = _opened(raw)
    content = read(raw, fields, body)
    at, wrong = _date(fields, delivered)
    sender = _sender(fields)
    identity = _identity(fields, raw, body)
    invites, broken = _invites(content, zone)
    references = identities(fields.plain(b"references"))[-100:]
    replies = identities(fields.plain(b"in-reply-to"))
    authentic = _authentic(fields)
    to = addresses(fields.plain(b"to")) + addresses(fields.plain(b"cc"))
    return Message(
        id=identity,
        thread=_thread(fields, references, replies, identity),
        at=at,
        sent=sent or (sender.email in me and authentic is not False),
        sender=sender,
        to=to,
        subject=fields.words(b"subject")[:2000],
        text=content.text,
        reply_to=next(iter(addresses(fields.plain(b"reply-to"))), None),
        in_reply_to=replies[0] if replies else None,
        references=references,
        automatic=_automatic(fields, content),
        bulk=_bulk(fields),
        authentic=authentic,
        invites=invites,
        attachments=tuple(content.names),
        folder=folder,
        link=f"mid:{quote(identity[1:-1], safe='@$!*+.=_-')}",
        key=fields.words(KEY.lower().encode()) or None,
        notes=(*notes, *wrong, *content.notes, *broken),
    )


def read_eml(path: Path, *, me: Collection[str] = (), zone: tzinfo = UTC) -> Message:
    """Read one file. Raises Refused when it cannot be read or is no mail."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or error}: make it readable, or move it") from error
    try:
        return parse(raw, me=me, zone=zone)
    except Refused as error:
        raise Refused(f"{path}: {error}") from error


def head(raw: bytes) -> Head:
    """Read the header alone. Raises Refused when the bytes are no mail at all."""
    raw, fields, body, _ = _opened(raw)
    to = (address for name in (b"to", b"cc", b"bcc") for address in addresses(fields.plain(name)))
    return Head(
        id=_identity(fields, raw, body),
        key=fields.words(KEY.lower().encode()) or None,
        mark=fields.words(MARK.lower().encode()) or None,
        at=moment(fields.plain(b"date")),
        sender=_sender(fields).email,
        to=tuple(address.email for address in to),
        subject=fields.words(b"subject"),
        labels=tuple(
            label.strip(' "') for label in fields.words(b"x-gmail-labels").split(",") if label
        ),
        received=b"received" in fields,
    )


def draft_in(raw: bytes) -> Draft:
    """Return what a stored draft says now, for its fingerprint. Raises Refused."""
    raw, fields, body, _ = _opened(raw)
    content = read(raw, fields, body)
    to = (address for name in (b"to", b"cc", b"bcc") for address in addresses(fields.plain(name)))
    to = (replace(address, email=international(address.email)) for address in to)
    return Draft(to=tuple(to), subject=fields.words(b"subject"), body=content.text)


def _opened(raw: bytes) -> tuple[bytes, Fields, int, tuple[str, ...]]:
    """Return what is read of the bytes, the header, where the body begins, and what was cut."""
    if not raw.strip():
        raise Refused("it is empty: nothing to read; delete it if it should not be there")
    notes: tuple[str, ...] = ()
    if len(raw) > LONGEST:
        raw = raw[:LONGEST]
        notes = (f"was longer than {LONGEST // 1_000_000} MB; the rest was not read",)
    if b"\n" not in raw[:10_000]:
        raw = raw.replace(b"\r", b"\n")  # from an old Macintosh
    fields, body = split_head(raw)
    if not fields.known():
        raise Refused("it is no mail: it has none of the usual header fields")
    return raw, fields, body, notes


def _sender(fields: Fields) -> Address:
    for name in (b"from", b"sender", b"return-path"):
        for address in addresses(fields.plain(name)):
            if address.email or name == b"from":
                return address
    return Address("")


def _date(fields: Fields, delivered: datetime | None) -> tuple[datetime, tuple[str, ...]]:
    """Return when it was written, as far as that can be believed (RFC 5322 section 3.6.1)."""
    said = moment(fields.plain(b"date"))
    received = moment(fields.plain(b"received").rpartition(";")[2])
    arrived = received or delivered
    if said is not None and said >= EARLIEST and said <= _latest(received, delivered):
        return said, ()
    if arrived is not None:
        return arrived, ("has no believable date; the time of delivery is taken",)
    if said is not None:
        return said, ("has no believable date",)
    return datetime.fromtimestamp(0, UTC), ("has no date",)


def _latest(received: datetime | None, delivered: datetime | None) -> datetime:
    """Return the latest moment at which a mail can have been written."""
    if received is not None:
        return received + AHEAD
    if delivered is not None and delivered >= KEPT_TIME:
        return delivered + DECADES
    return datetime.max.replace(tzinfo=UTC)


def _identity(fields: Fields, raw: bytes, body: int) -> str:
    """Return the Message-ID, or one that the same content always gets."""
    for name in (b"message-id", b"x-message-id", b"resent-message-id"):
        found = identities(fields.plain(name))
        if found:
            return found[0]
    digest = sha256()
    for name in (b"from", b"to", b"date", b"subject"):
        digest.update(fields.raw(name) + b"\n")
    digest.update(b"\n".join(line.rstrip() for line in raw[body : body + 1_000_000].split(b"\n")))
    return f"<{digest.hexdigest()[:32]}@content.invalid>"


def _thread(fields: Fields, references: tuple[str, ...], replies: tuple[str, ...], own: str) -> str:
    """Return Gmail's thread where it is told, else the first message of the conversation."""
    gmail = fields.plain(b"x-gm-thrid").strip()
    if gmail:
        return f"gmail:{gmail[:40]}"
    return (references or replies or (own,))[0]


def _automatic(fields: Fields, content: Content) -> bool:
    """Whether no person wrote it (RFC 3834 section 5, and what programs used before)."""
    submitted = fields.plain(b"auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or content.report
        or fields.plain(b"precedence").strip().lower() in ("auto_reply", "junk")
        or any(name in fields for name in _AUTOMATIC)
        or fields.plain(b"return-path").strip() == "<>"
    )


_AUTOMATIC = (
    b"x-autoreply",
    b"x-autorespond",
    b"x-autoresponder",
    b"x-auto-reply",
    b"x-autogenerated",
    b"x-failed-recipients",
    b"x-mail-autoreply",
)


def _bulk(fields: Fields) -> bool:
    """Whether it went to many (RFC 2369, RFC 2919)."""
    if any(name in fields for name in (b"list-id", b"list-unsubscribe", b"list-post")):
        return True
    return fields.plain(b"precedence").strip().lower() in ("bulk", "list")


_RESULT = re.compile(r"\bdmarc\s*=\s*([a-z]+)", re.I)
_COMMENT = re.compile(r"\([^()]*\)")


def _authentic(fields: Fields) -> bool | None:
    """Read DMARC from the topmost Authentication-Results alone: the others may be forged.

    RFC 8601 section 5 has border servers remove only fields under their own name, and every
    server puts its own on top.
    """
    results = fields.plain(b"authentication-results")
    if "(" in results:
        results = _COMMENT.sub(" ", results)
    found = _RESULT.search(results)
    said = found[1].lower() if found else ""
    return True if said == "pass" else False if said == "fail" else None


def _invites(content: Content, zone: tzinfo) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    if not content.calendars:
        return (), ()
    # Not at the top: few mails carry a calendar, and the library takes a while to load.
    import vouchd.connectors.ical as ical

    invites: dict[tuple[str, str, datetime, int], Event] = {}
    notes: list[str] = []
    for data, method in dict.fromkeys(content.calendars):
        read_in = ical.parse(data, zone=zone, method=method, most=MOST_INVITES)
        notes.extend(f"calendar part: {problem}" for problem in read_in.problems[:3])
        for event in read_in.events:
            invites.setdefault((event.uid, event.method, event.start, event.sequence), event)
    return tuple(invites.values()), tuple(notes)
