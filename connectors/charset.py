"""Bytes to words whatever the label says; what comes out can always be stored and printed.

A label is a promise of the sender's program and often wrong: the bytes decide where they can.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

#: What a label means in practice (WHATWG Encoding Standard, section 4.2, and what mailers write).
_MEANT = {
    "": "utf-8",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "646": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "cp1255",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "big5": "cp950",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-2022-jp": "iso2022_jp_ext",
}
#: Python knows codecs that are no charsets (punycode is even quadratic): only these are asked.
_CHARSET = re.compile(
    r"utf[_-]?(?:7|8|16|32)(?:[_-](?:[bl]e|sig))?|cp-?\d+|windows-?\d+|iso-?8859-?\d+|iso2022.*"
    r"|koi8-?[a-z]|mac-?[a-z]+|gb.*|big5.*|euc.*|shift.*|hz|johab|ptcp154|hp-roman8|kz1048|tis-620"
)
_LABEL = re.compile(r"(?:windows|cp|ibm)[-_ ]?(\d{3,4})")
_UNUSUAL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def decode(data: bytes, label: str) -> tuple[str, str]:
    """Return the words, and what was wrong with the label (empty where nothing was)."""
    if not data:
        return "", ""
    codec = codec_of(label)
    if data.isascii() and codec not in _NOT_ASCII:
        return data.decode("ascii"), ""
    wrong = "" if codec else f'unknown charset "{label[:40]}"'
    if codec in ("", "cp1252"):
        # The labels for "no idea": what is valid UTF-8 is hardly ever anything else.
        try:
            return data.decode("utf-8"), wrong
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace"), wrong
    try:
        return data.decode(codec), ""
    except (UnicodeError, ValueError):
        pass
    wrong = f'not valid "{label[:40] or "utf-8"}" throughout'
    try:
        return data.decode("utf-8"), wrong
    except UnicodeDecodeError:
        pass
    if codec == "utf-8" and not _mostly_utf8(data):
        return data.decode("cp1252", "replace"), wrong
    return data.decode(codec, "replace"), wrong


#: Charsets in which a plain byte is not always the letter it looks like.
_NOT_ASCII = frozenset(
    "utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be hz iso2022_jp iso2022_jp_1"
    " iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr".split()
)


def _mostly_utf8(data: bytes) -> bool:
    """Whether a few damaged characters are all that is wrong, or one that was cut in two."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            return True
    broken = data.decode("utf-8", "replace").count("�")
    high = len(data) - len(data.decode("ascii", "ignore"))
    return broken * 6 < high


@lru_cache(maxsize=500)
def codec_of(label: str) -> str:
    """Return Python's name for a charset label; empty for one that is none."""
    label = label.strip(" \"'").lower()
    label = _LABEL.sub(r"cp\1", label)
    name = _MEANT.get(label, label)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return found if _CHARSET.fullmatch(found) else ""


def printable(text: str) -> str:
    """Return the text without control characters and halves of characters."""
    if text.isascii() and text.isprintable():
        return text
    return _UNUSUAL.sub("", text)
