"""Phrases, vendors and templates as text: those shipped with vouchd, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

from vouchd.config.load import ConfigError, Problem
from vouchd.config.schema import Config
from vouchd.rules.model import Data

MINE = "mine/"  #: before the name of a phrase file of the user's, which adds to the shipped ones


def shipped() -> Data:
    """Return what comes with vouchd."""
    rules = files("vouchd.rules")
    return Data(
        phrases=dict(_phrases(rules / "phrases")),
        vendors=_text(rules / "vendors.toml"),
        templates=dict(_templates(rules / "templates")),
    )


def load_data(config: Config) -> Data:
    """Return what comes with vouchd with the user's own: phrases added, templates in place of ours.

    Raises ConfigError when a file of the user's cannot be read.
    """
    ours = shipped()
    try:
        phrases = {MINE + name: text for name, text in _phrases(config.phrases)}
        templates = dict(_templates(config.templates))
    except OSError as error:
        path = Path(str(error.filename or config.folder))
        raise ConfigError((Problem(path, None, "", f"cannot be read: {error.strerror}"),)) from None
    except UnicodeDecodeError as error:
        what = f"a file in it is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise ConfigError((Problem(config.folder, None, "", what),)) from None
    return Data(
        phrases={**ours.phrases, **phrases},
        vendors=ours.vendors,
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


def names(data: Data) -> Mapping[str, tuple[str, ...]]:
    """Return the names of all texts of `data`, for showing what is in use."""
    return {"phrases": tuple(data.phrases), "templates": tuple(data.templates)}
