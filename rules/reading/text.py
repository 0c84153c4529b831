"""Which words of a message are new: quotes, forwards, signature, footer apart; its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vouchd.rules.reading.lexicon import Language, Lexicon
from vouchd.rules.reading.vendors import Marks

LONGEST = 16_000  #: characters of a message that are looked at
SENTENCE = 600  #: a longer one is cut
MOST_SENTENCES = 250
FEW = 3  #: with fewer common words than this a text's language is told by other words, too


@dataclass(frozen=True, slots=True)
class Parts:
    """A text taken apart; every part without quote marks."""

    new: str
    quoted: str = ""
    forwarded: str = ""
    signature: str = ""
    footer: str = ""


def split(text: str, marks: Marks) -> Parts:
    """Take a text apart."""
    text = text[:LONGEST]
    lines = [line[:2000].rstrip() for line in text.splitlines()]
    if ">" not in text and not marks.anything.search(text):
        body, signature, footer = _tail(lines, marks, text)
        return Parts(body, signature=signature, footer=footer)
    new: list[str] = []
    quoted: list[str] = []
    forwarded: list[str] = []
    target = new
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith(">"):
            (forwarded if target is forwarded else quoted).append(line.lstrip("> "))
            at += 1
            continue
        if marks.forwarded.match(line) and len(line) < 120:
            target = forwarded
            at += 1
            continue
        if target is not forwarded:
            length = _quote_begins(lines, at, marks)
            if length:
                if not _marked(lines, at + length):
                    target = quoted
                at += length
                continue
        target.append(line)
        at += 1
    body, signature, footer = _tail(new, marks, text)
    return Parts(body, "\n".join(quoted), "\n".join(forwarded), signature, footer)


def _marked(lines: list[str], at: int) -> bool:
    """Whether a quote marked by `>` follows, so that new words may come after it."""
    following = [line for line in lines[at : at + 3] if line.strip()]
    return bool(following) and following[0].startswith(">")


def _quote_begins(lines: list[str], at: int, marks: Marks) -> int:
    """Return how many lines introduce quoted history here; 0 for none."""
    line = lines[at].strip()
    if not line:
        return 0
    if len(line) < 120 and marks.original.match(line):
        return 1
    if marks.header.match(line):
        heads = 0
        for ahead in lines[at : at + 6]:
            if not marks.header.match(ahead.strip()):
                break
            heads += 1
        return heads if heads >= 3 else 0
    for span in (1, 2, 3):
        if at + span > len(lines):
            break
        joined = " ".join(part.strip() for part in lines[at : at + span])
        if (
            joined.endswith((":", "："))
            and marks.wrote.match(joined)
            and _ATTRIBUTION.search(joined)
        ):
            return span
        if not lines[at + span - 1].strip():
            break
    return 0


_ATTRIBUTION = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}|@|\d{1,2}/\d{1,2}")


def _tail(lines: list[str], marks: Marks, text: str) -> tuple[str, str, str]:
    """Part new words from signature and legal footer."""
    body = list(lines)
    footer: list[str] = []
    signature: list[str] = []
    ends = marks.ending.search(text) is not None
    for at, line in enumerate(body if ends else ()):
        if at and _paragraph_start(body, at) and marks.footer.match(line):
            footer = body[at:]
            body = body[:at]
            break
    for at, line in enumerate(body):
        if line in ("--", "-- ", "—") and at:
            signature = body[at + 1 :]
            body = body[:at]
            break
    if ends:
        body = [line for line in body if not marks.device.match(line.strip())]
    for at in range(max(1, len(body) - 12), len(body)):
        line = body[at].strip()
        if len(line) < 45 and marks.sign_off.match(line) and _short_after(body, at):
            signature = body[at + 1 :] + signature
            body = body[:at]
            break
    return "\n".join(body), "\n".join(signature), "\n".join(footer)


def _paragraph_start(lines: list[str], at: int) -> bool:
    return not lines[at - 1].strip() or set(lines[at - 1].strip()) <= set("-_=*")


def _short_after(lines: list[str], at: int) -> bool:
    after = [line for line in lines[at + 1 :] if line.strip()]
    return len(after) <= 8 and all(len(line) < 90 for line in after)


_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-ZÀ-Þ0-9¿¡•*–-])|(?<=[。！？])")
_LABEL = re.compile(r"[^\W\d_][\w/ &-]{1,24}:(?:\s|$)")
_BULLET = re.compile(r"^\s*(?:[-*•·–>]|\d{1,2}[.)])\s+")


#: where a Latin name stands among other letters without a blank: 推薦者のDana Coleさん
_MIXED = re.compile(r"(?<=[A-Za-zÀ-ÿ])(?=[ぁ-ん様氏先教])|(?<=[ぁ-ん、。])(?=[A-ZÀ-Þ])")


def sentences(text: str, language: Language) -> Iterator[str]:
    """Yield the sentences of a text; wrapped lines are joined, list items stand alone."""
    count = 0
    if not language.spaced:
        text = _MIXED.sub(" ", text)
    for block in _blocks(text):
        start = 0
        for cut in _END.finditer(block):
            piece = block[start : cut.start()].strip()
            last = piece.rsplit(None, 1)[-1].rstrip(".").lower().lstrip("(") if piece else ""
            if piece.endswith(".") and (last in language.abbreviations or len(last) == 1):
                continue
            if last.isdigit() and len(last) == 2 and _month_follows(block, cut.end(), language):
                continue
            start = cut.end()
            if piece:
                yield piece[:SENTENCE]
                count += 1
        rest = block[start:].strip()
        if rest:
            yield rest[:SENTENCE]
            count += 1
        if count >= MOST_SENTENCES:
            return


def _month_follows(block: str, at: int, language: Language) -> bool:
    """Whether a figure with a full stop is a day: 11. Februar."""
    word = _WORD.match(block, at)
    return word is not None and word[0].lower() in language.times.months


def _blocks(text: str) -> Iterator[str]:
    block = ""
    last = 0
    lines = text.splitlines()
    width = max((len(line.rstrip()) for line in lines), default=0)
    for line in lines:
        stripped = line.strip()
        if not stripped:
            if block:
                yield block
            block, last = "", 0
            continue
        joins = (
            block
            and not _BULLET.match(line)
            and (
                (width <= 100 and last + 1 + len(stripped.split(None, 1)[0]) > width - 4)
                or (stripped[0].islower() and not block.endswith((".", "!", "?", ":")))
            )
            and not (last < 30 and block.endswith(",") and len(block) < 40)
            and not _LABEL.match(stripped)
        )
        if joins:
            block = f"{block} {stripped}"
        else:
            if block:
                yield block
            block = _BULLET.sub("", line).strip()
        last = len(stripped)
    if block:
        yield block


_TO_WORDS = bytes(c if c >= 128 or chr(c).isalpha() else 32 for c in range(256))


def words_of(text: str) -> frozenset[str]:
    """Return the different words of a text in lower case; only letters make words."""
    if not text.isascii():
        for mark in "’‘“”„–—…·•\u00a0":
            text = text.replace(mark, " ")
    plain = text.lower().encode("utf-8", "replace").translate(_TO_WORDS)
    return frozenset(plain.decode("utf-8", "replace").split())


_SAMPLE = 2_500  #: characters that tell the language
_WORD = re.compile(r"[^\W\d_]+")


def language_of(
    text: str,
    lexicon: Lexicon,
    around: Language | None = None,
    sides: tuple[str, ...] = ("employer",),
) -> Language:
    """Return the language most of the first words are in.

    Where hardly a common word stands, as in a calendar's title, words of hiring tell, or all those
    that the given sides use; where nothing does, it is the language `around`, else the fallback.
    """
    sample = text[:_SAMPLE]
    languages = lexicon.languages
    if not sample.isascii():
        for language in languages.values():
            own = len(language.letters.findall(sample)) if language.letters else 0
            if own and own * 6 > sum(map(len, _WORD.findall(sample))):
                return language
    words = words_of(sample)
    best, most = around or languages[lexicon.fallback], 0
    for language in languages.values():
        hits = len(language.stopwords & words)
        if hits > most or (hits == most and hits and language.code == lexicon.fallback):
            best, most = language, hits
    return best if most >= FEW else _by_subject(words, lexicon, best, sides)


def _by_subject(
    words: frozenset[str], lexicon: Lexicon, likely: Language, sides: tuple[str, ...]
) -> Language:
    """Return the language that knows most of a few words: those of the sides, and titles."""
    best, most = likely, 0
    for language in (likely, *lexicon.languages.values()):
        of_sides = (language.by_word[side] for side in sides)
        known = (*of_sides, language.titles, language.stopwords, language.alone)
        hits = sum(any(word in group for group in known) for word in words)
        if hits > most:
            best, most = language, hits
    return best
