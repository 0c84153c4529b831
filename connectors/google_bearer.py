"""The sign-in on each request of a requests session, renewed when Google no longer takes it.

What google-auth's AuthorizedSession does for a person, without what it loads for machines.
"""

from __future__ import annotations

from typing import Any

import requests
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from requests.auth import AuthBase


class Bearer(AuthBase):
    """Puts the access token on a request (RFC 6750), once more with a fresh one after a 401.

    Raises GoogleAuthError out of the request when no fresh one is to be had.
    """

    def __init__(self, credentials: Credentials, renewing: requests.Session) -> None:
        self.credentials = credentials
        self._renew = Request(renewing)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request that is about to go out."""
        self.credentials.before_request(self._renew, request.method, request.url, request.headers)
        request.hooks["response"].append(self._again)
        return request

    def _again(self, answer: requests.Response, **means: Any) -> requests.Response:
        if answer.status_code != 401:
            return answer
        answer.close()
        self.credentials.refresh(self._renew)
        request = answer.request.copy()
        self.credentials.apply(request.headers)
        return answer.connection.send(request, **means)  # past the session: no third time
