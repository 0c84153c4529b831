"""What the user rewrote in a draft in Gmail, unsent, stands in the next letter to that person."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from tests.daemon.test_google import Desk, desk

__all__ = ["desk"]
GREETING, CLOSING = "Ciao Dana mia,", "Big hug,"


def drafts(desk: Desk) -> dict[str, str]:
    """What lies among the drafts now, by the id of the draft."""
    return {id_: _text(desk.fake.gmail.mails[m].raw) for id_, m in desk.fake.gmail.drafts.items()}


def _text(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def rewritten(raw: bytes) -> str:
    lines = _text(raw).replace("\r\n", "\n").split("\n")
    assert lines[0].endswith(",")
    lines[0] = GREETING
    end = max(n for n, line in enumerate(lines) if line.strip().startswith("Sam"))
    lines[end - 1] = CLOSING
    return "\n".join(lines)


def as_text(raw: bytes) -> bytes:
    """The edit of a program that keeps a draft as it is."""
    draft = message_from_bytes(raw, policy=default)
    draft.set_content(rewritten(raw))
    return draft.as_bytes()


def as_the_web_page_does(raw: bytes) -> bytes:
    """Gmail's page writes text and HTML anew, and keeps no header that it does not know."""
    old = message_from_bytes(raw, policy=default)
    draft = EmailMessage()
    for name in ("To", "From", "Subject", "In-Reply-To", "References"):
        if old[name]:
            draft[name] = str(old[name])
    text = rewritten(raw)
    draft.set_content(text.replace("\n", "\r\n"))
    draft.add_alternative(f"<div>{text.replace(chr(10), '<br>')}</div>", subtype="html")
    return draft.as_bytes()


@pytest.mark.parametrize("edit", [as_text, as_the_web_page_does])
def test_greeting_and_closing_of_an_edited_draft_are_kept_for_the_next(desk: Desk, edit):
    desk.dana_spoke()
    desk.round()
    ((thanks, before),) = drafts(desk).items()
    assert GREETING not in before
    desk.fake.gmail.edit(thanks, edit)
    edited = drafts(desk)[thanks]
    desk.round()
    assert drafts(desk) == {thanks: edited}, "an edited draft stays as it is"
    desk.receive(
        "Dear Sam,\n\nwe regret that we have decided to move forward with another candidate for "
        "the Staff Engineer position.\n\nKim Lee",
        "Kim Lee <kim@acme-robotics.example>",
        "Your application as Staff Engineer",
    )
    desk.round()
    (news,) = [text for id_, text in drafts(desk).items() if id_ != thanks]
    assert news.startswith(GREETING)
    assert CLOSING in news
    assert drafts(desk)[thanks] == edited


def test_a_draft_as_we_left_it_and_an_edited_middle_teach_nothing(desk: Desk):
    desk.dana_spoke()
    desk.round()
    ((thanks, before),) = drafts(desk).items()

    def middle(raw: bytes) -> bytes:
        draft = message_from_bytes(raw, policy=default)
        lines = _text(raw).split("\n")
        draft.set_content("\n".join([*lines[:2], "It rained all week.", "", *lines[2:]]))
        return draft.as_bytes()

    desk.fake.gmail.edit(thanks, middle)
    desk.round()
    desk.receive(
        "Dear Sam,\n\nwe regret that we have decided to move forward with another candidate for "
        "the Staff Engineer position.\n\nKim Lee",
        "Kim Lee <kim@acme-robotics.example>",
        "Your application as Staff Engineer",
    )
    desk.round()
    others = [text for id_, text in drafts(desk).items() if id_ != thanks]
    assert len(others) == 1
    assert others[0].split("\n")[0].strip() == before.split("\n")[0].strip()
