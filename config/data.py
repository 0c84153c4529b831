"""Phrases, vendors and templates as text: those shipped with vouchd, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

from vouchd.config.load import ConfigError, Problem
from vouchd.config.settings import Config
from vouchd.rules.model import Data

VENDORS = "vendors"  #: a phrase file of this name takes the place of our vendors.toml
MINE = "mine/"  #: before the name of a template of the user's


def shipped() -> Data:
    """Return what comes with vouchd."""
    rules = files("vouchd.rules")
    return Data(
        phrases=dict(_phrases(rules / "phrases")),
        vendors=_text(rules / "vendors.toml"),
        learnt={file.name.removesuffix(".json"): _text(file) for file in _inside(rules / "learnt")},
        templates=dict(_templates(rules / "templates")),
    )


def load_data(config: Config) -> Data:
    """Return what comes with vouchd and what the user wrote.

    A phrase file of the user's takes the place of ours of that name; of a new name it is a new
    language. Templates of the user's stand beside ours, so that a broken one can be passed over.
    Raises ConfigError when a file cannot be read.
    """
    ours = shipped()
    try:
        phrases = dict(_phrases(config.phrases))
        templates = {MINE + name: text for name, text in _templates(config.templates)}
    except OSError as error:
        path = Path(str(error.filename or config.folder))
        raise ConfigError((Problem(path, None, "", f"cannot be read: {error.strerror}"),)) from None
    except UnicodeDecodeError as error:
        what = f"a file of phrases or templates is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ConfigError((Problem(config.folder, None, "", what),)) from None
    return Data(
        vendors=phrases.pop(VENDORS, ours.vendors),
        phrases={**ours.phrases, **phrases},
        # What was learnt was learnt beside our phrases: beside others it would mislead.
        learnt={code: text for code, text in ours.learnt.items() if code not in phrases},
        templates={**ours.templates, **templates},
    )


def _phrases(folder: Traversable) -> Iterator[tuple[str, str]]:
    for file in _inside(folder):
        if file.is_file() and file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), _text(file)


def _templates(folder: Traversable) -> Iterator[tuple[str, str]]:
    for language in _inside(folder):
        if language.is_dir():
            for file in _inside(language):
                if file.is_file() and file.name.endswith(".j2"):
                    yield f"{language.name}/{file.name}", _text(file)


def _inside(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted(folder.iterdir(), key=lambda entry: entry.name)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
