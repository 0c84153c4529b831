"""The command reference as a page, made from the argument parser: docs/commands.md."""

from __future__ import annotations

import argparse
import re

from vouchd.daemon.cli import COMMANDS, parser


def page() -> str:
    """Return the whole page."""
    top = parser()
    subs = next(a for a in top._actions if isinstance(a, argparse._SubParsersAction))
    parts = [
        "# Commands\n",
        "<!-- made by `python -m vouchd.daemon.reference`; a test keeps it true -->\n",
        "`vouchd COMMAND --help` says the same. Every command takes `--config DIR` (default: "
        "`~/.config/vouchd`; of a service, its ConfigurationDirectory) and `--debug`, which shows "
        "where an error comes from. The exit status is 0 when it was done, 1 when it failed, 2 for "
        "wrong use or a configuration that does not hold.\n",
        "| command | what it does |\n|---|---|",
        "\n".join(f"| [`{c.name}`](#{_anchor(c.name)}) | {c.help} |" for c in COMMANDS) + "\n",
    ]
    for command in COMMANDS:
        parts.append(_section(command.name, command.description, subs.choices[command.name]))
        parts.append(f"    {command.example}\n")
    return "\n".join(parts)


def _anchor(name: str) -> str:
    return f"vouchd-{name}"


def _section(name: str, description: str, sub: argparse.ArgumentParser) -> str:
    rows = []
    for action in sub._actions:
        if action.dest in ("help", "config", "debug"):
            continue
        rows.append(f"| {_written(action)} | {_meaning(action)} |")
    table = "\n".join(["| argument | meaning |", "|---|---|", *rows]) + "\n" if rows else ""
    return f"## vouchd {name}\n\n{description}\n\n{table}"


def _written(action: argparse.Action) -> str:
    """Return how an argument is given."""
    if not action.option_strings:
        name = str(action.metavar or action.dest)
        if action.choices:
            name = " or ".join(map(str, action.choices))
        many = "…" if action.nargs in ("*", "+") else ""
        return f"`{name}{many}`"
    value = ""
    if action.nargs != 0 and not isinstance(action, argparse.BooleanOptionalAction):
        choices = "|".join(map(str, action.choices)) if action.choices else ""
        value = f" {choices or action.metavar or action.dest.upper()}"
    return ", ".join(f"`{option}{value}`".replace("|", "\\|") for option in action.option_strings)


def _meaning(action: argparse.Action) -> str:
    text = action.help or ""
    text = re.sub(r"%\((\w+)\)s", lambda found: str(getattr(action, found[1], "")), text)
    return text.replace("%%", "%").replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
