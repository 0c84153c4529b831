"""The user's word given on a conversation: yes and no answer its questions, stop ends all work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vouchd.daemon.store import Store
from vouchd.rules.intent import Intent
from vouchd.rules.world import World


def settle(store: Store, world: World, reviews: Iterable[Intent], now: datetime) -> bool:
    """Answer the questions of conversations that bear a yes or a no; tell whether any was open.

    A question about one mail belongs to its conversation; a review that puts one question alone,
    to every conversation it rests on.
    """
    reviews = tuple(reviews)
    known = {answer.key for answer in store.answers()}
    answered = False
    for word in ("yes", "no"):
        threads = store.heard(word)
        sources = store.sources_in(threads)
        asked = [q.id for q in world.questions if q.reading.thread in threads]
        for review in reviews:
            if len(review.asks) == 1 and any(c.source in sources for c in review.causes):
                asked += review.asks
        for question in dict.fromkeys(asked):
            if question not in known:
                store.answer(question, word, now)
                answered = True
    return answered


def stopped_sources(store: Store) -> frozenset[str]:
    """Return the messages on which all work has been stopped."""
    return store.sources_in(store.heard("stop"))
