"""What a connector is: one verb to read a source, four for a shelf we write to.

Words used here: a *cursor* is the source's own bookmark, opaque to everybody else; a *handle*
names one thing on a shelf (a file name, a draft id); a *key* names the follow-up it belongs to;
a *print* is `model.fingerprint()` of what it says; a *mark* is the print we left on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from vouchd.rules.model import Draft, Event, Found, Message

T = TypeVar("T")
Written = TypeVar("Written", Draft, Event, contravariant=True)


@dataclass(frozen=True, slots=True)
class Parked:
    """One item that could not be read: it is counted and shown, the next one goes on."""

    source: str  #: where it lies, for the user
    reason: str  #: one sentence: what is wrong and the way out


@dataclass(frozen=True, slots=True)
class Word:
    """The user's answer, given where the conversation is: a label put on it or taken off."""

    thread: str  #: as in `Message.thread`
    word: str  #: "yes", "no" or "stop"
    given: bool  #: False: taken back


class Notes(Protocol):
    """What a connector wants to find again after a restart; losing it costs time, nothing else."""

    def recall(self, name: str) -> str | None:
        """Return what was noted under that name."""
        ...

    def jot(self, name: str, text: str) -> None:
        """Note it durably, in the place of what was noted before."""
        ...


@dataclass(frozen=True, slots=True)
class Changes(Generic[T]):
    """What is new, and the cursor to keep once it is safely stored."""

    items: tuple[T, ...]
    cursor: str
    parked: tuple[Parked, ...] = ()
    gone: tuple[str, ...] = ()  #: uids of deleted events, or prints of them
    more: bool = False  #: call again with this cursor: the source delivers in portions
    later: int = 0  #: so many older items are left for the next rounds; what counts came first
    words: tuple[Word, ...] = ()  #: what the user said with a label, oldest first
    trouble: str = ""  #: what beside the items could not be read


class ConnectorError(Exception):
    """The other side did not do what was asked; the text is a sentence for the user."""


class Unavailable(ConnectorError):
    """Try again later; the other connectors go on."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after  #: seconds, where the other side said so


class Missing(Unavailable):
    """The shelf itself is gone, with all that lay on it; only the user knows whether on purpose."""


class NeedsLogin(ConnectorError):
    """Only the user can help: sign in again."""


class CursorLost(ConnectorError):
    """The other side has forgotten our cursor: read everything once; identities make it safe."""


class Changed(ConnectorError):
    """Somebody else was faster; look again next round."""


class Refused(ConnectorError):
    """It will not work next time either; set this item aside with the reason."""


class Mail(Protocol):
    """Where messages come from."""

    def changes(self, cursor: str | None) -> Changes[Message]:
        """Return what is new since `cursor` (None: everything), oldest first.

        A message may be delivered again (after a lost cursor); it then has the same `id`.
        Drafts and what carries our mark and is not sent are never delivered.

        Raises Unavailable, NeedsLogin, CursorLost.
        """
        ...


class Calendar(Protocol):
    """Where events come from."""

    def changes(self, cursor: str | None) -> Changes[Event]:
        """Return events new or changed since `cursor` (None: all); follow-up events of ours never.

        Raises Unavailable, NeedsLogin, CursorLost.
        """
        ...


class Shelf(Protocol[Written]):
    """Where drafts or events are put. There is no verb to send with."""

    def found(self, known: Mapping[str, str]) -> Iterable[Found]:
        """List what carries our mark or lies under a handle of `known` (handle -> key).

        A draft that was sent is found with `sent=True`, by its mark or its identity.
        Raises Unavailable, NeedsLogin; Missing, behind all else that it has found, when the place
        itself is not there and something of `known` with it.
        """
        ...

    def write(self, key: str, content: Written) -> str:
        """Put it down with our mark on it and return its handle.

        Raises Refused, Unavailable, NeedsLogin.
        """
        ...

    def rewrite(self, handle: str, content: Written, expected: str) -> str:
        """Replace it if its print is still `expected`; return its handle, which may be new.

        Raises Changed when it says something else by now or is gone.
        """
        ...

    def remove(self, handle: str, expected: str) -> None:
        """Take it away if its print is still `expected`. Raises Changed otherwise."""
        ...
