"""Dates, counts and lists in the words of a language, and values of strangers made harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """What a language needs for dates and lists; `{d}` day, `{m}` month, `{y}` year, `{w}` weekday.

    `on_…` forms carry their preposition or article, the others stand alone.
    """

    both: str  #: the word between the last two of a list
    days: tuple[str, ...]  #: Monday first
    months: tuple[str, ...]
    on_weekday: str
    on_date: str
    full: str  #: weekday and date
    on_full: str
    date: str  #: the date alone
    year: str  #: put behind a date of another year
    ordinals: tuple[str, ...]  #: for "the … time", from the first to the tenth
    counts: tuple[str, ...]  #: from one to ten
    first: str = ""  #: how the first of a month is written, where that differs


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TONGUES = {
    "en": Tongue(
        both="and",
        days=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        months=_words(
            "January February March April May June July August September October November December"
        ),
        on_weekday="on {w}",
        on_date="on {d} {m}",
        full="{w}, {d} {m}",
        on_full="on {w}, {d} {m}",
        date="{d} {m}",
        year=" {y}",
        ordinals=_words("first second third fourth fifth sixth seventh eighth ninth tenth"),
        counts=_words("one two three four five six seven eight nine ten"),
    ),
    "de": Tongue(
        both="und",
        days=_words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        months=_words(
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
        ),
        on_weekday="am {w}",
        on_date="am {d}. {m}",
        full="{w}, {d}. {m}",
        on_full="am {w}, {d}. {m}",
        date="{d}. {m}",
        year=" {y}",
        ordinals=_words("erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte"),
        counts=_words("eins zwei drei vier fünf sechs sieben acht neun zehn"),
    ),
    "fr": Tongue(
        both="et",
        days=_words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        months=_words(
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
        ),
        on_weekday="{w}",
        on_date="le {d} {m}",
        full="{w} {d} {m}",
        on_full="le {w} {d} {m}",
        date="{d} {m}",
        year=" {y}",
        ordinals=_words(
            "première deuxième troisième quatrième cinquième sixième septième huitième neuvième"
            " dixième"
        ),
        counts=_words("un deux trois quatre cinq six sept huit neuf dix"),
        first="1er",
    ),
    "es": Tongue(
        both="y",
        days=_words("lunes martes miércoles jueves viernes sábado domingo"),
        months=_words(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
            " diciembre"
        ),
        on_weekday="el {w}",
        on_date="el {d} de {m}",
        full="{w} {d} de {m}",
        on_full="el {w} {d} de {m}",
        date="{d} de {m}",
        year=" de {y}",
        ordinals=_words("primera segunda tercera cuarta quinta sexta séptima octava novena décima"),
        counts=_words("una dos tres cuatro cinco seis siete ocho nueve diez"),
    ),
    "nl": Tongue(
        both="en",
        days=_words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        months=_words(
            "januari februari maart april mei juni juli augustus september oktober november"
            " december"
        ),
        on_weekday="op {w}",
        on_date="op {d} {m}",
        full="{w} {d} {m}",
        on_full="op {w} {d} {m}",
        date="{d} {m}",
        year=" {y}",
        ordinals=_words("eerste tweede derde vierde vijfde zesde zevende achtste negende tiende"),
        counts=_words("één twee drie vier vijf zes zeven acht negen tien"),
    ),
    "pt": Tongue(
        both="e",
        days=_words(
            "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"
        ),
        months=_words(
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
            " dezembro"
        ),
        on_weekday="{na} {w}",
        on_date="no dia {d} de {m}",
        full="{w}, {d} de {m}",
        on_full="{na} {w}, {d} de {m}",
        date="{d} de {m}",
        year=" de {y}",
        ordinals=_words("primeira segunda terceira quarta quinta sexta sétima oitava nona décima"),
        counts=_words("uma duas três quatro cinco seis sete oito nove dez"),
    ),
    "it": Tongue(
        both="e",
        days=_words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        months=_words(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
            " dicembre"
        ),
        on_weekday="{w}",
        on_date="{il}{d} {m}",
        full="{w} {d} {m}",
        on_full="{w} {d} {m}",
        date="{d} {m}",
        year=" {y}",
        ordinals=_words("prima seconda terza quarta quinta sesta settima ottava nona decima"),
        counts=_words("una due tre quattro cinque sei sette otto nove dieci"),
        first="1º",
    ),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """A language as one letter uses it; `anchor` is the day on which the letter is read."""

    language: str
    anchor: date
    month_first: bool = False  #: "March 3", as in the United States

    @property
    def tongue(self) -> Tongue:
        """The tables of the language, of English where we have none."""
        return TONGUES.get(self.language.partition("-")[0], TONGUES[FALLBACK])

    def on(self, day: date) -> str:
        """Return "on Tuesday" for a day of the week before, "on 3 March" for others.

        Empty for the day of the letter itself and later ones: "on Tuesday" is odd on a Tuesday.
        """
        ago = (self.anchor - day).days
        if ago <= 0:
            return ""
        return self._put(self.tongue.on_weekday if ago < 7 else self.tongue.on_date, day, ago < 7)

    def full(self, day: date) -> str:
        """Return "Thursday, 12 March"."""
        return self._put(self.tongue.full, day)

    def on_full(self, day: date) -> str:
        """Return "on Thursday, 12 March"."""
        return self._put(self.tongue.on_full, day)

    def bare(self, day: date) -> str:
        """Return "12 March"."""
        return self._put(self.tongue.date, day)

    def month(self, day: date, *, short: bool = False) -> str:
        """Return "March 2023"; `short` leaves out the year where there is no doubt."""
        month = self.tongue.months[day.month - 1]
        near = short and abs((day - self.anchor).days) < 300
        return month if near else month + self.tongue.year.format(y=day.year)

    def ordinal(self, number: int) -> str:
        """Return "third" for 3; empty beyond the tenth."""
        return _nth(self.tongue.ordinals, number)

    def count(self, number: int) -> str:
        """Return "three" for 3; empty beyond ten."""
        return _nth(self.tongue.counts, number)

    def ands(self, things: Sequence[str]) -> str:
        """Return "a, b and c"."""
        if len(things) < 2:
            return "".join(things)
        both = self.tongue.both
        if both == "y" and re.match(r"(?i)h?i(?!a|e|o|u)", things[-1]):
            both = "e"  # "Globex e Initech"
        return f"{', '.join(things[:-1])} {both} {things[-1]}"

    def _put(self, form: str, day: date, yearless: object = None) -> str:
        if self.month_first and self.tongue is TONGUES["en"]:
            form = form.replace("{d} {m}", "{m} {d}")
        if not yearless and abs((day - self.anchor).days) > 300:
            form += ", {y}" if form.endswith("{m} {d}") else self.tongue.year
        return form.format(
            w=self.tongue.days[day.weekday()],
            d=self.tongue.first if day.day == 1 and self.tongue.first else day.day,
            m=self.tongue.months[day.month - 1],
            y=day.year,
            na="no" if day.weekday() > 4 else "na",
            il="l'" if day.day in (8, 11) else "il ",
        )


def _nth(words: tuple[str, ...], number: int) -> str:
    return words[number - 1] if 0 < number <= len(words) else ""


def typeset(text: str, language: str) -> str:
    """Return a text with the small signs of its language.

    French: "?" stays on the line of its word, "te" loses its vowel before another.
    """
    if language.partition("-")[0] != "fr":
        return text
    elided = re.sub(r"\bte (?=[aeiouyàâéèêîôû])", "t'", text)
    return re.sub(r"(?<=\S) (?=[?!:;»])", "\u00a0", elided)


def safe(value: str, *, most: int = 120) -> str:
    """Return a value of a stranger's on one line, without what steers a terminal, an eye, a page.

    Control and format characters (bidi overrides, zero-width ones) go, line ends become blanks,
    and what is longer than `most` characters ends at a word with an ellipsis.
    """
    kept = "".join(_visible(char) for char in unicodedata.normalize("NFC", value))
    # Calendars show a description as HTML: these look alike and open no tag.
    line = " ".join(kept.split()).replace("<", "‹").replace(">", "›")
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-") + "…"


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zl", "Zp", "Zs") or char in "\t\r\n\v\f\x85":
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def link(value: str | None) -> str:
    """Return a web address that can be put into a letter, or nothing."""
    found = re.fullmatch(r"https?://[!-~\u00a1-\uffff]{3,500}", safe(value or "", most=600))
    return found.group() if found else ""


_GENDERS = re.compile(
    r"\s*[(\[](?:(?:[mwfdxhgvai]|all genders|divers|gn)\s*[/|,*]?\s*)+[)\]]|\s*\*in\b",
    re.IGNORECASE,
)
_POST = re.compile(r"\s+(?:role|position|job)$", re.IGNORECASE)


def role_name(value: str | None) -> str:
    """Return a role as people say it: without "(m/w/d)" and without "position" behind it."""
    bare = _GENDERS.sub("", safe(value or "", most=80))
    return _POST.sub("", bare).strip(" -–|,")
