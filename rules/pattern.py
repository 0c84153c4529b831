"""How a phrase of the rule data is written, and the expression and trigger words it becomes.

    we (will|shall) [also] contact .. your reference*

Words stand for themselves; `(a|b c)` is a choice, `[a]` may be missing, `{name}` is a list of the
language's `[words]`, `..` skips up to three words and `...` up to eight, `*` stands for the rest of
a word, `^` and `$` for the ends of a sentence. `one & other` wants both anywhere in the same
sentence; the first says where. All gaps are bounded, so matching is linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(r"\(|\)\??|\[|\]|\||\{[a-z_]+\}\??|\.{2,3}|\^|\$|[^\s()\[\]|{}^$]+")
STEM = 4  #: letters by which words with a `*` are looked up


class PatternError(ValueError):
    """A phrase that cannot be read; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase: the source of its expression and the words of which one must be present."""

    phrase: str
    sources: tuple[str, ...]  #: the first is where it stands, the others must be there too
    triggers: frozenset[str]  #: whole words; with a trailing `*` the first letters of one

    def search(self, plain: str) -> re.Match[str] | None:
        """Return where the phrase stands in a normalised sentence; None where it does not."""
        match = _compiled(self.sources[0]).search(plain)
        if match and all(_compiled(source).search(plain) for source in self.sources[1:]):
            return match
        return None

    def spans(self, plain: str) -> list[tuple[int, int]]:
        """Return every place of the phrase."""
        return [match.span() for match in _compiled(self.sources[0]).finditer(plain)]


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


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

    def choice(self) -> tuple[str, frozenset[str] | None]:
        """Read `a|b|c` up to a closing bracket or the end."""
        branches: list[str] = []
        triggers: frozenset[str] | None = frozenset()
        while True:
            source, wanted = self.sequence()
            branches.append(source)
            triggers = None if triggers is None or wanted is None else triggers | wanted
            if self.peek() != "|":
                break
            self.at += 1
        if len(branches) == 1:
            return branches[0], triggers
        return f"(?:{'|'.join(branches)})", triggers

    def sequence(self) -> tuple[str, frozenset[str] | None]:
        sources: list[str] = []
        best: frozenset[str] | None = None
        while (token := self.peek()) is not None and token not in ("|", ")", ")?", "]"):
            source, triggers = self.item(token)
            sources.append(source)
            if triggers and (best is None or self.cost(triggers) < self.cost(best)):
                best = triggers
        if not sources:
            raise PatternError("an empty choice")
        return "".join(sources), best

    def item(self, token: str) -> tuple[str, frozenset[str] | None]:
        self.at += 1
        if token in ("(", "["):
            source, triggers = self.choice()
            closing = self.peek()
            if closing not in ((")", ")?") if token == "(" else ("]",)):
                raise PatternError(f"'{token}' is never closed")
            self.at += 1
            if closing == ")":
                return source if source.startswith("(?:") else f"(?:{source})", triggers
            return f"(?:{source})?", None
        if token in ("..", "..."):
            reach = 3 if token == ".." else 8
            return (
                (f"(?: [^ ]+){{0,{reach}}}?", None)
                if self.spaced
                else (f".{{0,{reach * 2}}}?", None)
            )
        if token in ("^", "$"):
            return "^" if token == "^" else ("(?= $)" if self.spaced else "$"), None
        if token.startswith("{"):
            return self.list_of(token)
        return self.word(token)

    def list_of(self, token: str) -> tuple[str, frozenset[str] | None]:
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
        return (f"(?:{source})?", None) if token.endswith("?") else (f"(?:{source})", triggers)

    def word(self, token: str) -> tuple[str, frozenset[str] | None]:
        body = re.escape(token.lower()).replace(r"\*", "[^ ]*" if self.spaced else "[^ ]{0,8}?")
        source = f" {body}" if self.spaced else body
        literal = token.lower()
        if "*" not in literal:
            return source, frozenset((literal,))
        stem = literal.partition("*")[0]
        return source, frozenset((stem[:STEM] + "*",)) if len(stem) >= STEM else None

    def cost(self, triggers: frozenset[str]) -> tuple[bool, int]:
        return bool(triggers & self.common), len(triggers)


def compile_phrase(
    phrase: str, words: Mapping[str, tuple[str, ...]], common: frozenset[str], *, spaced: bool
) -> Pattern:
    """Compile one phrase; `common` are words too frequent to be looked for. Raises PatternError."""
    sources: list[str] = []
    best: frozenset[str] | None = None
    for part in phrase.split(" & "):
        reader = _Reader(_TOKEN.findall(part), words, common, spaced)
        source, triggers = reader.choice()
        if reader.at != len(reader.tokens):
            raise PatternError("brackets do not match")
        if triggers and (best is None or reader.cost(triggers) < reader.cost(best)):
            best = triggers
        sources.append(source + ("(?= )" if spaced else ""))
    if not best:
        raise PatternError("needs one word of at least four letters that is always there")
    return Pattern(phrase, tuple(sources), best)
