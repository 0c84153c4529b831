"""Finds cues in the sentences of a text, and sees which are conditional or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from vouchd.rules.cues import Hit, Strength
from vouchd.rules.lexicon import Language
from vouchd.rules.model import Evidence
from vouchd.rules.pattern import STEM, Pattern

_STRAIGHT = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": " ",
        "”": " ",
        '"': " ",
        "«": " ",
        "»": " ",
        "-": " ",
        "‑": " ",
        "‐": " ",
        "/": " ",
        "_": " ",
        "*": " ",
        "|": " ; ",
        "–": " ; ",
        "—": " ; ",
        "(": " ; ",
        ")": " ; ",
        ",": " , ",
        ";": " ; ",
        ":": " : ",
        "\u200b": "",
        "\u00ad": "",
        "\u200c": "",
        "\u200d": "",
        "\u2060": "",
        "\ufeff": "",
    }
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>]{1,500}", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
_TIME = re.compile(r"\b\d{1,2}(?:[:.h]\d{2}| ?[ap]\.?m\b\.?|(?::\d{2})? ?(?:uhr|o'clock)\b)")
_MONEY = re.compile(r"[$€£₹¥]\s?\d[\d.,']*k?|\b(?:usd|eur|gbp|inr|aud|chf|cad) ?\d[\d.,']*k?")
_DROP = re.compile(r"[^\w\s@'&+#$%;:,]")
_PUNCTUATION = {",", ";", ":"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands, and in the form phrases are matched on."""

    raw: str
    plain: str  #: lower-case words, each with one blank before it and a last one at the end
    breaks: tuple[int, ...]  #: where in `plain` a comma, dash or bracket stood


@dataclass(frozen=True, slots=True)
class Spotted:
    """The sentences of a text and every cue in them."""

    sentences: tuple[Sentence, ...] = ()
    hits: tuple[Hit, ...] = ()
    by_cue: dict[str, tuple[Hit, ...]] = field(default_factory=dict)

    def of(self, cue: str) -> tuple[Hit, ...]:
        """Return the hits of a cue that hold, strongest first."""
        return self.by_cue.get(cue, ())

    def strength(self, cue: str) -> int:
        """Return the strength of the strongest hit that holds, 0 for none."""
        hits = self.by_cue.get(cue)
        return hits[0].strength if hits else 0

    def has(self, *cues: str) -> bool:
        """Whether any of the cues is there and holds."""
        return any(cue in self.by_cue for cue in cues)

    def count(self, cue: str) -> int:
        """Return in how many sentences the cue holds, by distinct phrase."""
        return len({(hit.sentence, hit.pattern.phrase) for hit in self.of(cue)})

    def variety(self, cue: str) -> int:
        """Return how many different words or phrases of a cue the text has."""
        found: set[str] = set()
        for hit in self.of(cue):
            plain = self.sentences[hit.sentence].plain
            found.update(plain[a:b] for a, b in hit.pattern.spans(plain))
        return len(found)

    def evidence(self, *cues: str, most: int = 3) -> tuple[Evidence, ...]:
        """Return the words that the cues rest on."""
        found: dict[int, Evidence] = {}
        for cue in cues:
            for hit in self.of(cue):
                if hit.sentence not in found:
                    rule = f"{cue}: {hit.pattern.phrase}"
                    found[hit.sentence] = Evidence(rule, self.excerpt(hit))
        return tuple(found.values())[:most]

    def excerpt(self, hit: Hit) -> str:
        """Return at most 160 characters around a hit."""
        sentence = self.sentences[hit.sentence]
        raw = " ".join(sentence.raw.split())
        if len(raw) <= 160:
            return raw
        middle = int((hit.start + hit.end) / 2 / max(1, len(sentence.plain)) * len(raw))
        start = min(max(0, middle - 78), len(raw) - 156)
        return f"…{raw[start : start + 156]}…"


def normalise(raw: str, language: Language, names: re.Pattern[str] | None = None) -> Sentence:
    """Bring one sentence into the form phrases are matched on; `names` become `@name`."""
    text = (names.sub(" @name ", raw) if names else raw).lower()
    if "://" in text or "www." in text:
        text = _URL.sub(" @url ", text)
    if "@" in text:
        text = _MAIL.sub(lambda m: m[0] if m[0].startswith("@") else " @mail ", text)
    if any(map(str.isdigit, text)):
        text = _MONEY.sub(" @money ", _TIME.sub(" @time ", text))
    text = text.translate(_STRAIGHT)
    if not language.spaced:
        return Sentence(raw, "".join(text.split()), ())
    for short, full in language.expand:
        if short in text:
            text = text.replace(short, full)
    words: list[str] = []
    breaks: list[int] = []
    length = 0
    for word in _DROP.sub(" ", text).split():
        if word in _PUNCTUATION:
            breaks.append(length)
            continue
        word = word.strip("',;:")
        if word:
            words.append(word)
            length += len(word) + 1
    return Sentence(raw, f" {' '.join(words)} " if words else " ", tuple(breaks))


