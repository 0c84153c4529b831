"""Whether a draft that is no longer there was sent: Gmail gives the sent mail a new id.

The composer on the web may rebuild the headers, so our mark alone is no proof either way: what was
sent in the same conversation, or to the same people since, counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.connectors.gmail_box import History, Mailbox
from vouchd.connectors.gmail_ledger import Entry
from vouchd.connectors.google_failures import Denied

_MOST = 8
_HEADERS = ("To", "Cc", "Bcc", "Subject", "X-Vouchd-Key")


def was_sent(box: Mailbox, entry: Entry, history: History | None) -> bool:
    """Look for the mail that a draft has become (20 units for each that may be it)."""
    looked: set[str] = set()
    for id_, thread in _candidates(box, entry, history):
        if id_ in looked or len(looked) >= _MOST:
            continue
        looked.add(id_)
        if _is_it(box, id_, entry, same_thread=thread == entry.thread):
            return True
    return False


def _candidates(box: Mailbox, entry: Entry, history: History | None) -> Iterator[tuple[str, str]]:
    """Yield sent mail, the likeliest first: the history knows at once, the search after a while."""
    touches = history.touches if history else ()
    sent = [
        (touch.id, touch.thread)
        for touch in touches
        if touch.change in ("added", "labelled") and "SENT" in touch.labels
    ]
    yield from sorted(sent, key=lambda found: found[1] != entry.thread)
    for address in entry.to[:3]:
        query = f"to:{address} after:{max(0, entry.at - 60)}"
        yield from box.ids(labelIds=["SENT"], q=query, most=_MOST)


def _is_it(box: Mailbox, id_: str, entry: Entry, *, same_thread: bool) -> bool:
    google = box.google
    request = google.gmail.messages().get(
        userId="me", id=id_, format="metadata", metadataHeaders=list(_HEADERS)
    )
    try:
        found = google.call(request, "a sent mail", cost="messages_get")
    except Denied as error:
        if error.status == 404:
            return False
        raise
    labels = found.get("labelIds", ())
    if "SENT" not in labels or "TRASH" in labels:
        return False
    fields: dict[str, str] = {}
    for header in found.get("payload", {}).get("headers", ()):
        name = str(header.get("name", "")).lower()
        fields[name] = f"{fields.get(name, '')} {header.get('value', '')}".strip()
    if fields.get("x-vouchd-key"):
        return fields["x-vouchd-key"] == entry.key
    if int(found.get("internalDate", 0)) // 1000 < entry.at - 60:
        return False
    to = " ".join(fields.get(name, "") for name in ("to", "cc", "bcc")).lower()
    return (same_thread and not entry.to) or any(address.lower() in to for address in entry.to)
