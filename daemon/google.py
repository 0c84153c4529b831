"""Gmail, Google Calendar and Google Tasks from the configuration; one account, opened once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

from vouchd.config.settings import Config
from vouchd.connectors.base import Calendar, Mail, Notes, Shelf
from vouchd.connectors.gcal import GoogleCalendar
from vouchd.connectors.gcal_many import ALL, Calendars, to_read
from vouchd.connectors.gcal_own import OwnCalendar
from vouchd.connectors.gcal_shelf import GoogleEvents
from vouchd.connectors.gmail import Gmail, Reader
from vouchd.connectors.gmail_box import Mailbox
from vouchd.connectors.gmail_drafts import GmailDrafts
from vouchd.connectors.gmail_labels import Labels
from vouchd.connectors.gmail_search import Interests
from vouchd.connectors.google_http import Google, Means
from vouchd.connectors.google_scopes import Need, lacking, needs, sentence
from vouchd.connectors.gtasks import GoogleTasks
from vouchd.connectors.reach import takes_events
from vouchd.daemon import clock
from vouchd.rules.model import Address, Draft, Event
from vouchd.rules.reading.detect import Book

TOKEN = "google-token.json"
_REMINDED = "google.reminded"
#: A sign-in that ends is told so long before.
_AHEAD = timedelta(days=1)
_LENGTH = timedelta(minutes=15)
_SHORTEST_WORD = 5
#: What Gmail's search takes as it stands.
_PLAIN = re.compile(r"[\w' -]+")

Pause = Callable[[float], bool]


def token_file(config: Config) -> Path:
    """Return where the sign-in is kept."""
    return config.google.token or config.state / TOKEN


def needed(config: Config, *, lost: bool = False) -> tuple[Need, ...]:
    """Return the permissions that the configuration needs.

    With `lost`, the calendar of the follow-ups was asked for and has to be found in the list.
    """
    return needs(
        tasks=config.wishes.reminders != "event",
        labels=config.google.labels,
        every_calendar=lost or ALL in config.calendar.read,
    )


class Account:
    """The Google account of a configuration, and the connectors in front of it."""

    def __init__(
        self,
        config: Config,
        book: Book,
        notes: Notes,
        *,
        dry: bool,
        now: Callable[[], datetime] = clock.now,
        pause: Pause | None = None,
        alive: Callable[[], None] | None = None,
    ) -> None:
        self._config = config
        self._book = book
        self._dry = dry
        settings = config.google
        means = Means(
            now=now,
            ticks=clock.ticks,
            chance=random.random,
            costs=asdict(config.google_units),
            per_minute=settings.units_per_minute,
        )
        if pause is not None:
            means = replace(means, pause=pause)
        if alive is not None:
            means = replace(means, alive=alive)
        self.google = Google(
            token_file(config),
            notes=notes,
            endpoint=settings.endpoint,
            means=means,
            keep_token=not dry,
            client=settings.client,
        )
        self._box = Mailbox(self.google)
        zone = config.me.zone
        self._own = OwnCalendar(self.google, zone=zone.key, follow_ups=config.calendar.follow_ups)
        self._events = GoogleEvents(self.google, self._own, zone)

    def close(self) -> None:
        """Let go of the connections."""
        self.google.close()

    def newer_than(self, at: datetime) -> bool:
        """Whether the user has signed in, or has closed the file to others, since then."""
        try:
            status = self.google.path.stat()
            return max(status.st_mtime, status.st_ctime) > at.timestamp()
        except OSError:
            return False

    def verify(self) -> None:
        """Ask for something small, so that a sign-in that does not hold shows at once.

        Raises NeedsLogin, Unavailable, Refused.
        """
        google = self.google
        if self._config.mail.source == "gmail":
            self._box.profile()
        elif self._config.calendar.source == "google":
            events = google.calendar.events().list(calendarId="primary", maxResults=1)
            google.call(events, "your calendar")
        else:
            google.call(google.tasks.tasklists().list(maxResults=1), "your tasks")

    def try_follow_ups(self, now: datetime, chance: Callable[[], str]) -> str:
        """Put an entry into the follow-up calendar and take it away; return what was seen.

        Raises NeedsLogin, Unavailable, Refused.
        """
        calendar = self._own.id()
        if calendar is None:
            return "is made with the first follow-up"
        zone = self._config.me.zone
        at = now.astimezone(zone).replace(second=0, microsecond=0)
        event = Event(
            uid="doctor@vouchd",
            start=at,
            end=at + _LENGTH,
            summary="A test of vouchd doctor; it takes it away itself",
        )
        takes_events(self.google, calendar, event, zone=zone.key, chance=chance)
        return "took a test entry, which is gone again"

    def mail(self) -> tuple[Mail, Shelf[Draft]]:
        """Return Gmail."""
        config = self._config
        reader = Reader(
            me=config.me.emails,
            zone=config.me.zone,
            interests=interests(self._book),
            look_back=config.wishes.look_back,
            share=config.google.share / 100,
        )
        # A rehearsal makes no labels.
        labels = Labels(self._box) if config.google.labels and not self._dry else None
        return Gmail(self._box, reader, labels), GmailDrafts(self._box, self._sender)

    def calendar(self) -> tuple[Calendar, Shelf[Event]]:
        """Return Google Calendar."""
        wanted = self._config.calendar.read

        def names() -> tuple[str, ...]:
            return to_read(self.google, wanted, self._own)

        def opened(name: str) -> Calendar:
            return GoogleCalendar(
                self.google,
                name,
                zone=self._config.me.zone,
                look_back=self._config.wishes.look_back,
                ours=self._own.id,
            )

        return Calendars(names, opened), self._events

    def tasks(self) -> Shelf[Event] | None:
        """Return Google Tasks, where the user wants reminders there."""
        if self._config.wishes.reminders == "event":
            return None
        return GoogleTasks(self.google, self._config.me.zone)

    def _sender(self) -> Address:
        """The user by the account's address where it is theirs, for Gmail would change another."""
        me = self._config.me
        account = self._box.address
        return Address(account if account in me.emails else me.emails[0], me.name)

    def warnings(self) -> Iterator[str]:
        """Yield what the sign-in does not permit. Raises NeedsLogin."""
        for need in lacking(self.google.sign_in.scopes, needed(self._config)):
            yield sentence(need)

    def remind(self, now: datetime) -> None:
        """Put into the follow-up calendar when the sign-in ends, if Google has said so.

        The entry of a sign-in that was replaced is taken away.

        Raises Refused, Unavailable, NeedsLogin.
        """
        if self._dry:
            return
        ends = self.google.sign_in.ends_at
        known = ends is not None and ends >= now
        key = f"sign_in-{ends:%Y%m%dT%H%M}" if known else ""
        told = self.google.notes.recall(_REMINDED) or ""
        if told == key:
            return
        if told:  # there is a new sign-in
            self._events.take_notice_back(told)
        if ends is not None and known:
            start = max(now + _LENGTH, ends - _AHEAD).replace(second=0, microsecond=0)
            self._events.notice(key, sign_in_event(start, ends.astimezone(self._config.me.zone)))
        self.google.notes.jot(_REMINDED, key)


