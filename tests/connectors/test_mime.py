"""A message is read whatever it looks like."""

from __future__ import annotations

import base64
import binascii
import quopri
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.mails import HEAD, ZONE, mail, parts, read, replaced
from vouchd.connectors.base import Refused
from vouchd.connectors.mime import draft_in, head, parse, read_eml
from vouchd.rules.model import Address

ICS = (
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:i1@acme.example\nSUMMARY:Interview\n"
    "DTSTART:20260310T140000Z\nDTEND:20260310T150000Z\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_a_plain_mail_in_all_its_fields():
    message = read("Happy to.\n\nDana\n", "Reply-To: <dee@home.example>", "Cc: hr@acme.example")
    assert message.id == message.thread == "<1@initech.example>"
    assert message.at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    assert message.sender == Address("dana.cole@initech.example", "Dana Cole")
    assert message.to == (Address("sam@example.org", "Sam Rivera"), Address("hr@acme.example"))
    assert message.reply_to == Address("dee@home.example")
    assert (message.subject, message.text) == ("Hello", "Happy to.\n\nDana\n")
    assert (message.sent, message.automatic, message.bulk) == (False, False, False)
    assert (message.authentic, message.key, message.notes) == (None, None, ())
    assert message.link == "mid:1@initech.example"


def test_line_ends_do_not_matter():
    for end in (b"\r\n", b"\r"):
        message = parse(mail("one\n\ntwo\n").replace(b"\n", end), zone=ZONE)
        assert (message.subject, message.text) == ("Hello", "one\n\ntwo\n")


# --- which words ----------------------------------------------------------------------------

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


def test_of_two_forms_the_plain_one_is_taken():
    body, kind = parts("alternative", f"{PLAIN}Plain words.", f"{HTML}<p>Plain words.</p>")
    assert read(body, kind).text == "Plain words."


def test_a_plain_form_that_says_much_less_is_not_enough():
    long = "We would like to invite you to an interview on Monday. " * 3
    body, kind = parts("alternative", f"{PLAIN}Please see HTML.", f"{HTML}<p>{long}</p>")
    assert read(body, kind).text == long.strip()


def test_an_html_only_mail_has_words():
    message = read("<p>You have been<br>rejected&nbsp;today</p>", "Content-Type: text/html")
    assert message.text == "You have been\nrejected today"


def test_html_that_says_it_is_plain_is_read_as_what_it_is():
    for page in ("<!DOCTYPE html><html><body>", "<html>", '<div dir="ltr">', "\n<p>"):
        assert read(f"{page}<p>Hi</p><p>Sam</p>").text == "Hi\n\nSam"
    assert read("<p.s.> Hi <b> Sam").text == "<p.s.> Hi <b> Sam"


def test_words_stand_between_attachments():
    body, kind = parts(
        "mixed",
        f"{PLAIN}First.",
        "Content-Type: application/pdf; name=cv.pdf\nContent-Transfer-Encoding: base64\n\nAAAA",
        f"{PLAIN}Last.",
        'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: attachment\n\nnotes',
    )
    message = read(body, kind)
    assert message.text == "First.\n\nLast."
    assert message.attachments == ("cv.pdf", "notes.txt")


def test_apples_and_outlooks_nesting():
    rich = parts(
        "related", f"{HTML}<p>Rich words, but the same.</p>", "Content-Type: image/png\n\n"
    )
    both = parts("alternative", f"{PLAIN}Rich words, but the same.", f"{rich[1]}\n\n{rich[0]}")
    body, kind = parts("mixed", f"{both[1]}\n\n{both[0]}")
    assert read(body, kind).text.strip() == "Rich words, but the same."


@pytest.mark.parametrize(
    "name",
    [
        'filename="Offer – Sam.pdf"',
        "filename*=utf-8''Offer%20%E2%80%93%20Sam.pdf",
        "filename*0*=utf-8''Offer%20%E2%80%93; filename*1=\" Sam.pdf\"",
        'filename="=?utf-8?q?Offer_=E2=80=93_Sam.pdf?="',
    ],
)
def test_names_of_attachments_in_every_spelling(name: str):
    body, kind = parts("mixed", f"Content-Disposition: attachment; {name}\n\nx")
    assert read(body, kind).attachments == ("Offer – Sam.pdf",)


def test_a_forwarded_message_is_read_and_headed_as_one():
    inner = mail("We chose somebody else.\n", head=replaced(subject="Your application")).decode()
    body, kind = parts("mixed", f"{PLAIN}See below.", f"Content-Type: message/rfc822\n\n{inner}")
    lines = read(body, kind).text.splitlines()
    assert lines[0] == "See below."
    assert lines[2] == "---------- Forwarded message ----------"
    assert "From: Dana Cole <dana.cole@initech.example>" in lines
    assert "Subject: Your application" in lines
    assert lines[-1] == "We chose somebody else."


def test_a_forwarded_message_that_was_encoded():
    inner = base64.encodebytes(mail("Inner words.\n")).decode()
    head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    body, kind = parts("mixed", head + inner)
    assert read(body, kind).text.strip().endswith("Inner words.")


def test_a_bounce_says_what_failed_and_quotes_what_the_user_wrote():
    inner = mail("Would you vouch for me?\n").decode()
    body, kind = parts(
        "report",
        f"{PLAIN}Delivery failed.",
        "Content-Type: message/delivery-status\n\nFinal-Recipient: d@x.example\nStatus: 5.1.1",
        f"Content-Type: message/rfc822\n\n{inner}",
    )
    message = read(body, kind)
    assert message.automatic
    assert "Status: 5.1.1" in message.text
    assert "> Would you vouch for me?" in message.text.splitlines()


def test_flowed_lines_are_joined_again():
    text = "I would be glad \nto vouch \nfor you.\n> you asked \n> me\n-- \nDana\n"
    message = read(text, "Content-Type: text/plain; format=flowed")
    assert message.text == "I would be glad to vouch for you.\n> you asked me\n-- \nDana\n"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("quoted-printable", quopri.encodestring("Grüße, größer als".encode() * 9)),
        ("BASE64", base64.encodebytes("Grüße, größer als".encode() * 9)),
        ("base64", base64.b64encode("Grüße, größer als".encode() * 9).rstrip(b"=") + b"\n--\n"),
        ("8bit", "Grüße, größer als".encode() * 9),
        ("x-unheard-of", "Grüße, größer als".encode() * 9),
        ("base64", "Grüße, größer als".encode() * 9),
    ],
)
def test_transfer_encodings_also_broken_ones(encoding: str, data: bytes):
    kind = "Content-Type: text/plain; charset=utf-8"
    text = read(data, kind, f"Content-Transfer-Encoding: {encoding}").text
    assert text.replace("\n", "").startswith("Grüße, größer als" * 8)


