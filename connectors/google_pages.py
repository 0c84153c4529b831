"""The pages of a list at Google: each once, and none is taken for the last that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vouchd.connectors.base import Unavailable
from vouchd.connectors.google_http import Google

MOST = 1_000  #: half a million messages


def pages(
    google: Google, request: Callable[[str | None], Any], what: str, *, cost: str = ""
) -> Iterator[Mapping[str, Any]]:
    """Yield page after page, one request each; a page may be empty and not the last.

    `request` makes the request for the page of a token (None: the first). Raises Unavailable where
    the pages lead in a circle or never end, for half a list must not count as a whole one.
    """
    token: str | None = None
    been: set[str] = set()
    while True:
        page = google.call(request(token), what, cost=cost)
        yield page
        token = page.get("nextPageToken")
        if not token:
            return
        if token in been or len(been) == MOST:
            raise Unavailable(f"{what}: Google's pages do not come to an end; it is tried again")
        been.add(token)
