"""Writes the state file of the present form: `python -m tests.daemon.states.make` after a change.

A release that adds a migration first runs this on the release before it; the file stays for good.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from vouchd.connectors.base import Parked, Word
from vouchd.daemon import statefile
from vouchd.daemon.store import Round, Store
from vouchd.rules.model import (
    Act,
    ActKind,
    Address,
    Decision,
    Evidence,
    Part,
    Reading,
    Receipt,
    Signal,
    SignalKind,
    State,
)

FOLDER = Path(__file__).parent
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SIGNAL = Signal(
    kind=SignalKind.REFERENCE_REQUEST,
    confidence=0.97,
    decision=Decision.ACT,
    evidence=(Evidence("request.names", "the names of two references"),),
    company="Acme Robotics",
    role="Staff Engineer",
    references=("Dana Cole",),
)
MAIL = Reading(
    source="<1@acme-robotics.example>",
    at=NOW,
    sent=False,
    thread="<1@acme-robotics.example>",
    sender=Address("jo@acme-robotics.example", "Jo Lindt"),
    to=(Address("sam@example.org", "Sam Rivera"),),
    subject="References",
    signals=(SIGNAL,),
    acts=(Act(kind=ActKind.ASKED, references=("Dana Cole",), evidence=Evidence("r", "w")),),
    people=("Dana Cole",),
)
EVENT = Reading(source="uid-1", at=NOW, sent=False, is_event=True, start=NOW, end=NOW)
RECEIPT = Receipt(key="heads_up.dana-cole.1a2b3c4d", part=Part.DRAFT, handle="h", print="p", at=NOW)


def fill(store: Store) -> None:
    """Put one of everything into a state."""
    store.belongs_to(["sam@example.org"])
    store.began_at(NOW)
    parked = [Parked("<9@x.example>", "could not be read")]
    store.remember([MAIL], parked=parked, cursor_name="mail", cursor="7", at=NOW)
    store.remember([EVENT], cursor_name="calendar", cursor="8", at=NOW)
    store.keep(RECEIPT)
    store.intend("thank_you.dana-cole.1a2b3c4d", Part.EVENT, "p", NOW)
    store.answer("review.inbox.1a2b3c4d", "yes", NOW)
    store.hear(Word("<1@acme-robotics.example>", "stop", given=True), NOW)
    store.jot("gmail.address", "sam@example.org")
    store.note_round(Round(NOW, good=True, counts={"messages": 1}, words=("a word",)))


def check(store: Store) -> None:
    """Make sure that all of it is there."""
    assert tuple(store.readings()) == (MAIL, EVENT)
    assert (store.cursor("mail"), store.cursor("calendar")) == ("7", "8")
    assert [item.source for item in store.parked()] == ["<9@x.example>"]
    assert store.receipts() == (RECEIPT,)
    assert RECEIPT.state is State.OPEN
    assert store.intents() == {("thank_you.dana-cole.1a2b3c4d", Part.EVENT): "p"}
    assert "review.inbox.1a2b3c4d" in {answer.key for answer in store.answers()}
    assert store.heard("stop") == {"<1@acme-robotics.example>"}
    assert store.recall("gmail.address") == "sam@example.org"
    last = store.last_round()
    assert last is not None
    assert (last.at, last.counts, last.words) == (NOW, {"messages": 1}, ("a word",))


def main() -> None:
    """Write it, unless it is there already."""
    version = int(sys.argv[1]) if len(sys.argv) > 1 else len(statefile.MIGRATIONS)
    path = FOLDER / f"v{version}.db"
    if path.exists():
        sys.exit(f"{path} is there already, and files of the past do not change")
    with Store(statefile.connect(path, statefile.MIGRATIONS[:version]), path) as store:
        fill(store)
    path.chmod(0o644)


if __name__ == "__main__":
    main()
