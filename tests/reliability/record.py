"""What the last runs found: each run leaves its figures, `make reliability` gathers them.

A run that was asked to (VOUCHD_FIGURES names which) writes `.figures/NAME.json` at its good end;
the record that is committed holds the newest of each.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the fuzzers, too, leave figures, and have no pytest
    import pytest

ROOT = Path(__file__).parents[2]
LEFT = ROOT / ".figures"  #: what runs leave, until it is gathered
RECORD = ROOT / "docs" / "reliability.json"
ASKED = "VOUCHD_FIGURES"  #: the name of the run, where its figures are wanted
PASSED = "passed"

Figures = dict[str, Any]


def of_tests(reports: Iterable[pytest.TestReport]) -> Figures:
    """Return for each test function how often it passed, and what it counted, added up."""
    found: dict[str, Counter[str]] = {}
    for report in reports:
        if report.when == "call" and report.passed:
            told = found.setdefault(report.nodeid.partition("[")[0], Counter())
            told[PASSED] += 1
            told.update({name: int(str(value)) for name, value in report.user_properties})
    return {name: dict(told) for name, told in sorted(found.items())}


def leave(name: str, figures: Figures, *, folder: Path = LEFT) -> None:
    """Write what a run found, with its day."""
    folder.mkdir(exist_ok=True)
    kept = {"day": datetime.now(UTC).date().isoformat(), **figures}
    (folder / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")


def leave_tests(
    reports: Iterable[pytest.TestReport], watched: Figures, status: int, *, folder: Path = LEFT
) -> None:
    """Leave the figures of a test run, where they are wanted and nothing failed."""
    name = os.environ.get(ASKED)
    if name and status == 0:
        leave(name, {**watched, "tests": of_tests(reports)}, folder=folder)


def gathered(record: Figures, names: Iterable[str], *, folder: Path = LEFT) -> Figures:
    """Return the record with what runs have left since, of the tests only those of `names`."""
    new = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
    for run in new.values():
        if "tests" in run:
            run["tests"] = {name: told for name in names if (told := total(run["tests"], name))}
    return dict(sorted({**record, **new}.items()))


def total(tests: Figures, name: str) -> dict[str, int]:
    """Return the figures of a test, or of all tests of a file, added up."""
    found: Counter[str] = Counter()
    for test, told in tests.items():
        if test == name or test.startswith(f"{name}::"):
            found.update(told)
    return dict(found)


def committed() -> Figures:
    """Return the record as it is committed."""
    found: Figures = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    return found
