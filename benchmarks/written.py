"""Measures how mail in the compact form of `benchmarks/training` is read, before it is learnt from.

python -m benchmarks.written FILE...       precision and recall by side and by language
python -m benchmarks.written -v FILE...    and every error, with the evidence that misled
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluate import Tally, same
from benchmarks.training.mails import HERE, Written, as_bytes, of_file
from vouchd.config.data import shipped
from vouchd.config.load import load
from vouchd.connectors import mime
from vouchd.rules.model import Signal
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.detect import Book, read_message


@dataclass(frozen=True, slots=True)
class Seen:
    """One mail and what was read from it."""

    mail: Written
    signals: tuple[Signal, ...]

    @property
    def side(self) -> str:
        """Whose words they are."""
        sender = self.mail.sender.lower()
        if sender == "me":
            return "user"
        return "reference" if sender.startswith("ref ") else "employer"

    @property
    def acted(self) -> dict[str, Signal]:
        """What is acted on, by kind."""
        return {str(s.kind): s for s in self.signals if s.decision == "act"}


def addresses() -> dict[str, str]:
    """Return the first address of every reference of the training folder's user, by name."""
    people = tomllib.loads((HERE / "references.toml").read_text("utf-8"))["reference"]
    return {person["name"]: person["emails"][0] for person in people}


def book() -> Book:
    """Return what the rules know of the training folder's one user."""
    config = load(HERE, {})
    return Book(config.me, config.references, config.applications, lexicon.compile(shipped()))


def read(paths: list[Path], known: Book) -> Iterator[Seen]:
    """Let the rules read every mail of these files."""
    people = addresses()
    for path in paths:
        for mail in of_file(path):
            message = mime.parse(as_bytes(mail, people), me=known.me.emails, zone=known.me.zone)
            yield Seen(mail, read_message(message, known).signals)


def figures(seen: list[Seen]) -> str:
    """Return the figures of these mails in a line."""
    total, company, role = Tally(), [0, 0], [0, 0]
    for one in seen:
        acted = one.acted
        total.right += len(acted.keys() & one.mail.kinds)
        total.extra += len(acted.keys() - one.mail.kinds)
        total.missed += len(one.mail.kinds - acted.keys())
        for kind in acted.keys() & one.mail.kinds:
            company[not same(one.mail.company, acted[kind].company)] += 1
            role[not same(one.mail.role, acted[kind].role)] += 1
    return (
        f"{len(seen):5} mails  P {total.precision:.3f} ({total.extra:3} wrong)  "
        f"R {total.recall:.3f} ({total.missed:3} missed)  "
        f"company {company[0] / max(1, sum(company)):.3f}  role {role[0] / max(1, sum(role)):.3f}"
    )


def errors(one: Seen) -> Iterator[str]:
    """Yield a line for everything read wrongly."""
    mail, acted = one.mail, one.acted
    where = f"{mail.file} {mail.subject[:50]!r}"
    for signal in one.signals:
        why = "; ".join(f"[{e.rule[:60]}] {e.text[:120]}" for e in signal.evidence)
        if signal.kind in acted and signal.kind not in mail.kinds:
            yield f"{where}: extra {signal.kind} {signal.confidence:.2f}: {why}"
    for kind in sorted(mail.kinds - acted.keys()):
        asked = "asked" if any(s.kind == kind for s in one.signals) else "missed"
        text = " / ".join(text for text, kinds in mail.lines if kind in kinds)
        yield f"{where}: {asked} {kind}: {text[:200]}"
    for kind in sorted(mail.kinds & acted.keys())[:1]:
        if not same(mail.company, acted[kind].company):
            yield f"{where}: company is {mail.company!r}, read {acted[kind].company!r}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("-v", action="store_true", help="every error as well")
    wishes = parser.parse_args()
    parts: dict[str, list[Seen]] = defaultdict(list)
    for one in read(wishes.files, book()):
        for part in ("all", one.side, one.mail.language):
            parts[part].append(one)
    for name, seen in parts.items():
        sys.stdout.write(f"{name:12}{figures(seen)}\n")
    for one in parts["all"] if wishes.v else ():
        sys.stdout.writelines(f"{line}\n" for line in errors(one))
    return 0


if __name__ == "__main__":
    sys.exit(main())
