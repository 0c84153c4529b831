"""A draft becomes a complete mail that says what the draft says and nothing besides."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.worlds import DANA, ME, draft
from vouchd.connectors.base import Refused
from vouchd.connectors.mime import compose, draft_in, head, identity, parse
from vouchd.rules.model import Address, Draft, fingerprint

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def written(thing: Draft, key: str = "thank_you-dana") -> bytes:
    return compose(thing, key=key, sender=ME, stamp=AT)


def opened(raw: bytes) -> EmailMessage:
    """Read it with the standard library, as another program would."""
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_another_program_reads_the_same():
    thing = replace(
        draft("Grüße – “from Kiel”"),
        in_reply_to="<2@initech.example>",
        references=("<1@initech.example>", "<2@initech.example>"),
    )
    message = opened(written(thing))
    assert message["From"] == "Sam Rivera <sam@example.org>"
    assert message["To"] == "Dana Cole <dana.cole@initech.example>"
    assert message["Subject"] == thing.subject
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == identity("thank_you-dana", ME)
    assert message["In-Reply-To"] == "<2@initech.example>"
    assert message["References"].split() == list(thing.references)
    assert message["X-Vouchd-Key"] == "thank_you-dana"
    assert message["X-Vouchd-Mark"] == fingerprint(thing)
    assert message.get_content().rstrip("\n") == thing.body


def test_a_draft_to_nobody_yet_has_no_empty_field():
    raw = written(replace(draft("Hello"), to=()))
    assert opened(raw)["To"] is None
    assert draft_in(raw).to == ()


def test_the_same_key_has_the_same_identity():
    one, other = written(draft("a")), written(draft("b"))
    assert head(one).id == head(other).id != head(written(draft("a"), key="other")).id


def test_attachments_come_from_their_paths(tmp_path: Path):
    resume = tmp_path / "Lebenslauf für Sam.pdf"
    resume.write_bytes(bytes(range(256)) * 20)
    raw = written(replace(draft(), attachments=(str(resume),)))
    (attached,) = opened(raw).iter_attachments()
    assert attached.get_filename() == resume.name
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == resume.read_bytes()
    assert parse(raw, zone=UTC).attachments == (resume.name,)
    assert fingerprint(draft_in(raw)) == fingerprint(draft())


def test_a_missing_attachment_is_said(tmp_path: Path):
    with pytest.raises(Refused, match=r"cv\.pdf: cannot be attached \(No such file"):
        written(replace(draft(), attachments=(str(tmp_path / "cv.pdf"),)))
    with (tmp_path / "big.pdf").open("wb") as file:
        file.truncate(25_000_000)
    with pytest.raises(Refused, match="too big to attach"):
        written(replace(draft(), attachments=(str(tmp_path / "big.pdf"),)))


EVIL = "x\r\nBcc: thief@example.com\r\n\r\nInjected"


@pytest.mark.parametrize(
    "thing",
    [
        replace(draft(), subject=EVIL),
        replace(draft(), to=(Address(DANA.email, EVIL),)),
        replace(draft(), in_reply_to=EVIL),
        replace(draft(), references=(EVIL,)),
        replace(draft(), subject="x\u2028Bcc: thief@example.com\x0bBcc: y"),
    ],
)
def test_no_value_adds_a_header_field(thing: Draft):
    message = opened(written(thing, key="k\r\nBcc: thief@example.com"))
    assert message["Bcc"] is None
    assert sorted({name.lower() for name in message} - {"in-reply-to", "references"}) == [
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
        "x-vouchd-key",
        "x-vouchd-mark",
    ]
    assert "Injected" not in message.get_content()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dana",
        "a@b, thief@example.com",
        "a@x.example\nBcc: t@x.example",
        "<a@x.example>",
        "a b@x",
    ],
)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(Refused, match="is no mail address"):
        written(replace(draft(), to=(Address(address),)))


def test_words_that_look_like_a_mailbox_line_are_safe():
    raw = written(draft("From here on, all is well.\nFrom there too – ü"))
    assert b"\nFrom " not in raw
    assert fingerprint(draft_in(raw)) == fingerprint(
        draft("From here on, all is well.\nFrom there too – ü")
    )


ADDRESSES = st.builds(
    lambda local, domain, name: Address(f"{local}@{domain}", name),
    st.from_regex(r"[a-z0-9.+_-]{1,30}", fullmatch=True),
    st.sampled_from(["x.example", "münchen.example", "a-b.example.org"]),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40),
)
WORDS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")


@given(
    st.builds(
        lambda to, subject, body: Draft(to=tuple(to), subject=subject, body=body),
        st.lists(ADDRESSES, min_size=1, max_size=4),
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120),
        st.text(WORDS, max_size=300),
    )
)
def test_what_was_written_reads_the_same(thing: Draft):
    """Else a draft of ours would look like one the user has changed."""
    raw = written(thing)
    assert fingerprint(draft_in(raw)) == fingerprint(thing) == head(raw).mark
    assert raw.isascii()
    assert max(map(len, raw.split(b"\n"))) <= 998


@pytest.mark.parametrize("words", ["Grüße", "Greetings", "=?utf-8?q?x?="])
@pytest.mark.parametrize(
    "trick", ["\r\nBcc: evil@elsewhere.example", "\n\nbody", "\x1b[2J\x07", "\0"]
)
def test_nothing_steers_that_another_program_decodes(words: str, trick: str):
    """Also inside of an encoded word: a program that decodes it must not find a line end there."""
    named = replace(DANA, name=f"{words}{trick}")
    mail = opened(written(Draft(to=(named,), subject=f"{words}{trick}", body="Hello")))
    assert "bcc" not in mail
    for value in (str(mail["Subject"]), mail["To"].addresses[0].display_name):
        assert not [c for c in value if ord(c) < 32], value
