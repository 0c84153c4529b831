"""The sign-in at Google as a file: google-auth's authorised-user JSON, replaced in one step."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vouchd.connectors.base import NeedsLogin
from vouchd.connectors.private import open_to_others, way_out

TOKEN_URI = "https://oauth2.googleapis.com/token"
MOST_EARLIER = 20
_KNOWN = (
    "token refresh_token token_uri client_id client_secret scopes expiry account"
    " refresh_token_ends_at earlier".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What the file holds."""

    # What opens the account is in no repr: a repr may end up in a log or a traceback.
    token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    token_uri: str = TOKEN_URI
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] | None = None  #: what was granted; None: the file does not say
    expiry: datetime | None = None  #: of `token`
    ends_at: datetime | None = None  #: of `refresh_token`, where Google said so
    account: str = ""
    #: Refresh tokens that a newer sign-in has replaced: Google still takes them until revoked.
    earlier: tuple[str, ...] = field(default=(), repr=False)
    #: What else stands in the file, kept as it is.
    more: tuple[tuple[str, Any], ...] = field(default=(), repr=False)

    @property
    def print(self) -> str:
        """Tell one sign-in from another without giving it away."""
        return sha256((self.refresh_token or self.token or "").encode()).hexdigest()[:16]

    def hidden(self, text: str, *more: str | None) -> str:
        """Return what a server said without what opens the account, should it say it back."""
        for secret in (self.token, self.refresh_token, self.client_secret, *self.earlier, *more):
            if secret and len(secret) >= 8:
                text = text.replace(secret, "…")
        return text


def read(path: Path) -> SignIn:
    """Read the file. Raises NeedsLogin when there is none, or none that can be used."""
    again = "sign in with `vouchd auth google`"
    try:
        if open_to_others(path):
            raise NeedsLogin(f"{path} opens your mailbox and {way_out(path)}")
        fields = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(fields, dict):
            raise ValueError
    except FileNotFoundError:
        raise NeedsLogin(f"not signed in to Google ({path} is not there): {again}") from None
    except OSError as error:
        raise NeedsLogin(f"{path} cannot be read ({error.strerror}): {again}") from None
    except (ValueError, RecursionError):
        raise NeedsLogin(f"{path} is no sign-in of Google's: {again}") from None
    if not fields.get("token") and not fields.get("refresh_token"):
        raise NeedsLogin(f"{path} holds neither token nor refresh_token: {again}")
    scopes = fields.get("scopes")
    if isinstance(scopes, str):
        scopes = scopes.split()
    return SignIn(
        token=fields.get("token") or None,
        refresh_token=fields.get("refresh_token") or None,
        token_uri=fields.get("token_uri") or TOKEN_URI,
        client_id=fields.get("client_id"),
        client_secret=fields.get("client_secret"),
        scopes=tuple(map(str, scopes)) if scopes else None,
        expiry=_moment(fields.get("expiry")),
        ends_at=_moment(fields.get("refresh_token_ends_at")),
        account=str(fields.get("account") or ""),
        earlier=_texts(fields.get("earlier")),
        more=tuple((name, fields[name]) for name in fields if name not in _KNOWN),
    )


def with_client(sign_in: SignIn, client: Path | None) -> SignIn:
    """Return the sign-in with the OAuth client of a file, where it names none of its own.

    A file that is no client's changes nothing: then Google says what is missing.
    """
    if sign_in.client_id or client is None:
        return sign_in
    try:
        fields = json.loads(client.read_text(encoding="utf-8"))["installed"]
        return replace(
            sign_in,
            client_id=str(fields["client_id"]),
            client_secret=str(fields.get("client_secret") or "") or None,
            token_uri=str(fields.get("token_uri") or sign_in.token_uri),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return sign_in


def write(path: Path, sign_in: SignIn) -> None:
    """Replace the file in one step; only its owner can read it. Raises OSError."""
    fields: dict[str, Any] = {
        **dict(sign_in.more),
        "token": sign_in.token,
        "refresh_token": sign_in.refresh_token,
        "token_uri": sign_in.token_uri,
        "client_id": sign_in.client_id,
        "client_secret": sign_in.client_secret,
        "scopes": list(sign_in.scopes) if sign_in.scopes else None,
        "account": sign_in.account,
        "earlier": list(sign_in.earlier) or None,
        "expiry": _text(sign_in.expiry),
        "refresh_token_ends_at": _text(sign_in.ends_at),
    }
    text = json.dumps({name: value for name, value in fields.items() if value is not None})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(file, "w", encoding="utf-8") as out:
            os.fchmod(out.fileno(), 0o600)  # whatever the umask
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def replacing(path: Path, new: SignIn) -> SignIn:
    """Return a new sign-in that remembers those before it, so that they can be revoked."""
    try:
        old = read(path)
    except NeedsLogin:
        return new
    known = dict.fromkeys((old.refresh_token or "", *old.earlier))
    earlier = tuple(token for token in known if token and token != new.refresh_token)
    return replace(new, earlier=earlier[:MOST_EARLIER])


def forget(path: Path) -> None:
    """Delete the file, and what an interrupted writing has left of it. Raises OSError."""
    for left in path.parent.glob(f".{path.name}.*"):
        left.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def renew(path: Path, before: SignIn, after: SignIn) -> bool:
    """Keep a sign-in that was renewed, unless the user was faster; return whether it was kept.

    That it cannot be (a read-only credential of systemd's) costs a refresh at each start.
    """
    with suppress(OSError, NeedsLogin):
        if read(path).print == before.print:
            write(path, after)
            return True
    return False


def at_endpoint(address: str, endpoint: str | None) -> str:
    """Return an address of Google's as it is reached through `endpoint`."""
    if endpoint is None or address.startswith(endpoint.rstrip("/") + "/"):
        return address
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{endpoint.rstrip('/')}{parts.path}{query}"


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value))[:MOST_EARLIER] if isinstance(value, list) else ()


def _moment(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text).replace("Z", "+00:00")) if text else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def _text(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" if at else None
