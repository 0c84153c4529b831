"""A company's name in its plain form: without legal form, office and decoration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.vendors import Vendors


def canonical(name: str, vendors: Vendors, language: Language) -> str:
    """Return a company's name without legal form, team words and decoration."""
    name = " ".join(name.split()).strip(" .,;:!?'’\"“”-–—|·•()[]*")
    if not language.spaced:
        return _unspaced(name, vendors, language)
    while True:
        before = name
        name = name.removesuffix("'s").removesuffix("’s")
        lowered = name.lower()
        heads, tails = _around(language.team_words)
        for word in (
            language.team_words if lowered.startswith(heads) or lowered.endswith(tails) else ()
        ):
            if lowered.endswith(" " + word.lower()):
                name = name[: -len(word)].strip(" -–—|,·@&'’")
                lowered = name.lower()
            if lowered.startswith(word.lower() + " "):
                rest = name[len(word) :].strip(" -–—|,·@&'’")
                name = re.sub(r"^(?:at|of|from|for|@) ", "", rest)
                lowered = name.lower()
        for suffix in (
            _longest(vendors.suffixes) if lowered.endswith(_legal(vendors.suffixes)) else ()
        ):
            if lowered.endswith((" " + suffix, "," + suffix)):
                name = name[: -len(suffix)].strip(" ,.&")
                lowered = name.lower()
        if name == before:
            return name


def _unspaced(name: str, vendors: Vendors, language: Language) -> str:
    """Return the name where nothing parts it from its legal form and the office.

    京葉ライン of 株式会社京葉ライン採用窓口.
    """
    name = _IN_BRACKETS.sub("", name).split(" ")[0]
    while True:
        before = name
        for legal in written_on(vendors):
            name = name.removeprefix(legal).removesuffix(legal)
        for word in language.team_words:
            if name.endswith(word) and name != word:
                name = name.removesuffix(word)
                break
        name = name.rstrip("の様・")
        if name == before:
            return name


def written_on(vendors: Vendors) -> list[str]:
    """Return the legal forms that stand before or behind a name without a space: 株式会社."""
    return [legal for legal in vendors.suffixes if not legal.isascii()]


_IN_BRACKETS = re.compile(r"[（(【［].*?[）)】］]")


@lru_cache
def _around(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return team words as they begin and as they end a name."""
    return tuple(f"{w.lower()} " for w in words), tuple(f" {w.lower()}" for w in words)


@lru_cache
def _longest(suffixes: frozenset[str]) -> tuple[str, ...]:
    """Return legal forms, the longest first: "Partnerschaft mbB" before "mbB", in every run."""
    return tuple(sorted(suffixes, key=lambda suffix: (-len(suffix), suffix)))


@lru_cache
def _legal(suffixes: frozenset[str]) -> tuple[str, ...]:
    return tuple(mark + suffix for suffix in suffixes for mark in " ,")