def test_uuencoded_words():
    lines = b"begin 644 x\n" + binascii.b2a_uu("Grüße".encode()) + b"?broken\n`\nend\n"
    assert read(lines, "Content-Transfer-Encoding: x-uuencode").text == "Grüße"


def test_parts_without_an_end_or_a_beginning():
    body, kind = parts("mixed", f"{PLAIN}Words.")
    assert read(body.replace("--=_mixed--\n", ""), kind).text == "Words.\n"
    message = read("Just words.\n", kind)
    assert message.text == "Just words.\n"
    assert message.notes == ("its parts could not be told apart; it was read as one text",)
    assert read("Just words.\n", "Content-Type: multipart/mixed").text == "Just words.\n"


def test_a_boundary_that_begins_like_another():
    inner, kind = parts("alternative", f"{PLAIN}Inside.")
    inner, kind = inner.replace("=_alternative", "abc-1"), kind.replace("=_alternative", "abc-1")
    whole = f"--abc\n{kind}\n\n{inner}\n--abc\n{PLAIN}After.\n--abc--\n"
    assert read(whole, 'Content-Type: multipart/mixed; boundary="abc"').text == "Inside.\n\nAfter."


def test_what_is_encrypted_says_so():
    body, kind = parts("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1")
    assert read(body, kind).notes == ("encrypted: its words cannot be read",)
    assert "S/MIME" in read("AAAA", "Content-Type: application/pkcs7-mime").notes[0]


