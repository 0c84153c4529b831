"""Learns what words speak for from labelled mail: `make train` writes rules/learnt/*.json.

Three linear models, one on top of the others, none of them looked into by anything but addition:
the words of a sentence, the words of a whole mail, and how both are weighed against the phrases
(`rules/reading/again.py` uses the very same features). Learnt from the mail of this folder's
`training` and the tuning part of the corpus; the part set aside is never seen. The last one is
fitted on what the first two say of mail that they have not seen (by author, out of five).
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.evaluate import CORPUS, book, items, message_of
from benchmarks.training.mails import HERE, as_bytes, mails, sentences
from vouchd.config.data import shipped
from vouchd.config.load import load
from vouchd.connectors import mime
from vouchd.rules.model import Message
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.again import Scores, circumstances, scores, side_of, weighed
from vouchd.rules.reading.detect import Book, said_by
from vouchd.rules.reading.invites import entry_of
from vouchd.rules.reading.learnt import ANY, Learnt, Table, of_sentence, of_whole
from vouchd.rules.reading.spot import spot
from vouchd.rules.reading.text import language_of
from vouchd.rules.reading.view import View, look
from vouchd.rules.reading.writer import writer_of

OUT = Path(__file__).resolve().parent.parent / "rules" / "learnt"
SIDES = ("employer", "reference", "user")  #: each learnt where enough mail of it was written
LEAST = 100  #: mails that a side must have
FOLDS = 5
FEWEST = 4  #: mails that a kind must have on a side
TWICE = 3  #: sentences in which a run of words must stand
ENOUGH = 250  #: mails from which what the phrases are sure of may be doubted
PLENTY = 2500  #: mails from which words alone serve better than words and their letters
SMALL = 0.3  #: a weight below it is left out


Bank = list[tuple[str, frozenset[str]]]  #: single sentences in plain form, and what they say


@dataclass(frozen=True, slots=True)
class Example:
    """One mail with what it says; `lines` where its author said which sentences say it."""

    group: str
    view: View
    side: str
    kinds: frozenset[str]
    phrases: dict[str, float]
    invited: frozenset[str]
    lines: tuple[frozenset[str], ...] | None


def _example(group: str, message: Message, known: Book, kinds: Iterable[str]) -> Example:
    writer = writer_of(message, known)
    language = language_of(f"{message.subject}\n{message.text}", known.lexicon)
    view = look(message, known, writer, language)
    entry = entry_of(message.invites[0], known, view.language) if message.invites else None
    said, invited = said_by(view, entry)
    phrases: dict[str, float] = {}
    for verdict in said:
        phrases[str(verdict.kind)] = max(verdict.score, phrases.get(str(verdict.kind), -30.0))
    return Example(
        group, view, side_of(view), frozenset(kinds), phrases, frozenset(map(str, invited)), None
    )


def examples(language: str) -> Iterator[Example]:
    """Yield all mail that may be learnt from."""
    known = book()
    for item in items(CORPUS):
        if item.path.suffix == ".eml" and item.label["lang"] == language and not item.held_out:
            kinds = (signal["kind"] for signal in item.label["signals"])
            fold = int(sha256(item.name.encode()).hexdigest(), 16) % FOLDS
            yield _example(f"corpus {fold}", message_of(item, known), known, kinds)
    people = tomllib.loads((HERE / "references.toml").read_text("utf-8"))["reference"]
    config = load(HERE, {})
    known = Book(config.me, config.references, config.applications, lexicon.compile(shipped()))
    addresses = {person["name"]: person["emails"][0] for person in people}
    for mail in mails(language):
        message = mime.parse(as_bytes(mail, addresses), me=known.me.emails, zone=known.me.zone)
        made = _example(mail.file, message, known, mail.kinds)
        tagged = [(_letters(text), kinds) for text, kinds in mail.lines]
        lines = tuple(_kinds(_letters(s.raw), tagged) for s in made.view.new.sentences)
        yield Example(
            mail.file.rpartition("-")[0],
            made.view,
            made.side,
            made.kinds,
            made.phrases,
            made.invited,
            lines,
        )


def _bank(language: str, side: str) -> Bank:
    """Return the single sentences that were written for one side in a language."""
    known = lexicon.compile(shipped()).languages[language]
    written = list(sentences(language, side))
    plains = spot([text for text, _ in written], known).sentences
    return [(s.plain, kinds) for s, (_, kinds) in zip(plains, written, strict=True)]


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _kinds(sentence: str, tagged: list[tuple[str, frozenset[str]]]) -> frozenset[str]:
    """Return what a sentence says, by the written line that it is or is a part of."""
    for line, kinds in tagged:
        if sentence and kinds and (sentence in line or line in sentence):
            longer = max(len(line), len(sentence))
            if min(len(line), len(sentence)) >= 0.4 * longer or (
                len(sentence) > 12 and sentence in line
            ):
                return kinds
    return frozenset()


def _fit(rows: Any, is_so: list[bool], strength: float, more: Any, weights: Any = None) -> Any:
    return LogisticRegression(C=strength, class_weight=more, max_iter=300, solver="liblinear").fit(
        rows, is_so, sample_weight=weights
    )


def _table(names: list[str], models: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return gram -> kind -> weight; the empty gram is the bias."""
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for kind, fitted in sorted(models.items()):
        table[""][kind] = round(float(fitted.intercept_[0]), 3)
        for gram, weight in zip(names, fitted.coef_[0], strict=True):
            if abs(weight) >= SMALL:
                table[gram][kind] = round(float(weight), 2)
    return dict(sorted(table.items()))


