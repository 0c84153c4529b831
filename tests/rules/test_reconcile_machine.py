"""Whatever the user, the plan, the network and the power cut do, these hold."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from vouchd.connectors.memory import Lying, MemoryShelf
from vouchd.daemon.act import carry_out
from vouchd.daemon.decide import leaving
from vouchd.rules.model import (
    Address,
    Draft,
    Event,
    FollowUp,
    FollowUpKind,
    Part,
    Receipt,
    State,
    fingerprint,
)
from vouchd.rules.reconcile import Write, reconcile

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = st.sampled_from(["a", "b"])
THANKS = FollowUpKind.THANK_YOU


class PowerCut(Exception):
    """The daemon dies between the write and the receipt."""


class Ledger:
    """The part of the store that remembers what was written."""

    def __init__(self) -> None:
        self.receipts: dict[tuple[str, Part], Receipt] = {}
        self.meant: dict[tuple[str, Part], str] = {}
        self.cut = False

    def intend(self, key: str, part: Part, print_: str, at: datetime) -> None:
        self.meant[key, part] = print_

    def intents(self) -> dict[tuple[str, Part], str]:
        return dict(self.meant)

    def drop_intent(self, key: str, part: Part) -> None:
        self.meant.pop((key, part), None)

    def keep(self, receipt: Receipt) -> None:
        if self.cut:
            raise PowerCut
        self.meant.pop((receipt.key, receipt.part), None)
        known = self.receipts.get((receipt.key, receipt.part))
        if known is None or known.state in (State.OPEN, State.SUPERSEDED):
            self.receipts[receipt.key, receipt.part] = receipt

    def settle(self, receipt: Receipt, state: State) -> None:
        if self.cut:
            raise PowerCut
        self.meant.pop((receipt.key, receipt.part), None)
        self.receipts[receipt.key, receipt.part] = replace(receipt, state=state)


@dataclass(slots=False)
class ForgetfulShelf(MemoryShelf[Draft]):
    """A shelf whose write always adds one, as a server does that was asked twice."""

    def write(self, key: str, content: Draft) -> str:
        handle = f"{key}/{len(self.things):04}/{id(content)}"
        self.things[handle] = Lying(content, key, fingerprint(content))
        return handle


class House(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.drafts = ForgetfulShelf(Part.DRAFT)
        self.events: MemoryShelf[Event] = MemoryShelf(Part.EVENT)
        self.ledger = Ledger()
        self.wanted: dict[str, FollowUp] = {}
        self.edited: dict[str, Draft] = {}
        self.dismissed: set[str] = set()
        self.deleted: set[str] = set()

    def todo(self):
        receipts = self.ledger.receipts.values()
        known = {r.handle: r.key for r in receipts}
        found = tuple(self.drafts.found(known))
        going = leaving(self.ledger, found, frozenset(Part))  # type: ignore[arg-type]
        return reconcile(self.wanted.values(), receipts, found, leaving=going)

    def carry_out(self, actions):
        for action in actions:
            carry_out(action, self.drafts, self.events, self.ledger, NOW)  # type: ignore[arg-type]

    @rule(key=KEYS, version=st.integers(0, 1))
    def plan_wants(self, key, version):
        draft = Draft(to=(Address("d@x.example"),), subject=f"v{version}", body="…")
        self.wanted[key] = FollowUp(
            key=key, kind=THANKS, kinds=(THANKS,), created_at=NOW, due_at=NOW, draft=draft
        )

    @rule(key=KEYS)
    def plan_drops(self, key):
        self.wanted.pop(key, None)

    @rule()
    def rounds(self):
        self.carry_out(self.todo())
        again = self.todo()
        assert not any(isinstance(a, Write) for a in again)
        self.carry_out(again)
        assert self.todo() == (), "two rounds must settle everything"
        for handle, thing in self.drafts.things.items():
            if handle not in self.edited and not thing.sent and thing.key in self.wanted:
                assert thing.content == self.wanted[thing.key].draft
        known = {r.handle: r.key for r in self.ledger.receipts.values()}
        lying = list(self.drafts.found(known))
        theirs = {f.key for f in lying if not f.untouched}
        ours = Counter(f.key for f in lying if f.untouched)
        assert all(n == 1 for n in ours.values()), "doubles are gone"
        assert not theirs & ours.keys(), "the one they touched is the one that stays"

    @rule()
    def round_with_power_cut(self):
        self.ledger.cut = True
        with contextlib.suppress(PowerCut):
            self.carry_out(self.todo())
        self.ledger.cut = False

    @rule()
    def round_with_stutter(self):
        write = self.drafts.write
        self.drafts.write = lambda key, content: (write(key, content), write(key, content))[1]  # type: ignore[method-assign]
        self.carry_out(self.todo())
        del self.drafts.write

    def open_handles(self):
        return sorted(h for h, t in self.drafts.things.items() if not t.sent)

    def recorded(self, handle):
        return any(
            r.handle == handle and r.state is State.OPEN for r in self.ledger.receipts.values()
        )

    @precondition(lambda self: self.open_handles())
    @rule(data=st.data(), word=st.text("xy", min_size=1, max_size=2), strip=st.booleans())
    def user_edits(self, data, word, strip):
        handle = data.draw(st.sampled_from(self.open_handles()))
        thing = self.drafts.things[handle]
        thing.content = replace(thing.content, body=thing.content.body + word)
        if strip and self.recorded(handle):
            thing.key = thing.mark = None
        self.edited[handle] = thing.content

    @precondition(lambda self: self.open_handles())
    @rule(data=st.data())
    def user_deletes(self, data):
        handle = data.draw(st.sampled_from(self.open_handles()))
        key = self.drafts.things[handle].key
        alone = [t.key for t in self.drafts.things.values()].count(key) == 1
        if key is not None and self.recorded(handle) and alone:
            self.dismissed.add(key)
        self.deleted.add(key or "")
        self.deleted |= {r.key for r in self.ledger.receipts.values() if r.handle == handle}
        del self.drafts.things[handle]
        self.edited.pop(handle, None)

    @precondition(lambda self: self.open_handles())
    @rule(data=st.data())
    def user_sends(self, data):
        self.drafts.things[data.draw(st.sampled_from(self.open_handles()))].sent = True

    @invariant()
    def edited_is_never_overwritten_nor_removed(self):
        for handle, content in self.edited.items():
            assert self.drafts.things[handle].content == content

    @invariant()
    def dismissed_never_returns(self):
        assert not {t.key for t in self.drafts.things.values() if not t.sent} & self.dismissed

    @invariant()
    def what_only_we_took_back_is_not_dismissed(self):
        for receipt in self.ledger.receipts.values():
            assert receipt.state is not State.DISMISSED or receipt.key in self.deleted

    @invariant()
    def marks_are_ours(self):
        for handle, thing in self.drafts.things.items():
            if handle not in self.edited and thing.mark is not None:
                assert thing.mark == fingerprint(thing.content)


House.TestCase.settings = settings(max_examples=3000, stateful_step_count=25, deadline=None)
TestHouse = House.TestCase
