"""Writes docs/letters.md: every template, rendered with sample data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.letterbook import samples, spoken
from vouchd.rules.letters.compose import LETTERS, words
from vouchd.rules.letters.words import WORDS
from vouchd.rules.model import FollowUp, FollowUpKind

PAGE = Path(__file__).parent.parent / "docs" / "letters.md"
LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "nl": "Dutch",
    "pt": "Portuguese",
    "it": "Italian",
}
HEAD = """# The letters

This page is generated: `python -m benchmarks.letters`. It shows every follow-up with sample data
(Sam Rivera writes to Dana Cole, who has spoken for Sam at Acme Robotics): the draft and, in
English, the calendar entry beside it. What is not known makes a letter shorter and is named in the
entry. Each template holds several wordings; the same follow-up always gets the same one.

## Words of your own

A file `templates/en/thank_you.j2` in the configuration folder takes the place of ours, and
`templates/pl/` is a new language. A template is [Jinja2](https://jinja.palletsprojects.com/) in a
sandbox and looks like the letter it makes:

```
Subject: Thank you for speaking with {{ company }}
Subject: Thank you

{{ greeting }}

You spoke with {{ company }} {{ main.on }}. Thank you.

{{ sign_off }}
```

The first subject of at most 50 characters is taken. Lines of a paragraph are joined; lines that
begin with "- " stay. A template that cannot be used is named in the entry, and ours is used.
What a template may use:

| word | what it says |
|---|---|
"""


def page() -> str:
    """Return the page as it should be."""
    table = "".join(f"| `{name}` | {said} |\n" for name, said in WORDS.items())
    return HEAD + table + "\n" + "\n".join(part for tongue in LANGUAGES for part in chapter(tongue))


def chapter(language: str) -> Iterator[str]:
    """Yield what one language has: English in full, others one sample of each template."""
    yield f"\n## {LANGUAGES[language]}\n"
    shown = set[str]()
    for title, sample in samples():
        made = words(sample, spoken(language))
        template = template_of(made)
        if language == "en" or (template and template not in shown):
            shown.add(template)
            yield f"### {title if language == 'en' else template}\n"
            yield block(made, with_event=language == "en" or made.draft is None)


def template_of(made: FollowUp) -> str:
    """Return the template a follow-up was written with; empty where there is none."""
    if made.draft is None:
        return str(made.kind) if made.kind is FollowUpKind.HANDWRITTEN_NOTE else ""
    return str(next(kind for kind in (made.kind, *made.kinds) if kind in LETTERS))


def block(made: FollowUp, *, with_event: bool) -> str:
    """Return a follow-up as it looks in a mail program and a calendar."""
    parts = []
    if made.draft:
        to = ", ".join(address.email for address in made.draft.to)
        parts.append(f"To: {to}\nSubject: {made.draft.subject}\n\n{made.draft.body}")
    if made.event and with_event:
        parts.append(f"[calendar] {made.event.summary}\n\n{made.event.description}")
    return "```text\n" + "\n".join(parts) + "```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