def _matrix(counted: list[tuple[set[str], float]]) -> tuple[Any, list[str]]:
    """Return a row for each text, and the names of the columns: runs that stand in two texts."""
    seen: dict[str, int] = defaultdict(int)
    for grams, _ in counted:
        for gram in grams:
            seen[gram] += 1
    kept = {gram for gram, times in seen.items() if times >= TWICE}
    vectors = DictVectorizer()
    rows = vectors.fit_transform([dict.fromkeys(grams & kept, each) for grams, each in counted])
    rows.indices, rows.indptr = rows.indices.astype("int32"), rows.indptr.astype("int32")
    return rows, [str(name) for name in vectors.get_feature_names_out()]


def _kinds_of(mine: list[Example]) -> list[str]:
    every = sorted({kind for example in mine for kind in example.kinds})
    return [k for k in every if sum(k in example.kinds for example in mine) >= FEWEST]


def _of_sentences(mine: list[Example], bank: Bank, unit: str) -> dict[str, dict[str, float]]:
    """Learn the words of sentences: a mail of the corpus counts by the one that fits best."""
    places = [(n, at) for n, e in enumerate(mine) for at in range(len(e.view.new.sentences))]
    plains = [mine[n].view.new.sentences[at].plain for n, at in places]
    texts = (*plains, *(plain for plain, _ in bank))
    rows, names = _matrix([of_sentence(plain, unit) for plain in texts])
    single = [(len(places) + at, kinds) for at, (_, kinds) in enumerate(bank)]
    models: dict[str, Any] = {}
    for kind in sorted({*_kinds_of(mine), *(k for _, kinds in single for k in kinds)}):
        best: dict[int, int] = {}  #: mail -> row
        for _ in range(3):
            chosen = [(row, kind in kinds, 1.0) for row, kinds in single]
            for row, (n, at) in enumerate(places):
                lines = mine[n].lines
                if lines is not None:
                    chosen.append((row, kind in lines[at], 1.0))
                elif kind not in mine[n].kinds:
                    chosen.append((row, False, 0.5))
                elif best.get(n) == row:
                    chosen.append((row, True, 1.5))
            if sum(so for _, so, _ in chosen) < FEWEST:
                break
            models[kind] = _fit(
                rows[[row for row, _, _ in chosen]],
                [so for _, so, _ in chosen],
                4.0,
                {True: 2.0, False: 1.0},
                [weight for _, _, weight in chosen],
            )
            found = models[kind].decision_function(rows)
            best = {}
            for row, (n, _) in enumerate(places):
                corpus = mine[n].lines is None and kind in mine[n].kinds
                if corpus and (n not in best or found[row] > found[best[n]]):
                    best[n] = row
    return _table(names, models)


