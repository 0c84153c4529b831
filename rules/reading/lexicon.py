"""What a language and the vendors are to the rules, and how their TOML is checked and compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vouchd.rules.model import Data
from vouchd.rules.reading.cues import CUES, SIDE, SIDES, Strength
from vouchd.rules.reading.learnt import Learnt, Names, Packed, load, load_names, pack
from vouchd.rules.reading.pattern import Pattern, PatternError, by_rarity, compile_phrase
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.tables import LexiconError, Table, parse
from vouchd.rules.reading.times import Times, times_of
from vouchd.rules.reading.vendors import Marks, Vendors, marks_of, vendors_of

__all__ = ["Lexicon", "LexiconError", "compile"]

PatternMaker = Callable[[Table, str, str], Pattern]


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of one cue, compiled."""

    cue: str
    strength: Strength
    pattern: Pattern
    negative: bool = False  #: the phrase itself holds a "not"


@dataclass(frozen=True, slots=True)
class Scope:
    """The words that turn a statement into a condition or its opposite."""

    conditional: tuple[Pattern, ...]
    courtesy: tuple[Pattern, ...]
    turning: tuple[Pattern, ...]  #: what comes after it stands outside the condition: "but"
    hedges: tuple[Pattern, ...]  #: what is left open: "I am not sure that"
    negation: frozenset[str]
    not_negation: tuple[Pattern, ...]
    no_longer: tuple[Pattern, ...]  #: a "not" of where somebody worked: "I am not at Acme any more"


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words by which a reason is given."""

    because: tuple[str, ...]  #: words before a reason
    kept: tuple[str, ...]  #: those without which it would be no sentence: weil, wegen
    addressed: tuple[str, ...]  #: you, your; with a capital where only that means the reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language, ready to read with."""

    code: str
    spaced: bool
    letters: re.Pattern[str] | None  #: a script of its own
    stopwords: frozenset[str]
    polite: frozenset[str]  #: what one is called who is kept at a distance: Ihnen, vous
    familiar: frozenset[str]  #: and who is not: dir, toi; both as they are written
    abbreviations: frozenset[str]
    expand: tuple[tuple[str, str], ...]
    scope: Scope
    entries: Sequence[Entry]  #: the phrases
    by_word: Mapping[str, Mapping[str, tuple[int, ...]]]  #: side -> trigger -> numbers of entries
    alone: frozenset[str]  #: one of these words lets a stranger's mail be read (gate)
    said: tuple[str, ...]  #: so does one of these phrases
    beside: frozenset[str]  #: words that do so beside the user's name, or many together
    company_near: frozenset[str]  #: words right before a company: at, joining
    company_maybe: frozenset[str]  #: words before a company when a noun of hiring precedes them
    company_meant: frozenset[str]  #: those of them that serve among friends: for, at
    company_nouns: frozenset[str]  #: those nouns: application, interview, offer
    company_verbs: frozenset[str]  #: words after a company that begins a sentence
    company_after: frozenset[str]  #: nouns after a company: team, careers
    company_labels: frozenset[str]  #: Company:, Employer:
    company_tail: frozenset[str]  #: words that end a company's name: Bank, University, Trust
    places: frozenset[str]  #: countries and cities: "in Leeds" is no company
    label_tails: frozenset[str]  #: those that can be told in a domain: ospreyfreight
    label_heads: Mapping[str, str]  #: those that begin one, folded: clinica for clínica
    person_near: frozenset[str]  #: of `company_maybe`: somebody may stand there as well: with Kyle
    honorifics: frozenset[str]  #: what comes before a person's name: Dr., Ms.
    role_nouns: frozenset[str]  #: position, role, job: before or after a title
    role_before: frozenset[str]  #: for, as, of: right before a title
    role_links: frozenset[str]  #: words by which a title goes on in small letters: de, di
    role_labels: frozenset[str]  #: Position:, Designation:
    role_tail: frozenset[str]  #: words that are no part of a title though they end the phrase
    role_held: frozenset[str]  #: words before the title of somebody: our Director, with the Dean
    title_words: frozenset[str]  #: begin a title before its head word: support engineer
    not_roles: frozenset[str]  #: titles of those who hire: recruiter, hiring manager
    articles: frozenset[str]
    titles: frozenset[str]  #: head words of job titles
    title_ends: tuple[str, ...]  #: what compounds that are titles end with: Softwareentwickler
    not_names: frozenset[str]  #: words that are no company though capitalised
    not_name_ends: tuple[str, ...]  #: ends of what is none where nothing parts words: 日程変更
    name_marks: tuple[str, ...]  #: what stands before and after names there: の, 様
    role_lead: frozenset[str]  #: all that no title begins with
    role_end: frozenset[str]  #: all that no title ends with
    company_lead: frozenset[str]  #: all that no company begins with
    company_forms: tuple[re.Pattern[str], ...]  #: expressions whose first group is a company
    caller_forms: tuple[re.Pattern[str], ...]  #: and whoever will make contact: Rob will call
    role_forms: tuple[re.Pattern[str], ...]  #: and a title: scripts without capitals need them
    team_words: tuple[str, ...]  #: what follows a company in a display name
    times: Times
    reasons: Reasons
    but_for: frozenset[str]  #: words by which one is left out of all: except Globex
    of_another: tuple[str, ...]  #: before the name of whom a form is about: form about
    learnt: Packed[Learnt] | None  #: what training has added to the phrases
    names: Packed[Names] | None  #: what training knows of employers' names, the same for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All rule data, compiled."""

    languages: Mapping[str, Language]
    marks: Marks
    vendors: Vendors
    fallback: str = "en"


