"""What is written about a round: one line when nothing happens, and one for each thing done."""

from __future__ import annotations

from dataclasses import dataclass, field

from vouchd.daemon.health import Ailment
from vouchd.daemon.log import Level, Log
from vouchd.daemon.render_action import action_text, key_of, part_of
from vouchd.daemon.result import RoundResult, counts, summary
from vouchd.rules.model import State
from vouchd.rules.reconcile import Close


@dataclass(slots=True)
class Diary:
    """Writes rounds into the log; what goes on being wrong is written once, not every time."""

    log: Log
    _known: frozenset[str] = field(default_factory=frozenset)

    def round(self, result: RoundResult) -> None:
        """Write what a round did and what went wrong with it."""
        self._things_done(result)
        for source in result.set_aside:
            words = f"{source}: could not be read and is set aside; `vouchd status` says why"
            self.log(Level.WARNING, "set_aside", words, message=source)
        self._troubles(result)
        self.log(
            Level.INFO if result.well or self.log.form == "text" else Level.WARNING,
            "cycle",
            summary(result),
            ok=result.well,
            **counts(result),
            open=sum(f.state is State.OPEN for f in result.follow_ups),
            seconds=result.seconds,
        )

    def _things_done(self, result: RoundResult) -> None:
        if self.log.form == "text":
            return  # the sentence of the round counts them; people look into their mailbox
        known = {follow_up.key: follow_up for follow_up in result.follow_ups}
        for action in result.actions:
            follow_up = known.get(key_of(action))
            first = follow_up.why[0].source if follow_up and follow_up.why else None
            self.log(
                Level.INFO,
                type(action).__name__.lower(),
                # Not what was written, only what was done: its words are in the mailbox.
                action_text(action).partition(" ")[0] + f" {part_of(action)}",
                part=part_of(action).value,
                key=key_of(action),
                state=action.state.value if isinstance(action, Close) else None,
                message=first,
            )

    def _troubles(self, result: RoundResult) -> None:
        aside = tuple(f"{source}: " for source in result.set_aside)
        words = {word: "trouble" for word in result.errors if not word.startswith(aside)}
        if result.stopped and not result.shadow:
            words[result.stopped] = "held_back"
        for trouble in result.unwell:
            if trouble.ailment is not Ailment.SIGN_IN:  # the trouble itself says it
                words[trouble.summary] = "unwell"
        for word, event in words.items():
            if word not in self._known:
                self.log(Level.WARNING, event, word)
        if self._known and not words:
            self.log(Level.INFO, "well", "all is well again")
        self._known = frozenset(words)
