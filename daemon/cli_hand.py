"""The arguments of the commands by which the user says something."""

from __future__ import annotations

import argparse


def key(parser: argparse.ArgumentParser) -> None:
    """Add the key of a follow-up."""
    parser.add_argument("key", metavar="KEY", help="of a follow-up; `vouchd status` names them")


def moment(parser: argparse.ArgumentParser) -> None:
    """Add the moment that a command takes for now."""
    parser.add_argument(
        "--now",
        metavar="TIME",
        help="as if it were then, such as 2026-01-31T21:00 (your time zone); default: now",
    )


def outcome(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd outcome`."""
    parser.add_argument(
        "application", metavar="APPLICATION", help="the employer, or the employer and the role"
    )
    parser.add_argument("outcome", choices=("accepted", "declined", "rejected", "withdrawn"))
    moment(parser)


def acted(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd acted`."""
    parser.add_argument("person", metavar="PERSON", help="a name as in references.toml")
    parser.add_argument(
        "application", metavar="APPLICATION", help="the employer, or the employer and the role"
    )
    parser.add_argument(
        "--how",
        choices=("call", "form", "letter", "meeting"),
        help="by which means; a meeting is one in person, over a coffee, say",
    )
    parser.add_argument("--on", metavar="DATE", help="such as 2026-01-31; default: today")
    moment(parser)


def undo(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd undo`."""
    parser.add_argument(
        "what",
        nargs="?",
        metavar="WHAT",
        help='the beginning of what `vouchd undo` shows last on a line, or "last"',
    )
    moment(parser)


def expect(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd expect`."""
    parser.add_argument("file", metavar="FILE", help="a saved message (.eml) or event (.ics)")
    parser.add_argument(
        "--signal", action="append", metavar="KIND", help="what it says (repeatable)"
    )
    parser.add_argument("--nothing", action="store_true", help="it says nothing at all")
    parser.add_argument("--company", metavar="NAME", help="of which employer")
    parser.add_argument("--role", metavar="TITLE", help="for which job")
    parser.add_argument(
        "--follow-up", action="append", metavar="KIND", help="what is prepared (repeatable)"
    )


def snooze(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd snooze`."""
    key(parser)
    parser.add_argument("--until", metavar="DATE", required=True, help="such as 2026-01-31")
    moment(parser)


def answer(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd answer`."""
    key(parser)
    parser.add_argument(
        "answer",
        nargs="+",
        metavar="ANSWER",
        help="yes, no, done, dismissed, or what it is: a person, an application, a kind of signal",
    )
    parser.add_argument("--only", type=int, metavar="N", help="answer only the Nth question of it")
