"""Jinja2 templates of letters: compiled in a sandbox, checked before use, rendered to plain text.

A template is a letter as it is sent: lines "Subject: …" from the longest to the shortest (the first
that fits is taken), an empty line, the text. Lines of a paragraph are joined, so a template may be
wrapped at will; a line starting with "- " stays a line of its own, and `{{ br }}` breaks one.
A file whose name starts with `_` holds what the templates of its language share.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from vouchd.rules.letters.wording import FALLBACK
from vouchd.rules.letters.words import WORDS
from vouchd.rules.model import Data

MINE = "mine/"  #: before the name of a template of the user's, which takes the place of ours
BREAK = "\ue000"  #: a line end that joining leaves alone; `safe` takes it out of all values
_NOTHING = "\ue001"  #: ends a line that may turn out empty, so that it parts no paragraph
SUBJECT_LENGTH = 50
_HALF_TAGGED = re.compile(
    r"^(?!(?:[ \t]*\{[%#](?:(?![%#]\}).)*[%#]\})+[ \t]*$)(.*[%#]\})$", re.MULTILINE
)
_UNSENT = "/handwritten_note.j2"  #: goes on paper, so it has no subject
_CLINGING = (".", ",", ";", ":", ")", "?", "!", "\u00a0", "\u202f")


class TemplateError(Exception):
    """A template that cannot be used: which file, which line (0: unknown), what is wrong."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"templates/{file}{f', line {line}' if line else ''}: {what}")
        self.file = file
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered template: its subjects from long to short, and its text."""

    subjects: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates; `problems` are the user's own that cannot be used, so ours are."""

    ours: SandboxedEnvironment
    theirs: SandboxedEnvironment
    problems: tuple[TemplateError, ...]


def compile(data: Data) -> Templates:
    """Make the shipped templates ready for use, and the user's, which `data` has under "mine/".

    One of the user's that is broken becomes a problem, and ours is used in its place. Ours are
    compiled when first needed; `check` looks at them all.
    """
    shipped = {name: text for name, text in data.templates.items() if not name.startswith(MINE)}
    mine = {
        name.removeprefix(MINE): text
        for name, text in data.templates.items()
        if name.startswith(MINE)
    }
    ours = _environment(shipped)
    problems = {name: _problem(ours, name, text) for name, text in mine.items()}
    sound = {name: text for name, text in mine.items() if problems[name] is None}
    return Templates(
        ours=ours,
        theirs=_environment({**shipped, **sound}) if sound else ours,
        problems=tuple(problem for problem in problems.values() if problem),
    )


def check(data: Data) -> None:
    """Raise TemplateError for the first template of `data` that cannot be used."""
    environment = _environment({})
    for name, text in sorted(data.templates.items()):
        if problem := _problem(environment, name, text):
            raise problem


def _environment(texts: Mapping[str, str]) -> SandboxedEnvironment:
    # Letters are plain text: escaping would put "&amp;" into them.
    return SandboxedEnvironment(
        loader=DictLoader({name: _marked(text) for name, text in texts.items()}),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
        extensions=(),
    )


def _marked(text: str) -> str:
    """Keep the line end of a line of words that closes with a tag: Jinja2 trims it with the tag's.

    Lines of tags alone leave nothing behind, so they never part a paragraph, nor do lines whose
    words all depend on what turned out not to be known.
    """
    return _HALF_TAGGED.sub(rf"\1{_NOTHING}", text)


def _printable(value: object) -> object:
    if value is None:
        raise JinjaError("a value that is not known would be printed; ask for it with {% if … %}")
    return value


def _problem(environment: SandboxedEnvironment, name: str, text: str) -> TemplateError | None:
    try:
        tree = environment.parse(text)
    except TemplateSyntaxError as error:
        return TemplateError(name, error.lineno, error.message or "not a template")
    if "Subject:" not in text and not name.endswith(_UNSENT) and "/_" not in name:
        return TemplateError(name, 1, "has no line `Subject: …`")
    made = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    unknown = min(meta.find_undeclared_variables(tree) - WORDS.keys() - made, default=None)
    if unknown is None:
        return None
    line = next((at for at, row in enumerate(text.splitlines(), 1) if unknown in row), 0)
    known = ", ".join(sorted(WORDS))
    return TemplateError(name, line, f"`{unknown}` is not a word templates know ({known})")


def languages_of(templates: Templates, name: str) -> frozenset[str]:
    """Return the languages in which the template `name` exists."""
    held = templates.theirs.list_templates()
    return frozenset(file.partition("/")[0] for file in held if file.endswith(f"/{name}.j2"))


def language_of(templates: Templates, name: str, language: str) -> str:
    """Return the language in which the template `name` exists: as asked, its base, or English."""
    held = set(templates.theirs.list_templates())
    tries = (language, language.partition("-")[0])
    return next((tongue for tongue in tries if f"{tongue}/{name}.j2" in held), FALLBACK)


def render(
    templates: Templates, name: str, language: str, facts: Mapping[str, object]
) -> tuple[Letter, TemplateError | None]:
    """Render the template `name`; the error says why the user's own was not used.

    Raises TemplateError when the shipped one fails as well.
    """
    file = f"{language_of(templates, name, language)}/{name}.j2"
    try:
        return _render(templates.theirs, file, facts), None
    except TemplateError as error:
        if file not in templates.ours.list_templates():
            file = f"{FALLBACK}/{name}.j2"
        return _render(templates.ours, file, facts), error


def _render(environment: SandboxedEnvironment, file: str, facts: Mapping[str, object]) -> Letter:
    try:
        text = environment.get_template(file).render(facts)
    except (JinjaError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise TemplateError(file, _line(error, file), str(error)) from error
    head, body = _split(text)
    if not body.strip():
        raise TemplateError(file, 0, "nothing is left to say")
    return Letter(head, body)


def _line(error: BaseException, file: str) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _split(text: str) -> tuple[tuple[str, ...], str]:
    lines = text.strip().splitlines()
    subjects = []
    while lines and (lines[0].startswith("Subject:") or not lines[0].strip(f" {_NOTHING}")):
        line = lines.pop(0).replace(_NOTHING, "")
        subject = " ".join(line.removeprefix("Subject:").split())
        if subject:
            subjects.append(subject)
    return tuple(subjects), _reflow("\n".join(lines))


def _reflow(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text.strip())
    joined = ("\n".join(_lines(paragraph)) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in joined if paragraph) + "\n"


def _lines(paragraph: str) -> list[str]:
    lines: list[str] = []
    for marked in paragraph.splitlines():
        line = marked.replace(_NOTHING, "")
        if line != marked and not line.strip(" "):
            continue
        if not lines or line.strip().startswith("- "):
            lines.append(line)
        elif line.startswith(_CLINGING):  # a macro ends with its line, so the next may start so
            lines[-1] = lines[-1].rstrip(" ") + line
        else:
            lines[-1] += f" {line}"
    split = "\n".join(lines).replace(BREAK, "\n").split("\n")
    return [tidy for line in split if (tidy := re.sub(r"[ \t]+", " ", line).strip(" \t"))]


def flat(text: str) -> str:
    """Return what a macro wrote on one line."""
    return " ".join(_lines(text))


def subject(letter: Letter) -> str:
    """Return the first subject that fits, else the shortest cut at a word."""
    fitting = (line for line in letter.subjects if len(line) <= SUBJECT_LENGTH)
    last = min(letter.subjects, key=len, default="")
    return next(fitting, last[:SUBJECT_LENGTH].rpartition(" ")[0] or last[:SUBJECT_LENGTH])
