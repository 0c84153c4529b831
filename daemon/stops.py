"""What would have kept each kind of follow-up from arising, in words for `vouchd why`."""

from __future__ import annotations

from collections.abc import Mapping

from vouchd.rules.model import FollowUpKind

STOPS: Mapping[FollowUpKind, str] = {
    FollowUpKind.ASK_PERMISSION: "a yes of theirs in the mail, an `agreed_on` in references.toml, "
    "or a request of yours that is still unanswered",
    FollowUpKind.RECONFIRM: "a yes that is younger than [cadence] reconfirm_after",
    FollowUpKind.SHARE_REFERENCES: "a mail of yours that gives the employer the names",
    FollowUpKind.HEADS_UP: "a mail of yours that tells them who will call, a no of theirs, "
    "or that nobody is about to make contact",
    FollowUpKind.PROGRESS_UPDATE: "an update within [cadence] update_interval, "
    "or a person who is not involved in a live process",
    FollowUpKind.THANK_YOU: "a mail of yours that thanks them for it",
    FollowUpKind.HANDWRITTEN_NOTE: "a mail of yours that thanks them for it, "
    'or thanks_by = "email" in references.toml (then it is a draft)',
    FollowUpKind.GRACIOUS_REPLY: "an answer of yours to their no",
    FollowUpKind.OUTCOME_NEWS: "a mail of yours that tells them how it ended, "
    "or a person whose name the employer never had",
    FollowUpKind.GIFT: "gift = false under [follow_ups], or that the person never acted",
    FollowUpKind.RECIPROCATE: "an offer of yours to return the favour",
    FollowUpKind.KEEP_IN_TOUCH: "a contact in either direction within their keep_in_touch, "
    'an open request to them, or keep_in_touch = "never"',
    FollowUpKind.INTERVIEW_THANK_YOU: "a note of yours to the interviewers, a cancelled "
    "interview, or interview_thank_you = false under [follow_ups]",
    FollowUpKind.NUDGE_REFERENCE: "word that the reference was given, or a nudge of yours",
    FollowUpKind.DECIDE_OFFER: "an answer of yours to the offer",
    FollowUpKind.CHECK_STATUS: "news of the process within [cadence] stale_after, or its end",
    FollowUpKind.REVIEW: "words that leave no doubt, or your answer to the question "
    "(`vouchd answer KEY yes` or `no`)",
}
