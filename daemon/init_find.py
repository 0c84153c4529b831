"""What set-up finds by itself: mailboxes, calendars, name and address, the OAuth file."""

from __future__ import annotations

import os
import pwd
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from vouchd.connectors.base import ConnectorError
from vouchd.connectors.folders import Role
from vouchd.connectors.mime import parse
from vouchd.connectors.sources import Kind, open_path

_MAILDIRS = ("Maildir", "Mail", ".mail", "mail", ".local/share/mail")
_CALENDARS = (".calendars", ".local/share/calendars", ".local/share/vdirsyncer", "calendars")
_LOOKED_AT = 3_000  #: mails, until enough of the user's own are seen
_OWN = 200
_MOST_ADDRESSES = 6


@dataclass(frozen=True, slots=True)
class Found:
    """Who the user seems to be, by their own mail; empty where nothing tells."""

    name: str = ""
    emails: tuple[str, ...] = ()  #: all addresses they send from, the most used first


def mailbox(environ: Mapping[str, str], home: Path) -> Path | None:
    """Return the Maildir, or the mbox file, where mail usually lies; None when none is there."""
    named = environ.get("MAIL", "")
    named_first = [Path(named)] if named else []
    for path in (*named_first, *(home / name for name in _MAILDIRS)):
        if _is_maildir(path):
            return path
    spools = [*named_first, Path("/var/mail") / environ.get("USER", "-")]
    return next((p for p in spools if p.is_file() and _has_something(p)), None)


def calendar(home: Path) -> Path | None:
    """Return the folder of .ics files that is there; None when none is."""
    return next((path for name in _CALENDARS if (path := home / name).is_dir()), None)


def oauth_client(home: Path, here: Path) -> Path | None:
    """Return the newest OAuth client file that was downloaded; None when none is there."""
    found: list[Path] = []
    for folder in (here, home / "Downloads"):
        with suppress(OSError):
            found.extend(folder.glob("client_secret*.json"))
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def user(path: Path | None) -> Found:
    """Return name and address the user mostly writes under, else the name the system knows."""
    seen: Counter[tuple[str, str]] = Counter()
    if path is not None:
        with suppress(ConnectorError):
            seen.update(islice(_own(path), _OWN))
    if not seen:
        return Found(name=_of_system())
    named = Counter(name for (name, _), count in seen.items() for _ in range(count) if name)
    emails = dict.fromkeys(email for (_, email), _ in seen.most_common() if email)
    name = named.most_common(1)[0][0] if named else _of_system()
    return Found(name=name, emails=tuple(emails)[:_MOST_ADDRESSES])


def _own(path: Path) -> Iterator[tuple[str, str]]:
    for item in islice(open_path(path), _LOOKED_AT):
        if item.kind is Kind.MAIL and item.role is Role.SENT and item.raw:
            with suppress(ConnectorError):
                message = parse(item.raw, me=(), zone=ZoneInfo("UTC"), sent=True)
                yield message.sender.name, message.sender.email


def _of_system() -> str:
    try:
        user = pwd.getpwuid(os.getuid())
    except KeyError:
        return ""
    name = user.pw_gecos.partition(",")[0].strip()
    return "" if name == user.pw_name else name


def _is_maildir(path: Path) -> bool:
    """Whether it is a Maildir, or holds some."""
    with suppress(OSError):
        if (path / "cur").is_dir():
            return True
        return any((folder / "cur").is_dir() for folder in islice(path.iterdir(), 200))
    return False


def _has_something(path: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_size > 0
    return False
