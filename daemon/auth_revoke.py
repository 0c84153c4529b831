"""`vouchd auth revoke`: take the sign-in back at Google and forget it here."""

from __future__ import annotations

import argparse

from vouchd.connectors import google_token
from vouchd.connectors.base import NeedsLogin, Unavailable
from vouchd.connectors.google_revoke import revoke as revoke_at_google
from vouchd.daemon.console import configured, put, told
from vouchd.daemon.failures import FAILED
from vouchd.daemon.google import token_file

DONE = 0
_BY_HAND = "https://myaccount.google.com/permissions"


def revoke(arguments: argparse.Namespace) -> int:
    """Revoke the sign-in and all that it has replaced; then delete the file."""
    config = configured(arguments)
    path = token_file(config)
    if not path.exists():
        put(arguments, {"revoked": 0, "forgotten": False}, f"Not signed in: {path} is not there.")
        return DONE
    revoked, problem = 0, ""
    try:
        revoked = revoke_at_google(google_token.read(path), endpoint=config.google.endpoint)
    except (NeedsLogin, Unavailable) as error:
        problem = str(error)
    if problem and not arguments.forget:
        told(
            [
                f"{problem}; nothing was forgotten. Try again, or end it at {_BY_HAND} and say "
                "`vouchd auth revoke --forget`"
            ]
        )
        return FAILED
    google_token.forget(path)
    if problem:
        told([f"{problem}: end it at {_BY_HAND}"])
    text = f"Revoked at Google and forgotten here ({path})."
    if problem:
        text = f"Forgotten here ({path}), not revoked at Google."
    put(arguments, {"revoked": revoked, "forgotten": True}, text)
    return DONE
