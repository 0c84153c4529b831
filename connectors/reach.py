"""Whether something can be reached at all, and whether a place takes what is written.

answers(address)           a connection to where a web address leads is opened and closed
takes_files(folder)        a file is put there and taken away again
takes_events(google, …)    an entry is put into the follow-up calendar and taken away again
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from vouchd.connectors import gcal_events
from vouchd.connectors.base import ConnectorError, Unavailable
from vouchd.connectors.files import said_plainly
from vouchd.rules.model import Event

if TYPE_CHECKING:
    from vouchd.connectors.google_http import Google

_PATIENCE = 5.0  #: seconds
_PORTS = {"https": 443, "http": 80}


def ways_out(endpoint: str | None, hosts: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses that requests to these hosts go to: themselves, or what is in front."""
    if endpoint is not None:
        return (endpoint,)
    proxy = getproxies().get("https")
    if proxy and not all(map(proxy_bypass, hosts)):
        return (proxy if "://" in proxy else f"http://{proxy}",)
    return tuple(f"https://{host}" for host in hosts)


def answers(address: str) -> str:
    """Return the host and port that a web address leads to, once it has taken a connection.

    Raises Unavailable.
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except socket.gaierror:
        raise Unavailable(
            f"the name {host} is not known: no network, or its name server does not answer"
        ) from None
    except TimeoutError:
        raise Unavailable(f"{host} port {port} does not answer within {_PATIENCE:.0f} s") from None
    except OSError as error:
        raise Unavailable(f"{host} port {port}: {error.strerror or error}") from None
    return f"{host}:{port}"


def takes_files(folder: Path) -> Path:
    """Return where a file was put and taken away: `folder`, or the one it would be made in.

    Raises Unavailable, Refused.
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    with said_plainly(folder):
        file, name = tempfile.mkstemp(prefix=".vouchd-doctor-", dir=folder)
        try:
            os.write(file, b"vouchd doctor\n")
            os.fsync(file)
        finally:
            os.close(file)
            Path(name).unlink()
    return folder


def takes_events(
    google: Google, calendar: str, event: Event, *, zone: str, chance: Callable[[], str]
) -> None:
    """Put an entry down that no round takes for a follow-up, and take it away again.

    Raises Unavailable, NeedsLogin, Refused.
    """
    id_ = f"vouchddoctor{chance()}"
    body = {"id": id_, **gcal_events.body(event, key="doctor", zone=zone, notice=True)}
    events = google.calendar.events()
    what = "a test entry"
    insert = events.insert(calendarId=calendar, body=body, sendUpdates="none")
    try:
        item = google.call(insert, what)
    except ConnectorError:
        # The answer may have been lost, and the entry may lie there.
        with suppress(ConnectorError):
            _away(google, calendar, google.call(events.get(calendarId=calendar, eventId=id_), what))
        raise
    _away(google, calendar, item)


def _away(google: Google, calendar: str, item: dict[str, str]) -> None:
    request = google.calendar.events().delete(
        calendarId=calendar, eventId=item["id"], sendUpdates="none"
    )
    request.headers["If-Match"] = item["etag"]
    google.call(request, "taking the test entry away again")
