"""The drafts box of Gmail as a shelf.

What Gmail does, and what follows: a draft's id is stable, its message's id changes with each edit,
and both end when it is sent; a create that was not answered may have happened, or happened twice.
So a create is noted before and looked for after, and the history tells what the user did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from vouchd.connectors import letter, mime
from vouchd.connectors.base import Changed, CursorLost, Refused, Unavailable
from vouchd.connectors.gmail_box import History, Mailbox, raw_text
from vouchd.connectors.gmail_draft import link, listed, read
from vouchd.connectors.gmail_ledger import (
    GONE,
    LIES,
    SENT,
    Blocked,
    Entry,
    Ledger,
    as_found,
    load,
    save,
)
from vouchd.connectors.gmail_sent import was_sent
from vouchd.connectors.gmail_threads import Place, place
from vouchd.connectors.google_failures import AnswerLost, Denied
from vouchd.rules.model import Address, Draft, Found, fingerprint

#: On the first look so much of a minute's quota may go into other people's drafts.
_SHARE = 0.9
#: A create that was not answered may still be on its way for so many seconds.
_ON_ITS_WAY = 600
#: So many new drafts are looked into before one is written.
_MOST_NEW = 20

Drafts = tuple[tuple[str, str], ...]  #: id and thread


class GmailDrafts:
    """A Shelf of drafts. Every method may raise Unavailable and NeedsLogin."""

    def __init__(self, box: Mailbox, sender: Callable[[], Address]) -> None:
        self._box = box
        self._google = box.google
        self._sender = sender

    # --- what lies there ----------------------------------------------------------------

    def found(self, known: Mapping[str, str]) -> Iterator[Found]:
        """List our drafts, by their mark or by `known`; those that were sent say so."""
        ledger = self._current()
        if ledger.check or ledger.open:
            self._look_for_doubles(ledger)
        for handle, key in known.items():
            if handle not in ledger.drafts:
                ledger.drafts[handle] = self._met(handle, key, ledger)
        ledger.check = False
        save(self._google.notes, ledger)
        return iter([as_found(handle, e) for handle, e in ledger.drafts.items() if e.state != GONE])

    def _current(self) -> Ledger:
        """Return the ledger as it is true now."""
        ledger = load(self._google.notes)
        if ledger is None:
            return self._scanned(None)
        try:
            history = self._box.since(ledger.h)
        except CursorLost:
            return self._scanned(ledger)
        self._follow(ledger, history)
        return ledger

    def _scanned(self, before: Ledger | None) -> Ledger:
        """Look into the drafts that are there."""
        ledger = before or Ledger(h="")
        ledger.h = self._box.profile()
        for handle, entry in ledger.drafts.items():
            if entry.state == LIES:
                self._look_again(handle, entry, None)
        for handle, _ in listed(self._box):
            if handle in ledger.drafts:
                continue
            if before is None and not self._google.room("drafts_get", _SHARE):
                ledger.whole = False
                ledger.foreign.append(handle)
            else:
                self._look_into(handle, ledger)
        ledger.blocked.clear()
        return ledger

    def _follow(self, ledger: Ledger, history: History) -> None:
        """Do to the ledger what the history tells."""
        ours = {e.message: (h, e) for h, e in ledger.drafts.items() if e.state == LIES}
        seen: set[str] = set()
        for touch in history.touches:
            for key in [k for k, it in ledger.blocked.items() if it.thread == touch.thread]:
                del ledger.blocked[key]
            added = touch.change == "added"
            if touch.id in ours and not added and touch.id not in seen:
                seen.add(touch.id)
                self._look_again(*ours[touch.id], history)
        ledger.h = history.end

    def _look_again(self, handle: str, entry: Entry, history: History | None) -> None:
        """Read one draft of ours anew: edited, sent, or thrown away."""
        now = read(self._box, handle, entry.key)
        if now is not None:
            entry.message, entry.thread, entry.to = now.message, now.thread, now.to
            entry.print, entry.mark, entry.link = now.print, now.mark, now.link
            entry.edges = now.edges
        elif was_sent(self._box, entry, history):
            entry.state = SENT
        else:
            entry.state = GONE

    def _met(self, handle: str, key: str, ledger: Ledger) -> Entry:
        """Return a draft that only the receipts know."""
        if handle in ledger.foreign:
            ledger.foreign.remove(handle)
        found = read(self._box, handle, key)
        if found is not None:
            return found
        own = letter.identity(key, self._sender()).strip("<>")
        sent = any(self._box.ids(labelIds=["SENT"], q=f"rfc822msgid:{own}", most=1))
        state = SENT if sent else GONE
        return Entry(message="", thread="", key=key, print="", mark=None, at=0, state=state)

    def _look_for_doubles(self, ledger: Ledger) -> None:
        """Find what a create left that was not answered, or arrived twice."""
        for handle, _ in listed(self._box):
            if handle not in ledger.drafts and handle not in ledger.foreign:
                self._look_into(handle, ledger)
        found = {entry.key for entry in ledger.drafts.values()}
        late = self._google.means.now().timestamp() - _ON_ITS_WAY
        for key in [k for k, at in ledger.open.items() if k in found or at < late]:
            del ledger.open[key]

    def _look_into(self, handle: str, ledger: Ledger) -> None:
        entry = read(self._box, handle, "")
        if entry is not None and entry.key:
            ledger.drafts[handle] = entry
        elif entry is not None:
            ledger.foreign.append(handle)

    # --- what we do ---------------------------------------------------------------------

    def write(self, key: str, content: Draft) -> str:
        """Put a draft down. Raises Refused when the user has one in that conversation."""
        # As it was at the last look: while nothing changes there, it costs nothing to say no again.
        before = load(self._google.notes)
        if before is not None and key in before.blocked:
            raise Refused(before.blocked[key].why)
        ledger = self._current()
        there = listed(self._box)
        self._meet(key, there, ledger)
        for handle, entry in ledger.drafts.items():
            if entry.key == key and entry.state == LIES:
                save(self._google.notes, ledger)
                if entry.mark == entry.print and entry.print != fingerprint(content):
                    return self.rewrite(handle, content, entry.print)
                return handle
        where = self._place(key, content, there, ledger)
        sender = self._sender()
        stamp = self._google.means.now()
        raw = letter.compose(where.draft, key=key, sender=sender, stamp=stamp)
        ledger.open[key] = stamp.timestamp()
        ledger.check = True
        save(self._google.notes, ledger)
        answer = self._created(key, raw, where.thread, ledger)
        if isinstance(answer, str):
            return answer
        handle = str(answer["id"])
        ledger.open.pop(key, None)
        ledger.drafts[handle] = self._entry(key, where.draft, raw, answer, stamp)
        save(self._google.notes, ledger)
        return handle

    def _meet(self, key: str, there: Drafts, ledger: Ledger) -> None:
        """Look into new drafts: an answer we never got, or what another machine has put there."""
        unknown = [h for h, _ in there if h not in ledger.drafts and h not in ledger.foreign]
        for handle in unknown[:_MOST_NEW]:
            self._look_into(handle, ledger)
        if unknown[_MOST_NEW:]:
            ledger.foreign.extend(unknown[_MOST_NEW:])
            ledger.whole = False
        if not ledger.whole:
            self._look_by_identity(key, ledger)

    def _look_by_identity(self, key: str, ledger: Ledger) -> None:
        """Find a draft of ours among those that were too many to be looked into."""
        own = letter.identity(key, self._sender()).strip("<>")
        for handle, _ in listed(self._box, f"rfc822msgid:{own}"):
            if handle in ledger.foreign:
                ledger.foreign.remove(handle)
                self._look_into(handle, ledger)

    def _place(self, key: str, content: Draft, there: Drafts, ledger: Ledger) -> Place:
        where = place(self._box, content)
        theirs = [h for h, thread in there if thread == where.thread and h in ledger.foreign]
        if where.thread and theirs:
            why = (
                f"there is a draft of your own in the conversation “{content.subject}”: it is left "
                f"alone, and none is prepared; {self._box.thread_link(where.thread)}"
            )
            ledger.blocked[key] = Blocked(thread=where.thread, why=why)
            save(self._google.notes, ledger)
            raise Refused(why)
        return where

    def _created(self, key: str, raw: bytes, thread: str, ledger: Ledger) -> dict[str, Any] | str:
        """Create the draft once; return the answer, or the id under which it was found."""
        message = {"raw": raw_text(raw), **({"threadId": thread} if thread else {})}
        request = self._google.gmail.drafts().create(userId="me", body={"message": message})
        try:
            answer: dict[str, Any] = self._google.call(
                request, "preparing a draft", cost="drafts_create", safe=False
            )
            return answer
        except AnswerLost:
            with suppress(Unavailable):
                self._look_for_doubles(ledger)
                save(self._google.notes, ledger)
                for handle, entry in ledger.drafts.items():
                    if entry.key == key and entry.state == LIES:
                        return handle
            raise
        except Exception:
            # Refused, or it never left: nothing lies there.
            ledger.open.pop(key, None)
            save(self._google.notes, ledger)
            raise

    def _entry(
        self, key: str, content: Draft, raw: bytes, answer: Mapping[str, Any], stamp: datetime
    ) -> Entry:
        message = answer.get("message", {})
        thread = str(message.get("threadId", ""))
        mark = fingerprint(content)
        return Entry(
            message=str(message.get("id", "")),
            thread=thread,
            key=key,
            print=fingerprint(mime.draft_in(raw)),
            mark=mark,
            at=int(stamp.timestamp()),
            to=[address.email for address in content.to],
            link=link(self._box, content, thread, reply=content.in_reply_to is not None),
        )

    def rewrite(self, handle: str, content: Draft, expected: str) -> str:
        """Replace a draft that nobody has touched. Raises Changed."""
        ledger = self._current()
        entry = self._unchanged(handle, expected, ledger)
        where = place(self._box, content)
        stamp = self._google.means.now()
        raw = letter.compose(where.draft, key=entry.key, sender=self._sender(), stamp=stamp)
        thread = where.thread or entry.thread
        body = {"message": {"raw": raw_text(raw), **({"threadId": thread} if thread else {})}}
        request = self._google.gmail.drafts().update(userId="me", id=handle, body=body)
        try:
            answer = self._google.call(request, "changing a draft", cost="drafts_update")
        except Denied as error:
            if error.status in (404, 410):
                raise Changed(f"{handle}: it is no longer there") from None
            raise
        ledger.drafts[handle] = self._entry(entry.key, where.draft, raw, answer, stamp)
        save(self._google.notes, ledger)
        return handle

    def remove(self, handle: str, expected: str) -> None:
        """Take a draft away that nobody has touched; Gmail keeps no copy. Raises Changed."""
        ledger = self._current()
        entry = self._unchanged(handle, expected, ledger)
        request = self._google.gmail.drafts().delete(userId="me", id=handle)
        try:
            self._google.call(request, "taking a draft back", cost="drafts_delete")
        except Denied as error:
            if error.status not in (404, 410):
                raise
        entry.state = GONE
        save(self._google.notes, ledger)

    def _unchanged(self, handle: str, expected: str, ledger: Ledger) -> Entry:
        """Return the draft by a fresh look at it. Raises Changed."""
        before = ledger.drafts.get(handle)
        now = read(self._box, handle, before.key if before else "")
        if now is None:
            raise Changed(f"{handle}: it is no longer there")
        ledger.drafts[handle] = now
        if now.print != expected:
            save(self._google.notes, ledger)
            raise Changed(f"{handle}: it says something else by now")
        return now
