"""Learns which name in a mail is the employer's: `make train` writes rules/learnt/names.json.

One linear model for all languages: the candidates of a mail compete, as `rules/reading/ranking.py`
describes them, and the weights are those that make the written answers likeliest (a conditional
logit).
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from faker.config import AVAILABLE_LOCALES
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer

from benchmarks.evaluate import CORPUS, book, items, message_of
from benchmarks.train import OUT
from benchmarks.training.mails import HERE, as_bytes, mails
from vouchd.config.data import shipped
from vouchd.config.load import load
from vouchd.connectors import mime
from vouchd.rules.model import Message
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.canonical import canonical
from vouchd.rules.reading.detect import Book, clues_of_mail
from vouchd.rules.reading.names import Candidates, Clues, squash
from vouchd.rules.reading.naming import by_rules
from vouchd.rules.reading.ranking import describe
from vouchd.rules.reading.text import language_of
from vouchd.rules.reading.view import look
from vouchd.rules.reading.writer import writer_of

STRENGTH = 0.3  #: how much large weights cost
OF_WORDS = 3.0  #: how many times that for the words around a name, of which there are thousands
FEWEST = 3  #: candidates of which a thing must be said
SMALL = 0.03  #: a weight below it is left out
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One mail and whom it is about."""

    author: str
    language: lexicon.Language
    clues: Clues
    found: Candidates
    told: str | None
    company: str | None


def _example(author: str, message: Message, known: Book, company: str | None) -> Example:
    language = language_of(f"{message.subject}\n{message.text}", known.lexicon)
    view = look(message, known, writer_of(message, known), language)
    clues = clues_of_mail(view, None)
    told, found = by_rules(clues, view.language, known.lexicon.vendors, known.stated)
    return Example(author, view.language, clues, found, told, company)


def examples() -> Iterator[Example]:
    """Yield the mail that says something, with the company as it was written down."""
    known = book()
    for number, item in enumerate(items(CORPUS)):
        if item.path.suffix == ".eml" and item.label["signals"] and not item.held_out:
            company = item.label["signals"][0].get("company")
            yield _example(f"corpus {number % FOLDS}", message_of(item, known), known, company)
    people = tomllib.loads((HERE / "references.toml").read_text("utf-8"))["reference"]
    config = load(HERE, {})
    known = Book(config.me, config.references, config.applications, lexicon.compile(shipped()))
    addresses = {person["name"]: person["emails"][0] for person in people}
    for code in sorted(known.lexicon.languages):
        for mail in mails(code):
            if mail.kinds:
                raw = as_bytes(mail, addresses)
                message = mime.parse(raw, me=known.me.emails, zone=known.me.zone)
                yield _example(mail.file.rpartition("-")[0], message, known, mail.company)


def given_names() -> frozenset[str]:
    """Return first names of people of many countries, as Faker lists them for test data."""
    found: set[str] = set()
    for locale in AVAILABLE_LOCALES:
        try:
            provider = import_module(f"faker.providers.person.{locale}").Provider
        except ModuleNotFoundError:
            continue
        for listed in dir(provider):
            names = getattr(provider, listed) if listed.startswith("first_names") else ()
            found.update(map(str, names if isinstance(names, Iterable) else ()))
    return frozenset(name for name in found if _NAME.fullmatch(name))


_NAME = re.compile(r"[A-ZÀ-ÞŁŚŻČŠŽİ][a-zà-ÿłśżčšžığşćńěřůőű'’-]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one mail: what is said of each, and which are right."""

    author: str
    language: str
    names: tuple[str | None, ...]
    features: tuple[dict[str, float], ...]
    right: tuple[bool, ...]


def choices() -> Iterator[Choice]:
    """Yield all mails whose employer is among the candidates."""
    given = given_names()
    vendors = lexicon.compile(shipped()).vendors
    for example in examples():
        described = describe(
            example.clues,
            example.language,
            vendors,
            example.found,
            example.told,
            given,
        )
        wanted = canonical(example.company, vendors, example.language) if example.company else None
        right = tuple(
            name is None if wanted is None else bool(name) and squash(str(name)) == squash(wanted)
            for name, _ in described
        )
        if any(right):
            names, features = zip(*described, strict=True)
            yield Choice(example.author, example.language.code, names, features, right)


def fit(chosen: list[Choice]) -> dict[str, float]:
    """Return the weights under which the right candidates are likeliest."""
    times = Counter(name for c in chosen for features in c.features for name in features)
    vectors = DictVectorizer(dtype=np.float64)
    rows = vectors.fit_transform(
        [
            {name: value for name, value in features.items() if value and times[name] >= FEWEST}
            for c in chosen
            for features in c.features
        ]
    )
    right = np.array([float(r) for c in chosen for r in c.right])
    sizes = np.array([len(c.right) for c in chosen])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    mail = np.repeat(np.arange(len(chosen)), sizes)
    names = vectors.feature_names_
    costs = np.array([STRENGTH * (OF_WORDS if _WORDS.match(name) else 1) for name in names])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = rows @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[mail])
        likely /= np.add.reduceat(likely, starts)[mail]
        of_right = np.add.reduceat(likely * right, starts)
        slope = rows.T @ (likely - likely * right / of_right[mail]) + costs * weights
        return float(-np.log(of_right).sum() + 0.5 * (costs * weights * weights).sum()), slope

    found = minimize(
        loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    )
    weights = zip(names, found.x, strict=True)
    return {name: round(float(w), 2) for name, w in weights if abs(w) >= SMALL}


_WORDS = re.compile("[a-z]{2}: ")


def right_of(chosen: list[Choice], weights: dict[str, float]) -> tuple[int, int]:
    """Return how many mails there are that tell an employer, and of how many it was found."""
    told = [c for c in chosen if c.names[c.right.index(True)] is not None]
    found = 0
    for c in told:
        scores = [sum(weights.get(n, 0.0) * v for n, v in f.items()) for f in c.features]
        found += c.right[max(range(len(scores)), key=lambda at: scores[at])]
    return len(told), found


def main() -> None:
    """Train; with `--apart` say first how well each author is read by what the others wrote."""
    chosen = list(choices())
    if "--apart" in sys.argv:
        for author in sorted({c.author for c in chosen}):
            weights = fit([c for c in chosen if c.author != author])
            mails, right = right_of([c for c in chosen if c.author == author], weights)
            print(f"{author}: {right} of {mails} employers")
    weights = fit(chosen)
    data = {"weights": weights, "given": " ".join(sorted(given_names()))}
    text = json.dumps(data, ensure_ascii=False, indent=0, separators=(",", ":"))
    (OUT / "names.json").write_text(text + "\n", encoding="utf-8")
    print(f"names: {len(chosen)} mails, {len(weights)} weights, {len(text) // 1024} kB")


if __name__ == "__main__":
    main()
