"""How the user greets and closes a letter of their own, and how the two address each other."""

from __future__ import annotations

import re

from vouchd.rules.reading.people import fold
from vouchd.rules.reading.view import View

_LONGEST_GREETING = 40  #: characters of a line of its own
_LONGEST_CLOSING = 4  #: words before the name


def manners(view: View) -> tuple[str | None, str | None]:
    """Return greeting and closing of a mail to one person: "Hey Dee,", "Cheers,".

    Both stay as they are written; what is worked into a sentence is none, nor is a letter to two.
    """
    called = _called(view)
    if not called:
        return None, None
    lines = [line.strip() for line in view.message.text.splitlines()]
    said = [line for line in lines if line and not line.startswith(">")]
    return _greeting(said, called), _closing(said, view.book.me.name, view.language.code)


def _called(view: View) -> tuple[str, ...]:
    """Return the names of the one person the user writes to; none where there are several."""
    message = view.message
    others = [a for a in message.to if a.email not in view.book.me.emails]
    if not message.sent or len(view.people) > 1:
        return ()
    if view.people:
        person = next(p for p in view.book.people if p.name == view.people[0])
        return (person.name, *person.nicknames)
    return (others[0].name,) if len(others) == 1 and others[0].name else ()


def register(view: View) -> bool | None:
    """Return whether the new words keep the forms of courtesy: "Ihnen" or "dir"; None: neither.

    A word that begins a sentence is not counted: "Sie" there may be anybody.
    """
    language = view.language
    if not (language.polite or language.familiar):
        return None
    polite = familiar = 0
    for sentence in view.new.sentences:
        words = re.findall(r"[^\W\d_]+", sentence.raw)
        polite += sum(word in language.polite for word in words[1:])
        familiar += sum(word.lower() in language.familiar for word in words)
    return None if polite == familiar else polite > familiar


#: What fits one day or one hour, in all languages at once: the next letter goes out on another.
_OF_THE_DAY = re.compile(
    r"\b(?:weekend|week-end|wochenende|fin de semana|fim de semana|fine settimana|weekeinde"
    r"|christmas|new year|easter|holidays?|vacations?|weihnacht\w*|neue[sn] jahr|ostern?|urlaub"
    r"|feierabend|noël|année|pâques|vacances|navidad|año|pascua|vacaciones|natal|ano novo|páscoa"
    r"|férias|natale|anno|pasqua|vacanze|kerst\w*|nieuwjaar|pasen|vakantie"
    r"|morning|afternoon|evening|night|tomorrow|morgen|abend|nachmittag|bonsoir|soirée|journée"
    r"|buen[oa]s (?:días|tardes|noches)|bo[ma] (?:dia|tarde|noite)|buon(?:giorno|asera| pomeriggio)"
    r"|goedemorgen|goedemiddag|goedenavond|avond|middag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|get well|good luck|gute besserung)\b"
    r"|週末|年末|年始|お正月",
    re.IGNORECASE,
)


def _greeting(lines: list[str], called: tuple[str, ...]) -> str | None:
    first = lines[0] if lines else ""
    names = {fold(word) for name in called for word in name.split()}
    words = set(re.findall(r"[\w'’-]+", fold(first)))
    alone = len(first) <= _LONGEST_GREETING and not re.search(r"[,!:.]\s+\S", first)
    usual = alone and names & words and first[-1] in ",!:.–-"
    return first if usual and not _OF_THE_DAY.search(first) else None


def _closing(lines: list[str], me: str, language: str) -> str | None:
    """Return the words over the user's name, or before it on one line."""
    names = {fold(name) for name in (me, *me.split()[:1])}
    for before, line in zip(["", *lines], lines, strict=False):
        name = fold(line.rstrip(".,! "))
        if name in names:
            return before if _closes(before, language) else None
        sentence, comma, rest = line.rpartition(", ")
        closing = re.split(r"[.!?]\s+", sentence)[-1] + ","
        if comma and fold(rest.rstrip(".,! ")) in names and _closes(closing, language):
            return closing
    return None


def _closes(line: str, language: str) -> bool:
    if not 0 < len(line.split()) <= _LONGEST_CLOSING or _OF_THE_DAY.search(line):
        return False
    # In German and others a closing on a line of its own stands bare (DIN 5008).
    return line.endswith((",", "!")) or (language != "en" and line[-1].isalpha())
