"""docs/google.md names every permission, setting and option as they are."""

from __future__ import annotations

from pathlib import Path

from vouchd.config.schema import TABLES
from vouchd.connectors.google_scopes import needs
from vouchd.connectors.google_signin import FIXED_PORT
from vouchd.daemon.cli import parser

PAGE = (Path(__file__).parents[1] / "docs" / "google.md").read_text(encoding="utf-8")


def test_every_permission_is_explained():
    every = needs(tasks=True, labels=True, every_calendar=True)
    for need in every:
        assert f"| `{need.scope.rpartition('/')[2]}` |" in PAGE


def test_the_commands_are_as_they_stand_there():
    for line in PAGE.splitlines():
        words = line.strip().split()
        if line.startswith("    vouchd ") and words[0] == "vouchd":
            parser().parse_args(words[1:])
    assert f"-L {FIXED_PORT}:localhost:{FIXED_PORT}" in PAGE


def test_the_settings_exist():
    keys = {(table.name, key.name) for table in TABLES for key in table.keys}
    for table, key in (
        ("google", "labels"),
        ("google", "share"),
        ("google", "units_per_minute"),
        ("google_units", "messages_get"),
        ("calendar", "read"),
        ("calendar", "follow_ups"),
        ("follow_ups", "as"),
        ("cadence", "look_back"),
    ):
        assert (table, key) in keys
        assert f"[{table}]" in PAGE or table == "calendar"
        assert key in PAGE


def test_the_trap_is_named():
    assert "Testing" in PAGE
    assert "seven days" in PAGE
    assert "Publish app" in PAGE
