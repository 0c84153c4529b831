"""One round: read, think, act; it carries out what was decided and decides nothing itself.

news     = mail and calendar since the cursors           facts and cursor in one transaction
world    = fold(facts)                                    pure
wanted   = plan and words                                 pure
actions  = reconcile(wanted, receipts, found)             pure; printable
guard    : too many at once, a shelf suddenly empty       stop, ask
carry out: intent before, receipt at once after
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vouchd.daemon.act import carry_out_all
from vouchd.daemon.decide import decide
from vouchd.daemon.house import House
from vouchd.daemon.intake import Progress, read, silent
from vouchd.daemon.result import RoundResult

# Passes until nothing is left to do: drafts, what links to them, settle what the user did.
_PASSES = 4


def run_round(
    house: House,
    now: datetime,
    *,
    sure: bool = False,
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = silent,
) -> RoundResult:
    """Do one round at `now`. `stop()` is asked between two writes; `sure` passes over the guard.

    Raises StoreError only.
    """
    result = RoundResult(at=now)
    read(house, now, result, stop=stop, progress=progress)
    for number in range(_PASSES):
        # What passed the guard once in a round is not held up half-way.
        actions = decide(house, now, result, sure=sure or number > 0, given_up=sure)
        if not actions or result.stopped or stop():
            break
        if not house.mind.wishes.write:
            result.stopped = "writing is switched off: [mode] write = false"
            break
        if not carry_out_all(actions, house, now, result, stop):
            break
    return result


def dry_round(house: House, now: datetime, *, progress: Progress = silent) -> RoundResult:
    """Read and decide, but write nothing: `result.actions` is what a round would do."""
    result = RoundResult(at=now)
    read(house, now, result, progress=progress)
    result.actions = list(decide(house, now, result))
    return result
