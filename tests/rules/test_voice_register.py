"""Courtesy and language: by what two people call each other, to employers as to friends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import ME, SAM, employer, from_person, mail, only, person, planned, to_person
from tests.readingbook import book
from tests.readingbook import mail as letter
from vouchd.rules.intent import Intent, Voice
from vouchd.rules.letters import referees
from vouchd.rules.letters.voice import manner
from vouchd.rules.model import Address, Reference
from vouchd.rules.reading.detect import read_message

DANA = person("Dana Cole", "2026-01-10")
KIM = Address("jobs@acme.example", "Kim Petersen")


def voice_of(intent: Intent) -> Voice:
    assert intent.voice is not None
    return intent.voice


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("Chère Dana,\n\nJe vous souhaite une belle année. Merci pour votre aide.\n\nSam", True),
        ("Salut Dana,\n\nBonne année à toi ! On se voit chez tes parents ?\n\nSam", False),
        ("Liebe Dana,\n\nich danke Ihnen herzlich, dass Sie da sind.\n\nSam", True),
        ("Moin Dana,\n\nwie geht's dir und wann sehen wir uns bei dir?\n\nSam", False),
        ("Hola, Dana:\n\nMuchas gracias a usted por la ayuda con este tema.\n\nSam", True),
        ("Dag Dana,\n\nbedankt voor je hulp, ik hoop dat jij er ook bent.\n\nSam", False),
        ("Hi Dana,\n\nThank you for your help, see you soon.\n\nSam", None),
    ],
)
def test_what_two_people_call_each_other_is_read(text: str, formal: bool | None) -> None:
    reading = read_message(letter(text, "Post", to="Dana Cole <dana.cole@initech.example>"), book())
    assert reading.formal is formal


def test_first_names_with_the_forms_of_courtesy_stay_both():
    mine = to_person(
        "09-02", DANA, greeting="Chère Dana,", sign_off="Bien à vous,", language="fr", formal=True
    )
    (found,) = only(
        planned(employer("09-05", "reference_request"), mine, people=(DANA,)), "heads_up"
    )
    how = manner(DANA, found.voice, me="Sam Rivera", languages=("en", "fr"), default="en")
    assert how.formal
    assert (how.greeting, how.sign_off, how.signature) == ("Chère Dana,", "Bien à vous,", "Sam")


def test_their_own_words_tell_as_well():
    theirs = replace(from_person("09-02", DANA), language="de", formal=False)
    (found,) = only(
        planned(employer("09-05", "reference_request"), theirs, people=(DANA,)), "heads_up"
    )
    assert voice_of(found).formal is False


def test_an_employer_is_answered_in_their_language_and_as_the_user_wrote_to_them():
    asked = replace(employer("09-05", "reference_request"), language="de", formal=True, sender=KIM)
    mine = mail(
        "09-02", sent=True, sender=SAM, to=(KIM,), language="de", greeting="Sehr geehrte Frau K,"
    )
    (found,) = only(planned(asked, mine, people=(DANA,)), "share_references")
    assert (voice_of(found).language, voice_of(found).greeting) == ("de", "Sehr geehrte Frau K,")
    (first,) = only(planned(asked, people=(DANA,)), "share_references")
    assert (voice_of(first).language, voice_of(first).greeting) == ("de", None)


def asked_first(who: Reference, *before, language: str = "de"):
    asked = replace(employer("09-05", "reference_request"), language=language)
    (found,) = only(planned(*before, asked, people=(who,)), "ask_permission")
    return voice_of(found).language


def test_where_two_have_never_written_what_stands_about_the_person_tells_the_language():
    lea = replace(person("Lea Brandt"), relationship="meine Vorgesetzte bei der Hafenkontor AG")
    english = replace(person("Lea Brandt"), relationship="my manager at Globex, with the team")
    assert asked_first(lea, language="en") == "de"
    assert asked_first(english) == "en"


def test_else_the_user_s_own_mail_and_at_last_the_employer_s():
    lea = person("Lea Brandt")
    spoken = [mail(f"09-0{n}", sent=True, sender=SAM, to=(KIM,), language="nl") for n in (1, 2, 3)]
    assert asked_first(lea, *spoken) == "nl"
    assert asked_first(lea, *spoken[:2]) == "de"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Monsieur, je vous remercie. J'ai décidé de ne pas donner suite à votre offre, car le "
            "poste impose cinq jours de présence à Lyon.",
            "reason:le poste impose cinq jours de présence à Lyon",
        ),
        (
            "Sehr geehrte Frau Lee, danke für Ihr Angebot. Ich habe mich entschieden, es nicht "
            "anzunehmen, denn der Weg nach Leer ist zu weit.",
            "reason:der Weg nach Leer ist zu weit",
        ),
    ],
)
def test_an_honest_reason_is_known_in_other_languages(text: str, reason: str) -> None:
    reading = read_message(letter(text, "Re: Offre", to="Kim Lee <kim@quill.example>"), book())
    assert [term for s in reading.signals for term in s.terms] == [reason]


def test_a_letter_goes_to_the_address_they_last_wrote_from():
    moved = replace(DANA, emails=("dana@old.example", "dana@home.example"))
    asked = employer("09-05", "reference_request")
    theirs = replace(from_person("09-02", moved), sender=Address("dana@home.example", "Dana Cole"))
    (known,) = only(planned(asked, theirs, people=(moved,)), "heads_up")
    assert [a.email for a in to_person_of(moved, known.address)] == ["dana@home.example"]
    (unknown,) = only(planned(asked, people=(moved,)), "heads_up")
    assert [a.email for a in to_person_of(moved, unknown.address)] == ["dana@old.example"]


def to_person_of(who: Reference, last: str | None) -> tuple[Address, ...]:
    return referees.to_person(who, None, ME, last)
