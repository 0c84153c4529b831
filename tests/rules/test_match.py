"""Which application a signal belongs to: similar names and roles are kept apart, a tie is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import SAM, at, employer, from_person, mail, person, platform, signal
from vouchd.rules.advance import fold
from vouchd.rules.match import company_words, same_company, same_role
from vouchd.rules.model import Address, Decision, SignalKind, Stated
from vouchd.rules.world import World, standing

DANA = person("Dana Cole", "2026-01-10")


def world(*readings, people=(), stated=()) -> World:
    return fold(readings, people, stated, frozenset({"greenhouse-mail.io", "xref.com"}))


def titles(known: World) -> list[str]:
    return sorted(f"{a.company}/{a.role or ''}" for a in known.applications.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Robotics", "Acme Robotics GmbH"),
        ("ACME robotics, Inc.", "Acme Robotics"),
        ("Müller & Söhne", "Muller & Sohne"),
        ("Acme Talent Acquisition Team", "Acme"),
        ("Lumen-Freight", "Lumen Freight"),
    ],
)
def test_one_company_under_two_spellings(one, other):
    assert same_company(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meta", "Metaverse"),
        ("HP", "PHP Labs"),
        ("Northgate", "Northgate Analytics"),
        ("Kestrel Health", "Kestrel Coffee"),
        ("?", "Acme"),
    ],
)
def test_similar_names_are_two_companies(one, other):
    assert not same_company(one, other)


def test_a_name_of_legal_words_alone_keeps_them():
    assert company_words("The Company Group") == ("the", "company", "group")


def test_roles():
    assert same_role("Backend Engineer", "Senior Backend Engineer (m/w/d)")
    assert same_role(None, "Engineer")
    assert not same_role("Staff Engineer", "Engineering Manager")


def test_two_roles_at_one_company_are_two_applications():
    known = world(
        employer("09-01", "application_received", role="Staff Engineer"),
        employer("09-01 10:00", "application_received", role="Engineering Manager"),
        employer("09-05", "rejection", role="Engineering Manager"),
    )
    assert titles(known) == ["Acme/Engineering Manager", "Acme/Staff Engineer"]
    stages = {a.role: standing(a, at("12-01")) for a in known.applications.values()}
    assert stages == {"Staff Engineer": "applied", "Engineering Manager": "rejected"}


def test_which_of_two_roles_is_meant_is_a_question_unless_the_thread_tells():
    story = [
        employer("09-01", "application_received", role="Staff Engineer"),
        employer("09-01 10:00", "application_received", role="Engineering Manager"),
    ]
    untold = world(*story, employer("09-05", "rejection"))
    (question,) = untold.questions
    assert len(question.options) == 2
    told = replace(employer("09-05", "rejection"), thread=story[0].thread)
    known = world(*story, told)
    assert not known.questions
    stages = {a.role: standing(a, at("12-01")) for a in known.applications.values()}
    assert stages["Staff Engineer"] == "rejected"


def test_of_two_roles_the_one_for_which_the_person_is_named_is_meant():
    known = world(
        employer("09-01", "reference_request", role="Engineer"),
        employer("09-02", "reference_request", role="Manager"),
        from_person("09-05", DANA, "reference_spoke", "Acme"),
        people=(DANA,),
        stated=(
            Stated(company="Acme", role="Engineer"),
            Stated(company="Acme", role="Manager", references=("Dana Cole",)),
        ),
    )
    (word,) = known.people["Dana Cole"].words
    assert word.application == "acme/manager"


def test_a_stated_domain_makes_another_name_the_same_company():
    stated = Stated(company="Collaborative Robotics", domains=("cobot.example",))
    known = world(
        mail(
            "09-01",
            signal("interview_invite", "Cobot"),
            sender=Address("talent@mail.cobot.example"),
        ),
        stated=(stated,),
    )
    assert titles(known) == ["Collaborative Robotics/"]


def test_whoever_writes_from_the_employers_domain_speaks_for_the_employer():
    sender = Address("jo@lumen-freight.example", "Jo")
    known = world(
        mail("09-01", signal("interview_invite", "Lumen Freight"), sender=sender),
        mail("09-05", signal("reference_request", "Cedar Line"), sender=sender),
        mail("09-09", signal("withdrawn", "Night"), sent=True, sender=SAM, to=(sender,)),
    )
    assert titles(known) == ["Lumen Freight/"]


def test_where_a_person_works_is_no_other_name_of_the_employer():
    initech = person("Dana Cole", "2026-01-10", employer="Initech")
    acme, globex = (Address(f"jo@{name}.example", "Jo") for name in ("acme", "globex"))
    names = signal("references_shared", "Initech", references=("Dana Cole",))
    known = world(
        mail("09-01", signal("interview_invite", "Acme"), sender=acme),
        mail("09-02", signal("interview_invite", "Globex"), sender=globex),
        mail("09-05", names, sent=True, sender=SAM, to=(acme,)),
        mail("09-06", names, sent=True, sender=SAM, to=(globex,)),
        people=(initech,),
    )
    assert titles(known) == ["Acme/", "Globex/"]
    assert all(a.seen(SignalKind.REFERENCES_SHARED) for a in known.applications.values())


def test_a_part_of_the_name_with_the_very_role_is_the_same_process():
    stated = (
        Stated(company="Sable Aerospace", role="Cabin Designer"),
        Stated(company="Sable Foods", role="Baker"),
    )
    request = mail(
        "09-05",
        signal("reference_request", "Sable", role="Cabin Designer"),
        sender=Address("ruth@people.example"),
    )
    known = world(employer("09-01", "application_received", "Sable Foods"), request, stated=stated)
    asked = [a for a in known.applications.values() if a.seen(SignalKind.REFERENCE_REQUEST)]
    assert [a.company for a in asked] == ["Sable Aerospace"]


def test_an_ats_domain_tells_nothing_about_the_employer():
    sender = Address("no-reply@us.greenhouse-mail.io", "Acme")
    known = world(
        mail("09-01", signal("application_received", "Acme"), sender=sender),
        mail("09-02", signal("application_received", "Globex"), sender=sender),
        mail("09-03", signal("rejection", None), sender=sender),
    )
    assert titles(known) == ["Acme/", "Globex/"]
    assert all(standing(a, at("12-01")) == "applied" for a in known.applications.values())


def test_a_recruiter_with_two_clients_is_told_apart_by_the_clients_name():
    recruiter = Address("kim@agency.example", "Kim Tran")
    known = world(
        mail("09-01", signal("recruiter_outreach", "Acme"), sender=recruiter),
        mail("09-02", signal("recruiter_outreach", "Globex"), sender=recruiter),
        mail("09-05", signal("rejection", "Globex"), sender=recruiter),
        mail("09-06", signal("interview_invite", None), sender=recruiter),
    )
    stages = {a.company: standing(a, at("12-01")) for a in known.applications.values()}
    assert stages == {"Acme": "interviewing", "Globex": "rejected"}


def test_a_recruiter_who_names_the_client_later_means_the_same_job():
    recruiter = Address("kim@agency.example", "Kim Tran")
    named = signal("recruiter_outreach", "Acme", decision=Decision.ASK)
    first = mail("09-01", signal("recruiter_outreach", None), sender=recruiter)
    assert titles(world(first, mail("09-03", named, sender=recruiter))) == ["Acme/"]
    stranger = Address("lee@elsewhere.example", "Lee")
    assert titles(world(first, mail("09-03", named, sender=stranger))) == []


def test_a_platform_that_names_nobody_is_placed_by_the_person_it_is_about():
    known = world(
        employer("09-01", "application_received", "Globex"),
        employer("09-03", "reference_request", "Acme", references=("Dana Cole",)),
        platform("09-05", "reference_completed", DANA, None),
        people=(DANA,),
    )
    (word,) = known.people["Dana Cole"].words
    assert word.application == "acme"


def test_what_a_person_writes_about_no_company_is_never_guessed_between_two():
    known = world(
        employer("09-03", "reference_request", "Acme", references=("Dana Cole",)),
        employer("09-03 10:00", "reference_request", "Globex", references=("Dana Cole",)),
        from_person("09-05", DANA, "reference_spoke", None),
        people=(DANA,),
    )
    (word,) = known.people["Dana Cole"].words
    assert word.application is None


def test_the_order_of_delivery_does_not_matter():
    story = [
        employer("09-01", "application_received"),
        employer("09-05", "interview_invite"),
        employer("09-09", "rejection"),
    ]
    forward, backward = world(*story), world(*reversed(story))
    assert forward.applications == backward.applications


def test_repeated_and_late_mail_never_lowers_the_stage():
    known = world(
        employer("09-05", "interview_invite", final_round=True),
        employer("09-06", "application_received"),
        employer("09-06", "interview_confirmed"),
    )
    (application,) = known.applications.values()
    assert standing(application, at("12-01")) == "final_round"


def test_the_users_word_overrides_the_mail():
    stated = Stated(company="Acme", stage="withdrawn")
    known = world(employer("09-05", "interview_invite"), stated=(stated,))
    (application,) = known.applications.values()
    assert standing(application, at("12-01")) == "withdrawn"


def test_an_own_mail_is_placed_by_whom_it_goes_to():
    known = world(
        employer("09-01", "application_received"),
        mail(
            "09-10",
            signal("withdrawn", None),
            sent=True,
            sender=SAM,
            to=(Address("jobs@acme.example"),),
        ),
    )
    (application,) = known.applications.values()
    assert standing(application, at("12-01")) == "withdrawn"


TESS = Address("tess@marlowe-search.example", "Tess Marlowe")
RAJ = Address("raj@corvid-systems.example", "Raj Kapoor")


def test_who_was_met_is_no_employer_and_tells_which_is_meant():
    talk = signal("interview_confirmed", "Corvid Systems")
    known = world(
        mail("09-01", talk, sender=RAJ),
        mail("09-02", signal("reference_request", "Corvid Systems"), sender=RAJ),
        from_person("09-05", DANA, "reference_spoke", "Raj"),
        people=(DANA,),
    )
    assert titles(known) == ["Corvid Systems/"]
    (word,) = known.people["Dana Cole"].words
    assert word.application == "corvid-systems"


def test_a_platform_that_shortens_the_name_speaks_of_the_process_that_has_come_so_far():
    known = world(
        mail("09-01", signal("interview_invite", "Tidewater"), sender=TESS),
        mail("09-02", signal("reference_request", "Tidewater"), sender=TESS),
        platform("09-05", "reference_contacted", DANA, "Tidewater Energy"),
        people=(DANA,),
    )
    assert titles(known) == ["Tidewater/"]


def test_before_it_has_come_so_far_a_name_that_begins_alike_is_another_employer():
    known = world(
        mail("09-01", signal("application_received", "Tidewater"), sender=TESS),
        platform("09-05", "reference_contacted", DANA, "Tidewater Energy"),
        people=(DANA,),
    )
    assert titles(known) == ["Tidewater Energy/", "Tidewater/"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [("reference_completed", ("Dana Cole",)), ("interview_confirmed", ()), ("offer", None)],
)
def test_what_is_known_of_a_process_makes_sure_what_the_words_leave_open(kind, names):
    shared = signal("references_shared", "Acme", references=("Dana Cole",))
    doubtful = signal(kind, "Acme", references=names or (), confidence=0.7, decision=Decision.ASK)
    known = world(
        mail("09-01", signal("interview_invite", "Acme"), sender=RAJ),
        mail("09-02", shared, sent=True, sender=SAM, to=(RAJ,)),
        mail("09-05", doubtful, sender=RAJ),
        people=(DANA,),
    )
    (application,) = known.applications.values()
    assert bool(application.seen(SignalKind(kind))) is (names is not None)


def test_a_stranger_s_doubtful_words_stay_a_question():
    stranger = Address("who@elsewhere.example", "Who Ever")
    shared = signal("references_shared", "Acme", references=("Dana Cole",))
    doubtful = signal(
        "reference_completed",
        "Acme",
        references=("Dana Cole",),
        confidence=0.7,
        decision=Decision.ASK,
    )
    known = world(
        mail("09-02", signal("reference_request", "Acme"), sender=RAJ),
        mail("09-03", shared, sent=True, sender=SAM, to=(RAJ,)),
        mail("09-05", doubtful, sender=stranger),
        people=(DANA,),
    )
    (application,) = known.applications.values()
    assert not application.seen(SignalKind.REFERENCE_COMPLETED)
    assert len(known.questions) == 1


def test_a_company_is_written_as_a_mail_writes_it_not_as_its_domain_does():
    known = world(
        mail("09-01", signal("interview_invite", "Irishferries Line"), sender=RAJ),
        mail("09-02", signal("reference_request", "Irish Ferries Line"), sender=RAJ),
    )
    assert titles(known) == ["Irish Ferries Line/"]
