"""Which of the verdicts on a message stand: strong enough, and not excluding each other."""

from __future__ import annotations

from vouchd.rules.model import SignalKind as K
from vouchd.rules.reading.weigh import Verdict
from vouchd.rules.reading.writer import Book

#: of each group a message says one thing, unless two stand in sentences of their own
_ONE_OF = (
    (K.INTERVIEW_INVITE, K.INTERVIEW_CONFIRMED, K.INTERVIEW_RESCHEDULED, K.INTERVIEW_CANCELLED),
    (K.REFERENCE_REQUEST, K.REFERENCE_CONTACTED, K.REFERENCE_OVERDUE, K.REFERENCE_COMPLETED),
    (K.REJECTION, K.OFFER, K.OFFER_ACCEPTED, K.OFFER_DECLINED, K.WITHDRAWN),
    (K.REJECTION, K.APPLICATION_RECEIVED, K.RECRUITER_OUTREACH),
    (K.REJECTION, K.INTERVIEW_INVITE, K.INTERVIEW_CONFIRMED, K.ASSESSMENT),
    (K.APPLICATION_RECEIVED, K.INTERVIEW_INVITE, K.ASSESSMENT, K.RECRUITER_OUTREACH),
    (K.OFFER, K.INTERVIEW_INVITE, K.RECRUITER_OUTREACH, K.APPLICATION_RECEIVED),
    (K.REFERENCE_AGREED, K.REFERENCE_DECLINED, K.REFERENCE_SPOKE),
)


SURE = 2.2  #: log-odds from which a second thing of one group may stand beside the first


def settle(verdicts: tuple[Verdict, ...], book: Book) -> tuple[Verdict, ...]:
    """Drop what is too weak, and of things that exclude each other the weaker one."""
    ask = book.lexicon.vendors.ask
    best: dict[K, Verdict] = {}
    for verdict in verdicts:
        if verdict.kind not in best or best[verdict.kind].score < verdict.score:
            best[verdict.kind] = verdict
    left = [
        v for v in best.values() if v.evidence and v.confidence >= ask.get(v.kind, ask["default"])
    ]
    for group in _ONE_OF:
        rivals = sorted((v for v in left if v.kind in group), key=lambda v: -v.score)
        for weaker in rivals[1:]:
            alone = weaker.places - rivals[0].places
            if weaker.score < SURE or not alone:
                left.remove(weaker)
    return tuple(left)