def compile(data: Data) -> Lexicon:
    """Check and compile all rule data. Raises LexiconError."""
    names = data.learnt.get(NAMES)
    packed = pack(f"learnt/{NAMES}.json", names, load_names) if names else None
    languages = {
        code: _language(code, parse(f"phrases/{code}.toml", text), _learnt(code, data), packed)
        for code, text in sorted(data.phrases.items())
    }
    if not languages:
        raise LexiconError(
            "phrases/: there is no language; allowed: at least one file such as en.toml"
        )
    tables = [parse(f"phrases/{code}.toml", text) for code, text in sorted(data.phrases.items())]
    return Lexicon(
        languages=languages,
        marks=marks_of([table.table("marks") for table in tables]),
        vendors=vendors_of(parse("vendors.toml", data.vendors)),
        fallback="en" if "en" in languages else next(iter(languages)),
    )


NAMES = "names"  #: the file of what was learnt that belongs to no language


def _learnt(code: str, data: Data) -> Packed[Learnt] | None:
    text = data.learnt.get(code)
    return None if text is None else pack(f"learnt/{code}.json", text, load)


def _language(
    code: str, top: Table, learnt: Packed[Learnt] | None, names: Packed[Names] | None
) -> Language:
    head = top.table("language")
    spaced = head.flag("spaced", default=True)
    stopwords = frozenset(word.lower() for word in head.texts("stopwords"))
    letters = head.text("letters")
    words = _words(top.table("words"))

    def pattern(table: Table, key: str, phrase: str) -> Pattern:
        try:
            return compile_phrase(phrase, words, stopwords, spaced=spaced)
        except PatternError as error:
            raise table.fail(key, f"“{phrase}”: {error}", "see docs/languages.md") from error

    negation = frozenset(top.table("scope").texts("negation"))
    entries = tuple(_entries(top.table("cues"), pattern))
    patterns = by_rarity([entry.pattern for entry in entries], stopwords)
    entries = tuple(
        replace(
            entry,
            pattern=rarer,
            negative=not negation.isdisjoint(_words_of(rarer)),
        )
        for entry, rarer in zip(entries, patterns, strict=True)
    )
    scope = top.table("scope")
    naming, times, gate = top.table("naming"), top.table("times"), top.table("gate")
    lists = {name: _small(naming, name) for name in _NAMING}
    language = Language(
        code=code,
        spaced=spaced,
        letters=_regex(head, "letters", f"[{letters}]") if letters else None,
        stopwords=stopwords,
        polite=frozenset(head.texts("polite")),
        familiar=frozenset(head.texts("familiar")),
        abbreviations=frozenset(a.lower().rstrip(".") for a in head.texts("abbreviations")),
        expand=tuple(_expansions(head)),
        scope=Scope(
            tuple(pattern(scope, "conditional", p) for p in scope.texts("conditional")),
            tuple(pattern(scope, "courtesy", p) for p in scope.texts("courtesy")),
            tuple(pattern(scope, "turning", p) for p in scope.texts("turning")),
            tuple(pattern(scope, "hedges", p) for p in scope.texts("hedges")),
            frozenset(scope.texts("negation")),
            tuple(pattern(scope, "not_negation", p) for p in scope.texts("not_negation")),
            tuple(pattern(scope, "no_longer", p) for p in scope.texts("no_longer")),
        ),
        entries=entries,
        by_word=_index(entries),
        alone=_small(gate, "alone"),
        said=tuple(phrase.lower() for phrase in gate.texts("said")),
        beside=_small(gate, "beside"),
        **lists,
        role_lead=lists["articles"]
        | lists["not_names"]
        | lists["role_labels"]
        | lists["role_before"],
        role_end=lists["role_nouns"] | lists["role_tail"],
        company_lead=lists["not_names"] | lists["company_labels"],
        title_ends=tuple(sorted(_small(naming, "title_ends"))),
        label_heads=_heads(lists),
        not_name_ends=naming.texts("not_name_ends"),
        name_marks=naming.texts("name_marks"),
        company_forms=_forms(naming, "company_forms"),
        caller_forms=_forms(naming, "caller_forms"),
        role_forms=_forms(naming, "role_forms"),
        team_words=naming.texts("team_words"),
        times=times_of(times),
        reasons=Reasons(
            scope.texts("because"),
            scope.texts("because_kept"),
            scope.texts("addressed"),
        ),
        but_for=_small(scope, "but_for"),
        of_another=scope.texts("of_another"),
        learnt=learnt,
        names=names,
    )
    head.text("code"), head.text("name")
    for table in (head, scope, naming, times, gate):
        table.close()
    top.close("marks")
    return language


