"""What a machine can check of a letter, by language: stale phrases, thanks, register."""

from __future__ import annotations

import re


def _any(phrases: str) -> re.Pattern[str]:
    joined = "|".join(" ".join(phrase.split()) for phrase in phrases.split("|"))
    return re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)


#: Phrases that are stale, pushy or made by a machine.
STOP = {
    "en": _any(
        """hope this finds|trust you are well|writing to|wanted to reach out|circle back|touch base
        |checking in|gentle reminder|following up|as you may recall|as you know|words cannot
        |bottom of my heart|deeply|truly|incredibly|immensely|invaluable|instrumental|pivotal
        |unwavering|means the world|testament|journey|chapter|next step in my career|thrilled
        |excited|honored|humbled|earliest convenience|hesitate|thank you in advance
        |thanks in advance|how busy you are|esteemed|moreover|furthermore|additionally|crucial
        |valuable|feel free|kindly|everything depends|only you can|owe you everything"""
    ),
    "de": _any(
        """ich hoffe, (?:diese|es geht)|wohlauf|hiermit|anbei|bezüglich|bezugnehmend|wertvoll\\w*
        |unschätzbar\\w*|zögern|im voraus|spannend\\w*|herausforderung|reise|kapitel|verbleibe
        |möchte mich herzlich bedanken|gerne? zur verfügung|mfg|von ganzem herzen|zutiefst
        |unendlich"""
    ),
    "fr": _any(
        """j'espère que (?:ce|vous|tu)|je me permets|profonde gratitude|précieux|n'hésite\\w*
        |hésitez
        |par avance|d'avance|nouvelle aventure|cela me tient à c(?:œ|oe)ur|suite à|cdt|aventure
        |du fond du c(?:œ|oe)ur|sincèrement|infiniment"""
    ),
    "es": _any(
        """espero que (?:este|se|te)|me pongo en contacto con usted para|sincero agradecimiento
        |inestimable|no dude\\w*|de antemano|nueva etapa|un placer saludarle|aventura|de corazón
        |enormemente|infinitamente"""
    ),
    "nl": _any(
        """ik hoop dat deze|hierbij|bij dezen|middels|hartelijk danken|onmisbaar|onmisbare
        |aarzel\\w*
        |alvast|uitdaging|avontuur|uit de grond van mijn hart|ontzettend|enorm"""
    ),
    "pt": _any(
        """espero que esta|venho por este meio|através desta|profunda gratidão|inestimável
        |não hesit\\w*|desde já|desafio|jornada|aventura|do fundo do coração|imensamente"""
    ),
    "it": _any(
        """spero che (?:questa|lei)|con la presente|le scrivo per|sincera gratitudine|prezios\\w*
        |non esit\\w*|anticipatamente|avventura|sfida|dal profondo del cuore|immensamente"""
    ),
}
#: One match is one thanks.
THANKS = {
    "en": _any(r"thank(?:s|ed)?|grateful|appreciat\w+"),
    "de": _any(r"danke|dank|dankbar|dankte"),
    "fr": _any(r"merci|mercis|remercie|reconnaissant\w*"),
    "es": _any(r"gracias|agradezco|agradecid\w+"),
    "nl": _any(r"dank|dankbaar|bedankt|bedank"),
    "pt": _any(r"agradeço(?:-[ao]s?)?|agradecimento|obrigad[oa]"),
    "it": _any(r"grazie|ringrazio|grat[oa]"),
}
INTENSIFIERS = {
    "en": _any("very|really|extremely|hugely|so much|greatly|sincerely|enormously|amazing"),
    "de": _any("sehr|wirklich|äußerst|unglaublich|total|absolut|außerordentlich|völlig"),
    "fr": _any("très|vraiment|extrêmement|tellement|énormément|absolument"),
    "es": _any("muy|realmente|sumamente|muchísim[oa]s?|tan"),
    "nl": _any("heel|erg|zeer|echt|bijzonder|ontzettend"),
    "pt": _any("muito|realmente|muitíssimo|extremamente|imenso"),
    "it": _any("molto|davvero|veramente|estremamente|moltissimo"),
}
#: Words that do not belong to a formal letter, and to a familiar one.
NOT_FORMAL = {
    "de": _any(r"du|dir|dich|dein\w*"),
    "fr": _any(r"tu|te|toi|ton|ta|tes|dis-moi|envoie-moi"),
    "es": _any(r"tú|te|ti|tu|tus|contigo|tuy[oa]|dime|dímelo"),
    "nl": _any(r"je|jij|jou|jouw"),
    "pt": _any(r"tu|te|ti|teus?|tuas?|contigo|manda-me"),
    "it": _any(r"tu|ti|te|tuo|tua|tuoi|tue|dimmi|dimmelo|mandami"),
}
NOT_FAMILIAR = {
    "de": re.compile(r"\b(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)\b"),
    "fr": _any(r"vous|votre|vos|dites-moi|envoyez-moi"),
    "es": _any(r"usted|dígame|dígamelo|mándeme"),
    "nl": _any(r"u|uw"),
    "pt": _any(r"diga-me|mande-me|o senhor|a senhora|você"),
    "it": re.compile(r"\b(?:Lei|Suo|Sua|Suoi|Sue|Gliela|mi dica|me lo dica|mi mandi)\b"),
}
