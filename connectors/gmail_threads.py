"""Where a draft belongs: its conversation in Gmail, if what it answers is there to be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vouchd.connectors.gmail_box import THREAD, Mailbox
from vouchd.connectors.google_failures import Denied
from vouchd.rules.model import Draft


@dataclass(frozen=True, slots=True)
class Place:
    """A draft as it can be written, and Gmail's thread; empty for a new conversation."""

    draft: Draft
    thread: str


def place(box: Mailbox, draft: Draft) -> Place:
    """Find the conversation of a draft that answers a mail (40 units).

    Gmail shows a reply in its thread only with threadId, In-Reply-To, References and the subject
    together. One that answers a mail in the bin would exist and be shown nowhere: it becomes the
    first of a new conversation.
    """
    if draft.in_reply_to is None:
        return Place(draft, "")
    thread = draft.thread or ""
    thread = thread.removeprefix(THREAD) if thread.startswith(THREAD) else ""
    if not thread:
        wanted = draft.in_reply_to.strip("<>")
        found = list(box.ids(q=f"rfc822msgid:{wanted}", most=1))
        thread = found[0][1] if found else ""
    if thread and _visible(box, thread, draft.in_reply_to):
        return Place(draft, thread)
    return Place(replace(draft, in_reply_to=None, references=(), thread=None), "")


def _visible(box: Mailbox, thread: str, parent: str) -> bool:
    google = box.google
    request = google.gmail.threads().get(
        userId="me", id=thread, format="metadata", metadataHeaders=["Message-ID"]
    )
    try:
        found = google.call(request, "a conversation", cost="threads_get")
    except Denied as error:
        if error.status in (400, 404):
            return False
        raise
    for message in found.get("messages", ()):
        labels = frozenset(message.get("labelIds", ()))
        headers = message.get("payload", {}).get("headers", ())
        own = {str(h.get("value", "")).strip() for h in headers if _is_id(h.get("name"))}
        if parent in own:
            return not labels & {"TRASH", "SPAM", "DRAFT"}
    return False


def _is_id(name: object) -> bool:
    return str(name).lower() == "message-id"
