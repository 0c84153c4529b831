"""P9, P10, P14: thank every time, by the means the person likes."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import (
    DONE,
    OPEN,
    SUPERSEDED,
    at,
    employer,
    from_person,
    interview,
    mail,
    only,
    person,
    planned,
    platform,
    states,
    to_person,
)
from vouchd.rules.model import Address, Stated, Wishes

DANA = person("Dana Cole", "2026-01-10")
DECLAN = person("Declan Roche", "2026-01-10", thanks_by="handwritten")
ACME = Stated(company="Acme", references=("Dana Cole",))


def test_one_act_reported_by_person_and_platform_is_thanked_once():
    intents = planned(
        employer("09-01", "reference_request"),
        from_person("09-05", DANA, "reference_spoke", None, text="filled in the form"),
        platform("09-06", "reference_completed", DANA, text="Dana completed the form"),
        people=(DANA,),
        stated=(ACME,),
    )
    assert states(intents, "thank_you") == [OPEN]


def test_thanks_in_advance_make_no_first_act_a_second():
    def story(*acts: str):
        return planned(
            employer("09-01", "reference_request"),
            to_person("09-02", DANA, *acts),
            from_person("09-05", DANA, "reference_spoke", "Acme", text="I spoke with Jo"),
            people=(DANA,),
        )

    (first,) = only(story("warned", "thanked"), "thank_you")
    assert (first.acts_before, first.thanks_before) == (0, 0)


def test_a_call_and_a_form_are_two_acts():
    intents = planned(
        employer("09-01", "reference_request"),
        from_person("09-05", DANA, "reference_spoke", "Acme", text="I spoke with Jo on the phone"),
        platform("09-07", "reference_completed", DANA, text="Dana completed the form"),
        people=(DANA,),
        stated=(ACME,),
    )
    assert states(intents, "thank_you") == [OPEN, OPEN]


def test_two_employers_on_one_day_are_one_letter_on_two_days_two():
    def calls(second: str):
        return planned(
            from_person("09-05", DANA, "reference_spoke", "Acme", text="Acme called"),
            from_person(second, DANA, "reference_spoke", "Globex", text="Globex called"),
            employer("09-01", "application_received", "Acme"),
            employer("09-01 10:00", "application_received", "Globex"),
            people=(DANA,),
        )

    assert states(calls("09-05 15:00"), "thank_you") == [SUPERSEDED, OPEN]
    assert states(calls("09-07"), "thank_you") == [OPEN, OPEN]


def test_news_takes_along_the_thanks_of_every_day():
    intents = planned(
        employer("09-01", "reference_request"),
        from_person("09-05", DANA, "reference_spoke", "Acme", text="I filled in the form"),
        from_person("09-07", DANA, "reference_spoke", "Acme", text="and I spoke with Jo"),
        employer("09-10", "rejection"),
        people=(DANA,),
    )
    assert states(intents, "thank_you") == [SUPERSEDED, SUPERSEDED, OPEN]
    (news,) = only(intents, "outcome_news")
    assert len([o for o in news.occasions if o.kind == "thank_you"]) == 2
    assert len(news.earlier) == 2


def test_by_hand_for_who_likes_it_so():
    intents = planned(platform("09-05", "reference_completed", DECLAN), people=(DECLAN,))
    assert states(intents, "handwritten_note") == [OPEN]
    assert not only(intents, "thank_you")


def test_the_users_own_thanks_end_it():
    intents = planned(
        platform("09-05", "reference_completed", DANA),
        to_person("09-06", DANA, "thanked"),
        people=(DANA,),
    )
    assert states(intents, "thank_you") == [DONE]


def test_thanks_given_before_a_notice_reports_the_call_count():
    def reported(words: str):
        return planned(
            employer("09-01", "reference_request"),
            to_person("09-05 18:00", DANA, "thanked", evidence=words),
            platform("09-06", "reference_completed", DANA),
            people=(DANA,),
        )

    assert not only(reported("Thank you for talking to Jo this morning"), "thank_you")
    assert states(reported("Thank you for saying yes"), "thank_you") == [OPEN]


def test_the_first_thanks_after_an_act_are_for_that_one():
    intents = planned(
        from_person("09-05", DANA, "reference_spoke", "Acme", text="Acme called"),
        to_person("09-06", DANA, "thanked", evidence="Thank you for talking to them"),
        from_person("09-07", DANA, "reference_spoke", "Globex", text="Globex called"),
        employer("09-01", "application_received", "Acme"),
        employer("09-01 10:00", "application_received", "Globex"),
        people=(DANA,),
    )
    assert states(intents, "thank_you") == [DONE, OPEN]


def test_a_request_or_a_reminder_is_no_act():
    intents = planned(
        employer("09-01", "reference_request"),
        platform("09-05", "reference_overdue", DANA),
        platform("09-05", "reference_contacted", DANA),
        people=(DANA,),
    )
    assert not only(intents, "thank_you")


def test_an_interview_that_took_place_is_thanked_for():
    story = (employer("09-01", "application_received"), interview("09-10 13:00"))
    assert not only(planned(*story, now="09-10 13:30"), "interview_thank_you")
    (note,) = only(planned(*story, now="09-11"), "interview_thank_you")
    assert [a.email for a in note.to] == ["lena@acme.example"]
    assert note.created_at == at("09-10 14:00")
    assert note.due_at - note.created_at <= timedelta(days=1)
    assert not note.people


def test_a_cancelled_interview_and_a_switched_off_note_are_none():
    cancelled = interview("09-10 13:00", cancelled=True)
    assert not only(planned(cancelled), "interview_thank_you")
    off = Wishes(interview_thank_you=False)
    assert not only(planned(interview("09-10 13:00"), wishes=off), "interview_thank_you")


def test_the_users_own_note_to_the_interviewer_is_seen():
    wrote = mail("09-10 18:00", sent=True, to=(Address("lena@acme.example"),))
    intents = planned(interview("09-10 13:00"), wrote)
    assert states(intents, "interview_thank_you") == [DONE]


def test_a_gift_only_for_who_acted_and_only_when_accepted():
    idle = person("Bob Okafor", "2026-01-10")
    story = (
        employer("09-01", "application_received"),
        platform("09-05", "reference_completed", DANA),
        platform("09-05", "reference_contacted", idle),
        employer("09-10", "offer"),
    )
    assert not only(planned(*story, people=(DANA, idle)), "gift")
    accepted = (*story, employer("09-12", "offer_accepted"))
    (token,) = only(planned(*accepted, people=(DANA, idle)), "gift")
    assert token.people == (DANA,)
    assert not only(planned(*accepted, people=(DANA,), wishes=Wishes(gifts=False)), "gift")


def test_praise_weeks_after_the_form_is_no_second_act():
    intents = planned(
        employer("09-01", "reference_request"),
        from_person("09-05", DANA, "reference_spoke", None, text="filled in the form"),
        employer(
            "09-17", "reference_completed", references=("Dana Cole",), text="she spoke so warmly"
        ),
        people=(DANA,),
        stated=(ACME,),
    )
    assert len(states(intents, "thank_you")) == 1
