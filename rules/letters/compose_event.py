"""The calendar entry of a follow-up: what to do, why, where the draft is, what could be added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vouchd.rules.intent import Candidate, Intent
from vouchd.rules.letters.missing import worth_adding
from vouchd.rules.letters.reach import reach
from vouchd.rules.letters.referees import colleague, to_list
from vouchd.rules.letters.templates import TemplateError
from vouchd.rules.letters.token import token
from vouchd.rules.letters.voice import Manner
from vouchd.rules.letters.wording import Speech, safe
from vouchd.rules.model import Cause, Draft, Event, FollowUpKind, Me, Wishes

LENGTH = timedelta(minutes=30)
#: What is the user's to decide or to do, and no letter to the people it is about.
_ABOUT_NOBODY = frozenset(
    {
        FollowUpKind.SHARE_REFERENCES,
        FollowUpKind.DECIDE_OFFER,
        FollowUpKind.CHECK_STATUS,
        FollowUpKind.GIFT,
        FollowUpKind.REVIEW,
        FollowUpKind.HANDWRITTEN_NOTE,
        FollowUpKind.KEEP_IN_TOUCH,
    }
)
SUMMARY_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: a draft, or words without one (a note to be copied by hand)."""

    draft: Draft | None = None
    text: str = ""
    manner: Manner | None = None
    error: TemplateError | None = None


def event_of(
    intent: Intent, me: Me, wishes: Wishes, written: Written, note: Written, *, link: str | None
) -> Event:
    """Return the entry of half an hour at the time by which the user should act."""
    said = _Said(intent, me, wishes, written, note, link)
    sections = (
        said.task(),
        said.draft_line(),
        *said.extras(),
        said.why(),
        *said.additions(),
        *said.remarks(),
    )
    return Event(
        uid=f"{intent.key}@vouchd",
        start=intent.due_at,
        end=intent.due_at + LENGTH,
        summary=summary(intent, drafted=written.draft is not None),
        description="\n\n".join(section for section in sections if section) + "\n",
        key=intent.key,
    )


def summary(intent: Intent, *, drafted: bool) -> str:
    """Return in one line what to do."""
    return safe(_task_line(intent, drafted=drafted), most=SUMMARY_LENGTH)


def _task_line(intent: Intent, *, drafted: bool) -> str:
    who = _people(intent)
    at = _companies(intent)
    about = f" about {at}" if at else ""
    kinds = set(intent.kinds) | {intent.kind}
    both = {FollowUpKind.OUTCOME_NEWS, FollowUpKind.THANK_YOU}
    match intent.kind:
        case _ if both <= kinds:
            return f"Tell {who} how it ended{_with(at)}, and say thank you"
        case FollowUpKind.ASK_PERMISSION:
            return f"Ask {who} to be a reference{f' for {at}' if at else ''}"
        case FollowUpKind.RECONFIRM:
            return f"Ask {who} whether the yes still holds{f', for {at}' if at else ''}"
        case FollowUpKind.SHARE_REFERENCES:
            return f"{'Send' if drafted else 'Find'} references for {at or 'the employer'}"
        case FollowUpKind.HEADS_UP:
            return f"Give {who} a heads-up: {at or 'an employer'} may make contact"
        case FollowUpKind.PROGRESS_UPDATE:
            return f"Tell {who} how the search is going"
        case FollowUpKind.THANK_YOU:
            return f"Thank {who}{f' for vouching for you at {at}' if at else ''}"
        case FollowUpKind.HANDWRITTEN_NOTE:
            return f"Write {who} a thank-you card by hand{f' ({at})' if at else ''}"
        case FollowUpKind.GRACIOUS_REPLY:
            alone = any("this_application" in o.terms for o in intent.occasions)
            return f"Answer {who} kindly; not to be listed{f' for {at}' if alone and at else ''}"
        case FollowUpKind.OUTCOME_NEWS:
            return f"Tell {who} how it ended{_with(at)}"
        case FollowUpKind.GIFT:
            return f"A small token for {who}: you got the job{_with(at)}"
        case FollowUpKind.RECIPROCATE:
            return f"Offer {who} your help in return"
        case FollowUpKind.KEEP_IN_TOUCH:
            return f"Say hello to {who}: no request, a coffee or a few lines"
        case FollowUpKind.INTERVIEW_THANK_YOU:
            return f"Thank the interviewers{f' of {at}' if at else ''}"
        case FollowUpKind.NUDGE_REFERENCE:
            return f"Remind {who} of the reference{f' for {at}' if at else ''}"
        case FollowUpKind.DECIDE_OFFER:
            return f"Answer the offer{f' of {at}' if at else ''}, and tell your references"
        case FollowUpKind.CHECK_STATUS:
            return f"Ask {at or 'the employer'} where things stand"
        case FollowUpKind.REVIEW:
            return f"Please decide: {intent.question or f'what does this mail say{about}?'}"


