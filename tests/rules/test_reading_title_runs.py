"""Which words are the job title where the rules end it too late or take somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.readingbook import book, mail
from vouchd.rules.reading.detect import Book, read_message


def role(text: str, subject: str, known: Book | None = None) -> str | None:
    signals = read_message(mail(text, subject), known or book()).signals
    assert signals
    return signals[0].role


def by_rules_alone() -> Book:
    known = book()
    languages = {
        code: replace(language, names=None) for code, language in known.lexicon.languages.items()
    }
    return replace(known, lexicon=replace(known.lexicon, languages=languages))


@pytest.mark.parametrize(
    ("text", "subject", "title"),
    [
        (
            "Beste Sam,\n\nHelaas hebben we de functie van Warehouse Manager ingevuld met een"
            " andere kandidaat. We wensen je veel succes.",
            "Je sollicitatie",
            "Warehouse Manager",
        ),
        (
            "Olá Sam,\n\nrecebemos a sua candidatura para Auxiliar de Cozinha, chegou direitinho."
            " Entraremos em contato em breve.",
            "Recebemos a sua candidatura",
            "Auxiliar de Cozinha",
        ),
        (
            "Hola Sam:\n\nTu candidatura a Jefe de Planificación pasa a la siguiente fase. Te"
            " invitamos a una entrevista el jueves a las 10:00.",
            "Entrevista",
            "Jefe de Planificación",
        ),
        (
            "Thank you for applying for the position of Store Manager. You would report to our"
            " Regional Director Kofi Mensah. We would like to invite you to an interview.",
            "Interview",
            "Store Manager",
        ),
        (
            "リベラ様\n\nこのたびは品質管理エンジニア職の選考にご参加いただき、ありがとうございました。"
            "慎重に検討した結果、今回は採用を見送らせていただくこととなりました。",
            "選考結果のご連絡",
            "品質管理エンジニア",
        ),
    ],
)
def test_a_title_ends_where_the_sentence_goes_on(text: str, subject: str, title: str) -> None:
    assert role(text, subject) == title


def test_the_same_words_in_another_place_are_no_title() -> None:
    text = (
        "We would like to invite you to an interview on Tuesday. You will meet Lena Fox, Head of"
        " Finance, and Omar Aziz (Regional Director)."
    )
    assert role(text, "Interview on Tuesday") is None


def test_without_what_was_learnt_the_rules_tell_a_title() -> None:
    text = "Thank you for applying for the position of Store Manager. We have received it."
    assert role(text, "Your application", by_rules_alone()) == "Store Manager"
