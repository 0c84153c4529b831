"""The lines of a message cut into the words that can be part of a job title."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import Clues, squash
from vouchd.rules.reading.titles import LETTERS, is_title, without_sexes

_LONGEST = 9  #: words of a title
_LINES = 30  #: of the new words
_OLD_LINES = 12  #: of forwarded or quoted ones
_SIGNS = 600  #: of a line
_WORDS = 80  #: of a line
_WORD = re.compile(r"[^\W_](?:[\w'’&+#./*:-]*[\w+#])?|[^\w\s]")
#: writing without spaces: what is written in one kind of signs belongs together
_ABOUT = "職|枠|担当|募集|採用|選考|候補|求人"  #: what follows a title there
_RUN = re.compile(
    rf"[一-龯々〆]+?(?=様|{_ABOUT})|{_ABOUT}|[一-龯々〆]+|[ァ-ヶー・]+|[ぁ-ん]+"
    r"|[A-Za-z0-9][A-Za-z0-9+#./&-]*|[^\w\s]"
)
_WITHIN = frozenset(",-–—/&()（）'’|")  #: marks that can stand within a title
_NAMES = frozenset(("Word", "WORD", "house", "person", "given"))
_LEAST = 2  #: letters of a title, and of a word that tells whose it is


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a line, where in it they stand, and how each is written."""

    text: str
    where: str  #: `subject`, `body`, `forwarded` or `quoted`
    low: tuple[str, ...]
    keys: tuple[str, ...]  #: the words as titles are compared
    at: tuple[tuple[int, int], ...]
    #: Word, WORD, word, 1, a mark itself, the script where there are no capitals; or whose it is:
    #: a person's, the house's, my own, a first name
    forms: tuple[str, ...]
    heads: tuple[bool, ...]  #: which are head words of titles

    def key(self, start: int, end: int) -> str:
        """Return some of the words in the form in which two titles are compared."""
        return "".join(self.keys[start:end])

    def between(self, start: int, end: int) -> str:
        """Return some of the words as they are written."""
        return self.text[self.at[start][0] : self.at[end - 1][1]]


def plain(title: str) -> str:
    """Return a title in the form in which two are compared."""
    return squash(without_sexes(title))


def lines_of(
    clues: Clues, language: Language, company: str | None, given: Container[str]
) -> Iterator[Line]:
    """Yield the lines in which a title can stand.

    `company` is the employer, `given` are first names of people.
    """
    whose = _Whose(clues, language, company, given)
    yield _line(clues.subject, "subject", language, whose)
    for text in clues.body[:_LINES]:
        yield _line(text, "body", language, whose)
    for where, old in (("forwarded", clues.forwarded), ("quoted", clues.quoted)):
        for text in old.splitlines()[:_OLD_LINES]:
            yield _line(text, where, language, whose)


class _Whose:
    """Whose name a word is part of."""

    def __init__(
        self, clues: Clues, language: Language, company: str | None, given: Container[str]
    ) -> None:
        named = [(name, "person") for name in clues.people]
        named += [(company or "", "house"), (clues.me, "me")]
        self._known = {
            word.lower(): who
            for name, who in named
            for word in name.split()
            if len(word) > _LEAST and word.lower() not in language.titles
        }
        self._given = given

    def __call__(self, word: str) -> str | None:
        """Return `person`, `house`, `me`, or `given` for a first name; None for any other word."""
        word = word.removesuffix("'s").removesuffix("’s")
        return self._known.get(word.lower()) or ("given" if word in self._given else None)


def _line(text: str, where: str, language: Language, whose: _Whose) -> Line:
    found = list((_WORD if language.spaced else _RUN).finditer(text[:_SIGNS]))[:_WORDS]
    low = tuple([match[0].lower() for match in found])
    return Line(
        text,
        where,
        low,
        tuple([squash(word) if not _SEXES.fullmatch(word) else "" for word in low]),
        tuple([match.span() for match in found]),
        tuple([_form(match[0], whose) for match in found]),
        tuple([any(is_title(part, language) for part in LETTERS.findall(word)) for word in low]),
    )


_SEXES = re.compile(r"[mwfdhvixa](?:/[mwfdhvixa*])+")


def _form(word: str, whose: _Whose) -> str:
    first = word[0]
    if not first.isalnum():
        return word
    if not first.isupper():
        return "1" if first.isdigit() else "word" if first.islower() else _script(first)
    return whose(word) or ("WORD" if word.isupper() and len(word) > 1 else "Word")


def _script(sign: str) -> str:
    return "kana" if "ァ" <= sign <= "ー" else "hiragana" if "ぁ" <= sign <= "ん" else "signs"


def runs(line: Line, language: Language) -> Iterator[tuple[int, int]]:
    """Yield from and to which word of a line a title can go: with a capital or a head word."""
    forms, low, count = line.forms, line.low, len(line.low)
    small = [
        form == "hiragana" or (form == "word" and word in language.stopwords)
        for form, word in zip(forms, low, strict=True)
    ]
    mark = [not word[0].isalnum() for word in low]
    for start in range(count):
        if mark[start] or small[start] or low[start] in language.articles:
            continue
        if _in_apposition(line, start):
            continue
        held, opened = not language.spaced, 0
        for last in range(start, min(count, start + _LONGEST)):
            if mark[last]:
                opened += (low[last] in "(（") - (low[last] in ")）")
                if low[last] not in _WITHIN:
                    break
                if low[last] not in ")）":
                    continue
            if forms[last] == "hiragana" and low[last] != "の":
                break
            held = held or line.heads[last] or forms[last] in _NAMES
            if forms[last + 1 : last + 2] in _PEOPLE:
                continue  # our Regional Director Kofi Mensah
            if held and not opened and not small[last] and len(line.key(start, last + 1)) >= _LEAST:
                yield start, last + 1


def _in_apposition(line: Line, start: int) -> bool:
    """Whether what begins there is, by the mark before it, the title of somebody just named.

    Lena Fox, Head of Finance; Omar Aziz (Regional Director).
    """
    if start < _NAMED or line.low[start - 1] not in ("(", ",", "（"):
        return False
    return any(form in ("person", "given") for form in line.forms[max(0, start - 4) : start - 1])


_NAMED = 2  #: words before such a title, with the mark
_PEOPLE = (("person",), ("given",))
