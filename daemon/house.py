"""What a round needs of the wired application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from vouchd.connectors.base import Calendar, Mail, Shelf
from vouchd.daemon.store import Store
from vouchd.daemon.think import Mind
from vouchd.rules.model import Draft, Event


class House(Protocol):
    """What a round needs of the wired application."""

    @property
    def mail(self) -> Mapping[str, Mail]:
        """Where messages come from, by the name of the cursor."""

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Where events come from, by the name of the cursor."""

    @property
    def drafts(self) -> Shelf[Draft]:
        """The drafts box."""

    @property
    def events(self) -> Shelf[Event]:
        """The calendar for follow-up events."""

    @property
    def tasks(self) -> Shelf[Event] | None:
        """Where follow-ups are put as tasks, if they are."""

    @property
    def store(self) -> Store:
        """What is remembered."""

    @property
    def mind(self) -> Mind:
        """What the rules need."""
