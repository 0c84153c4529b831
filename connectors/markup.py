"""HTML of a mail to the words a person sees: quotes marked "> ", links as `text <address>`.

lxml parses; what is hidden (preheaders, styles, scripts, tracking images) is dropped.
"""

from __future__ import annotations

import re

from lxml import etree

LONGEST_SOURCE = 2_000_000  #: characters of HTML that are looked at
MOST_ELEMENTS = 40_000
DEEPEST_QUOTE = 12
LONGEST_LINK = 200

# Private-use characters carry the structure through the collapsing of blanks.
_BREAK, _PARAGRAPH, _OPEN, _CLOSE, _REST = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_NEWLINE = "\ue005"  # asked for by <br>, so two of them are an empty line
_STRUCTURE = re.compile("[\ue000-\ue005]")

_DROPPED = frozenset(
    "script style head title meta link noscript template svg math object embed iframe audio video"
    " canvas map select textarea datalist".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table pre hr form".split())
_BLOCKS = frozenset(
    "tr dt dd address article aside center fieldset figure figcaption footer header main"
    " nav section thead tbody tfoot caption body html details summary legend o:p".split()
)
_CELLS = frozenset(("td", "th"))

_STYLES = re.compile(r"<(style|script)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)"
    r"|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)|font-size\s*:\s*0[^;]*;.*line-height\s*:\s*0(?!\.)"
)
_OUTLOOK_DIVIDER = re.compile(r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)\s+1\.0pt")
_REPLY_IDS = frozenset(
    ("divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container")
)
_QUOTE_CLASSES = re.compile(r"\b(?:yahoo_quoted|protonmail_quote|moz-forward-container)\b")
_INDENT_ONLY = re.compile(r"border\s*:\s*(?:none|0)|margin[^;]*40px")
_BLANKS = re.compile(r"[\s\u00a0\u2800]+")
_INVISIBLE = re.compile(r"[\u00ad\u034f\u180e\u200b\u200c\u200e\u200f\u2060\ufeff]")


def to_text(source: str, *, forwarded: bool = False) -> str:
    """Return the visible words of an HTML document, one block a line.

    With `forwarded` the earlier mail below Outlook's divider is passed on, not answered: it
    is headed as forwarded instead of marked as quoted.
    """
    source = _STRUCTURE.sub("", _STYLES.sub(" ", source[:LONGEST_SOURCE]))
    root = _tree(source)
    if root is None:
        return ""
    return _lines("".join(_words(root, forwarded)))


_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
)


def _tree(source: str) -> etree._Element | None:
    try:
        root: etree._Element | None = etree.fromstring(source.encode("utf-8", "replace"), _PARSER)
    except (etree.LxmlError, ValueError):
        return None
    return root


def _words(root: etree._Element, forwarded: bool) -> list[str]:
    """Walk the tree without recursion, for mail nests as deep as it likes."""
    out: list[str] = []
    closing: dict[etree._Element, str] = {}
    skipped: etree._Element = None
    count = written_out = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for happens, element in walk:
        tag = element.tag
        if happens == "start":
            count += 1
            if tag in _DROPPED or _is_hidden(element) or count > MOST_ELEMENTS:
                skipped = element
                walk.skip_subtree()
                continue
            before, after = _FORMS.get(tag) or _around(element, tag, forwarded)
            if after:
                closing[element] = after
            if tag == "pre":
                written_out += 1
            text = before + (element.text or "")
        elif element is skipped:
            text = element.tail or ""
        else:
            if tag == "pre":
                written_out -= 1
            text = closing.pop(element, "") + (element.tail or "")
        if text:
            out.append(text.replace("\n", _NEWLINE) if written_out else text)
    return out


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    if style:
        style = style[:2000].lower()
        if any(word in style for word in _HIDING) and _HIDDEN.search(style):
            return True
    return element.get("hidden") is not None


_HIDING = ("none", "hidden", "max-height", "opacity", "font-size:0")

#: What comes before and after the words of an element.
_FORMS = {
    "br": (_NEWLINE, ""),
    "li": (f"{_BREAK}- ", _BREAK),
    **dict.fromkeys(_CELLS, (" ", " ")),
    **dict.fromkeys(_PARAGRAPHS, (_PARAGRAPH, _PARAGRAPH)),
    **dict.fromkeys(_BLOCKS, (_BREAK, _BREAK)),
}


def _around(element: etree._Element, tag: str, forwarded: bool) -> tuple[str, str]:
    """Return what comes before and after the words of an element that must be looked at."""
    if tag == "a":
        return "", _link(element)
    if tag == "img":
        alt = element.get("alt", "")[:100].strip()
        return (f" {alt} ", "") if len(alt) > 1 else ("", "")
    if tag == "blockquote":
        if _INDENT_ONLY.search(element.get("style", "")[:500].lower()) and not element.get("type"):
            return _PARAGRAPH, _PARAGRAPH
        return _PARAGRAPH + _OPEN, _CLOSE + _PARAGRAPH
    if tag == "div" or tag == "span":
        if element.attrib:
            divider = _divider(element)
            if divider:
                return _FORWARD if forwarded else divider, _BREAK
            if _QUOTE_CLASSES.search(element.get("class", "")):
                return _BREAK + _OPEN, _CLOSE + _BREAK
        return (_BREAK, _BREAK) if tag == "div" else ("", "")
    return "", ""


_FORWARD = f"{_PARAGRAPH}---------- Forwarded message ----------{_BREAK}"


def _divider(element: etree._Element) -> str:
    """Return the mark after which all is history: Outlook sets no element around what it quotes."""
    if element.get("id", "").lower() in _REPLY_IDS:
        return _BREAK + _REST
    style = element.get("style", "")
    if style and "border-top" in style and _OUTLOOK_DIVIDER.search(style[:500].lower()):
        return _BREAK + _REST
    return ""


def _link(element: etree._Element) -> str:
    """Return ` <address>` where the address tells more than the words of the link."""
    href = element.get("href", "").strip()
    if not href.lower().startswith(("http://", "https://", "mailto:", "tel:")):
        return ""
    if href[:7].lower() == "mailto:":
        href = href[7:].partition("?")[0]
    words = "".join(element.itertext()).strip() if len(element) < 20 else ""
    bare = href.removeprefix("https://").removeprefix("http://").rstrip("/")
    if bare and words and (bare in words or words.rstrip("/").endswith(bare)):
        return ""
    if len(href) > LONGEST_LINK // 2:
        # Tracking parameters would drown the words; host and path are what tells.
        href = href.partition("?")[0][:LONGEST_LINK]
    return f" <{_STRUCTURE.sub('', href)}> " if href else ""


def _lines(text: str) -> str:
    """Turn the structure marks into lines and quote marks."""
    out: list[str] = []
    level = floor = 0
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", text)) + _BREAK
    at = 0
    for mark in _STRUCTURE.finditer(text):
        words = text[at : mark.start()].strip()
        at = mark.end()
        if words:
            out.append("> " * min(level, DEEPEST_QUOTE) + words)
        sign = mark[0]
        if sign == _PARAGRAPH or (sign == _NEWLINE and not words):
            if out and out[-1].strip("> "):
                out.append(">" * bool(level))
        elif sign == _OPEN:
            level += 1
        elif sign == _CLOSE:
            level = max(floor, level - 1)
        elif sign == _REST:
            floor = 1
            level = max(level, floor)
    return "\n".join(out).strip("\n")
