"""What every Shelf promises (`connectors/base.py`), tried on every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.worlds import (
    CALENDARS,
    MAILBOXES,
    MailWorld,
    closed,
    draft,
    eml,
    follow_up,
)
from vouchd.connectors.base import Changed, Missing, Shelf
from vouchd.rules.model import Found, fingerprint

KEY = "thank_you-dana"


@dataclass
class Hand:
    """A shelf of either kind with the user's hand on it."""

    shelf: Callable[[], Shelf[Any]]
    thing: Callable[[str], Any]
    edit: Callable[[str], None]
    delete: Callable[[str], None]


@pytest.fixture(params=[*MAILBOXES, *CALENDARS], ids=lambda world: world.__name__)
def hand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hand]:
    world = request.param(tmp_path)
    if request.param in MAILBOXES:
        yield Hand(
            world.shelf,
            draft,
            lambda handle: world.edit(handle, lambda raw: raw.replace(b"Dear Dana", b"Hi Dana")),
            world.delete,
        )
    else:
        yield Hand(
            world.shelf,
            follow_up,
            lambda handle: world.edit(handle, "Something else"),
            world.delete,
        )
    closed(world)


def lying(shelf: Shelf[Any], known: dict[str, str] | None = None) -> list[Found]:
    return list(shelf.found(known or {}))


def test_what_is_written_is_found_untouched_by_its_mark(hand: Hand):
    thing = hand.thing("first words")
    handle = hand.shelf().write(KEY, thing)
    (found,) = lying(hand.shelf())
    assert (found.key, found.handle, found.sent) == (KEY, handle, False)
    assert found.print == found.mark == fingerprint(thing)
    assert found.untouched


def test_an_empty_shelf_holds_nothing(hand: Hand):
    assert lying(hand.shelf()) == []
    with suppress(Missing):  # where no place has been made yet, who asks for a thing is told so
        assert lying(hand.shelf(), {"nowhere": "nothing"}) == []


def test_writing_twice_makes_no_twin(hand: Hand):
    """The power was cut before the receipt was stored."""
    thing = hand.thing("first words")
    handle = hand.shelf().write(KEY, thing)
    assert hand.shelf().write(KEY, thing) == handle
    assert len(lying(hand.shelf())) == 1
    other = hand.shelf().write(KEY, hand.thing("other words"))
    (found,) = lying(hand.shelf())
    assert found.handle == other
    assert found.print == found.mark == fingerprint(hand.thing("other words"))


def test_keys_are_kept_apart(hand: Hand):
    first = hand.shelf().write(KEY, hand.thing("for Dana"))
    other = hand.thing("for Priya")
    if hasattr(other, "uid"):
        other = replace(other, uid="thank_you-priya@vouchd")
    second = hand.shelf().write("thank_you-priya", other)
    assert first != second
    assert {f.key: f.handle for f in lying(hand.shelf())} == {
        KEY: first,
        "thank_you-priya": second,
    }


def test_rewriting_what_is_untouched(hand: Hand):
    old, new = hand.thing("first words"), hand.thing("better words")
    handle = hand.shelf().write(KEY, old)
    handle = hand.shelf().rewrite(handle, new, fingerprint(old))
    (found,) = lying(hand.shelf(), {handle: KEY})
    assert (found.key, found.handle) == (KEY, handle)
    assert found.print == found.mark == fingerprint(new)
    again = hand.shelf().rewrite(handle, old, fingerprint(new))
    (found,) = lying(hand.shelf())
    assert (found.handle, found.print) == (again, fingerprint(old))


def test_removing_what_is_untouched(hand: Hand):
    thing = hand.thing("first words")
    handle = hand.shelf().write(KEY, thing)
    hand.shelf().remove(handle, fingerprint(thing))
    assert lying(hand.shelf(), {handle: KEY}) == []


def test_an_edit_of_the_users_is_seen_and_never_written_over(hand: Hand):
    thing = hand.thing("first words")
    handle = hand.shelf().write(KEY, thing)
    hand.edit(handle)
    (found,) = lying(hand.shelf(), {handle: KEY})
    assert found.key == KEY
    assert not found.untouched
    assert found.print != fingerprint(thing)
    with pytest.raises(Changed):
        hand.shelf().rewrite(handle, hand.thing("our words"), fingerprint(thing))
    with pytest.raises(Changed):
        hand.shelf().remove(handle, fingerprint(thing))
    hand.shelf().write(KEY, hand.thing("our words"))
    (still,) = lying(hand.shelf(), {handle: KEY})
    assert still.print == found.print


def test_what_the_user_deleted_is_gone(hand: Hand):
    thing = hand.thing("first words")
    handle = hand.shelf().write(KEY, thing)
    hand.delete(handle)
    assert lying(hand.shelf(), {handle: KEY}) == []
    with pytest.raises(Changed):
        hand.shelf().rewrite(handle, thing, fingerprint(thing))
    with pytest.raises(Changed):
        hand.shelf().remove(handle, fingerprint(thing))


def test_a_wrong_expectation_is_refused(hand: Hand):
    handle = hand.shelf().write(KEY, hand.thing("first words"))
    with pytest.raises(Changed):
        hand.shelf().rewrite(handle, hand.thing("better words"), "0" * 16)
    with pytest.raises(Changed):
        hand.shelf().remove(handle, "0" * 16)
    assert [f.untouched for f in lying(hand.shelf())] == [True]


# --- drafts alone ---------------------------------------------------------------------------


def test_a_draft_that_was_sent_is_found_as_sent(mailbox: MailWorld):
    handle = mailbox.shelf().write(KEY, draft())
    mailbox.send(handle)
    (found,) = lying(mailbox.shelf(), {handle: KEY})
    assert (found.key, found.sent, found.untouched) == (KEY, True, False)
    assert found.print == fingerprint(draft())
    with pytest.raises(Changed):
        mailbox.shelf().rewrite(handle, draft("too late"), fingerprint(draft()))
    with pytest.raises(Changed):
        mailbox.shelf().remove(handle, fingerprint(draft()))


def test_a_draft_whose_mark_a_mail_program_dropped_is_the_users(mailbox: MailWorld):
    def rebuilt(raw: bytes) -> bytes:
        kept = [line for line in raw.split(b"\n") if not line.startswith(b"X-Vouchd-")]
        return b"\n".join(kept).replace(b"Dear Dana", b"Dearest Dana")

    handle = mailbox.shelf().write(KEY, draft())
    mailbox.edit(handle, rebuilt)
    (found,) = lying(mailbox.shelf(), {handle: KEY})
    assert (found.key, found.mark, found.untouched) == (KEY, None, False)


def test_drafts_of_the_users_own_are_not_ours(mailbox: MailWorld):
    mailbox.compose(eml(5, sender="sam@example.org"))
    assert lying(mailbox.shelf()) == []
    mailbox.shelf().write(KEY, draft())
    assert [f.key for f in lying(mailbox.shelf())] == [KEY]
