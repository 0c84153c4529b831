"""Which addresses a mail has not reached: what mail servers return as undeliverable (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vouchd.rules.model import Act, ActKind, Evidence, Message
from vouchd.rules.reading.writer import Book

_SERVERS = frozenset(("mailer-daemon", "postmaster", "mail-daemon", "bounce", "bounces"))
_LOOKED_AT = 4_000  #: characters; the words of the server stand first, then what it returns
#: A server that tries again has given up nothing (RFC 3464, 2.3.3: "delayed").
_PASSING = re.compile(
    r"\b(?:delay\w*|temporar\w*|will (?:keep|continue|retry|be retried|try again)|still trying"
    r"|verzögert|vorübergehend|weiter(?:hin)? versucht|temporaire|retard\w*|temporal\w*|tijdelijk"
    r"|temporár\w*|temporane\w*|mailbox (?:is )?full|over quota|quota exceeded|4\.\d\.\d)\b",
    re.IGNORECASE,
)


def undelivered(message: Message, book: Book) -> Iterator[Act]:
    """Yield, for each address of a reference that a server says it could not reach, an act.

    Its evidence is the address. Anybody can write such a mail: it only ever makes another address
    of the same person go first.
    """
    if message.sent or message.sender.email.partition("@")[0] not in _SERVERS:
        return
    told = "\n".join(
        line for line in message.text[:_LOOKED_AT].splitlines() if not line.startswith(">")
    )
    if _PASSING.search(told):
        return
    low = told.lower()
    for email, name in sorted(book.circle.by_email.items()):
        if re.search(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", low):
            yield Act(
                kind=ActKind.UNDELIVERED,
                references=(name,),
                evidence=Evidence("undelivered", email),
            )
