"""Words for what was decided: an intent becomes a follow-up with its draft and its event."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from vouchd.rules.intent import Intent
from vouchd.rules.letters.compose_event import Written, event_of
from vouchd.rules.letters.facts import facts_of, months_since_accepted
from vouchd.rules.letters.referees import to_list, to_person
from vouchd.rules.letters.templates import (
    Letter,
    TemplateError,
    Templates,
    languages_of,
    render,
    subject,
)
from vouchd.rules.letters.voice import Manner, manner, manner_to_strangers
from vouchd.rules.letters.wording import safe, typeset
from vouchd.rules.model import Address, Draft, FollowUp, FollowUpKind, Me, Wishes

#: What is a letter to somebody, the weightiest first.
LETTERS = (
    FollowUpKind.OUTCOME_NEWS,
    FollowUpKind.HEADS_UP,
    FollowUpKind.RECONFIRM,
    FollowUpKind.ASK_PERMISSION,
    FollowUpKind.SHARE_REFERENCES,
    FollowUpKind.THANK_YOU,
    FollowUpKind.GRACIOUS_REPLY,
    FollowUpKind.NUDGE_REFERENCE,
    FollowUpKind.RECIPROCATE,
    FollowUpKind.PROGRESS_UPDATE,
    FollowUpKind.INTERVIEW_THANK_YOU,
    FollowUpKind.KEEP_IN_TOUCH,
)
_TO_STRANGERS = (FollowUpKind.SHARE_REFERENCES, FollowUpKind.INTERVIEW_THANK_YOU)
_REPLY_MARK = re.compile(r"^(?:(?:re|aw|antw|sv|rif|res|ref|vs|odp)\s*(?:\[\d+\])?\s*:\s*)+", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What words are made with."""

    me: Me
    wishes: Wishes
    templates: Templates
    draft_link: Callable[[str], str | None] | None = None
    #: where the user opens the draft of a key; None, or None for a key: not known yet


def words(intent: Intent, desk: Desk) -> FollowUp:
    """Return the follow-up of an intent; the same intent gives the same words.

    Raises TemplateError when a shipped template fails; one of the user's is named in the event and
    the shipped one is used.
    """
    kind = letter_kind(intent)
    written = _letter(intent, desk, kind) if kind else Written()
    note = _note(intent, desk) if FollowUpKind.HANDWRITTEN_NOTE in intent.kinds else Written()
    link = desk.draft_link(intent.key) if desk.draft_link and written.draft else None
    return FollowUp(
        key=intent.key,
        kind=intent.kind,
        kinds=intent.kinds,
        created_at=intent.created_at,
        due_at=intent.due_at,
        state=intent.state,
        references=tuple(person.name for person in intent.people),
        applications=_applications(intent),
        why=intent.causes,
        draft=written.draft,
        event=event_of(intent, desk.me, desk.wishes, written, note, link=link),
    )


def letter_kind(intent: Intent) -> FollowUpKind | None:
    """Return as which kind of letter an intent is written; None where there is nothing to write."""
    kinds = (intent.kind, *(kind for kind in LETTERS if kind in intent.kinds))
    kind = next((kind for kind in kinds if kind in LETTERS), None)
    if kind is None or (kind not in _TO_STRANGERS and not intent.people):
        return None
    if kind not in _TO_STRANGERS and not intent.people[0].emails:
        return None  # a letter to nobody is none; the event says what is missing
    if kind is FollowUpKind.INTERVIEW_THANK_YOU and not intent.to:
        return None
    if kind is FollowUpKind.SHARE_REFERENCES:
        return kind if to_list(intent.candidates) else None
    if kind is FollowUpKind.KEEP_IN_TOUCH and not months_since_accepted(intent):
        return None  # nothing to tell: a draft would be idle words
    return kind


def _applications(intent: Intent) -> tuple[tuple[str, str | None], ...]:
    found = (occasion.process for occasion in intent.occasions if occasion.process)
    return tuple(dict.fromkeys((process.company, process.role) for process in found))


