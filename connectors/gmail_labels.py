"""The user's word, given in Gmail: vouchd/yes, vouchd/no and vouchd/stop on a conversation.

vouchd defines the labels (`gmail.labels`); to put them on is the user's, and seen in the history.
"""

from __future__ import annotations

import json

from vouchd.connectors.base import ConnectorError, Word
from vouchd.connectors.gmail_box import THREAD, History, Mailbox
from vouchd.connectors.google_failures import Denied

NAMES = ("yes", "no", "stop")
_NOTE = "gmail.labels"
_PREFIX = "vouchd/"


class Labels:
    """The three labels, made where they are missing."""

    def __init__(self, box: Mailbox) -> None:
        self._box = box
        self._ids: dict[str, str] = {}
        self.trouble = ""  #: why they could not be read or made, last time

    def all(self) -> tuple[Word, ...]:
        """Return every word that stands in the mailbox now (5 units a label)."""
        try:
            return self._standing()
        except Denied as error:
            if error.status not in (400, 404):
                raise
            # One was deleted and may have been made anew: its number is another one now.
            self._ids = {}
            self._box.google.notes.jot(_NOTE, "{}")
            return self._standing()

    def _standing(self) -> tuple[Word, ...]:
        found: dict[tuple[str, str], Word] = {}
        for id_, word in self._known().items():
            for _, thread in self._box.ids(labelIds=[id_], includeSpamTrash=True):
                found[thread, word] = Word(THREAD + thread, word, given=True)
        return tuple(found.values())

    def words(self, history: History) -> tuple[Word, ...]:
        """Return the words given and taken back in a stretch of history, oldest first."""
        if not self._ids and not self._noted():
            return self.all()  # what was said while they could not be read is in no history to come
        ids = self._known()
        said: dict[tuple[str, str], Word] = {}
        for touch in history.touches:
            if touch.change not in ("labelled", "unlabelled"):
                continue
            for id_ in touch.labels & ids.keys():
                slot = (touch.thread, ids[id_])
                said.pop(slot, None)
                given = touch.change == "labelled"
                said[slot] = Word(THREAD + touch.thread, ids[id_], given=given)
        return tuple(said.values())

    def _known(self) -> dict[str, str]:
        """Return id -> word; the labels are made when they are not there."""
        self._ids = self._ids or self._noted()
        if self._ids:
            return self._ids
        self.trouble = ""
        google = self._box.google
        request = google.gmail.labels().list(userId="me")
        try:
            listed = google.call(request, "labels", cost="labels_list")
        except ConnectorError as error:
            self.trouble = str(error)
            return {}  # labels that are not there yet must not hold up the mail
        there = {str(x.get("name", "")).lower(): str(x["id"]) for x in listed.get("labels", ())}
        ids: dict[str, str] = {}
        for word in NAMES:
            id_ = there.get(_PREFIX + word) or self._made(word)
            if id_:
                ids[id_] = word
        if len(ids) == len(NAMES):
            self._ids = ids
            google.notes.jot(_NOTE, json.dumps(ids))
        return ids

    def _noted(self) -> dict[str, str]:
        return dict(json.loads(self._box.google.notes.recall(_NOTE) or "{}"))

    def _made(self, word: str) -> str | None:
        google = self._box.google
        body = {
            "name": _PREFIX + word,
            "labelListVisibility": "labelShow",
            "messageListVisibility": "show",
        }
        request = google.gmail.labels().create(userId="me", body=body)
        try:
            # A second one of the same name is refused by Gmail, so it may be repeated.
            return str(google.call(request, f"label {_PREFIX}{word}", cost="labels_create")["id"])
        except ConnectorError as error:
            self.trouble = str(error)
            return None  # the next round tries again
