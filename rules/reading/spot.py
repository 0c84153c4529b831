"""Finds cues in the sentences of a text, and sees which are conditional or denied."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from vouchd.rules.model import Evidence
from vouchd.rules.reading.cues import CUES, SIDE, Hit, Strength
from vouchd.rules.reading.lexicon import Entry, Language
from vouchd.rules.reading.pattern import STEM, Pattern

_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys('“”"«»-‑‐/_*.!?…[]{}<>=~^\\•·►→✔✅❌🎉©®™', " "),
        **dict.fromkeys("|–—()", " ; "),
        ",": " , ",
        ";": " ; ",
        ":": " : ",
        "\n": " \n ",
        **dict.fromkeys("\u200b\u00ad\u200c\u200d\u2060\ufeff", ""),
    }
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>]{1,500}")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
_TIME = re.compile(r"\b\d{1,2}(?:[:.h]\d{2}| ?[ap]\.?m\b\.?|(?::\d{2})? ?(?:uhr|o'clock)\b)")
_MONEY = re.compile(r"[$€£₹¥] ?\d[\d.,']*k?|\b(?:usd|eur|gbp|inr|aud|chf|cad) ?\d[\d.,']*k?")
_DIGIT = re.compile(r"\d")
_DROP = re.compile(r"[^\w\s@'&+#$%;:,]|(?<!\w)'|'(?!\w)")
_MAY_DROP = re.compile(r"['\u0080-\U0010ffff]")  #: `_STRAIGHT` leaves nothing else to drop
_PUNCTUATION = re.compile(r"(?: [,;:])+(?= )")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands, and in the form phrases are matched on."""

    raw: str
    plain: str  #: lower-case words, each with one blank before it and a last one at the end
    marked: str  #: the same with its commas, colons and brackets

    @property
    def breaks(self) -> tuple[int, ...]:
        """Where in `plain` a comma, dash or bracket stood."""
        found: list[int] = []
        length = 0
        for word in self.marked.split():
            if word in ",;:":
                found.append(length)
            else:
                length += len(word) + 1
        return tuple(found)


