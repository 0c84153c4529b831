"""One draft as Gmail has it: listed, read, and where the user opens it."""

from __future__ import annotations

from typing import Any

from vouchd.connectors import mime
from vouchd.connectors.base import Refused, Unavailable
from vouchd.connectors.edges import edges
from vouchd.connectors.gmail_box import Mailbox, raw_bytes
from vouchd.connectors.gmail_ledger import Entry
from vouchd.connectors.google_failures import Denied
from vouchd.connectors.google_pages import pages
from vouchd.connectors.google_transport import TooLong
from vouchd.connectors.headers import split_head
from vouchd.rules.model import Draft, fingerprint


def listed(box: Mailbox, query: str | None = None) -> tuple[tuple[str, str], ...]:
    """List drafts with their threads (5 units for 500)."""

    def page_at(token: str | None) -> Any:
        return box.google.gmail.drafts().list(userId="me", maxResults=500, pageToken=token, q=query)

    found: dict[str, str] = {}  # pages may overlap
    for page in pages(box.google, page_at, "your drafts", cost="drafts_list"):
        for draft in page.get("drafts", ()):
            found[str(draft["id"])] = str(draft.get("message", {}).get("threadId", ""))
    return tuple(found.items())


def read(box: Mailbox, handle: str, key: str) -> Entry | None:
    """Return what a draft says now (20 units); None: it is no longer one.

    `key` is its follow-up where that is known, else its mark tells.
    """
    request = box.google.gmail.drafts().get(userId="me", id=handle, format="raw")
    try:
        try:
            answer = box.google.call(request, "a draft", cost="drafts_get")
        except TooLong:
            # Nothing of ours is so long: the user has put something into it.
            request = box.google.gmail.drafts().get(userId="me", id=handle, format="minimal")
            answer = box.google.call(request, "a draft", cost="drafts_get")
    except Denied as error:
        if error.status in (404, 410):
            return None
        raise Unavailable(str(error)) from error
    message = answer.get("message", {})
    if {"SENT", "TRASH"} & set(message.get("labelIds", ())):
        return None
    thread = str(message.get("threadId", ""))
    try:
        raw = raw_bytes(str(message.get("raw", "")))
        head, says = mime.head(raw), mime.draft_in(raw)
        reply = bool(split_head(raw)[0].plain(b"in-reply-to"))
    except Refused:  # an empty one, such as Gmail makes when the composer is opened
        head, says, reply = None, Draft(to=(), subject="", body=""), False
    return Entry(
        message=str(message.get("id", "")),
        thread=thread,
        key=key or (head.key if head and head.key else ""),
        print=fingerprint(says),
        edges="" if head and head.mark == fingerprint(says) else edges(says.body),
        mark=head.mark if head else None,
        at=int(head.at.timestamp()) if head and head.at else 0,
        to=[address.email for address in says.to],
        link=link(box, says, thread, reply=reply),
    )


def link(box: Mailbox, says: Draft, thread: str, *, reply: bool) -> str:
    """Return where the user opens the draft, also after an edit: never by its message's id."""
    if reply:
        return box.thread_link(thread)
    to = says.to[0].email if says.to else ""
    return box.search_link(f"in:drafts to:{to}" if to else "in:drafts")
