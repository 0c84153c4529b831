"""What each failure is to the user: an exit status and sentences, in one place."""

from __future__ import annotations

import errno
from pathlib import Path

from vouchd.config.load import ConfigError
from vouchd.connectors.base import ConnectorError, NeedsLogin
from vouchd.daemon.statefile import StoreError
from vouchd.rules.letters.templates import TemplateError
from vouchd.rules.reading.tables import LexiconError

FAILED, WRONG_USE = 1, 2


class UsageError(Exception):
    """The command was not meant this way; the text says how."""


def explained(error: BaseException) -> tuple[int, tuple[str, ...]] | None:
    """Return exit status and sentences for an expected failure, None for one of our own making."""
    match error:
        case ConfigError():
            return WRONG_USE, tuple(map(str, error.problems))
        case UsageError() | LexiconError() | TemplateError():
            return WRONG_USE, (str(error),)
        case NeedsLogin() | ConnectorError() | StoreError():
            return FAILED, (str(error),)
        case KeyboardInterrupt():
            return FAILED, ("interrupted",)
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            where = f" for {error.filename}" if error.filename else ""
            return FAILED, (f"no space left{where}: free some and start again",)
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            return FAILED, (f"{where}{error.strerror or error}",)
    return None


def own_mistake(error: BaseException) -> tuple[str, str]:
    """Return sentences for a failure of our own making: which, and where it arose.

    What the error says is left out: it may quote what was being read.
    """
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno})" if place else ""
    return (
        f"a mistake of vouchd itself: {type(error).__name__}{where}",
        "nothing is half written; please report it with what `--debug` shows",
    )