# --- calendars -------------------------------------------------------------------------------


def test_a_calendar_part_is_an_invitation_once_though_it_comes_twice():
    inner = parts(
        "alternative", f"{PLAIN}You are invited.", f"Content-Type: text/calendar\n\n{ICS}"
    )
    file = f'Content-Type: application/ics; name="invite.ics"\n\n{ICS}'
    body, kind = parts("mixed", f"{inner[1]}\n\n{inner[0]}", file)
    message = read(body, kind)
    (invite,) = message.invites
    assert (invite.uid, invite.method, invite.summary) == (
        "i1@acme.example",
        "REQUEST",
        "Interview",
    )
    assert message.attachments == ("invite.ics",)
    assert message.text == "You are invited."


def test_the_method_may_stand_in_the_type_alone():
    text = ICS.replace("METHOD:REQUEST\n", "")
    (invite,) = read(text, "Content-Type: text/calendar; method=CANCEL").invites
    assert (invite.method, invite.cancelled) == ("CANCEL", True)


def test_a_broken_calendar_part_leaves_the_words():
    broken = ICS.replace("20260310T140000Z", "tomorrow")
    body, kind = parts("mixed", f"{PLAIN}Words.", f"Content-Type: text/calendar\n\n{broken}")
    message = read(body, kind)
    assert (message.text, message.invites) == ("Words.", ())
    assert message.notes == (
        'calendar part: event "Interview": DTSTART "tomorrow" is no time; export the calendar anew',
    )


# --- headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?B?R3LDvMOf?= =?utf-8?b?ZQ==?=", "Grüße"),
        ("=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1*de?q?Gr=FC=DFe?= aus Kiel", "Grüße aus Kiel"),
        ("=?x-unknown?q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        ("=?utf-8?q?Re:_a b?=", "Re: a b"),
        ("=?utf-8?x?broken?= word", "=?utf-8?x?broken?= word"),
        ("=?utf-8?q?Offer", "=?utf-8?q?Offer"),
        ("Gr\u00fc\u00dfe", "Grüße"),
        ("a\n folded\n\tsubject", "a folded subject"),
    ],
)
def test_subjects_in_encoded_words_also_broken_ones(written: str, meant: str):
    assert read("x", head=replaced(subject=written)).subject == meant


def test_a_subject_in_bytes_of_no_charset():
    raw = mail("x").replace(b"Hello", "Grüße".encode("latin-1"))
    assert parse(raw, zone=ZONE).subject == "Grüße"


@pytest.mark.parametrize(
    ("written", "email", "name"),
    [
        ("dana@x.example", "dana@x.example", ""),
        ("<Dana@X.example>", "dana@x.example", ""),
        ('"Cole, Dana" <dana@x.example>', "dana@x.example", "Cole, Dana"),
        ("Dana (HR) Cole <dana@x.example>", "dana@x.example", "Dana  Cole"),
        ("dana@x.example (Dana Cole)", "dana@x.example", "Dana Cole"),
        ("=?utf-8?q?Cole=2C_D=C3=A4na?= <dana@x.example>", "dana@x.example", "Cole, Däna"),
        ('"\\"Dee\\" Cole" <dana@x.example>', "dana@x.example", 'Dee" Cole'),
        ("Dana <@a.example,@b.example:dana@x.example>", "dana@x.example", "Dana"),
        ("'dana@x.example' <dana@x.example>", "dana@x.example", ""),
        ("Dana <dana@x.example", "dana@x.example", "Dana"),
        ('"Dana <dana@x.example>', "dana@x.example", "Dana"),
        ('"Dana, <dana@x.example>', "dana@x.example", ""),
        ("Dana <dana@xn--mnchen-3ya.example>", "dana@münchen.example", "Dana"),
        ("Acme <hr@xn--cme-5cd.example>", "hr@xn--cme-5cd.example", "Acme"),
        ("John <j(his account)@x(his host) .example>", "j@x.example", "John"),
        ("undisclosed", "", "undisclosed"),
    ],
)
def test_senders_in_every_spelling(written: str, email: str, name: str):
    sender = read("x", head=replaced(**{"from": written})).sender
    assert (sender.email, sender.name.replace("  ", " ")) == (email, name.replace("  ", " "))