_NAMING = (
    "company_near",
    "company_maybe",
    "company_meant",
    "company_nouns",
    "company_verbs",
    "company_after",
    "company_labels",
    "company_tail",
    "label_tails",
    "places",
    "honorifics",
    "person_near",
    "role_nouns",
    "role_before",
    "role_links",
    "role_labels",
    "role_tail",
    "role_held",
    "title_words",
    "not_roles",
    "articles",
    "titles",
    "not_names",
)


def _heads(lists: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return what houses are called by first where languages put it first: Clínica, Hotel."""
    heads = (w for w in lists["company_tail"] if lists["role_links"] and len(w) > _HEAD)
    return {fold(word): word.capitalize() for word in heads}


_HEAD = 4  #: letters that are no chance at the beginning of a domain


def _small(table: Table, key: str) -> frozenset[str]:
    return frozenset(text.lower() for text in table.texts(key))


def _words(table: Table) -> dict[str, tuple[str, ...]]:
    lists = {name: table.texts(name) for name in table.data}
    for name in lists:
        if not re.fullmatch("[a-z_]+", name):
            raise table.fail(name, "is no name for a list", "small letters and _")
    return lists


def _expansions(head: Table) -> Iterator[tuple[str, str]]:
    for text in head.texts("expand"):
        short, arrow, full = text.partition(" = ")
        if not arrow:
            raise head.fail("expand", f"“{text}” has no ' = '", 'e.g. "won\'t = will not"')
        yield short.lstrip("~"), f" {full}" if short.startswith("~") else full


_WORDS = re.compile(r"[^\W\d_]+")


def _words_of(pattern: Pattern) -> list[str]:
    """Return the words a phrase is made of; the line break of its gaps is none."""
    return _WORDS.findall(" ".join(pattern.sources).replace(r"\n", ""))


def _entries(cues: Table, pattern: PatternMaker) -> Iterator[Entry]:
    for cue in cues.data:
        if cue not in CUES:
            raise cues.fail(cue, "is no cue", ", ".join(CUES))
        table = cues.table(cue)
        for strength in Strength:
            key = strength.name.lower()
            for phrase in table.texts(key):
                yield Entry(cue, strength, pattern(table, key, phrase))
        table.close()


def _index(entries: tuple[Entry, ...]) -> dict[str, dict[str, tuple[int, ...]]]:
    sides: dict[str, dict[str, list[int]]] = {side: {} for side in (*SIDES, "employer")}
    for number, entry in enumerate(entries):
        words = sides[SIDE.get(entry.cue, "employer")]
        for trigger in entry.pattern.triggers:
            words.setdefault(trigger, []).append(number)
    return {
        side: {word: tuple(numbers) for word, numbers in words.items()}
        for side, words in sides.items()
    }


def _forms(table: Table, key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_regex(table, key, source, re.MULTILINE) for source in table.texts(key))


def _regex(table: Table, key: str, source: str, flags: int = 0) -> re.Pattern[str]:
    try:
        return re.compile(source, flags)
    except re.error as error:
        raise table.fail(key, f"{source!r}: {error}", "a regular expression") from error
