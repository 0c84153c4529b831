"""What is Gmail's own: the first look, the history, and everything that goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.fakes.google.world import NOW, World, world
from vouchd.connectors.base import Changes, Unavailable, Word
from vouchd.connectors.gmail import Gmail
from vouchd.connectors.gmail_search import LONGEST, Interests, searches
from vouchd.rules.model import Message

DANA = "dana.cole@initech.example"


@pytest.fixture
def google(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def eml(number: int, *, sender: str = "hr@acme.example", days: float = 10, text: str = "") -> bytes:
    at = NOW - timedelta(days=days) + timedelta(seconds=number)
    return (
        f"From: Someone <{sender}>\nTo: sam@example.org\nSubject: Mail {number}\n"
        f"Date: {format_datetime(at)}\nMessage-ID: <m{number}@mail.example>\n\n"
        f"{text or 'Nothing to see.'}\n"
    ).encode()


def drained(mail: Gmail, cursor: str | None = None) -> tuple[list[Message], Changes[Message]]:
    found: list[Message] = []
    while True:
        news = mail.changes(cursor)
        found.extend(news.items)
        cursor = news.cursor
        if not news.more:
            return found, news


def numbers(messages: list[Message]) -> list[int]:
    return sorted(int(m.id[2:].partition("@")[0]) for m in messages)


# --- the first look -------------------------------------------------------------------------


def test_what_counts_comes_first_within_a_minute_of_a_large_mailbox(google: World):
    """5,000 messages at the limit of the quota: people, employers, vendors, words, the rest."""
    gmail = google.fake.gmail
    for number in range(1, 4_901):
        gmail.receive(eml(number))
    wanted = {
        5001: eml(5001, sender=DANA, days=80),
        5002: eml(5002, sender="jobs@acme-robotics.example", days=70),
        5003: eml(5003, sender="no-reply@greenhouse-mail.io", days=60),
        5004: eml(5004, text="Your Vorstellungsgespräch is on Monday", days=50),
        5005: eml(5005, text="Dana Cole said yes", days=50),
    }
    for raw in wanted.values():
        gmail.receive(raw, "SPAM") if raw is wanted[5003] else gmail.receive(raw)
    google.fake.per_minute = google.per_minute = 6_000
    interests = Interests(
        people=(DANA,),
        names=("Dana Cole",),
        domains=("acme-robotics.example",),
        vendors=("greenhouse-mail.io", "hire.lever.co"),
        words=("interview", "Vorstellungsgespräch"),
    )
    began = google.clock.at
    mail = google.gmail(interests=interests)
    first = mail.changes(None)
    assert set(wanted) <= set(numbers(list(first.items)))
    read = len(first.items)
    cursor = first.cursor
    while first.more:
        first = mail.changes(cursor)
        cursor = first.cursor
        read += len(first.items)
    assert google.clock.at - began < 60
    assert 200 <= read <= 240, "80 % of a minute's units"
    assert first.later == 4_905 - read


def test_the_rest_is_read_in_the_background_none_twice_and_none_left_out(google: World):
    for number in range(1, 801):
        google.fake.gmail.receive(eml(number))
    google.fake.per_minute = google.per_minute = 6_000
    mail = google.gmail(share=0.5)
    news = mail.changes(None)
    found, rounds = numbers(list(news.items)), 1
    while news.later or news.more:
        if not news.more:
            google.clock.at += 60
            rounds += 1
        news = mail.changes(news.cursor)
        found += numbers(list(news.items))
    assert sorted(found) == list(range(1, 801))
    assert google.fake.count("messages.get") == 800
    assert rounds == 6, "half of 300 messages a minute"


def test_the_share_leaves_room_for_drafts_in_the_same_minute(google: World):
    for number in range(1, 401):
        google.fake.gmail.receive(eml(number))
    google.fake.per_minute = google.per_minute = 6_000
    box = google.mailbox()
    drained(google.gmail(box))
    assert box.google.gmail_pace.wait(1_000) == 0


def test_a_restart_does_not_begin_the_minute_anew(google: World):
    for number in range(1, 401):
        google.fake.gmail.receive(eml(number))
    google.fake.per_minute = google.per_minute = 6_000
    box = google.mailbox()
    found, news = drained(google.gmail(box))
    box.google.close()
    google.clock.at += 10
    box = google.mailbox()
    again, news = drained(google.gmail(box), news.cursor)
    assert (len(again), news.later) == (0, 400 - len(found))
    box.google.close()
    google.clock.at += 60
    rest, news = drained(google.gmail(), news.cursor)
    assert len(found) + len(rest) == 400
    assert google.clock.slept == [], "nothing ran into Google's limit"


def test_the_look_back_is_bounded_and_spam_is_read_but_no_draft_chat_or_bin(google: World):
    gmail = google.fake.gmail
    gmail.receive(eml(1, days=100))
    gmail.receive(eml(2))
    gmail.receive(eml(3), "SPAM")
    gmail.receive(eml(4), "TRASH")
    gmail.receive(eml(5), "CHAT")
    gmail.receive(eml(6), "SCHEDULED")
    gmail.receive(eml(8, sender="sam@example.org"), "SENT")
    gmail.compose(eml(7))
    found, _ = drained(google.gmail(look_back=timedelta(days=90)))
    assert numbers(found) == [2, 3, 8]
    assert {m.folder for m in found} == {"", "spam", "sent"}
    assert google.fake.count("messages.get") == 3
    assert found[0].thread.startswith("gmail:")
    assert str(found[0].link).startswith(
        "https://mail.google.com/mail/?authuser=sam@example.org#all/"
    )


def test_what_arrives_during_the_first_look_is_read_too(google: World):
    for number in range(1, 6):
        google.fake.gmail.receive(eml(number))
    mail = google.gmail(portion=2)
    first = mail.changes(None)
    google.fake.gmail.receive(eml(9))
    rest, news = drained(mail, first.cursor)
    last, _ = drained(mail, news.cursor)
    assert numbers([*first.items, *rest, *last]) == [1, 2, 3, 4, 5, 9]


def test_what_the_first_look_has_read_is_not_read_again_from_the_history(google: World):
    """The point of history may be older than what was listed after it was taken."""
    gmail = google.fake.gmail
    start = gmail.point
    for number in range(1, 6):
        gmail.receive(eml(number))
    mail = google.gmail(portion=2)
    cursor = mail.changes(None).cursor
    cursor = json.dumps({**json.loads(cursor), "h": str(start)})
    gmail.receive(eml(9))
    rest, news = drained(mail, cursor)
    last, news = drained(mail, news.cursor)
    assert numbers([*rest, *last]) == [1, 2, 3, 9]
    assert google.fake.count("messages.get") == 6
    assert json.loads(news.cursor)["read"] is None, "the history knows it from now on"


def test_a_search_is_never_too_long_for_an_address():
    interests = Interests(
        people=tuple(f"person.{n}@some-long-company-name.example" for n in range(300)),
        words=tuple(f"面接のご案内{n}" for n in range(400)),
        names=('Jo "the {Boss}" (x)',),
    )
    found = [search.query for search in searches(interests, after=1_700_000_000)]
    assert all(len(s) < 1_300 and s.startswith("after:1700000000 {") for s in found)
    assert sum(s.count("from:") for s in found) == 300
    assert any('"Jo the Boss x"' in s for s in found)
    assert LONGEST < 2_048


# --- afterwards -----------------------------------------------------------------------------


def test_an_idle_look_costs_two_units(google: World):
    google.fake.gmail.receive(eml(1))
    _, news = drained(google.gmail())
    with google.fake.counted() as calls:
        box = google.mailbox()
        again = google.gmail(box).changes(news.cursor)
        list(google.drafts(box).found({}))
    assert again.items == ()
    first_time = [c.method for c in calls]
    with google.fake.counted() as calls:
        box = google.mailbox()
        google.gmail(box).changes(again.cursor)
        assert list(google.drafts(box).found({})) == []
    assert [c.method for c in calls] == ["gmail.users.history.list"], first_time


def test_drafts_chats_and_what_was_thrown_away_cost_nothing(google: World):
    gmail = google.fake.gmail
    _, news = drained(google.gmail())
    draft = gmail.compose(eml(1))
    for _ in range(5):
        gmail.edit(draft, lambda raw: raw + b"more\r\n")
    gmail.receive(eml(2), "CHAT")
    gmail.receive(eml(3), "TRASH")
    gone = gmail.receive(eml(4))
    gmail.delete(gone)
    binned = gmail.receive(eml(5))
    gmail.relabel(binned, add=["TRASH"], remove=["INBOX"])
    scheduled = gmail.receive(eml(6), "SCHEDULED")
    with google.fake.counted() as calls:
        found, news = drained(google.gmail(), news.cursor)
    assert found == []
    assert {c.method for c in calls} == {"gmail.users.history.list"}
    gmail.relabel(scheduled, add=["SENT"], remove=["SCHEDULED"])
    gmail.relabel(binned, add=["INBOX"], remove=["TRASH"])
    found, _ = drained(google.gmail(), news.cursor)
    assert numbers(found) == [5, 6]


def test_a_message_that_is_gone_meanwhile_is_normal_and_a_late_one_is_asked_once_more(
    google: World,
):
    _, news = drained(google.gmail())
    google.fake.gmail.receive(eml(1))
    google.fake.gmail.receive(eml(2))
    google.fake.fault("messages.get", status=404, reason="notFound")
    found, news = drained(google.gmail(), news.cursor)
    assert numbers(found) == [2]
    found, news = drained(google.gmail(), news.cursor)
    assert numbers(found) == [1], "it only came late"
    google.fake.gmail.receive(eml(3))
    google.fake.fault("messages.get", status=404, reason="notFound", times=2)
    for _ in range(4):
        found, news = drained(google.gmail(), news.cursor)
        assert found == []
    assert google.fake.faults[-1].times == 0, "asked twice and no more"


def test_a_page_without_history_is_not_the_end(google: World):
    _, news = drained(google.gmail())
    google.fake.gmail.receive(eml(1))
    google.fake.gmail.empty_pages = True
    found, _ = drained(google.gmail(), news.cursor)
    assert numbers(found) == [1]


def test_pages_that_overlap_yield_nothing_twice(google: World):
    gmail = google.fake.gmail
    gmail.page, gmail.overlapping_pages = 3, True
    for number in range(1, 11):
        gmail.receive(eml(number))
    found, news = drained(google.gmail())
    for number in range(11, 21):
        gmail.receive(eml(number))
    later, _ = drained(google.gmail(), news.cursor)
    assert numbers([*found, *later]) == list(range(1, 21))
    assert google.fake.count("messages.get") == 20
    drafts = [gmail.compose(eml(number)) for number in range(21, 28)]
    assert list(google.drafts().found({})) == []
    assert google.fake.count("drafts.get") == len(drafts), "each is looked into once"


def test_many_pages_of_history(google: World):
    _, news = drained(google.gmail())
    for number in range(1, 30):
        google.fake.gmail.receive(eml(number))
    google.fake.gmail.page = 4
    found, _ = drained(google.gmail(), news.cursor)
    assert numbers(found) == list(range(1, 30))


def test_a_forgotten_history_is_a_bounded_look_without_loss(google: World):
    gmail = google.fake.gmail
    for number in range(1, 6):
        gmail.receive(eml(number, days=60))
    _, news = drained(google.gmail())
    google.clock.at += timedelta(days=20).total_seconds()
    gmail.receive(eml(10, days=-19))
    gmail.forgotten = gmail.point + 1
    gmail.point += 2
    with google.fake.counted() as calls:
        found, news = drained(google.gmail(), news.cursor)
    assert numbers(found) == [10]
    assert sum(c.method.endswith("messages.get") for c in calls) == 1, "nothing old is read again"
    gmail.receive(eml(11, days=-20))
    assert numbers(drained(google.gmail(), news.cursor)[0]) == [11]


def test_a_forgotten_history_keeps_what_was_still_to_be_read(google: World):
    for number in range(1, 8):
        google.fake.gmail.receive(eml(number, days=60))
    first = google.gmail(portion=2).changes(None)
    google.fake.gmail.forgotten = google.fake.gmail.point + 1
    google.fake.gmail.point += 2
    rest, _ = drained(google.gmail(), first.cursor)
    assert numbers([*first.items, *rest]) == list(range(1, 8))


def test_a_503_is_not_a_forgotten_history(google: World):
    google.fake.gmail.receive(eml(1))
    _, news = drained(google.gmail())
    google.fake.fault("history.list", status=503, times=20)
    with pytest.raises(Unavailable), google.fake.counted() as calls:
        google.gmail().changes(news.cursor)
    assert {c.method for c in calls} <= {"gmail.users.history.list"}


def test_what_was_read_before_a_failure_is_kept(google: World):
    for number in range(1, 6):
        google.fake.gmail.receive(eml(number))
    mail = google.gmail()
    google.fake.faults = []
    first = google.gmail(portion=2).changes(None)
    google.fake.fault("messages.get", status=200, times=0)
    broken = google.fake.fault("messages.get", status=500, times=0)
    broken.times = 50
    news = first
    with pytest.raises(Unavailable):
        mail.changes(news.cursor)
    broken.times = 0
    rest, _ = drained(mail, news.cursor)
    assert numbers([*first.items, *rest]) == [1, 2, 3, 4, 5]


def test_one_message_that_google_cannot_give_holds_up_no_other(google: World):
    gmail = google.fake.gmail
    _, news = drained(google.gmail())
    bad = gmail.receive(eml(1))
    for number in range(2, 4):
        gmail.receive(eml(number))
    google.fake.broken = bad
    found, news = drained(google.gmail(), news.cursor)
    assert (numbers(found), news.parked) == ([2, 3], ()), "it is asked once more"
    gmail.receive(eml(4))
    found, news = drained(google.gmail(), news.cursor)
    assert numbers(found) == [4]
    (parked,) = news.parked
    assert parked.source.startswith("https://mail.google.com/")
    gmail.receive(eml(5))
    with google.fake.counted() as calls:
        found, _ = drained(google.gmail(), news.cursor)
    assert numbers(found) == [5]
    assert len(calls) == 2, "and never again"


def test_a_message_that_comes_at_the_second_try_is_read(google: World):
    gmail = google.fake.gmail
    _, news = drained(google.gmail())
    google.fake.broken = gmail.receive(eml(1))
    gmail.receive(eml(2))
    found, news = drained(google.gmail(), news.cursor)
    google.fake.broken = ""
    again, news = drained(google.gmail(), news.cursor)
    assert (numbers(found), numbers(again), news.parked) == ([2], [1], ())


def test_a_first_look_that_could_read_nothing_is_no_empty_mailbox(google: World):
    google.fake.gmail.receive(eml(1))
    broken = google.fake.fault("messages.get", status=503, times=99)
    with pytest.raises(Unavailable):
        google.gmail().changes(None)
    broken.times = 0
    google.fake.per_minute = google.per_minute = 6_000
    box = google.mailbox()
    box.google.gmail_pace.spend(5_000)
    with pytest.raises(Unavailable, match="quota is used up"):
        google.gmail(box).changes(None)
    google.clock.at += 60
    assert numbers(drained(google.gmail(box))[0]) == [1]


def test_a_no_that_nobody_knows_sets_no_message_aside(google: World):
    for number in range(1, 4):
        google.fake.gmail.receive(eml(number))
    first = google.gmail(portion=1).changes(None)
    broken = google.fake.fault("messages.get", status=403, reason="somethingNew", times=9)
    with pytest.raises(Unavailable, match="somethingNew"):
        google.gmail().changes(first.cursor)
    broken.times = 0
    broken = google.fake.fault("messages.get", status=400, reason="failedPrecondition")
    rest, news = drained(google.gmail(), first.cursor)
    assert len(news.parked) == 1, "a no that is about the one message alone"
    assert len([*first.items, *rest]) == 2


def test_a_message_that_is_no_mail_is_set_aside(google: World):
    google.fake.gmail.receive(b"\n\nnot a mail")
    google.fake.gmail.receive(eml(1))
    news = google.gmail().changes(None)
    assert numbers(list(news.items)) == [1]
    (parked,) = news.parked
    assert "no mail" in parked.reason
    assert parked.source.startswith("https://mail.google.com/")


def test_a_message_too_long_is_read_without_its_attachments(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    text = "Content-Type: text/plain; charset=utf-8\n\nThe words – all of them.\n"
    google.fake.gmail.receive(too_long(text))
    monkeypatch.setattr("vouchd.connectors.google_answer.LONGEST_ANSWER", 100_000)
    (message,) = google.gmail().changes(None).items
    assert message.id == "<m1@mail.example>"
    assert message.text.strip() == "The words – all of them."
    assert message.attachments == ("cv.pdf",)


def too_long(*parts: str) -> bytes:
    """A mail of those parts and a file that makes it too long."""
    file = (
        "Content-Type: application/pdf\nContent-Disposition: attachment;"
        f' filename="cv.pdf"\nContent-Transfer-Encoding: base64\n\n{"QUFB" * 60_000}\n'
    )
    head = eml(1).partition(b"\n\n")[0].decode()
    whole = "".join(f"--b\n{part}\n" for part in (*parts, file))
    kind = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"'
    return f"{head}\n{kind}\n\n{whole}--b--\n".encode()


INVITE = (
    'Content-Type: text/calendar; method=REQUEST\nContent-Disposition: attachment; filename="i.ics"'
    "\n\nBEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:u1@acme.example\n"
    "DTSTAMP:20260301T100000Z\nDTSTART:20260305T100000Z\nDTEND:20260305T110000Z\n"
    "SUMMARY:Final interview\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_of_a_message_too_long_the_words_and_the_invitation_are_fetched_where_only_named(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    words = "We would like to invite you. " * 40
    text = f"Content-Type: text/plain; charset=utf-8\n\n{words} – all of them.\n"
    google.fake.gmail.receive(too_long(text, INVITE))
    google.fake.gmail.longest_text = 500
    monkeypatch.setattr("vouchd.connectors.google_answer.LONGEST_ANSWER", 100_000)
    (message,) = google.gmail().changes(None).items
    assert message.text.strip() == f"{words} – all of them."
    assert [event.summary for event in message.invites] == ["Final interview"]
    assert "cv.pdf" in message.attachments
    assert google.fake.count("messages.attachments.get") == 2, "and never the file"
    spent = sum(c.units for c in google.fake.calls if "messages.get" in c.method)
    assert spent == 40


def test_a_part_that_cannot_be_had_costs_the_message_nothing_else(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    text = f"Content-Type: text/plain; charset=utf-8\n\n{'Many words. ' * 100}\n"
    google.fake.gmail.receive(too_long(text, INVITE))
    google.fake.gmail.longest_text = 500
    google.fake.fault("attachments.get", status=404, reason="notFound")
    monkeypatch.setattr("vouchd.connectors.google_answer.LONGEST_ANSWER", 100_000)
    news = google.gmail().changes(None)
    (message,) = news.items
    assert (message.id, message.text.strip()) == ("<m1@mail.example>", "")
    assert len(message.invites) == 1
    assert news.parked == ()


# --- labels as answers ----------------------------------------------------------------------


def test_labels_are_made_once_and_say_yes_no_and_stop(google: World):
    gmail = google.fake.gmail
    first, second = gmail.receive(eml(1)), gmail.receive(eml(2))
    _, news = drained(google.gmail(labels=True))
    names = {name: id_ for id_, name in gmail.labels.items()}
    assert set(names) == {"vouchd/yes", "vouchd/no", "vouchd/stop"}
    gmail.relabel(first, add=[names["vouchd/yes"]])
    gmail.relabel(second, add=[names["vouchd/stop"]])
    news = google.gmail(labels=True).changes(news.cursor)
    threads = [f"gmail:{gmail.mails[id_].thread}" for id_ in (first, second)]
    assert news.words == (
        Word(threads[0], "yes", given=True),
        Word(threads[1], "stop", given=True),
    )
    assert news.items == (), "a label is no new mail"
    gmail.relabel(second, remove=[names["vouchd/stop"]])
    news = google.gmail(labels=True).changes(news.cursor)
    assert news.words == (Word(threads[1], "stop", given=False),)
    assert google.fake.count("labels.create") == 3
    assert google.fake.count("labels.list") == 1


def test_labels_of_that_name_are_taken_over(google: World):
    google.fake.gmail.labels["Label_77"] = "Vouchd/Stop"
    id_ = google.fake.gmail.receive(eml(1))
    google.fake.gmail.relabel(id_, add=["Label_77"])
    news = google.gmail(labels=True).changes(None)
    thread = f"gmail:{google.fake.gmail.mails[id_].thread}"
    assert news.words == (Word(thread, "stop", given=True),)
    assert google.fake.count("labels.create") == 2


def test_labels_that_cannot_be_made_do_not_hold_up_the_mail(google: World):
    google.fake.tokens["access-1"] -= {"https://www.googleapis.com/auth/gmail.labels"}
    google.fake.gmail.receive(eml(1))
    found, news = drained(google.gmail(labels=True))
    assert numbers(found) == [1]
    assert "label vouchd/stop: the sign-in does not permit this" in news.trouble, "and it is told"


def test_what_was_said_with_labels_while_they_could_not_be_read_is_heard_later(google: World):
    gmail = google.fake.gmail
    gmail.labels["Label_77"] = "vouchd/stop"
    id_ = gmail.receive(eml(1))
    google.fake.fault("labels.list", status=500, times=99)
    reader = google.gmail(labels=True)
    _, news = drained(reader)
    assert "labels: " in news.trouble
    assert "answers 500" in news.trouble
    assert news.words == ()
    gmail.relabel(id_, add=["Label_77"])
    news = reader.changes(news.cursor)
    assert news.words == ()
    google.fake.faults.clear()
    news = reader.changes(news.cursor)
    assert news.words == (Word(f"gmail:{gmail.mails[id_].thread}", "stop", given=True),)
    assert news.trouble == ""


def test_a_label_that_was_deleted_and_made_anew_is_known_by_its_new_number(google: World):
    gmail = google.fake.gmail
    id_ = gmail.receive(eml(1))
    drained(google.gmail(labels=True))
    (old,) = [number for number, name in gmail.labels.items() if name == "vouchd/yes"]
    del gmail.labels[old]
    gmail.labels["Label_99"] = "vouchd/yes"
    gmail.relabel(id_, add=["Label_99"])
    (word,) = google.gmail(labels=True).changes(None).words  # as after a history that was lost
    assert (word.word, word.given) == ("yes", True)


def test_a_copy_of_a_draft_of_ours_is_no_mail_and_a_strangers_mail_with_our_mark_is(google: World):
    """As in a Maildir: what has travelled was sent, by whoever that was."""
    marked = b"X-Vouchd-Key: thank_you.dana-cole.acme\n"
    google.fake.gmail.receive(marked + eml(1))
    google.fake.gmail.receive(marked + eml(2), "SENT")
    google.fake.gmail.receive(b"Received: from mx.elsewhere.example\n" + marked + eml(3))
    google.fake.gmail.receive(eml(4))
    assert numbers(drained(google.gmail())[0]) == [2, 3, 4]


def test_the_cursor_holds_no_words_of_the_mail(google: World):
    google.fake.gmail.receive(eml(1, text="secret"))
    cursor = google.gmail().changes(None).cursor
    assert set(json.loads(cursor)) == {"v", "h", "at", "todo", "fresh", "late", "read"}
