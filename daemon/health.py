"""What is not well: no look has succeeded for long, the sign-in is lost, questions lie unanswered.

    troubles(sight of how things stand, limits)   -> what is wrong now
    remembered(troubles, episodes, now)           -> the same, each with when it was first noticed
    notice(episode, …)                            -> the calendar entry that tells it

An episode keeps its words from the moment it was noticed, so that its entry is not written anew
with each round; its key holds that moment, so that a later episode is another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from vouchd.config.settings import HealthSettings
from vouchd.daemon.render import counted, day, one_line
from vouchd.rules.model import Draft, Event, FollowUp, FollowUpKind, Me, State, Wishes

PREFIX = "health_"
NOTE = "health"  #: the name under which the episodes are kept
_LENGTH = timedelta(minutes=15)
_QUARTER = 15
_SET_BACK = timedelta(hours=1)
_DOCTOR = "Run `vouchd doctor`: it says what is wrong and how to mend it."
_LEAVE = (
    "This entry goes by itself when all is well again. What you change or delete stays as you "
    "left it."
)


class Ailment(StrEnum):
    """What can be wrong."""

    SIGN_IN = "sign_in"
    SILENCE = "silence"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that only the user can mend."""

    ailment: Ailment
    about: str  #: the same as long as it is the same trouble
    summary: str  #: on one line
    text: str  #: what it means and the way out


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand at a moment."""

    now: datetime
    me: Me
    began: datetime  #: when vouchd began its work here
    last_good: datetime | None  #: the last round that saw and did everything
    word: str = ""  #: what the last round complained of
    login: str = ""  #: why the user has to sign in again
    questions: tuple[FollowUp, ...] = ()  #: those that are open


def troubles(standing: Standing, limits: HealthSettings) -> tuple[Trouble, ...]:
    """Return what is wrong, the worst first; a lost sign-in explains the silence."""
    found = [
        _sign_in(standing) if standing.login else _silence(standing, limits),
        _unanswered(standing, limits),
    ]
    return tuple(trouble for trouble in found if trouble is not None)


def open_questions(follow_ups: Iterable[FollowUp]) -> tuple[FollowUp, ...]:
    """Return the questions that wait for the user, oldest first."""
    waiting = (f for f in follow_ups if f.state is State.OPEN and FollowUpKind.REVIEW in f.kinds)
    return tuple(sorted(waiting, key=lambda f: (f.created_at, f.key)))


def _sign_in(standing: Standing) -> Trouble:
    return Trouble(
        ailment=Ailment.SIGN_IN,
        about="",
        summary="vouchd needs you to sign in again",
        text=f"It can neither read nor prepare anything there: {standing.login}",
    )


def _silence(standing: Standing, limits: HealthSettings) -> Trouble | None:
    since = standing.last_good or standing.began
    # What lies ahead was noted before the clock was set back: since when is not known then.
    if -_SET_BACK <= standing.now - since < limits.silent_after:
        return None
    when = day(since.astimezone(standing.me.zone))
    said = f" The last attempt said: {standing.word.rstrip('.')}." if standing.word else ""
    if standing.last_good is None:
        summary = f"vouchd has not managed one look since it began on {when}"
    else:
        summary = f"vouchd has not managed a look since {when}"
    text = f"What came since then may be unread, and nothing is prepared for it.{said} {_DOCTOR}"
    return Trouble(ailment=Ailment.SILENCE, about=since.isoformat(), summary=summary, text=text)


def _unanswered(standing: Standing, limits: HealthSettings) -> Trouble | None:
    now = standing.now
    late = [
        question
        for question in standing.questions
        # What was put off waits for its day.
        if now - question.created_at >= limits.unanswered_after and question.due_at <= now
    ]
    if not late:
        return None
    asked = "\n".join(f"- {_asked(q)}\n  vouchd answer {q.key} yes (or no)" for q in late)
    waits = "waits" if len(late) == 1 else "wait"
    since = day(late[0].created_at.astimezone(standing.me.zone))
    return Trouble(
        ailment=Ailment.QUESTIONS,
        about=late[0].key,
        summary=f"{counted(len(late), 'question')} of vouchd's {waits} for your answer",
        text=f"The oldest has waited since {since}:\n{asked}",
    )


def _asked(question: FollowUp) -> str:
    return one_line(question.event.summary if question.event else question.key)


# --- episodes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A trouble from the moment it was noticed until it is over."""

    ailment: str
    about: str
    summary: str
    text: str
    noticed: datetime

    @property
    def key(self) -> str:
        """Of its entry in the calendar."""
        return f"{PREFIX}{self.ailment}-{self.noticed.astimezone(UTC):%Y%m%dT%H%M%S}"


def remembered(
    found: Iterable[Trouble], known: Iterable[Episode], now: datetime
) -> tuple[Episode, ...]:
    """Return an episode for each trouble: the one that is known, or a new one.

    The words of a known one stay, but for the list of questions, which grows and shrinks.
    """
    before = {(episode.ailment, episode.about): episode for episode in known}
    return tuple(
        _episode(trouble, before.get((trouble.ailment, trouble.about)), now) for trouble in found
    )


def _episode(trouble: Trouble, known: Episode | None, now: datetime) -> Episode:
    if known is not None and trouble.ailment is not Ailment.QUESTIONS:
        return known
    return Episode(
        ailment=trouble.ailment,
        about=trouble.about,
        summary=trouble.summary,
        text=trouble.text,
        noticed=known.noticed if known else now,
    )


def written(episodes: Iterable[Episode]) -> str:
    """Return episodes as they are kept."""
    fields = ({**asdict(e), "noticed": e.noticed.isoformat()} for e in episodes)
    return json.dumps(list(fields))


def read(text: str | None) -> tuple[Episode, ...]:
    """Return episodes that were kept; none where they cannot be read."""
    try:
        return tuple(
            Episode(**{**fields, "noticed": datetime.fromisoformat(fields["noticed"])})
            for fields in json.loads(text or "[]")
        )
    except (ValueError, TypeError, KeyError):
        return ()


# --- the entry in the calendar ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An entry that should lie in the follow-up calendar."""

    key: str
    event: Event
    state: State = State.OPEN
    draft: Draft | None = None


def notice(episode: Episode, me: Me, wishes: Wishes) -> Notice:
    """Return the entry that tells of an episode, at the next hour at which the user is about."""
    start = _about(episode.noticed, me, wishes)
    return Notice(
        key=episode.key,
        event=Event(
            uid=f"{episode.key}@vouchd",
            start=start,
            end=start + _LENGTH,
            summary=episode.summary,
            description=f"{episode.text}\n\n{_LEAVE}\n",
        ),
    )


def _about(at: datetime, me: Me, wishes: Wishes) -> datetime:
    """Return the next quarter of an hour within the user's day, on whatever day of the week."""
    local = at.astimezone(me.zone).replace(second=0, microsecond=0)
    local += timedelta(minutes=_QUARTER - local.minute % _QUARTER)
    morning = wishes.day_starts
    if local.time() >= wishes.day_ends:
        local = (local + timedelta(days=1)).replace(hour=morning.hour, minute=morning.minute)
    elif local.time() < morning:
        local = local.replace(hour=morning.hour, minute=morning.minute)
    return local


def is_ours(key: str) -> bool:
    """Whether a key is of a word about vouchd's own health and of no follow-up."""
    return key.startswith(PREFIX)
