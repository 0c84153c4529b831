"""The user's word given on a conversation: yes and no answer its questions, stop ends all work."""

from __future__ import annotations

from datetime import datetime

from vouchd.daemon.store import Store
from vouchd.rules.world import World


def settle_questions(store: Store, world: World, now: datetime) -> bool:
    """Answer the open questions of conversations that bear a yes or a no; tell whether any was."""
    answered = False
    for word in ("yes", "no"):
        threads = store.heard(word)
        if not threads:
            continue
        for question in world.questions:
            if question.reading.thread in threads:
                store.answer(question.id, word, now)
                answered = True
    return answered


def stopped_sources(store: Store) -> frozenset[str]:
    """Return the messages on which all work has been stopped."""
    return store.sources_in(store.heard("stop"))
