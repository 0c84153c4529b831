"""What each failure is to the user: an exit status and sentences, in one place."""

from __future__ import annotations

import errno

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
