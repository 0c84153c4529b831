"""The calendar that follow-up events go to: one of vouchd's own, made once.

`calendar.app.created` lets vouchd write to calendars that it made and to no other, so that the
user's own events are safe by construction. That permission does not list calendars; so the id is
noted, and what is going to be made is noted before.
"""

from __future__ import annotations

from contextlib import suppress

from vouchd.connectors.base import NeedsLogin, Unavailable
from vouchd.connectors.gcal import listed
from vouchd.connectors.google_failures import AnswerLost, Denied
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_scopes import permits

_NOTE = "google.calendar"
_MAKING = "?"
NAME = "vouchd"
MARKER = "Made by vouchd, which writes to this calendar and to no other."


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
        return noted if noted and noted != _MAKING else None

    def forget(self) -> None:
        """Forget it: the user has deleted it."""
        self._google.notes.jot(_NOTE, "")

    def found(self) -> str | None:
        """Look for one that was made before, where the sign-in permits to look."""
        granted = self._google.sign_in.scopes
        if granted is not None and not permits(granted, "calendar.calendarList.list"):
            return None
        with suppress(Denied, NeedsLogin):
            for item in listed(self._google):
                ours = MARKER in str(item.get("description", ""))
                if ours and item.get("accessRole", "owner") == "owner" and not item.get("deleted"):
                    self._google.notes.jot(_NOTE, str(item["id"]))
                    return str(item["id"])
        return None

    def made(self) -> str:
        """Return its id; make it where it is not there. Raises Unavailable, NeedsLogin, Refused."""
        id_ = self.id()
        if id_ is not None:
            return id_
        unanswered = self._google.notes.recall(_NOTE) == _MAKING
        id_ = self.found()
        if id_ is not None:
            return id_
        if unanswered:
            raise Unavailable(self._lost())
        self._google.notes.jot(_NOTE, _MAKING)
        body = {"summary": self._name, "description": MARKER, "timeZone": self._zone}
        request = self._google.calendar.calendars().insert(body=body)
        try:
            what = f"making the calendar “{self._name}”"
            id_ = str(self._google.call(request, what, safe=False)["id"])
        except AnswerLost:
            id_ = self.found()
            if id_ is not None:
                return id_
            raise Unavailable(self._lost()) from None
        except Exception:
            self.forget()  # refused, or it never left
            raise
        self._google.notes.jot(_NOTE, id_)
        return id_

    def _lost(self) -> str:
        return (
            f"Google's answer to making the calendar “{self._name}” was lost, and a second must "
            "not be made: if you see it in Google Calendar, put its id (Settings, Integrate "
            'calendar) as `follow_ups` under [calendar]; or put `read = ["all"]` there and run '
            "`vouchd auth google`, so that vouchd may look for itself"
        )
