"""One mail says different things of several references, or answers several employers."""

from __future__ import annotations

import pytest

from tests.readingbook import book, mail
from vouchd.rules.model import Reading, Reference, Stated
from vouchd.rules.reading.detect import read_message

PEOPLE = (
    Reference(name="Dana Cole", emails=("dana.cole@initech.example",)),
    Reference(name="Tom Bell", emails=("tom@bell.example",)),
    Reference(name="Priya Nair", emails=("priya@nair.example",)),
)
STATED = (
    Stated(company="Acme Robotics", domains=("acme-robotics.example",), role="Staff Engineer"),
    Stated(company="Globex", role="Lead"),
    Stated(company="Northgate"),
)
DONE, SILENT, ASKED = "reference_completed", "reference_overdue", "reference_contacted"


def _told(reading: Reading) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for signal in reading.signals:
        if signal.kind.startswith("reference_"):
            for name in signal.references:
                said.setdefault(name.split()[0], set()).add(str(signal.kind))
    return said


def _from_employer(text: str) -> Reading:
    sender = "Kim Lee <kim@acme-robotics.example>"
    words = f"Hi Sam,\n\n{text}\n\nBest,\nKim Lee"
    return read_message(mail(words, "Your references", sender), book(*PEOPLE, stated=STATED))


@pytest.mark.parametrize(
    ("text", "dana", "tom"),
    [
        ("We have spoken with Dana; could you chase Tom's form?", DONE, SILENT),
        ("We have spoken with Dana, could you chase Tom's form?", DONE, SILENT),
        ("Dana did the call yesterday, Tom has not replied to us.", DONE, SILENT),
        ("Dana has completed her form but we are still waiting for Tom.", DONE, SILENT),
        ("We spoke with Dana on Monday. We are still waiting for Tom's form.", DONE, SILENT),
        ("We spoke with Dana on Monday and have left two messages for Tom.", DONE, ASKED),
        ("Dana Cole: received\nTom Bell: outstanding", DONE, SILENT),
        ("Tom has not answered; Dana has already completed her reference.", DONE, SILENT),
        ("Dana has sent in her reference, Tom has not.", DONE, SILENT),
        ("We have spoken to Dana. Tom, however, has not responded yet.", DONE, SILENT),
        ("Die Referenz von Dana Cole liegt uns vor, die von Tom Bell steht aus.", DONE, SILENT),
        ("Mit Dana haben wir gesprochen, von Tom fehlt uns noch der Fragebogen.", DONE, SILENT),
        (
            "Nous avons bien reçu la référence de Dana, mais Tom n'a pas encore répondu.",
            DONE,
            SILENT,
        ),
    ],
)
def test_each_person_has_their_own(text: str, dana: str, tom: str):
    assert _told(_from_employer(text)) == {"Dana": {dana}, "Tom": {tom}}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Both Dana and Tom have completed their references.", {"Dana", "Tom"}),
        ("We have spoken with Dana, your former manager, and Tom.", {"Dana", "Tom"}),
        ("We have now spoken with Dana, Tom and Priya.", {"Dana", "Tom", "Priya"}),
        ("We have spoken with Dana, and we have also spoken with Tom.", {"Dana", "Tom"}),
        ("We have spoken with Dana; Tom is on Friday afternoon.", {"Dana"}),
    ],
)
def test_what_is_said_of_all_is_said_of_all(text: str, who: set[str]):
    told = _told(_from_employer(text))
    assert {name for name, kinds in told.items() if DONE in kinds} == who


def test_each_is_told_by_the_words_that_are_about_them():
    signals = _from_employer("We have spoken with Dana; could you chase Tom's form?").signals
    told = {str(s.kind): s.evidence[0].text for s in signals}
    assert told == {DONE: "We have spoken with Dana;", SILENT: "could you chase Tom's form?"}


def test_two_of_three_are_not_the_third():
    text = "Two of your three references are complete. We have not heard back from Tom Bell."
    assert _told(_from_employer(text)) == {"Tom": {SILENT}}


def test_a_request_that_names_somebody_stays_a_request():
    reading = _from_employer(
        "Our rules want a third reference. In your interview you mentioned Dana Cole, who led the "
        "data work. I will ring her next Tuesday. Could you send me her current phone number?"
    )
    assert _told(reading) == {"Dana": {"reference_request"}}


