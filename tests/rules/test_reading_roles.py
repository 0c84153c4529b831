"""Which title is the job's: with the words that begin it, and nobody else's title."""

from __future__ import annotations

import pytest

from vouchd.config.data import shipped
from vouchd.rules.reading import lexicon
from vouchd.rules.reading.roles import role_of

LANGUAGES = lexicon.compile(shipped()).languages
PEOPLE = ("Dana Cole", "Prof. Helen Brandt", "Robert Baker")


def role(text: str, code: str = "en", company: str | None = None) -> str | None:
    return role_of((text,), (), company, LANGUAGES[code], me="Sam Rivera", people=PEOPLE)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We were sorry to lose you as Operations Intern.", "Operations Intern"),
        ("Thank you for applying to our Marketing Specialist opening.", "Marketing Specialist"),
        ("The panel has met about the Quality Systems Manager post.", "Quality Systems Manager"),
        ("Deputy Head of Mathematics", "Deputy Head of Mathematics"),
        ("We need a Director of Analytics to run it.", "Director of Analytics"),
        ("Manager screen for Fraud Operations Lead", "Fraud Operations Lead"),
        ("It's for the Textile Conservator.", "Textile Conservator"),
        ("Your application for Welding Teacher (posting 1988230).", "Welding Teacher"),
        ("The Baker role is yours.", "Baker"),
        ("Interview for the survey technician job", "survey technician"),
    ],
)
def test_the_title_is_read_whole_and_bare(text: str, title: str) -> None:
    assert role(text) == title


@pytest.mark.parametrize(
    "text",
    [
        "I spoke with Professor Brandt yesterday.",
        "May I call Dr. Cole and Professor Brandt?",
        "I have talked to Robert Baker.",
        "Dana Cole | Director of Operations | Globex",
        "Mark, our FP&A Director, would like to meet you.",
        "The call is at 2 PM MST.",
        "CONFIRMED: panel, Dec 2, 1:00-3:30 PM CT",
        "Our designer weeps, and the provost pulled the line.",
        "Another candidate has accepted.",
        "Two days left to finish your Castellan Bank interview",
        "Support interview on Thursday",
    ],
)
def test_what_is_not_the_job_is_no_role(text: str) -> None:
    assert role(text) is None


def test_an_employer_before_the_title_leaves_no_link_behind() -> None:
    text = "Your application was sent to Greyloom for Backend Engineer."
    assert role(text, company="Greyloom") == "Backend Engineer"
    text = "We delivered your application for Payroll Clerk to Bluestem Co-op."
    assert role(text, company="Bluestem Co-op") == "Payroll Clerk"


@pytest.mark.parametrize(
    ("code", "text", "title"),
    [
        ("it", "Il test pratico per Data engineer", "Data engineer"),
        ("es", "El abogado ha llamado.", None),
        ("fr", "Votre candidature au poste de Chef de projet", "Chef de projet"),
    ],
)
def test_other_languages_read_titles_the_same_way(code: str, text: str, title: str | None) -> None:
    assert role(text, code) == title