def test_a_mail_without_from_has_the_next_best_sender():
    assert read("x", "Sender: hr@acme.example", head=replaced(**{"from": ""})).sender == Address(
        "hr@acme.example"
    )
    assert read("x", head=replaced(**{"from": ""})).sender == Address("")


def test_lists_and_groups_of_addresses():
    to = 'Team: "A, B" <a@x.example>, b@x.example;, undisclosed-recipients:;, c@x.example'
    assert [a.email for a in read("x", head=replaced(to=to)).to] == [
        "a@x.example",
        "b@x.example",
        "c@x.example",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mon, 2 Mar 2026 10:15:00 +0100", "2026-03-02T09:15:00+00:00"),
        ("2 Mar 2026 10:15 -0500 (EST)", "2026-03-02T15:15:00+00:00"),
        ("Mon, 02 Mar 26 10:15:00 GMT", "2026-03-02T10:15:00+00:00"),
        ("Mon Mar  2 10:15:00 2026", "2026-03-02T10:15:00+00:00"),
        ("2026-03-02T10:15:00+01:00", "2026-03-02T09:15:00+00:00"),
        ("2 March 2026 10:15:61 +0000", "2026-03-02T10:15:59+00:00"),
    ],
)
def test_dates_in_every_spelling(written: str, meant: str):
    message = read("x", head=replaced(date=written))
    assert message.at.astimezone(UTC).isoformat() == meant
    assert message.notes == ()


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 1 Jan 1970 00:00:00 +0000", "32 Mar 2026"])
def test_without_a_believable_date_the_delivery_tells(date: str):
    received = "Received: from a by b; Mon, 2 Mar 2026 11:00:00 +0000"
    message = read("x", received, head=replaced(date=date))
    assert message.at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert message.notes == ("has no believable date; the time of delivery is taken",)
    at = datetime(2026, 3, 3, tzinfo=UTC)
    assert parse(mail("x", head=replaced(date=date)), zone=ZONE, delivered=at).at == at


def test_a_date_in_the_future_is_not_believed():
    received = "Received: from a by b; Mon, 2 Mar 2026 11:00:00 +0000"
    future = read("x", received, head=replaced(date="Mon, 2 Mar 2037 10:15:00 +0100"))
    assert future.at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    slow = read("x", received, head=replaced(date="Mon, 2 Mar 2020 10:15:00 +0100"))
    assert slow.at.year == 2020


@pytest.mark.parametrize("year", [1970, 1980, 2001, 2019, 2025])
def test_the_time_of_a_file_gainsays_no_date(year: int):
    # A mailbox from an archive, a backup or a machine with a slow clock.
    copied = datetime(year, 1, 1, tzinfo=UTC)
    message = parse(
        mail("x", head=replaced(date="Mon, 2 Mar 2020 10:15:00 +0100")), zone=ZONE, delivered=copied
    )
    assert message.at == datetime(2020, 3, 2, 9, 15, tzinfo=UTC)
    assert message.notes == ()


def test_only_a_date_decades_ahead_of_its_file_is_none():
    copied = datetime(2026, 3, 2, tzinfo=UTC)
    head = replaced(date="Thu, 1 Jan 2099 00:00:00 +0000")
    assert parse(mail("x", head=head), zone=ZONE, delivered=copied).at == copied


