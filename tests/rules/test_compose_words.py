"""Names, greetings, dates, counts and strangers' values in the words of a letter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchd.rules.intent import Process, Voice
from vouchd.rules.letters.person_name import is_courtesy, name_of, person_named
from vouchd.rules.letters.talk import closeness, scene, speaks, talking_points, together, years
from vouchd.rules.letters.voice import greet, manner, manner_to_strangers
from vouchd.rules.letters.wording import Speech, link, role_name, safe, typeset
from vouchd.rules.model import Address, Reference

LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "it")


@pytest.mark.parametrize(
    ("full", "first", "last", "title"),
    [
        ("Dana Cole", "Dana", "Cole", ""),
        ("Dr. Dana Cole", "Dana", "Cole", "Dr."),
        ("Prof. Dr. Ute Klein", "Ute", "Klein", "Prof. Dr."),
        ("Captain Una Breen", "Una", "Breen", "Captain"),
        ("Marieke de Wit", "Marieke", "de Wit", ""),
        ("Ludwig van der Berg", "Ludwig", "van der Berg", ""),
        ("Cole, Dana", "Dana", "Cole", ""),
        ("Martin King Jr.", "Martin", "King", ""),
        ("J. R. Smith", "", "Smith", ""),
        ("山田 太郎", "", "太郎", ""),
        ("Madonna", "Madonna", "Madonna", ""),
    ],
)
def test_a_name_is_taken_apart(full, first, last, title):
    name = name_of(full)
    assert (name.first, name.last, name.title) == (first, last, title)


def test_a_job_title_is_no_form_of_address():
    assert is_courtesy("Dr.")
    assert is_courtesy("Frau Prof.")
    assert not is_courtesy("Head of Data")
    assert name_of("Dana Cole", "Head of Data").title == ""


@pytest.mark.parametrize(
    ("language", "name", "title", "relationship", "greeting"),
    [
        ("de", "Dr. Marta Brandt", None, "ehemalige Chefin", "Sehr geehrte Frau Dr. Brandt,"),
        ("de", "Marta Brandt", "Leiterin Technik", None, "Sehr geehrte Frau Brandt,"),
        ("de", "Jan Brandt", None, "ehemaliger Abteilungsleiter", "Sehr geehrter Herr Brandt,"),
        ("de", "Jan Brandt", None, "früherer Kollege", "Sehr geehrter Herr Brandt,"),
        ("de", "Kim Brandt", None, "Kunde oder Kundin", "Guten Tag Kim Brandt,"),
        ("de", "Jan Brandt", None, "Chef in ehemaliger Firma", "Guten Tag Jan Brandt,"),
        ("es", "Luis García", None, "jefe en mi antigua empresa", "Buenos días, Luis García:"),
        ("de", "Jan Brandt", None, "Chef bei Globex", "Guten Tag Jan Brandt,"),
        ("fr", "Anne Roux", None, "ancienne directrice", "Bonjour Madame Roux,"),
        ("fr", "Anne Roux", None, "collègue", "Bonjour Anne Roux,"),
        ("es", "Ana García", "Dr.", "antigua jefa", "Estimada Dra. García:"),
        ("it", "Anna Rossi", "Dott.", "ex direttrice", "Gentile Dott.ssa Rossi,"),
    ],
)
def test_ms_or_mr_is_known_by_what_the_user_wrote(language, name, title, relationship, greeting):
    who = Reference(name=name, title=title, relationship=relationship, formal=True)
    found = manner(who, None, me="Sam Rivera", languages=(language,), default=language)
    assert found.greeting == greeting


@pytest.mark.parametrize(
    ("language", "name", "title", "formal", "greeting"),
    [
        ("en", "Dana Cole", None, False, "Hi Dana,"),
        ("en", "Dana Cole", "Dr.", True, "Dear Dr. Cole,"),
        ("en", "Dana Cole", "Ms", True, "Dear Ms Cole,"),
        ("en", "Dana Cole", "VP", True, "Dear Dana Cole,"),
        ("en", "J. R. Smith", None, False, "Dear J. R. Smith,"),
        ("de", "Ute Klein", "Frau", True, "Sehr geehrte Frau Klein,"),
        ("de", "Ute Klein", "Frau Dr.", True, "Sehr geehrte Frau Dr. Klein,"),
        ("de", "Ute Klein", "Dr.", True, "Guten Tag Dr. Ute Klein,"),
        ("fr", "Anne Roux", "Mme Dr", True, "Bonjour Madame Roux,"),
        ("es", "Ana García", "Sra. Dr.", True, "Estimada Dra. García:"),
        ("nl", "Marieke de Wit", "mevr. dr.", True, "Geachte mevrouw dr. De Wit,"),
        ("de", "Jan Klein", "Herr", True, "Sehr geehrter Herr Klein,"),
        ("de", "Ute Klein", None, True, "Guten Tag Ute Klein,"),
        ("de", "Ute Klein", None, False, "Hallo Ute,"),
        ("fr", "Anne Roux", "Mme", True, "Bonjour Madame Roux,"),
        ("fr", "Anne Roux", None, True, "Bonjour Anne Roux,"),
        ("es", "Ana García López", "Sra.", True, "Estimada Sra. Ana García López:"),
        ("es", "Ana García", None, False, "Hola, Ana:"),
        ("nl", "Marieke de Wit", "mevrouw", True, "Geachte mevrouw De Wit,"),
        ("nl", "Marieke de Wit", None, True, "Beste Marieke de Wit,"),
        ("pt", "João Silva", None, True, "Bom dia, João Silva,"),
        ("it", "Anna Rossi", "dott.ssa", True, "Gentile Dott.ssa Rossi,"),
        ("it", "Anna Rossi", None, False, "Ciao Anna,"),
    ],
)
def test_a_greeting_suits_language_title_and_nearness(language, name, title, formal, greeting):
    assert greet(name_of(name, title), language=language, formal=formal) == greeting


def speak(person: Reference, voice: Voice | None = None, default: str = "en"):
    return manner(person, voice, me="Sam Rivera", languages=LANGUAGES, default=default)


def test_what_is_stated_goes_before_what_was_learnt_and_that_before_custom():
    dana = Reference(name="Dana Cole")
    assert speak(dana).formal is False
    assert speak(dana, default="de").formal is True
    learnt = Voice(greeting="Hey Dee,", sign_off="Cheers,", language="en", formal=False)
    how = speak(dana, learnt, default="de")
    assert (how.language, how.greeting, how.sign_off) == ("en", "Hey Dee,", "Cheers,")
    assert how.signature == "Sam"
    stated = Reference(name="Dana Cole", language="de", formal=True)
    how = speak(stated, learnt)
    assert (how.language, how.formal, how.greeting) == ("de", True, "Guten Tag Dana Cole,")
    assert how.sign_off == "Freundliche Grüße"
    assert how.signature == "Sam Rivera"


def test_a_language_without_templates_falls_back_to_english_and_says_so():
    how = speak(Reference(name="Ewa Nowak", language="pl"))
    assert (how.language, how.wanted) == ("en", "pl")
    assert how.greeting == "Hi Ewa,"


def test_a_regional_language_uses_its_base():
    assert speak(Reference(name="Rui Lima", language="pt-BR")).language == "pt"
    brazilian = speak(Reference(name="Rui Lima", language="pt-BR", formal=False))
    assert brazilian.polite
    assert brazilian.greeting == "Olá, Rui,"


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("Priya Nair", "Priya Nair"),
        ("Priya Nair via Greenhouse", "Priya Nair"),
        ("Priya Nair (Acme)", "Priya Nair"),
        ("Acme Recruiting", ""),
        ("no-reply@acme.example", ""),
        ("talent team", ""),
        ("Acme", ""),
        ("", ""),
    ],
)
def test_only_a_person_is_greeted_by_name(display, name):
    assert person_named(display) == name


@pytest.mark.parametrize(
    ("display", "email", "name"),
    [
        ("Sterling Gate Screening", "casework@sterlinggate.example", ""),
        ("Sterling Gate", "casework@sterling-gate.example", ""),
        ("Lars Holm", "lars@larsholm.example", "Lars Holm"),
        ("Priya Nair", "p.nair@acme.example", "Priya Nair"),
    ],
)
def test_a_house_is_not_greeted_as_a_person(display, email, name):
    assert person_named(display, email) == name


@pytest.mark.parametrize(
    ("language", "greeting"),
    [("en", "Dear Professor Marlowe,"), ("de", "Sehr geehrte Frau Professor Marlowe,")],
)
def test_who_holds_a_chair_is_greeted_by_it(language, greeting):
    person = Reference(
        name="Edith Marlowe",
        emails=("edith@stateuniv.example",),
        title="Professor of Social Work",
        relationship="meine ehemalige Professorin" if language == "de" else "thesis advisor",
        formal=True,
    )
    how = manner(person, None, me="Sam Rivera", languages=LANGUAGES, default=language)
    assert how.greeting == greeting


def test_an_employer_is_greeted_by_name_where_one_person_wrote():
    def hello(*names: str, language: str = "en") -> str:
        to = tuple(Address(f"a{n}@acme.example", name) for n, name in enumerate(names))
        how = manner_to_strangers(to, None, me="Sam Rivera", languages=LANGUAGES, default=language)
        return how.greeting

    assert hello("Priya Nair") == "Dear Priya,"
    assert hello("Priya Nair", language="de") == "Guten Tag Priya Nair,"
    assert hello("Priya Nair", "Tom Day") == "Dear Priya and Tom,"
    assert hello("Priya Nair", "Tom Day", language="it") == "Gentili Priya Nair e Tom Day,"
    assert hello("Priya Nair", "Acme Recruiting") == "Dear Priya,"
    assert hello("Priya Nair", "Tom Day", "Ana Ruiz", "Li Wen") == "Hello everyone,"
    assert hello("Acme Recruiting", language="fr") == "Bonjour,"


@pytest.mark.parametrize(
    ("language", "on", "far", "full", "on_full"),
    [
        ("en", "on Tuesday", "on 1 February", "Thursday, 12 March", "on Thursday, 12 March"),
        (
            "de",
            "am Dienstag",
            "am 1. Februar",
            "Donnerstag, 12. März",
            "am Donnerstag, 12. März",
        ),
        ("fr", "mardi", "le 1er février", "jeudi 12 mars", "le jeudi 12 mars"),
        ("es", "el martes", "el 1 de febrero", "jueves 12 de marzo", "el jueves 12 de marzo"),
        ("nl", "op dinsdag", "op 1 februari", "donderdag 12 maart", "op donderdag 12 maart"),
        (
            "pt",
            "na terça-feira",
            "no dia 1 de fevereiro",
            "quinta-feira, 12 de março",
            "na quinta-feira, 12 de março",
        ),
        ("it", "martedì", "il 1º febbraio", "giovedì 12 marzo", "giovedì 12 marzo"),
    ],
)
def test_dates_are_said_as_people_say_them(language, on, far, full, on_full):
    speech = Speech(language, date(2026, 3, 4))
    assert speech.on(date(2026, 3, 3)) == on
    assert speech.on(date(2026, 2, 1)) == far
    assert speech.full(date(2026, 3, 12)) == full
    assert speech.on_full(date(2026, 3, 12)) == on_full


def test_a_day_that_would_be_odd_or_ambiguous_is_left_out_or_dated():
    speech = Speech("en", date(2026, 3, 4))
    assert speech.on(date(2026, 3, 4)) == ""
    assert speech.on(date(2026, 2, 25)) == "on 25 February"
    assert speech.on(date(2024, 2, 25)) == "on 25 February 2024"
    american = Speech("en", date(2026, 3, 4), month_first=True)
    assert american.full(date(2026, 3, 12)) == "Thursday, March 12"
    assert american.on(date(2024, 2, 25)) == "on February 25, 2024"


def test_months_counts_and_lists():
    speech = Speech("en", date(2026, 3, 4))
    assert speech.month(date(2023, 3, 14)) == "March 2023"
    assert speech.month(date(2026, 1, 2), short=True) == "January"
    assert (speech.ordinal(3), speech.count(3), speech.ordinal(11)) == ("third", "three", "")
    assert speech.ands(("Acme", "Globex", "Hooli")) == "Acme, Globex and Hooli"
    assert Speech("es", date(2026, 3, 4)).ands(("Acme", "Initech")) == "Acme e Initech"
    assert Speech("xx", date(2026, 3, 4)).ands(("a", "b")) == "a and b"


@given(st.text(max_size=400))
def test_a_strangers_value_stays_on_one_line_and_steers_nothing(text):
    clean = safe(text)
    assert len(clean) <= 120
    assert clean == clean.strip()
    assert clean.isprintable()
    assert safe(clean) == clean


def test_a_long_value_ends_at_a_word():
    assert safe("one two three four", most=12) == "one two…"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://acme.example/jobs/17?x=1", True),
        ("http://acme.example", True),
        ("javascript:alert(1)", False),
        ("https://acme.example/a b", False),
        ("https://acme.example/\nBcc: x", False),
        (None, False),
    ],
)
def test_only_a_web_address_is_a_link(address, kept):
    assert bool(link(address)) is kept


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("Staff Engineer (m/w/d)", "Staff Engineer"),
        ("Staff Engineer (all genders)", "Staff Engineer"),
        ("Platform Lead position", "Platform Lead"),
        ("Senior .NET Developer", "Senior .NET Developer"),
        (None, ""),
    ],
)
def test_a_role_is_said_without_what_only_an_advert_needs(stated, said):
    assert role_name(stated) == said


def test_french_signs_stay_with_their_word():
    assert typeset("Est-ce bon ? Je te appelle : oui.", "fr") == (
        "Est-ce bon\u00a0? Je t'appelle\u00a0: oui."
    )
    assert typeset("Is it ? yes", "en") == "Is it ? yes"


DANA = Reference(
    name="Dana Cole",
    relationship="former manager at Globex, 2019-2022",
    can_speak_to=("mentoring", "led the billing migration", "wrote the on-call handbook."),
)


def test_what_suits_the_role_is_mentioned_first():
    payments = Process(key="a", company="A", role="Billing Engineer")
    coach = Process(key="b", company="B", role="Engineering Manager", points=("mentoring juniors",))
    assert talking_points(DANA, [payments])[0] == "led the billing migration"
    assert talking_points(DANA, [coach])[0] == "mentoring"
    assert talking_points(DANA, [], most=2) == ("mentoring", "led the billing migration")
    assert closeness("led the billing migration", "gardener") == 0


def test_a_scene_is_something_they_saw_being_done():
    assert scene(("mentoring", "Led the billing migration")) == "led the billing migration"
    assert scene(("detailed plans for teams", "API design")) == ""


@pytest.mark.parametrize(
    ("relationship", "where"),
    [
        ("former manager at Globex, 2019-2022", "Globex"),
        ("my team lead at Acme Robotics 2019", "Acme Robotics"),
        ("Kollegin bei Siemens", "Siemens"),
        ("client at Globex", ""),
        ("professor", ""),
        (None, ""),
    ],
)
def test_a_common_time_is_only_what_the_relationship_says(relationship, where):
    assert together(Reference(name="X", relationship=relationship)) == where


def test_years_are_taken_from_the_relationship():
    assert years(DANA) == ("2019", "2022")
    assert years(Reference(name="X", relationship="manager at Globex since 2019")) is None


def test_a_text_stands_only_in_a_sentence_of_its_language():
    assert speaks("led the billing migration", "en")
    assert not speaks("led the billing migration", "de")
    assert not speaks("Leitung der Migration und Betrieb", "en")
    assert speaks("mentoring", "it")
