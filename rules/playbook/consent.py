"""What a person has said to being a reference: when, to what, how it is meant, for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from vouchd.rules.model import SignalKind
from vouchd.rules.playbook.scene import OF_ACTS, Scene
from vouchd.rules.world import Person, Word

_HERE = "this_application"  #: a yes or a no for one application alone
_OTHERS = "yes_to_others"  #: "not for this one, for any other gladly"


class Answer(StrEnum):
    """What a person has said to being a reference."""

    NEVER = "never"  #: nobody knows of any answer
    YES = "yes"
    NO = "no"
    LUKEWARM = "lukewarm"


@dataclass(frozen=True, slots=True)
class Consent:
    """The answer in force at a moment, since when, where it was given, and how it is meant."""

    answer: Answer
    at: datetime | None = None
    word: Word | None = None  #: None: the user's file says so
    terms: tuple[str, ...] = ()  #: of a yes: "until:2026-06-30", "after:17:00", "by:phone" …
    elsewhere: bool = False  #: a no because the yes was for another application alone
    over: bool = False  #: a yes that held until a day that has passed

    @property
    def holds(self) -> bool:
        """Whether the person may be named."""
        return self.answer is Answer.YES and not self.over

    @property
    def until(self) -> date | None:
        """The last day of the yes, where they said one."""
        return next(
            (date.fromisoformat(t.removeprefix("until:")) for t in self.terms if _is_last(t)), None
        )


def _is_last(term: str) -> bool:
    return term.startswith("until:")


def consent(scene: Scene, person: Person, application: str | None, at: datetime) -> Consent:
    """Return what the person has said at a moment, for one application; None: in general (P1).

    The files say what the user knows today: an `agreed_on` of a later day counts as a yes already
    given. A later no in the mail wins over an earlier yes and the other way round. Who acted as a
    reference has agreed. An answer for one application alone holds for that one, and a yes for one
    alone is a no to the others.
    """
    if person.reference.do_not_list:
        return Consent(Answer.NO)
    best = _by_file(scene, person, at)
    for word in person.words:
        if word.at > at:
            break
        answer = answer_of(word)
        if answer is None or not _newer(word, best):
            continue
        if word.kind in OF_ACTS:
            best = _after_act(best, word, application)
        elif _HERE not in word.signal.terms or _concerns(scene, word, application):
            best = Consent(answer, word.at, word, word.signal.terms)
        elif answer is Answer.YES:
            # Of two employers named one after the other each has its yes.
            if not (best.answer is Answer.YES and _HERE in best.terms):
                best = Consent(Answer.NO, word.at, word, elsewhere=True)
        elif _OTHERS in word.signal.terms:
            best = Consent(Answer.YES, word.at, word)
    last = best.until
    return replace(best, over=True) if last and scene.day(at) > last else best


def _newer(word: Word, best: Consent) -> bool:
    return best.at is None or word.at >= best.at or _HERE in word.signal.terms


def _concerns(scene: Scene, word: Word, application: str | None) -> bool:
    """Whether an answer for one application alone is about this one.

    Where nobody knows which one was meant, it is about all there were by then.
    """
    if application is None:
        return word.application is None or answer_of(word) is Answer.YES
    if word.application is not None:
        return word.application == application
    known = scene.world.applications.get(application)
    if known is None or known.stated is not None:
        return True
    return any(step.at <= word.at for step in known.steps)


def _after_act(best: Consent, word: Word, application: str | None) -> Consent:
    """Who acts agrees; what they said on how and how long stays, and so does a no elsewhere."""
    if best.answer is Answer.YES:
        return Consent(Answer.YES, word.at, word, best.terms)
    if best.answer is Answer.NEVER or application in (None, word.application):
        return Consent(Answer.YES, word.at, word)
    return best


def answer_of(word: Word) -> Answer | None:
    """Return which answer a word is; None: none."""
    lukewarm = "lukewarm" in word.signal.terms
    if word.kind is SignalKind.REFERENCE_AGREED:
        return Answer.LUKEWARM if lukewarm else Answer.YES
    if word.kind is SignalKind.REFERENCE_DECLINED:
        return Answer.LUKEWARM if lukewarm else Answer.NO
    return Answer.YES if word.kind in OF_ACTS else None


def _by_file(scene: Scene, person: Person, at: datetime) -> Consent:
    agreed = person.reference.agreed_on
    if agreed is None:
        return Consent(Answer.NEVER)
    day = datetime.combine(agreed, time(), scene.me.zone)
    return Consent(Answer.YES, min(day, at))


def answers(person: Person) -> tuple[Word, ...]:
    """Return every yes and no of a person, oldest first."""
    return person.said(SignalKind.REFERENCE_AGREED, SignalKind.REFERENCE_DECLINED)


def first_yes(
    scene: Scene, person: Person, application: str, after: datetime
) -> tuple[datetime, Word] | None:
    """Return when the person first agreed after a moment, so that it holds for the application."""
    for word in person.words:
        agrees = answer_of(word) is Answer.YES or _OTHERS in word.signal.terms
        if word.at > after and agrees:
            now = consent(scene, person, application, word.at)
            if now.holds:
                return word.at, word
    return None
