"""What the user writes to employers: taken, turned down, stepped out, or about something else."""

from __future__ import annotations

import pytest

from tests.readingbook import SAM, acted, read

EMPLOYER = ("Kim Lee <kim@quill.example>",)


def sent(text: str, subject: str = "Re: Your offer") -> set[str]:
    return acted(read(text, subject=subject, sender=f"Sam Rivera <{SAM.email}>", to=EMPLOYER))


@pytest.mark.parametrize(
    "text",
    [
        "I am thrilled to accept the position of Analyst and look forward to starting in May.",
        "Thank you, I accept your offer for the Analyst role. The signed contract is attached.",
    ],
)
def test_a_job_taken(text: str):
    assert sent(text) == {"offer_accepted"}


@pytest.mark.parametrize(
    "text",
    [
        # A courtesy beside the no, a condition before a "but": neither turns it round.
        "I was glad of your offer and would be very excited to join your company, but "
        "unfortunately I have to decline your offer, as the salary does not meet my needs.",
        "Thank you for offering me the position. Unfortunately, I have decided to accept a "
        "position with another company that is a better match, so I must decline your offer.",
        "Thank you for the job offer. Something unexpected came up, and I won't be able to go "
        "forward with the job as planned. I am sorry to back out like this.",
    ],
)
def test_a_job_turned_down(text: str):
    assert sent(text) == {"offer_declined"}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Resignation",
            "Please accept this letter as confirmation of my resignation from the position of "
            "Analyst at Quill, effective one month from today. I am very thankful for the job.",
        ),
        (
            "Kündigung",
            "hiermit kündige ich mein Arbeitsverhältnis als Analystin bei Quill fristgerecht zum "
            "31. Mai. Für die gute Zusammenarbeit bedanke ich mich.",
        ),
        (
            "Démission",
            "Je vous informe par la présente de ma démission du poste d'analyste que j'occupe chez "
            "Quill depuis 2021. Je vous prie d'accepter mes remerciements.",
        ),
        (
            "Renuncia",
            "Por la presente comunico mi renuncia voluntaria al puesto de analista en Quill, con "
            "efecto el 31 de mayo. Agradezco la oportunidad.",
        ),
    ],
)
def test_a_post_given_up_is_no_answer_to_an_offer(subject: str, text: str):
    assert sent(text, subject) == set()
