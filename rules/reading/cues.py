"""The vocabulary between languages and rules: every cue a language may give words for.

A cue is one thing a sentence can say. Languages list phrases for cues; the rules only ever look
at cues, so that a new language is data alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from vouchd.rules.reading.pattern import Pattern


class Strength(IntEnum):
    """How much one phrase carries: strong ones alone, weak ones only beside others."""

    WEAK = 1
    MEDIUM = 2
    LIKELY = 3
    STRONG = 4


@dataclass(frozen=True, slots=True)
class CueKind:
    """What is true of a cue in every language."""

    meaning: str
    survives_condition: bool = False  #: still counts after "if"
    survives_negation: bool = False  #: still counts after "not"


def _context(meaning: str) -> CueKind:
    return CueKind(meaning, survives_condition=True, survives_negation=True)


CUES: dict[str, CueKind] = {
    # the employer's side, hiring
    "received": CueKind("an application has arrived"),
    "outreach": CueKind("proposes a job unasked"),
    "agent": _context("speaks for an employer that is somebody else: my client"),
    "invite": CueKind("asks to an interview"),
    "schedule": CueKind("asks for or offers times, gives a booking link"),
    "confirmed": CueKind("an interview stands at a time"),
    "rescheduled": CueKind("an interview is moved"),
    "cancelled": CueKind("an interview is called off"),
    "assessment": CueKind("a test or work sample is asked for"),
    "interview": _context("speaks of an interview, call or meeting about the job"),
    "final": CueKind("the interview is the last stage"),
    "past_meeting": CueKind("an interview has taken place"),
    # outcomes
    "offer": CueKind("a job is offered"),
    "terms": _context("salary, start date, contract: what comes with an offer"),
    "accepted": CueKind("confirms that the user accepted"),
    "declined": CueKind("confirms that the user declined the offer"),
    "rejection": CueKind("the process ends by the employer", survives_negation=True),
    "regret": _context("the tone of a no"),
    "thanks_bye": _context("thanks for applying, wishes luck, keeps on file"),
    "withdrawn": CueKind("confirms that the user stepped out"),
    "post_closed": CueKind("the position goes to nobody", survives_negation=True),
    "other_chosen": _context("somebody else was chosen"),
    "hold": _context("the process pauses, no decision yet"),
    # the employer's side, vouching
    "ref_word": _context("the word reference, referee"),
    "ref_request": CueKind("asks for references, or is about to contact them"),
    "ref_announced": _context("they will contact them, and have the names"),
    "ref_names": _context("names are asked for"),
    "names_wanted": _context("asks the user to send names"),
    "ref_contacted": CueKind("has reached out to references"),
    "ref_overdue": CueKind("a reference has not answered", survives_negation=True),
    "ref_completed": CueKind("a reference has been given"),
    # a person who vouches
    "agreed": CueKind("yes, will vouch"),
    "yes": CueKind("a plain yes; needs the request in view"),
    "lukewarm": _context("a yes with doubts about what they can say"),
    "refuses": CueKind("no, will not vouch", survives_negation=True),
    "no": CueKind("a plain no; needs the request in view", survives_negation=True),
    "this_one": _context("the no is for this application only"),
    "others": _context("speaks of other applications than this one"),
    "to_others": _context("and a yes for all others"),
    "only_here": _context("a yes for this application only"),
    "not_others": _context("and a no for all others"),
    "later": _context("busy or away until a day, and free from it on"),
    "reach": _context("how and when they can be reached"),
    "by_phone": _context("rather a call than a mail"),
    "by_mail": _context("rather a mail than a call"),
    "spoke": CueKind("spoke with the employer"),
    "filled": CueKind("filled in the form, sent the letter"),
    "job_hunting": CueKind("looks for work, was laid off"),
    "asks_favour": CueKind("asks the user to vouch for them"),
    "third_party": _context("somebody else than the two: family, friends, one's own staff"),
    "unwell": _context("ill or grieving"),
    "away": _context("on leave"),
    "returned": CueKind("back from an absence, well again"),
    # the user's own words
    "shares": CueKind("gives names of references"),
    "will_share": CueKind("promises references later"),
    "accepts": CueKind("accepts the offer"),
    "declines": CueKind("declines the offer"),
    "withdraws": CueKind("steps out of the process"),
    "resigns": _context("gives up a post that the writer holds"),
    "asks_ref": CueKind("asks somebody to vouch", survives_condition=True),
    "warns": CueKind("says that an employer will make contact", survives_condition=True),
    "thanks": CueKind("thanks"),
    "tells": CueKind("tells how it went"),
    "offers_help": CueKind("offers to return the favour", survives_condition=True),
    # what kind of mail it is
    "job": _context("speaks of hiring"),
    "process": _context("describes stages to come"),
    "alert": _context("lists jobs: alert, digest, recommendation"),
    "marketing": _context("sells, teaches, advertises"),
    "account": _context("codes, accounts, unfinished forms, surveys"),
    "hiring_side": _context("the user interviews, hires or sits on the panel"),
    "vouch_other": _context("the user is asked to vouch for somebody else"),
    "money": _context("asks for money, equipment purchases, bank data"),
    "prep": _context("practice, tips or preparation for interviews in general"),
    "proposed": _context("an entry that only holds a time for choosing"),
    "social": _context("lunch, sport, family, a holiday"),
    # other worlds that use the same words
    "rental": _context("flats and tenancies"),
    "study": _context("courses, admission, scholarships"),
    "visa": _context("visas and immigration"),
    "finance": _context("loans, mortgages, insurance, cards"),
    "paper": _context("papers, grants, conferences, proposals"),
    "sale": _context("goods, houses, discounts, quotes"),
    "research": _context("user research, surveys, podcasts, press"),
    "health": _context("patients, school, children"),
    "code": _context("pull requests, tickets, support"),
    "club": _context("clubs, volunteering, dating, theatre"),
}

#: who can say it: looked for only in mail of that side; all others are the employer's
SIDES: dict[str, tuple[str, ...]] = {
    "reference": (
        "agreed",
        "yes",
        "lukewarm",
        "refuses",
        "no",
        "this_one",
        "others",
        "to_others",
        "only_here",
        "not_others",
        "later",
        "reach",
        "by_phone",
        "by_mail",
        "spoke",
        "filled",
        "job_hunting",
        "asks_favour",
        "third_party",
        "unwell",
        "away",
        "returned",
    ),
    "user": (
        "shares",
        "will_share",
        "accepts",
        "declines",
        "withdraws",
        "resigns",
        "asks_ref",
        "warns",
        "thanks",
        "tells",
        "offers_help",
    ),
    "context": (
        "job",
        "process",
        "alert",
        "marketing",
        "account",
        "hiring_side",
        "vouch_other",
        "money",
        "prep",
        "proposed",
        "social",
        "rental",
        "study",
        "visa",
        "finance",
        "paper",
        "sale",
        "research",
        "health",
        "code",
        "club",
    ),
}
SIDE: dict[str, str] = {cue: side for side, cues in SIDES.items() for cue in cues}

WORLDS = (
    "rental",
    "study",
    "visa",
    "finance",
    "paper",
    "sale",
    "research",
    "health",
    "code",
    "club",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One cue found: where, how strongly, and how it is meant."""

    cue: str
    strength: Strength
    sentence: int
    pattern: Pattern
    start: int
    end: int
    hypothetical: bool = False
    negated: bool = False

    @property
    def holds(self) -> bool:
        """Whether it says what it says: not conditional, not denied."""
        kind = CUES[self.cue]
        return (not self.hypothetical or kind.survives_condition) and (
            not self.negated or kind.survives_negation
        )
