"""Gmail as its documents and the field reports describe it, small; and the user's hand in it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from tests.fakes.google.errors import Denial, not_found

Query = dict[str, list[str]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Mail:
    id: str
    thread: str
    labels: frozenset[str]
    raw: bytes
    at: float

    @property
    def parsed(self) -> Message:
        return _parsed(self.raw)


@lru_cache(maxsize=60_000)
def _header(raw: bytes, name: str) -> str:
    return str(_parsed(raw)[name] or "").lower()


@lru_cache(maxsize=20_000)
def _parsed(raw: bytes) -> Message:
    return message_from_bytes(raw)


@dataclass
class FakeGmail:
    now: Callable[[], float]
    address: str = "sam@example.org"
    mails: dict[str, Mail] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)  #: draft id -> message id
    labels: dict[str, str] = field(default_factory=dict)  #: id -> name
    history: list[tuple[int, Json]] = field(default_factory=list)
    point: int = 1000
    forgotten: int = 0  #: history up to here is gone
    page: int = 500
    longest_text: int = 1_000_000  #: a longer one is only named, like a file
    overlapping_pages: bool = False  #: each page begins with the end of the one before
    empty_pages: bool = False  #: a page without `history` and with a next one comes first
    unsearchable: set[str] = field(default_factory=set)  #: ids the search does not know yet
    ghosts: list[str] = field(default_factory=list)  #: drafts that Gmail would not show
    numbers: int = 0

    # --- the user, and the world --------------------------------------------------------

    def receive(self, raw: bytes, *labels: str, thread: str | None = None) -> str:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        parsed = message_from_bytes(raw)
        at = parsedate_to_datetime(parsed["Date"]).timestamp() if parsed["Date"] else self.now()
        return self._add(raw, frozenset(labels or ("INBOX", "UNREAD")), thread, at).id

    def compose(self, raw: bytes, thread: str | None = None) -> str:
        mail = self._add(raw, frozenset(("DRAFT",)), thread, self.now())
        return self._draft(mail)

    def edit(self, draft: str, change: Callable[[bytes], bytes]) -> None:
        """An edit in the composer: the message is another one, the draft the same."""
        old = self.mails[self.drafts[draft]]
        self._delete(old)
        new = self._add(change(old.raw), old.labels, old.thread, self.now())
        self.drafts[draft] = new.id

    def send(self, draft: str, change: Callable[[bytes], bytes] = lambda raw: raw) -> str:
        old = self.mails[self.drafts.pop(draft)]
        self._delete(old)
        return self._add(change(old.raw), frozenset(("SENT",)), old.thread, self.now()).id

    def discard(self, draft: str) -> None:
        self._delete(self.mails[self.drafts.pop(draft)])

    def relabel(self, id_: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        add, remove = frozenset(add), frozenset(remove)
        mail = self.mails[id_]
        mail = self.mails[id_] = replace(mail, labels=(mail.labels | add) - remove)
        entry = {"message": self._brief(mail)}
        if add:
            self._note({"labelsAdded": [{**entry, "labelIds": sorted(add)}]}, mail)
        if remove:
            self._note({"labelsRemoved": [{**entry, "labelIds": sorted(remove)}]}, mail)

    def delete(self, id_: str) -> None:
        self._delete(self.mails[id_])

    # --- inside -------------------------------------------------------------------------

    def _id(self) -> str:
        self.numbers += 1
        return f"{0x19A0000000000000 + self.numbers * 7919:016x}"

    def _add(self, raw: bytes, labels: frozenset[str], thread: str | None, at: float) -> Mail:
        id_ = self._id()
        mail = Mail(id_, thread or self._thread_of(raw) or id_, labels, raw, at)
        self.mails[id_] = mail
        self._note({"messagesAdded": [{"message": self._brief(mail)}]}, mail)
        return mail

    def _thread_of(self, raw: bytes) -> str | None:
        parsed = _parsed(raw)
        ids = re.findall(r"<[^>]+>", f"{parsed['References']} {parsed['In-Reply-To']}")
        for mail in self.mails.values() if ids else ():
            if mail.parsed["Message-ID"] in ids:
                return mail.thread
        return None

    def _draft(self, mail: Mail) -> str:
        draft = f"r-{self.numbers}"
        self.drafts[draft] = mail.id
        return draft

    def _delete(self, mail: Mail) -> None:
        del self.mails[mail.id]
        self._note({"messagesDeleted": [{"message": self._brief(mail)}]}, mail)

    def _note(self, record: Json, mail: Mail) -> None:
        self.point += 7
        brief = {"id": mail.id, "threadId": mail.thread}
        self.history.append((self.point, {"id": str(self.point), "messages": [brief], **record}))

    def _brief(self, mail: Mail) -> Json:
        return {"id": mail.id, "threadId": mail.thread, "labelIds": sorted(mail.labels)}

    def _shown(self, mail: Mail, query: Query) -> Json:
        form = query.get("format", ["full"])[0]
        out: Json = {
            **self._brief(mail),
            "snippet": "",
            "historyId": str(self.point),
            "internalDate": str(int(mail.at * 1000)),
            "sizeEstimate": len(mail.raw),
        }
        if form == "raw":
            out["raw"] = base64.urlsafe_b64encode(mail.raw).decode()
        elif form in ("full", "metadata"):
            wanted = {name.lower() for name in query.get("metadataHeaders", ())}
            headers = [
                {"name": name, "value": str(value)}
                for name, value in mail.parsed.items()
                if form == "full" or not wanted or name.lower() in wanted
            ]
            out["payload"] = {"headers": headers, "mimeType": mail.parsed.get_content_type()}
            if form == "full":
                out["payload"] = self._payload(mail.parsed, "")
        return out

    def _payload(self, part: Message, number: str) -> Json:
        out: Json = {
            "partId": number,
            "mimeType": part.get_content_type(),
            "filename": part.get_filename() or "",
            "headers": [{"name": n, "value": str(v)} for n, v in part.items()],
            "body": {"size": 0},
        }
        if part.is_multipart():
            inner = part.get_payload()
            assert isinstance(inner, list)
            prefix = f"{number}." if number else ""
            out["parts"] = [self._payload(p, f"{prefix}{i}") for i, p in enumerate(inner)]
        else:
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            out["body"] = {"size": len(data)}
            if part.get_filename() or len(data) > self.longest_text:
                out["body"]["attachmentId"] = f"att-{number}"
            else:
                out["body"]["data"] = base64.urlsafe_b64encode(data).decode().rstrip("=")
        return out

    def _paged(self, name: str, entries: list[Any], query: Query) -> Json:
        start = int(query.get("pageToken", ["0"])[0])
        size = min(int(query.get("maxResults", ["100"])[0]), self.page)
        start = max(0, start - 1) if self.overlapping_pages else start
        out: Json = {}
        if entries[start : start + size]:
            out[name] = entries[start : start + size]
        if start + size < len(entries):
            out["nextPageToken"] = str(start + size)
        return out

    def _mail(self, id_: str) -> Mail:
        if id_ not in self.mails:
            raise not_found()
        return self.mails[id_]

    # --- the methods --------------------------------------------------------------------

    def getProfile(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        return {
            "emailAddress": self.address,
            "historyId": str(self.point),
            "messagesTotal": len(self.mails),
            "threadsTotal": len({m.thread for m in self.mails.values()}),
        }

    def history_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        start = int(query["startHistoryId"][0])
        if start < self.forgotten or start > self.point:
            raise not_found()
        records = [record for point, record in self.history if point > start]
        if self.empty_pages and "pageToken" not in query:
            return {"historyId": str(self.point), "nextPageToken": "0"}
        return {**self._paged("history", records, query), "historyId": str(self.point)}

    def messages_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        wanted = frozenset(query.get("labelIds", ()))
        if unknown := wanted - _SYSTEM - self.labels.keys():
            raise Denial(400, "invalidArgument", f"Invalid label: {unknown}")
        everything = query.get("includeSpamTrash") == ["true"]
        says = matcher(query.get("q", [""])[0])
        found = [
            {"id": m.id, "threadId": m.thread}
            for m in sorted(self.mails.values(), key=lambda m: -m.at)
            if wanted <= m.labels
            and (everything or not m.labels & {"SPAM", "TRASH"})
            and ("q" not in query or m.id not in self.unsearchable)
            and says(m)
        ]
        return {**self._paged("messages", found, query), "resultSizeEstimate": 7}

    def messages_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        return self._shown(self._mail(path["id"]), query)

    def messages_attachments_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        part: Any = self._mail(path["messageId"]).parsed
        try:
            for number in path["id"].removeprefix("att-").split("."):
                part = part.get_payload()[int(number)] if number else part
        except (ValueError, IndexError, TypeError):
            raise not_found() from None
        data = part.get_payload(decode=True)
        text = base64.urlsafe_b64encode(data).decode().rstrip("=")
        return {"size": len(data), "data": text}

    def threads_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        mails = [m for m in self.mails.values() if m.thread == path["id"]]
        if not mails:
            raise not_found()
        return {"id": path["id"], "messages": [self._shown(m, query) for m in mails]}

    def drafts_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        says = matcher(query.get("q", [""])[0])
        found = [
            {"id": d, "message": {"id": m.id, "threadId": m.thread}}
            for d, m in ((d, self.mails[i]) for d, i in self.drafts.items())
            if says(m) and ("q" not in query or m.id not in self.unsearchable)
        ]
        return {**self._paged("drafts", found, query), "resultSizeEstimate": 3}

    def drafts_get(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        if path["id"] not in self.drafts:
            raise not_found()
        mail = self.mails[self.drafts[path["id"]]]
        return {"id": path["id"], "message": self._shown(mail, query)}

    def drafts_create(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        raw, thread = self._written(body)
        mail = self._add(raw, frozenset(("DRAFT",)), thread, self.now())
        self._shown_in_thread(mail)
        return {"id": self._draft(mail), "message": self._brief(mail)}

    def drafts_update(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        if path["id"] not in self.drafts:
            raise not_found()
        raw, thread = self._written(body)
        self._delete(self.mails[self.drafts[path["id"]]])
        mail = self._add(raw, frozenset(("DRAFT",)), thread, self.now())
        self.drafts[path["id"]] = mail.id
        self._shown_in_thread(mail)
        return {"id": path["id"], "message": self._brief(mail)}

    def drafts_delete(self, path: Json, query: Query, body: Any, headers: Json) -> None:
        if path["id"] not in self.drafts:
            raise not_found()
        self.discard(path["id"])

    def labels_list(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        system = [{"id": name, "name": name, "type": "system"} for name in sorted(_SYSTEM)]
        own = [{"id": i, "name": n, "type": "user"} for i, n in self.labels.items()]
        return {"labels": [*system, *own]}

    def labels_create(self, path: Json, query: Query, body: Any, headers: Json) -> Json:
        if body["name"] in self.labels.values():
            raise Denial(409, "alreadyExists", "Label name exists or conflicts")
        id_ = f"Label_{len(self.labels) + 1}"
        self.labels[id_] = body["name"]
        return {**body, "id": id_, "type": "user"}

    def _written(self, body: Any) -> tuple[bytes, str | None]:
        message = body["message"]
        raw = base64.urlsafe_b64decode(message["raw"])
        if not raw.strip() or b"\r\n" not in raw:
            raise Denial(400, "invalidArgument", "Missing draft message")
        if not (_parsed(raw)["To"] or "x").strip():
            raise Denial(400, "invalidArgument", "Invalid To header")
        thread = message.get("threadId")
        if thread is not None and all(m.thread != thread for m in self.mails.values()):
            raise not_found()
        # Gmail threads a reply by its headers only when it is sent.
        return raw, thread or self._id()

    def _shown_in_thread(self, mail: Mail) -> None:
        """Note a draft that the web would not show, or would show as a new conversation."""
        others = [m for m in self.mails.values() if m.thread == mail.thread and m is not mail]
        parent = mail.parsed["In-Reply-To"]
        if not others:
            if parent is not None:
                self.ghosts.append(mail.id)
            return
        visible = [m for m in others if not m.labels & {"TRASH", "DRAFT"}]
        subjects = {_bare(str(m.parsed["Subject"])) for m in visible}
        if (
            parent not in {m.parsed["Message-ID"] for m in visible}
            or parent not in str(mail.parsed["References"])
            or _bare(str(mail.parsed["Subject"])) not in subjects
            or any("DRAFT" in m.labels for m in others)
        ):
            self.ghosts.append(mail.id)


_SYSTEM = frozenset(
    "INBOX SPAM TRASH UNREAD STARRED IMPORTANT SENT DRAFT CHAT SCHEDULED"
    " CATEGORY_PERSONAL CATEGORY_SOCIAL CATEGORY_PROMOTIONS CATEGORY_UPDATES"
    " CATEGORY_FORUMS".split()
)


def _bare(subject: str) -> str:
    return re.sub(r"^(re|fwd?):\s*", "", " ".join(subject.split()).lower())


def matcher(query: str) -> Callable[[Mail], bool]:
    """The part of Gmail's search that is used here: terms, "phrases", {any of these}."""
    tests: list[Callable[[Mail], bool]] = []
    for group, term in re.findall(r'\{([^}]*)\}|((?:[^\s"{]|"[^"]*")+)', query):
        if group:
            inner = [_term(t) for t in re.findall(r'(?:[^\s"]|"[^"]*")+', group)]
            tests.append(_any(inner))
        else:
            tests.append(_term(term))
    return lambda mail: all(test(mail) for test in tests)


def _any(inner: list[Callable[[Mail], bool]]) -> Callable[[Mail], bool]:
    return lambda mail: any(test(mail) for test in inner)


def _term(term: str) -> Callable[[Mail], bool]:
    name, colon, value = term.partition(":")
    value = value.lower()
    if colon and name == "after":
        return lambda m: m.at > int(value)
    if colon and name in ("from", "to", "cc", "subject"):
        return lambda m: value in _header(m.raw, name)
    if colon and name == "rfc822msgid":
        return lambda m: str(m.parsed["Message-ID"]).lower().strip("<>") == value
    if colon:
        raise Denial(400, "invalidArgument", f"the fake does not know {term}")
    words = term.strip('"').lower().encode()
    return lambda m: words in m.raw.lower()
