"""Illness, grief, leave and automatic replies are understood in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.readingbook import read
from vouchd.rules.model import ActKind

ABSENT = [
    (
        "de",
        "unwell",
        None,
        "Liebe(r) Sam,\n\nmeine Mutter ist letzte Woche gestorben, ich brauche etwas Zeit.\n\nDana",
    ),
    (
        "de",
        "unwell",
        None,
        "Hallo Sam,\n\nich bin seit einer Woche krank und liege im Bett.\n\nDana",
    ),
    (
        "de",
        "unwell",
        None,
        "Hallo Sam,\n\nwegen eines Trauerfalls in der Familie bin ich zurzeit nicht zu "
        "erreichen.\n\nDana",
    ),
    (
        "de",
        "away",
        date(2026, 8, 3),
        "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis zum 3. August 2026 "
        "im Urlaub und habe keinen Zugriff auf meine E-Mails.\n\nDana Cole",
    ),
    (
        "de",
        "away",
        date(2026, 8, 2),
        "Abwesenheitsnotiz: Ich bin vom 10. Juli bis einschließlich 2. August nicht im "
        "Büro.\n\nDana Cole",
    ),
    (
        "de",
        "away",
        None,
        "Hallo Sam,\n\nich bin gerade in Elternzeit und lese selten Mails.\n\nDana",
    ),
    (
        "fr",
        "unwell",
        None,
        "Bonjour Sam,\n\nmon père est décédé dimanche, je suis en deuil.\n\nDana",
    ),
    (
        "fr",
        "unwell",
        None,
        "Bonjour Sam,\n\nje suis malade depuis une semaine et au lit.\n\nDana",
    ),
    (
        "fr",
        "away",
        date(2026, 8, 3),
        "Bonjour,\n\nje suis absente du bureau jusqu'au 3 août 2026 et vous répondrai "
        "à mon retour.\n\nDana Cole",
    ),
    (
        "fr",
        "away",
        date(2026, 8, 3),
        "Réponse automatique : je suis en congé jusqu'au 3 août.\n\nDana Cole",
    ),
    (
        "fr",
        "away",
        None,
        "Bonjour Sam,\n\nje suis en congé maternité en ce moment.\n\nDana",
    ),
    (
        "es",
        "unwell",
        None,
        "Hola, Sam:\n\nMi madre falleció la semana pasada y necesito tiempo.\n\nDana",
    ),
    (
        "es",
        "unwell",
        None,
        "Hola, Sam:\n\nLlevo una semana enferma, en la cama con fiebre.\n\nDana",
    ),
    (
        "es",
        "away",
        date(2026, 8, 3),
        "Hola:\n\nEstoy de vacaciones hasta el 3 de agosto de 2026 y responderé a mi "
        "vuelta.\n\nDana Cole",
    ),
    (
        "es",
        "away",
        date(2026, 8, 3),
        "Respuesta automática: estaré fuera de la oficina hasta el 3 de agosto.\n\nDana Cole",
    ),
    (
        "es",
        "away",
        None,
        "Hola, Sam:\n\nEstoy de baja por maternidad y casi no leo el correo.\n\nDana",
    ),
    (
        "nl",
        "unwell",
        None,
        "Hoi Sam,\n\nmijn vader is vorige week overleden, ik heb even tijd nodig.\n\nDana",
    ),
    (
        "nl",
        "unwell",
        None,
        "Hoi Sam,\n\nik ben al een week ziek en lig in bed.\n\nDana",
    ),
    (
        "nl",
        "away",
        date(2026, 8, 3),
        "Beste,\n\nik ben tot en met 3 augustus 2026 met vakantie en lees mijn mail "
        "niet.\n\nDana Cole",
    ),
    (
        "nl",
        "away",
        None,
        "Automatisch antwoord: ik ben niet op kantoor en heb zwangerschapsverlof.\n\nDana Cole",
    ),
    (
        "pt",
        "unwell",
        None,
        "Olá, Sam,\n\no meu pai faleceu na semana passada, preciso de algum tempo.\n\nDana",
    ),
    (
        "pt",
        "unwell",
        None,
        "Olá, Sam,\n\nestou doente há uma semana, de cama.\n\nDana",
    ),
    (
        "pt",
        "away",
        date(2026, 8, 3),
        "Olá,\n\nestou de férias até 3 de agosto de 2026 e responderei no meu "
        "regresso.\n\nDana Cole",
    ),
    (
        "pt",
        "away",
        None,
        "Resposta automática: estou de licença de maternidade.\n\nDana Cole",
    ),
    (
        "it",
        "unwell",
        None,
        "Ciao Sam,\n\nmia madre è mancata la settimana scorsa, ho bisogno di tempo.\n\nDana",
    ),
    (
        "it",
        "unwell",
        None,
        "Ciao Sam,\n\nsono malata da una settimana, a letto con la febbre.\n\nDana",
    ),
    (
        "it",
        "away",
        date(2026, 8, 3),
        "Buongiorno,\n\nsono in ferie fino al 3 agosto 2026 e risponderò al mio "
        "rientro.\n\nDana Cole",
    ),
    (
        "it",
        "away",
        None,
        "Risposta automatica: sono in congedo di maternità.\n\nDana Cole",
    ),
    (
        "en",
        "unwell",
        None,
        "Hi Sam,\n\nI have been ill for a week and am still in bed.\n\nDana",
    ),
    (
        "en",
        "unwell",
        None,
        "Hi Sam,\n\nwe lost my father last week and I need some time.\n\nDana",
    ),
    (
        "en",
        "away",
        date(2026, 8, 3),
        "Hello,\n\nI am out of the office until 3 August 2026.\n\nDana Cole",
    ),
    (
        "ja",
        "unwell",
        None,
        "Samさん\n\n先週、母が亡くなりました。しばらく時間をください。\n\nDana",
    ),
    (
        "ja",
        "unwell",
        None,
        "Samさん\n\n一週間前から体調を崩して寝込んでいます。\n\nDana",
    ),
    (
        "ja",
        "away",
        date(2026, 8, 3),
        "自動返信です。8月3日まで休暇をいただいております。\n\nDana Cole",
    ),
]
THERE = [
    (
        "de",
        "Hallo Sam,\n\nschön, von dir zu hören! Im Sommer war ich im Urlaub am Meer, "
        "jetzt läuft alles wieder.\n\nDana",
    ),
    (
        "de",
        "Hallo Sam,\n\nmir geht es gut, die Kinder sind groß. Wann gehen wir einen "
        "Kaffee trinken?\n\nDana",
    ),
    (
        "fr",
        "Bonjour Sam,\n\ntout va bien ici, les enfants grandissent. Un café bientôt ?\n\nDana",
    ),
    (
        "es",
        "Hola, Sam:\n\nTodo bien por aquí, mucho trabajo. ¿Un café pronto?\n\nDana",
    ),
    (
        "it",
        "Ciao Sam,\n\nqui tutto bene, tanto lavoro. Un caffè presto?\n\nDana",
    ),
    (
        "nl",
        "Hoi Sam,\n\nhier gaat alles goed, veel werk. Snel eens koffie?\n\nDana",
    ),
    (
        "pt",
        "Olá, Sam,\n\npor aqui tudo bem, muito trabalho. Um café em breve?\n\nDana",
    ),
]
DANA = "Dana Cole <dana.cole@initech.example>"


@pytest.mark.parametrize(("language", "kind", "until", "text"), ABSENT)
def test_who_is_absent_and_until_when(language, kind, until, text):
    found = read(text, "Re: Sam", DANA, at=datetime(2026, 7, 10, 9, tzinfo=UTC))
    assert found.language == language
    assert (ActKind(kind), until) in {(act.kind, act.until) for act in found.acts}
    assert not [s for s in found.signals if s.kind == "reference_agreed"]


@pytest.mark.parametrize(("language", "text"), THERE)
def test_who_is_there_may_be_asked(language, text):
    found = read(text, "Re: Sam", DANA, at=datetime(2026, 10, 10, 9, tzinfo=UTC))
    assert found.language == language
    assert not {ActKind.UNWELL, ActKind.AWAY} & {act.kind for act in found.acts}
