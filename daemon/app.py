"""The wired application: configuration, rules, connectors and state put together in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from vouchd.config.data import load_data
from vouchd.config.settings import Config
from vouchd.connectors.base import Calendar, ConnectorError, Mail, Shelf
from vouchd.daemon import clock
from vouchd.daemon.backends import Backends, Clock, Surroundings, backends
from vouchd.daemon.rulecache import compiled
from vouchd.daemon.store import Store
from vouchd.daemon.think import Mind
from vouchd.rules.letters import templates
from vouchd.rules.model import Draft, Event
from vouchd.rules.reading.detect import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """All that a round works with."""

    config: Config
    mind: Mind
    backends: Backends
    store: Store

    @property
    def mail(self) -> Mapping[str, Mail]:
        """The mailboxes, by the name of their cursor."""
        return self.backends.mail

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars, by the name of their cursor."""
        return self.backends.calendars

    @property
    def drafts(self) -> Shelf[Draft]:
        """Where drafts are put."""
        return self.backends.drafts

    @property
    def events(self) -> Shelf[Event]:
        """Where follow-up events are put."""
        return self.backends.events

    @property
    def tasks(self) -> Shelf[Event] | None:
        """Where follow-ups are put as tasks, if they are."""
        return self.backends.tasks

    @property
    def warnings(self) -> tuple[str, ...]:
        """What of the user's words or permissions falls short; the rest works."""
        words = [f"{problem}; ours is used instead" for problem in self.mind.templates.problems]
        if self.store.mended:
            words.append(self.store.mended)
        account = self.backends.account
        if account is not None:
            with suppress(ConnectorError):  # the round tells it
                words.extend(account.warnings())
        return tuple(words)

    def verify(self) -> None:
        """Try the sign-in. Raises NeedsLogin, Unavailable, Refused."""
        if self.backends.account is not None:
            self.backends.account.verify()

    def errands(self, now: datetime) -> None:
        """Do what is to be done besides a round. Raises ConnectorError."""
        if self.backends.account is not None and self.config.wishes.write:
            self.backends.account.remind(now)

    def close(self) -> None:
        """Let go of the state and of what is connected."""
        try:
            if self.backends.account is not None:
                self.backends.account.close()
        finally:
            self.store.close()

    def __enter__(self) -> Self:
        """Return itself; closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def mind_of(config: Config) -> Mind:
    """Return the rules made ready. Raises ConfigError, LexiconError, TemplateError."""
    data = load_data(config)
    words = compiled(data, config.cache)
    return Mind(
        book=Book(config.me, config.references, config.applications, words),
        wishes=config.wishes,
        templates=templates.compile(data),
    )


def open_app(
    config: Config,
    *,
    dry: bool = False,
    now: Clock = clock.now,
    pause: Callable[[float], bool] | None = None,
    alive: Callable[[], None] | None = None,
) -> App:
    """Put everything together; `dry` works on a copy of the state and writes nowhere.

    `now` dates what is written, `pause` is how to wait (True: somebody wants us to end), `alive`
    is told that work goes on. A mailbox that cannot be opened says so when it is used, and the
    others work.

    Raises ConfigError, LexiconError, TemplateError and StoreError.
    """
    mind = mind_of(config)
    store = Store.copy(config.state) if dry else Store.open(config.state)
    try:
        store.belongs_to(config.me.emails)
        people = config.references
        store.welcome(
            [name for person in people for name in (person.name, *person.nicknames)],
            [email for person in people for email in person.emails],
        )
        around = Surroundings(book=mind.book, notes=store, now=now, pause=pause, alive=alive)
        opened = backends(config, around, dry=dry)
    except BaseException:
        store.close()
        raise
    return App(config=config, mind=mind, backends=opened, store=store)
