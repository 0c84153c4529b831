"""P1: consent is a record: to what, how it is meant, for how long; a no holds until lifted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import employer, from_person, only, person, planned, states, to_person
from vouchd.rules.model import Stated

BOB = person("Bob Okafor")
ACME = Stated(company="Acme", role="SRE")
GLOBEX = Stated(company="Globex", role="Developer")
BOTH = (ACME, GLOBEX)


def listed(intents, company):
    (share,) = [
        i
        for i in only(intents, "share_references")
        if i.occasions[0].process and i.occasions[0].process.company == company
    ]
    return {c.person.name: c for c in share.candidates if c.agreed and not c.note}


def barred(intents, company):
    (share,) = [
        i
        for i in only(intents, "share_references")
        if i.occasions[0].process and i.occasions[0].process.company == company
    ]
    return [c.note for c in share.candidates if c.note]


def asked_and(*terms, kind="reference_agreed", company: str | None = "Acme", who=BOB):
    return (
        to_person("03-01", who, "asked", company="Acme"),
        from_person("03-02", who, kind, company, terms=terms),
    )


def test_a_yes_for_one_company_is_none_for_another():
    intents = planned(
        *asked_and("this_application"),
        employer("03-10", "reference_request", "Acme", "SRE"),
        employer("03-11", "reference_request", "Globex", "Developer"),
        people=(BOB,),
        stated=BOTH,
        now="03-20",
    )
    assert set(listed(intents, "Acme")) == {"Bob Okafor"}
    assert not listed(intents, "Globex")
    assert barred(intents, "Globex") == [
        "not to be listed: agreed for another application alone on 2 March 2026"
    ]
    # Nor is he asked again for what he has not wanted.
    assert not only(intents, "ask_permission")
    assert len(only(intents, "heads_up")) == 1


def test_a_yes_each_for_two_named_together():
    yes = ("this_application",)
    intents = planned(
        *asked_and("this_application"),
        from_person("03-02", BOB, "reference_agreed", "Globex", terms=yes),
        employer("03-10", "reference_request", "Acme", "SRE"),
        employer("03-11", "reference_request", "Globex", "Developer"),
        people=(BOB,),
        stated=BOTH,
        now="03-20",
    )
    assert set(listed(intents, "Acme")) == set(listed(intents, "Globex")) == {"Bob Okafor"}


def test_a_no_for_this_one_is_a_yes_to_others_only_if_it_says_so():
    for terms, ready in ((("this_application", "yes_to_others"), True), (("this_application",), 0)):
        intents = planned(
            *asked_and(*terms, kind="reference_declined"),
            employer("03-10", "reference_request", "Acme", "SRE"),
            employer("03-11", "reference_request", "Globex", "Developer"),
            people=(BOB,),
            stated=BOTH,
            now="03-20",
        )
        assert not listed(intents, "Acme")
        assert bool(listed(intents, "Globex")) is bool(ready)


def test_not_this_one_where_nobody_knows_which_is_about_all_there_were():
    intents = planned(
        from_person("03-02", BOB, "reference_declined", terms=("this_application",)),
        employer("03-10", "reference_request", "Acme", "SRE"),
        employer("05-11", "reference_request", "Initrode", "Developer"),
        people=(BOB,),
        stated=(ACME,),
        now="05-20",
    )
    assert barred(intents, "Acme")
    assert not barred(intents, "Initrode")


def test_a_yes_until_a_day_is_asked_anew_behind_it():
    def later(now):
        return planned(
            *asked_and("until:2026-06-30"),
            employer("07-10", "reference_request", "Acme", "SRE"),
            people=(BOB,),
            stated=(ACME,),
            now=now,
        )

    intents = later("07-11")
    assert not listed(intents, "Acme")
    assert [str(i.kind) for i in intents if i.people and i.state == "open"] == ["reconfirm"]
    within = planned(
        *asked_and("until:2026-06-30"),
        employer("06-30", "reference_request", "Acme", "SRE"),
        people=(BOB,),
        stated=(ACME,),
        now="06-30 20:00",
    )
    assert listed(within, "Acme")
    assert len(only(within, "heads_up")) == 1


def test_a_renewed_yes_brings_the_warning():
    intents = planned(
        *asked_and("until:2026-06-30"),
        employer("07-10", "reference_request", "Acme", "SRE"),
        to_person("07-11", BOB, "asked", company="Acme"),
        from_person("07-12", BOB, "reference_agreed", "Acme"),
        people=(BOB,),
        stated=(ACME,),
        now="07-13",
    )
    assert states(intents, "reconfirm") == ["done"]
    assert states(intents, "heads_up") == ["open"]
    assert listed(intents, "Acme")


@pytest.mark.parametrize("act", ["reference_completed", "reference_spoke"])
def test_who_acts_for_one_has_not_agreed_to_others_they_refused(act):
    intents = planned(
        *asked_and("this_application"),
        from_person("03-08", BOB, act, "Acme"),
        employer("03-11", "reference_request", "Globex", "Developer"),
        people=(BOB,),
        stated=BOTH,
        now="03-20",
    )
    assert not listed(intents, "Globex")


def test_who_declined_is_not_proposed_until_the_user_says_so():
    story = (
        *asked_and(kind="reference_declined", company=None),
        employer("08-10", "reference_request", "Globex", "Developer"),
    )
    assert barred(planned(*story, people=(BOB,), stated=BOTH, now="08-11"), "Globex")
    said = person("Bob Okafor", "2026-07-01")
    assert listed(planned(*story, people=(said,), stated=BOTH, now="08-11"), "Globex")
    before = person("Bob Okafor", "2026-02-01")
    assert barred(planned(*story, people=(before,), stated=BOTH, now="08-11"), "Globex")


def test_wishes_on_how_to_be_reached_travel_with_the_name():
    intents = planned(
        *asked_and("by:phone", "after:17:00"),
        employer("03-10", "reference_request", "Acme", "SRE"),
        people=(BOB,),
        stated=(ACME,),
        now="03-20",
    )
    bob = listed(intents, "Acme")["Bob Okafor"]
    assert bob.terms == ("by:phone", "after:17:00")
    assert "best by phone, after 17:00" in bob.reasons
    (warned,) = only(intents, "heads_up")
    assert warned.occasions[0].terms == ("by:phone", "after:17:00")
    assert date(2026, 3, 2) == warned.causes[-1].at.date()  # type: ignore[union-attr]
