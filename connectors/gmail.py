"""Gmail as a source of mail: first what pays, then everything, then only what is new.

The cursor stands for facts only once the portion that came with it is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from vouchd.connectors import mime
from vouchd.connectors.base import (
    Changes,
    CursorLost,
    NeedsLogin,
    Parked,
    Refused,
    Unavailable,
    Word,
)
from vouchd.connectors.gmail_box import THREAD, UNREAD_FOR_US, Mailbox, arrivals, raw_bytes
from vouchd.connectors.gmail_cursor import State, restored, written
from vouchd.connectors.gmail_labels import Labels
from vouchd.connectors.gmail_payload import rebuilt
from vouchd.connectors.gmail_search import Interests, searches
from vouchd.connectors.google_failures import Denied, as_documented
from vouchd.connectors.google_transport import TooLong
from vouchd.connectors.maildir import is_our_draft
from vouchd.rules.model import Message

PORTION = 50
SHARE = 0.8  #: of the minute's quota, for reading mail; the rest is for drafts and for the user
#: The first look ends after so many seconds of reading, so that something can be seen of it.
FIRST_LOOK = 30.0
#: Mail that arrived around the time of a lost cursor is listed again.
OVERLAP = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose mail it is and how far back it is read."""

    me: Collection[str]
    zone: tzinfo
    interests: Interests = field(default_factory=Interests)
    look_back: timedelta = timedelta(days=90)
    share: float = SHARE
    portion: int = PORTION


class _Gone(Exception):
    """A message that was there a moment ago: deleted meanwhile, or not readable yet."""


@dataclass(slots=True)
class _Portion:
    """What was read in one go."""

    messages: dict[str, Message] = field(default_factory=dict)  #: by Gmail's id
    parked: list[Parked] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    done: int = 0  #: so many of those to read are settled
    room: bool = True  #: whether there is room for more
    trouble: Unavailable | NeedsLogin | None = None  #: why it ended early

    def park(self, source: str, why: Exception) -> None:
        """Set one aside."""
        self.parked.append(Parked(source, str(why)))