def _with(company: str) -> str:
    return f" with {company}" if company else ""


def _people(intent: Intent) -> str:
    names = [safe(person.name, most=40) for person in intent.people]
    return Speech("en", date.min).ands(names) or "them"


def _companies(intent: Intent) -> str:
    found = (safe(o.process.company, most=40) for o in intent.occasions if o.process)
    return Speech("en", date.min).ands(tuple(dict.fromkeys(found)))


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of one description, which all look at the same things."""

    intent: Intent
    me: Me
    wishes: Wishes
    written: Written
    note: Written
    link: str | None

    @property
    def speech(self) -> Speech:
        anchor = self.intent.due_at.astimezone(self.me.zone).date()
        return Speech("en", anchor)

    def task(self) -> str:
        """Return what to do, in full."""
        who, at = _people(self.intent), _companies(self.intent)
        match self.intent.kind:
            case FollowUpKind.GIFT:
                return self._gift(who)
            case FollowUpKind.DECIDE_OFFER:
                return self._offer(at)
            case FollowUpKind.CHECK_STATUS:
                return (
                    f"Nothing has been heard of {at or 'this process'} for a while. Ask the"
                    " employer once, in a line or two, or let it go."
                    + (
                        f" If you let it go, tell {who}, whose names they have, that no call is"
                        " coming."
                        if self.intent.people
                        else ""
                    )
                )
            case FollowUpKind.REVIEW:
                question = safe(self.intent.question, most=400)
                return f"{question}\n\nNothing is prepared until you answer.".strip()
            case FollowUpKind.KEEP_IN_TOUCH if not self.written.draft:
                return (
                    f"Get in touch with {who} without asking for anything: a coffee, a few lines on"
                    " what you are up to, a kind word on something of theirs."
                )
            case FollowUpKind.HANDWRITTEN_NOTE if not self.written.draft:
                return f"{who} likes cards. Copy this by hand, or say it in your own words:"
            case FollowUpKind.SHARE_REFERENCES if not self.written.draft:
                return "Nobody who fits has agreed yet, so there is no list to send: ask first."
        return f"{_task_line(self.intent, drafted=True)}."

    def draft_line(self) -> str:
        """Return where the draft is; nothing while that is not known."""
        if self.written.draft is None:
            return ""
        return f"Draft: {self.link}" if self.link else ""

    def _unwritten(self) -> Iterator[str]:
        """Yield why there is no draft where one would be expected."""
        if self.intent.kind is FollowUpKind.INTERVIEW_THANK_YOU and not self.intent.to:
            yield "Who was there stands nowhere with an address, so there is no draft."
        for person in self.intent.people:
            if not person.emails and self.intent.kind not in _ABOUT_NOBODY:
                yield (
                    f"No address of {safe(person.name)} is known, so there is no draft. With one in"
                    f' references.toml there will be: vouchd references edit "{safe(person.name)}"'
                    " --email …"
                )

    def extras(self) -> Iterator[str]:
        """Yield what else belongs to the task: words to copy, people to propose."""
        if not self.written.draft:
            yield from self._unwritten()
        if self.note.text:
            if self.written.draft:
                yield f"{_people(self.intent)} likes cards. Words to copy by hand:"
            yield "\n".join(f"    {line}".rstrip() for line in self.note.text.strip().split("\n"))
        if self.intent.candidates:
            yield from self._candidates()
        terms = [t for o in self.intent.occasions for t in o.terms]
        if FollowUpKind.HEADS_UP in self.intent.kinds and (wish := reach(terms, self.speech)):
            yield f"How {_people(self.intent)} wants to be reached, by their own word: {wish}."
        secret = [p for p in self.intent.people if colleague(p, self.me)]
        if secret and self.written.draft:
            yield (
                f"{_people(self.intent)} works where you work: use private addresses on both sides."
            )

    def _candidates(self) -> Iterator[str]:
        listed = to_list(self.intent.candidates)
        others = [each for each in self.intent.candidates if each not in listed]
        barred = [each for each in others if each.person.do_not_list or each.note]
        ask = [each for each in others if each not in barred and not each.agreed]
        spare = [each for each in others if each not in barred and each.agreed]
        for title, some in (
            ("In the list, best fit first:", list(listed)),
            ("Would fit, but must be asked first:", ask),
            ("Agreed as well, not in the list:", spare),
            ("Not proposed:", barred),
        ):
            if some:
                yield "\n".join((title, *(self._candidate(each) for each in some)))

    def _candidate(self, candidate: Candidate) -> str:
        why = "; ".join(safe(reason) for reason in candidate.reasons)
        note = safe(candidate.note)
        if candidate.person.do_not_list and not note:
            note = "not to be listed, as references.toml says"
        about = "; ".join(part for part in (note, why) if part)
        return f"- {safe(candidate.person.name)}{f': {about}' if about else ''}"

    def _gift(self, who: str) -> str:
        lines = [f"You have the job, and {who} vouched for you. A small token is optional."]
        for person in self.intent.people:
            lines.extend(token(person))
        return "\n".join(lines)

    def _offer(self, at: str) -> str:
        by = next((o.deadline for o in self.intent.occasions if o.deadline), None)
        until = f" by {self.speech.full(by)}" if by else ""
        who = _people(self.intent)
        tell = f" Then tell {who} how it goes." if self.intent.people else ""
        return f"{at or 'An employer'} made you an offer. Answer it{until}.{tell}"

    def why(self) -> str:
        """Return the chain of reasons, each with its date and where it can be read."""
        lines = [self._cause(cause) for cause in self.intent.causes]
        return "\n".join(("Why:", *lines)) if lines else ""

    def _cause(self, cause: Cause) -> str:
        day = cause.at.astimezone(self.me.zone).date() if cause.at else None
        when = f"{self.speech.full(day)} {day.year}: " if day else ""
        what = safe(cause.signal.replace("_", " "))
        text = safe(cause.text, most=160)
        said = f', "{text}"' if text else ""
        where = _place(cause.link) or (f"({safe(cause.source)})" if cause.source else "")
        return f"- {when}{what}{said} {where}".rstrip()

    def additions(self) -> Iterator[str]:
        """Yield what is not known and would make the words better."""
        ideas = tuple(worth_adding(self.intent, self.wishes)) if self.written.draft else ()
        if ideas:
            yield "\n".join(("You could add:", *(f"- {idea}" for idea in ideas)))
        if self.intent.suggestions:
            yield "\n".join(safe(line, most=300) for line in self.intent.suggestions)

    def remarks(self) -> Iterator[str]:
        """Yield what the user should know about the words themselves."""
        for written in (self.written, self.note):
            if written.error:
                yield f"Your own template could not be used, so ours was: {written.error}"
        manner = self.written.manner or self.note.manner
        if manner and manner.wanted.partition("-")[0] != manner.language.partition("-")[0]:
            yield (
                f"For this there are no templates in the language '{manner.wanted}', so it is in"
                f" English. Your own ones would go into templates/{manner.wanted}/."
            )
        if manner and manner.language != "en" and self._stated_words():
            yield "What is quoted from your files stands there as you wrote it: check its language."

    def _stated_words(self) -> bool:
        stated = (p.can_speak_to or p.relationship for p in self.intent.people)
        return any(stated) or any(o.reason for o in self.intent.occasions)


_PLACE = re.compile(r"(?:mid:|https?://)[!-;=?-~\u00a1-\uffff]{1,600}")


def _place(link: str | None) -> str:
    """Return where a message or an event can be seen; a link of an event's may be a stranger's."""
    return link if link and _PLACE.fullmatch(link) and safe(link, most=700) == link else ""
