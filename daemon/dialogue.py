"""Questions on a terminal: one line each, a default in brackets, asked until it is right."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from vouchd.config.forms import Form, Wrong
from vouchd.daemon.failures import UsageError
from vouchd.daemon.render import one_line


class Dialogue:
    """Asks on standard error, reads from standard input; the end of the input ends it all."""

    def say(self, *lines: str) -> None:
        """Show lines."""
        for line in lines:
            print(one_line(line) if line.strip() == line else line, file=sys.stderr)

    def ask(self, question: str, otherwise: str = "") -> str:
        """Return the answer, or `otherwise` for an empty line. Raises UsageError at the end."""
        hint = f" [{one_line(otherwise)}]" if otherwise else ""
        print(f"{one_line(question)}{hint}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the answers ended early; `vouchd init` goes on where it stopped")
        return line.strip() or otherwise

    def checked(self, question: str, form: Form, otherwise: str = "") -> str:
        """Return an answer of that form as text."""

        def right(answer: str) -> str:
            return str(form.read(answer, Path()))

        return self.until(question, right, otherwise, form.allowed)

    def until(
        self, question: str, right: Callable[[str], str], otherwise: str = "", allowed: str = ""
    ) -> str:
        """Return what `right` makes of an answer; while it raises Wrong, ask again."""
        while True:
            try:
                return right(self.ask(question, otherwise))
            except Wrong as wrong:
                self.say(f"  {wrong}; allowed: {allowed}" if allowed else f"  {wrong}")

    def choose(self, question: str, options: Sequence[str], otherwise: int = 0) -> int:
        """Return the place of the chosen option."""
        self.say("", question)
        for number, option in enumerate(options, start=1):
            self.say(f"  {number}  {option}")

        def right(answer: str) -> str:
            if not answer.isdecimal() or not 1 <= int(answer) <= len(options):
                raise Wrong(f'"{answer}" is none of 1 to {len(options)}')
            return answer

        return int(self.until("Your choice", right, str(otherwise + 1))) - 1

    def sure(self, question: str, *, otherwise: bool) -> bool:
        """Return yes or no."""

        def right(answer: str) -> str:
            word = answer.lower()[:1]
            if word not in ("y", "n"):
                raise Wrong(f'"{answer}" is neither yes nor no')
            return word

        return self.until(f"{question} (yes/no)", right, "yes" if otherwise else "no") == "y"

    def some(self, question: str, count: int) -> tuple[int, ...]:
        """Return the places of the chosen of `count` numbered things: "1 3 5-7", "all", "none"."""
        chosen: list[int] = []

        def right(answer: str) -> str:
            chosen[:] = _numbers(answer, count)
            return answer

        self.until(question, right, "none", 'numbers such as "1 3 5-7", "all" or "none"')
        return tuple(number - 1 for number in dict.fromkeys(chosen))


def _numbers(answer: str, count: int) -> list[int]:
    if answer.lower() in ("none", "n"):
        return []
    if answer.lower() in ("all", "a"):
        return list(range(1, count + 1))
    found: list[int] = []
    for piece in answer.replace(",", " ").split():
        first, _, last = piece.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise Wrong(f'"{piece}" is no number')
        numbers = range(int(first), int(last or first) + 1)
        if not numbers or numbers[0] < 1 or numbers[-1] > count:
            raise Wrong(f'"{piece}" is not between 1 and {count}')
        found.extend(numbers)
    return found
