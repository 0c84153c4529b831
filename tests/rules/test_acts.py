"""What the user's own letters to a reference do, and for which processes."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from vouchd.config.data import shipped
from vouchd.rules.model import Address, Me, Message, Reference, Stated
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, read_message

DANA = Reference(name="Dana Cole", emails=("dana@initech.example",))
BOOK = Book(
    me=Me(name="Sam Rivera", emails=("sam@example.org",), zone=ZoneInfo("Europe/Berlin")),
    people=(DANA,),
    stated=tuple(Stated(company=name) for name in ("Acme Robotics", "Lumen Freight", "Globex")),
    lexicon=lexicon.compile(shipped()),
)


def acts_of(text: str) -> set[tuple[str, str | None]]:
    message = Message(
        id="<1@example.org>",
        thread="1",
        at=datetime(2026, 9, 1, 9, tzinfo=UTC),
        sent=True,
        sender=Address("sam@example.org", "Sam Rivera"),
        to=(Address("dana@initech.example", "Dana Cole"),),
        subject="Two calls",
        text=text,
    )
    return {(act.kind.value, act.company) for act in read_message(message, BOOK).acts}


def test_one_letter_warns_of_two_employers():
    warned = acts_of(
        "Hi Dana,\n\nA heads-up: Acme Robotics will call you this week about me, and Lumen Freight "
        "may send you a form.\n\nSam"
    )
    assert {("warned", "Acme Robotics"), ("warned", "Lumen Freight")} <= warned
    assert ("warned", "Globex") not in warned


def test_a_letter_that_names_no_known_employer_is_still_a_letter():
    acts = acts_of("Hi Dana,\n\nA heads-up: somebody may call you this week about me.\n\nSam")
    assert "warned" in {kind for kind, _ in acts}
