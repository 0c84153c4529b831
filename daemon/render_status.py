"""One screen that says how things stand: looks, what waits, applications, references, trouble."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchd.daemon.health import Ailment, Trouble
from vouchd.daemon.look import Sight
from vouchd.daemon.render import counted, day, one_line
from vouchd.daemon.render_people import owed
from vouchd.daemon.render_screen import (
    Style,
    ago,
    broken,
    columns,
    date,
    moment,
    padded,
    short_keys,
    wrapped,
)
from vouchd.daemon.result import read_text
from vouchd.daemon.status import Process, Status
from vouchd.rules.model import FollowUp, FollowUpKind, State
from vouchd.rules.playbook.balance import Balance

_NAME = 22
_COLUMNS = ("asked", "acted", "thanked", "told", "returned")
_MOST_SHOWN = 5
_STAGE = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """How the screen looks: colours, columns, and whether what is over is shown as well."""

    style: Style
    width: int = 80
    whole: bool = False


def status_text(status: Status, screen: Screen) -> str:
    """Return the screen."""
    parts = [
        _head(status, screen),
        _unwell(status, screen),
        *_waiting(status, screen),
        _applications(status, screen),
        _references(status, screen),
    ]
    if screen.whole:
        parts.append(_finished(status, screen))
    return "\n\n".join("\n".join(rows) for rows in parts if rows)


def _section(head: str, screen: Screen, rows: Sequence[str], empty: str = "nothing") -> list[str]:
    return [screen.style(head, "bold"), *(rows or [f"  {screen.style(empty, 'dim')}"])]


# --- the looks --------------------------------------------------------------------------------


def _head(status: Status, screen: Screen) -> list[str]:
    style, now = screen.style, status.now
    well = style("well", "green") if status.well else style("not well", "red", "bold")
    rows = [f"{style('vouchd', 'bold')}  {day(now)}  {well}", ""]
    last = status.last
    if last is None:
        rows += _line("Last look", "never; `vouchd once` does the first", screen)
        return [*rows, *_line("Next look", _next(status), screen)]
    n = last.counts
    read = read_text(n.get("messages", 0), n.get("events", 0), n.get("about", 0))
    when = moment(last.at.astimezone(now.tzinfo), now)
    if last.at <= now:
        when += f" ({ago(now - last.at)})"
    rows += _line("Last look", f"{when}: {read}", screen)
    if not last.good:
        good = status.last_good
        since = moment(good.at.astimezone(now.tzinfo), now) if good else "none so far"
        words = f"did not succeed; the last that did: {since}"
        rows += _line("", style(words, "red"), screen)
    rows += _line("Next look", _next(status), screen)
    today = status.today
    if today.looks > 1:
        read = read_text(today.messages, today.events, today.about)
        rows += _line("Last 24 h", f"{counted(today.looks, 'look')}: {read}", screen)
    return rows


def _line(name: str, words: str, screen: Screen) -> list[str]:
    start = f"  {padded(name, 11)}"
    return wrapped(words, screen.width, start, " " * 13)


def _next(status: Status) -> str:
    if status.daemon is None:
        return "no daemon runs; `vouchd once` looks, `vouchd run` keeps looking"
    soon = max(status.now, status.next_at or status.now).astimezone(status.now.tzinfo)
    return f"about {soon:%H:%M}; the daemon runs (process {status.daemon})"


def _unwell(status: Status, screen: Screen) -> list[str]:
    rows: list[str] = []
    for trouble in status.troubles:
        rows += _trouble(trouble, screen)
    told = " ".join(trouble.text for trouble in status.troubles)
    words = [one_line(word) for word in status.words if not _said(word, told)]
    shown = words if screen.whole else words[:_MOST_SHOWN]
    for word in shown:
        rows += wrapped(word, screen.width, "  ! ", "    ")
    if more := len(words) - len(shown):
        rows.append(f"  ! {more:,} more; `vouchd status --all` shows them")
    head = "Worth a look" if status.well else "Not well"
    return _section(head, screen, rows) if rows else []


def _said(word: str, told: str) -> bool:
    """Whether a trouble says this already, with or without the part it begins with."""
    word = word.rstrip(".")
    rest = word.partition(": ")[2]
    return word in told or bool(rest and rest in told)


def _trouble(trouble: Trouble, screen: Screen) -> list[str]:
    first, *more = trouble.text.splitlines()
    if trouble.ailment is Ailment.QUESTIONS:
        more = []  # they stand below
    rows = wrapped(one_line(trouble.summary), screen.width, "  ! ", "    ")
    rows = [screen.style(row, "red") for row in rows]
    rows += wrapped(one_line(first), screen.width, "    ")
    for line in more:
        rows += wrapped(one_line(line), screen.width, "    ", "      ")
    return rows


# --- what waits -------------------------------------------------------------------------------

_DECISIONS = frozenset((FollowUpKind.DECIDE_OFFER,))
_QUESTIONS = frozenset((FollowUpKind.REVIEW,))


def _group(follow_up: FollowUp) -> str:
    kinds = frozenset(follow_up.kinds or (follow_up.kind,))
    if kinds & _DECISIONS:
        return "Decisions"
    if kinds & _QUESTIONS:
        return "Questions"
    return "Drafts to look at" if follow_up.draft is not None else "To do by hand"


def _waiting(status: Status, screen: Screen) -> Iterator[list[str]]:
    sight, now = status.sight, status.now
    late = sum(f.due_at < now for f in sight.waiting)
    if not sight.waiting:
        yield _section("Waiting for you", screen, [])
        return
    overdue = f", {late:,} overdue" if late else ""
    yield [screen.style(f"Waiting for you: {len(sight.waiting):,}{overdue}", "bold")]
    short = short_keys(f.key for f in sight.follow_ups)
    for name in ("Decisions", "Questions", "Drafts to look at", "To do by hand"):
        mine = [f for f in sight.waiting if _group(f) == name]
        if mine:
            rows = [f"  {screen.style(name, 'bold')} ({len(mine)})"]
            for follow_up in mine:
                rows += _follow_up(follow_up, sight, short[follow_up.key], now, screen)
            yield rows


def _follow_up(
    follow_up: FollowUp, sight: Sight, key: str, now: datetime, screen: Screen
) -> list[str]:
    summary = follow_up.event.summary if follow_up.event else key
    rows = wrapped(one_line(summary), screen.width, "    ", "    ")
    due = follow_up.due_at.astimezone(now.tzinfo)
    said = f"due {moment(due, now)}"
    if due < now:
        said = screen.style(f"{said} ({ago(now - due)})", "red" if (now - due).days else "yellow")
    elif due.date() == now.date():
        said = screen.style(said, "yellow")
    parts = " and ".join(r.part for r in sight.written(follow_up.key)) or "not written yet"
    if follow_up.state is not State.OPEN:
        said, parts = follow_up.state.value, ""
    tail = f" · {parts}" if parts else ""
    first = f"      {said}{tail}"
    rest = screen.style(f"key {key}", "dim")
    longest = f"      due {moment(due, now)} (16 months late){tail} · key {key}"
    if follow_up.state is not State.OPEN:
        longest = f"{first} · key {key}"
    if columns(longest) <= screen.width:
        return [*rows, f"{first} · {rest}"]
    lines = broken(f"key {key}", screen.width - 6)
    return [*rows, first, *(f"      {screen.style(line, 'dim')}" for line in lines)]


def _finished(status: Status, screen: Screen) -> list[str]:
    """Return what is over, newest first."""
    over = [f for f in status.sight.follow_ups if f.state is not State.OPEN]
    over.sort(key=lambda f: (f.created_at, f.key), reverse=True)
    rows: list[str] = []
    for follow_up in over:
        rows += _follow_up(follow_up, status.sight, follow_up.key, status.now, screen)
    return _section(f"Finished: {len(over):,}" if over else "Finished", screen, rows)


# --- applications and people ------------------------------------------------------------------


def _applications(status: Status, screen: Screen) -> list[str]:
    live = [process for process in status.processes if process.live]
    over = [process for process in status.processes if not process.live]
    rows = [_process(process, status.now, screen) for process in live]
    if screen.whole:
        rows += [screen.style(_process(p, status.now, screen), "dim") for p in over]
    head = f"Applications: {len(live)} live" if live else "Applications"
    return _section(head, screen, rows, "none live")


def _process(process: Process, now: datetime, screen: Screen) -> str:
    about = f"{process.company}, {process.role}" if process.role else process.company
    room = screen.width - _STAGE - 34
    said = ""
    if process.interview is not None:
        said = f"interview {moment(process.interview.astimezone(now.tzinfo), now)}"
    elif process.heard is not None:
        said = f"last news {date(process.heard.astimezone(now.tzinfo), now)}"
        said += ", silent" if process.silent else ""
    stage = process.stage.value.replace("_", " ")
    return f"  {padded(one_line(about), room)}  {padded(stage, _STAGE)} {said}".rstrip()


def _references(status: Status, screen: Screen) -> list[str]:
    if not status.people:
        return _section("References", screen, [], "nobody stands in references.toml")
    wide = screen.width >= 76
    name = max(_NAME, screen.width - 58) if wide else screen.width - 16
    head = padded("References", name + 2)
    if wide:
        head += "".join(f" {padded(c, len(c), right=True)}" for c in _COLUMNS)
    head += "  last contact"
    rows = [screen.style(head, "bold")]
    debts = [
        (owed(balance, news=status.sight.owes_news(balance.name)), balance)
        for balance in status.people
    ]
    for owes, balance in sorted(debts, key=lambda pair: (not pair[0], pair[1].name)):
        rows.append(_person(balance, name, status.now, wide=wide))
        if owes:
            words = f"you owe {' and '.join(owes)}"
            rows += [screen.style(r, "yellow") for r in wrapped(words, screen.width, "    ")]
    return rows


def _person(balance: Balance, name: int, now: datetime, *, wide: bool) -> str:
    row = f"  {padded(one_line(balance.name), name)}"
    if wide:
        row += "".join(f" {padded(str(getattr(balance, c)), len(c), right=True)}" for c in _COLUMNS)
    last = balance.last_contact
    return f"{row}  {date(last.astimezone(now.tzinfo), now) if last else 'none yet'}"
