"""Taking a sign-in back at Google (RFC 7009): the token and those it replaced no longer open."""

from __future__ import annotations

import requests

from vouchd.connectors.base import Unavailable
from vouchd.connectors.google_guard import Door, gate
from vouchd.connectors.google_token import SignIn, at_endpoint

REVOKE_URI = "https://oauth2.googleapis.com/revoke"
TIMEOUT = (10.0, 30.0)  #: seconds to connect, and between two pieces of an answer
_GONE = "invalid_token"  #: Google's word for one that no longer opens anything


def revoke(sign_in: SignIn, *, endpoint: str | None) -> int:
    """Revoke everything a sign-in holds and return how much was still good.

    The token travels in the body, for addresses end up in logs. Raises Unavailable when Google does
    not confirm it, for each that is left.
    """
    address = at_endpoint(REVOKE_URI, endpoint)
    held = dict.fromkeys((sign_in.refresh_token or sign_in.token or "", *sign_in.earlier))
    door = Door(gate(endpoint, (address,)))
    good = 0
    with requests.Session() as session:
        session.trust_env = endpoint is None
        session.mount("https://", door)
        session.mount("http://", door)
        for token in filter(None, held):
            good += _revoked(session, address, token)
    return good


def _revoked(session: requests.Session, address: str, token: str) -> bool:
    try:
        answer = session.post(
            address, data={"token": token}, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as error:
        kind = type(error).__name__  # its text may hold what was sent
        raise Unavailable(f"revoking: no answer from Google ({kind})") from None
    if answer.status_code == 200:
        return True
    if answer.status_code == 400 and _GONE.encode() in answer.content:
        return False
    raise Unavailable(f"revoking: Google answers {answer.status_code}")
