"""Prints of what a bookmark must know again but need not tell: uids and names of files.

A uid ends in the domain of whoever invited; of that nothing is left where it was forgotten.
"""

from __future__ import annotations

from hashlib import blake2b

_MARK = "#"


def print_of(text: str) -> str:
    """Return the print of a text; that of a print is itself."""
    if text.startswith(_MARK) and len(text) == 25:
        return text
    data = text.encode("utf-8", "surrogateescape")
    return _MARK + blake2b(data, digest_size=12).hexdigest()


def print_of_uid(uid: str) -> str:
    """Return the print of a uid; that of one instance of a series begins with the series'."""
    series, slash, instance = uid.partition("/")
    return print_of(series) + slash + instance
