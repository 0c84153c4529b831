from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from vouchd.daemon import clock
from vouchd.daemon.cli import main
from vouchd.daemon.store import Store
from vouchd.rules.model import Reading

CONFIG = """\
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "maildir"
path = "mail"
[calendar]
source = "folder"
path = "calendar"
[state]
path = "state"
"""
REFERENCES = """\
[[reference]]
name = "Dana Cole"
emails = ["dana.cole@initech.example"]
relationship = "former manager"
can_speak_to = ["led the billing migration"]
keep_in_touch = "never"
"""
APPLICATIONS = """\
[[application]]
company = "Acme Robotics"
domains = ["acme-robotics.example"]
role = "Staff Engineer"
references = ["Dana Cole"]
"""
ASKS_FOR_REFERENCES = (
    "Dear Sam,\n\nThank you for applying for the Staff Engineer position at Acme Robotics. "
    "Please send us the names and contact details of two references so that we can contact them."
    "\n\nKind regards,\nJo Lindt\n"
)


@dataclass
class World:
    """A user's folders, and the command line as the user has it."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def mail(self) -> Path:
        return self.home / "config" / "mail"

    @property
    def state(self) -> Path:
        return self.home / "config" / "state"

    def vouchd(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Run a command; return exit status, standard output and standard error."""
        command, *rest = map(str, arguments)
        status = main([command, "--config", str(self.config), *rest])
        out, err = self.capsys.readouterr()
        return status, out, err

    def json(self, *arguments: str | Path) -> list[dict[str, Any]]:
        status, out, err = self.vouchd(*arguments, "--json")
        assert (status, err) == (0, "")
        return [json.loads(line) for line in out.splitlines()]

    def deliver(
        self,
        number: int,
        text: str = ASKS_FOR_REFERENCES,
        sender: str = "Jo Lindt <jo@acme-robotics.example>",
        subject: str = "References",
        to: str = "sam@example.org",
        at: datetime | None = None,
    ) -> Path:
        """Put a message into the inbox, dated now unless said otherwise."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Message-ID"] = f"<{number}@acme-robotics.example>"
        message["Date"] = format_datetime(at or clock.now())
        message.set_content(text)
        path = self.mail / "new" / f"{1700000000 + number}.mail"
        path.write_bytes(bytes(message))
        return path

    def lying(self) -> list[Path]:
        """Return all that vouchd has written: drafts and events."""
        drafts = (self.mail / ".Drafts" / "cur").glob("*")
        return sorted([*drafts, *(self.config / "calendar").rglob("*.ics")])

    def write_config(
        self,
        text: str = CONFIG,
        references: str = REFERENCES,
        applications: str = APPLICATIONS,
    ) -> None:
        """Write the files; Dana is named for an application and was never asked, so she is now."""
        self.config.mkdir(exist_ok=True)
        (self.config / "config.toml").write_text(text)
        (self.config / "references.toml").write_text(references)
        (self.config / "applications.toml").write_text(applications)

    def know(self, *readings: Reading) -> None:
        """Put facts into the state, as if they had been read."""
        with Store.open(self.state) as store:
            store.remember(readings, cursor_name="test", cursor="1", at=clock.now())


def make_folders(config: Path, folders: Sequence[str] = ("", ".Drafts", ".Sent")) -> None:
    for folder in folders:
        for part in ("cur", "new", "tmp"):
            (config / "mail" / folder / part).mkdir(parents=True)
    (config / "calendar").mkdir()


@pytest.fixture
def world(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_USEC"):
        monkeypatch.delenv(name, raising=False)
    made = World(tmp_path, capsys)
    made.write_config()
    make_folders(made.config)
    return made
