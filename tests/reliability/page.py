"""docs/reliability.md, made of the promises and the record: `make reliability`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from tests.reliability.promises import PROMISES
from tests.reliability.record import PASSED, RECORD, ROOT, Figures, committed, gathered

PAGE = ROOT / "docs" / "reliability.md"
_INTRO = """# What is promised, and what shows it

Written by `make reliability` from the figures that the last runs left
([reliability.json](reliability.json)): nothing on this page is typed. A test fails when a promise
is broken; with each stands how often it was tried, and on which day."""


def page(record: Figures) -> str:
    """Return the page; a run that the record lacks is said to be missing."""
    lines = [_INTRO, "", *_days(record)]
    for promise in PROMISES:
        lines += ["", f"## {promise.title}", "", promise.words, ""]
        lines += ["| shown by | in the last run |", "|---|---|"]
        for name, what in promise.shown.items():
            told = record.get("tests", {}).get("tests", {}).get(name)
            lines.append(f"| `{name}` | {_words(told, what) if told else _MISSING} |")
        for run in promise.runs:
            found = tuple(_LONG[run](record)) if _NEEDS[run] in record else ()
            lines += [f"| {where} | {told} |" for where, told in found]
    return "\n".join(lines) + "\n"


def _days(record: Figures) -> Iterator[str]:
    yield "| run | day |"
    yield "|---|---|"
    for command, run in (("test", "tests"), ("crash", "crash"), ("soak", "soak")):
        yield f"| `make {command}` | {record.get(run, {}).get('day', _MISSING)} |"


def _words(told: dict[str, int], what: str) -> str:
    """Say what was counted, how often it passed first."""
    passed = told[PASSED]
    first = f"{passed:,} {what or ('test' if passed == 1 else 'tests')}"
    rest = (f"{value:,} {name}" for name, value in told.items() if name != PASSED)
    return "; ".join((first, *rest))


def _crash(record: Figures) -> Iterator[tuple[str, str]]:
    tried = {n: told for n, told in record["crash"]["tests"].items() if "cases" in told}
    for name, told in tried.items():
        yield f"`make crash`: `{name.rpartition('::')[2]}`", _words(told, "")
    yield "`make crash`, in all", f"{sum(told['cases'] for told in tried.values()):,} cases"


def _soak(record: Figures) -> Iterator[tuple[str, str]]:
    run = record["soak"]
    yield (
        "`make soak`",
        f"{run['kills']:,} times `kill -9` in {run['stories']} stories and {run['seconds']:,} s; "
        "nothing lost, nothing doubled",
    )


def _fuzz(record: Figures) -> Iterator[tuple[str, str]]:
    for name, run in record.items():
        kind, _, reader = name.partition("-")
        if kind == "fuzz":
            told = f"{run['inputs']:,} inputs in {run['seconds']:,} s, {run['day']}"
            yield f"`make fuzz`, {reader}", told


def _watched(record: Figures) -> Iterator[tuple[str, str]]:
    run = record["tests"]
    yield (
        "the whole test run, watched",
        f"{run['requests']:,} requests seen, {run['sending']} of them sending; "
        f"{run['outside']} connections to other machines",
    )


_MISSING = "no figures are recorded"
_NEEDS = {"crash": "crash", "soak": "soak", "fuzz": "fuzz-mail", "watched": "tests"}
_LONG = {"crash": _crash, "soak": _soak, "fuzz": _fuzz, "watched": _watched}


def main() -> int:
    """Gather what runs have left into the record, and write the page."""
    record = gathered(committed(), [name for each in PROMISES for name in each.shown])
    RECORD.write_text(json.dumps(record, indent=1) + "\n")
    PAGE.write_text(page(record), "utf-8")
    sys.stdout.write(f"written to {PAGE.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
