"""The picture in README, drawn from what the demo has made: `python -m tests.demo.picture OUT SVG`.

One draft and its event, as they lie in the sample world's mailbox and calendar.
"""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from vouchd.connectors.ical import read_ics
from vouchd.rules.model import Event

ZONE = ZoneInfo("Europe/Dublin")
KEY = "outcome_news.niamh-adeyemi."  #: a debt that joins two occasions in one letter
_WIDTH, _PANEL, _LINE = 980, 480, 19
_COLUMNS = 60
_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Panel:
    """A window: its title, labelled rows, and words."""

    title: str
    rows: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def panels(out: Path) -> tuple[Panel, Panel]:
    """Return the draft and the event of the sample world."""
    return _draft(out), _event(out)


def _draft(out: Path) -> Panel:
    for path in sorted((out / "mail" / ".Drafts").rglob("*")):
        if path.is_file():
            message = message_from_bytes(path.read_bytes(), policy=default)
            if str(message["X-Vouchd-Key"] or "").startswith(KEY):
                rows = (("To", str(message["To"])), ("Subject", str(message["Subject"])))
                return Panel("Drafts", rows, tuple(message.get_content().strip().splitlines()))
    raise LookupError(f"no draft of {KEY}* lies in {out}")


def _event(out: Path) -> Panel:
    for path in sorted((out / "calendar" / "vouchd").glob("*.ics")):
        event = read_ics(path, zone=ZONE).events[0]
        if (event.key or "").startswith(KEY):
            return Panel("Calendar", _rows(event), _words(event))
    raise LookupError(f"no event of {KEY}* lies in {out}")


def _rows(event: Event) -> tuple[tuple[str, str], ...]:
    start, end = event.start.astimezone(ZONE), event.end.astimezone(ZONE)
    return (("When", f"{start:%A, %-d %B %Y, %H:%M} – {end:%H:%M}"), ("What", event.summary))


def _words(event: Event) -> tuple[str, ...]:
    """Return what the event says, without its title and the links that nobody reads."""
    lines = event.description.strip().removeprefix(f"{event.summary}.").strip().splitlines()
    kept = [re.sub(r"\s*mid:\S+", "", line) for line in lines if not line.startswith("Draft:")]
    return tuple("\n".join(kept).strip().splitlines())


def svg(draft: Panel, event: Panel) -> str:
    """Return the picture; it needs no font and no network."""
    left, right = _lines(draft), _lines(event)
    height = 96 + _LINE * max(len(left), len(right)) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
        f' height="{height}" font-family="{_SANS}" font-size="13" role="img">',
        "<title>A draft and a calendar entry that vouchd has prepared</title>",
        f'<rect width="{_WIDTH}" height="{height}" rx="12" fill="#eef1f5"/>',
    ]
    for x, panel, lines, colour in (
        (20, draft, left, "#3b6ea5"),
        (20 + _PANEL, event, right, "#5a7d3a"),
    ):
        parts += _drawn(x, height, panel, lines, colour)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn(
    x: int, height: int, panel: Panel, lines: list[tuple[str, str]], colour: str
) -> list[str]:
    wide = _PANEL - 20
    parts = [
        f'<rect x="{x}" y="20" width="{wide}" height="{height - 40}" rx="8" fill="#ffffff"'
        ' stroke="#c8d0da"/>',
        f'<path d="M{x} 28a8 8 0 0 1 8-8h{wide - 16}a8 8 0 0 1 8 8v22h-{wide}z" fill="{colour}"/>',
        f'<text x="{x + 14}" y="40" fill="#ffffff" font-weight="600">{escape(panel.title)}</text>',
    ]
    y = 74
    for kind, text in lines:
        style = {"label": ' fill="#5f6b7a"', "head": ' font-weight="600" fill="#1d2733"'}
        if text:
            attributes = style.get(kind, ' fill="#1d2733"')
            parts.append(f'<text x="{x + 14}" y="{y}"{attributes}>{escape(text)}</text>')
        y += _LINE
    return parts


def _lines(panel: Panel) -> list[tuple[str, str]]:
    found = []
    for label, value in panel.rows:
        first, *rest = textwrap.wrap(value, _COLUMNS - len(label) - 2)
        found.append(("label", f"{label}: {first}"))
        found += [("label", line) for line in rest]
    found.append(("", ""))
    for paragraph in panel.words:
        kind = "head" if paragraph.endswith(":") else "plain"
        indent = "  " if paragraph.startswith("- ") else ""
        text = re.sub(r"^- ", "• ", paragraph)
        wrapped = textwrap.wrap(text, _COLUMNS, subsequent_indent=indent) or [""]
        found += [(kind, line) for line in wrapped]
    return found


def main() -> None:
    """Draw it."""
    out, target = map(Path, sys.argv[1:])
    target.write_text(svg(*panels(out)), encoding="utf-8")


if __name__ == "__main__":
    main()
