"""A dry run sees everything and writes nothing."""

from __future__ import annotations

import pytest

from tests.connectors.worlds import draft
from vouchd.connectors.base import Refused
from vouchd.connectors.guard import ReadOnly
from vouchd.connectors.memory import MemoryShelf
from vouchd.rules.model import Draft, Part, fingerprint


def test_a_dry_run_sees_everything_and_writes_nothing():
    shelf = MemoryShelf[Draft](Part.DRAFT)
    handle = shelf.write("k1", draft())
    dry: ReadOnly[Draft] = ReadOnly(shelf)
    assert [f.key for f in dry.found({})] == ["k1"]
    with pytest.raises(Refused, match="a dry run writes nothing"):
        dry.write("k2", draft())
    with pytest.raises(Refused, match="a dry run writes nothing"):
        dry.rewrite(handle, draft("new"), fingerprint(draft()))
    with pytest.raises(Refused, match="a dry run removes nothing"):
        dry.remove(handle, fingerprint(draft()))
    assert [f.print for f in shelf.found({})] == [fingerprint(draft())]
