"""A requests session that is signed in, its access token renewed when Google no longer takes it.

What google-auth's AuthorizedSession does for a person, without what it loads for machines.
"""

from __future__ import annotations

from typing import Any

import requests
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from requests.auth import AuthBase


class _Bearer(AuthBase):
    """Puts the access token on a request (RFC 6750), a fresh one when it has run out."""

    def __init__(self, credentials: Credentials, renew: Request) -> None:
        self._credentials = credentials
        self._renew = renew

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self._credentials.before_request(self._renew, request.method, request.url, request.headers)
        return request


class SignedIn(requests.Session):
    """Signs each request, and makes it once more with a fresh token after a 401.

    Raises GoogleAuthError out of a request when no fresh token is to be had.
    """

    def __init__(self, credentials: Credentials, renewing: requests.Session) -> None:
        super().__init__()
        self._credentials = credentials
        self._renew = Request(renewing)
        self.auth = _Bearer(credentials, self._renew)

    def request(self, *arguments: Any, **named: Any) -> requests.Response:
        """Carry out a request, as requests.Session does."""
        answer = super().request(*arguments, **named)
        if answer.status_code != 401:
            return answer
        answer.close()
        self._credentials.refresh(self._renew)
        return super().request(*arguments, **named)
