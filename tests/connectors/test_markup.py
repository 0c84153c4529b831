"""HTML becomes the words a person sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchd.connectors.markup import to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("a\n  b\t c&nbsp;&nbsp;d", "a b c d"),
        ("<ul><li>Mon</li><li>Tue</li></ul>", "- Mon\n- Tue"),
        (
            "<table><tr><td>When</td><td>3 pm</td></tr><tr><td>Who</td></tr></table>",
            "When 3 pm\nWho",
        ),
        ("&lt;b&gt; &amp; &euro;5 &#8211; &#x1F600; &bogus;", "<b> & €5 – 😀 &bogus;"),
        ("<pre>a\n  <b>b\nc</b>\nd</pre>e\nf", "a\nb\nc\nd\n\ne f"),
        ("un<b>for</b>tun<wbr>ately", "unfortunately"),
        ("un&#8203;for&shy;tunately", "unfortunately"),
        ("", ""),
        ("<p></p>", ""),
        ("no tags at all", "no tags at all"),
        ("<p>never <b>closed", "never closed"),
        ("a < b and c > d", "a < b and c > d"),
    ],
)
def test_blocks_lines_and_blanks(source: str, text: str):
    assert to_text(source) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p { color: red }</style>",
        "<script>var offer = '<p>offer</p>'</script>",
        "<!-- offer --><!--[if mso]><p>offer</p><![endif]-->",
        "<head><title>offer</title></head>",
        '<div style="display:none;max-height:0">offer</div>',
        '<span style="VISIBILITY: hidden">offer <b>offer</b></span>',
        '<div style="max-height:0px; overflow:hidden">offer</div>',
        '<p style="opacity: 0">offer</p>',
        "<p hidden>offer</p>",
        '<img src="https://x.example/o.gif" alt="" width="1">',
        '<pre style="display:none">offer\noffer</pre>',
        "<p>&zwnj;&nbsp;&#847;&zwnj;&nbsp;</p>",
        "<o:p></o:p>",
    ],
)
def test_what_nobody_sees_is_dropped(hidden: str):
    assert to_text(f"<p>before</p>{hidden}<p>after\nwards</p>") == "before\n\nafter wards"


@pytest.mark.parametrize(
    "style",
    ["max-height:0.5em", "opacity:0.9", "display:block", "font-size:0;margin:0", "line-height:0"],
)
def test_what_only_looks_hidden_is_seen(style: str):
    assert to_text(f'<p style="{style}">offer</p>') == "offer"


@pytest.mark.parametrize(
    ("link", "text"),
    [
        (
            '<a href="https://acme.example/book">Book a time</a>',
            "Book a time <https://acme.example/book>",
        ),
        ('<a href="https://acme.example/">acme.example</a>', "acme.example"),
        ('<a href="https://acme.example/a">https://acme.example/a</a>', "https://acme.example/a"),
        ('<a href="mailto:hr@acme.example?subject=x">Write</a>', "Write <hr@acme.example>"),
        ('<a href="mailto:hr@acme.example">hr@acme.example</a>', "hr@acme.example"),
        ('<a href="javascript:x()">Click</a>', "Click"),
        ('<a name="top">Top</a>', "Top"),
        ('<a href="https://x.example/b"><img alt="Apply"></a>', "Apply <https://x.example/b>"),
        (
            f'<a href="https://t.example/path?{"x" * 500}">Go</a>',
            "Go <https://t.example/path>",
        ),
        (f'<a href="https://t.example/{"y" * 900}">Go</a>', f"Go <https://t.example/{'y' * 182}>"),
    ],
)
def test_links_keep_their_address_where_it_tells_more(link: str, text: str):
    assert to_text(link) == text


def test_quotes_are_marked_as_deep_as_they_lie():
    source = (
        "<p>New.</p><div class=gmail_quote>On Monday Dana wrote:<br>"
        '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">Old.'
        '<blockquote type="cite">Older.</blockquote>Old too.</blockquote></div><p>Newest.</p>'
    )
    assert to_text(source).replace("\n\n", "\n").replace("\n>\n", "\n").split("\n") == [
        "New.",
        "On Monday Dana wrote:",
        "> Old.",
        "> > Older.",
        "> Old too.",
        "Newest.",
    ]


def test_indenting_is_no_quoting():
    source = '<blockquote style="margin:0 0 0 40px;border:none">Salary: 90k</blockquote>'
    assert to_text(source) == "Salary: 90k"


OUTLOOK = (
    "<p>Yes.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
    "<p><b>From:</b> Sam<br><b>Subject:</b> A favour</p></div><p>Would you?</p>"
)


@pytest.mark.parametrize(
    "divider",
    [
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'>",
        "<div style='border:none;border-top:solid #B5C4DF 1.0pt'>",
        '<div id="divRplyFwdMsg" dir="ltr">',
        '<div id="x_divRplyFwdMsg">',
    ],
)
def test_all_below_outlooks_divider_is_quoted(divider: str):
    source = f"<p>Yes.</p>{divider}<b>From:</b> Sam</div><p>Would you?</p><div>Sam</div>"
    lines = [line for line in to_text(source).split("\n") if line.strip("> ")]
    assert lines == ["Yes.", "> From: Sam", "> Would you?", "> Sam"]


def test_what_is_passed_on_is_not_quoted():
    lines = to_text(OUTLOOK, forwarded=True).split("\n")
    assert lines[0] == "Yes."
    assert "---------- Forwarded message ----------" in lines
    assert not any(line.startswith(">") for line in lines)
    assert lines[-1] == "Would you?"


def test_marks_of_ours_in_the_source_do_nothing():
    assert to_text("<p>a\ue002b\ue000c</p>") == "abc"


@given(st.text(max_size=300))
def test_any_text_comes_through(source: str):
    to_text(source).encode()


@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <blockquote> </blockquote> <pre> </pre> <td> <table> x <br> </div> </a> < >"
            " & <!-- --> <style> <div/style='display:none'> <a/href='https://x.example'>"
            " <div/id=divRplyFwdMsg>".split()
        ),
        max_size=40,
    )
)
def test_any_soup_comes_through(pieces: list[str]):
    text = to_text("".join(pieces))
    assert not any("\ue000" <= letter <= "\uf8ff" for letter in text)
