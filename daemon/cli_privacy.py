"""The arguments of the commands about what is stored; only argparse is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Moment = Callable[[argparse.ArgumentParser], None]


def export(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd export`."""
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        help="a new or empty folder to write into; default: one JSON object on standard output",
    )


def forget(parser: argparse.ArgumentParser, moment: Moment) -> None:
    """Add the arguments of `vouchd forget`."""
    parser.add_argument("what", nargs="?", choices=("person", "application"), help="what it is")
    parser.add_argument(
        "name", nargs="*", metavar="NAME", help="of the person, or the employer (and the role)"
    )
    parser.add_argument(
        "--everything", action="store_true", help="all that is stored, and the sign-in"
    )
    parser.add_argument(
        "--with-configuration",
        action="store_true",
        help="with --everything: your three files as well",
    )
    parser.add_argument(
        "--leave-drafts",
        action="store_true",
        help="do not touch what lies in the mailbox and the calendar",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    moment(parser)
