"""`vouchd export`: everything that is stored about the user, as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vouchd.config.load import APPLICATIONS, CONFIG, REFERENCES
from vouchd.config.settings import Config
from vouchd.daemon import statefile
from vouchd.daemon.console import configured
from vouchd.daemon.failures import UsageError
from vouchd.daemon.store import Store

DONE = 0
#: Columns that hold JSON of their own.
_INNER = frozenset((("readings", "body"), ("rounds", "body")))


def export(arguments: argparse.Namespace) -> int:
    """Write it to a folder, one file a topic, or all of it to standard output."""
    config = configured(arguments)
    found = everything(config)
    if arguments.folder is None:
        json.dump(found, sys.stdout, indent=2)
        print()
        return DONE
    folder = Path(arguments.folder).expanduser()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new or an empty folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for topic, content in found.items():
        path = folder / f"{topic}.json"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=2, ensure_ascii=False)
            stream.write("\n")
        print(path)
    return DONE


def everything(config: Config) -> dict[str, Any]:
    """Return all that is kept, by topic. Raises StoreError."""
    return {
        "configuration": _files(config),
        **_tables(config),
        "sign_in": _sign_in(config),
        "copies": [str(path) for path in statefile.copies(config.state / statefile.NAME)],
    }


def _files(config: Config) -> Mapping[str, str]:
    """Return the user's own files as they stand: phrases, templates, saved messages included."""
    found = {}
    paths = [config.folder / name for name in (CONFIG, REFERENCES, APPLICATIONS)]
    paths += [expected.message for expected in config.expectations]
    for folder in (config.phrases, config.templates):
        paths += sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        if path.exists():
            found[str(path)] = path.read_text(encoding="utf-8", errors="replace")
    return found


def _tables(config: Config) -> Mapping[str, list[dict[str, Any]]]:
    """Return every table of the state, row by row: none can be left out by a later release."""
    found = {}
    with Store.copy(config.state) as store:
        names = [
            name
            for (name,) in store.all("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        for table in sorted(names):
            columns = [row[1] for row in store.all(f"PRAGMA table_info({table})")]
            found[table] = [
                {
                    column: json.loads(value) if (table, column) in _INNER else value
                    for column, value in zip(columns, row, strict=True)
                }
                for row in store.all(f"SELECT * FROM {table}")
            ]
    return found


def _sign_in(config: Config) -> Mapping[str, Any] | None:
    if config.mail.source != "gmail" and config.calendar.source != "google":
        return None
    from vouchd.connectors import google_token
    from vouchd.connectors.base import NeedsLogin
    from vouchd.daemon.google import token_file

    path = token_file(config)
    try:
        found = google_token.read(path)
    except NeedsLogin:
        return None
    return {"file": str(path), "account": found.account, "granted": list(found.scopes or ())}
