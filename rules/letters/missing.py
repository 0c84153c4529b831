"""What a letter lacks and only the user can know: named in the event, never made up."""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.rules.intent import Intent, Occasion, Outcome
from vouchd.rules.letters.discreet import reason_of
from vouchd.rules.model import ActKind, FollowUpKind, Reference, Wishes


def worth_adding(intent: Intent, wishes: Wishes) -> Iterator[str]:
    """Yield what would make the draft better, each as a short phrase."""
    person = intent.people[0] if intent.people else Reference(name="")
    seen = set[str]()
    for occasion in intent.occasions:
        for idea in _ideas(occasion, person, intent, wishes):
            if idea not in seen:
                seen.add(idea)
                yield idea


def _ideas(occasion: Occasion, person: Reference, intent: Intent, wishes: Wishes) -> Iterator[str]:
    company = occasion.process.company if occasion.process else "the employer"
    match occasion.kind:
        case FollowUpKind.ASK_PERMISSION:
            yield from _acquaintance(person)
        case FollowUpKind.RECONFIRM:
            yield "two or three sentences on what you have done since"
            yield from _acquaintance(person)
        case FollowUpKind.HEADS_UP:
            yield from _call(occasion, person, company, wishes)
        case FollowUpKind.THANK_YOU:
            if not occasion.how:
                yield f"whether it was a call, a form or a letter for {company}"
            yield "one thing they told you about it, or that only you two know"
        case FollowUpKind.OUTCOME_NEWS:
            yield from _outcome(occasion, company)
        case FollowUpKind.PROGRESS_UPDATE:
            if not occasion.start:
                yield f"the next date with {company}, if there is one"
        case FollowUpKind.RECIPROCATE:
            if any(cause.signal == ActKind.ASKS_FAVOUR for cause in intent.causes):
                yield "an honest no instead, if you could not speak well of them"
            else:
                yield "one thing you valued in working with them"
                yield "somebody you could introduce them to"
        case FollowUpKind.INTERVIEW_THANK_YOU:
            yield "one point from the conversation, and what you would add to it"
        case FollowUpKind.NUDGE_REFERENCE:
            if not occasion.deadline:
                yield "by when it is wanted"
            if not occasion.contact:
                yield "which platform or person sent the request"
        case FollowUpKind.KEEP_IN_TOUCH:
            yield "something about them: what they wrote, built or celebrated lately"
        case FollowUpKind.SHARE_REFERENCES:
            yield from _list(intent)


def _acquaintance(person: Reference) -> Iterator[str]:
    if not person.can_speak_to:
        yield "what they saw of your work (`can_speak_to` in references.toml)"
    if not person.relationship:
        yield "where and when you worked together (`relationship` in references.toml)"


def _call(occasion: Occasion, person: Reference, company: str, wishes: Wishes) -> Iterator[str]:
    if not occasion.contact:
        yield f"who from {company} will call or write, or which platform"
    if not occasion.deadline:
        yield "by when"
    if not (occasion.process and occasion.process.posting):
        yield "the link to the posting (`posting` in applications.toml)"
    if not (occasion.process and occasion.process.points):
        yield "what the employer weighs"
    if not person.can_speak_to:
        yield "two or three things they saw of your work (`can_speak_to` in references.toml)"
    if not wishes.resume:
        yield "your resume: attach it, or name it as `resume` under [drafts] in config.toml"


def _outcome(occasion: Occasion, company: str) -> Iterator[str]:
    match occasion.outcome:
        case Outcome.ACCEPTED:
            yield "when you start, once the contract is signed and your present employer knows"
        case Outcome.DECLINED:
            if not reason_of(occasion):
                yield f"why you said no to {company}, in one honest sentence"
            yield "what you are looking for now"
        case Outcome.WITHDRAWN:
            if not reason_of(occasion):
                yield "why you stepped back, in one honest sentence"
        case Outcome.REJECTED:
            yield "that their words were not the reason, if you know it"


def _list(intent: Intent) -> Iterator[str]:
    if any(not each.agreed and not each.note for each in intent.candidates):
        yield "that more names follow once they have agreed, if you ask them"
    for candidate in intent.candidates:
        person = candidate.person
        if candidate.agreed and not person.do_not_list:
            if not person.relationship:
                yield f"how you know {person.name} (`relationship` in references.toml)"
            if not person.phone:
                yield f"a phone number of {person.name}, if they allow it"
