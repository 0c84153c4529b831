"""Reads the labelled mail of this folder into messages with what each sentence says.

`LANGUAGE-AUTHOR-NUMBER.txt` holds mails, `LANGUAGE-bank-SIDE-NUMBER.txt` single sentences of
employers, references or the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

HERE = Path(__file__).resolve().parent
ME = "Sam Rivera <sam@example.org>"
_TAG = re.compile(r"\[([a-z_, ]+)\]\s*(.*)")


@dataclass(slots=True)
class Written:
    """One mail: its labels stand at the sentences that carry them."""

    file: str
    language: str
    company: str | None = None
    role: str | None = None
    sender: str = ""
    to: str = ""
    subject: str = ""
    lines: list[tuple[str, frozenset[str]]] = field(default_factory=list)  #: the subject first
    quoted: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> frozenset[str]:
        """All that the mail says."""
        return frozenset().union(*(kinds for _, kinds in self.lines))


def mails(language: str) -> Iterator[Written]:
    """Yield the written mails of a language."""
    for path in sorted(HERE.glob(f"{language}-*.txt")):
        if "-bank-" not in path.name:
            yield from of_file(path)


def sentences(language: str, side: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the single sentences of a language that employers, references or the user say.

    Each with what it says: `[rejection] text`.
    """
    for path in sorted(HERE.glob(f"{language}-bank-{side}-*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                text, kinds = _tagged(line.strip().replace("[-]", "", 1).strip())
                yield text, kinds


def of_file(path: Path) -> Iterator[Written]:
    """Yield the written mails of one file."""
    mail: Written | None = None
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("==="):
            if mail:
                yield mail
            mail = _begun(path.stem, line)
        elif mail and not mail.lines and line.startswith("From:"):
            mail.sender = line[5:].strip()
        elif mail and not mail.lines and line.startswith("To:"):
            mail.to = line[3:].strip()
        elif mail and not mail.lines and line.startswith("Subject:"):
            mail.lines.append(_tagged(line[8:].strip()))
            mail.subject = mail.lines[0][0]
        elif mail and line.startswith(">"):
            mail.quoted.append(line)
        elif mail and line.strip():
            mail.lines.append(_tagged(line.strip()))
    if mail:
        yield mail


def _begun(file: str, line: str) -> Written:
    language, *rest = (part.strip() for part in line.strip("= ").split("|"))
    told = dict(part.partition(":")[::2] for part in rest if ":" in part)
    named = {key.strip(): value.strip() for key, value in told.items()}
    return Written(file, language.lower(), named.get("company") or None, named.get("role") or None)


def _tagged(text: str) -> tuple[str, frozenset[str]]:
    found = _TAG.match(text)
    if not found:
        return text, frozenset()
    return found[2], frozenset(kind.strip() for kind in found[1].split(","))


def as_bytes(mail: Written, people: dict[str, str]) -> bytes:
    """Return the message as it would lie in a mailbox; `people` are references' addresses."""
    message = EmailMessage()
    sender = mail.sender
    if sender.lower() in ("me", "sam", "sam rivera", ME.lower()):
        sender = ME
    elif sender.lower().startswith("ref "):
        name = sender[4:].partition("<")[0].strip()
        sender = f"{name} <{people[name]}>"
    message["From"] = sender
    message["To"] = mail.to or ("someone@employer.example" if sender == ME else ME)
    message["Date"] = "Tue, 10 Mar 2026 10:00:00 +0000"
    message["Message-ID"] = "<training@example.org>"
    message["Subject"] = mail.subject or "-"
    if mail.subject.lower().startswith("re:"):
        message["In-Reply-To"] = "<before@example.org>"
    body = "\n".join(text for text, _ in mail.lines[1:])
    if mail.quoted:
        body += "\n\nOn Mon, 9 Mar 2026 at 09:00, Someone <x@example.org> wrote:\n"
        body += "\n".join(mail.quoted)
    message.set_content(body)
    return message.as_bytes()
