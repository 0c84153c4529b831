"""Company, role and people named in one message."""

from __future__ import annotations

import pytest

from tests.readingbook import STATED, book, event, mail, only, read
from vouchd.rules.model import Address, Stated
from vouchd.rules.reading.detect import read_message
from vouchd.rules.reading.people import circle

RECEIVED = "Thank you for applying. We have received your application"


@pytest.mark.parametrize(
    ("subject", "sender", "text", "company", "role"),
    [
        (
            "Thank you for applying to Corvid Pay",
            "Corvid Pay Recruiting <no-reply@us.greenhouse-mail.io>",
            f"{RECEIVED} for Backend Engineer, Payments.",
            "Corvid Pay",
            "Backend Engineer, Payments",
        ),
        (
            "Thank you for your application",
            "Workday <cyrusone@myworkday.com>",
            f"{RECEIVED} for the position of Data Analyst.",
            "Cyrusone",
            "Data Analyst",
        ),
        (
            "Sous Chef - Tansy & Thyme",
            "Tansy & Thyme <noreply@candidates.workablemail.com>",
            f"{RECEIVED}.",
            "Tansy & Thyme",
            "Sous Chef",
        ),
        (
            "Your application",
            "jobs@brannigan-land-surveys.example",
            f"{RECEIVED} for Survey Technician.",
            "Brannigan Land Surveys",
            "Survey Technician",
        ),
        (
            "Sam, your application was sent to Quillon Media",
            "LinkedIn <jobs-noreply@linkedin.com>",
            "Your application was sent to Quillon Media\n\nMotion Graphics Designer",
            "Quillon Media",
            "Motion Graphics Designer",
        ),
    ],
)
def test_the_employer_and_not_its_system(
    subject: str, sender: str, text: str, company: str, role: str
):
    signal = only(read(text, subject, sender))
    assert (signal.company, signal.role) == (company, role)


def test_the_stated_name_is_used_for_its_domain():
    signal = only(read(f"{RECEIVED} for Staff Engineer.", "Hi", "x <x@acme-robotics.example>"))
    assert (signal.company, signal.role) == ("Acme Robotics", "Staff Engineer")


def test_two_roles_at_one_company_are_not_merged():
    roles = {
        only(read(f"{RECEIVED} for {role}.", "Hi", "x <x@acme-robotics.example>")).role
        for role in ("Staff Engineer", "Team Lead")
    }
    assert roles == {"Staff Engineer", "Team Lead"}


def test_a_part_of_a_word_is_no_company():
    text = f"{RECEIVED} for the Analyst role at Metaverse Studios."
    signal = only(read(text, "Your application to Metaverse Studios", "x <x@mail.example>"))
    assert signal.company == "Metaverse Studios"


def test_an_alias_is_the_stated_company():
    text = f"{RECEIVED} for the Analyst role at Meta Platforms."
    assert only(read(text, "Your application", "x <x@ats.example>")).company == "Meta"


def test_similar_names_are_kept_apart():
    stated = (*STATED, Stated(company="Northgate"))
    message = mail(f"{RECEIVED} for the Analyst role at Northgate Analytics.", "Application")
    (signal,) = read_message(message, book(stated=stated)).signals
    assert signal.company != "Northgate"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dana Cole and Robert Okafor have answered", ("Dana Cole", "Robert Okafor")),
        ("Dee and Bob were lovely", ("Dana Cole", "Robert Okafor")),
        ("We spoke to Dana", ()),
        ("Nothing from Dana at Contoso yet", ("Dana Whitfield",)),
        ("Dana W was even better", ("Dana Whitfield",)),
        ("Dana Osei interviewed", ()),
        ("Robert Miller called", ()),
        ("Professor Moller answered", ("Prof. Dr. Karl-Heinz Möller",)),
        ("Karl-Heinz Moeller has submitted", ("Prof. Dr. Karl-Heinz Möller",)),
        ("mail robert@globex.example please", ("Robert Okafor",)),
        ("the robertson file", ()),
    ],
)
def test_who_is_named(text: str, names: tuple[str, ...]):
    assert circle(book().people).named(text, context=text) == names


def test_who_writes_by_name_from_an_unknown_address():
    assert circle(book().people).writing(Address("x@home.example", "Cole, Dana")) == "Dana Cole"
    assert circle(book().people).writing(Address("x@home.example", "Dana")) is None


def test_the_people_of_a_signal_stand_in_its_sentences():
    text = (
        "Good news: Dana Whitfield has submitted a reference for you to Quill.\n\n"
        "Robert Okafor - in progress\n"
    )
    signal = only(read(text, "Reference submitted", "Xref <noreply@xref.com>"))
    assert (signal.kind, signal.references) == ("reference_completed", ("Dana Whitfield",))


