"""What speaks against a signal: lists, alerts, other worlds, the user on the other side."""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.rules.reading.cues import Strength
from vouchd.rules.reading.view import View
from vouchd.rules.reading.weigh import weight


class Against:
    """The features of `against`, found when the first verdict asks for them: most mail has none."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: tuple[tuple[str, float], ...] | None = None

    def __iter__(self) -> Iterator[tuple[str, float]]:
        """Yield each feature with its value."""
        if self._found is None:
            self._found = tuple(against(self._view))
        return iter(self._found)


def against(view: View) -> Iterator[tuple[str, float]]:
    """Yield features with negative values that hold for every kind of received mail."""
    message, new = view.message, view.new
    if view.sender == "alert":
        yield "sender sends alerts only", -8.0
    if view.sender == "colleague":
        yield "sender works where the user works", -3.0
    alert = weight(new, "alert")
    if alert:
        own = view.sender in ("ats", "board") and not message.bulk
        yield "lists jobs", -0.2 * alert if own else -0.7 * alert - (1.5 if message.bulk else 0.0)
    if message.bulk:
        yield (
            "sent to a list",
            -1.6 if view.sender in ("ats", "platform", "scheduler", "assessment") else -2.4,
        )
    marketing = weight(new, "marketing")
    if marketing:
        yield "advertises", -0.5 * marketing
    account = weight(new, "account")
    if account:
        yield "account, code or survey", -0.6 * account
    side = weight(new, "hiring_side")
    if side:
        yield "the user hires", -1.1 * side
    other = weight(new, "vouch_other")
    if other and not (view.sender == "platform" and view.named()):
        yield "vouching for somebody else", -1.1 * other
    world, much = view.world
    plain = view.plain_job or view.titled or view.stated_sender
    gap = 1.6 * much - 0.8 * view.job if plain else 2.4 * much
    if much and not new.count("job") and view.sender in ("scheduler", "person"):
        gap += 2.0  # another world's words, and not one of hiring's: a booking tool serves all
    if much and _about_it(view, world):
        gap += 3.0
    if gap > 0:
        yield f"speaks of {world}", -min(6.0, gap)
    if not view.job:
        yield "no word of hiring", -0.5 if view.named() else -0.7
    elif view.job > 1.5:
        yield "speaks of hiring", min(1.0, 0.3 * view.job)


#: other worlds in which one applies and is offered something without looking for work there
_PERSONAL = frozenset(("finance", "rental", "visa"))


def _about_it(view: View, world: str) -> bool:
    """Whether the subject itself names the other world and nothing that only hiring has."""
    if world not in _PERSONAL or view.reply or all(hit.sentence for hit in view.new.of(world)):
        return False
    return not any(
        hit.sentence == 0 and hit.strength == Strength.STRONG for hit in view.new.of("job")
    )
