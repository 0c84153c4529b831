"""Google Tasks: a due day without an hour, no ids of one's own, completed ones hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.google.errors import Denial, not_found

Query = dict[str, list[str]]
Json = dict[str, Any]


@dataclass
class FakeTasks:
    now: Callable[[], float]
    lists: dict[str, str] = field(default_factory=lambda: {"list-0": "My Tasks"})
    tasks: dict[str, Json] = field(default_factory=dict)
    version: int = 0

    def complete(self, id_: str) -> None:
        self._store({**self.tasks[id_], "status": "completed", "hidden": True})

    def edit(self, id_: str, **changes: Any) -> None:
        self._store({**self.tasks[id_], **changes})

    def discard(self, id_: str) -> None:
        self._store({**self.tasks[id_], "deleted": True})

    def _store(self, task: Json) -> Json:
        self.version += 1
        stamp = datetime.fromtimestamp(self.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        task = {"kind": "tasks#task", "status": "needsAction", **task, "updated": stamp}
        task["etag"] = f'"{self.version}"'
        if "due" in task:
            task["due"] = re.sub(r"T.*", "T00:00:00.000Z", task["due"])
        self.tasks[task["id"]] = task
        return task

    def _task(self, id_: str) -> Json:
        if id_ not in self.tasks:
            raise not_found()
        return self.tasks[id_]

    def tasklists_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        return {"kind": "tasks#taskLists", "items": [self._list(i) for i in self.lists]}

    def _list(self, id_: str) -> Json:
        return {"kind": "tasks#taskList", "id": id_, "title": self.lists[id_]}

    def tasklists_insert(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        id_ = f"list-{len(self.lists)}"
        self.lists[id_] = body["title"]
        return self._list(id_)

    def tasks_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        if path["tasklist"] not in self.lists:
            raise not_found()
        hidden = query.get("showHidden") == ["true"]
        deleted = query.get("showDeleted") == ["true"]
        found = [
            t
            for t in self.tasks.values()
            if (hidden or not t.get("hidden")) and (deleted or not t.get("deleted"))
        ]
        start = int(query.get("pageToken", ["0"])[0])
        size = min(int(query.get("maxResults", ["20"])[0]), 100)
        out: Json = {"kind": "tasks#tasks", "items": found[start : start + size]}
        if start + size < len(found):
            out["nextPageToken"] = str(start + size)
        return out

    def tasks_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        return self._task(path["task"])

    def tasks_insert(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        if len(body.get("title", "")) > 1024 or len(body.get("notes", "")) > 8192:
            raise Denial(400, "invalid", "too long")
        if {"id", "links"} & body.keys():
            raise Denial(400, "invalid", "output only")
        return self._store({**body, "id": f"task{len(self.tasks)}"})

    def tasks_patch(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        return self._store({**self._task(path["task"]), **body})

    def tasks_delete(self, path: Json, query: Query, body: Any, headers: Json) -> None:
        self._task(path["task"])
        self.discard(path["task"])