def test_of_an_event():
    (signal,) = event("Interview: Sam Rivera / Data Analyst / Quill").signals
    assert (signal.company, signal.role) == ("Quill", "Data Analyst")


def test_a_recruiter_who_writes_through_a_system_is_not_the_employer():
    text = "Thank you for applying to Umbrella Health as Staff Nurse. We received your application."
    signal = read(text, "Your application", "Ann Lee <no-reply@greenhouse.io>").signals[0]
    assert signal.company == "Umbrella Health"


@pytest.mark.parametrize(
    ("sender", "text", "company"),
    [
        (
            "Ulrike Danner <u.danner@sw-burgau.example>",
            "Sehr geehrte Frau Rivera,\n\nIhre Bewerbung ist bei uns eingegangen, vielen Dank.\n\n"
            "Mit freundlichen Grüßen\nUlrike Danner\nStadtwerke Burgau",
            "Stadtwerke Burgau",
        ),
        (
            "Volker Ganter <v.ganter@ganter-bau.example>",
            "Guten Tag Frau Rivera,\n\nIhre Bewerbung ist bei uns eingegangen, vielen Dank.\n\n"
            "Freundliche Grüße\nVolker Ganter\nBauunternehmung Ganter GmbH, Villingen",
            "Bauunternehmung Ganter",
        ),
        (
            "Leonhard Füssl <l.fuessl@kartonagen-fuessl.example>",
            "Guten Tag Frau Rivera,\n\nIhre Bewerbung ist bei uns eingegangen, vielen Dank.\n\n"
            "Freundliche Grüße\nLeonhard Füssl",
            "Kartonagen Füssl",
        ),
        (
            "Bäckerei Sonnleitner <buero@sonnleitner.example>",
            "Guten Tag Frau Rivera,\n\nIhre Bewerbung ist bei uns eingegangen, vielen Dank.",
            "Bäckerei Sonnleitner",
        ),
        (
            "Svenja Wolff <svenja@dach-wolff.example>",
            "Guten Tag Frau Rivera,\n\nIhre Bewerbung ist bei uns eingegangen, vielen Dank.\n\n"
            "Freundliche Grüße\nSvenja Wolff",
            "Dach Wolff",
        ),
        (
            "Ruben Spaans <r.spaans@odhz.example>",
            "Beste Sam,\n\nWe hebben je sollicitatie in goede orde ontvangen.\n\n"
            "Met vriendelijke groet,\nRuben Spaans\nOmgevingsdienst Haaglanden-Zuid",
            "Omgevingsdienst Haaglanden-Zuid",
        ),
        (
            "Erna Willems - Zorgboerderij Klaproos <erna@zbk.example>",
            "Beste Sam,\n\nWe hebben je sollicitatie in goede orde ontvangen.\n\nGroet, Erna",
            "Zorgboerderij Klaproos",
        ),
        (
            "Direção <direcao@crechegirassol.example>",
            "Olá Sam,\n\nRecebemos a sua candidatura, obrigado.\n\nCumprimentos",
            "Creche Girassol",
        ),
        (
            "Refmap <noreply@refmap.example>",
            "Olá Sam,\n\nA Piscinas do Vale recebeu hoje a sua candidatura a Assistente Comercial.",
            "Piscinas do Vale",
        ),
        (
            "株式会社京葉ライン 採用窓口 <saiyo@keiyo-line.example>",
            "サム・リベラ様\n\n株式会社京葉ライン採用窓口の小野寺です。\nご応募を受け付けました。",
            "京葉ライン",
        ),
    ],
)
def test_an_employer_is_named_as_it_signs_in_every_language(sender: str, text: str, company: str):
    assert only(read(text, "", sender)).company == company


@pytest.mark.parametrize(
    ("subject", "sender", "text"),
    [
        (
            "Accepted: Lunch with Priya @ Thu Feb 12",
            "Google Calendar <calendar-notification@google.com>",
            "Priya Raman has accepted this invitation.\n\nLunch with Priya\n"
            "Thursday, Feb 12, 12:30 to 1:30 PM\nTaco stand on 3rd",
        ),
        (
            "You've been declined",
            "United Credit <alerts@unitedcredit.example>",
            "Dear Sam,\n\nWe regret that we're unable to approve your application at this time.\n"
            "Reasons: too few accounts, employment not verified\n"
            "You may request a copy of your report within 60 days.",
        ),
    ],
)
def test_what_is_of_another_world_acts_on_nothing(subject: str, sender: str, text: str):
    assert not [s for s in read(text, subject, sender).signals if s.decision == "act"]
