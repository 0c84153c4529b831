"""Who and when, as mail headers say it: address lists and dates (RFC 5322 sections 3.3, 3.4).

Linear in its input, whatever that is; what makes no sense is left out.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache
from itertools import chain

from vouchd.connectors.charset import printable
from vouchd.connectors.headers import one_line, unword
from vouchd.rules.model import Address

MOST_ADDRESSES = 500

_ESCAPED = re.compile(r"\\(.)")
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)(?:"|\\?$)'
    r"|\((?P<comment>(?:[^()\\]|\\.)*)(?:\)|\\?$|(?=\())"
    r"|<(?P<angle>[^<>]*)(?:>|$|(?=<))"
    r"|(?P<end>[,;])"
    r'|(?P<text>[^"(<,;]+)'
    r"|.",
    re.DOTALL,
)


def addresses(value: str) -> tuple[Address, ...]:
    """Read an address list (RFC 5322 section 3.4); groups are dissolved, names decoded."""
    if not value:
        return ()
    simple = _SIMPLE.fullmatch(value)
    if simple is not None:
        return (_address(simple[2], simple[1]),)
    found: list[Address] = []
    words: list[str] = []
    comment = angle = ""
    for token in chain(_TOKEN.finditer(value), (None,)):
        kind = token.lastgroup if token is not None else "end"
        if token is None or kind == "end":
            address = _complete(words, angle, comment)
            if address is not None:
                found.append(address)
            if len(found) >= MOST_ADDRESSES:
                break
            words, comment, angle = [], "", ""
        elif kind == "text":
            text = token["text"]
            if ":" in text and "@" not in text.partition(":")[0] and not angle:
                words.clear()  # the name of a group
                text = text.partition(":")[2]
            words.append(text)
        elif kind == "quoted":
            words.append(_ESCAPED.sub(r"\1", token["quoted"]))
        elif kind == "comment":
            comment = comment or token["comment"]
        elif kind == "angle":
            angle = angle or token["angle"].strip()
    return tuple(found)


_SIMPLE = re.compile(r'\s*"?([^"()<>,;:@\\]*?)"?\s*<([^\s"()<>,;:@\\]+@[^\s"()<>,;:@\\]+)>\s*')


def _complete(words: list[str], angle: str, comment: str) -> Address | None:
    phrase = "".join(words).strip()
    if angle:
        return _address(angle, phrase or comment)
    if "@" in phrase:
        email = next(word for word in phrase.split() if "@" in word)
        return _address(email, comment)
    return Address("", one_line(unword(phrase))) if phrase else None


_INSIDE = re.compile(r"\([^()]*\)")


def _address(email: str, name: str) -> Address:
    email = _INSIDE.sub("", unword(email)) if "(" in email else unword(email)
    email = "".join(email.split()).rpartition(":")[2].strip("<>'\",;").rstrip(".").lower()
    if "xn--" in email:
        readable = international(email)
        # Letters of other alphabets that look like ours are what lookalike domains are made of.
        email = readable if _latin(readable) else email
    name = one_line(unword(name)).strip("'\" ") if name else ""
    return Address(printable(email)[:320], "" if name.lower() == email else name[:200])


def international(email: str) -> str:
    """Return an address with its domain as people write it (RFC 5891)."""
    local, _, domain = email[:320].rpartition("@")
    try:
        return f"{local}@{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return email


def _latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN ") for letter in text if letter > "~")


_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DATE = re.compile(
    r"\s*(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?[\s-]+(\d{4})\s+"
    r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*([+-]\d{4})?(?:\s*\(.*)?\s*"
)
_ISO = re.compile(r"\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def moment(value: str) -> datetime | None:
    """Read a date (RFC 5322 section 3.3 and its obsolete and wrong forms); None where hopeless."""
    if not value:
        return None
    value = value[:200]
    quick = _DATE.fullmatch(value)
    try:
        if quick is not None and quick[7] is not None:
            day, month, year, hour, minute, second, zone = quick.groups()
            return datetime(
                int(year),
                _MONTHS[month.lower()],
                int(day),
                int(hour),
                int(minute),
                min(int(second or 0), 59),
                tzinfo=_offset(zone),
            )
        if _ISO.match(value):
            at = datetime.fromisoformat(value.strip())
            return at if at.tzinfo else at.replace(tzinfo=UTC)
        slow = parsedate_tz(value)
        if slow is None:
            return None
        seconds = slow[9] or 0
        tz = UTC if abs(seconds) >= 86_400 else timezone(timedelta(seconds=seconds))
        return datetime(*slow[:5], min(slow[5], 59), tzinfo=tz)
    except (ValueError, KeyError, OverflowError, TypeError, IndexError):
        return None


@lru_cache(maxsize=200)
def _offset(zone: str) -> timezone:
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    if minutes >= 1440:
        return UTC
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
