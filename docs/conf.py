"""How Sphinx builds these pages: `make docs`; every warning is an error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

project = "vouchd"
author = "the vouchd authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "vouchd"
html_copy_source = False
html_show_sourcelink = False
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]


def setup(app: Any) -> None:
    """Let a page that nobody has put into the index stand at its end."""
    app.connect("source-read", _rest)


def _rest(app: Any, page: str, source: list[str]) -> None:
    if page == "index":
        named = {"index", *re.findall(r"^[\w/-]+$", source[0], re.M)}
        rest = sorted({path.stem for path in Path(app.srcdir).glob("*.md")} - named)
        source[0] = source[0].replace("%rest%", "\n".join(rest))
