from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.worlds import CALENDARS, MAILBOXES, CalendarWorld, MailWorld


@pytest.fixture(params=MAILBOXES, ids=lambda world: world.__name__)
def mailbox(request: pytest.FixtureRequest, tmp_path: Path) -> MailWorld:
    world: MailWorld = request.param(tmp_path)
    return world


@pytest.fixture(params=CALENDARS, ids=lambda world: world.__name__)
def agenda(request: pytest.FixtureRequest, tmp_path: Path) -> CalendarWorld:
    world: CalendarWorld = request.param(tmp_path)
    return world
