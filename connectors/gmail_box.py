"""One Gmail mailbox as mail and drafts share it: its history, read once a cycle; its addresses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from vouchd.connectors.base import CursorLost, Refused
from vouchd.connectors.google_failures import Denied
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_pages import pages

THREAD = "gmail:"  #: before Gmail's thread id in `Message.thread`
_PAGE = 500
_ADDRESS = "gmail.address"

#: What is not mail to be read: a draft (also one that waits for its hour), a chat, the bin.
UNREAD_FOR_US = frozenset(("DRAFT", "SCHEDULED", "CHAT", "TRASH"))


@dataclass(frozen=True, slots=True)
class Touch:
    """One change of one message, as `history.list` tells it."""

    change: str  #: "added", "deleted", "labelled" or "unlabelled"
    id: str
    thread: str
    labels: frozenset[str]  #: what it has; of a label change, what was put on or taken off
    has: frozenset[str] = frozenset()  #: all labels of the message


@dataclass(frozen=True, slots=True)
class History:
    """What happened between two points of the mailbox's history."""

    start: str
    end: str
    touches: tuple[Touch, ...] = ()


_CHANGES = (
    ("messagesAdded", "added"),
    ("messagesDeleted", "deleted"),
    ("labelsAdded", "labelled"),
    ("labelsRemoved", "unlabelled"),
)


@dataclass(slots=True)
class Mailbox:
    """A mailbox of Gmail's. Every method may raise Unavailable and NeedsLogin."""

    google: Google
    _unused: History | None = None
    _address: str = field(default="")

    def profile(self) -> str:
        """Return the point of history that is now (1 unit)."""
        answer = self.google.call(
            self.google.gmail.getProfile(userId="me"), "your mailbox", cost="profile"
        )
        self._address = str(answer.get("emailAddress", ""))
        self.google.notes.jot(_ADDRESS, self._address)
        return str(answer["historyId"])

    @property
    def address(self) -> str:
        """The address of the account, as far as it is known without asking."""
        if not self._address:
            self._address = self.google.notes.recall(_ADDRESS) or self.google.sign_in.account
        return self._address

    def history(self, start: str) -> History:
        """Return what happened since `start` (2 units a page). Raises CursorLost."""

        def page_at(token: str | None) -> Any:
            return self.google.gmail.history().list(
                userId="me", startHistoryId=start, maxResults=_PAGE, pageToken=token
            )

        touches: list[Touch] = []
        end = start
        try:
            for page in pages(self.google, page_at, "changes in your mailbox", cost="history"):
                for record in page.get("history", ()):
                    touches.extend(_touches(record))
                end = str(page["historyId"])
        except Denied as error:
            if error.status == 404:
                raise CursorLost(
                    "Google has forgotten this point of the mailbox's history; what came "
                    "since is listed anew"
                ) from None
            raise
        self._unused = History(start, end, tuple(touches))
        return self._unused

    def since(self, start: str) -> History:
        """Return the history since `start`; one that was just read for the mail costs nothing."""
        found, self._unused = self._unused, None
        if found is not None and _number(found.start) <= _number(start) <= _number(found.end):
            return found
        found = self.history(start)
        self._unused = None
        return found

    def ids(self, *, most: int | None = None, **query: Any) -> Iterator[tuple[str, str]]:
        """List id and thread of the messages that match, newest first (5 units a page of 500)."""

        def page_at(token: str | None) -> Any:
            return self.google.gmail.messages().list(
                userId="me", maxResults=_PAGE, pageToken=token, **query
            )

        count = 0
        for page in pages(self.google, page_at, "your mailbox", cost="messages_list"):
            for entry in page.get("messages", ()):
                yield str(entry["id"]), str(entry.get("threadId", ""))
                count += 1
                if most is not None and count >= most:
                    return

    def thread_link(self, thread: str) -> str:
        """Return where the user opens a conversation, whichever account the browser is in."""
        return f"{self._web()}#all/{quote(thread, safe='')}"

    def search_link(self, words: str) -> str:
        """Return where the user sees what a search finds."""
        return f"{self._web()}#search/{quote(words, safe='')}"

    def _web(self) -> str:
        account = self.address
        which = f"?authuser={quote(account, safe='@')}" if account else "u/0/"
        return f"https://mail.google.com/mail/{which}"


def arrivals(history: History) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the ids to read, oldest first, and those that are no longer there."""
    fresh: dict[str, None] = {}
    gone: set[str] = set()
    for touch in history.touches:
        if touch.change == "added":
            if not touch.labels & UNREAD_FOR_US:
                fresh[touch.id] = None
        elif touch.change == "deleted":
            fresh.pop(touch.id, None)
            gone.add(touch.id)
        elif touch.change == "labelled":
            if "TRASH" in touch.labels:
                fresh.pop(touch.id, None)
                gone.add(touch.id)
            elif "SENT" in touch.labels:
                fresh[touch.id] = None
        elif touch.labels & UNREAD_FOR_US and not touch.has & UNREAD_FOR_US:
            fresh[touch.id] = None
            gone.discard(touch.id)
    return tuple(fresh), frozenset(gone)


def _touches(record: dict[str, Any]) -> Iterator[Touch]:
    for name, change in _CHANGES:
        for entry in record.get(name, ()):
            message = entry.get("message", {})
            if "id" not in message:
                continue
            has = frozenset(map(str, message.get("labelIds", ())))
            labels = has
            if change in ("labelled", "unlabelled"):
                labels = frozenset(map(str, entry.get("labelIds", ())))
            yield Touch(change, str(message["id"]), str(message.get("threadId", "")), labels, has)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def raw_bytes(text: str) -> bytes:
    """Undo base64url with or without its padding. Raises Refused."""
    bare = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError) as error:
        raise Refused(f"Gmail's answer is no base64url ({error}); look at it in Gmail") from error


def raw_text(data: bytes) -> str:
    """Return a mail as Gmail takes it: CRLF line ends, base64url."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return base64.urlsafe_b64encode(lines).decode("ascii")
