"""Accounts of the machine in the box: their configuration, mail and sign-in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.google.server import ALL, FakeGoogle
from tests.systemd.box import Box

LOCAL = """\
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "maildir"
path = "{state}/mail"
[calendar]
source = "folder"
path = "{state}/calendar"
[service]
check_every = "1s"
"""
GOOGLE = """\
[me]
name = "Sam Rivera"
emails = ["sam@example.org"]
timezone = "Europe/Berlin"
[mail]
source = "gmail"
[calendar]
source = "google"
[google]
endpoint = "{url}"
[service]
check_every = "1s"
"""


@dataclass
class Account:
    """One instance of vouchd@.service."""

    box: Box
    name: str

    @property
    def unit(self) -> str:
        return f"vouchd@{self.name}.service"

    @property
    def config(self) -> str:
        return f"/etc/vouchd/{self.name}"

    @property
    def state(self) -> str:
        return f"/var/lib/vouchd/{self.name}"

    def local(self, more: str = "") -> None:
        """Have mail and calendar in the state folder."""
        mail = f"/var/lib/private/vouchd/{self.name}/mail"
        folders = " ".join(f"{mail}{box}/{part}" for box in ("", "/.Drafts", "/.Sent")
                           for part in ("cur", "new", "tmp"))  # fmt: skip
        self.box.run("mkdir", "-m", "700", "-p", "/var/lib/private")
        self.box.run("sh", "-c", f"mkdir -p {folders} {mail}/../calendar")
        self.write(LOCAL.format(state=self.state) + more)

    def google(self, fake: FakeGoogle, more: str = "") -> None:
        """Have mail and calendar at Google."""
        self.write(GOOGLE.format(url=fake.url) + more)

    def write(self, config: str) -> None:
        self.box.write(f"{self.config}/config.toml", config)
        self.box.run("touch", f"{self.config}/references.toml")

    def signed_in(self, token: str) -> None:
        """Have a sign-in in the state folder, as `vouchd auth google` keeps it."""
        folder = f"/var/lib/private/vouchd/{self.name}"
        file = f"{folder}/google-token.json"
        self.box.run("mkdir", "-p", folder)
        self.box.run(
            "sh", "-c", f"umask 077 && cat >{file}.new && chown --reference={folder} {file}.new"
            f" && mv {file}.new {file}", text=token,
        )  # fmt: skip

    def people(self, count: int) -> None:
        """Have so many people who are to be asked: each gets a draft and an event."""
        names = [f"Person {chr(65 + number)}" for number in range(count)]
        self.box.write(
            f"{self.config}/references.toml",
            "".join(
                f'[[reference]]\nname = "{name}"\nemails = ["{name[-1].lower()}@home.example"]\n'
                'keep_in_touch = "never"\n'
                for name in names
            ),
        )
        self.box.write(
            f"{self.config}/applications.toml",
            f'[[application]]\ncompany = "Acme"\nreferences = {json.dumps(names)}\n',
        )

    def start(self, *, ok: bool = True) -> None:
        self.box.run("systemctl", "start", self.unit, ok=ok)

    def stop(self) -> None:
        self.box.run("systemctl", "stop", self.unit)

    def reload(self) -> None:
        self.box.run("systemctl", "reload", self.unit)

    def shown(self, name: str) -> str:
        return self.box.shown(self.unit, name)

    def says(self, words: str) -> None:
        """Wait until the status says these words."""
        self.box.waits(self.unit, "StatusText", words)

    def journal(self) -> str:
        return self.box.journal(self.unit)


def sign_in(fake: FakeGoogle, **changes: Any) -> str:
    """Return a sign-in at the fake, as the file has it."""
    fields = {
        "token": "access-1",
        "refresh_token": "refresh-1",
        "token_uri": f"{fake.url}/token",
        "client_id": "c",
        "client_secret": "s",
        "scopes": list(ALL),
        "account": "sam@example.org",
    }
    return json.dumps({k: v for k, v in {**fields, **changes}.items() if v is not None})
