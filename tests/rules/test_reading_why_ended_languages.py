"""Why it ended, in every language: closed to all, and the reason in the user's own words."""

from __future__ import annotations

import pytest

from tests.readingbook import read
from vouchd.rules.intent import Occasion
from vouchd.rules.letters.discreet import reason_of
from vouchd.rules.model import ActKind, FollowUpKind, SignalKind

CLOSED = [
    ("de", "leider müssen wir Ihnen mitteilen, dass die Stelle gestrichen wurde. Wir können Ihre "
     "Bewerbung daher nicht weiter berücksichtigen.", True),
    ("de", "leider müssen wir Ihnen absagen: Wegen eines Einstellungsstopps wird die Position doch "
     "nicht besetzt.", True),
    ("de", "leider haben wir uns für einen anderen Bewerber entschieden.", False),
    ("fr", "nous avons le regret de vous informer que le recrutement est annulé et que nous ne "
     "donnerons pas suite à votre candidature.", True),
    ("fr", "malheureusement, en raison d'un gel des embauches, nous ne pouvons pas donner suite à "
     "votre candidature.", True),
    ("fr", "malheureusement, nous avons retenu un autre candidat et ne donnerons pas suite à votre "
     "candidature.", False),
    ("es", "lamentamos comunicarle que la vacante ha sido cancelada y no podemos continuar con "
     "su candidatura.", True),
    ("es", "lamentablemente no se va a cubrir la plaza, por lo que su candidatura no continúa en "
     "el proceso.", True),
    ("es", "lamentablemente hemos decidido continuar con otro candidato.", False),
    ("nl", "helaas moeten we je meedelen dat de vacature is ingetrokken; we gaan niet verder met "
     "je sollicitatie.", True),
    ("nl", "helaas wordt de functie wegens een vacaturestop niet ingevuld en moeten we je "
     "sollicitatie afwijzen.", True),
    ("nl", "helaas hebben we voor een andere kandidaat gekozen.", False),
    ("pt", "lamentamos informar que a vaga foi cancelada e não vamos avançar com a sua "
     "candidatura.", True),
    ("pt", "infelizmente optámos por outro candidato e não vamos avançar com a sua candidatura.",
     False),
    ("it", "purtroppo la posizione è stata annullata e non possiamo proseguire con la Sua "
     "candidatura.", True),
    ("it", "purtroppo abbiamo scelto un altro candidato e non proseguiremo con la Sua candidatura.",
     False),
    ("ja", "誠に残念ながら、本ポジションの募集は中止となりましたため、"
     "今回は見送りとさせていただきます。", True),
    ("ja", "誠に残念ながら、今回は別の候補者にお願いすることとなりました。", False),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "closed"), CLOSED)
def test_a_position_that_goes_to_nobody_is_told_from_one_that_goes_to_others(
    language, text, closed
):
    found = read(
        f"Sam Rivera,\n\n{text}\n\nKim Lee",
        "Acme Robotics",
        "Kim Lee <kim@acme-robotics.example>",
    )
    assert found.language == language
    (no,) = [s for s in found.signals if s.kind is SignalKind.REJECTION]
    assert ("closed" in no.terms) is closed


REASONS = [
    ("hiermit ziehe ich meine Bewerbung als Staff Engineer zurück, weil der Weg ins Büro für mich "
     "zu weit ist. Vielen Dank für die Gespräche.", "weil der Weg ins Büro für mich zu weit ist"),
    ("ich ziehe meine Bewerbung zurück, da die Stelle zu viele Reisen verlangt.",
     "da die Stelle zu viele Reisen verlangt"),
    ("ich ziehe meine Bewerbung zurück, weil Ihr Büro zu weit weg ist.", None),
    ("hiermit ziehe ich meine Bewerbung zurück. Danke für alles.", None),
    ("je retire ma candidature au poste d'ingénieur, car le trajet quotidien est trop long. Merci "
     "pour tout.", "le trajet quotidien est trop long"),
    ("je souhaite retirer ma candidature en raison de la distance jusqu'au bureau.",
     "en raison de la distance jusqu'au bureau"),
    ("je retire ma candidature parce que votre bureau est trop loin.", None),
    ("retiro mi candidatura al puesto porque no quiero mudarme a otra ciudad. Muchas gracias por "
     "todo.", "no quiero mudarme a otra ciudad"),
    ("quiero retirar mi candidatura debido a la distancia hasta la oficina.",
     "debido a la distancia hasta la oficina"),
    ("ik trek mijn sollicitatie in omdat de reistijd te lang is. Bedankt voor de gesprekken.",
     "omdat de reistijd te lang is"),
    ("ik trek mijn sollicitatie in omdat jullie kantoor te ver weg is.", None),
    ("retiro a minha candidatura porque a viagem diária é demasiado longa. Obrigado por tudo.",
     "a viagem diária é demasiado longa"),
    ("ritiro la mia candidatura perché il tragitto quotidiano è troppo lungo. Grazie di tutto.",
     "il tragitto quotidiano è troppo lungo"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_the_users_own_reason_is_kept_in_their_words(text, reason):
    found = read(
        f"Kim Lee,\n\n{text}\n\nSam Rivera",
        "Acme Robotics",
        to="Kim Lee <kim@acme-robotics.example>",
    )
    (out,) = [s for s in found.signals if s.kind is SignalKind.WITHDRAWN]
    assert out.terms == ((f"reason:{reason}",) if reason else ())


@pytest.mark.parametrize(
    "reason",
    [
        "weil das Gehalt zu niedrig war",
        "weil meine Kinder mich brauchen",
        "wegen meiner Gesundheit",
        "le salaire était trop bas",
        "mes enfants ont besoin de moi ici",
        "en raison de ma santé",
        "el sueldo era muy bajo",
        "mi familia me necesita aquí",
        "omdat het salaris te laag was",
        "omdat mijn kinderen hier op school zitten",
        "o salário era demasiado baixo",
        "os meus filhos precisam de mim",
        "lo stipendio era troppo basso",
        "la mia famiglia ha bisogno di me",
        "per motivi di salute",
    ],
)
def test_what_is_private_does_not_travel(reason):
    assert reason_of(Occasion(kind=FollowUpKind.OUTCOME_NEWS, reason=reason)) == ""


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("ich war im Krankenhaus, bin aber seit Montag wieder am Schreibtisch.", False),
        ("ich liege noch im Krankenhaus und kann gerade nicht schreiben.", True),
        ("j'étais à l'hôpital mais je suis de retour au bureau depuis lundi.", False),
        ("je suis encore à l'hôpital pour quelques jours.", True),
        ("estuve en el hospital, pero ya estoy de vuelta y mucho mejor.", False),
        ("sigo en el hospital y no puedo escribir mucho estos días.", True),
        ("ik lag in het ziekenhuis, maar ik ben weer aan het werk.", False),
        ("ik lig nog in het ziekenhuis en kan nu niet veel schrijven.", True),
        ("estive no hospital, mas já estou de volta ao trabalho.", False),
        ("ainda estou no hospital e não consigo escrever muito.", True),
        ("sono stata in ospedale, ma sono tornata in ufficio da lunedì.", False),
        ("sono ancora in ospedale e non riesco a scrivere molto.", True),
    ],
)
def test_who_is_back_is_not_spared_any_more(text, absent):
    found = read(f"Sam,\n\n{text}\n\nDana", "Sam", "Dana Cole <dana.cole@initech.example>")
    kinds = {act.kind for act in found.acts}
    assert (ActKind.UNWELL in kinds) is absent
