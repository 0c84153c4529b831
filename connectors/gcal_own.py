"""The calendar that follow-up events go to: one of vouchd's own, made once.

`calendar.app.created` lets vouchd write to calendars that it made and to no other, so that the
user's own events are safe by construction. That permission does not list calendars; so the id is
noted, and what is going to be made is noted before. Where the answer was lost, the list of
calendars tells whether it was made; the permission to see that is asked for only then.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from vouchd.connectors.base import NeedsLogin, Notes, Unavailable
from vouchd.connectors.gcal import listed
from vouchd.connectors.google_failures import AnswerLost, Denied
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_scopes import permits

_NOTE = "google.calendar"
_MAKING = "?"  #: and the second since 1970 at which it was asked for
_NO_LIST = "google.calendar.no_list"  #: the sign-in that may not list
NAME = "vouchd"
MARKER = "Made by vouchd, which writes to this calendar and to no other."
#: A calendar that is not in the list so long after it was asked for was never made.
ON_ITS_WAY = timedelta(minutes=10)
#: Seconds until a calendar that was just made is in the list.
_WAITS = (1.0, 4.0)
_LATER = "vouchd looks for it again in a while"
_SIGN_IN = (
    "run `vouchd auth google`; it will ask for one permission more, to see the list of your "
    "calendars, and vouchd finds it there"
)


def answer_lost(notes: Notes) -> bool:
    """Whether the calendar was asked for, and nobody knows what became of it."""
    return (notes.recall(_NOTE) or "").startswith(_MAKING)


class OwnCalendar:
    """The calendar of the follow-up events."""

    def __init__(self, google: Google, *, zone: str, follow_ups: str | None = None) -> None:
        self._google = google
        self._zone = zone
        given = follow_ups or NAME
        #: An id has an @; everything else is a name to give.
        self._given = given if "@" in given or given == "primary" else None
        self._name = given

    def id(self) -> str | None:
        """Return its id; None when it has not been made yet."""
        if self._given is not None:
            return self._given
        noted = self._google.notes.recall(_NOTE)
        return noted if noted and not noted.startswith(_MAKING) else None

    def forget(self) -> None:
        """Forget it: the user has deleted it."""
        self._google.notes.jot(_NOTE, "")

    def found(self) -> str | None:
        """Look for one that was made before, where the sign-in is not known to forbid looking."""
        granted = self._google.sign_in.scopes
        if granted is not None and not permits(granted, "calendar.calendarList.list"):
            return None
        with suppress(Denied, NeedsLogin):
            return self._in_list()
        return None

    def _in_list(self) -> str | None:
        """Return the one in the user's list of calendars. Raises Denied, NeedsLogin."""
        for item in listed(self._google):
            ours = MARKER in str(item.get("description", ""))
            if ours and item.get("accessRole", "owner") == "owner" and not item.get("deleted"):
                self._google.notes.jot(_NOTE, str(item["id"]))
                return str(item["id"])
        return None

    def made(self) -> str:
        """Return its id; make it where it is not there. Raises Unavailable, NeedsLogin."""
        notes = self._google.notes
        id_ = self.id()
        if id_ is not None:
            return id_
        if answer_lost(notes):
            asked = float((notes.recall(_NOTE) or "").removeprefix(_MAKING) or 0)
            id_ = self._looked_for()
            now = self._google.means.now().timestamp()
            if id_ is None and now < asked + ON_ITS_WAY.total_seconds():
                raise Unavailable(self._lost(_LATER))
        else:
            id_ = self.found()
        return id_ or self._make()

    def _make(self) -> str:
        notes, now = self._google.notes, self._google.means.now().timestamp()
        notes.jot(_NOTE, f"{_MAKING}{int(now)}")
        body = {"summary": self._name, "description": MARKER, "timeZone": self._zone}
        request = self._google.calendar.calendars().insert(body=body)
        try:
            what = f"making the calendar “{self._name}”"
            id_ = str(self._google.call(request, what, safe=False)["id"])
        except AnswerLost:
            for wait in _WAITS:
                if self._google.means.pause(wait):
                    break
                if (found := self._looked_for()) is not None:
                    return found
            raise Unavailable(self._lost(_LATER)) from None
        except Denied as error:
            self.forget()
            raise Unavailable(f"{error}; no follow-up event can be put down") from error
        except Exception:
            self.forget()  # it never left
            raise
        notes.jot(_NOTE, id_)
        return id_

    def _looked_for(self) -> str | None:
        """Return the one whose making was not answered, if it was made.

        Raises Unavailable where the sign-in does not permit to look.
        """
        notes, sign_in = self._google.notes, self._google.sign_in.print
        if notes.recall(_NO_LIST) != sign_in:
            try:
                return self._in_list()
            except (Denied, NeedsLogin):
                notes.jot(_NO_LIST, sign_in)  # asked once, not each round in vain
        raise Unavailable(self._lost(_SIGN_IN))

    def _lost(self, way_out: str) -> str:
        return (
            f"Google's answer to making the calendar “{self._name}” was lost, and a second one "
            f"must not be made: {way_out}"
        )
