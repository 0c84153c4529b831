"""Google Tasks as a shelf for follow-ups: a list of its own, one task each.

A task has neither an id of our choosing nor a private property, and its due time is a day; so key
and mark stand in the last line of its notes, with a check of everything else that it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, tzinfo
from hashlib import sha256
from typing import Any

from vouchd.connectors.base import Changed, Unavailable
from vouchd.connectors.google_failures import AnswerLost, Denied
from vouchd.connectors.google_http import Google
from vouchd.connectors.google_pages import pages
from vouchd.rules.model import Event, Found, Part, fingerprint

TITLE = "vouchd"
_NOTE = "google.tasks"
_LONGEST_TITLE = 1000
_LONGEST_NOTES = 7500
_MARK = re.compile(r"\n*\[vouchd (\S+) ([0-9a-f]{16}) ([0-9a-f]{16})\]\s*$")
_WHAT = "your tasks"

Json = Mapping[str, Any]


class GoogleTasks:
    """A Shelf of events, each as a task. Every method may raise Unavailable and NeedsLogin."""

    def __init__(self, google: Google, zone: tzinfo) -> None:
        self._google = google
        self._zone = zone

    def found(self, known: Mapping[str, str]) -> Iterator[Found]:
        """List our tasks; one that was ticked off says that it was done."""
        own = self._list(make=False)
        if own is None:
            return iter(())
        tasks = self._tasks(own)
        return iter([f for t in tasks if (f := _found(t, known.get(str(t["id"])))) is not None])

    def write(self, key: str, content: Event) -> str:
        """Put a task down; one that lies there under the same key is the same one."""
        own = self._list(make=True)
        assert own is not None
        for lying in self._of(own, key):
            if not lying.sent:
                if lying.untouched and lying.print != fingerprint(content):
                    return self.rewrite(lying.handle, content, lying.print)
                return lying.handle
        request = self._google.tasks.tasks().insert(tasklist=own, body=self._body(key, content))
        try:
            return str(self._google.call(request, "a task", safe=False)["id"])
        except AnswerLost:
            for lying in self._of(own, key):
                return lying.handle
            raise

    def rewrite(self, handle: str, content: Event, expected: str) -> str:
        """Replace a task that nobody has touched. Raises Changed."""
        own, key = self._unchanged(handle, expected)
        body = self._body(key, content)
        request = self._google.tasks.tasks().patch(tasklist=own, task=handle, body=body)
        self._google.call(request, "a task")
        return handle

    def remove(self, handle: str, expected: str) -> None:
        """Take a task away that nobody has touched. Raises Changed."""
        own, _ = self._unchanged(handle, expected)
        request = self._google.tasks.tasks().delete(tasklist=own, task=handle)
        try:
            self._google.call(request, "a task")
        except Denied as error:
            if error.status not in (404, 410):
                raise

    # --- inside -------------------------------------------------------------------------

    def _list(self, *, make: bool) -> str | None:
        """Return the id of our list; a name finds it, so that it is made once."""
        notes = self._google.notes
        noted = notes.recall(_NOTE)
        if noted:
            return noted
        for item in self._pages(self._google.tasks.tasklists().list, maxResults=1000):
            if item.get("title") == TITLE:
                notes.jot(_NOTE, str(item["id"]))
                return str(item["id"])
        if not make:
            return None
        request = self._google.tasks.tasklists().insert(body={"title": TITLE})
        # After a lost answer the next round finds it by its name.
        id_ = str(self._google.call(request, "a list for your tasks", safe=False)["id"])
        notes.jot(_NOTE, id_)
        return id_

    def _tasks(self, own: str) -> list[Json]:
        shown = {"showCompleted": True, "showHidden": True, "maxResults": 100}
        try:
            return list(self._pages(self._google.tasks.tasks().list, tasklist=own, **shown))
        except Denied as error:
            if error.status != 404:
                raise Unavailable(str(error)) from error
            self._google.notes.jot(_NOTE, "")  # the user has deleted the list
            return []

    def _pages(self, method: Any, **query: Any) -> Iterator[Json]:
        def page_at(token: str | None) -> Any:
            return method(**query, pageToken=token)

        for page in pages(self._google, page_at, _WHAT):
            yield from page.get("items", ())

    def _of(self, own: str, key: str) -> Iterator[Found]:
        for task in self._tasks(own):
            lying = _found(task, None)
            if lying is not None and lying.key == key:
                yield lying

    def _unchanged(self, handle: str, expected: str) -> tuple[str, str]:
        """Return list and key by a fresh look. Raises Changed."""
        own = self._list(make=False)
        lying = None
        if own is not None:
            request = self._google.tasks.tasks().get(tasklist=own, task=handle)
            try:
                lying = _found(self._google.call(request, "a task"), None)
            except Denied as error:
                if error.status not in (404, 410):
                    raise
        if own is None or lying is None or lying.sent:
            raise Changed(f"{handle}: it is no longer there to be done")
        if lying.print != expected:
            raise Changed(f"{handle}: it says something else by now")
        return own, lying.key

    def _body(self, key: str, content: Event) -> dict[str, str]:
        title = content.summary[:_LONGEST_TITLE]
        notes = content.description.strip()[:_LONGEST_NOTES]
        day = content.start.astimezone(self._zone).date()
        # Google keeps the day alone, and takes it from the text before the T.
        due = datetime.combine(day, time()).isoformat() + ".000Z"
        mark = f"[vouchd {key} {fingerprint(content)} {_check(title, notes, due)}]"
        return {"title": title, "notes": f"{notes}\n\n{mark}", "due": due, "status": "needsAction"}


def _check(title: str, notes: str, due: str) -> str:
    words = "\n".join(" ".join(line.split()) for line in notes.strip().splitlines())
    text = "\x1f".join((" ".join(title.split()), words, due[:10]))
    return sha256(text.encode()).hexdigest()[:16]


def _found(task: Json, key: str | None) -> Found | None:
    if task.get("deleted"):
        return None
    notes = str(task.get("notes", "")).replace("\r\n", "\n")
    marked = _MARK.search(notes)
    own_key, mark, check = marked.groups() if marked else (key, None, "")
    if own_key is None:
        return None
    bare = notes[: marked.start()] if marked else notes
    now = _check(str(task.get("title", "")), bare, str(task.get("due", "")))
    done = task.get("status") == "completed"
    return Found(
        key=own_key,
        part=Part.TASK,
        handle=str(task["id"]),
        print=mark if mark and (now == check or done) else f"edited-{now}",
        mark=mark,
        sent=done,
        link=task.get("webViewLink"),
    )
