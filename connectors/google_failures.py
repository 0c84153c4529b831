"""What Google's error answers mean: the reason decides, not the number (403 is quota or a no)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from vouchd.connectors.base import ConnectorError, NeedsLogin, Refused, Unavailable

_SIGN_IN = "sign in again with `vouchd auth google`"
#: Too fast: the same request will do a little later.
_PRESSURE = frozenset(("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"))
#: The allowance of a day, or Calendar's own use limits: hours, not seconds.
_USED_UP = frozenset(("dailyLimitExceeded", "quotaExceeded", "variableTermLimitExceeded"))
_SWITCHED_OFF = frozenset(("accessNotConfigured", "SERVICE_DISABLED"))
_NO_SCOPE = frozenset(("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
_HOUR = 3600.0


class Denied(Refused):
    """An answer of 4xx that is about this one request; `status` and `reason` tell which."""

    def __init__(self, message: str, status: int, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class AnswerLost(Unavailable):
    """The request may have been carried out and may not; it must not be repeated blindly."""


@contextmanager
def as_documented(what: str) -> Iterator[None]:
    """Raise Refused where the block meets a list for a text, a text for a number, and so on."""
    try:
        yield
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
        raise Refused(f"{what}: Google's answer is not of the form it documents") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error answer, read."""

    status: int
    reason: str  #: of the first error; empty where the answer has none
    message: str
    retry_after: float | None

    @property
    def passing(self) -> bool:
        """Whether it may go well a little later."""
        return self.status == 429 or self.status >= 500 or self.reason in _PRESSURE

    @property
    def certain(self) -> bool:
        """Whether it is certain that nothing was done."""
        return self.status < 500


def failure_of(
    status: int, headers: Mapping[str, str], content: bytes, *, now: datetime
) -> Failure:
    """Read an error answer: the old form, the new form, HTML, or nothing."""
    reason = message = ""
    try:
        answer: Any = json.loads(content)
        error = answer.get("error", answer.get("message", ""))  # a stand-in has its own form
        if isinstance(error, dict):
            message = str(error.get("message", ""))
            listed = [*error.get("errors", ()), *error.get("details", ())]
            found = (str(e["reason"]) for e in listed if isinstance(e, dict) and "reason" in e)
            reason = next(found, "")
            if not reason and error.get("status") == "RESOURCE_EXHAUSTED":
                reason = "rateLimitExceeded"
        else:
            message = str(error)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = ""
    message = " ".join(message.split())[:300]
    return Failure(
        status=status,
        reason=reason,
        message=message,
        retry_after=_retry_after(headers.get("retry-after", ""), message, now),
    )


_IN_TEXT = re.compile(r"Retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)")


def _retry_after(header: str, message: str, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 section 10.2.3), or the moment Gmail writes into the message."""
    try:
        if header.strip().isdecimal():
            return float(header)
        if header:
            return max(0.0, (parsedate_to_datetime(header) - now).total_seconds())
        if found := _IN_TEXT.search(message):
            at = datetime.fromisoformat(found[1].replace("Z", "+00:00"))
            return max(0.0, (at.astimezone(UTC) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        pass
    return None


def error_of(failure: Failure, what: str, who: str = "Google") -> ConnectorError:
    """Return as what the failure of `what` is told to the rest of the house."""
    said = f" ({failure.message})" if failure.message else ""
    if failure.reason in _USED_UP:
        wait = failure.retry_after or _HOUR
        return Unavailable(f"{what}: Google's allowance is used up{said}", retry_after=wait)
    if failure.passing:
        return Unavailable(
            f"{what}: {who} answers {failure.status}{said}; it is tried again later",
            retry_after=failure.retry_after,
        )
    if failure.status == 401:
        # A sign-in that has ended fails when it is renewed; this one was renewed a moment ago.
        return Unavailable(
            f"{what}: {who} does not accept the access that it has just given{said}; it is tried "
            f"again later. If it stays so, {_SIGN_IN}"
        )
    if failure.reason in _SWITCHED_OFF:
        return NeedsLogin(
            f"{what}: this API is not switched on in your Google Cloud project{said}; enable it "
            "there, as docs/google.md shows"
        )
    if failure.reason in _NO_SCOPE:
        return NeedsLogin(
            f"{what}: the sign-in does not permit this{said}; tick all boxes when you {_SIGN_IN}"
        )
    if failure.reason == "domainPolicy":
        return NeedsLogin(f"{what}: the administrator of your domain does not permit this{said}")
    return Denied(
        f"{what}: {who} answers {f'{failure.status} {failure.reason}'.strip()}{said}",
        failure.status,
        failure.reason,
    )
