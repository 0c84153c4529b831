"""A short run of every target: the corpus, the corpus bent, and bytes made up by Hypothesis.

`make fuzz` runs the same targets for ten minutes each, led by what the code does with the input.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.readers import TARGETS, answer, attachment, corpus

#: Bytes that mean something to one of the readers; strung together they reach deep.
WORDS: dict[str, tuple[bytes, ...]] = {
    "mail": (
        b"From: Dana Cole <dana.cole@initech.example>\n", b"Subject: ", b"=?utf-8?b?", b"=?=",
        b"Content-Type: multipart/mixed; boundary=b\n", b"\n--b\n", b"--b--", b"\n\n", b"\r\n",
        b"Content-Type: text/html; charset=utf-7\n", b"Content-Transfer-Encoding: base64\n",
        b"message/rfc822", b"Date: Mon, 2 Mar 2026 09:00:00 +0000\n", b"filename*0*=utf-8''",
        b"I spoke with Acme Robotics about you", b"offer", b"\xff", b"\0", b"\xe2\x80\xae",
    ),
    "html": (b"<", b">", b"<p>", b"<blockquote>", b"<table><td>", b"<!--", b"&#x202e;", b"<style>",
             b"</", b"<a href='", b"<br", b"display:none", b"\0", b"\xee\x80\x80", b"words "),
    "calendar": (
        b"BEGIN:VCALENDAR\n", b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"UID:1\n", b"DTSTART",
        b";TZID=", b":20260401T090000Z\n", b"RRULE:FREQ=", b"SECONDLY", b"DURATION:P", b"\n ",
        b"BEGIN:VTIMEZONE\n", b"SUMMARY:Interview with Acme\n", b"ATTENDEE;CN=", b":mailto:", b"\0",
    ),
    "contacts": (b"BEGIN:VCARD\n", b"END:VCARD\n", b"N:", b"FN:Dana Cole\n", b"EMAIL;TYPE=",
                 b";ENCODING=QUOTED-PRINTABLE:", b"=\n", b"item1.", b"VERSION:2.1\n", b"\\,"),
    "configuration": (b"[[reference]]\n", b"[me]\n", b'name = "', b'"\n', b"emails = [", b"]", b"=",
                      b"keep_in_touch = ", b"2025-03-14", b"\n", b"[mail]", b"1e999", b"\\u"),
    "answer": (b'{"error": ', b'{"code": 403, ', b'"errors": [{', b'"reason": ', b'"message": "',
               b'"start": {"dateTime": "2026-03-02T09:00:00Z"}', b"}", b"]", b",", b"[", b"null",
               b'"Retry after 2026-03-02T09:00:00Z"', b'"v":1', b'"summary":', b'"attendees": ['),
    "message": (b'{"mimeType": "text/plain"', b'"multipart/mixed"', b', "headers": [',
                b'{"name": "From", "value": "Dana Cole <dana.cole@initech.example>"}',
                b', "body": {"data": "', b'"attachmentId": "a"', b'"size": ', b', "parts": [',
                b"]", b"}", b'"', b",", b"null", b"1e9", b'"filename": "', b"\\u202e"),
    "attachment": (b"%PDF-1.7\n", b"stream\n", b"/FlateDecode", b"PK\3\4", b"\x1f\x8b", b"<?xml "),
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_breaks_nothing(name: str, record_property):
    beginnings = corpus(name)
    assert len(beginnings) >= 2
    for data in beginnings:
        TARGETS[name](data)
        TARGETS[name](data[: len(data) // 2])
        TARGETS[name](data.replace(b"\n", b"\r\n"))
        TARGETS[name](data[::-1])
    record_property("inputs", 4 * len(beginnings))


def made_up(name: str) -> st.SearchStrategy[bytes]:
    """Return inputs: words of the form among bytes, and pieces of the corpus exchanged."""
    pieces = st.one_of(st.sampled_from(WORDS[name]), st.binary(max_size=12))
    strung = st.lists(pieces, max_size=40).map(b"".join)
    whole = st.sampled_from(corpus(name))
    bent = st.builds(
        lambda data, at, new: data[: at % (len(data) + 1)] + new + data[at % (len(data) + 1) :],
        whole, st.integers(0, 5_000), strung,
    )  # fmt: skip
    return st.one_of(strung, bent, st.binary(max_size=300))


@pytest.mark.parametrize("name", TARGETS)
def test_made_up_input_breaks_nothing(name: str, record_property):
    tried = []

    @settings(
        max_examples=150, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(made_up(name))
    def run(data: bytes) -> None:
        tried.append(data)
        TARGETS[name](data)

    run()
    record_property("inputs", len(tried))


def test_every_target_has_words_and_a_corpus():
    assert set(WORDS) == set(TARGETS)


@pytest.mark.parametrize(
    "data",
    [b"[" * 200_000, b'{"error":' * 100_000, b'{"start": ' * 50_000, b"9" * 100_000, b"1e999999"],
    ids=["lists", "errors", "starts", "digits", "big"],
)
def test_an_answer_that_is_too_deep_or_too_big_is_told(data: bytes):
    answer(data)


def test_an_attachment_is_never_looked_into():
    """The target would tell: a mail with a text in the place of the file is not the same mail."""
    attachment(b"%PDF-1.7\n1 0 obj << /Filter /FlateDecode >> stream")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "vouchd.connectors.parts._Reader.file",
            lambda self, entity: self.content.names.append(str(entity.end - entity.start)),
        )
        with pytest.raises(AssertionError, match="was read"):
            attachment(b"PK\3\4" * 30)
