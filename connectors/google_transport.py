"""One request through a requests session, as googleapiclient wants it done; nothing is repeated."""

from __future__ import annotations

from collections.abc import Mapping

import httplib2
import requests
from urllib3.exceptions import NewConnectionError

from vouchd.connectors.base import Refused
from vouchd.connectors.google_answer import LONGEST_ANSWER, LongAnswer

TIMEOUT = (10.0, 30.0)  #: seconds to connect, and between two pieces of an answer


class TooLong(Refused):
    """An answer is longer than is read."""

    def __init__(self) -> None:
        super().__init__(f"Google's answer is longer than {LONGEST_ANSWER // 1_000_000} MB")


class NotSent(ConnectionError):
    """No connection: the request has not left."""


class Transport:
    """What googleapiclient takes for httplib2.Http, on top of a requests session."""

    def __init__(self, session: requests.Session) -> None:
        self.session = session

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[httplib2.Response, bytes]:
        """Carry out one request, once. Raises NotSent, ConnectionError, TimeoutError, TooLong."""
        sent = {k: v for k, v in (headers or {}).items() if k.lower() != "content-length"}
        data = body.encode() if isinstance(body, str) else body
        try:
            answer = self.session.request(
                method, uri, data=data, headers=sent, timeout=TIMEOUT, allow_redirects=False
            )
        except LongAnswer:
            raise TooLong from None
        except requests.ConnectTimeout as error:
            raise NotSent(str(error)) from error
        except requests.Timeout as error:
            raise TimeoutError(str(error)) from error
        except requests.ConnectionError as error:
            never_left = isinstance(getattr(error.args[0], "reason", None), NewConnectionError)
            raise (NotSent if never_left else ConnectionError)(str(error)) from error
        except requests.RequestException as error:  # a broken answer
            raise ConnectionError(str(error)) from error
        info = {name.lower(): value for name, value in answer.headers.items()}
        response = httplib2.Response({**info, "status": str(answer.status_code)})
        response.reason = answer.reason or ""
        return response, answer.content

    def close(self) -> None:
        """Let go of the connections."""
        self.session.close()
