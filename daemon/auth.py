"""`vouchd auth google`: sign in, say what was granted and what was not, and try it out.

`vouchd auth revoke` is in `auth_revoke`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from vouchd.config.settings import Config
from vouchd.connectors.base import ConnectorError, NeedsLogin
from vouchd.daemon import clock
from vouchd.daemon.console import configured, put, told
from vouchd.daemon.failures import FAILED, UsageError
from vouchd.daemon.statefile import StoreError
from vouchd.daemon.store import Store

DONE = 0
CLIENT = "client_secret.json"


def auth(arguments: argparse.Namespace) -> int:
    """Sign in and keep the sign-in in the state folder, or take it back."""
    if arguments.service == "revoke":
        from vouchd.daemon.auth_revoke import revoke

        return revoke(arguments)
    return _signed_in(arguments)


def _signed_in(arguments: argparse.Namespace) -> int:
    from vouchd.connectors import google_token
    from vouchd.connectors.google_scopes import CONTACTS, lacking, sentence
    from vouchd.connectors.google_signin import Place, sign_in
    from vouchd.daemon.google import needed, token_file

    config = configured(arguments)
    client = _client(arguments, config)
    more = (CONTACTS,) if arguments.contacts else ()
    needs = (*needed(config, lost=_lost(config)), *more)
    place = Place(
        tell=lambda words: print(words, file=sys.stderr if arguments.json else None, flush=True),
        browser=not arguments.no_browser and _has_display(),
        port=arguments.port,
        pasted=sys.stdin if sys.stdin is not None and sys.stdin.isatty() else None,
        ticks=clock.ticks,
    )
    now = clock.now()
    found = sign_in(
        client,
        [need.scope for need in needs],
        place=place,
        endpoint=config.google.endpoint,
        now=now,
    )
    missing = lacking(found.scopes, needs)
    if len(missing) == len(needs):
        told(["nothing was granted, so nothing is kept: sign in again and tick the boxes"])
        return FAILED
    path = token_file(config)
    google_token.write(path, google_token.replacing(path, found))
    account, problems = _tried(config, path)
    if account:
        google_token.write(path, replace(google_token.read(path), account=account))
    told(sentence(need) for need in missing)
    told(problems)
    if found.ends_at is not None:
        told([_ends(config, found.ends_at.astimezone(config.me.zone).strftime("%A, %d %B %Y"))])
    fields = {
        "account": account,
        "token": str(path),
        "granted": list(found.scopes or ()),
        "missing": [need.scope for need in missing],
        "ends_at": found.ends_at.isoformat() if found.ends_at else None,
    }
    who = f" as {account}" if account else ""
    put(arguments, fields, f"Signed in{who}; kept in {path}.")
    return FAILED if missing else DONE


def _lost(config: Config) -> bool:
    """Whether the calendar of the follow-ups has to be looked for in the list of calendars."""
    from vouchd.connectors.gcal_own import answer_lost

    # A copy, for a daemon may be at work with the state.
    with suppress(StoreError), Store.copy(config.state) as store:
        return config.calendar.source == "google" and answer_lost(store)
    return False


def _client(arguments: argparse.Namespace, config: Config) -> Path | Mapping[str, str]:
    """Return the OAuth client: as told, as usual, or that of the sign-in there was before."""
    from vouchd.connectors import google_token
    from vouchd.daemon.google import token_file

    if arguments.client:
        return Path(arguments.client).expanduser()
    usual = config.google.client or config.folder / CLIENT
    if config.google.client is not None or usual.exists():
        return usual
    with suppress(NeedsLogin):
        before = google_token.read(token_file(config))
        if before.client_id:
            return {
                "client_id": before.client_id,
                "client_secret": before.client_secret or "",
                "token_uri": before.token_uri,
            }
    raise UsageError(
        f"--client is missing: the OAuth client file of your Google Cloud project; docs/google.md "
        f"shows how to get it. As {usual} it is found without the option"
    )


def _has_display() -> bool:
    """Whether somebody may sit in front of this machine."""
    if os.environ.get("SSH_CONNECTION"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _ends(config: Config, day: str) -> str:
    return (
        f"this sign-in ends on {day}, and you have to sign in again: if that is in a week, your "
        "Google Cloud project is still in “Testing”; publish it (docs/google.md) and sign in anew"
    )


def _tried(config: Config, path: Path) -> tuple[str, list[str]]:
    """Look whether the APIs answer; return the account and what does not work."""
    from vouchd.connectors.gmail_box import Mailbox
    from vouchd.connectors.google_http import Google
    from vouchd.daemon.google_once import Nowhere

    google = Google(path, notes=Nowhere(), endpoint=config.google.endpoint)
    problems: list[str] = []
    account = ""
    try:
        if config.mail.source == "gmail":
            box = Mailbox(google)
            try:
                box.profile()
                account = box.address
            except ConnectorError as error:
                problems.append(str(error))
        if config.calendar.source == "google":
            events = google.calendar.events().list(calendarId="primary", maxResults=1)
            try:
                google.call(events, "your calendar")
            except ConnectorError as error:
                problems.append(str(error))
    finally:
        google.close()
    if account and account not in config.me.emails:
        problems.append(
            f"{account} is not one of `emails` under [me]: add it, or mail of yours is taken for "
            "somebody else's"
        )
    return account, problems
