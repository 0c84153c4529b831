"""The three files as set-up writes them: the shipped examples, filled in or commented out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

_COMMENT_COLUMN = 42
_HEADER = re.compile(r"(?:# )?\[(\w+)\]")
_KEY = re.compile(r"(?:# )?(\w+) = (?P<value>[^#]*?)\s*(?P<comment>#.*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a configuration needs at least; a path is empty where there is none."""

    name: str
    emails: tuple[str, ...]
    zone: str
    mail: tuple[str, str]  #: source and path
    calendar: tuple[str, str]  #: source and path
    client: str = ""  #: the OAuth client file
    write: bool = True


def example(name: str) -> str:
    """Return a shipped example."""
    return (files("vouchd.config") / "examples" / name).read_text(encoding="utf-8")


def put_new(path: Path, text: str) -> list[str]:
    """Write a file for its owner alone, unless there is one; return its name if written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return []
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(text)
    return [path.name]


def filled(text: str, start: Start) -> str:
    """Return the example configuration with the user's own values in it."""
    values: Mapping[tuple[str, str], str] = {
        ("me", "name"): _toml(start.name),
        ("me", "emails"): f"[{', '.join(map(_toml, start.emails))}]",
        ("me", "timezone"): _toml(start.zone),
        ("mail", "source"): _toml(start.mail[0]),
        ("mail", "path"): _toml(start.mail[1]),
        ("calendar", "source"): _toml(start.calendar[0]),
        ("calendar", "path"): _toml(start.calendar[1]),
        **({("google", "client"): _toml(start.client)} if start.client else {}),
        **({} if start.write else {("mode", "write"): "false"}),
    }
    opened = {table for table, _ in values}
    table, lines = "", []
    for line in text.splitlines():
        if header := _HEADER.match(line):
            table = header[1]
            line = line.removeprefix("# ") if table in opened else line
        elif (key := _KEY.match(line)) and (table, key[1]) in values:
            value = values[table, key[1]]
            if value == '""':
                line = line if line.startswith("#") else f"# {line}"
            else:
                setting = f"{key[1]} = {value} ".ljust(_COMMENT_COLUMN)
                line = f"{setting}{key['comment'] or ''}".rstrip()
        lines.append(line)
    return "\n".join(lines) + "\n"


def with_mode(text: str, *, write: bool) -> str:
    """Return a configuration in which [mode] write says so, whether it stood there or not."""
    word = str(write).lower()
    for before in (r"^\[mode\](?P<rest>[^\n]*)\n(?:#[^\n]*\n)*?(?:# )?write *=[^\n#]*",
                   r"^# \[mode\](?P<rest>[^\n]*)\n# write *=[^\n#]*"):  # fmt: skip
        found = re.search(before, text, re.M)
        if found:
            setting = f"write = {word} ".ljust(_COMMENT_COLUMN)
            new = f"[mode]{found['rest']}\n{setting}"
            return text[: found.start()] + new + text[found.end() :]
    if re.search(r"^\[mode\]", text, re.M):
        return re.sub(r"^(\[mode\][^\n]*)", rf"\1\nwrite = {word}", text, count=1, flags=re.M)
    return f"{text.rstrip()}\n\n[mode]\nwrite = {word}\n"


def commented(text: str) -> str:
    """Return an example of which nothing holds until the user takes the `# ` away."""
    lines = (
        f"# {line}" if line and not line.startswith("#") else line for line in text.splitlines()
    )
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    # A basic string of TOML has the escapes of JSON; control characters were refused before.
    return json.dumps(text, ensure_ascii=False)
