"""The first look at a mailbox of 5,000 messages at the limit of Google's quota, in simulated time.

Every request takes a while, the fake counts its units by the minute and answers 429 beyond them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.google.server import ALL, FakeGoogle, running
from vouchd.config.load import load
from vouchd.daemon import clock
from vouchd.daemon.app import mind_of, open_app
from vouchd.daemon.google import interests
from vouchd.daemon.result import RoundResult
from vouchd.daemon.round import run_round

BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ALL_MAIL = 5_000
A_REQUEST = 0.2  #: seconds that Google takes to answer
PER_MINUTE = 6_000
CONFIG = """\
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
[state]
path = "state"
"""
REFERENCES = """\
[[reference]]
name = "Dana Cole"
emails = ["dana.cole@initech.example"]
relationship = "former manager"
agreed_on = 2026-01-05
keep_in_touch = "never"
"""
APPLICATIONS = """\
[[application]]
company = "Acme Robotics"
domains = ["acme-robotics.example"]
role = "Staff Engineer"
references = ["Dana Cole"]
"""
#: What comes with every mailbox, half of it full of the words of hiring.
NOISE = (
    "Our spring sale has begun: twenty percent off all lamps until Sunday.",
    "Ten open positions for you: apply now, your next role and interview are one click away.",
)
SPOKE = "I spoke with Jo Lindt from Acme Robotics this morning about you. It went well."
OFFER = (
    "Dear Sam,\n\nWe are delighted to offer you the position of Platform Engineer at Umbrella "
    "Health. Please let us know your decision by Friday, 6 March.\n\nKind regards,\nAnn Lee\n"
)


@dataclass
class Simulated:
    """Time that passes with each request and while somebody waits."""

    at: float = BEGAN.timestamp()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def ticks(self) -> float:
        return self.at

    def pause(self, seconds: float) -> bool:
        self.at += seconds
        return False


def letter(number: int, sender: str, subject: str, text: str, *, days: float) -> bytes:
    return (
        f"From: {sender}\nTo: sam@example.org\nSubject: {subject}\n"
        f"Message-ID: <{number}@mail.example>\n"
        f"Date: {format_datetime(BEGAN - timedelta(days=days))}\n\n{text}\n"
    ).encode()


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> Simulated:
    time = Simulated()
    monkeypatch.setattr(clock, "now", time.now)
    monkeypatch.setattr(clock, "ticks", time.ticks)
    return time


@pytest.fixture
def fake(simulated: Simulated, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    made = FakeGoogle(simulated.ticks)
    for number in range(ALL_MAIL - 2):
        days = 80 * number / ALL_MAIL
        raw = letter(
            number, f"News <news{number}@shop.example>", "News", NOISE[number % 2], days=days
        )
        made.gmail.receive(raw)
    made.gmail.receive(
        letter(9001, "Dana Cole <dana.cole@initech.example>", "Acme called", SPOKE, days=9)
    )
    made.gmail.receive(
        letter(9002, "Umbrella Health <no-reply@greenhouse-mail.io>", "Your offer", OFFER, days=8)
    )
    made.per_minute = PER_MINUTE
    answer = made.answer

    def slow(*request: Any) -> Any:
        simulated.at += A_REQUEST
        return answer(*request)

    monkeypatch.setattr(made, "answer", slow)
    with running(made):
        yield made
    assert not made.violations, made.violations


def one_round(home: Path, simulated: Simulated) -> RoundResult:
    config = load(home, os.environ)
    with open_app(config, now=simulated.now, pause=simulated.pause) as app:
        return run_round(app, simulated.now())


def settle_in(home: Path, fake: FakeGoogle) -> None:
    home.mkdir()
    (home / "config.toml").write_text(CONFIG.format(url=fake.url))
    (home / "references.toml").write_text(REFERENCES)
    (home / "applications.toml").write_text(APPLICATIONS)
    (home / "state").mkdir()
    token = {"token": "access-1", "scopes": list(ALL), "account": "sam@example.org"}
    file = home / "state" / "google-token.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(token))


def most_in_a_minute(spent: list[tuple[float, int]]) -> int:
    return max(sum(units for at, units in spent if begin - 60 < at <= begin) for begin, _ in spent)


def test_usable_results_stand_within_the_first_minute(
    tmp_path: Path, fake: FakeGoogle, simulated: Simulated
):
    home = tmp_path / "config"
    settle_in(home, fake)
    spent: list[tuple[float, int]] = []

    class Calls(list[Any]):
        def append(self, call: Any) -> None:
            spent.append((simulated.at, call.units))
            super().append(call)

    fake.calls = Calls()
    first = one_round(home, simulated)
    took = simulated.at - BEGAN.timestamp()
    assert first.errors == []
    assert took < 60
    (draft,) = fake.gmail.drafts.values()
    assert fake.gmail.mails[draft].parsed["To"] == "Dana Cole <dana.cole@initech.example>"
    summaries = [event["summary"] for event in fake.calendar.lying()]
    assert any("Dana Cole" in summary for summary in summaries)
    assert any("Umbrella Health" in summary for summary in summaries)
    assert first.later > 4_000, "the rest is left for the background"

    # The background goes on, a minute's share at a time, and never runs into the limit.
    read = first.messages
    for _ in range(3):
        simulated.at = max(simulated.at, BEGAN.timestamp() + 60)
        began = simulated.at
        result = one_round(home, simulated)
        assert result.errors == []
        read += result.messages
        simulated.at = max(simulated.at, began + 60)
    assert read + result.later == ALL_MAIL, "nothing is left out, nothing is read twice"
    assert 600 < read < 1_000
    assert fake.count("messages.get") == read
    assert most_in_a_minute(spent) <= PER_MINUTE


def test_the_searches_use_the_people_the_employers_the_systems_and_the_words_that_tell(
    tmp_path: Path, simulated: Simulated
):
    home = tmp_path / "config"
    home.mkdir()
    (home / "config.toml").write_text(CONFIG.format(url="http://127.0.0.1:9"))
    (home / "references.toml").write_text(REFERENCES)
    (home / "applications.toml").write_text(APPLICATIONS)
    found = interests(mind_of(load(home, os.environ)).book)
    assert found.people == ("dana.cole@initech.example",)
    assert (found.domains, found.companies) == (("acme-robotics.example",), ("Acme Robotics",))
    assert {"greenhouse-mail.io", "hire.lever.co", "xref.com"} <= set(found.vendors)
    words = set(found.words)
    assert {"interview", "references", "Vorstellungsgespräch".lower()} <= words
    assert not words & {"regards", "people", "greetings"}, "what stands in every mail finds nothing"
    assert all(not set(word) & set('*()[]{}|@&"') for word in words)