def _of_wholes(mine: list[Example], unit: str) -> dict[str, dict[str, float]]:
    """Learn the words of whole mails: for each kind, and for saying anything at all."""
    rows, names = _matrix([of_whole((s.plain for s in e.view.new.sentences), unit) for e in mine])
    models = {}
    for kind in (*_kinds_of(mine), ANY):
        is_so = [bool(e.kinds) if kind == ANY else kind in e.kinds for e in mine]
        if len(set(is_so)) == 2:
            models[kind] = _fit(rows, is_so, 0.5, "balanced")
    return _table(names, models)


Tables = tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]


def _tables(mine: list[Example], bank: Bank, unit: str) -> Tables:
    return _of_sentences(mine, bank, unit), _of_wholes(mine, unit)


def _words(mine: list[Example], bank: Bank, side: str, unit: str) -> Learnt:
    sentences, whole = _tables(mine, bank, unit)
    return Learnt({side: Table(sentences)}, {side: Table(whole)}, mix={}, unit=unit)


def _weighings(of: list[Example], words: Learnt) -> Iterator[tuple[dict[str, float], bool]]:
    for example in of:
        found: dict[str, Scores] = scores(example.view, words)
        around = circumstances(example.view)
        for kind in sorted({*found, *example.phrases}):
            weighing = weighed(kind, found, example.phrases, kind in example.invited, around)
            yield weighing, kind in example.kinds


def _apart(every: list[Example]) -> list[Example]:
    """Take the mails of whoever wrote most of them in folds: nobody else's would be left."""
    wrote = Counter(example.group for example in every)
    most, mails = wrote.most_common(1)[0]
    if mails <= len(every) / 2:
        return every
    number = count()
    return [
        replace(e, group=f"{most} {next(number) * FOLDS // mails}") if e.group == most else e
        for e in every
    ]


def _weighed(every: list[Example], bank: Bank, side: str, unit: str) -> dict[str, float]:
    """Learn how words, phrases and circumstances are weighed, on mail of unseen authors."""
    rows: list[tuple[dict[str, float], bool]] = []
    for group in sorted({e.group for e in every}):
        words = _words([e for e in every if e.group != group], bank, side, unit)
        rows.extend(_weighings([e for e in every if e.group == group], words))
    vectors = DictVectorizer()
    fitted = LogisticRegression(C=0.3, max_iter=3000).fit(
        vectors.fit_transform([row for row, _ in rows]), [so for _, so in rows]
    )
    mix = {"": round(float(fitted.intercept_[0]), 4)}
    for name, weight in zip(vectors.get_feature_names_out(), fitted.coef_[0], strict=True):
        mix[str(name)] = round(float(weight), 4)
    return mix


def unit_of(language: str, mails: int) -> str:
    """Return what the features of a language are runs of.

    Letters within words help as long as many words were never seen whole.
    """
    if not lexicon.compile(shipped()).languages[language].spaced:
        return "signs"
    return "words" if mails >= PLENTY else "letters"


def train(language: str) -> dict[str, Any]:
    """Learn one language, each side for itself; return what is written."""
    every = list(examples(language))
    unit = unit_of(language, len(every))
    learnt: dict[str, Any] = {
        "unit": unit,
        "doubts": {},
        "mix": {},
        "sentences": {},
        "whole": {},
    }
    for side in SIDES:
        mine = [example for example in every if example.side == side]
        if len(mine) < LEAST:
            continue
        bank = _bank(language, side)
        learnt["doubts"][side] = len(mine) >= ENOUGH
        learnt["mix"][side] = _weighed(_apart(mine), bank, side, unit)
        learnt["sentences"][side], learnt["whole"][side] = _tables(mine, bank, unit)
    return learnt


def main() -> None:
    """Train every language that mail was written for."""
    for language in sorted({path.name.partition("-")[0] for path in HERE.glob("*-*.txt")}):
        data = train(language)
        text = json.dumps(data, ensure_ascii=False, indent=0, separators=(",", ":"))
        (OUT / f"{language}.json").write_text(text + "\n", encoding="utf-8")
        grams = sum(len(t) for part in ("sentences", "whole") for t in data[part].values())
        print(f"{language}: {grams} runs of words, {len(text) // 1024} kB")


if __name__ == "__main__":
    main()
