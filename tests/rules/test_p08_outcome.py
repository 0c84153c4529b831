"""P8: tell everybody involved how it went, and nobody else."""

from __future__ import annotations

from tests.builders import (
    DONE,
    OPEN,
    SUPERSEDED,
    employer,
    from_person,
    only,
    person,
    planned,
    platform,
    states,
    to_employer,
    to_person,
)
from vouchd.rules.intent import Outcome
from vouchd.rules.model import Stated

DANA = person("Dana Cole", "2026-01-10")
BOB = person("Bob Okafor", "2026-01-10")


def test_everybody_whose_name_the_employer_has_is_told_of_a_rejection():
    intents = planned(
        employer("09-01", "application_received"),
        to_employer("09-05", "references_shared", references=("Dana Cole",)),
        employer("09-20", "rejection"),
        people=(DANA, BOB),
    )
    (news,) = only(intents, "outcome_news")
    assert [p.name for p in news.people] == ["Dana Cole"]
    assert news.occasions[0].outcome is Outcome.REJECTED
    assert news.state.value == OPEN


def test_being_listed_in_a_file_is_not_being_involved():
    intents = planned(
        employer("09-01", "application_received"),
        employer("09-20", "rejection"),
        people=(DANA,),
        stated=(Stated(company="Acme", references=("Dana Cole",)),),
    )
    assert not only(intents, "outcome_news")


def test_thanks_that_lie_unsent_join_the_news():
    intents = planned(
        employer("09-01", "application_received"),
        platform("09-10", "reference_completed", DANA),
        employer("09-12", "rejection"),
        people=(DANA,),
    )
    thanks = [i for i in intents if i.kind == "thank_you"]
    assert [t.state.value for t in thanks] == [SUPERSEDED]
    (news,) = only(intents, "outcome_news")
    assert set(news.kinds) == {"outcome_news", "thank_you"}
    assert news.earlier == (thanks[0].key,)


def test_what_the_user_told_themselves_is_done():
    intents = planned(
        employer("09-01", "application_received"),
        platform("09-10", "reference_completed", DANA),
        to_person("09-11", DANA, "thanked"),
        employer("09-12", "rejection"),
        to_person("09-13", DANA, "told", company="Acme"),
        people=(DANA,),
    )
    assert states(intents, "outcome_news") == [DONE]
    assert states(intents, "thank_you") == [DONE]


def test_an_offer_waits_for_the_decision_and_is_upgraded():
    story = (
        employer("09-01", "application_received"),
        from_person("09-08", DANA, "reference_spoke", "Acme", text="spoke with Acme by phone"),
        to_person("09-08 12:00", DANA, "thanked"),
        employer("09-12", "offer"),
        to_employer("09-15", "offer_accepted"),
        employer("09-16", "offer_accepted"),
    )
    before = planned(*story, people=(DANA,), now="09-14")
    assert states(before, "decide_offer") == [OPEN]
    assert not only(before, "outcome_news")
    after = planned(*story, people=(DANA,))
    assert states(after, "decide_offer") == [DONE]
    assert states(after, "outcome_news") == [OPEN]
    assert states(after, "gift") == [OPEN]


def test_a_withdrawal_after_all_takes_gift_and_good_news_back():
    intents = planned(
        employer("09-01", "application_received"),
        platform("09-08", "reference_completed", DANA),
        employer("09-12", "offer"),
        to_employer("09-15", "offer_accepted"),
        to_employer("09-25", "withdrawn"),
        people=(DANA,),
    )
    assert states(intents, "gift") == [SUPERSEDED]
    news = only(intents, "outcome_news")
    assert [n.occasions[-1].outcome for n in news if n.state.value == OPEN] == [Outcome.WITHDRAWN]


def test_an_acceptance_without_an_offer_must_be_plain():
    story = (
        employer("09-01", "application_received"),
        platform("09-08", "reference_completed", DANA),
        to_employer("09-10", "offer_accepted", confidence=0.9),
    )
    intents = planned(*story, people=(DANA,))
    assert not only(intents, "gift")
    assert states(intents, "review") == [OPEN]


def test_long_silence_is_an_event_for_the_candidate():
    story = (
        employer("08-01", "application_received"),
        platform("08-10", "reference_completed", DANA),
        to_person("08-10 12:00", DANA, "thanked"),
    )
    assert not only(planned(*story, people=(DANA,), now="09-23"), "check_status")
    (silent,) = only(planned(*story, people=(DANA,), now="09-30"), "check_status")
    assert silent.created_at.date().isoformat() == "2026-09-24"
    heard = planned(*story, employer("10-02", "interview_invite"), people=(DANA,), now="10-10")
    assert states(heard, "check_status") == [SUPERSEDED]


def test_an_employer_who_said_no_is_not_named_as_one_who_decides():
    def others(second: str) -> tuple[str, ...]:
        stated = (
            Stated(company="Acme", role="Analyst", references=("Dana Cole",)),
            Stated(company=second, role="Head of Claims", references=("Dana Cole",)),
        )
        intents = planned(
            employer("09-01", "reference_request", role="Analyst"),
            to_employer("09-02", "references_shared", role="Analyst", references=("Dana Cole",)),
            employer("09-03", "reference_request", second, role="Head of Claims"),
            to_employer(
                "09-04",
                "references_shared",
                second,
                role="Head of Claims",
                references=("Dana Cole",),
            ),
            employer("09-20", "rejection", role="Analyst"),
            people=(DANA,),
            stated=stated,
        )
        (news,) = only(intents, "outcome_news")
        return news.elsewhere

    assert others("Globex") == ("Globex",)
    assert others("Acme") == ()
