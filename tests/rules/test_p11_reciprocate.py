"""P11: who looks for work, or asks the user to vouch, is offered it; platforms say nothing."""

from __future__ import annotations

from tests.builders import from_person, only, person, planned, platform, states, to_person

DANA = person("Dana Cole", "2026-01-05")


def offers(*readings, now="06-30"):
    return planned(*readings, people=(DANA,), now=now)


def test_their_own_mail_is_an_occasion_once():
    story = (
        from_person("03-01", DANA, "reference_job_hunting"),
        from_person("03-20", DANA, "reference_job_hunting"),
    )
    (offer,) = only(offers(*story), "reciprocate")
    assert (offer.state, f"{offer.created_at:%m-%d}") == ("open", "03-01")
    assert offer.reply is not None


def test_a_platform_that_repeats_the_news_is_none():
    assert not only(offers(platform("03-01", "reference_job_hunting", DANA)), "reciprocate")


def test_help_offered_by_the_user_is_done():
    story = (
        from_person("03-01", DANA, "reference_job_hunting"),
        to_person("03-02", DANA, "offered_help"),
    )
    assert states(offers(*story), "reciprocate") == ["done"]


def test_being_asked_to_vouch_is_an_occasion_of_its_own():
    story = (
        from_person("03-01", DANA, "reference_job_hunting"),
        from_person("03-25", DANA, acts=("asks_favour",)),
    )
    found = only(offers(*story), "reciprocate")
    assert "asked" in [o.how for i in found for o in i.occasions]
    assert [i.state for i in found][-1] == "open"
