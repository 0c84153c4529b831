"""How agencies and small employers really write: wishes that are no offers, places, clients."""

from __future__ import annotations

import pytest

from tests.readingbook import book, mail
from vouchd.rules.model import Decision, Message, SignalKind
from vouchd.rules.reading.detect import read_message

AGENT = "Tess Marlowe <tess@marlowe-search.example>"


def acted(message: Message) -> set[SignalKind]:
    signals = read_message(message, book()).signals
    return {s.kind for s in signals if s.decision is Decision.ACT}


def company(message: Message) -> str | None:
    return next((s.company for s in read_message(message, book()).signals), None)


@pytest.mark.parametrize(
    "text",
    [
        "They'd like you to meet Hamish Orr (Head of Product) on Teams, 45 mins, this Friday.",
        "They want you in the Bristol office for the final stage on Thursday, 1pm to 4pm.",
        "You are their preferred candidate! They need two referees, could you let me have names?",
        "I'd like you to come in for an interview with our partners on Wednesday at 10:00.",
    ],
)
def test_being_wanted_for_a_talk_is_no_offer(text: str) -> None:
    message = mail(f"Hi Sam,\n\nGreat news!\n\n{text}\n\nTess", "Quill - great news", AGENT)
    assert SignalKind.OFFER not in acted(message)


@pytest.mark.parametrize(
    "text", ["Confirmed, I'll be there on the 26th.", "Yes, 4 March at 10:00 is fine.\n\nSam"]
)
def test_a_yes_to_an_appointment_accepts_no_offer(text: str) -> None:
    asked = "\n\nOn Mon, Kim wrote:\n> We want you in the office for the final stage on the 26th."
    message = mail(text + asked, "Re: Next stage", to=AGENT)
    assert SignalKind.OFFER_ACCEPTED not in acted(message)


def test_a_town_is_no_employer() -> None:
    text = "I have a client in the energy sector: Product Manager, hybrid in Bristol. A chat?"
    assert company(mail(text, "Product Manager, hybrid Bristol", AGENT)) != "Bristol"


def test_a_client_is_no_part_of_the_agency_s_own_name() -> None:
    text = (
        "Je suis consultante au cabinet Mercure Recrutement. Nous sommes mandatés par la Maison"
        " Delorme pour le poste de directrice éditoriale. Seriez-vous disponible pour un échange"
        " téléphonique jeudi ?"
    )
    sender = "Inès Moreau <imoreau@mercure-recrutement.example>"
    assert company(mail(text, "Poste de directrice éditoriale", sender)) != "Mercure"


def test_get_me_two_references_is_asked_of_the_user() -> None:
    text = "Can you get me two references with phone numbers by tomorrow? I'll call them Monday."
    message = mail(text, "Re: Thank you", "Paula Reyes <paula@quill.example>")
    assert acted(message) == {SignalKind.REFERENCE_REQUEST}


def test_a_person_with_their_title_is_no_role() -> None:
    text = "We would like to invite you to an interview with Hamish Orr (Head of Product)."
    (signal,) = read_message(mail(text, "Interview"), book()).signals
    assert signal.role is None


def test_a_title_behind_a_comma_is_the_person_s() -> None:
    text = (
        "Wir laden Sie zum Vorstellungsgespräch am Donnerstag um 10:00 Uhr ein. Teilnehmen werden"
        " Herr Uwe Harms, Bereichsleiter Verkehre, und ich."
    )
    (signal,) = read_message(mail(text, "Einladung zum Vorstellungsgespräch"), book()).signals
    assert signal.role is None


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Please send two references. I would like to call them on Monday.", "Kim Lee"),
        (
            "Please send two references. Rob Acheson will make the calls himself.",
            "Rob Acheson",
        ),
        ("Please send two references. Rob will make the calls himself.", None),
        ("HR just need to speak with two references. Whom should they ring?", None),
    ],
)
def test_who_will_call_is_whom_the_mail_says_or_nobody(text: str, who: str | None) -> None:
    found = read_message(mail(text, "Re: Interview at Quill"), book()).signals
    (request,) = [s for s in found if s.kind is SignalKind.REFERENCE_REQUEST]
    assert request.contact == who


@pytest.mark.parametrize(
    "text",
    [
        "Talked to Dana this morning, thanks.",
        "Spoke to Dana Cole, says you are a machine.",
        "Got Dana's form this morning, thank you!",
    ],
)
def test_who_was_spoken_to_has_given_a_reference(text: str) -> None:
    found = read_message(mail(f"{text}\n\nKim", "Re: Sous chef at Quill"), book()).signals
    kinds = {s.kind for s in found}
    assert SignalKind.REFERENCE_COMPLETED in kinds
    assert SignalKind.REFERENCE_CONTACTED not in kinds