def _letter(intent: Intent, desk: Desk, kind: FollowUpKind) -> Written:
    how = _manner(intent, desk, kind)
    letter, error = _render(intent, desk, kind, how)
    draft = Draft(
        to=_recipients(intent, desk.me, kind),
        subject=_subject(intent, letter),
        body=letter.body,
        in_reply_to=intent.reply.message_id if intent.reply else None,
        references=_chain(intent),
        thread=intent.reply.thread if intent.reply else None,
        attachments=_attachments(intent, desk.wishes),
    )
    return Written(draft=draft, text=letter.body, manner=how, error=error)


def _note(intent: Intent, desk: Desk) -> Written:
    how = _manner(intent, desk, FollowUpKind.HANDWRITTEN_NOTE)
    letter, error = _render(intent, desk, FollowUpKind.HANDWRITTEN_NOTE, how)
    return Written(text=letter.body, manner=how, error=error)


def _manner(intent: Intent, desk: Desk, kind: FollowUpKind) -> Manner:
    languages = languages_of(desk.templates, str(kind))
    if kind in _TO_STRANGERS or not intent.people:
        return manner_to_strangers(
            _recipients(intent, desk.me, kind),
            intent.voice,
            me=desk.me.name,
            languages=languages,
            default=desk.wishes.language,
        )
    return manner(
        intent.people[0],
        intent.voice,
        me=desk.me.name,
        languages=languages,
        default=desk.wishes.language,
        card=kind is FollowUpKind.HANDWRITTEN_NOTE,
    )


def _render(
    intent: Intent, desk: Desk, kind: FollowUpKind, how: Manner
) -> tuple[Letter, TemplateError | None]:
    facts: Mapping[str, object] = {
        **facts_of(intent, desk.me, kind, how, resume=bool(_attachments(intent, desk.wishes))),
        **_chance(intent, kind),
    }
    letter, error = render(desk.templates, str(kind), how.language, facts)
    return replace(letter, body=typeset(letter.body, how.language)), error


def _chance(intent: Intent, kind: FollowUpKind) -> Mapping[str, object]:
    """Return the words by which a template picks a variant: the same ones for the same intent.

    Where the planner chose the way, all variants follow from it, so that letters which it keeps
    apart differ; else the key decides.
    """
    seed = intent.key if intent.way is None else str(kind)
    slots = iter(range(10_000))

    def draw(size: int) -> int:
        digest = sha256(f"{seed}/{next(slots)}".encode()).digest()
        return (int.from_bytes(digest[:4], "big") + (intent.way or 0)) % size

    def pick(options: tuple[str, ...]) -> str:
        return options[draw(len(options))]

    return {"draw": draw, "pick": pick}


_WRITABLE = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+@[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+")


def _recipients(intent: Intent, me: Me, kind: FollowUpKind) -> tuple[Address, ...]:
    if kind in _TO_STRANGERS:
        theirs = intent.to or (intent.reply.to if intent.reply else ())
        # A stranger's header may hold anything in the place of an address.
        writable = (to for to in theirs if _WRITABLE.fullmatch(to.email))
        return tuple(Address(to.email, safe(to.name, most=80)) for to in writable)
    person = intent.people[0] if intent.people else None
    return to_person(person, intent.reply, me, intent.address) if person else ()


def _subject(intent: Intent, letter: Letter) -> str:
    theirs = safe(intent.reply.subject, most=200) if intent.reply else ""
    bare = _REPLY_MARK.sub("", theirs)
    return f"Re: {bare}" if bare else subject(letter)


def _chain(intent: Intent) -> tuple[str, ...]:
    if intent.reply is None:
        return ()
    return tuple(dict.fromkeys((*intent.reply.references, intent.reply.message_id)))


def _attachments(intent: Intent, wishes: Wishes) -> tuple[str, ...]:
    return (wishes.resume,) if wishes.resume and FollowUpKind.HEADS_UP in intent.kinds else ()
