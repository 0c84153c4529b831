"""Drafts in Gmail: in their conversation, never twice, never over the user's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.connectors.worlds import draft
from tests.fakes.google.world import Jotter, World, world
from vouchd.connectors.base import Changed, Refused, Unavailable
from vouchd.connectors.google_failures import AnswerLost
from vouchd.rules.model import Draft, Found, fingerprint

KEY = "thank_you.dana"
PARENT = (
    b"From: Dana Cole <dana.cole@initech.example>\nTo: sam@example.org\nSubject: Acme called\n"
    b"Message-ID: <p1@initech.example>\nReferences: <p0@initech.example>\n"
    b"Date: Sun, 01 Mar 2026 09:00:00 +0000\n\nThey called.\n"
)


@pytest.fixture
def google(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def reply(thread: str | None, words: str = "Thank you.") -> Draft:
    return Draft(
        to=draft().to,
        subject="Re: Acme called",
        body=f"Dear Dana,\n\n{words}\n\nSam",
        in_reply_to="<p1@initech.example>",
        references=("<p0@initech.example>", "<p1@initech.example>"),
        thread=thread,
    )


def seen(google: World, known: dict[str, str] | None = None) -> list[Found]:
    return list(google.drafts().found(known or {}))


# --- in its conversation --------------------------------------------------------------------


@pytest.mark.parametrize("told", [True, False], ids=["thread told", "thread looked for"])
def test_a_reply_lies_in_the_conversation_it_answers(google: World, told: bool):
    gmail = google.fake.gmail
    thread = gmail.mails[gmail.receive(PARENT)].thread
    handle = google.drafts().write(
        KEY, reply(f"gmail:{thread}" if told else "<p0@initech.example>")
    )
    mail = gmail.mails[gmail.drafts[handle]]
    assert mail.thread == thread
    assert mail.parsed["In-Reply-To"] == "<p1@initech.example>"
    assert mail.parsed["References"].split() == ["<p0@initech.example>", "<p1@initech.example>"]
    assert mail.parsed["Subject"] == "Re: Acme called"
    (found,) = seen(google)
    assert found.link == f"https://mail.google.com/mail/?authuser=sam@example.org#all/{thread}"
    google.drafts().rewrite(handle, reply(f"gmail:{thread}", "Better."), found.print)
    assert gmail.mails[gmail.drafts[handle]].thread == thread


def test_a_very_long_message_id_stays_one_id(google: World):
    long = "<" + "a" * 180 + "@initech.example>"
    google.fake.gmail.receive(PARENT.replace(b"<p1@initech.example>", long.encode()))
    answer = Draft(
        to=draft().to, subject="Re: Acme called", body="x", in_reply_to=long, references=(long,)
    )
    handle = google.drafts().write(KEY, answer)
    raw = google.fake.gmail.mails[google.fake.gmail.drafts[handle]].raw
    assert b"=?" not in raw
    assert message_from_bytes(raw)["In-Reply-To"].strip() == long


@pytest.mark.parametrize("where", ["TRASH", "SPAM", "gone"])
def test_never_a_ghost_what_answers_a_mail_in_the_bin_is_a_conversation_of_its_own(
    google: World, where: str
):
    gmail = google.fake.gmail
    parent = gmail.receive(PARENT)
    thread = gmail.mails[parent].thread
    if where == "gone":
        gmail.delete(parent)
    else:
        gmail.relabel(parent, add=[where], remove=["INBOX"])
    handle = google.drafts().write(KEY, reply(f"gmail:{thread}"))
    mail = gmail.mails[gmail.drafts[handle]]
    assert mail.thread != thread
    assert mail.parsed["In-Reply-To"] is None


def test_a_draft_to_nobody_yet_is_taken(google: World):
    handle = google.drafts().write(KEY, replace(draft(), to=()))
    (found,) = seen(google, {handle: KEY})
    assert found.untouched


def test_an_attachment_comes_along(google: World, tmp_path: Path):
    (tmp_path / "Sam Rivera – CV.pdf").write_bytes(b"%PDF-1.7\x00\xff" * 5000)
    content = Draft(
        to=draft().to, subject="x", body="y", attachments=(str(tmp_path / "Sam Rivera – CV.pdf"),)
    )
    handle = google.drafts().write(KEY, content)
    mail = google.fake.gmail.mails[google.fake.gmail.drafts[handle]]
    (part,) = (p for p in mail.parsed.walk() if p.get_filename())
    assert part.get_payload(decode=True) == b"%PDF-1.7\x00\xff" * 5000
    (found,) = seen(google)
    assert found.untouched


def test_a_draft_of_the_users_own_in_that_conversation_is_left_alone_and_said_so(google: World):
    gmail = google.fake.gmail
    thread = gmail.mails[gmail.receive(PARENT)].thread
    theirs = gmail.compose(PARENT.replace(b"<p1@", b"<mine@"), thread)
    before = gmail.mails[gmail.drafts[theirs]].raw
    with pytest.raises(Refused, match="a draft of your own"):
        google.drafts().write(KEY, reply(f"gmail:{thread}"))
    with google.fake.counted() as calls, pytest.raises(Refused, match="a draft of your own"):
        google.drafts().write(KEY, reply(f"gmail:{thread}"))
    assert calls == [], "it is not asked in vain"
    assert gmail.mails[gmail.drafts[theirs]].raw == before
    gmail.discard(theirs)
    assert seen(google) == []
    google.drafts().write(KEY, reply(f"gmail:{thread}"))
    assert len(gmail.drafts) == 1


# --- never twice ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_cut_connection_makes_no_twin(google: World, how: str):
    google.fake.fault("drafts.create", cut=how)
    shelf = google.drafts()
    if how == "after":
        handle = shelf.write(KEY, draft())
    else:
        with pytest.raises(AnswerLost):
            shelf.write(KEY, draft())
        assert seen(google) == []
        handle = google.drafts().write(KEY, draft())
    assert google.fake.count("drafts.create") == (1 if how == "after" else 2)
    (found,) = seen(google, {handle: KEY})
    assert (found.handle, found.untouched) == (handle, True)
    assert len(google.fake.gmail.drafts) == 1


def test_a_lost_answer_and_no_way_to_look_is_found_by_the_next_round(google: World):
    """The power goes, or the network with it: what lies there is adopted, not written again."""
    google.fake.fault("drafts.create", cut="after")
    google.fake.fault("drafts.list", status=503, times=0)
    later = google.fake.faults[-1]

    # The listing before the create goes well, those after it do not.
    google.drafts().found({})
    shelf = google.drafts()
    answer = google.fake.answer

    def watched(verb: str, url: str, headers: dict[str, str], raw: bytes):
        if verb == "POST" and url.endswith("/drafts?alt=json"):
            later.times = 99
        return answer(verb, url, headers, raw)

    google.fake.answer = watched  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        shelf.write(KEY, draft())
    google.fake.answer = answer  # type: ignore[method-assign]
    later.times = 0
    (found,) = seen(google)
    assert (found.key, found.untouched) == (KEY, True)
    assert google.drafts().write(KEY, draft()) == found.handle
    assert google.fake.count("drafts.create") == 1


def test_a_request_that_arrives_twice_leaves_two_and_both_are_found(google: World):
    google.fake.fault("drafts.create", twice=True)
    handle = google.drafts().write(KEY, draft())
    found = seen(google, {handle: KEY})
    assert len(found) == 2, "so that the reconciler takes the double away"
    assert {f.key for f in found} == {KEY}
    assert all(f.untouched for f in found)
    (double,) = (f for f in found if f.handle != handle)
    google.drafts().remove(double.handle, double.print)
    assert [f.handle for f in seen(google, {handle: KEY})] == [handle]
    assert list(google.fake.gmail.drafts) == [handle]


def test_a_503_to_a_create_is_not_repeated_blindly(google: World):
    google.fake.fault("drafts.create", status=503)
    with pytest.raises(AnswerLost):
        google.drafts().write(KEY, draft())
    assert google.fake.count("drafts.create") == 1


def test_a_429_to_a_create_says_that_nothing_was_done_and_is_repeated(google: World):
    google.fake.fault("drafts.create", status=429, reason="rateLimitExceeded")
    google.fake.fault("drafts.create", status=403, reason="userRateLimitExceeded")
    google.drafts().write(KEY, draft())
    assert len(google.fake.gmail.drafts) == 1


def test_a_crash_before_the_receipt_is_adopted_also_when_all_notes_are_lost(google: World):
    handle = google.drafts().write(KEY, draft())
    google.notes.clear()
    (found,) = seen(google)
    assert (found.handle, found.key, found.untouched) == (handle, KEY, True)
    assert google.drafts().write(KEY, draft()) == handle
    assert len(google.fake.gmail.drafts) == 1


def test_two_machines_on_one_mailbox_make_no_twin(google: World):
    here = google.notes
    there = google.notes = Jotter()
    assert seen(google) == []
    google.notes = here
    first = google.drafts().write(KEY, draft())
    google.notes = there
    assert google.drafts().write(KEY, draft()) == first
    assert list(google.fake.gmail.drafts) == [first]


def test_with_too_many_drafts_to_look_into_ours_is_found_by_its_identity(google: World):
    handle = google.drafts().write(KEY, draft())
    for number in range(40):
        google.fake.gmail.compose(PARENT.replace(b"<p1@", f"<x{number}@".encode()))
    google.notes.clear()
    google.per_minute = google.fake.per_minute = 200
    assert google.drafts().write(KEY, draft()) == handle
    assert google.fake.count("drafts.get") < 15


# --- what the user does ---------------------------------------------------------------------


def test_an_edit_gives_the_message_another_id_and_the_draft_keeps_its_own(google: World):
    handle = google.drafts().write(KEY, draft())
    google.fake.gmail.edit(handle, lambda raw: raw.replace(b"Dear", b"Dearest"))
    (found,) = seen(google, {handle: KEY})
    assert found.handle == handle
    assert not found.untouched
    with pytest.raises(Changed):
        google.drafts().rewrite(handle, draft("ours"), fingerprint(draft()))
    assert b"Dearest" in google.fake.gmail.mails[google.fake.gmail.drafts[handle]].raw


@pytest.mark.parametrize("rebuilt", [False, True], ids=["as it is", "rebuilt by the composer"])
def test_one_that_was_sent_is_recognised(google: World, rebuilt: bool):
    gmail = google.fake.gmail
    handle = google.drafts().write(KEY, draft())
    seen(google, {handle: KEY})

    def change(raw: bytes) -> bytes:
        kept = [line for line in raw.split(b"\r\n") if not line.startswith(b"X-Vouchd")]
        text = b"\r\n".join(kept).replace(b"<vouchd.", b"<CAF-new.")
        return text.replace(b"Thank you for your time", b"Thank you so much")

    sent = gmail.send(handle, change if rebuilt else lambda raw: raw)
    gmail.unsearchable.add(sent)  # the search is late, the history is not
    (found,) = seen(google, {handle: KEY})
    assert found.sent
    with google.fake.counted() as calls:
        (again,) = seen(google, {handle: KEY})
    assert again.sent
    assert len(calls) == 1, "it is known now"


def test_one_that_was_sent_while_the_history_was_lost_is_recognised(google: World):
    handle = google.drafts().write(KEY, draft())
    google.fake.gmail.send(handle)
    google.fake.gmail.forgotten = google.fake.gmail.point + 1
    google.fake.gmail.point += 2
    (found,) = seen(google, {handle: KEY})
    assert found.sent


def test_one_that_was_thrown_away_is_gone_though_other_mail_was_sent(google: World):
    handle = google.drafts().write(KEY, draft())
    google.fake.gmail.discard(handle)
    google.fake.gmail.receive(
        PARENT.replace(b"From: Dana Cole <dana.cole@initech.example>\nTo: sam@example.org",
                       b"From: sam@example.org\nTo: somebody@else.example"), "SENT",
    )  # fmt: skip
    assert seen(google, {handle: KEY}) == []


def test_a_draft_into_which_the_user_put_something_huge_is_theirs(
    google: World, monkeypatch: pytest.MonkeyPatch
):
    handle = google.drafts().write(KEY, draft())
    monkeypatch.setattr("vouchd.connectors.google_answer.LONGEST_ANSWER", 50_000)
    google.fake.gmail.edit(handle, lambda raw: raw + b"x" * 60_000)
    (found,) = seen(google, {handle: KEY})
    assert (found.key, found.mark, found.untouched) == (KEY, None, False)


def test_a_link_to_a_draft_holds_after_an_edit(google: World):
    handle = google.drafts().write(KEY, draft())
    (before,) = seen(google)
    google.fake.gmail.edit(handle, lambda raw: raw + b"PS\r\n")
    (after,) = seen(google)
    assert before.link == after.link
    assert "authuser=sam@example.org" in str(before.link)
    assert google.fake.gmail.drafts[handle] not in str(after.link)
