"""The mail whose employer and job title somebody wrote down: what names are learnt from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.evaluate import CORPUS, book, items, message_of
from benchmarks.training.mails import HERE, as_bytes, mails
from vouchd.config.data import shipped
from vouchd.config.load import load
from vouchd.connectors import mime
from vouchd.rules.model import Message
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, clues_of_mail
from vouchd.rules.reading.names import Candidates, Clues
from vouchd.rules.reading.naming import by_rules
from vouchd.rules.reading.text import language_of
from vouchd.rules.reading.view import look
from vouchd.rules.reading.writer import writer_of

FOLDS = 5  #: parts of the corpus, as if each had its author


@dataclass(frozen=True, slots=True)
class Example:
    """One mail and whom it is about."""

    author: str
    language: lexicon.Language
    clues: Clues
    found: Candidates
    told: str | None
    company: str | None
    role: str | None


def _example(
    author: str, message: Message, known: Book, company: str | None, role: str | None
) -> Example:
    language = language_of(f"{message.subject}\n{message.text}", known.lexicon)
    view = look(message, known, writer_of(message, known), language)
    clues = clues_of_mail(view, None)
    told, found = by_rules(clues, view.language, known.lexicon.vendors, known.stated)
    return Example(author, view.language, clues, found, told, company, role)


def examples() -> Iterator[Example]:
    """Yield the mail that says something, with the company as it was written down."""
    known = book()
    for number, item in enumerate(items(CORPUS)):
        if item.path.suffix == ".eml" and item.label["signals"] and not item.held_out:
            first = item.label["signals"][0]
            yield _example(
                f"corpus {number % FOLDS}",
                message_of(item, known),
                known,
                first.get("company"),
                first.get("role"),
            )
    people = tomllib.loads((HERE / "references.toml").read_text("utf-8"))["reference"]
    config = load(HERE, {})
    known = Book(config.me, config.references, config.applications, lexicon.compile(shipped()))
    addresses = {person["name"]: person["emails"][0] for person in people}
    for code in sorted(known.lexicon.languages):
        for mail in mails(code):
            if mail.kinds:
                raw = as_bytes(mail, addresses)
                message = mime.parse(raw, me=known.me.emails, zone=known.me.zone)
                author = mail.file.rpartition("-")[0]
                yield _example(author, message, known, mail.company, mail.role)
