"""When something should be done: by kind, within the user's working hours, before its deadline."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from vouchd.rules.model import FollowUpKind, Me, Wishes

# How long the user has, by kind; thanks and news by the user's own settings.
_HABITS = {
    FollowUpKind.ASK_PERMISSION: timedelta(hours=4),
    FollowUpKind.RECONFIRM: timedelta(hours=4),
    FollowUpKind.HEADS_UP: timedelta(hours=2),
    FollowUpKind.SHARE_REFERENCES: timedelta(days=1),
    FollowUpKind.GRACIOUS_REPLY: timedelta(days=1),
    FollowUpKind.RECIPROCATE: timedelta(days=1),
    FollowUpKind.NUDGE_REFERENCE: timedelta(days=1),
    FollowUpKind.INTERVIEW_THANK_YOU: timedelta(hours=20),
    FollowUpKind.PROGRESS_UPDATE: timedelta(days=3),
    FollowUpKind.GIFT: timedelta(days=7),
    FollowUpKind.HANDWRITTEN_NOTE: timedelta(days=2),
    FollowUpKind.DECIDE_OFFER: timedelta(days=3),
    FollowUpKind.CHECK_STATUS: timedelta(days=1),
    FollowUpKind.KEEP_IN_TOUCH: timedelta(days=3),
    FollowUpKind.REVIEW: timedelta(hours=4),
}


def due_at(kind: FollowUpKind, created_at: datetime, me: Me, wishes: Wishes) -> datetime:
    """Return by when the user should act, in the user's zone and working hours."""
    if kind is FollowUpKind.THANK_YOU:
        span = wishes.thank_within
    elif kind is FollowUpKind.OUTCOME_NEWS:
        span = wishes.tell_within
    else:
        span = _HABITS[kind]
    return working(created_at + span, me, wishes)


def working(at: datetime, me: Me, wishes: Wishes) -> datetime:
    """Return `at`, or the next moment within the user's working hours, on a whole half-hour."""
    local = at.astimezone(me.zone).replace(second=0, microsecond=0, fold=0)
    if local.minute % 30:
        local += timedelta(minutes=30 - local.minute % 30)
    if local.timetz().replace(tzinfo=None) > _last(wishes):
        local = _morning(local + timedelta(days=1), wishes)
    if local.time() < wishes.day_starts:
        local = _morning(local, wishes)
    for _ in range(7):
        if local.weekday() in wishes.working_days:
            break
        local = _morning(local + timedelta(days=1), wishes)
    return local


def _last(wishes: Wishes) -> time:
    """The last start of half an hour that still ends within the working day."""
    minutes = wishes.day_ends.hour * 60 + wishes.day_ends.minute - 30
    return time(*divmod(max(minutes, 0), 60))


def _morning(local: datetime, wishes: Wishes) -> datetime:
    start = wishes.day_starts
    return local.replace(hour=start.hour, minute=start.minute)
