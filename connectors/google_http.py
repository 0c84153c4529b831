"""The one way to Google: requests through the gate, paced, repeated where that is safe.

`Google` holds the sign-in and one connection pool; `gmail`, `calendar` and `tasks` are the clients;
every request of theirs is carried out by `call`.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from vouchd.connectors import google_token
from vouchd.connectors.base import NeedsLogin, Notes, Unavailable
from vouchd.connectors.google_answer import too_slow
from vouchd.connectors.google_answers import executed
from vouchd.connectors.google_failures import AnswerLost, error_of, failure_of
from vouchd.connectors.google_guard import rooted
from vouchd.connectors.google_pace import (
    CALENDAR_PER_MINUTE,
    COSTS,
    PER_MINUTE,
    Pace,
    keep,
    resume,
)
from vouchd.connectors.google_session import Session, opened
from vouchd.connectors.google_transport import NotSent, Transport

# What the libraries log would end on the terminal, and some of it holds answers as they came and
# tokens; every failure is told by us, in a sentence.
for _name in ("google", "googleapiclient", "oauthlib", "requests_oauthlib", "requests", "urllib3"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

TRIES = 5
LONGEST_WAIT = 32.0  #: seconds before one repetition
PATIENCE = 64.0  #: seconds that one call may wait in all
_LOGIN = "google.sign_in"


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What is not Google's: the clocks, chance, how to wait, and the numbers of the quota."""

    now: Callable[[], datetime] = _now
    ticks: Callable[[], float] = time.monotonic
    pause: Callable[[float], bool] = _sleep  #: waits; True: somebody wants us to end
    alive: Callable[[], None] = lambda: None  #: is told after each answer: the work goes on
    chance: Callable[[], float] = lambda: 0.5  #: in [0, 1)
    costs: Mapping[str, int] = field(default_factory=lambda: COSTS)
    per_minute: int = PER_MINUTE


