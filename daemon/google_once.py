"""The Google account used once, outside of rounds: for set-up; nothing of it is noted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict

from vouchd.config.schema import Config
from vouchd.connectors.gmail import Gmail, Reader
from vouchd.connectors.gmail_box import Mailbox
from vouchd.connectors.google_http import Google, Means
from vouchd.daemon import clock
from vouchd.daemon.google import token_file
from vouchd.rules.model import Message


class Nowhere:
    """Notes that nobody keeps."""

    def recall(self, name: str) -> str | None:
        """Return nothing."""
        return None

    def jot(self, name: str, text: str) -> None:
        """Keep nothing."""


def opened(config: Config) -> Google:
    """Return the account; to be closed."""
    settings = config.google
    means = Means(
        now=clock.now,
        ticks=clock.ticks,
        chance=random.random,
        costs=asdict(config.google_units),
        per_minute=settings.units_per_minute,
    )
    return Google(
        token_file(config),
        notes=Nowhere(),
        endpoint=settings.endpoint,
        means=means,
        client=settings.client,
    )


def searched(config: Config, query: str, *, most: int) -> Iterator[Message]:
    """Yield the newest messages that a search of Gmail's finds. Raises ConnectorError."""
    google = opened(config)
    try:
        reader = Reader(me=config.me.emails, zone=config.me.zone)
        yield from Gmail(Mailbox(google), reader).search(query, most=most)
    finally:
        google.close()
