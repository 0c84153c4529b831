"""How and when a person wants to be reached, in the words of each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from vouchd.rules.letters.wording import Speech

#: By phone, by mail, after an hour, from a day, until a day.
_WORDS: Mapping[str, tuple[str, str, str, str, str]] = {
    "en": ("best by phone", "best by e-mail", "after {}", "from {}", "until {}"),
    "de": ("am besten telefonisch", "am besten per E-Mail", "nach {} Uhr", "ab {}", "bis {}"),
    "fr": ("de préférence par téléphone", "de préférence par e-mail", "après {}", "à partir du {}",
           "jusqu'au {}"),
    "es": ("mejor por teléfono", "mejor por correo", "a partir de las {}", "a partir del {}",
           "hasta el {}"),
    "nl": ("liefst telefonisch", "liefst per e-mail", "na {} uur", "vanaf {}", "tot en met {}"),
    "pt": ("de preferência por telefone", "de preferência por e-mail", "depois das {}",
           "a partir de {}", "até {}"),
    "it": ("preferibilmente per telefono", "preferibilmente per e-mail", "dopo le {}",
           "a partire dal {}", "fino al {}"),
}  # fmt: skip


def reach(terms: Iterable[str], speech: Speech) -> str:
    """Return the wishes of a yes on one line, in the order of the sentence; empty: none.

    `terms` are those of a signal: "by:phone", "after:17:00", "from:2026-09-01". A day from which
    on they are free says nothing any more once it has come.
    """
    phone, mail, after, first, last = _WORDS.get(speech.language.partition("-")[0], _WORDS["en"])
    said: dict[str, str] = {}
    for term in terms:
        kind, _, value = term.partition(":")
        if kind == "by":
            said[kind] = phone if value == "phone" else mail
        elif kind == "after":
            said[kind] = after.format(value)
        elif kind == "from" and date.fromisoformat(value) > speech.anchor:
            said[kind] = first.format(speech.bare(date.fromisoformat(value)))
        elif kind == "until":
            said[kind] = last.format(speech.bare(date.fromisoformat(value)))
    return ", ".join(said[kind] for kind in ("by", "after", "from", "until") if kind in said)


def by_mail_alone(terms: Iterable[str]) -> bool:
    """Whether the person wants no calls, so that no number is given away."""
    return "by:mail" in terms
