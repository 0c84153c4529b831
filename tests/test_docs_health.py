"""docs/health.md names every part, event, figure and setting as they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from vouchd.config.schema import HEALTH, LOG, METRICS
from vouchd.daemon.cli import parser
from vouchd.daemon.metrics import metrics
from vouchd.daemon.result import RoundResult

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "health.md").read_text(encoding="utf-8")


def test_every_figure_stands_there():
    for metric in metrics(RoundResult(at=datetime(2026, 1, 1, tzinfo=UTC)), {}, None):
        assert f"`vouchd_{metric.name}" in PAGE


def test_every_part_that_doctor_looks_at_stands_there():
    source = "".join(path.read_text() for path in (ROOT / "daemon").glob("doctor*.py"))
    parts = set(
        re.findall(r'(?:part(?:, \w+)? = |(?:good|look|bad|_readable)\()"([a-z -]+)"', source)
    )
    assert {"network", "sign-in", "disk", "unit", "calendar"} <= parts
    missing = [part for part in parts - {"all else", "permissions"} if part not in PAGE]
    assert not missing


def test_every_event_of_the_log_stands_there():
    source = "".join(
        (ROOT / "daemon" / name).read_text()
        for name in ("log_round.py", "service.py", "console.py", "cli.py")
    )
    events = set(re.findall(r'Level\.[A-Z]+,\s+"([a-z_]+)"', source)) | {"trouble", "unwell"}
    assert {"cycle", "job_failed", "set_aside"} <= events
    assert not [event for event in events if f"`{event}`" not in PAGE]


def test_the_settings_and_commands_exist():
    keys = {f"[{table.name}] {key.name}" for table in (HEALTH, LOG, METRICS) for key in table.keys}
    assert not [key for key in keys if key not in PAGE and not key.endswith((" path", " level"))]
    for command in re.findall(r"`(vouchd (?:status|doctor)[^`]*)`", PAGE):
        parser().parse_args(command.split()[1:])