def sign_in_event(start: datetime, ends: datetime) -> Event:
    """Return the entry that tells to sign in again."""
    return Event(
        uid="sign_in@vouchd",
        start=start,
        end=start + _LENGTH,
        summary="Sign in to Google again for vouchd",
        description=(
            f"Google ends vouchd's sign-in on {ends:%A, %d %B %Y at %H:%M}. Then it can neither "
            "read mail nor prepare anything, until you run:\n\nvouchd auth google\n\nIf this comes "
            "every seven days, the consent screen of your Google Cloud project is in “Testing”: "
            "publish it (docs/google.md shows where).\n"
        ),
    )


def interests(book: Book) -> Interests:
    """Return what is worth reading first: people, employers, their systems, words of hiring."""
    vendors = book.lexicon.vendors
    words: dict[str, None] = {}
    for language in book.lexicon.languages.values():
        # What lets a stranger's mail be read closely is what is worth looking for.
        telling = language.alone | frozenset(language.said)
        found = telling or language.company_nouns | language.role_nouns
        shortest = _SHORTEST_WORD if language.spaced else 2
        plain = (
            w for w in found - language.stopwords if len(w) >= shortest and _PLAIN.fullmatch(w)
        )
        words.update(dict.fromkeys(sorted(plain)))
    return Interests(
        people=tuple(email for person in book.people for email in person.emails),
        names=tuple(person.name for person in book.people),
        domains=tuple(domain for stated in book.stated for domain in stated.domains),
        companies=tuple(n for stated in book.stated for n in (stated.company, *stated.aliases)),
        vendors=tuple(
            sorted(
                vendors.ats
                | vendors.tenant_in_local
                | vendors.tenant_in_domain
                | vendors.schedulers
                | vendors.assessments
                | vendors.platforms
                | vendors.signing
            )
        ),
        words=tuple(words),
    )
