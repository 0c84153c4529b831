"""A request for references beside a receipt is a request; a process told in advance is none."""

from __future__ import annotations

import pytest

from tests.readingbook import read

SENDERS = ("Kim Lee <kim@acme-robotics.example>", "Acme Robotics <no-reply@greenhouse-mail.io>")
MAILS = [
    (
        "en",
        True,
        "Dear Sam,\n\nThanks for applying for the Staff Engineer position. Please send the "
        "names of two referees by Friday.\n\nKim Lee",
    ),
    (
        "en",
        True,
        "Hi Sam,\n\nwe have received your application, thank you. To complete it we need "
        "contact details of two references; kindly reply with them by 6 March.\n\nKim Lee",
    ),
    (
        "en",
        True,
        "Dear Sam,\n\nThank you for your application. We received it safely. Could you let us"
        " have the names and e-mail addresses of three referees?\n\nKim",
    ),
    (
        "en",
        False,
        "Dear Sam,\n\nThanks for applying for the Staff Engineer position. Our process has "
        "three stages: a call, an on-site interview and finally referee checks.\n\nKim Lee",
    ),
    (
        "en",
        False,
        "Dear Sam,\n\nWe have received your application. If you are shortlisted, we will ask "
        "you for the names of two referees.\n\nKim Lee",
    ),
    (
        "en",
        False,
        "Dear Sam,\n\nThank you for applying. Successful candidates will be asked to provide "
        "two references before an offer is made.\n\nKim Lee",
    ),
    (
        "en",
        False,
        "Dear Sam,\n\nThank you for applying. Please do not send references at this stage; we"
        " will ask for them later.\n\nKim Lee",
    ),
    (
        "en",
        False,
        "Dear Sam,\n\nThanks for applying. Next steps: 1. Phone screen 2. Interview 3. "
        "Reference check. You will hear from us within two weeks.\n\nKim Lee",
    ),
    (
        "de",
        True,
        "Sehr geehrter Herr Rivera,\n\nvielen Dank für Ihre Bewerbung. Bitte nennen Sie uns "
        "bis Freitag zwei Referenzen mit Kontaktdaten.\n\nKim Lee",
    ),
    (
        "de",
        True,
        "Guten Tag Herr Rivera,\n\nIhre Bewerbung ist bei uns eingegangen. Zur "
        "Vervollständigung benötigen wir noch die Namen und Telefonnummern von zwei "
        "Referenzgebern bis zum 6. März.\n\nKim Lee",
    ),
    (
        "de",
        False,
        "Sehr geehrter Herr Rivera,\n\nvielen Dank für Ihre Bewerbung. Unser Verfahren "
        "besteht aus Telefoninterview, Gespräch vor Ort und zum Schluss einer "
        "Referenzprüfung.\n\nKim Lee",
    ),
    (
        "de",
        False,
        "Guten Tag Herr Rivera,\n\nIhre Bewerbung ist bei uns eingegangen. Falls Sie in die "
        "engere Wahl kommen, werden wir Sie um Referenzen bitten.\n\nKim Lee",
    ),
    (
        "fr",
        True,
        "Bonjour Monsieur Rivera,\n\nnous avons bien reçu votre candidature et vous en "
        "remercions. Merci de nous communiquer les coordonnées de deux références avant "
        "vendredi.\n\nKim Lee",
    ),
    (
        "fr",
        True,
        "Bonjour,\n\nMerci pour votre candidature. Pourriez-vous nous envoyer les noms de "
        "deux personnes de référence d'ici le 6 mars ?\n\nKim Lee",
    ),
    (
        "fr",
        False,
        "Bonjour Monsieur Rivera,\n\nnous avons bien reçu votre candidature. Le processus "
        "comprend un entretien téléphonique, un entretien sur place et enfin une prise de "
        "références.\n\nKim Lee",
    ),
    (
        "fr",
        False,
        "Bonjour,\n\nMerci pour votre candidature. Si votre profil est retenu, nous vous "
        "demanderons les coordonnées de deux références.\n\nKim Lee",
    ),
    (
        "es",
        True,
        "Hola, Sam:\n\nHemos recibido tu candidatura, gracias. Envíanos por favor los nombres"
        " de dos referencias antes del viernes.\n\nKim Lee",
    ),
    (
        "es",
        False,
        "Hola, Sam:\n\nHemos recibido tu candidatura. El proceso consta de una llamada, una "
        "entrevista y, por último, la comprobación de referencias.\n\nKim Lee",
    ),
    (
        "es",
        False,
        "Hola, Sam:\n\nGracias por tu candidatura. Si resultas finalista, te pediremos los "
        "datos de dos referencias.\n\nKim Lee",
    ),
    (
        "nl",
        True,
        "Beste Sam,\n\nbedankt voor je sollicitatie. Wil je ons vóór vrijdag de namen en "
        "telefoonnummers van twee referenties sturen?\n\nKim Lee",
    ),
    (
        "nl",
        False,
        "Beste Sam,\n\nbedankt voor je sollicitatie. De procedure bestaat uit een "
        "telefoongesprek, een gesprek op kantoor en tot slot een referentiecheck.\n\nKim Lee",
    ),
    (
        "it",
        True,
        "Gentile Sam,\n\nabbiamo ricevuto la Sua candidatura, grazie. La preghiamo di "
        "inviarci entro venerdì i nomi di due referenze.\n\nKim Lee",
    ),
    (
        "it",
        False,
        "Gentile Sam,\n\nabbiamo ricevuto la Sua candidatura. La selezione prevede una "
        "telefonata, un colloquio e infine la verifica delle referenze.\n\nKim Lee",
    ),
    (
        "pt",
        True,
        "Olá, Sam,\n\nrecebemos a sua candidatura, obrigado. Por favor envie-nos até sexta os"
        " nomes de duas referências.\n\nKim Lee",
    ),
    (
        "pt",
        False,
        "Olá, Sam,\n\nrecebemos a sua candidatura. O processo inclui uma chamada, uma "
        "entrevista e, por fim, a verificação de referências.\n\nKim Lee",
    ),
]


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize(("language", "asks", "text"), MAILS)
def test_a_receipt_that_asks_asks_and_one_that_describes_does_not(language, asks, text, sender):
    found = read(text, "Acme Robotics", sender)
    decisions = [str(s.decision) for s in found.signals if s.kind == "reference_request"]
    assert (found.language, decisions) == (language, ["act"] if asks else [])


