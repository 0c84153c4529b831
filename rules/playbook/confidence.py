"""P15 keep confidences, and the questions that wait for the user's yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vouchd.rules.intent import Occasion
from vouchd.rules.model import ActKind, Cause, FollowUpKind, SignalKind, State
from vouchd.rules.playbook.consent import Answer, consent
from vouchd.rules.playbook.scene import OF_ACTS, Due, End, Scene, cause_of, ended
from vouchd.rules.playbook.standing import is_colleague, works_at
from vouchd.rules.world import CERTAIN_END, Application, Person, Question, Step

# These name the employer or the search to the person.
_TELLING = frozenset(
    {
        FollowUpKind.ASK_PERMISSION,
        FollowUpKind.RECONFIRM,
        FollowUpKind.HEADS_UP,
        FollowUpKind.PROGRESS_UPDATE,
        FollowUpKind.OUTCOME_NEWS,
        FollowUpKind.NUDGE_REFERENCE,
        FollowUpKind.THANK_YOU,
        FollowUpKind.HANDWRITTEN_NOTE,
    }
)


# What a person says for certain answers a doubt about what they said before.
_SETTLE_WORDS = frozenset(
    {
        SignalKind.REFERENCE_AGREED,
        SignalKind.REFERENCE_DECLINED,
        SignalKind.REFERENCE_SPOKE,
        SignalKind.REFERENCE_COMPLETED,
    }
)


def guarded(scene: Scene, due: Due) -> Due:
    """Return `due`, or the question that takes its place where it would break a confidence."""
    if due.person is None or due.kind not in _TELLING:
        return due
    person = scene.world.people[due.person]
    application = scene.world.applications.get(due.application or "")
    reason = _breach(scene, person, application, due)
    if not reason:
        return due
    question = replace(
        due,
        kind=FollowUpKind.REVIEW,
        anchor=f"{due.kind}:{due.anchor}",
        occasion=Occasion(
            kind=FollowUpKind.REVIEW, process=due.occasion.process, at=due.created_at
        ),
        question=reason,
        reply=None,
        causes=(
            *due.causes,
            Cause(signal=due.kind, source="references.toml", text=reason, rule="P15 confidence"),
        ),
    )
    if scene.answers.get(question.id):
        return due
    return replace(question, asks=(question.id,))


def _breach(scene: Scene, person: Person, application: Application | None, due: Due) -> str:
    name = person.name
    if is_colleague(person, scene.me):
        said_yes = consent(scene, person, due.application, due.created_at).answer is Answer.YES
        if not said_yes and not person.did(ActKind.ASKED):
            return (
                f"{name} is at your present employer. "
                "May they learn that you are looking for another job?"
            )
    if application is not None and works_at(person, application):
        company, _ = application.title
        if not _knows(person, application, due):
            return f"{name} works at {company}. May they learn that you have applied there?"
    return ""


def _knows(person: Person, application: Application, due: Due) -> bool:
    """Whether the person knows of the application: they acted for it, or the user told them."""
    words = any(
        w.application == application.key
        and w.at <= due.created_at
        and w.kind is not SignalKind.REFERENCE_JOB_HUNTING
        for w in person.words
    )
    deeds = any(
        d.application == application.key and d.at <= due.created_at
        for d in person.deeds
        if d.reading.sent
    )
    return words or deeds


def review(scene: Scene) -> tuple[Due, ...]:
    """Gather the day's uncertain signals into one question a day (P15: when unsure, ask)."""
    days: dict[date, list[Question]] = {}
    for question in scene.world.questions:
        if question.at <= scene.now:
            days.setdefault(scene.day(question.at), []).append(question)
    dues = []
    for day, questions in days.items():
        open_ones = [q for q in questions if _settled(scene, q) is None]
        shown = open_ones or questions
        due = Due(
            kind=FollowUpKind.REVIEW,
            created_at=questions[0].at,
            anchor=f"day:{day.isoformat()}",
            occasion=Occasion(kind=FollowUpKind.REVIEW, at=questions[0].at),
            causes=tuple(cause_of(q.reading, q.signal) for q in shown),
            question="\n".join(_line(q) for q in shown),
            asks=tuple(q.id for q in shown),
        )
        ends = [_settled(scene, q) for q in questions]
        last: list[End | None] = []
        if all(e is not None for e in ends):
            last = [max(e for e in ends if e is not None)]
        dues.append(ended(due, scene.now, last))
    return tuple(dues)


_ASKED = {
    SignalKind.OFFER: "Is {whom} making you an offer",
    SignalKind.OFFER_ACCEPTED: "Have you accepted an offer of {whom}",
    SignalKind.OFFER_DECLINED: "Have you declined an offer of {whom}",
    SignalKind.REJECTION: "Has {whom} turned you down",
    SignalKind.WITHDRAWN: "Have you withdrawn your application with {whom}",
    SignalKind.REFERENCE_REQUEST: "Is {whom} asking for your references",
    SignalKind.REFERENCES_SHARED: "Have you named references to {whom}",
    SignalKind.REFERENCE_CONTACTED: "Has {whom} been in touch with {who}",
    SignalKind.REFERENCE_OVERDUE: "Is {whom} still waiting for {who}",
    SignalKind.REFERENCE_COMPLETED: "Has {who} given you a reference with {whom}",
    SignalKind.REFERENCE_SPOKE: "Has {who} spoken for you with {whom}",
    SignalKind.REFERENCE_AGREED: "Has {who} agreed to vouch for you",
    SignalKind.REFERENCE_DECLINED: "Has {who} declined to vouch for you",
    SignalKind.REFERENCE_JOB_HUNTING: "Is {who} looking for work",
}


def _line(question: Question) -> str:
    signal = question.signal
    whom = signal.company or "an employer that is not named"
    people = signal.references or question.people or question.reading.people
    kind = signal.kind.replace("_", " ")
    form = _ASKED.get(signal.kind, f"Is this {_article(kind)} {kind} from {{whom}}")
    asked = form.format(whom=whom, who=" or ".join(people) or "a reference")
    text = signal.evidence[0].text if signal.evidence else ""
    options = " or ".join(", ".join(part for part in option if part) for option in question.options)
    where = f" ({options})" if options and options != signal.company else ""
    end = "" if question.reason.endswith("?") else "."
    return f"{asked}{where}? “{text}”: {question.reason}{end}"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _says_it(question: Question, step: Step) -> bool:
    """Whether a step says for certain what was in doubt, of one of those who could be meant."""
    if step.kind is not question.signal.kind:
        return False
    whom = set(question.people or question.signal.references)
    return not (whom and step.signal.references) or bool(whom & set(step.signal.references))


def _settled(scene: Scene, question: Question) -> End | None:
    """Return when a doubt was overtaken by something certain about the same process."""
    signal = question.signal
    for name in signal.references:
        person = scene.world.people.get(name)
        for word in person.words if person else ():
            if question.at < word.at <= scene.now and word.kind in _SETTLE_WORDS:
                return word.at, State.SUPERSEDED
    for application in scene.world.applications.values():
        ours = application.title in question.options or (
            signal.company is not None and application.company == signal.company
        )
        if not ours:
            continue
        for step in application.steps:
            certain = _says_it(question, step) or (
                # Who has vouched is owed thanks, whatever came of it.
                step.kind in CERTAIN_END and signal.kind not in OF_ACTS
            )
            if step.at > question.at and step.at <= scene.now and certain:
                return step.at, State.SUPERSEDED
    return None
