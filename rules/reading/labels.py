"""What a domain label says of the name behind it: ospreyfreight, kartonagen-fuessl."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import squash


def spellings(label: str) -> frozenset[str]:
    """Return a label as its letters, and with the two-letter forms of umlauts undone."""
    plain = squash(label)
    undone = plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return frozenset((plain, undone))


def in_words(label: str, language: Language, texts: Iterable[str] = ()) -> str:
    """Return a domain label as a name: acme-robotics, ospreyfreight, crechegirassol as two words.

    Only where it begins or ends with words that employers' names do. `texts` show how its words
    are written: Füssl for fuessl.
    """
    seen = {form: w for text in texts for w in _CAPITAL.findall(text) for form in forms(w)}
    words: list[str] = []
    for part in re.split(r"[-_]", label):
        heads: list[str] = []
        tails: list[str] = []
        while tail := _tail(part, language):
            tails.insert(0, tail)
            part = part[: -len(tail)]
        head = max((h for h in language.label_heads if part.startswith(h)), key=len, default="")
        if head and len(part) - len(head) >= _LEAST:
            heads, part = [language.label_heads[head]], part[len(head) :]
        words += [*heads, part, *tails]
    return " ".join(w if w in _SMALL else seen.get(w) or w[:1].upper() + w[1:] for w in words)


_SMALL = frozenset(("and", "of", "und", "et", "e", "y", "en"))
_CAPITAL = re.compile(r"(?<!\w)[A-ZÀ-ÞŁŚŻ][a-zà-ÿłśżı]{3,}(?!\w)")


def forms(word: str) -> tuple[str, str]:
    """Return a word as an address can have it: müller as muller and mueller."""
    low = word.lower().translate(_TWO_LETTERS)
    return squash(word), squash(low)


_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LEAST = 4  #: letters that stay before a word that is cut off


def _tail(label: str, language: Language) -> str:
    tails = (t for t in language.label_tails if label.endswith(t) and len(label) - len(t) >= _LEAST)
    return max(tails, key=len, default="")
