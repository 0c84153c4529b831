"""Short ways to write a mail for a test."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from vouchd.connectors.mime import parse
from vouchd.rules.model import Message

ZONE = ZoneInfo("Europe/Berlin")
HEAD = (
    "From: Dana Cole <dana.cole@initech.example>\nTo: Sam Rivera <sam@example.org>\n"
    "Subject: Hello\nDate: Mon, 2 Mar 2026 10:15:00 +0100\nMessage-ID: <1@initech.example>\n"
    "MIME-Version: 1.0\n"
)


def mail(body: str | bytes, *extra: str, head: str = HEAD) -> bytes:
    """Return a mail: further header fields, then the body."""
    data = body.encode() if isinstance(body, str) else body
    return head.encode() + "".join(f"{line}\n" for line in extra).encode() + b"\n" + data


def read(body: str | bytes, *extra: str, head: str = HEAD) -> Message:
    return parse(mail(body, *extra, head=head), me=("sam@example.org",), zone=ZONE)


def parts(kind: str, *inner: str) -> tuple[str, str]:
    """Return a body of parts (each with its header) and the Content-Type for it."""
    mark = "=_" + kind.replace("/", "_")
    body = "".join(f"--{mark}\n{part}\n" for part in inner) + f"--{mark}--\n"
    return body, f'Content-Type: multipart/{kind}; boundary="{mark}"'


def replaced(**fields: str) -> str:
    """Return the usual header with some fields changed (`message_id=…`) or left out (empty)."""
    out = []
    for line in HEAD.splitlines():
        name = line.partition(":")[0].lower().replace("-", "_")
        if name not in fields:
            out.append(line)
        elif fields[name]:
            out.append(f"{line.partition(':')[0]}: {fields[name]}")
    return "\n".join(out) + "\n"