class Google:
    """One account. Every use may raise Unavailable and NeedsLogin."""

    def __init__(
        self,
        token: Path,
        *,
        notes: Notes,
        endpoint: str | None = None,
        means: Means | None = None,
        keep_token: bool = True,
        client: Path | None = None,
    ) -> None:
        self.path = token
        self.notes = notes
        self.endpoint = endpoint
        self.means = means or Means()
        self._keeps_token = keep_token
        self._client_file = client
        self.gmail_pace = Pace(self.means.per_minute, self.means.ticks)
        self._other_pace = Pace(CALENDAR_PER_MINUTE, self.means.ticks)
        self._seen: tuple[int, int] | None = None
        self._sign_in = google_token.SignIn()
        self._session: Session | None = None
        self._clients: dict[str, Any] = {}
        self._dead = ""
        resume(self.gmail_pace, notes, self.means.now())

    @property
    def gmail(self) -> Any:
        """The Gmail client."""
        return self._client("gmail.v1").users()

    @property
    def calendar(self) -> Any:
        """The Calendar client."""
        return self._client("calendar.v3")

    @property
    def tasks(self) -> Any:
        """The Tasks client."""
        return self._client("tasks.v1")

    @property
    def people(self) -> Any:
        """The client of Google Contacts."""
        return self._client("people.v1").people()

    @property
    def sign_in(self) -> google_token.SignIn:
        """The sign-in as the file has it now. Raises NeedsLogin."""
        self._opened()
        return self._sign_in

    def close(self) -> None:
        """Let go of the connections, and note what was spent: Google counts on."""
        self._hang_up()
        keep(self.gmail_pace, self.notes, self.means.now())

    def _hang_up(self) -> None:
        if self._session is not None:
            self._session.transport.close()

    def room(self, name: str, share: float = 1.0) -> bool:
        """Whether a call of Gmail's of that name fits into this minute's share."""
        return self.gmail_pace.wait(self.means.costs[name], share=share) <= 0

    def call(self, request: Any, what: str, *, cost: str = "", safe: bool = True) -> Any:
        """Carry out a request of a client and return its answer.

        `what` begins the sentence of an error; `cost` names the price in Gmail units. Where it is
        not `safe` to repeat it, it goes out once, on a connection of its own.

        Raises Denied for an answer that is about this request alone, AnswerLost when a request that
        is not safe to repeat may have been carried out; Unavailable, NeedsLogin, TooLong.
        """
        transport = self._opened()
        waited = 0.0
        for number in range(TRIES):
            waited += self._take_turn(cost, what)
            if not safe:
                # A connection that was idle may be dead, and then nobody knows what arrived.
                for adapter in transport.session.adapters.values():
                    adapter.close()
            try:
                answer = executed(request, transport)
                self._keep_token()
                self.means.alive()
                return answer
            except HttpError as error:
                headers = {str(k).lower(): str(v) for k, v in error.resp.items()}
                said = self._hidden(error.content.decode("utf-8", "replace")).encode()
                failure = failure_of(error.status_code, headers, said, now=self.means.now())
                meant = error_of(failure, what, self.endpoint or "Google")
                if not safe and not failure.certain:
                    raise AnswerLost(str(meant), failure.retry_after) from None
                if not failure.passing:
                    raise meant from None
                wait = failure.retry_after
            except GoogleAuthError as error:
                meant = self._auth_error(error)
                if isinstance(meant, NeedsLogin):
                    raise meant from None
                wait = None
            except NotSent as error:
                meant, wait = _no_connection(what, error), None
            except (OSError, httplib2.HttpLib2Error, ValueError, RecursionError) as error:
                # The last two: what came is no JSON, or nested as no answer of Google's is.
                meant, wait = _no_connection(what, error), None
                if not safe:
                    raise AnswerLost(str(meant)) from None
            delay = min(2.0**number + self.means.chance(), LONGEST_WAIT)
            delay = max(delay, wait or 0.0)
            waited += delay
            if number == TRIES - 1 or waited > PATIENCE or self.means.pause(delay):
                raise meant
        raise Unavailable(f"{what}: it is tried again later")

    def _take_turn(self, cost: str, what: str) -> float:
        units = self.means.costs[cost] if cost else 1
        pace = self.gmail_pace if cost else self._other_pace
        wait = pace.wait(units)
        if wait > 0 and self.means.pause(wait):
            raise Unavailable(f"{what}: told to end")
        pace.spend(units)
        return wait

    # --- sign-in ------------------------------------------------------------------------

    def _client(self, api: str) -> Any:
        transport = self._opened()
        if api not in self._clients:
            self._clients[api] = build_from_document(rooted(api, self.endpoint), http=transport)
        return self._clients[api]

    def _opened(self) -> Transport:
        """Return the way out for the sign-in in the file. Raises NeedsLogin."""
        try:
            stat = self.path.stat()
            seen = (stat.st_mtime_ns, stat.st_ino)
        except OSError:
            seen = (0, 0)
        if seen != self._seen or self._session is None:
            self._seen = None
            kept = google_token.read(self.path)
            self._sign_in = google_token.with_client(kept, self._client_file)
            self._hang_up()
            self._session = opened(self._sign_in, self.endpoint)
            self._clients.clear()
            self._seen = seen
            self._dead = self._buried()
        if self._dead:
            raise NeedsLogin(self._dead)
        return self._session.transport

    def _keep_token(self) -> None:
        now = self.means.now()
        after = self._session.renewed(self._sign_in, now) if self._session else None
        if after is None:
            return
        if self._keeps_token and google_token.renew(self.path, self._sign_in, after):
            stat = self.path.stat()
            self._seen = (stat.st_mtime_ns, stat.st_ino)
        self._sign_in = after

    def _auth_error(self, error: GoogleAuthError) -> NeedsLogin | Unavailable:
        if not isinstance(error, RefreshError) or error.retryable:
            said = self._hidden(_short(error))
            return Unavailable(f"signing in at Google: {said}; it is tried again later")
        answer = error.args[1] if len(error.args) > 1 else None
        code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        short = self._hidden(code or _short(error))
        if not self._sign_in.refresh_token:
            short = f"it has ended, and {self.path.name} holds no refresh_token"
        why = f"Google no longer accepts the sign-in ({short}){_ADVICE.get(code, '')}"
        sentence = f"{why}: sign in again with `vouchd auth google`"
        self._bury(sentence)
        return NeedsLogin(sentence)

    def _hidden(self, text: str) -> str:
        session = self._session
        return self._sign_in.hidden(text, str(session.credentials.token or "") if session else None)

    def _bury(self, sentence: str) -> None:
        """Remember that this sign-in is dead: it is not tried again, not even after a restart."""
        self._dead = sentence
        self.notes.jot(_LOGIN, json.dumps([self._sign_in.print, sentence]))

    def _buried(self) -> str:
        try:
            found, sentence = json.loads(self.notes.recall(_LOGIN) or "[]")
        except ValueError:
            return ""
        return str(sentence) if found == self._sign_in.print else ""


_ADVICE = {
    "invalid_grant": "; it was revoked, or the password was changed, or the consent screen of "
    "your Google Cloud project is still in “Testing”, where it ends after seven days: publish it",
    "invalid_client": "; the OAuth client no longer exists or its secret was changed",
    "deleted_client": "; the OAuth client was deleted in your Google Cloud project",
    "admin_policy_enforced": "; the administrator of your domain does not permit it",
}


def _short(error: BaseException) -> str:
    return " ".join(str(error.args[0] if error.args else error).split())[:200]


def _no_connection(what: str, error: BaseException) -> Unavailable:
    if isinstance(error, ValueError):
        said = str(error) if type(error) is ValueError else "no JSON"
        return Unavailable(
            f"{what}: what answers is not Google ({said}): does this network ask to log in on a "
            "page? It is tried again later"
        )
    said = too_slow(error) or type(error.__cause__ or error).__name__
    return Unavailable(f"{what}: no answer from Google ({said}); it is tried again later")
