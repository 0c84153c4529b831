"""Where a person stands: references given, involvement in a process, whom they work for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from vouchd.rules.match import company_words, same_company, within
from vouchd.rules.model import Me, SignalKind
from vouchd.rules.playbook.consent import Answer, consent
from vouchd.rules.playbook.scene import OF_ACTS, Scene
from vouchd.rules.world import Application, Person, Word

# Two reports of one act (theirs and the platform's) come within this time.
_ONE_ACT = timedelta(days=10)
# An employer may speak of it weeks later.
_REPEATED = timedelta(days=45)
# "They spoke so warmly" praises; it does not tell by which means.
_CALL = re.compile(
    r"\b(?:call|called|phone|phoned|talk|talked|chat|chatted|rang"
    r"|(?:spoke|spoken)(?! (?:so|very|highly|warmly|well|of|most|fondly|glowingly)))\b",
    re.I,
)
_FORM = re.compile(r"\b(?:form|questionnaire|survey|submitted|online|filled|completed)\b", re.I)
_LETTER = re.compile(r"\b(?:letter|wrote a reference|written reference)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReference:
    """One act of vouching: a call taken, a form filled in. Reported once or several times."""

    at: datetime  #: when it was first known
    application: str | None
    how: str  #: "call" | "form" | "letter"; empty: not known
    words: tuple[Word, ...]


def how_of(word: Word) -> str:
    """Return by which means a reference was given, as far as the words tell."""
    for term in word.signal.terms:
        if term.startswith("how:"):
            return term.removeprefix("how:")
    text = " ".join(e.text for e in word.signal.evidence)
    told = [
        how
        for how, pattern in (("letter", _LETTER), ("call", _CALL), ("form", _FORM))
        if pattern.search(text)
    ]
    return told[0] if len(told) == 1 else ""


def given(person: Person, until: datetime) -> tuple[GivenReference, ...]:
    """Return the references a person has given, oldest first; one act reported twice is one."""
    acts: list[GivenReference] = []
    for word in person.said(*OF_ACTS):
        if word.at > until:
            break
        how = how_of(word)
        for number, act in enumerate(acts):
            same_process = word.application is None or act.application in (None, word.application)
            same_means = not how or not act.how or how == act.how
            own = any(name == person.name for name in word.reading.people)
            span = _ONE_ACT if own else _REPEATED
            if same_process and same_means and word.at - act.at <= span:
                acts[number] = GivenReference(
                    at=act.at,
                    application=act.application or word.application,
                    how=act.how or how,
                    words=(*act.words, word),
                )
                break
        else:
            acts.append(
                GivenReference(at=word.at, application=word.application, how=how, words=(word,))
            )
    return tuple(acts)


def involved_since(application: Application, person: Person, until: datetime) -> datetime | None:
    """Return since when the employer has the person's name, or they acted; None: not involved.

    Being listed in a file is not being involved (P8).
    """
    moments = [
        step.at
        for step in application.steps
        if step.at <= until
        and person.name in step.signal.references
        and step.kind in (SignalKind.REFERENCES_SHARED, SignalKind.REFERENCE_REQUEST)
    ]
    moments += [
        word.at
        for word in person.words
        if word.application == application.key and word.at <= until and word.kind in _NOTICES
    ]
    moments += [g.at for g in given(person, until) if g.application == application.key]
    return min(moments, default=None)


_NOTICES = (
    SignalKind.REFERENCE_CONTACTED,
    SignalKind.REFERENCE_OVERDUE,
    SignalKind.REFERENCE_COMPLETED,
    SignalKind.REFERENCE_SPOKE,
)


def involved(scene: Scene, application: Application, until: datetime) -> tuple[Person, ...]:
    """Return the people involved in a process at a moment, in the order of the file.

    Who declined before they ever acted is out of it.
    """
    people = []
    for person in scene.world.people.values():
        if involved_since(application, person, until) is None:
            continue
        no = consent(scene, person, application.key, until).answer in (Answer.NO, Answer.LUKEWARM)
        if not (no and not acted_for(person, application.key, until)):
            people.append(person)
    return tuple(people)


def acted_for(person: Person, application: str, until: datetime) -> bool:
    """Whether the person has given a reference in this process."""
    return any(g.application == application for g in given(person, until))


def works_at(person: Person, application: Application) -> bool:
    """Whether the person works for the employer of this application."""
    company, _ = application.title
    if person.reference.employer and same_company(person.reference.employer, company):
        return True
    sites = application.stated.domains if application.stated else ()
    return any(
        within(email.rpartition("@")[2], site)
        for email in person.reference.emails
        for site in sites
    )


def is_colleague(person: Person, me: Me) -> bool:
    """Whether the person is at the user's present employer, where nobody learns of the search.

    Who has an address of the user's employer, or whose employer gave the user an address.
    """
    reference = person.reference
    if me.employer and reference.employer and same_company(me.employer, reference.employer):
        return True
    if any(
        within(email.rpartition("@")[2], site)
        for email in reference.emails
        for site in me.employer_domains
    ):
        return True
    if reference.employer and any(_is_of(email, reference.employer) for email in me.emails):
        return True
    return bool(re.match(r"(?:my )?(?:current|present)\b", reference.relationship or "", re.I))


def _is_of(email: str, company: str) -> bool:
    """Whether an address is at a company's domain: `sam@harrow-data.example`, "Harrow Data"."""
    label = "".join(re.findall(r"\w+", email.rpartition("@")[2].split(".")[0]))
    words = company_words(company)
    return label in {"".join(words), *words[:1]}