@dataclass(frozen=True)
class Spotted:
    """The sentences of a text; a cue is looked for when it is first asked about."""

    sentences: tuple[Sentence, ...]
    language: Language
    text: str  #: all plain sentences, one to a line
    starts: tuple[int, ...]  #: where each begins in `text`
    found: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    sides: dict[str, dict[str, list[tuple[Entry, int]]]] = field(default_factory=dict)

    @cached_property
    def words(self) -> dict[str, int]:
        """Every word, and its first letters with a `*`: the sentences it stands in, as bits."""
        found: dict[str, int] = {}
        get = found.get
        bit = 1
        for sentence in self.sentences:
            for word in set(sentence.plain.split()):
                found[word] = get(word, 0) | bit
                stem = word[:STEM] + "*"
                found[stem] = get(stem, 0) | bit
            bit <<= 1
        return found

    def candidates(self, side: str) -> dict[str, list[tuple[Entry, int]]]:
        """The phrases of a side that can be there, by cue, with their sentences as bits."""
        if side in self.sides:
            return self.sides[side]
        language, words = self.language, self.words
        by_word, entries = language.by_word[side], language.entries
        bits: dict[int, int] = {}
        get = bits.get
        if language.spaced:
            for word in by_word.keys() & words.keys():
                mask = words[word]
                for number in by_word[word]:
                    bits[number] = get(number, 0) | mask
        else:
            everywhere = (1 << len(self.sentences)) - 1
            bits = {n: everywhere for w, ns in by_word.items() if w in self.text for n in ns}
        by_cue: dict[str, list[tuple[Entry, int]]] = {}
        for number in sorted(bits):
            entry = entries[number]
            there = self._beside(entry, bits[number])
            if there:
                by_cue.setdefault(entry.cue, []).append((entry, there))
        self.sides[side] = by_cue
        return by_cue

    def of(self, cue: str) -> tuple[Hit, ...]:
        """Return the hits of a cue that hold, strongest first."""
        hits = self.found.get(cue)
        if hits is None:
            entries = self.candidates(SIDE.get(cue, "employer")).get(cue)
            if entries is None:
                return ()
            holding = [h for entry, bits in entries for h in self._hits(entry, bits) if h.holds]
            hits = tuple(sorted(holding, key=_strongest)) if holding else ()
            self.found[cue] = hits
        return hits

    def strength(self, cue: str) -> int:
        """Return the strength of the strongest hit that holds, 0 for none."""
        hits = self.of(cue)
        return hits[0].strength if hits else 0

    def has(self, *cues: str) -> bool:
        """Whether any of the cues is there and holds."""
        return any(map(self.of, cues))

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

    def _beside(self, entry: Entry, bits: int) -> int:
        """Leave only the sentences that have one of each list of words the phrase needs."""
        if not self.language.spaced:
            return bits
        words = self.words
        for wanted in entry.pattern.required:
            there = 0
            for word in wanted & words.keys():
                there |= words[word]
            bits &= there
            if not bits:
                break
        return bits

    def _hits(self, entry: Entry, bits: int) -> Iterator[Hit]:
        pattern = entry.pattern
        kind = CUES[entry.cue]
        while bits:
            number = (bits & -bits).bit_length() - 1
            bits &= bits - 1
            match = pattern.search(self.sentences[number].plain)
            if match is None:
                continue
            start, end = match.span()
            yield Hit(
                entry.cue,
                entry.strength,
                number,
                pattern,
                start,
                end,
                hypothetical=not kind.survives_condition and self._conditional(number, start, end),
                negated=not kind.survives_negation
                and (
                    self._denied(number, start)
                    or self._denied_inside(entry, match[0])
                    or (not entry.negative and self._denied_beside(pattern, number))
                ),
            )

    @cached_property
    def _conditions(self) -> tuple[dict[int, list[int]], list[tuple[int, int]]]:
        """Where conditions begin, by sentence, courtesies left out; and where those stand."""
        scope = self.language.scope
        polite = list(self._spans(scope.courtesy))
        found: dict[int, list[int]] = {}
        for start, _ in self._spans(scope.conditional):
            if not any(a <= start < b for a, b in polite):
                number = bisect_right(self.starts, start) - 1
                found.setdefault(number, []).append(start - self.starts[number])
        return found, polite

    @cached_property
    def _turns(self) -> tuple[int, ...]:
        """Where a "but" begins a clause: what follows stands outside a condition before it."""
        found = []
        for start, _ in self._spans(self.language.scope.turning):
            number = bisect_right(self.starts, start) - 1
            if (
                not self.language.spaced
                or start - self.starts[number] in self.sentences[number].breaks
            ):
                found.append(start)
        return tuple(found)

    def _spans(self, patterns: tuple[Pattern, ...]) -> Iterator[tuple[int, int]]:
        for pattern in patterns:
            if self.language.spaced and pattern.triggers.isdisjoint(self.words):
                continue
            yield from pattern.spans(self.text)

    def _conditional(self, number: int, begin: int, end: int) -> bool:
        """Whether a condition governs it: stands before it, or after it without a break."""
        if number in self._described:
            return True
        conditions, polite = self._conditions
        at = self.starts[number] + begin
        if any(a < at < b for a, b in polite):
            return True  # what the courtesy itself is about: if you need to reschedule
        first = self.starts[number]
        for start in conditions.get(number, ()):
            ends = any(start < turn - first < end for turn in self._turns)
            if start < begin and not ends:  # one that begins the phrase is a part of what it says
                return True
            if start >= end and not any(
                end - 1 <= b <= start for b in self.sentences[number].breaks
            ):
                return True
        return False

    @cached_property
    def _described(self) -> frozenset[int]:
        """The sentences that describe a process to come."""
        return frozenset(h.sentence for h in self.of("process") if h.strength == Strength.STRONG)

    def _denied_inside(self, entry: Entry, words: str) -> bool:
        """Whether a gap of the phrase has swallowed a negation: has (not yet) completed."""
        negation = self.language.scope.negation
        return (
            self.language.spaced and not entry.negative and not negation.isdisjoint(words.split())
        )

    def _denied_beside(self, pattern: Pattern, number: int) -> bool:
        """Whether another part of the phrase is denied: @name has not replied."""
        return any(self._denied(number, at) for at in pattern.others(self.sentences[number].plain))

    def _denied(self, number: int, begin: int) -> bool:
        """Whether a negation stands within four words before it, in the same clause."""
        scope, sentence = self.language.scope, self.sentences[number]
        before = sentence.plain[:begin]
        if not self.language.spaced:
            return any(before[-6:].endswith(word) for word in scope.negation)
        if scope.negation.isdisjoint(before.split()[-4:]):
            return False
        clause = before[max((b for b in sentence.breaks if b <= begin), default=0) :]
        if scope.negation.isdisjoint(clause.split()[-4:]):
            return False
        tail = " " + " ".join(clause.split()[-6:]) + sentence.plain[begin : begin + 40] + " "
        return not any(p.search(tail) for p in scope.not_negation)


def _strongest(hit: Hit) -> tuple[int, int]:
    return -hit.strength, hit.sentence


def spot(raw: Iterable[str], language: Language, names: re.Pattern[str] | None = None) -> Spotted:
    """Bring sentences into the form phrases are matched on; `names` become `@name`."""
    lines = [" ".join(line.split()) for line in raw]
    if not lines:
        return Spotted((), language, "", ())
    marked = _plain("\n".join(lines), language, names).split("\n")
    if language.spaced:
        forms = [f" {' '.join(line.split())} " for line in marked]
        text = _PUNCTUATION.sub("", "\n".join(forms))
    else:
        forms = ["".join(line.split()) for line in marked]
        text = "\n".join(forms)
    starts: list[int] = []
    sentences: list[Sentence] = []
    at = 0
    for line, form, plain in zip(lines, forms, text.split("\n"), strict=True):
        starts.append(at)
        sentences.append(Sentence(line, plain, form))
        at += len(plain) + 1
    return Spotted(tuple(sentences), language, text, tuple(starts))


def _plain(text: str, language: Language, names: re.Pattern[str] | None) -> str:
    """Return lower-case words; addresses, times and sums become one word each."""
    if names and names.search(text):
        text = names.sub(" @name ", text)
    text = text.lower()
    if "://" in text or "www." in text:
        text = _URL.sub(" @url ", text)
    if "@" in text:
        text = _MAIL.sub(lambda m: m[0] if m[0].startswith("@") else " @mail ", text)
    if _DIGIT.search(text):
        text = _MONEY.sub(" @money ", _TIME.sub(" @time ", text))
    text = text.translate(_STRAIGHT)
    for short, full in language.expand:
        if short in text:
            text = text.replace(short, full)
    return _DROP.sub(" ", text) if _MAY_DROP.search(text) else text
