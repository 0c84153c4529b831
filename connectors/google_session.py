"""A session that is signed in: its connections, and what Google says at a renewal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from google.oauth2.credentials import Credentials

from vouchd.connectors.google_bearer import SignedIn
from vouchd.connectors.google_guard import Door, gate
from vouchd.connectors.google_token import SignIn, at_endpoint
from vouchd.connectors.google_transport import Transport


@dataclass(slots=True)
class Session:
    """The way out for one sign-in."""

    transport: Transport
    credentials: Credentials
    _lasts: list[int] = field(default_factory=list)  #: seconds left of the refresh token

    def renewed(self, before: SignIn, now: datetime) -> SignIn | None:
        """Return the sign-in as it is by now; None: as before."""
        credentials = self.credentials
        if credentials.token == before.token:
            return None
        lasts = self._lasts.pop() if self._lasts else None
        return replace(
            before,
            token=str(credentials.token),
            expiry=credentials.expiry.replace(tzinfo=UTC) if credentials.expiry else None,
            refresh_token=credentials.refresh_token or before.refresh_token,
            ends_at=before.ends_at if lasts is None else now + timedelta(seconds=lasts),
        )

    def hear(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        """Note from an answer of the token endpoint for how long the refresh token will do."""
        try:
            lasts = answer.json().get("refresh_token_expires_in")
            if lasts:
                self._lasts[:] = [int(lasts)]
        except (ValueError, AttributeError, TypeError):
            return  # an error page: it is told by whoever asked


def opened(sign_in: SignIn, endpoint: str | None) -> Session:
    """Return a session for a sign-in; everything goes through the gate."""
    token_uri = at_endpoint(sign_in.token_uri, endpoint)
    door = Door(gate(endpoint, (token_uri,)))
    renewing = requests.Session()
    credentials = Credentials(
        sign_in.token,
        refresh_token=sign_in.refresh_token,
        token_uri=token_uri,
        client_id=sign_in.client_id,
        client_secret=sign_in.client_secret,
        expiry=sign_in.expiry.replace(tzinfo=None) if sign_in.expiry else None,
    )
    session = SignedIn(credentials, renewing)
    for each in (session, renewing):
        each.trust_env = endpoint is None
        each.mount("https://", door)
        each.mount("http://", door)
    found = Session(Transport(session), credentials)
    renewing.hooks["response"].append(found.hear)
    return found
