"""What every Mail promises (`connectors/base.py`), tried on every one of them."""

from __future__ import annotations

import pytest

from tests.connectors.worlds import MailWorld, draft, eml
from vouchd.connectors.base import CursorLost, Mail
from vouchd.rules.model import Message


def drain(mail: Mail, cursor: str | None = None) -> tuple[list[Message], str]:
    """Read to the end, portion by portion."""
    found: list[Message] = []
    for _ in range(100):
        news = mail.changes(cursor)
        assert not news.parked
        found.extend(news.items)
        cursor = news.cursor
        if not news.more:
            return found, cursor
    raise AssertionError("it never ends")


def ids(messages: list[Message]) -> list[str]:
    return [message.id for message in messages]


def test_an_empty_mailbox_has_a_cursor_to_go_on_from(mailbox: MailWorld):
    found, cursor = drain(mailbox.mail())
    assert found == []
    mailbox.receive(eml(1))
    assert ids(drain(mailbox.mail(), cursor)[0]) == ["<m1@acme.example>"]


def test_all_is_new_at_first_oldest_first_and_nothing_after(mailbox: MailWorld):
    for number in (2, 1, 3):
        mailbox.receive(eml(number))
    found, cursor = drain(mailbox.mail())
    assert ids(found) == ["<m1@acme.example>", "<m2@acme.example>", "<m3@acme.example>"]
    assert found[0].subject == "Mail 1"
    assert found[0].text.strip() == "Words of mail 1."
    assert drain(mailbox.mail(), cursor)[0] == []


def test_only_what_came_since_the_cursor_is_new(mailbox: MailWorld):
    mailbox.receive(eml(1))
    mail = mailbox.mail()
    _, cursor = drain(mail)
    mailbox.receive(eml(2))
    found, later = drain(mail, cursor)
    assert ids(found) == ["<m2@acme.example>"]
    mailbox.receive(eml(3))
    assert ids(drain(mailbox.mail(), later)[0]) == ["<m3@acme.example>"], "also after a restart"


def test_an_old_cursor_delivers_the_same_again(mailbox: MailWorld):
    """The power was cut before the news was stored."""
    mailbox.receive(eml(1))
    _, cursor = drain(mailbox.mail())
    mailbox.receive(eml(2))
    mailbox.receive(eml(3))
    mail = mailbox.mail()
    first, _ = drain(mail, cursor)
    again, _ = drain(mail, cursor)
    assert ids(first) == ids(again) == ["<m2@acme.example>", "<m3@acme.example>"]


def test_a_lost_cursor_is_said_and_reading_anew_gives_the_same_ids(mailbox: MailWorld):
    for number in range(1, 4):
        mailbox.receive(eml(number))
    mailbox.receive(eml(4).replace(b"Message-ID", b"X-Was-Message-ID"))
    before, cursor = drain(mailbox.mail())
    cursor = mailbox.lost(cursor)
    with pytest.raises(CursorLost):
        mailbox.mail().changes(cursor)
    again, _ = drain(mailbox.mail())
    assert not again or ids(again) == ids(before), "a memory forgets with its cursor"


def test_much_comes_in_portions_and_each_message_once(mailbox: MailWorld):
    for number in range(1, 8):
        mailbox.receive(eml(number))
    portions = []
    cursor = None
    more = True
    while more:
        news = mailbox.mail(portion=3).changes(cursor)  # restarted in between
        portions.append(len(news.items))
        cursor, more = news.cursor, news.more
    assert portions == [3, 3, 1]
    mailbox.receive(eml(8))
    assert ids(drain(mailbox.mail(portion=3), cursor)[0]) == ["<m8@acme.example>"]


def test_portions_without_a_restart_are_the_same(mailbox: MailWorld):
    for number in range(1, 8):
        mailbox.receive(eml(number))
    found, _ = drain(mailbox.mail(portion=2))
    assert sorted(ids(found)) == [f"<m{number}@acme.example>" for number in range(1, 8)]


def test_what_comes_while_portions_are_read_is_not_lost(mailbox: MailWorld):
    for number in range(1, 4):
        mailbox.receive(eml(number))
    mail = mailbox.mail(portion=2)
    first = mail.changes(None)
    assert first.more
    mailbox.receive(eml(4))
    rest, cursor = drain(mail, first.cursor)
    last, _ = drain(mail, cursor)
    assert sorted(ids([*first.items, *rest, *last])) == [
        f"<m{n}@acme.example>" for n in (1, 2, 3, 4)
    ]


def test_the_users_own_mail_is_sent(mailbox: MailWorld):
    mailbox.receive(eml(1, sender="Sam@Example.org"))
    mailbox.receive(eml(2))
    found, _ = drain(mailbox.mail())
    assert [message.sent for message in found] == [True, False]


def test_drafts_are_never_delivered_ours_nor_theirs(mailbox: MailWorld):
    mailbox.shelf().write("thank_you-dana", draft())
    mailbox.compose(eml(5, sender="sam@example.org"))
    mailbox.receive(eml(1))
    assert ids(drain(mailbox.mail())[0]) == ["<m1@acme.example>"]


def test_a_draft_of_ours_is_delivered_once_it_was_sent(mailbox: MailWorld):
    shelf = mailbox.shelf()
    handle = shelf.write("thank_you-dana", draft())
    _, cursor = drain(mailbox.mail())
    mailbox.send(handle)
    (message,), _ = drain(mailbox.mail(), cursor)
    assert message.sent
    assert message.key == "thank_you-dana"
    assert message.to[0].email == "dana.cole@initech.example"
    assert message.subject == "Thank you – für alles"
