"""The page of all settings, made from the schema: `python -m vouchd.config.reference`."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import time, timedelta

from vouchd.config.forms import DAYS, in_words
from vouchd.config.schema import APPLICATION, EXPECT, REFERENCE, TABLES, Key, Table

_HEAD = """\
# Configuration

Three TOML files in one folder: `$XDG_CONFIG_HOME/vouchd` (usually `~/.config/vouchd`), for a
system service `/etc/vouchd`, or what `--config DIR` names. `vouchd init` writes all three, with
every line explained. A wrong setting stops the start, and all that is wrong is named at once:
file, line, key, what is wrong and what is allowed.

Relative paths start from the configuration folder, and `~` is your home. A duration is a number
and a unit: `s`, `min`, `h`, `d`, `w`, `y` (`"90d"`, `"6w"`, `"2y"`).

This page is made from `config/schema.py` by `python -m vouchd.config.reference`.
"""


def page() -> str:
    """Return the page in Markdown."""
    parts = [
        _HEAD,
        "## config.toml\n\n`[me]`, `[mail]` and `[calendar]` are needed; all else has a default.\n",
        *(f"### [{table.name}]\n\n{table.meaning}\n\n{_rows(table)}" for table in TABLES),
        f"### [[expect]]\n\n{EXPECT.meaning} `vouchd expect FILE` writes one.\n\n{_rows(EXPECT)}",
        f"## references.toml\n\n`[[reference]]`: {REFERENCE.meaning}\n\n{_rows(REFERENCE)}",
        f"## applications.toml\n\n`[[application]]`: {APPLICATION.meaning}\n\n{_rows(APPLICATION)}",
    ]
    return "\n".join(parts)


def _rows(table: Table) -> str:
    rows = ["| key | meaning | allowed | default |", "|---|---|---|---|"]
    for key in table.keys:
        cells = (f"`{key.name}`", key.meaning, key.form.allowed, default_of(table, key))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def default_of(table: Table, key: Key) -> str:
    """Return the default of a setting in words, as it would be written in the file."""
    if key.default:
        return key.default
    field = next(f for f in fields(table.into) if f.name == key.fills)
    if field.default is MISSING:
        return "needed"
    return f"`{written(field.default, key)}`" if field.default not in (None, ()) else "none"


def written(value: object, key: Key) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f'"{in_words(value)}"'
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if key.fills == "working_days" and isinstance(value, tuple):
        return "[" + ", ".join(f'"{DAYS[number]}"' for number in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    print(page(), end="")
