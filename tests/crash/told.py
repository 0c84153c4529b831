"""How many places to die at were tried: told when all is done."""

from __future__ import annotations

import pytest


def tell(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the count of cases."""
    found = [
        (report.nodeid.rpartition("::")[2], dict(report.user_properties))
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        if report.when == "call" and "/crash/" in report.nodeid
    ]
    told = [(name, told) for name, told in found if "cases" in told]
    if not told:
        return
    terminalreporter.section("died and started again")
    for name, figures in told:
        shown = ", ".join(f"{value} {key}" for key, value in figures.items() if key != "cases")
        terminalreporter.line(f"{name}: {figures['cases']} cases{f' ({shown})' if shown else ''}")
    total = sum(int(str(figures["cases"])) for _, figures in told)
    terminalreporter.line(f"in all: {total} cases")
