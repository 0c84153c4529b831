from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.worlds import CALENDARS, MAILBOXES, CalendarWorld, MailWorld, closed


@pytest.fixture(params=MAILBOXES, ids=lambda world: world.__name__)
def mailbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailWorld]:
    world: MailWorld = request.param(tmp_path)
    yield world
    closed(world)


@pytest.fixture(params=CALENDARS, ids=lambda world: world.__name__)
def agenda(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CalendarWorld]:
    world: CalendarWorld = request.param(tmp_path)
    yield world
    closed(world)
