"""Whatever happens in three processes at once: a no holds, one message, nothing in hard days."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    at,
    employer,
    from_person,
    interview,
    only,
    person,
    planned,
    platform,
    to_employer,
    to_person,
)
from vouchd.rules.intent import Intent
from vouchd.rules.model import FollowUpKind as F
from vouchd.rules.model import Reading, State, Stated

FIRMS = ("Acme", "Globex", "Initrode")
ASKS = (F.ASK_PERMISSION, F.RECONFIRM, F.HEADS_UP, F.PROGRESS_UPDATE, F.NUDGE_REFERENCE)
PEOPLE = (
    person("Bob Okafor", "2022-05-01", keep_in_touch=timedelta(days=30)),
    person("Dana Cole", keep_in_touch=timedelta(days=30)),
    person("Eva Lind", "2025-12-01", keep_in_touch=timedelta(days=30)),
)
BOB, DANA, EVA = PEOPLE
STATED = tuple(Stated(company=firm, role="SRE", references=("Dana Cole",)) for firm in FIRMS)


def news(day: int, firm: str, what: str) -> Reading:
    """One thing that happens on a day of the year in one process."""
    when = f"{1 + day // 28:02d}-{1 + day % 28:02d}"
    if what == "interview":
        return interview(f"{when} 10:00", firm, final_round=bool(day % 2))
    if what.startswith("platform:"):
        return platform(when, what.removeprefix("platform:"), PEOPLE[day % 3], firm)
    if what == "shared":
        return to_employer(when, "references_shared", firm, references=(PEOPLE[day % 3].name,))
    if what == "asked":
        return to_person(when, PEOPLE[day % 3], "asked", company=firm)
    if what == "agreed":
        return from_person(when, PEOPLE[1 + day % 2], "reference_agreed", firm)
    return employer(when, what, firm, "SRE")


WHAT = st.sampled_from(
    (
        *("reference_request", "reference_request", "offer", "rejection", "application_received"),
        *("interview", "shared", "asked", "agreed", "platform:reference_contacted"),
        *("platform:reference_overdue", "platform:reference_completed"),
    )
)
STORIES = st.lists(
    st.builds(news, st.integers(60, 200), st.sampled_from(FIRMS), WHAT), min_size=3, max_size=14
).map(lambda story: sorted(story, key=lambda r: r.at))


def at_days(story: list[Reading], *more: Reading) -> list[tuple[str, tuple[Intent, ...]]]:
    """What is planned in the middle and at the end."""
    told = sorted((*story, *more), key=lambda r: r.at)
    days = ("05-20 12:00", "08-01 12:00")
    return [(day, planned(*told, people=PEOPLE, stated=STATED, now=day)) for day in days]


@settings(max_examples=60, deadline=None)
@given(STORIES)
def test_who_declined_is_proposed_nowhere(story: list[Reading]):
    no = from_person("02-20", BOB, "reference_declined")
    for _, intents in at_days([r for r in story if "Bob Okafor" not in _acting(r)], no):
        for kind in (F.ASK_PERMISSION, F.RECONFIRM, F.HEADS_UP, F.NUDGE_REFERENCE):
            assert not [i for i in only(intents, kind) if BOB in i.people], kind
        for share in only(intents, F.SHARE_REFERENCES):
            named = [c for c in share.candidates if c.person.name == "Bob Okafor"]
            assert all(c.note.startswith("not to be listed") for c in named)


def _acting(reading: Reading) -> set[str]:
    """Who acts as a reference in a mail: that is a yes, whatever they have said before."""
    acts = {"reference_completed", "reference_spoke", "reference_agreed"}
    return {name for s in reading.signals if s.kind in acts for name in s.references}


@settings(max_examples=60, deadline=None)
@given(STORIES)
def test_one_person_has_one_thing_of_a_kind_to_answer(story: list[Reading]):
    for day, intents in at_days(story):
        still = [i for i in intents if i.state == State.OPEN and i.created_at <= at(day)]
        for kind in (F.ASK_PERMISSION, F.RECONFIRM, F.KEEP_IN_TOUCH, F.PROGRESS_UPDATE):
            asked = Counter(
                name for i in still if kind in i.kinds for name in i.people if i.kind != F.REVIEW
            )
            assert max(asked.values(), default=0) <= 1, (kind, asked)
        notes = Counter(i.due_at.date() for i in only(intents, F.KEEP_IN_TOUCH))
        assert max(notes.values(), default=0) <= 1


@settings(max_examples=60, deadline=None)
@given(STORIES, st.sampled_from(("unwell", "away")))
def test_nothing_is_asked_in_hard_days(story: list[Reading], hard: str):
    quiet = [r for r in story if not r.people and "Eva Lind" not in _acting(r)]
    told = (*quiet, from_person("05-15", EVA, acts=(hard,)))
    intents = planned(*told, people=PEOPLE, stated=STATED, now="05-20 12:00")
    still = [i for i in intents if i.state == State.OPEN and EVA in i.people]
    assert not [i.kinds for i in still if set(ASKS) & set(i.kinds)]
    for share in only(intents, F.SHARE_REFERENCES):
        if share.state == State.OPEN:
            assert not [c for c in share.candidates if c.person.name == "Eva Lind" and not c.note]
