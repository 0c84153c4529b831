"""How a phrase of the rule data is written, and the expression and trigger words it becomes.

    we (will|shall) [also] contact .. your reference*

Words stand for themselves; `(a|b c)` is a choice, `[a]` may be missing, `{name}` is a list of the
language's `[words]`, `..` skips up to three words and `...` up to eight, `*` stands for the rest of
a word, `^` and `$` for the ends of a sentence. `one & other` wants both anywhere in the same
sentence; the first says where. All gaps are bounded, so matching is linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

_TOKEN = re.compile(r"\(|\)\??|\[|\]|\||\{[a-z_]+\}\??|\.{2,3}|\^|\$|[^\s()\[\]|{}^$]+")
STEM = 4  #: letters by which words with a `*` are looked up


class PatternError(ValueError):
    """A phrase that cannot be read; the text says what is wrong."""


@dataclass(frozen=True)
class Pattern:
    """One phrase: the source of its expression and the words of which one must be present."""

    phrase: str
    sources: tuple[str, ...]  #: the first is where it stands, the others must be there too
    triggers: frozenset[str]  #: whole words; with a trailing `*` the first letters of one
    required: tuple[frozenset[str], ...] = ()  #: one of each must be there

    def search(self, plain: str) -> re.Match[str] | None:
        """Return where the phrase stands in a normalised sentence; None where it does not."""
        match = self._first.search(plain)
        if match and self._others and not all(other.search(plain) for other in self._others):
            return None
        return match

    def others(self, plain: str) -> list[int]:
        """Return where the other parts of `one & other` first stand."""
        found = (other.search(plain) for other in self._others)
        return [match.start() for match in found if match]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return every place of the first part in sentences, one to a line."""
        return [match.span() for match in self._first.finditer(text)]

    # Compiled when first looked for: most phrases of a language never are in one run.
    @cached_property
    def _first(self) -> re.Pattern[str]:
        return re.compile(self.sources[0], re.MULTILINE)

    @cached_property
    def _others(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(source, re.MULTILINE) for source in self.sources[1:])


Wanted = tuple[frozenset[str], ...]


@dataclass(slots=True)
class _Reader:
    """Reads one phrase; `spaced` is False for scripts that put no blanks between words."""

    tokens: list[str]
    words: Mapping[str, tuple[str, ...]]
    common: frozenset[str]
    spaced: bool
    depth: int = 0
    at: int = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def choice(self) -> tuple[str, Wanted]:
        """Read `a|b|c` up to a closing bracket or the end."""
        branches: list[str] = []
        options: list[Wanted] = []
        while True:
            source, wanted = self.sequence()
            branches.append(source)
            options.append(wanted)
            if self.peek() != "|":
                break
            self.at += 1
        if len(branches) == 1:
            return branches[0], options[0]
        source = f"(?:{'|'.join(branches)})"
        if not all(options):
            return source, ()
        rarest = [min(wanted, key=self.cost) for wanted in options]
        return source, (frozenset().union(*rarest),)

    def sequence(self) -> tuple[str, Wanted]:
        sources: list[str] = []
        wanted: list[frozenset[str]] = []
        while (token := self.peek()) is not None and token not in ("|", ")", ")?", "]"):
            source, triggers = self.item(token)
            sources.append(source)
            wanted.extend(triggers)
        if not sources:
            raise PatternError("an empty choice")
        return "".join(sources), tuple(wanted)

    def item(self, token: str) -> tuple[str, Wanted]:
        self.at += 1
        if token in ("(", "["):
            source, triggers = self.choice()
            closing = self.peek()
            if closing not in ((")", ")?") if token == "(" else ("]",)):
                raise PatternError(f"'{token}' is never closed")
            self.at += 1
            if closing == ")":
                return source if source.startswith("(?:") else f"(?:{source})", triggers
            return f"(?:{source})?", ()
        if token in ("..", "..."):
            reach = 3 if token == ".." else 8
            gap = rf"(?: [^ \n]+){{0,{reach}}}?" if self.spaced else f".{{0,{reach * 2}}}?"
            return gap, ()
        if token in ("^", "$"):
            return "^" if token == "^" else ("(?= $)" if self.spaced else "$"), ()
        if token.startswith("{"):
            return self.list_of(token)
        return self.word(token)

    def list_of(self, token: str) -> tuple[str, Wanted]:
        name = token.strip("{}?")
        if name not in self.words:
            raise PatternError(f"{{{name}}} is no list under [words]")
        if self.depth > 4:
            raise PatternError(f"{{{name}}} contains itself")
        text = "|".join(self.words[name])
        inner = _Reader(_TOKEN.findall(text), self.words, self.common, self.spaced, self.depth + 1)
        source, triggers = inner.choice()
        if inner.at != len(inner.tokens):
            raise PatternError(f"{{{name}}} has brackets that do not match")
        return (f"(?:{source})?", ()) if token.endswith("?") else (f"(?:{source})", triggers)

    def word(self, token: str) -> tuple[str, Wanted]:
        rest = r"[^ \n]*" if self.spaced else "[^ \\n]{0,8}?"
        body = re.escape(token.lower()).replace(r"\*", rest)
        source = f" {body}" if self.spaced else body
        literal = token.lower()
        if "*" not in literal:
            return source, (frozenset((literal,)),)
        stem = literal.partition("*")[0]
        return source, (frozenset((stem[:STEM] + "*",)),) if len(stem) >= STEM else ()

    def cost(self, triggers: frozenset[str]) -> tuple[bool, int]:
        return bool(triggers & self.common), len(triggers)


def compile_phrase(
    phrase: str, words: Mapping[str, tuple[str, ...]], common: frozenset[str], *, spaced: bool
) -> Pattern:
    """Compile one phrase; `common` are words too frequent to be looked for. Raises PatternError."""
    sources: list[str] = []
    wanted: list[frozenset[str]] = []
    reader = _Reader([], words, common, spaced)
    for part in phrase.split(" & "):
        reader = _Reader(_TOKEN.findall(part), words, common, spaced)
        source, triggers = reader.choice()
        if reader.at != len(reader.tokens):
            raise PatternError("brackets do not match")
        wanted.extend(triggers)
        sources.append(source + ("(?= )" if spaced else ""))
    if not wanted:
        raise PatternError("needs one word of at least four letters that is always there")
    return _looked_for(
        Pattern(phrase, tuple(sources), wanted[0], tuple(wanted[1:])), reader.cost, common
    )


def by_rarity(patterns: Sequence[Pattern], common: frozenset[str]) -> tuple[Pattern, ...]:
    """Look for each phrase by the words that the fewest other phrases need.

    What many phrases share tells little; so fewer phrases are tried on a text. `common` are
    words too frequent to be looked for.
    """
    shared = Counter(
        word for p in patterns for words in (p.triggers, *p.required) for word in words
    )

    def cost(words: frozenset[str]) -> tuple[bool, int]:
        return bool(words & common), sum(shared[word] for word in words)

    return tuple(_looked_for(pattern, cost, common) for pattern in patterns)


def _looked_for(
    pattern: Pattern, cost: Callable[[frozenset[str]], tuple[bool, int]], common: frozenset[str]
) -> Pattern:
    first, *others = sorted((pattern.triggers, *pattern.required), key=cost)
    telling = tuple(words for words in others if len(words) < 12 or not words & common)
    return replace(pattern, triggers=first, required=telling)