def test_a_mail_without_any_date_has_the_first_one():
    message = read("x", head=replaced(date=""))
    assert message.at == datetime(1970, 1, 1, tzinfo=UTC)
    assert message.notes == ("has no date",)


def test_the_thread_is_its_first_message():
    assert read("x", "References: <a@x> <b@x>\n <c@x>", "In-Reply-To: <c@x>").thread == "<a@x>"
    assert read("x", "In-Reply-To: <c@x> (from Dana)").thread == "<c@x>"
    assert read("x", "X-GM-THRID: 1789", "References: <a@x>").thread == "gmail:1789"
    message = read("x", "References: <a@x> <b@x>\n <c@x>", "In-Reply-To: <c@x>")
    assert (message.references, message.in_reply_to) == (("<a@x>", "<b@x>", "<c@x>"), "<c@x>")


def test_a_missing_message_id_is_made_from_the_content():
    without = replaced(message_id="")
    first, again = read("words\n", head=without), read("words\n", head=without)
    other = read("other words\n", head=without)
    assert first.id == again.id == first.thread != other.id
    assert first.id.startswith("<")
    assert first.id.endswith("@content.invalid>")
    labelled = read("words\n", "X-Gmail-Labels: Inbox", "Status: RO", head=without)
    assert labelled.id == first.id, "what a mailbox adds does not count"


@pytest.mark.parametrize("written", ["<a b@x>", "<ab@x> ", "ab@x", "junk <ab@x> <c@x>"])
def test_message_ids_in_every_spelling(written: str):
    assert read("x", head=replaced(message_id=written)).id == "<ab@x>"


@pytest.mark.parametrize(
    ("field", "automatic", "bulk"),
    [
        ("Auto-Submitted: auto-replied", True, False),
        ("Auto-Submitted: no", False, False),
        ("X-Autoreply: yes", True, False),
        ("Return-Path: <>", True, False),
        ("Precedence: auto_reply", True, False),
        ("Precedence: bulk", False, True),
        ("List-Unsubscribe: <https://x.example/u>", False, True),
        ("List-Id: Jobs <jobs.x.example>", False, True),
        ("X-Other: yes", False, False),
    ],
)
def test_automatic_and_bulk_mail(field: str, automatic: bool, bulk: bool):
    message = read("x", field)
    assert (message.automatic, message.bulk) == (automatic, bulk)


@pytest.mark.parametrize(
    ("results", "authentic"),
    [
        (["mx.example; spf=pass smtp.mailfrom=x; dmarc=pass header.from=x"], True),
        (["mx.example;\n dkim=fail;\n DMARC = fail (p=REJECT) header.from=x"], False),
        (["mx.example; dmarc=none"], None),
        (["mx.example; spf=pass"], None),
        (["mx.example; spf=pass (dmarc=pass)"], None),
        (["mx.example; dmarc=fail", "forged.example; dmarc=pass"], False),
        (["mx.example; spf=pass", "forged.example; dmarc=pass"], None),
    ],
)
def test_only_the_topmost_authentication_counts(results: list[str], authentic: bool | None):
    message = read("x", *(f"Authentication-Results: {line}" for line in results))
    assert message.authentic is authentic


def test_mail_is_the_users_own_by_its_sender_unless_it_is_forged():
    mine = replaced(**{"from": "Sam <SAM@example.org>"})
    assert read("x", head=mine).sent
    assert not read("x", "Authentication-Results: mx; dmarc=fail", head=mine).sent
    assert not read("x").sent
    assert parse(mail("x"), zone=ZONE, sent=True).sent


