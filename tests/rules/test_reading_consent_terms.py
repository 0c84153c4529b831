"""How a yes or a no is meant, read in every language: for whom, how long, how to reach them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.readingbook import read
from vouchd.rules.model import Signal, SignalKind

ASKED = {
    "de": "Am 2. März 2026 schrieb Sam Rivera:\n> Hallo Dana,\n> dürfte ich dich als Referenz "
    "angeben? Ich bewerbe mich bei Acme Robotics.\n",
    "fr": "Le 2 mars 2026, Sam Rivera a écrit :\n> Bonjour Dana,\n> accepterais-tu d'être ma "
    "référence ? Je postule chez Acme Robotics.\n",
    "es": "El 2 de marzo de 2026, Sam Rivera escribió:\n> Hola, Dana:\n> ¿Podría darte como "
    "referencia? Me presento a un puesto en Acme Robotics.\n",
    "nl": "Op 2 maart 2026 schreef Sam Rivera:\n> Hoi Dana,\n> mag ik je als referentie opgeven? "
    "Ik solliciteer bij Acme Robotics.\n",
    "pt": "Em 2 de março de 2026, Sam Rivera escreveu:\n> Olá, Dana,\n> posso indicar-te como "
    "referência? Estou a candidatar-me à Acme Robotics.\n",
    "it": "Il 2 marzo 2026 Sam Rivera ha scritto:\n> Ciao Dana,\n> posso indicarti come referenza? "
    "Mi candido da Acme Robotics.\n",
    "en": "On Mon, 2 Mar 2026 Sam Rivera wrote:\n> Hi Dana,\n> would you be a reference for me? "
    "I am applying to Acme Robotics.\n",
    "ja": "2026年3月2日 Sam Rivera:\n> 推薦者としてお名前を挙げてもよろしいでしょうか。"
    "Acme Roboticsに応募しています。\n",
}
HERE, OTHERS = "this_application", "yes_to_others"


def answer(language: str, text: str) -> Signal:
    """What the answer to the request of that language is read as; there is one signal only."""
    found = read(
        f"{text}\n\nDana\n\n{ASKED[language]}",
        "Re: Referenz",
        "Dana Cole <dana.cole@initech.example>",
        at=datetime(2026, 3, 3, 9, tzinfo=UTC),
    )
    acted = [s for s in found.signals if s.decision == "act"]
    assert len(acted) == 1, (found.language, [(s.kind, s.confidence) for s in found.signals])
    return acted[0]


YES = [
    ("de", "Hallo Sam,\nja gern, du kannst mich jederzeit nennen.", ()),
    ("de", "Lieber Sam,\ngern, aber bitte nur für diese Stelle.", (HERE,)),
    ("de", "Hallo Sam,\nja, das mache ich gern, allerdings nur für Acme Robotics.", (HERE,)),
    ("de", "Hi Sam,\nfür Acme gerne, aber bitte nicht für andere Firmen.", (HERE,)),
    ("de", "Moin Sam,\nklar, gern! Das gilt bis Juni, danach bin ich in Rente.",
     ("until:2026-06-30",)),
    ("de", "Lieber Sam,\nselbstverständlich dürfen Sie mich angeben, bis zum 15. Mai bin ich noch "
     "in der Firma.", ("until:2026-05-15",)),
    ("de", "Hallo Sam,\nja gern. Meine Zusage gilt bis Ende des Jahres.", ("until:2026-12-31",)),
    ("de", "Hallo Sam,\nsehr gern. Bitte abends nach fünf anrufen.", ("after:17:00",)),
    ("de", "Hallo Sam,\ngern! Die können mich ab 17.30 Uhr auf dem Handy erreichen.",
     ("after:17:30",)),
    ("de", "Hallo Sam,\ngern, ab halb sechs bin ich am besten zu erreichen.", ("after:17:30",)),
    ("de", "Hallo Sam,\nja, gern. Am liebsten telefonisch, schreiben liegt mir nicht.",
     ("by:phone",)),
    ("de", "Hallo Sam,\ngern, am besten per Mail, ich sitze ständig in Besprechungen.",
     ("by:mail",)),
    ("de", "Hallo Sam,\ngern stehe ich als Referenz zur Verfügung. Ich bin bis zum 3. August in "
     "Elternzeit, danach können sie sich melden.", ("from:2026-08-03",)),
    ("de", "Hallo Sam,\ngerne, aber erst ab September.", ("from:2026-09-01",)),
    ("de", "Hallo Sam,\nnatürlich gern, nach fünf Jahren Zusammenarbeit sowieso!", ()),
    ("de", "Hallo Sam,\nja gern, für diese Stelle und auch für andere.", ()),
    ("fr", "Bonjour Sam,\noui, avec plaisir, tu peux donner mon nom.", ()),
    ("fr", "Bonjour Sam,\navec plaisir, mais uniquement pour cette candidature.", (HERE,)),
    ("fr", "Bonjour Sam,\noui bien sûr, mais seulement pour Acme Robotics.", (HERE,)),
    ("fr", "Salut Sam,\nd'accord pour Acme, avec plaisir, mais pas pour d'autres entreprises.",
     (HERE,)),
    ("fr", "Bonjour Sam,\nbien volontiers, jusqu'à fin juin ; ensuite je pars à la retraite.",
     ("until:2026-06-30",)),
    ("fr", "Bonjour Sam,\noui, volontiers, je reste votre référence jusqu'au 15 mai.",
     ("until:2026-05-15",)),
    ("fr", "Bonjour Sam,\navec plaisir. Qu'ils m'appellent après 17 heures.", ("after:17:00",)),
    ("fr", "Salut Sam,\nbien sûr ! Le soir, à partir de 18h30, c'est parfait.", ("after:18:30",)),
    ("fr", "Bonjour Sam,\noui, volontiers. Je préfère par téléphone.", ("by:phone",)),
    ("fr", "Bonjour Sam,\navec grand plaisir, de préférence par e-mail.", ("by:mail",)),
    ("fr", "Bonjour Sam,\nvolontiers, mais pas avant septembre.", ("from:2026-09-01",)),
    ("fr", "Bonjour Sam,\noui avec plaisir, je suis en congé jusqu'au 3 août et joignable ensuite.",
     ("from:2026-08-03",)),
    ("es", "Hola, Sam:\nClaro que sí, puedes dar mi nombre cuando quieras.", ()),
    ("es", "Hola, Sam:\nEncantada, pero solo para esta empresa.", (HERE,)),
    ("es", "Hola, Sam:\nSí, con mucho gusto, aunque únicamente para Acme Robotics.", (HERE,)),
    ("es", "Hola, Sam:\nPara Acme, encantada, pero no para otras empresas, por favor.", (HERE,)),
    ("es", "Hola, Sam:\nPor supuesto, cuenta conmigo como referencia hasta finales de junio.",
     ("until:2026-06-30",)),
    ("es", "Hola, Sam:\nClaro, encantada, hasta el 15 de mayo.", ("until:2026-05-15",)),
    ("es", "Hola, Sam:\nCon gusto. Que me llamen después de las cinco, por favor.",
     ("after:17:00",)),
    ("es", "Hola, Sam:\nEncantada. Mejor a partir de las 18:00.", ("after:18:00",)),
    ("es", "Hola, Sam:\nPor supuesto. Prefiero que me llamen por teléfono.", ("by:phone",)),
    ("es", "Hola, Sam:\nEncantada, mejor por correo, paso el día reunida.", ("by:mail",)),
    ("es", "Hola, Sam:\nClaro que sí, pero a partir de septiembre.", ("from:2026-09-01",)),
    ("es", "Hola, Sam:\nSí, claro. Estoy de baja hasta el 3 de agosto, pero después cuenta "
     "conmigo como referencia.", ("from:2026-08-03",)),
    ("nl", "Hoi Sam,\nja hoor, graag, je mag me altijd opgeven.", ()),
    ("nl", "Hoi Sam,\ngraag, maar alleen voor deze sollicitatie.", (HERE,)),
    ("nl", "Beste Sam,\nja, met plezier, maar uitsluitend voor Acme Robotics.", (HERE,)),
    ("nl", "Hoi Sam,\nvoor Acme graag, maar niet voor andere bedrijven.", (HERE,)),
    ("nl", "Hoi Sam,\nnatuurlijk, je mag me als referentie noemen tot eind juni.",
     ("until:2026-06-30",)),
    ("nl", "Hoi Sam,\nja graag, tot en met 15 mei.", ("until:2026-05-15",)),
    ("nl", "Hoi Sam,\ngraag gedaan. Ze kunnen me 's avonds na vijven bellen.", ("after:17:00",)),
    ("nl", "Hoi Sam,\nprima! Na half zes ben ik bereikbaar.", ("after:17:30",)),
    ("nl", "Hoi Sam,\nnatuurlijk wil ik je referentie zijn. Liefst telefonisch.", ("by:phone",)),
    ("nl", "Hoi Sam,\ngraag, maar het liefst per mail.", ("by:mail",)),
    ("nl", "Hoi Sam,\nja graag, maar pas vanaf september.", ("from:2026-09-01",)),
    ("pt", "Olá, Sam,\nclaro que sim, podes dar o meu nome.", ()),
    ("pt", "Olá, Sam,\ncom todo o gosto, mas só para esta empresa.", (HERE,)),
    ("pt", "Olá, Sam,\nclaro, com prazer, mas apenas para a Acme Robotics.", (HERE,)),
    ("pt", "Oi, Sam,\npara a Acme, com prazer, mas não para outras empresas.", (HERE,)),
    ("pt", "Olá, Sam,\ncom certeza, conta comigo como referência até ao fim de junho.",
     ("until:2026-06-30",)),
    ("pt", "Olá, Sam,\nclaro que sim, até 15 de maio.", ("until:2026-05-15",)),
    ("pt", "Olá, Sam,\ncom gosto. Liguem-me depois das 17h30.", ("after:17:30",)),
    ("pt", "Olá, Sam,\nclaro, com prazer. Podem ligar-me depois das cinco da tarde.",
     ("after:17:00",)),
    ("pt", "Olá, Sam,\ncom muito gosto. Prefiro por telefone.", ("by:phone",)),
    ("pt", "Olá, Sam,\ncom muito gosto, de preferência por e-mail.", ("by:mail",)),
    ("pt", "Olá, Sam,\nclaro que sim, mas só a partir de setembro.", ("from:2026-09-01",)),
    ("it", "Ciao Sam,\ncerto, volentieri, fai pure il mio nome.", ()),
    ("it", "Ciao Sam,\nvolentieri, ma solo per questa azienda.", (HERE,)),
    ("it", "Ciao Sam,\nsì, con piacere, ma esclusivamente per Acme Robotics.", (HERE,)),
    ("it", "Ciao Sam,\nper Acme volentieri, ma non per altre aziende.", (HERE,)),
    ("it", "Ciao Sam,\ncerto, puoi indicarmi come referenza fino a fine giugno.",
     ("until:2026-06-30",)),
    ("it", "Ciao Sam,\nvolentieri, fino al 15 maggio.", ("until:2026-05-15",)),
    ("it", "Ciao Sam,\ncon piacere. Mi chiamino dopo le cinque.", ("after:17:00",)),
    ("it", "Ciao Sam,\nvolentieri! Dalle 18:30 mi trovano a casa.", ("after:18:30",)),
    ("it", "Ciao Sam,\ncon piacere, preferibilmente per telefono.", ("by:phone",)),
    ("it", "Ciao Sam,\nvolentieri, meglio via mail.", ("by:mail",)),
    ("it", "Ciao Sam,\ncerto, volentieri, ma solo a partire da settembre.", ("from:2026-09-01",)),
    ("ja", "Samさん\n喜んでお引き受けします。ただし、この会社だけにしてください。", (HERE,)),
    ("ja", "Samさん\n喜んでお引き受けします。6月末までなら対応できます。", ("until:2026-06-30",)),
    ("ja", "Samさん\nもちろん喜んで推薦します。電話は17時以降にお願いします。", ("after:17:00",)),
    ("ja", "Samさん\n喜んで協力します。メールの方が助かります。", ("by:mail",)),
    ("en", "Hi Sam,\nYes to Acme, but not for others please.", (HERE,)),
    ("en", "Hi Sam,\nHappy to do it for Acme. Please don't give my name to anybody else though.",
     (HERE,)),
    ("en", "Hi Sam,\nGladly for Acme; for other companies, rather not.", (HERE,)),
    ("en", "Hi Sam,\nAcme, yes, with pleasure. Nobody else please, I am too busy.", (HERE,)),
    ("en", "Hi Sam,\nSure, use my name for Acme and for any other company too.", ()),
    ("en", "Hi Sam,\nHappy to be your reference for this one, and for others as well.", ()),
    ("en", "Hi Sam,\nYes, gladly, until mid-June.", ("until:2026-06-15",)),
    ("en", "Hi Sam,\nYes, happy to vouch for you until the end of the year.",
     ("until:2026-12-31",)),
    ("en", "Hi Sam,\nHappy to be your reference. I am on leave until the end of August.",
     ("from:2026-08-31",)),
    ("en", "Hi Sam,\nHappy to help as your reference, from 15 September on.",
     ("from:2026-09-15",)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "terms"), YES)
def test_how_a_yes_is_meant(language, text, terms):
    found = answer(language, text)
    assert (found.kind, found.terms) == (SignalKind.REFERENCE_AGREED, terms)


NO = [
    ("en", "Hi Sam,\nNot for this one, I am afraid, but gladly for others.", (HERE, OTHERS)),
    ("en", "Hi Sam,\nI can't be a reference for Acme, they are a client. Happy to for any other "
     "company.", (HERE, OTHERS)),
    ("en", "Hi Sam,\nNot for Acme, sorry. For other companies: any time.", (HERE, OTHERS)),
    ("en", "Hi Sam,\nI would rather not for this role. Anything else, of course!", (HERE, OTHERS)),
    ("en", "Hi Sam,\nI have to pass on this one. Next time, gladly.", (HERE, OTHERS)),
    ("en", "Hi Sam,\nI have to pass on this one.", (HERE,)),
    ("en", "Hi Sam,\nI am sorry, I cannot be your reference.", ()),
    ("de", "Hallo Sam,\nfür diese Stelle leider nicht, für andere Firmen jederzeit gern.",
     (HERE, OTHERS)),
    ("de", "Hallo Sam,\nbei Acme kann ich leider nicht als Referenz dienen, die sind unser Kunde. "
     "Bei anderen Firmen: sehr gern.", (HERE, OTHERS)),
    ("de", "Lieber Sam,\ndiesmal muss ich leider passen. Beim nächsten Mal gern.", (HERE, OTHERS)),
    ("de", "Lieber Sam,\nleider kann ich nicht als Referenz zur Verfügung stehen.", ()),
    ("de", "Lieber Sam,\nich kann mich nur noch dunkel an unser Projekt erinnern.", ("lukewarm",)),
    ("fr", "Bonjour Sam,\npas pour cette candidature, désolée ; pour toute autre entreprise, avec "
     "plaisir.", (HERE, OTHERS)),
    ("fr", "Bonjour Sam,\nje préfère ne pas être citée pour ce poste. Une autre fois, volontiers.",
     (HERE, OTHERS)),
    ("fr", "Bonjour Sam,\nje ne peux malheureusement pas être votre référence.", ()),
    ("fr", "Bonjour Sam,\nje ne me souviens que vaguement de notre projet.", ("lukewarm",)),
    ("es", "Hola, Sam:\nPara esta empresa prefiero que no, para cualquier otra, encantada.",
     (HERE, OTHERS)),
    ("es", "Hola, Sam:\nEsta vez no puedo dar referencias, lo siento. La próxima vez, con gusto.",
     (HERE, OTHERS)),
    ("es", "Hola, Sam:\nLo siento, no puedo ser tu referencia.", ()),
    ("es", "Hola, Sam:\nApenas recuerdo nuestro proyecto, ha pasado mucho tiempo.", ("lukewarm",)),
    ("nl", "Hoi Sam,\nvoor deze sollicitatie liever niet, voor andere bedrijven graag.",
     (HERE, OTHERS)),
    ("nl", "Hoi Sam,\nik kan helaas geen referentie voor je zijn.", ()),
    ("nl", "Hoi Sam,\nik herinner me ons project nog maar vaag, het is jaren geleden.",
     ("lukewarm",)),
    ("pt", "Olá, Sam,\npara esta empresa prefiro não, para outras empresas, com todo o gosto.",
     (HERE, OTHERS)),
    ("pt", "Olá, Sam,\ninfelizmente não posso ser a tua referência.", ()),
    ("pt", "Olá, Sam,\npouco me lembro do nosso projeto, já faz muito tempo.", ("lukewarm",)),
    ("it", "Ciao Sam,\nper questa azienda preferisco di no, per altre aziende volentieri.",
     (HERE, OTHERS)),
    ("it", "Ciao Sam,\nmi dispiace, non posso farti da referenza.", ()),
    ("it", "Ciao Sam,\nricordo poco del nostro progetto, è passato tanto tempo.", ("lukewarm",)),
    ("ja", "Samさん\n今回は競合のため遠慮させてください。他の会社でしたら喜んで協力します。",
     (HERE, OTHERS)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "terms"), NO)
def test_how_a_no_is_meant(language, text, terms):
    found = answer(language, text)
    assert (found.kind, found.terms) == (SignalKind.REFERENCE_DECLINED, terms)
