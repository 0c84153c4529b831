"""How a yes is meant, in every language that has rule data of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.readingbook import only, read
from vouchd.rules.model import SignalKind

#: subject, who wrote when, the request and its end, as mail programs of each language quote them
ASKED = {
    "de": (
        "Re: Referenz",
        "Am Mo., 2. März 2026 um 09:00 schrieb Sam Rivera:",
        "würdest du mir als Referenz dienen? Ich bewerbe mich bei Acme Robotics.",
    ),
    "fr": (
        "Re: Référence",
        "Le lun. 2 mars 2026 à 09:00, Sam Rivera a écrit :",
        "accepterais-tu d'être ma référence ? Je postule chez Acme Robotics.",
    ),
    "es": (
        "Re: Referencia",
        "El lun, 2 mar 2026 a las 9:00, Sam Rivera escribió:",
        "¿podrías ser mi referencia? Me presento a un puesto en Acme Robotics.",
    ),
    "nl": (
        "Re: Referentie",
        "Op ma 2 mrt 2026 om 09:00 schreef Sam Rivera:",
        "wil jij mijn referent zijn? Ik solliciteer bij Acme Robotics.",
    ),
    "pt": (
        "Re: Referência",
        "Em seg., 2 de mar. de 2026 às 09:00, Sam Rivera escreveu:",
        "poderias ser minha referência? Estou a candidatar-me à Acme Robotics.",
    ),
    "it": (
        "Re: Referenza",
        "Il giorno lun 2 mar 2026 alle ore 09:00 Sam Rivera ha scritto:",
        "saresti disponibile a farmi da referente? Mi candido da Acme Robotics.",
    ),
    "ja": (
        "Re: 推薦のお願い",
        "2026年3月2日(月) 9:00 Sam Rivera:",
        "リファレンスをお引き受けいただけないでしょうか。Acme Robotics に応募しています。",
    ),
}


def answer(language: str, text: str):
    subject, wrote, asked = ASKED[language]
    return read(
        f"Sam,\n\n{text}\n\nDana\n\n{wrote}\n> Dana,\n> {asked}\n> Sam\n",
        subject,
        "Dana Cole <dana.cole@initech.example>",
        at=datetime(2026, 3, 3, 9, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("language", "text", "term"),
    [
        (
            "de",
            "Klar, gern. Du kannst mich nennen, aber nur für diese eine Stelle.",
            "this_application",
        ),
        (
            "de",
            "Sehr gern, gib meinen Namen weiter, aber bitte nicht für andere Bewerbungen.",
            "this_application",
        ),
        ("de", "Ja, natürlich, bis Ende Juni mache ich das gern.", "until:2026-06-30"),
        ("de", "Sehr gern! Am besten erreichen sie mich nach fünf.", "after:17:00"),
        ("de", "Gern, sie können mich ab 18 Uhr anrufen.", "after:18:00"),
        (
            "de",
            "Natürlich stehe ich als Referenz zur Verfügung. Am liebsten telefonisch.",
            "by:phone",
        ),
        ("de", "Ja, gern, du kannst mich als Referenz angeben. Bitte lieber per Mail.", "by:mail"),
        (
            "de",
            "Ich bin bis 3. August im Urlaub, danach bin ich gern deine Referenz.",
            "from:2026-08-03",
        ),
        ("de", "Natürlich, jederzeit.", ""),
        ("fr", "Oui, avec plaisir, mais uniquement pour ce poste.", "this_application"),
        ("fr", "Bien sûr, avec plaisir, jusqu'à fin juin.", "until:2026-06-30"),
        ("fr", "Avec plaisir ! Qu'ils m'appellent après 18h30.", "after:18:30"),
        ("fr", "Volontiers, tu peux donner mon nom. Je préfère par téléphone.", "by:phone"),
        ("fr", "Bien sûr, donne mes coordonnées. De préférence par mail.", "by:mail"),
        ("fr", "Oui, bien sûr. On peut m'appeler après cinq heures.", "after:17:00"),
        ("fr", "Oui, avec plaisir, mais juste pour cette fois.", "this_application"),
        ("es", "Claro que sí, pero solo para este puesto.", "this_application"),
        ("es", "Por supuesto, encantada, hasta junio.", "until:2026-06-30"),
        ("es", "Claro, encantada. Que me llamen después de las cinco.", "after:17:00"),
        ("es", "Sí, por supuesto. Prefiero por correo.", "by:mail"),
        ("es", "Con mucho gusto, mejor por teléfono.", "by:phone"),
        ("es", "Sí, claro, por esta vez.", "this_application"),
        (
            "es",
            "Con gusto, puedes dar mi nombre. Que me llamen a partir de las 18:00.",
            "after:18:00",
        ),
        ("nl", "Natuurlijk, graag, maar alleen voor deze baan.", "this_application"),
        ("nl", "Ja hoor, graag, tot eind juni.", "until:2026-06-30"),
        ("nl", "Tuurlijk! Ze kunnen me na vijf uur bellen.", "after:17:00"),
        ("nl", "Graag, je mag mijn naam geven. Liefst telefonisch.", "by:phone"),
        ("nl", "Ja, natuurlijk wil ik je referent zijn. Liever per mail.", "by:mail"),
        ("nl", "Ja graag, maar alleen deze keer.", "this_application"),
        ("pt", "Claro que sim, mas só para esta vaga.", "this_application"),
        ("pt", "Com todo o gosto, até junho.", "until:2026-06-30"),
        ("pt", "Claro, com prazer. Podem ligar depois das cinco.", "after:17:00"),
        ("pt", "Com certeza, podes dar o meu nome. Prefiro por email.", "by:mail"),
        ("pt", "Claro, pode dar meu nome. De preferência por telefone.", "by:phone"),
        ("pt", "Sim, com prazer, mas só desta vez.", "this_application"),
        ("it", "Certo, volentieri, ma solo per questa posizione.", "this_application"),
        ("it", "Con piacere, fino a giugno.", "until:2026-06-30"),
        ("it", "Certo, con piacere. Possono chiamarmi dopo le cinque.", "after:17:00"),
        ("it", "Volentieri, puoi dare il mio nome. Preferisco per telefono.", "by:phone"),
        ("it", "Certamente, con piacere. Meglio via mail.", "by:mail"),
        ("it", "Sì, volentieri, ma solo per questa volta.", "this_application"),
        (
            "it",
            "Volentieri, dai pure il mio numero: possono chiamarmi dopo le 18:30.",
            "after:18:30",
        ),
        ("ja", "喜んでお引き受けします。ただし今回限りでお願いします。", "this_application"),
        (
            "ja",
            "もちろん、推薦者としてお引き受けします。電話よりメールの方が助かります。",
            "by:mail",
        ),
    ],
)
def test_how_a_yes_is_meant(language, text, term):
    read_as = answer(language, text)
    found = only(read_as)
    assert read_as.language == language
    assert (found.kind, found.terms) == (SignalKind.REFERENCE_AGREED, (term,) if term else ())