# --- charsets --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("charset", "data", "meant"),
    [
        ("iso-8859-1", "“quotes” für".encode("cp1252"), "“quotes” für"),
        ("us-ascii", "für".encode(), "für"),
        ("", "für".encode(), "für"),
        ("x-unknown", "für".encode("latin-1"), "für"),
        ("utf-8", "für".encode("latin-1") * 3, "für" * 3),
        ("gb2312", "面试邀请".encode("gbk"), "面试邀请"),
        ("iso-2022-jp", "面接のご案内".encode("iso2022_jp"), "面接のご案内"),
        ("shift_jis", "①面接".encode("cp932"), "①面接"),
        ("utf-7", b"f+APw-r", "für"),
        ("utf-16", "für".encode("utf-16"), "für"),
        ("windows-1251", "интервью".encode("cp1251"), "интервью"),
        ("cp-850", "für".encode("cp850"), "für"),
        ("koi8-r", "интервью".encode("koi8-r"), "интервью"),
        ("punycode", b"fr-hoa", "fr-hoa"),
        ("rot13", b"abc", "abc"),
    ],
)
def test_charsets_also_unknown_and_wrong_ones(charset: str, data: bytes, meant: str):
    assert read(data, f'Content-Type: text/plain; charset="{charset}"').text == meant


def test_an_html_page_names_its_own_charset():
    page = '<html><head><meta charset="windows-1252"></head><body>für</body></html>'
    assert read(page.encode("cp1252"), "Content-Type: text/html").text == "für"


def test_an_unknown_charset_is_noted():
    message = read("für", "Content-Type: text/plain; charset=x-klingon")
    assert message.notes == ('unknown charset "x-klingon"',)


def test_nothing_comes_out_that_cannot_be_stored():
    message = read(b"a\x00b +2AA-", "Content-Type: text/plain; charset=utf-7")
    message.text.encode()
    assert "\0" not in message.text


# --- no mail at all --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"\0" * 99, b"hello there\n", b"a: b\n\nc", b"\xff\xfe"]
)
def test_what_is_no_mail_is_refused_in_a_sentence(raw: bytes):
    with pytest.raises(Refused, match=r"^it is (empty|no mail)"):
        parse(raw, zone=ZONE)


def test_a_file_is_read_or_named(tmp_path: Path):
    path = tmp_path / "1.eml"
    path.write_bytes(mail("Words.\n"))
    assert read_eml(path, zone=ZONE).text == "Words.\n"
    path.write_bytes(b"")
    with pytest.raises(Refused, match=r"1\.eml: it is empty"):
        read_eml(path, zone=ZONE)
    with pytest.raises(Refused, match=r"2\.eml: No such file"):
        read_eml(tmp_path / "2.eml", zone=ZONE)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_message_with_words_that_can_be_stored(body: bytes):
    for kind in ("text/plain", "text/html", "text/calendar", 'multipart/mixed; boundary="a"'):
        for encoding in ("8bit", "base64", "quoted-printable", "x-uuencode"):
            fields = f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}"
            message = parse(HEAD.encode() + fields.encode() + b"\n\n" + body, zone=ZONE)
            (message.text + "".join(message.notes)).encode()


@given(st.text(max_size=200))
def test_any_header_gives_a_message(value: str):
    written = value.replace("\r", " ").replace("\n", "\n ").encode("utf-8", "surrogatepass")
    names = (
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "Content-Type",
        "Received",
    )
    for name in names:
        raw = b"X-Mailer: x\n" + name.encode() + b": " + written + b"\n\nWords.\n"
        message = parse(raw, zone=ZONE)
        repr(message).encode()
        assert message.at.tzinfo is not None
        assert message.id
        assert "\n" not in message.subject + message.sender.name + message.id


def test_the_head_alone_and_what_a_draft_says():
    raw = mail("Words.\n", "X-Vouchd-Key: k1", "X-Vouchd-Mark: m1", "Bcc: b@x.example")
    top = head(raw)
    assert (top.id, top.key, top.mark) == ("<1@initech.example>", "k1", "m1")
    assert top.to == ("sam@example.org", "b@x.example")
    assert top.at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    said = draft_in(raw)
    assert (said.subject, said.body) == ("Hello", "Words.\n")
    assert [a.email for a in said.to] == ["sam@example.org", "b@x.example"]
    assert parse(raw, zone=ZONE).key == "k1"
