"""How Sphinx builds these pages: `make docs`; every warning is an error."""

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