def test_whose_is_in_is_asked_where_two_bear_the_name():
    people = (*PEOPLE, Reference(name="Dana Wu", emails=("dana@wu.example",)))
    sender = "Kim Lee <kim@acme-robotics.example>"
    words = "Hi Sam,\n\nwe have spoken with Dana; could you chase Tom's form?\n\nKim"
    reading = read_message(mail(words, "Your references", sender), book(*people, stated=STATED))
    said = {str(s.kind): s for s in reading.signals}
    assert said["reference_overdue"].references == ("Tom Bell",)
    assert said["reference_overdue"].decision == "act"
    assert said["reference_completed"].references == ()
    assert said["reference_completed"].decision == "ask"


def test_three_people_three_things():
    told = _told(
        _from_employer(
            "Dana's reference is in. Tom has not yet completed his questionnaire. "
            "We have emailed Priya this morning."
        )
    )
    assert told == {"Dana": {DONE}, "Tom": {SILENT}, "Priya": {ASKED}}


ASK = (
    "\n\nOn Tue, 24 Feb 2026, Sam Rivera wrote:\n"
    "> Would you be a reference for me at Acme Robotics and Globex?\n"
)
BITTE = (
    "\n\nAm 24.02.2026 schrieb Sam Rivera:\n"
    "> Darf ich dich als Referenz nennen, bei Acme Robotics und Globex?\n"
)


def _answers(text: str, quoted: str = ASK, subject: str = "Re: Being my reference") -> Reading:
    words = f"{text}\n\nDana{quoted}"
    sender = "Dana Cole <dana.cole@initech.example>"
    return read_message(mail(words, subject, sender), book(*PEOPLE, stated=STATED))


def _by_company(reading: Reading) -> dict[str | None, str]:
    assert all("this_application" in s.terms for s in reading.signals)
    return {s.company: str(s.kind).removeprefix("reference_") for s in reading.signals}


@pytest.mark.parametrize(
    "text",
    [
        "Yes for Acme, no for Globex.",
        "Happy to be your reference for Acme. I would rather not for Globex, I know people there.",
        "Happy to do Acme, but not Globex please.",
        "Acme: gladly. Globex: sorry, no.",
        "I can vouch for you at Acme but please leave me out of the Globex one.",
        "For Acme, yes of course. For Globex I'm afraid I have to decline.",
        "I'd rather not do Globex, but happy to speak to Acme.",
    ],
)
def test_an_answer_for_each_employer(text: str):
    assert _by_company(_answers(text)) == {"Acme Robotics": "agreed", "Globex": "declined"}


def test_an_answer_for_each_employer_in_german():
    reading = _answers(
        "Gern für Acme, aber bitte nicht für Globex.", BITTE, "Re: Darf ich dich nennen?"
    )
    assert _by_company(reading) == {"Acme Robotics": "agreed", "Globex": "declined"}


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Happy to be your reference for Acme. I am not at Globex any more, by the way.", ASK),
        ("Gern, du kannst mich nennen. Ich bin übrigens nicht mehr bei Globex.", BITTE),
    ],
)
def test_who_has_left_an_employer_says_no_to_nobody(text: str, quoted: str):
    signals = _answers(text, quoted).signals
    assert {str(s.kind) for s in signals} == {"reference_agreed"}


def test_two_are_fine_and_one_is_not():
    assert _by_company(_answers("Gladly for Acme and Northgate, but I can't do Globex.")) == {
        "Acme Robotics": "agreed",
        "Northgate": "agreed",
        "Globex": "declined",
    }


def test_all_but_one():
    (signal,) = _answers("Yes to all of them except Globex.").signals
    assert (signal.kind, signal.company) == ("reference_declined", "Globex")
    assert set(signal.terms) == {"this_application", "yes_to_others"}


def test_what_is_only_not_denied_is_asked_about():
    signals = {
        s.company: s for s in _answers("I'd rather not do Globex, but Acme is fine.").signals
    }
    assert signals["Globex"].decision == "act"
    assert (signals["Acme Robotics"].kind, signals["Acme Robotics"].decision) == (
        "reference_agreed",
        "ask",
    )


def test_one_yes_for_both_stays_one():
    (signal,) = _answers("Sure, happy to do both Acme and Globex.").signals
    assert signal.kind == "reference_agreed"
    assert "this_application" not in signal.terms
