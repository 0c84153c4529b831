"""Every name in a message that can be the employer's, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import Clues, phrases
from vouchd.rules.reading.senders import signed

RUNNING = frozenset(("subject", "body", "signature", "forwarded", "quoted"))
_LINE = 600  #: characters of a line that are looked at
_MOST = 7  #: words of a name


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands."""

    name: str
    where: str  #: one of RUNNING, or `display`, `part` of the subject, `signed`
    line: int = 0
    before: tuple[str, ...] = ()  #: up to three words, the nearest last
    after: tuple[str, ...] = ()  #: up to two
    first: bool = False  #: begins its line
    last: bool = False  #: ends it
    whole: bool = True  #: not cut out of a longer one


def mentions(clues: Clues, language: Language) -> Iterator[Mention]:
    """Yield all that can be a name, in full and cut at the words that link names."""
    for where, line, text in _lines(clues):
        if language.spaced:
            yield from _capitalised(where, line, text[:_LINE])
        else:
            yield from _between_marks(where, line, text[:_LINE], language)
    if not language.spaced:
        yield from _between_marks("display", 0, clues.sender.name, language)
    for match in _AS_DOMAIN.finditer("\n".join((clues.subject, *clues.body[:20]))):
        yield Mention(match[0], "body")
    for part in dict.fromkeys((clues.sender.name, *_PARTS.split(clues.sender.name))):
        if part.strip():
            yield Mention(part.strip(), "display", first=part == clues.sender.name)
    for part in _PARTS.split(clues.subject):
        if _short(part):
            yield Mention(part.strip(), "part")
    for signing in signed(clues):
        for part in (signing, *_PARTS.split(signing)):
            if _short(part):
                yield Mention(part.strip(), "signed")


def _lines(clues: Clues) -> Iterator[tuple[str, int, str]]:
    yield "subject", 0, clues.subject
    for where, lines in (
        ("body", clues.body[:60]),
        ("signature", clues.signature.splitlines()[:8]),
        ("forwarded", clues.forwarded.splitlines()[:25]),
        ("quoted", clues.quoted.splitlines()[:25]),
    ):
        for line, text in enumerate(lines):
            yield where, line, text


def _capitalised(where: str, line: int, text: str) -> Iterator[Mention]:
    for phrase in phrases(text):
        words = phrase.name.split()
        yield Mention(
            phrase.name, where, line, phrase.before, phrase.after, phrase.first, phrase.last
        )
        for start, end in _cuts(words):
            yield Mention(
                " ".join(words[start:end]),
                where,
                line,
                (*phrase.before, *(w.lower() for w in words[:start]))[-3:],
                (*(w.lower() for w in words[end:]), *phrase.after)[:2],
                first=phrase.first and start == 0,
                last=phrase.last and end == len(words),
                whole=False,
            )


def _cuts(words: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where names can begin and end in a phrase: at its small words, and near its ends."""
    count = len(words)
    starts, ends = {0, *range(1, min(3, count))}, {count, *range(max(count - 2, 1), count)}
    for at, word in enumerate(words):
        if at and (word.islower() or word == "&"):
            starts.add(at + 1)
            ends.add(at)
    for start in sorted(starts):
        for end in sorted(ends):
            if (
                0 < end - start < min(count, _MOST + 1)
                and words[start][:1].isupper()
                and words[end - 1][:1].isupper()
            ):
                yield start, end


def _between_marks(where: str, line: int, text: str, language: Language) -> Iterator[Mention]:
    """Yield what stands between the marks and particles of a language that parts no words."""
    parts = _marks(language.name_marks).split(text)
    before = "^"
    for at in range(0, len(parts) - 1, 2):
        name, after = parts[at], parts[at + 1] or "$"
        if 1 < len(name) <= _SIGNS:
            yield Mention(name, where, line, (before,), (after,), at == 0, at >= len(parts) - _LAST)
        before = parts[at + 1] or before
    for form in language.company_forms:
        for match in form.finditer(text):
            start, end = match.span(1)
            yield Mention(
                match[1].strip(),
                where,
                line,
                (text[start - 1 : start] or "^",),
                (text[end : end + 1] or "$",),
                start == 0,
                end == len(text),
            )


_SIGNS = 20  #: signs of a name
_LAST = 3  #: parts from the end: the name, its mark and what is left


@cache
def _marks(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, marks))}|[\\s\\W]|$)")


def _short(part: str) -> bool:
    return part.strip()[:1].isupper() and len(part.split()) <= _MOST


_AS_DOMAIN = re.compile(r"(?<![\w@.])[a-z][a-z0-9-]{2,}\.(?:ai|io|com|dev|app|tech|co)\b(?!/)")
_PARTS = re.compile(
    r"\s*[|·•()\[\]]\s*|\s[-–—/]\s|[,:;]\s|\s?//\s?|\s@\s"
    r"|\s(?:via|at|for|from|bei|chez|de|da|para|per|von|van|voor|presso)\s"
)
