"""Why it ended: closed to all, or the reason in the user's own words, where it may travel on."""

from __future__ import annotations

import pytest

from tests.readingbook import read
from vouchd.rules.intent import Occasion
from vouchd.rules.letters.discreet import reason_of
from vouchd.rules.model import FollowUpKind, SignalKind


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("We are sorry to tell you that the Staff Engineer position has been cancelled.", True),
        ("Unfortunately the role will not be filled after all; it was closed for now.", True),
        ("We regret that, due to a hiring freeze, we cannot proceed with your application.", True),
        ("Unfortunately we have decided to move forward with another candidate.", False),
        ("I regret that the position has been filled internally.", False),
        ("We are sorry, the role is closed now: we have chosen another candidate.", False),
    ],
)
def test_a_position_that_goes_to_nobody_is_told_from_one_that_goes_to_others(text, closed):
    found = read(
        f"Dear Sam,\n\nthank you for your interest in Acme Robotics. {text}\n\nKim Lee",
        "Your application as Staff Engineer",
        "Kim Lee <kim@acme-robotics.example>",
    )
    (no,) = [s for s in found.signals if s.kind is SignalKind.REJECTION]
    assert ("closed" in no.terms) is closed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "I have to withdraw my application for the Staff Engineer position because the commute "
            "is too long. Thank you.",
            "the commute is too long",
        ),
        (
            "I am withdrawing my application for Staff Engineer: I do not want to move to Leeds "
            "after all.",
            "I do not want to move to Leeds after all",
        ),
        ("I am withdrawing my application. All the best!", None),
        ("About Friday: I would like to withdraw my application for Staff Engineer.", None),
        ("I withdraw my application because your office is too far.", None),
    ],
)
def test_the_users_own_reason_is_kept_in_their_words(text, reason):
    found = read(
        f"Dear Kim,\n\n{text}\n\nSam Rivera",
        "My application",
        to="Kim Lee <kim@acme-robotics.example>",
    )
    (out,) = [s for s in found.signals if s.kind is SignalKind.WITHDRAWN]
    assert out.terms == ((f"reason:{reason}",) if reason else ())


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("the commute is too long", "the commute is too long"),
        ("the pay was too low", ""),
        ("my children need me nearby", ""),
        ("their manager was rude", ""),
        (None, ""),
    ],
)
def test_what_is_private_or_unkind_does_not_travel(reason, told):
    assert reason_of(Occasion(kind=FollowUpKind.OUTCOME_NEWS, reason=reason)) == told


@pytest.mark.parametrize(
    ("language", "text", "closed"),
    [
        (
            "de",
            "Guten Tag, leider müssen wir Ihnen mitteilen, dass die Stelle gestrichen wurde "
            "und nicht mehr besetzt wird. Mit freundlichen Grüßen",
            True,
        ),
        (
            "de",
            "Guten Tag, leider haben wir uns für einen anderen Bewerber entschieden. Mit "
            "freundlichen Grüßen",
            False,
        ),
        (
            "fr",
            "Bonjour, nous avons le regret de vous informer que le poste a été supprimé et "
            "que le recrutement est annulé. Cordialement",
            True,
        ),
        (
            "fr",
            "Bonjour, nous avons le regret de vous informer que nous avons retenu un autre "
            "candidat. Cordialement",
            False,
        ),
        (
            "es",
            "Hola, lamentamos comunicarte que el proceso ha sido cancelado y la vacante no "
            "se va a cubrir. Un saludo",
            True,
        ),
        ("es", "Hola, lamentamos comunicarte que hemos elegido a otro candidato. Un saludo", False),
        (
            "nl",
            "Beste Sam, helaas moeten we je laten weten dat de vacature is vervallen en "
            "niet meer wordt ingevuld. Groet",
            True,
        ),
        ("nl", "Beste Sam, helaas hebben we gekozen voor een andere kandidaat. Groet", False),
        (
            "pt",
            "Olá Sam, infelizmente informamos que a vaga foi cancelada e não será "
            "preenchida. Atenciosamente",
            True,
        ),
        ("pt", "Olá Sam, infelizmente optámos por outro candidato. Atenciosamente", False),
        (
            "it",
            "Ciao Sam, purtroppo ti comunichiamo che la posizione è stata annullata e non "
            "verrà coperta. Cordiali saluti",
            True,
        ),
        ("it", "Ciao Sam, purtroppo abbiamo scelto un altro candidato. Cordiali saluti", False),
        (
            "ja",
            "Sam様 このたびは応募いただきありがとうございました。誠に残念ながら、本ポジシ"
            "ョンの募集は中止となりました。採用を見送らせていただきます。",
            True,
        ),
        (
            "ja",
            "Sam様 誠に残念ながら、他の候補者に決まり、今回は採用を見送らせていただくこと"
            "となりました。",
            False,
        ),
    ],
)
def test_that_nobody_gets_the_position_is_read_in_every_language(language, text, closed):
    found = read(text, "Acme Robotics", "Kim Lee <kim@acme-robotics.example>")
    (no,) = [s for s in found.signals if s.kind is SignalKind.REJECTION]
    assert (found.language, "closed" in no.terms) == (language, closed)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Guten Tag Frau Lee,\n\nhiermit ziehe ich meine Bewerbung zurück, weil der "
            "Arbeitsweg zu lang ist. Vielen Dank für alles.\n\nSam Rivera",
            "weil der Arbeitsweg zu lang ist",
        ),
        (
            "Bonjour Madame Lee,\n\nJe retire ma candidature parce que le trajet est trop "
            "long. Merci pour tout.\n\nSam Rivera",
            "le trajet est trop long",
        ),
        (
            "Hola Kim:\n\nRetiro mi candidatura porque el trayecto es demasiado largo. "
            "Gracias por todo.\n\nSam Rivera",
            "el trayecto es demasiado largo",
        ),
        (
            "Beste Kim,\n\nIk trek mijn sollicitatie in omdat de reistijd te lang is. "
            "Bedankt voor alles.\n\nSam Rivera",
            "omdat de reistijd te lang is",
        ),
        (
            "Olá Kim,\n\nRetiro a minha candidatura porque o trajeto é longo demais. "
            "Obrigado por tudo.\n\nSam Rivera",
            "o trajeto é longo demais",
        ),
        (
            "Buongiorno Kim,\n\nRitiro la mia candidatura perché il tragitto è troppo "
            "lungo. Grazie di tutto.\n\nSam Rivera",
            "il tragitto è troppo lungo",
        ),
    ],
)
def test_the_reason_is_kept_so_that_it_makes_a_sentence_in_every_language(text, reason):
    found = read(text, "Sam Rivera", to="Kim Lee <kim@acme-robotics.example>")
    (out,) = [s for s in found.signals if s.kind is SignalKind.WITHDRAWN]
    assert out.terms == (f"reason:{reason}",)
