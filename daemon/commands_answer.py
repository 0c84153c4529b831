"""`vouchd answer`: the user's word on a question, or on a follow-up."""

from __future__ import annotations

import argparse

from vouchd.daemon import clock
from vouchd.daemon.app import open_app
from vouchd.daemon.commands_people import application_called, person_called
from vouchd.daemon.console import configured, put
from vouchd.daemon.failures import UsageError
from vouchd.daemon.look import Sight, intent_of, look
from vouchd.daemon.recollect import MEANT
from vouchd.daemon.render import one_line
from vouchd.daemon.store import Store
from vouchd.rules.model import SignalKind
from vouchd.rules.world import Person, Question

DONE = 0
_CLOSES = ("done", "dismissed")


def answer(arguments: argparse.Namespace) -> int:
    """Take the user's word: yes, no, what it is; done and dismissed close any follow-up."""
    config = configured(arguments)
    now = clock.now()
    said = " ".join(arguments.answer)
    with open_app(config, dry=True) as app:
        sight = look(app, now)
        follow_up = sight.find(arguments.key)
        asks = intent_of(app, sight, follow_up.key).asks
    keys: tuple[str, ...] = (follow_up.key,)
    noted = said
    if said not in _CLOSES:
        keys = _asked(arguments, follow_up.key, asks)
        questions = {q.id: q for q in sight.world.questions if q.id in keys}
        if said == "yes" and any(q.people for q in questions.values()):
            names = " | ".join(dict.fromkeys(n for q in questions.values() for n in q.people))
            raise UsageError(f"a yes does not tell who is meant; allowed: {names} | no")
        if said not in ("yes", "no"):
            noted = MEANT + _meant(sight, questions, keys, said)
    with Store.open_beside(config.state) as store:
        for key in keys:
            store.answer(key, noted, now)
    fields = {"key": follow_up.key, "answer": said, "questions": list(keys)}
    put(arguments, fields, one_line(f"Noted: {said}. The next round goes by it."))
    return DONE


def _asked(arguments: argparse.Namespace, key: str, asks: tuple[str, ...]) -> tuple[str, ...]:
    if not asks:
        raise UsageError(
            f"{key} asks nothing; allowed: done, dismissed (yes and no answer a review)"
        )
    if arguments.only is None:
        return asks
    if not 1 <= arguments.only <= len(asks):
        raise UsageError(f"--only {arguments.only}: {key} asks {len(asks)} questions")
    return (asks[arguments.only - 1],)


def _meant(sight: Sight, questions: dict[str, Question], keys: tuple[str, ...], said: str) -> str:
    """Return what it is, as the rules take it: a person, an application, or another signal."""
    if len(keys) > 1:
        raise UsageError(f"{len(keys)} questions are asked: say which by --only N")
    kind = said.replace(" ", "_")
    if questions and kind in list(SignalKind):
        return f"signal:{kind}"
    if questions:
        for called, prefix in ((person_called, "person"), (application_called, "application")):
            try:
                found = called(sight, said)
            except UsageError:
                continue
            return f"{prefix}:{found.name if isinstance(found, Person) else found.key}"
    raise UsageError(
        f'"{said}" is no answer; allowed: yes, no, done, dismissed, or what it is: a name from '
        "references.toml, an application, a kind of signal such as rejection"
    )
