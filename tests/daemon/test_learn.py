"""An edit to greeting and sign-off of a draft still unsent is kept for the next letter."""

from __future__ import annotations

import pytest

from tests.builders import employer, person, platform
from vouchd.connectors.edges import edges

DANA = person("Dana Cole", emails=("dana.cole@initech.example",))
AT = ("--now", "2026-09-21T12:00")


def drafts(world):
    return sorted((world.mail / ".Drafts" / "cur").glob("*"))


def test_what_the_user_rewrote_stands_in_the_next_draft(world):
    world.know(
        employer("09-03", "reference_request", "Acme Robotics", "Staff Engineer"),
        platform("09-20", "reference_completed", DANA, "Acme Robotics"),
    )
    world.vouchd("once", *AT)
    (thanks,) = [p for p in drafts(world) if "thank_you" in p.read_text()]
    text = thanks.read_text()
    assert "Hi Dana," in text
    assert "Best,\n" in text
    thanks.write_text(text.replace("Hi Dana,", "Dear old Dana,").replace("Best,\n", "Yours,\n"))
    world.vouchd("once", "--now", "2026-09-21T13:00")
    # The edited draft stays as it is, nothing counts as sent, no contact is made up.
    assert "Dear old Dana," in thanks.read_text()
    (found,) = world.json("references", "show", "Dana", "--now", "2026-09-21T14:00")
    assert (found["thanked"], found["last_contact"]) == (0, None)
    world.know(employer("09-25", "rejection", "Acme Robotics", "Staff Engineer"))
    world.vouchd("once", "--now", "2026-09-25T12:00")
    (news,) = [p for p in drafts(world) if "outcome_news" in p.read_text()]
    assert "Dear old Dana," in news.read_text()
    assert "Yours,\n" in news.read_text()


def test_a_draft_as_we_left_it_teaches_nothing(world):
    world.know(platform("09-20", "reference_completed", DANA, "Acme Robotics"))
    world.vouchd("once", *AT)
    world.vouchd("once", "--now", "2026-09-21T13:00")
    kept = b"".join(p.read_bytes() for p in world.state.iterdir() if p.is_file())
    assert b"thank_you" in kept
    assert b"edited:" not in kept


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hi,\n\none\ntwo\nthree\nfour\n\nBest,\nSam\n", "Hi,\n\nthree\nfour\nBest,\nSam"),
        ("Hi,\n\none\n\n> quoted\n", "Hi,\none"),
        (f"Hi,\n\n{'a long line ' * 9}\n\nBest,\nSam\n", "Hi,\nBest,\nSam"),
        ("", ""),
    ],
)
def test_the_edges_of_a_letter(body, said):
    assert edges(body) == said
