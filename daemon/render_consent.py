"""The record of a person's consent: when they were asked, what they answered, by which message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from vouchd.daemon.render import one_line
from vouchd.rules.letters.reach import reach
from vouchd.rules.letters.wording import Speech
from vouchd.rules.model import ActKind
from vouchd.rules.playbook.consent import Answer, Consent, answer_of, answers
from vouchd.rules.playbook.scene import Scene
from vouchd.rules.world import Person, evidence_text


def consent_json(scene: Scene, person: Person, general: Consent) -> dict[str, Any]:
    """Return the answer in force, how it is meant, and all that was asked and answered."""
    until = _valid_until(scene, general)
    return {
        "consent": general.answer.value,
        "consent_at": general.at.isoformat() if general.at else None,
        "consent_by": general.word.reading.source if general.word else _by_file(general),
        "consent_terms": list(general.terms),
        "consent_until": until.date().isoformat() if until else None,
        "consent_holds": general.holds,
        "consents": [_entry(scene, *row) for row in _record(scene, person)],
    }


def consent_rows(scene: Scene, person: Person, general: Consent) -> list[str]:
    """Return the same as lines for people; the first says what is in force."""
    rows = [one_line(_in_force(scene, general))]
    for at, what, application, terms, source, text in _record(scene, person):
        said = f"{at.astimezone(scene.me.zone):%-d %b %Y}  {what}"
        title = _title(scene, application)
        wishes = _wishes(scene, at, terms)
        more = "; ".join(filter(None, (f"for {title}" if title else "", wishes)))
        quote = f' "{text}"' if text else ""
        rows.append(one_line(f"{said}{f' ({more})' if more else ''}:{quote} {source}"))
    return rows


def _in_force(scene: Scene, general: Consent) -> str:
    said = [general.answer.value]
    if general.at:
        said[0] += f" since {general.at.astimezone(scene.me.zone):%-d %b %Y}"
    if by := general.word.reading.source if general.word else _by_file(general):
        said[0] += f", by {by}"
    if wishes := _wishes(scene, scene.now, general.terms):
        said.append(wishes)
    if general.word and (where := _title(scene, general.word.application)):
        if "this_application" in general.terms:
            said[-1] = said[-1].replace("for this application only", f"for {where} only")
        elif "yes_to_others" in general.word.signal.terms:
            said.append(f"but not for {where}")
    if general.over:
        said.append("which is over: to be asked again")
    elif general.answer is Answer.YES and (until := _valid_until(scene, general)):
        said.append(f"to be asked again after {until:%-d %b %Y}")
    return "; ".join(said)


def _by_file(general: Consent) -> str | None:
    return None if general.answer is Answer.NEVER else "references.toml"


def _valid_until(scene: Scene, general: Consent) -> datetime | None:
    """Return until when a yes is good: the day they named, or until it is years old (P6)."""
    if general.answer is not Answer.YES or general.at is None:
        return None
    aged = general.at.astimezone(scene.me.zone) + scene.wishes.reconfirm_after
    if general.until is None:
        return aged
    return min(aged, datetime.combine(general.until, aged.timetz()))


Row = tuple[datetime, str, str | None, tuple[str, ...], str, str]


def _record(scene: Scene, person: Person) -> Iterator[Row]:
    """Yield (when, what, application, terms, source, words), oldest first."""
    rows: list[Row] = [
        (d.at, "asked", d.application, (), d.reading.source, d.act.evidence.text)
        for d in person.did(ActKind.ASKED)
    ]
    rows += [
        (
            w.at,
            str(answer_of(w)),
            w.application,
            w.signal.terms,
            w.reading.source,
            evidence_text(w.signal.evidence),
        )
        for w in answers(person)
    ]
    yield from (row for row in sorted(rows, key=lambda row: row[0]) if row[0] <= scene.now)


def _entry(
    scene: Scene,
    at: datetime,
    what: str,
    application: str | None,
    terms: tuple[str, ...],
    source: str,
    text: str,
) -> dict[str, Any]:
    known = scene.world.applications.get(application or "")
    return {
        "at": at.isoformat(),
        "what": what,
        "application": {"company": known.title[0], "role": known.title[1]} if known else None,
        "terms": list(terms),
        "source": source,
        "text": text,
    }


def _title(scene: Scene, application: str | None) -> str:
    known = scene.world.applications.get(application or "")
    return ", ".join(filter(None, known.title)) if known else ""


def _wishes(scene: Scene, at: datetime, terms: tuple[str, ...]) -> str:
    words = {
        "this_application": "for this application only",
        "yes_to_others": "but yes to others",
    }
    said = [words[term] for term in terms if term in words]
    said.append(reach(terms, Speech(language="en", anchor=scene.day(at))))
    return ", ".join(filter(None, said))