def spot(raw: Iterable[str], language: Language, names: re.Pattern[str] | None = None) -> Spotted:
    """Find all cues of a language in sentences."""
    sentences: list[Sentence] = []
    hits: list[Hit] = []
    for number, text in enumerate(raw):
        sentence = normalise(text, language, names)
        sentences.append(sentence)
        found = tuple(_hits(sentence, number, language))
        if any(h.cue == "process" and h.strength == Strength.STRONG and h.holds for h in found):
            found = tuple(replace(h, hypothetical=True) for h in found)
        hits.extend(found)
    by_cue: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.holds:
            by_cue.setdefault(hit.cue, []).append(hit)
    ordered = {
        cue: tuple(sorted(found, key=lambda h: (-h.strength, h.sentence)))
        for cue, found in by_cue.items()
    }
    return Spotted(tuple(sentences), tuple(hits), ordered)


def _candidates(plain: str, language: Language) -> set[int]:
    numbers: set[int] = set()
    if not language.spaced:
        for trigger, entries in language.by_word.items():
            if trigger in plain:
                numbers.update(entries)
        return numbers
    by_word, by_stem = language.by_word, language.by_stem
    for word in plain.split():
        if word in by_word:
            numbers.update(by_word[word])
        stem = word[:STEM]
        if stem in by_stem:
            numbers.update(by_stem[stem])
    return numbers


def _hits(sentence: Sentence, number: int, language: Language) -> Iterator[Hit]:
    plain = sentence.plain
    conditions: list[int] | None = None
    for entry_number in sorted(_candidates(plain, language)):
        entry = language.entries[entry_number]
        match = entry.pattern.search(plain)
        if match is None:
            continue
        if conditions is None:
            conditions = _conditions(sentence, language)
        yield Hit(
            entry.cue,
            entry.strength,
            number,
            entry.pattern,
            match.start(),
            match.end(),
            hypothetical=_conditional(sentence, match, conditions),
            negated=_denied(sentence, match, language),
        )


def _conditions(sentence: Sentence, language: Language) -> list[int]:
    """Return where conditions begin in a sentence, courtesies left out."""
    scope = language.scope
    if not _hint(scope.conditional).search(sentence.plain):
        return []
    polite = _spans(scope.courtesy, sentence.plain)
    return [
        start
        for start, _ in _spans(scope.conditional, sentence.plain)
        if not any(a <= start < b for a, b in polite)
    ]


@lru_cache
def _hint(patterns: tuple[Pattern, ...]) -> re.Pattern[str]:
    """Return an expression that is in every sentence in which one of the patterns can be."""
    triggers = sorted({t.rstrip("*") for pattern in patterns for t in pattern.triggers})
    return re.compile("|".join(map(re.escape, triggers)) if triggers else "(?!)")


def _spans(patterns: tuple[Pattern, ...], plain: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for pattern in patterns:
        if any(t.rstrip("*") in plain for t in pattern.triggers):
            found.extend(pattern.spans(plain))
    return found


def _conditional(sentence: Sentence, match: re.Match[str], conditions: list[int]) -> bool:
    """Whether a condition governs the match: it stands before it, or after it without a break."""
    for start in conditions:
        if start <= match.start():
            return True
        if start < match.end():
            continue
        if not any(match.end() - 1 <= b <= start for b in sentence.breaks):
            return True
    return False


def _denied(sentence: Sentence, match: re.Match[str], language: Language) -> bool:
    """Whether a negation stands within four words before the match, in the same clause."""
    scope = language.scope
    if not scope.negation:
        return False
    before = sentence.plain[: match.start()]
    last_break = max((b for b in sentence.breaks if b <= match.start()), default=0)
    clause = before[last_break:]
    if not language.spaced:
        return any(clause[-6:].endswith(word) for word in scope.negation)
    near = clause.split()[-4:]
    if not any(word in scope.negation for word in near):
        return False
    tail = " " + " ".join(clause.split()[-6:]) + sentence.plain[match.start() : match.end() + 1]
    return not any(p.search(tail) for p in scope.not_negation)


def strongest(spotted: Spotted, cues: tuple[str, ...]) -> Strength | None:
    """Return the strongest strength among cues, None when none holds."""
    best = max((spotted.strength(cue) for cue in cues), default=0)
    return Strength(best) if best else None
