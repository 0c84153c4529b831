"""The arguments of `vouchd init` and `vouchd auth`; only argparse is imported here."""

from __future__ import annotations

import argparse


def init(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd init`."""
    who = parser.add_argument_group("who you are, and where things are")
    who.add_argument("--name", help="your name, as you sign your mail")
    who.add_argument(
        "--email", action="append", metavar="ADDRESS", help="an address of yours (repeatable)"
    )
    who.add_argument("--timezone", metavar="ZONE", help="default: the system's")
    mail = who.add_mutually_exclusive_group()
    mail.add_argument(
        "--gmail", action="store_true", help="your mail is in Gmail, your calendar at Google"
    )
    mail.add_argument("--maildir", metavar="PATH", help="your mail is in this Maildir")
    mail.add_argument("--mbox", metavar="PATH", help="your mail is in this mbox file")
    who.add_argument("--calendar", metavar="PATH", help="your calendar: a folder of .ics files")
    who.add_argument(
        "--client", metavar="FILE", help="the OAuth client file of your Google Cloud project"
    )
    people = parser.add_argument_group("the people who vouch for you")
    people.add_argument("--vcard", metavar="FILE", help="take them from this vCard file")
    people.add_argument(
        "--contacts",
        action="store_true",
        help="take them from Google Contacts (permitted by `vouchd auth google --contacts`)",
    )
    people.add_argument(
        "--from-mail", action="store_true", help="take those you asked in the last three years"
    )
    people.add_argument(
        "--take", action="append", metavar="NAME", help="only this person (repeatable)"
    )
    then = parser.add_argument_group("before anything is written")
    then.add_argument(
        "--rehearse", action="store_true", help="show what the last 90 days would have brought"
    )
    then.add_argument(
        "--no-write", action="store_true", help="let everything run and write nothing"
    )


def auth(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vouchd auth`."""
    parser.add_argument(
        "service", choices=("google", "revoke"), help="sign in there, or take the sign-in back"
    )
    parser.add_argument(
        "--client", metavar="FILE", help="the OAuth client file of your Google Cloud project"
    )
    parser.add_argument(
        "--port", type=int, metavar="PORT", help="for the browser's answer (without one: 8765)"
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument(
        "--contacts", action="store_true", help="also permit reading contacts, for `vouchd init`"
    )
    parser.add_argument(
        "--forget", action="store_true", help="revoke: forget it also when Google does not answer"
    )
