"""Which connectors a configuration stands for; the only place that knows every one of them.

A connector is imported when it is chosen, and looks at its mailbox only when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vouchd.config.load import CONFIG, ConfigError, Problem
from vouchd.config.settings import Config
from vouchd.connectors.base import Calendar, Mail, Notes, Shelf
from vouchd.rules.model import Address, Draft, Event
from vouchd.rules.reading.detect import Book

if TYPE_CHECKING:
    from vouchd.daemon.google import Account

Clock = Callable[[], datetime]
Maker = TypeVar("Maker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """The connectors in use; mail and calendars by the name of their cursor."""

    mail: Mapping[str, Mail]
    calendars: Mapping[str, Calendar]
    drafts: Shelf[Draft]
    events: Shelf[Event]
    tasks: Shelf[Event] | None = None
    account: Account | None = None  #: at Google, where something of it is used


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a connector may need besides the configuration."""

    book: Book
    notes: Notes
    now: Clock
    pause: Callable[[float], bool] | None = None  #: how to wait; True: somebody wants us to end
    alive: Callable[[], None] | None = None  #: to be told that work goes on


def backends(config: Config, around: Surroundings, *, dry: bool) -> Backends:
    """Return the connectors of a configuration; with `dry`, none of them writes.

    Raises ConfigError for a source that this release does not know.
    """
    make_mail = _chosen(config, "mail", config.mail.source, _MAIL)
    make_calendar = _chosen(config, "calendar", config.calendar.source, _CALENDAR)
    account = _account(config, around, dry=dry)
    mail, drafts = make_mail(config, around.now, account)
    calendar, events = make_calendar(config, around.now, account)
    tasks = account.tasks() if account is not None else None
    if dry:
        from vouchd.connectors.guard import ReadOnly

        drafts, events = ReadOnly(drafts), ReadOnly(events)
        tasks = ReadOnly(tasks) if tasks is not None else None
    return Backends(
        mail={"mail": mail},
        calendars={"calendar": calendar},
        drafts=drafts,
        events=events,
        tasks=tasks,
        account=account,
    )


def _account(config: Config, around: Surroundings, *, dry: bool) -> Account | None:
    """Return the account at Google, where something of it is used."""
    if not (
        config.mail.source == "gmail"
        or config.calendar.source == "google"
        or config.wishes.reminders != "event"
    ):
        return None
    from vouchd.connectors import google_late

    google_late.spare()
    from vouchd.daemon.google import Account

    return Account(
        config,
        around.book,
        around.notes,
        dry=dry,
        now=around.now,
        pause=around.pause,
        alive=around.alive,
    )


MailMaker = Callable[[Config, Clock, "Account | None"], tuple[Mail, Shelf[Draft]]]
CalendarMaker = Callable[[Config, Clock, "Account | None"], tuple[Calendar, Shelf[Event]]]


def _gmail(config: Config, now: Clock, account: Account | None) -> tuple[Mail, Shelf[Draft]]:
    assert account is not None
    return account.mail()


def _google(config: Config, now: Clock, account: Account | None) -> tuple[Calendar, Shelf[Event]]:
    assert account is not None
    return account.calendar()


def _maildir(config: Config, now: Clock, _: Account | None) -> tuple[Mail, Shelf[Draft]]:
    from vouchd.connectors.drafts import DraftShelf
    from vouchd.connectors.maildir import MaildirMail
    from vouchd.connectors.maildir_tree import Tree

    settings, me = config.mail, config.me
    tree = Tree(_path(settings.path), settings.sent, settings.drafts, settings.skip)
    mail = MaildirMail(tree, me=me.emails, zone=me.zone)
    return mail, DraftShelf(tree, sender=_sender(config), now=now)


def _mbox(config: Config, now: Clock, _: Account | None) -> tuple[Mail, Shelf[Draft]]:
    from vouchd.connectors.drafts import DraftShelf, beside
    from vouchd.connectors.maildir_tree import Tree
    from vouchd.connectors.mbox import MboxMail, sent_since

    settings, me = config.mail, config.me
    path = _path(settings.path)
    if settings.drafts is None:
        tree = beside(path)
    else:
        tree = Tree(config.folder / Path(settings.drafts).expanduser(), drafts="")
    drafts = DraftShelf(tree, sender=_sender(config), now=now, sent=partial(sent_since, path))
    return MboxMail(path, me=me.emails, zone=me.zone), drafts


def _folder(config: Config, now: Clock, _: Account | None) -> tuple[Calendar, Shelf[Event]]:
    from vouchd.connectors.followups import EventShelf
    from vouchd.connectors.icsfolder import FolderCalendar

    path, zone = _path(config.calendar.path), config.me.zone
    root = path.parent if path.suffix == ".ics" else path
    folder = root / Path(config.calendar.follow_ups or "vouchd").expanduser()
    return FolderCalendar(path, zone=zone), EventShelf(folder, root=root, zone=zone, now=now)


_MAIL: Mapping[str, MailMaker] = {"gmail": _gmail, "maildir": _maildir, "mbox": _mbox}
_CALENDAR: Mapping[str, CalendarMaker] = {"google": _google, "folder": _folder}


def _chosen(config: Config, table: str, source: str, known: Mapping[str, Maker]) -> Maker:
    if source in known:
        return known[source]
    here = ", ".join(f'"{name}"' for name in known)
    what = f'"{source}" cannot be used with this release of vouchd'
    problem = Problem(config.folder / CONFIG, None, f"{table}.source", what, here)
    raise ConfigError((problem,))


def _sender(config: Config) -> Address:
    return Address(config.me.emails[0], config.me.name)


def _path(path: Path | None) -> Path:
    assert path is not None  # loading the configuration has looked
    return path
