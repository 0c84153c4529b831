"""A `Draft` to the bytes of a complete mail (RFC 5322), with our key and mark in its header.

Every value goes through `_field`, which lets no line break through: nothing in a draft can
add a header field of its own.
"""

from __future__ import annotations

import binascii
import mimetypes
import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from vouchd.connectors.base import Refused
from vouchd.connectors.headers import one_line
from vouchd.rules.model import Address, Draft, fingerprint

KEY = "X-Vouchd-Key"
MARK = "X-Vouchd-Mark"

LONGEST_ATTACHMENT = 20_000_000  #: bytes; more is bounced by most servers
_ADDRESS = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+@[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+")
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")


def compose(draft: Draft, *, key: str, sender: Address, stamp: datetime) -> bytes:
    """Return the mail, lines ended by LF as a Maildir holds them.

    `stamp` becomes its Date; the Message-ID is always the same for the same key.
    Raises Refused when an address or an attachment is no good.
    """
    # A To without an address is no header (RFC 5322 section 3.6.3).
    try:
        to = ", ".join(_mailbox(address) for address in draft.to)
    except Refused as error:
        raise Refused(f"draft {one_line(key)}: {error}") from None
    out = [
        _field("From", _mailbox(sender)),
        *([_field("To", to)] if to else []),
        _field("Subject", _words(draft.subject)),
        _field("Date", format_datetime(stamp.replace(microsecond=0))),
        _field("Message-ID", identity(key, sender)),
    ]
    if draft.in_reply_to:
        out.append(_field("In-Reply-To", draft.in_reply_to))
    if draft.references:
        out.append(_field("References", " ".join(draft.references)))
    out += [_field(KEY, _words(key)), _field(MARK, fingerprint(draft)), "MIME-Version: 1.0\n"]
    text = _text_part(draft.body)
    if not draft.attachments:
        return ("".join(out) + text).encode()
    boundary = f"=_vouchd_{sha256(f'{key} {text}'.encode()).hexdigest()[:24]}"
    out.append(f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n')
    for part in (text, *(_attachment(Path(path)) for path in draft.attachments)):
        out.append(f"--{boundary}\n{part}")
    out.append(f"--{boundary}--\n")
    return "".join(out).encode()


def identity(key: str, sender: Address) -> str:
    """Return the Message-ID of the draft with that key."""
    return f"<vouchd.{sha256(key.encode()).hexdigest()[:24]}@{sender.domain or 'localhost'}>"


def _field(name: str, value: str) -> str:
    """Return one field, folded at blanks (RFC 5322 section 2.2.3)."""
    lines: list[str] = []
    line = f"{name}:"
    for word in value.split():
        if len(line) + 1 + len(word) > 78 and line.strip() and not line.endswith(":"):
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join((*lines, line)) + "\n"


def _words(text: str) -> str:
    text = one_line(text)
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=75).encode(linesep=" ")


def _mailbox(address: Address) -> str:
    if not _ADDRESS.fullmatch(address.email):
        raise Refused(f'"{one_line(address.email)}" is no mail address: correct it where it stands')
    if not address.email.isascii():
        name, domain = address.email.rsplit("@", 1)
        try:
            return _mailbox(Address(f"{name}@{domain.encode('idna').decode()}", address.name))
        except UnicodeError:
            raise Refused(f'"{address.email}" is no mail address: correct it') from None
    name = one_line(address.name)
    if not name:
        return address.email
    if not name.isascii() or "=?" in name:
        return f"{_words(name)} <{address.email}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address.email}>"


_LONG_LINE = re.compile(r"[^\n]{900}")


def _text_part(body: str) -> str:
    """Return the words as a part: as they are where that is safe, else quoted-printable."""
    body = "\n".join(body.splitlines()) + "\n"
    head = 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: '
    if body.isascii() and not _LONG_LINE.search(body) and not _UNSAFE.search(body):
        return f"{head}7bit\n\n{body}"
    data = body.encode("utf-8", "replace")
    encoded = binascii.b2a_qp(data, istext=True).replace(b"\nFrom ", b"\n=46rom ")
    return f"{head}quoted-printable\n\n{encoded.decode('ascii')}"


_UNSAFE = re.compile(r"^From |[\x00-\x08\x0b-\x1f\x7f]", re.M)


_PLAIN_NAME = re.compile(r"[ !#-\[\]-~]+")


def _attachment(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(
            f"{path}: cannot be attached ({error.strerror or error}): put the file there, or"
            " change where the configuration points to"
        ) from error
    if len(data) > LONGEST_ATTACHMENT:
        raise Refused(f"{path}: too big to attach ({len(data) // 1_000_000} MB): shrink the file")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if _PLAIN_NAME.fullmatch(path.name):
        name = f'filename="{path.name}"'
    else:  # RFC 2231
        name = f"filename*=utf-8''{quote(path.name.encode('utf-8', 'replace'), safe='')}"
    lines = binascii.b2a_base64(data, newline=False).decode("ascii")
    body = "\n".join(lines[at : at + 76] for at in range(0, len(lines), 76))
    return (
        f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment; {name}\n\n{body}\n"
    )