class Gmail:
    """A Mail."""

    def __init__(self, box: Mailbox, reader: Reader, labels: Labels | None = None) -> None:
        self._box = box
        self._reader = reader
        self._labels = labels
        self._caught_up: float | None = None
        self._until: float | None = None  #: the end of the first look

    def changes(self, cursor: str | None) -> Changes[Message]:
        """Return the next portion. Raises Unavailable, NeedsLogin, CursorLost."""
        words: tuple[Word, ...] = ()
        try:
            if cursor is None:
                state = self._begun()
                self._until = self._box.google.means.ticks() + FIRST_LOOK
                words = self._labels.all() if self._labels else ()
            else:
                state = restored(cursor)
                if not state.todo or self._stale():
                    state, words = self._caught(state)
            return self._portion(state, words, new=cursor is None)
        except Denied as error:
            raise Unavailable(str(error)) from error

    def search(self, query: str, *, most: int) -> Iterator[Message]:
        """Yield the newest messages that a search finds; what cannot be read is left out.

        Raises Unavailable, NeedsLogin.
        """
        try:
            for id_, _ in self._box.ids(q=query, most=most):
                with suppress(_Gone, Refused):
                    message = self._message(id_)
                    if message is not None:
                        yield message
        except Denied as error:
            raise Unavailable(str(error)) from error

    def _now(self) -> datetime:
        return self._box.google.means.now()

    def _stale(self) -> bool:
        """Whether it is a while since the history was asked, so that new mail would wait."""
        tick = self._box.google.means.ticks()
        return self._caught_up is None or tick - self._caught_up > 60

    def _begun(self) -> State:
        """List the whole look back: what the searches find comes first."""
        history = self._box.profile()
        after = int((self._now() - self._reader.look_back).timestamp())
        first: dict[str, None] = {}
        for search in searches(self._reader.interests, after=after):
            found = self._box.ids(q=search.query, most=search.most, includeSpamTrash=True)
            first.update((id_, None) for id_, _ in found)
        every = self._every(after)
        todo = (*(id_ for id_ in first if id_ in every), *(i for i in every if i not in first))
        return replace(self._state(history, todo), read=())

    def _listed_anew(self, state: State) -> State:
        """List what may have come since the history was lost."""
        history = self._box.profile()
        earliest = self._now() - self._reader.look_back
        then = datetime.fromtimestamp(state.at, UTC)
        # A point that lies ahead was noted by a clock that was wrong: since when is not known.
        since = earliest if then > self._now() else max(then - OVERLAP, earliest)
        every = self._every(int(since.timestamp()))
        todo = tuple(dict.fromkeys((*state.late, *state.todo, *every)))
        return replace(self._state(history, todo), read=())

    def _state(self, history: str, todo: tuple[str, ...], fresh: int = 0) -> State:
        self._caught_up = self._box.google.means.ticks()
        at = int(self._now().timestamp())
        return State(h=history, at=at, todo=todo, fresh=fresh)

    def _every(self, after: int) -> dict[str, None]:
        """Return all ids since then, newest first: spam too, but no draft, no chat, no bin."""
        every = dict.fromkeys(id_ for id_, _ in self._box.ids(q=f"after:{after}"))
        every.update(dict.fromkeys(self._listed("SPAM", after)))
        for label in ("DRAFT", "SCHEDULED", "CHAT"):
            for id_ in self._listed(label, after):
                every.pop(id_, None)
        return every

    def _listed(self, label: str, after: int) -> list[str]:
        try:
            found = self._box.ids(labelIds=[label], includeSpamTrash=True, q=f"after:{after}")
            return [id_ for id_, _ in found]
        except Denied as error:
            if error.status not in (400, 404):
                raise
            return []  # an account without such a label

    def _caught(self, state: State) -> tuple[State, tuple[Word, ...]]:
        """Add what came since."""
        try:
            history = self._box.history(state.h)
        except CursorLost:
            return self._listed_anew(state), self._labels.all() if self._labels else ()
        fresh, gone = arrivals(history)
        # The history begins before the list was made, so it names again what the list had.
        listed = frozenset((*(state.read or ()), *state.todo))
        # What came late is asked a last time, before everything else.
        new = tuple(dict.fromkeys((*state.late, *(i for i in fresh if i not in listed))))
        todo = (*new, *(id_ for id_ in state.todo if id_ not in gone and id_ not in new))
        words = self._labels.words(history) if self._labels else ()
        caught = self._state(history.end, todo, len(new) + state.fresh)
        return replace(caught, late=state.late), words

    def _portion(self, state: State, words: tuple[Word, ...], *, new: bool) -> Changes[Message]:
        """Read as many as this minute's share has room for, and no more than a portion."""
        got = self._read(state)
        if not got.done and (got.trouble or (new and state.todo)):
            # Who has read nothing knows nothing: it must not look like an empty mailbox.
            raise got.trouble or Unavailable("your mailbox: this minute's quota is used up")
        tried = frozenset(state.todo[: got.done])
        rest = replace(
            state,
            todo=state.todo[got.done :],
            fresh=max(0, state.fresh - got.done),
            late=(*(id_ for id_ in state.late if id_ not in tried), *got.late),
            read=None if state.read is None else (*state.read, *got.messages),
        )
        more = bool(rest.todo) and got.room
        self._until = self._until if more else None
        return Changes(
            tuple(sorted(got.messages.values(), key=lambda message: message.at)),
            written(rest),
            parked=tuple(got.parked),
            more=more,
            later=0 if more else len(rest.todo),
            words=words,
            trouble=self._labels.trouble if self._labels else "",
        )

    def _read(self, state: State) -> _Portion:
        got = _Portion()
        failed: str | None = None
        for number, id_ in enumerate(state.todo[: self._reader.portion]):
            got.room = self._box.google.room("messages_get", self._reader.share) and self._in_time()
            if not got.room:
                break
            try:
                if (message := self._message(id_)) is not None:
                    got.messages[id_] = message
            except _Gone:
                if number < state.fresh and id_ not in state.late:
                    got.late.append(id_)
            except Refused as error:
                got.park(self._box.thread_link(id_), error)
            except (Unavailable, NeedsLogin) as error:
                again = got.trouble is not None or isinstance(error, NeedsLogin)
                failed, got.trouble = id_, error
                if again:
                    break
                continue  # perhaps it is this message alone: the next one tells
            if failed is not None and got.trouble is not None:
                if failed in state.late:
                    got.park(self._box.thread_link(failed), got.trouble)
                else:
                    got.late.append(failed)
                failed, got.trouble = None, None
            got.done = number + 1
        got.room = got.room and got.trouble is None
        return got

    def _in_time(self) -> bool:
        """Whether the first look goes on; what it leaves is read by the next ones."""
        return self._until is None or self._box.google.means.ticks() < self._until

    def _message(self, id_: str) -> Message | None:
        """Read one message; None when it is not to be read. Raises _Gone, Refused."""
        google = self._box.google
        request = google.gmail.messages().get(userId="me", id=id_, format="raw")
        try:
            try:
                found = google.call(request, "reading a message", cost="messages_get")
                raw = raw_bytes(found.get("raw", ""))
            except TooLong:
                request = google.gmail.messages().get(userId="me", id=id_, format="full")
                found = google.call(request, "reading a message", cost="messages_get")
                raw = rebuilt(found.get("payload", {}), partial(self._fetched, id_))
        except TooLong:
            raise Refused("it is too long to be read; look at it in Gmail") from None
        except Denied as error:
            if error.status == 404:
                raise _Gone from None
            if error.status == 403:  # it is about more than this message, whatever it is
                raise Unavailable(str(error)) from error
            raise Refused(str(error)) from error
        return self._parsed(found, raw)

    def _fetched(self, message: str, attachment: str) -> bytes:
        """Return a part that Gmail only names (20 units)."""
        google = self._box.google
        request = (
            google.gmail.messages().attachments().get(userId="me", messageId=message, id=attachment)
        )
        try:
            found = google.call(request, "a part of a message", cost="attachments_get")
            return raw_bytes(str(found.get("data", "")))
        except Refused:  # the other parts are read all the same
            return b""

    def _parsed(self, found: dict[str, Any], raw: bytes) -> Message | None:
        with as_documented("a message"):
            labels = frozenset(map(str, found.get("labelIds", ())))
            delivered = int(found.get("internalDate", 0)) / 1000
            at = datetime.fromtimestamp(delivered, UTC) if delivered else None
        if labels & UNREAD_FOR_US:
            return None
        message = mime.parse(
            raw,
            me=self._reader.me,
            zone=self._reader.zone,
            sent="SENT" in labels,
            delivered=at,
            folder="spam" if "SPAM" in labels else "sent" if "SENT" in labels else "",
        )
        if is_our_draft(message, raw, sent=message.sent):
            return None
        thread = str(found.get("threadId", found["id"]))
        return replace(message, thread=THREAD + thread, link=self._box.thread_link(thread))
