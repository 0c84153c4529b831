"""P7: milestones for those involved, one a month and person, merged across processes."""

from __future__ import annotations

import pytest

from tests.builders import employer, only, person, planned, states, to_employer, to_person
from vouchd.rules.model import Stated

DANA = person("Dana Cole", "2026-01-05")
ACME = Stated(company="Acme", role="SRE")
GLOBEX = Stated(company="Globex", role="Developer")
SHARED = to_employer("03-02", "references_shared", "Acme", references=("Dana Cole",))


def updates(*readings, now="06-30"):
    return planned(*readings, people=(DANA,), stated=(ACME, GLOBEX), now=now)


def final(when, company="Acme"):
    return employer(when, "interview_invite", company, final_round=True)


def test_a_final_round_is_shared_with_who_was_named_before():
    assert states(updates(SHARED, final("03-20")), "progress_update") == ["open"]


def test_who_is_not_involved_hears_nothing():
    assert not only(updates(final("03-20")), "progress_update")


def test_at_most_one_in_the_interval_over_all_processes():
    story = (
        SHARED,
        to_employer("03-03", "references_shared", "Globex", references=("Dana Cole",)),
        final("03-20"),
        final("04-02", "Globex"),
        final("05-04", "Globex"),
    )
    found = only(updates(*story), "progress_update")
    assert [f"{u.created_at:%m-%d}" for u in found] == ["03-20", "05-04"]


def test_the_next_milestone_overtakes_news_that_was_never_sent():
    story = (SHARED, final("03-20"), final("05-04"))
    assert states(updates(*story), "progress_update") == ["superseded", "open"]


@pytest.mark.parametrize(("when", "due"), [("03-10", False), ("02-01", True)])
def test_what_the_user_told_themselves_counts(when, due):
    told = to_person(when, DANA, "told")
    assert bool(only(updates(told, SHARED, final("03-20")), "progress_update")) is due


def test_it_goes_when_the_process_ends():
    story = (SHARED, final("03-20"), employer("03-25", "rejection", "Acme", "SRE"))
    assert "open" not in [
        str(i.state) for i in only(updates(*story), "progress_update") if len(i.kinds) == 1
    ]
