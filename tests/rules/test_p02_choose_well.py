"""P2: whom to ask for this one, with reasons, and nobody named who must not be."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import employer, from_person, only, person, planned, platform, to_employer
from vouchd.rules.model import Stated

ACME = Stated(company="Acme", role="Payments Engineer")
BOSS = person(
    "Dana Cole", "2026-01-05", relationship="former manager", can_speak_to=("payments rewrite",)
)
PEER = person("Bob Okafor", "2026-01-05", relationship="colleague", can_speak_to=("gardening",))
REQUEST = employer("09-05", "reference_request", "Acme", "Payments Engineer")


def ranked(*readings, people):
    intents = planned(*readings, people=people, stated=(ACME,), now="09-06")
    (share,) = [
        i
        for i in only(intents, "share_references")
        if i.occasions[0].process and i.occasions[0].process.company == "Acme"
    ]
    return share.candidates


def test_who_fits_the_role_comes_first_and_the_reasons_say_why():
    first, second = ranked(REQUEST, people=(PEER, BOSS))
    assert (first.person.name, second.person.name) == ("Dana Cole", "Bob Okafor")
    assert "can speak to payments rewrite" in first.reasons
    assert "former manager" in first.reasons
    assert "can speak to gardening" not in second.reasons


def test_who_was_troubled_lately_rests():
    twin = replace(BOSS, name="Ada Cole", emails=("ada@initech.example",))
    busy = (
        employer("08-20", "reference_request", "Globex", "Developer"),
        to_employer("08-21", "references_shared", "Globex", references=("Dana Cole",)),
        platform("08-25", "reference_completed", BOSS, "Globex"),
    )
    rested, worn = ranked(*busy, REQUEST, people=(BOSS, twin))
    assert (rested.person.name, worn.person.name) == ("Ada Cole", "Dana Cole")
    assert any("was last troubled on 25 August" in reason for reason in worn.reasons)
    assert any("other live process" in reason for reason in worn.reasons)


def test_who_declined_works_there_or_is_not_to_be_listed_is_never_in_the_list():
    declined = person("Una Gray")
    insider = person("Ivo Bell", "2026-01-05", employer="Acme")
    hidden = person("Max Roth", "2026-01-05", do_not_list=True)
    found = ranked(
        from_person("08-01", declined, "reference_declined", None),
        REQUEST,
        people=(declined, insider, hidden, BOSS),
    )
    assert [c.person.name for c in found if not c.note] == ["Dana Cole"]
    notes = {c.person.name: c.note for c in found if c.note}
    assert notes["Una Gray"] == "not to be listed: declined on 1 August 2026"
    assert notes["Ivo Bell"] == "works at Acme"
    assert "Max Roth" in notes


def test_nobody_who_has_not_agreed_counts_as_agreed():
    (asked,) = ranked(REQUEST, people=(person("Bob Okafor"),))
    assert not asked.agreed
