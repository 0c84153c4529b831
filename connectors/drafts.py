"""The drafts box of a Maildir as a Shelf: found again, seen as edited, moved, sent or deleted.

    DraftShelf(tree, sender=…, now=…)                       the Drafts folder of a Maildir
    DraftShelf(beside(mbox), …, sent=partial(sent_since, mbox))   a Maildir beside an mbox file

A file of ours is named `<time>.vouchd-<key>-<to and subject>-<print>.vouchd:2,DS` (hashes), so a
draft is known again even when a mail program has dropped our header, and a new text is a new
file, as programs that synchronise a Maildir expect. The part before the flags is the handle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from vouchd.connectors.base import Changed, Missing, Refused, Unavailable
from vouchd.connectors.edges import edges
from vouchd.connectors.files import make_folder, must_be_folder, put, read, said_plainly, take_away
from vouchd.connectors.folders import Role
from vouchd.connectors.maildir_tree import Folder, Tree, entries, sent_since, unique_of
from vouchd.connectors.mime import LONGEST, Head, compose, draft_in, head, identity
from vouchd.rules.model import Address, Draft, Found, Part, fingerprint

_OURS = re.compile(r"(\d+)\.vouchd-([0-9a-f]{16})-([0-9a-f]{10})-[0-9a-f]{16}\.vouchd")
#: Clocks differ, and a Date is written when the writing begins.
_LEEWAY = timedelta(days=1)


def beside(mbox: Path) -> Tree:
    """Return the Maildir for drafts beside an mbox: `mail.mbox` -> `mail.drafts`."""
    return Tree(mbox.with_suffix(".drafts"), drafts="")


@dataclass(frozen=True, slots=True)
class Lying:
    """A draft as it lies there."""

    path: Path
    head: Head
    draft: Draft

    @property
    def handle(self) -> str:
        """The name that survives flagging."""
        return unique_of(self.path.name)

    def found(self, key: str, *, sent: bool = False) -> Found:
        """Return what the reconciler needs to know."""
        says = fingerprint(self.draft)
        return Found(
            key=key,
            part=Part.DRAFT,
            handle=self.handle,
            print=says,
            mark=self.head.mark,
            sent=sent,
            link=f"mid:{self.head.id[1:-1]}",
            edges="" if says == self.head.mark else edges(self.draft.body),
        )


class DraftShelf:
    """Drafts in a Maildir. `sender` is who they are from, `now` the clock for their Date.

    `sent(at)` yields the messages sent since then; default: those in the sent folders of the
    tree.
    """

    def __init__(
        self,
        tree: Tree,
        *,
        sender: Address,
        now: Callable[[], datetime],
        sent: Callable[[datetime], Iterable[bytes]] | None = None,
    ) -> None:
        self._tree = tree
        self._sender = sender
        self._now = now
        self._sent = sent or partial(sent_since, tree)

    def found(self, known: Mapping[str, str]) -> Iterator[Found]:
        """List our drafts; those known that lie there no more are looked for among the sent."""
        seen: set[str] = set()
        for lying in self._lying():
            key = lying.head.key or known.get(lying.handle)
            if key is not None:
                seen.add(key)
                yield lying.found(key)
        missing = {handle: key for handle, key in known.items() if key not in seen}
        if missing:
            yield from self._elsewhere(missing)

    def write(self, key: str, content: Draft) -> str:
        """Put a draft down; one with its key that lies there untouched already is the same one."""
        for lying in self._lying():
            if lying.head.key == key:
                if lying.head.mark == fingerprint(lying.draft):
                    return self._replace(lying, key, content)
                return lying.handle
        return self._put(self._home(), key, content)

    def rewrite(self, handle: str, content: Draft, expected: str) -> str:
        """Replace it. Raises Changed, Refused, Unavailable."""
        lying = self._unchanged(handle, expected)
        return self._replace(lying, lying.head.key or handle, content)

    def remove(self, handle: str, expected: str) -> None:
        """Take it away. Raises Changed, Unavailable."""
        take_away(self._unchanged(handle, expected).path)

    # --- looking ------------------------------------------------------------------------------

    def _box(self) -> Folder | None:
        """Return the drafts folder, if there is one. Raises Unavailable."""
        if self._tree.drafts == "" and _not_made(self._tree.root):
            must_be_folder(self._tree.root.parent, "folder")
            return None
        boxes = [f for f in self._tree.folders() if f.role is Role.DRAFTS]
        return min(boxes, key=lambda f: (f.name.count("/"), f.name), default=None)

    def _lying(self) -> Iterator[Lying]:
        box = self._box()
        if box is not None:
            with said_plainly(box.path):
                yield from filter(None, map(_lying_at, entries(box.path)))

    def _elsewhere(self, missing: dict[str, str]) -> Iterator[Found]:
        """Find drafts whose key no file in the drafts folder bears any more."""
        missing = dict(missing)
        for lying in self._lying():
            for handle, key in list(missing.items()):
                if lying.head.key is None and self._same(lying.head, handle, key):
                    del missing[handle]
                    yield lying.found(key)
        if missing and self._tree.root.exists():
            for folder, path in self._moved(missing):
                key = missing.pop(unique_of(path.name))
                lying_there = _lying_at(path)
                if lying_there is not None:
                    yield lying_there.found(key, sent=folder.role is Role.SENT)
        if missing:
            yield from self._among_the_sent(missing)
            if self._box() is None:
                name = self._tree.root / (self._tree.drafts or "")
                raise Missing(f"{name}: the folder of your drafts is not there")

    def _moved(self, missing: Mapping[str, str]) -> Iterator[tuple[Folder, Path]]:
        for folder in self._tree.folders():
            if folder.role is not Role.TRASH:
                with said_plainly(folder.path):
                    for path in entries(folder.path):
                        if unique_of(path.name) in missing:
                            yield folder, path

    def _among_the_sent(self, missing: dict[str, str]) -> Iterator[Found]:
        written = [_written_at(handle) for handle in missing]
        for raw in self._sent(min(written) - _LEEWAY):
            try:
                top = head(raw)
            except Refused:
                continue
            for handle, key in list(missing.items()):
                if top.sender in ("", self._sender.email) or top.key == key:
                    if not self._same(top, handle, key):
                        continue
                    del missing[handle]
                    yield Found(
                        key=key,
                        part=Part.DRAFT,
                        handle=handle,
                        print=fingerprint(draft_in(raw)),
                        mark=top.mark,
                        sent=True,
                        link=f"mid:{top.id[1:-1]}",
                    )
            if not missing:
                return

    def _same(self, top: Head, handle: str, key: str) -> bool:
        """Whether this is the draft: by key, by Message-ID, or by addressees, subject and time."""
        if top.key is not None:
            return top.key == key
        if top.id == identity(key, self._sender):
            return True
        ours = _OURS.fullmatch(handle)
        return (
            ours is not None
            and ours[3] == _about(top.to, top.subject)
            and (top.at is None or top.at >= _written_at(handle) - _LEEWAY)
        )

    def _unchanged(self, handle: str, expected: str) -> Lying:
        """Look at it anew, just before it is replaced or removed."""
        lying = next((one for one in self._lying() if one.handle == handle), None)
        if lying is None:
            for folder, path in self._moved({handle: ""}):
                if folder.role not in (Role.SENT, Role.TRASH):
                    lying = _lying_at(path)
                    break
        if lying is None:
            raise Changed(f"draft {handle}: it is no longer there")
        if fingerprint(lying.draft) != expected:
            raise Changed(f"draft {handle}: it says something else by now")
        return lying

    # --- writing ------------------------------------------------------------------------------

    def _put(self, folder: Path, key: str, content: Draft) -> str:
        at = self._now()
        raw = compose(content, key=key, sender=self._sender, stamp=at)
        about = _about((a.email for a in content.to), content.subject)
        handle = (
            f"{int(at.timestamp())}.vouchd-{_hash(key)[:16]}-{about}-{fingerprint(content)}.vouchd"
        )
        put(folder / "cur" / f"{handle}:2,DS", raw, by_way_of=folder / "tmp")
        return handle

    def _replace(self, lying: Lying, key: str, content: Draft) -> str:
        handle = self._put(lying.path.parent.parent, key, content)
        if unique_of(lying.path.name) != handle or lying.path.name != f"{handle}:2,DS":
            # Written first, taken away then: a power cut in between leaves two, never none.
            take_away(lying.path)
        return handle

    def _home(self) -> Path:
        """Return the drafts folder; made where there is none. Raises Unavailable."""
        box = self._box()
        path = box.path if box is not None else self._new_box()
        with said_plainly(path):
            for part in ("cur", "new", "tmp"):
                make_folder(path / part)
        return path

    def _new_box(self) -> Path:
        root = self._tree.root
        if self._tree.drafts == "":
            return root
        name = self._tree.drafts or "Drafts"
        others = [folder for folder in self._tree.folders() if folder.path != root]
        if others and not any(folder.path.name.startswith(".") for folder in others):
            return root / name
        path = root / f".{name.replace('/', '.')}"
        with said_plainly(path):
            make_folder(path)
            (path / "maildirfolder").touch()
        return path


def _not_made(root: Path) -> bool:
    """Whether a folder of ours is not there, or we died while we made it."""
    with said_plainly(root):
        return not root.exists() or (root.is_dir() and next(root.iterdir(), None) is None)


def _lying_at(path: Path) -> Lying | None:
    try:
        raw, _ = read(path, LONGEST)
        return Lying(path, head(raw), draft_in(raw))
    except (FileNotFoundError, Refused):
        return None
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror or error}: make it readable") from error


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _about(to: Iterable[str], subject: str) -> str:
    words = " ".join(subject.casefold().split())
    return _hash("\n".join((*sorted({email.lower() for email in to}), words)))[:10]


def _written_at(handle: str) -> datetime:
    ours = _OURS.fullmatch(handle)
    return datetime.fromtimestamp(int(ours[1]) if ours else 0, UTC)