def test_the_day_is_kept():
    found = read(MAILS[0][2], "Acme Robotics", SENDERS[0])
    (asked,) = [s for s in found.signals if s.kind == "reference_request"]
    assert asked.deadline is not None
    assert f"{asked.deadline:%A}" == "Friday"


@pytest.mark.parametrize(
    "text",
    [
        "Our process has three stages: a call, an on-site day and referee checks at the end.",
        "Next steps: 1. Phone screen 2. Interview 3. Reference check. You will hear from "
        "us within two weeks.",
        "The process: phone screen, panel interview, references, offer.",
        "There will be two interviews, followed by reference checks.",
        "After the final interview we take up references and then make an offer.",
        "Stage 1 is a phone call, stage 2 an interview on site, stage 3 referee checks.",
        "Unser Auswahlverfahren hat drei Stufen: Telefonat, Gespräch vor Ort und am Ende "
        "die Einholung von Referenzen.",
        "Notre processus comporte trois étapes : un appel, une journée sur place et une "
        "prise de références à la fin.",
        "Nuestro proceso tiene tres fases: una llamada, una visita y la comprobación de "
        "referencias al final.",
        "Onze procedure heeft drie stappen: een telefoontje, een dag op kantoor en een "
        "referentiecheck aan het eind.",
        "Il nostro processo ha tre fasi: una telefonata, un colloquio e la verifica "
        "delle referenze alla fine.",
        "O nosso processo tem três fases: uma chamada, uma visita e a verificação de "
        "referências no final.",
    ],
)
def test_stages_told_in_advance_announce_nothing(text):
    found = read(f"Dear Sam,\n\n{text}\n\nKim Lee", "Staff Engineer", SENDERS[0])
    assert not [s for s in found.signals if s.kind.startswith("reference")]
