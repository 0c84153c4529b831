"""The parts that a configuration stands for: rules, connectors, places that are written to."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from vouchd.config.load import ConfigError
from vouchd.config.settings import Config
from vouchd.connectors import reach
from vouchd.connectors.base import Calendar, ConnectorError, CursorLost, Mail, NeedsLogin
from vouchd.daemon import doctor_machine
from vouchd.daemon.app import mind_of
from vouchd.daemon.backends import Backends, Surroundings, backends
from vouchd.daemon.doctor import Check, bad, good, look
from vouchd.daemon.doctor_google import google_checks
from vouchd.daemon.render import counted
from vouchd.daemon.store import Store, StoreError
from vouchd.daemon.think import Mind
from vouchd.rules.letters.templates import TemplateError
from vouchd.rules.reading.tables import LexiconError

_SIGN_IN_FIRST = "is not looked at without a sign-in"


def house_checks(config: Config, now: datetime) -> Iterator[Check]:
    """Yield what each part is like that the configuration stands for."""
    try:
        store = Store.copy(config.state)
    except StoreError as error:
        yield bad("state file", str(error))
        store = Store.copy(config.state / "none")  # so that all else can be looked at
    else:
        yield from doctor_machine.state(config, store, now)
    with store:
        yield doctor_machine.disk(config)
        yield from _with_rules(config, store, now)
        yield from doctor_machine.figures(config)
        yield doctor_machine.unit(config)
        yield from doctor_machine.last_cycle(config, store, now)


def _with_rules(config: Config, store: Store, now: datetime) -> Iterator[Check]:
    try:
        mind = mind_of(config)
    except (LexiconError, TemplateError) as error:
        yield bad("phrases", str(error))
        return
    try:
        around = Surroundings(
            # Nothing is waited for: a server that asks to come back later is told as it is.
            book=mind.book, notes=store, now=lambda: now, pause=lambda seconds: True
        )  # fmt: skip
        opened = backends(config, around, dry=True)
    except ConfigError as error:
        yield from (bad("configuration", str(problem)) for problem in error.problems)
    else:
        try:
            yield from _connected(config, store, opened, now)
        finally:
            if opened.account is not None:
                opened.account.close()
    yield from _templates(config, mind)


def _connected(config: Config, store: Store, opened: Backends, now: datetime) -> Iterator[Check]:
    signed_in = True
    if opened.account is None:
        yield good("network", "not needed: mail and calendar lie on this machine")
    else:
        found = tuple(google_checks(config, opened.account))
        yield from found
        signed_in = not any(c.part in ("network", "sign-in") and c.health == "bad" for c in found)
    if signed_in or config.mail.source != "gmail":
        yield from _mail(config, store, opened)
    else:
        yield look("mailbox", _SIGN_IN_FIRST)
    if signed_in or config.calendar.source != "google":
        yield _readable("calendar", opened.calendars["calendar"], store, "event")
        yield _follow_ups(config, opened, now)
    else:
        yield look("calendar", _SIGN_IN_FIRST)
        yield look("follow-up calendar", _SIGN_IN_FIRST)


def _readable(part: str, source: Mail | Calendar, store: Store, noun: str) -> Check:
    """Read on from where the last look ended, as a round would, and keep nothing of it."""
    cursor = store.cursor("mail" if noun == "message" else "calendar")
    try:
        try:
            news = source.changes(cursor)
        except CursorLost:
            cursor, news = None, source.changes(None)
    except NeedsLogin as error:
        return bad(part, str(error))
    except ConnectorError as error:
        return bad(part, str(error))
    more = " or more" if news.more or news.later else ""
    number = counted(len(news.items), noun)
    text = f"{number}{more} " + ("since the last look" if cursor else "to begin with")
    if news.parked:
        first = news.parked[0]
        mend = f"the first: {first.source}: {first.reason}"
        return look(part, f"{text}; {counted(len(news.parked), 'one')} cannot be read", mend)
    return good(part, f"can be read: {text}")


def _mail(config: Config, store: Store, opened: Backends) -> Iterator[Check]:
    if config.mail.source == "gmail" and store.cursor("mail") is None:
        # The sign-in was tried on it; a first look would read for minutes.
        yield good("mailbox", "answers; the first look has not been made")
        return
    mailbox = _readable("mailbox", opened.mail["mail"], store, "message")
    yield mailbox
    if config.mail.source == "maildir" and config.mail.path is not None:
        if mailbox.health != "bad":
            yield from _maildir(config, config.mail.path)
    elif config.mail.source == "mbox" and config.mail.path is not None:
        yield _taken("drafts", config.mail.path.parent, config)


def _maildir(config: Config, root: Path) -> Iterator[Check]:
    from vouchd.connectors.folders import Role
    from vouchd.connectors.maildir_tree import Tree

    settings = config.mail
    folders = Tree(root, settings.sent, settings.drafts, settings.skip).folders()
    sent = [folder.name for folder in folders if folder.role is Role.SENT]
    if not any(folder.role in (Role.ORDINARY, Role.SPAM) for folder in folders):
        text = f"{root} has no folder of received mail: its inbox has no `cur`"
        yield bad("mailbox", text, "correct `path` under [mail]")
    if sent:
        yield good("sent mail", f"is looked for in {', '.join(sent)}")
    else:
        text = f"{root} has no folder that looks like one of sent mail"
        mend = "name it as `sent` under [mail]: without it nobody sees what you did already"
        yield look("sent mail", text, mend)
    drafts = min((f for f in folders if f.role is Role.DRAFTS), key=lambda f: f.name, default=None)
    yield _taken("drafts", drafts.path / "cur" if drafts else root, config)


def _taken(part: str, folder: Path, config: Config) -> Check:
    if not config.wishes.write:
        return look(part, "nothing is written: [mode] write = false")
    try:
        where = reach.takes_files(folder)
    except ConnectorError as error:
        return bad(part, str(error))
    return good(part, f"{where} can be written to")


def _follow_ups(config: Config, opened: Backends, now: datetime) -> Check:
    part = "follow-up calendar"
    if config.calendar.source == "folder" and config.calendar.path is not None:
        path = config.calendar.path
        root = path.parent if path.suffix == ".ics" else path
        if not root.exists():
            return bad(part, f"{root} is not there", "create or mount it, or correct the path")
        folder = root / Path(config.calendar.follow_ups or "vouchd").expanduser()
        return _taken(part, folder, config)
    if opened.account is None:
        return look(part, "cannot be tried with this kind of calendar")
    if not config.wishes.write:
        return look(part, "nothing is written: [mode] write = false")
    try:
        text = opened.account.try_follow_ups(now, lambda: f"{random.getrandbits(64):016x}")
    except ConnectorError as error:
        return bad(part, str(error))
    return good(part, text)


def _templates(config: Config, mind: Mind) -> Iterator[Check]:
    problems = mind.templates.problems
    for problem in problems:
        yield look("templates", f"{problem}; ours is used instead", "correct it, or remove it")
    own = len(list(config.templates.rglob("*.j2"))) if config.templates.is_dir() else 0
    if not problems:
        said = f"{counted(own, 'template')} of your own, the rest ours" if own else "all ours"
        yield good("templates", said)
