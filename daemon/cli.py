"""The command line: what can be asked, and the one place that turns errors into sentences.

Only argparse is imported here, so that `vouchd --help` is there at once; a command is imported
when it is chosen.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vouchd.daemon import cli_hand, cli_init, cli_people, cli_privacy

DONE, FAILED, WRONG_USE = 0, 1, 2

Parser = argparse.ArgumentParser


@dataclass(frozen=True, slots=True)
class Command:
    """One sub-command: `runs` is the dotted name of a function that takes the arguments."""

    name: str
    help: str
    description: str
    example: str
    runs: str
    arguments: Callable[[Parser], None] = lambda parser: None
    json: bool = True


def _once(parser: Parser) -> None:
    cli_hand.moment(parser)
    parser.add_argument(
        "--yes",
        action="store_true",
        help="write although it is more than a day's worth, or a whole shelf is gone",
    )


def _status(parser: Parser) -> None:
    cli_hand.moment(parser)
    parser.add_argument("--all", action="store_true", help="what is finished as well")
    parser.add_argument("--watch", action="store_true", help="keep showing it until Ctrl-C")


def _why(parser: Parser) -> None:
    cli_hand.key(parser)
    cli_hand.moment(parser)


def _references(parser: Parser) -> None:
    cli_people.references(parser, cli_hand.moment)


def _applications(parser: Parser) -> None:
    cli_people.applications(parser, cli_hand.moment)


def _paths(parser: Parser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="an .eml or .ics file, an mbox, a Maildir, or a folder of them",
    )


def _past(parser: Parser) -> None:
    parser.add_argument("--mail", metavar="PATH", action="append", help="where the mail lies")
    parser.add_argument("--calendar", metavar="PATH", action="append", help="where the events lie")
    parser.add_argument(
        "--from", dest="from_", metavar="DATE", help="first day, such as 2026-01-31 (included)"
    )
    parser.add_argument("--until", metavar="DATE", help="last day (included); default: to the end")


def _service(parser: Parser) -> None:
    parser.add_argument(
        "action", choices=("install", "uninstall", "status", "logs"), help="what to do with it"
    )
    parser.add_argument(
        "--lines", type=int, default=50, metavar="N", help="so many lines of the logs (default: 50)"
    )
    parser.add_argument("--follow", action="store_true", help="go on with what comes to the logs")


def _forget(parser: Parser) -> None:
    cli_privacy.forget(parser, cli_hand.moment)


COMMANDS = (
    Command(
        "init",
        "write a configuration to start from",
        "Write config.toml, references.toml and applications.toml to start from, each line "
        "explained; sign in where that is needed; take over the people who vouch for you from your "
        "mail, a vCard or Google Contacts; and show what the last 90 days would have brought. What "
        "is not given is asked for, on a terminal. A file that is there already is left as it is, "
        "and run again it goes on where it stopped.",
        'vouchd init --gmail --name "Sam Rivera" --email sam@example.org',
        "vouchd.daemon.init:init",
        cli_init.init,
        json=False,
    ),
    Command(
        "auth",
        "sign in at Google, or take it back",
        "google: let you permit at Google what vouchd needs, and keep the sign-in in the state "
        "folder, for you alone; on a machine without a browser the address is printed. revoke: end "
        "this sign-in and those it replaced at Google, and delete it here.",
        "vouchd auth google --client client_secret.json",
        "vouchd.daemon.auth:auth",
        cli_init.auth,
    ),
    Command(
        "once",
        "look once and prepare what is to be done",
        "Read what is new in the mailbox and the calendar, put drafts and follow-up events where "
        "something is to be done, and end. Nothing is ever sent.",
        "vouchd once",
        "vouchd.daemon.commands:once",
        _once,
    ),
    Command(
        "run",
        "look again and again (the daemon)",
        "Do what `once` does every few minutes ([service] check_every) until it is told to end. "
        "SIGTERM ends it between two writes, SIGHUP makes it read the configuration anew.",
        "vouchd run",
        "vouchd.daemon.service:run",
    ),
    Command(
        "service",
        "let systemd run the daemon for you",
        "Put a unit of your own in place and start it, now and at every log-in (install); stop it "
        "and take it away (uninstall); tell whether it runs and what it says (status); show its "
        "journal (logs).",
        "vouchd service install",
        "vouchd.daemon.commands_service:service",
        _service,
    ),
    Command(
        "plan",
        "show what a round would do, and write nothing",
        "Read what is new and show what would be written, changed or taken back, and why.",
        "vouchd plan",
        "vouchd.daemon.commands:plan",
        cli_hand.moment,
    ),
    Command(
        "status",
        "show what waits for you",
        "Show on one screen when vouchd looked last and looks next, what waits for you, the live "
        "applications, how you stand with each reference, and what is not well. No mailbox is "
        "looked at.",
        "vouchd status --watch",
        "vouchd.daemon.commands_status:status",
        _status,
    ),
    Command(
        "doctor",
        "check every part and say how to mend it",
        "Look at every part: configuration, clock, state, disk, network, sign-in, mailbox, "
        "calendar, templates, unit, last good look. One line each: good, or what is wrong and how "
        "to mend it. What is written as a trial is removed at once; only the configured servers "
        "are spoken to. Exit status 0: everything works; 1: something does not; 2: the "
        "configuration does not hold.",
        "vouchd doctor",
        "vouchd.daemon.commands_doctor:doctor",
    ),
    Command(
        "why",
        "show the reasons of one follow-up",
        "Show why a follow-up exists: the messages, their words, the rule, and what would have "
        "stopped it. The first characters of the key suffice.",
        "vouchd why thank_you-dana-cole",
        "vouchd.daemon.commands_look:why",
        _why,
    ),
    Command(
        "references",
        "the people who vouch: show, suggest, write down",
        "Show what went to and fro with each person and what you owe (list), with one of them "
        "(show NAME), or who fits an application best, and why (suggest APPLICATION: the "
        "employer's name, with the role where there are several). Write a person down (add NAME), "
        "change what is written (edit NAME), or take people over from an address book (import "
        "FILE.vcf, or only some of it by name): references.toml keeps its comments and order.",
        'vouchd references add "Dana Cole" --email dana@initech.example --agreed-on 2026-01-31',
        "vouchd.daemon.commands_people:references",
        _references,
    ),
    Command(
        "applications",
        "the applications: show, write down",
        "Show the applications that are known, stated or learnt from the mail (list), or all that "
        "is known of one (show NAME). Write one down (add COMPANY) or change what is written "
        "(edit NAME; what was only learnt is written down by it): applications.toml keeps its "
        "comments and order.",
        'vouchd applications add "Acme Robotics" --role "Staff Engineer" --reference "Dana Cole"',
        "vouchd.daemon.commands_applications:applications",
        _applications,
    ),
    Command(
        "answer",
        "answer a question, or close a follow-up",
        "Answer the question of a review: yes, it is so; no, it is not; or what it is: which of "
        "two people is meant, which application, which kind of news (such as rejection). Or close "
        "any follow-up: done (you did it elsewhere) or dismissed (you do not want it). Works while "
        "the daemon runs; its next round goes by it.",
        "vouchd answer review_3f2a yes",
        "vouchd.daemon.commands_answer:answer",
        cli_hand.answer,
    ),
    Command(
        "done",
        "say that you did it elsewhere",
        "Close a follow-up as done: a call, a coffee, a message by another way did it. What lies "
        "there of it untouched is taken back by the next round.",
        "vouchd done thank_you-dana-cole",
        "vouchd.daemon.commands_hand:done",
        _why,
    ),
    Command(
        "dismiss",
        "say that you do not want it",
        "Close a follow-up for good. What lies there of it untouched is taken back by the next "
        "round.",
        "vouchd dismiss gift-dana-cole",
        "vouchd.daemon.commands_hand:dismiss",
        _why,
    ),
    Command(
        "snooze",
        "put a follow-up off",
        "Say that a follow-up is due on a later day. Its event moves with the next round, unless "
        "you have touched it; a draft stays where it lies.",
        "vouchd snooze thank_you-dana-cole --until 2026-01-31",
        "vouchd.daemon.commands_hand:snooze",
        cli_hand.snooze,
    ),
    Command(
        "outcome",
        "say how an application ended",
        "Tell what no mail says: you accepted or declined the offer, were rejected, or withdrew. "
        "It counts as certain, and everybody involved is to hear of it.",
        'vouchd outcome "Acme Robotics" rejected',
        "vouchd.daemon.commands_hand:outcome",
        cli_hand.outcome,
    ),
    Command(
        "acted",
        "say that somebody vouched for you",
        "Tell what no mail says: a person took a call, filled in a form or wrote a letter for "
        "you. It counts as certain, and thanks are due.",
        'vouchd acted "Dana Cole" "Acme Robotics" --how call --on 2026-01-31',
        "vouchd.daemon.commands_hand:acted",
        cli_hand.acted,
    ),
    Command(
        "undo",
        "take back what you said by hand",
        "Without WHAT: show what you said by done, dismiss, snooze, answer, outcome and acted, or "
        "by deleting a draft or an event, newest first. With it: take that back; what fell away "
        "with it comes again in the next round. What was sent stays sent.",
        "vouchd undo last",
        "vouchd.daemon.commands_undo:undo",
        cli_hand.undo,
    ),
    Command(
        "export",
        "give out everything that is stored about you",
        "Write all that vouchd keeps as JSON: your files, every fact, receipt, answer and note of "
        "the state, and what the sign-in permits (never the secret in it).",
        "vouchd export ~/vouchd-export",
        "vouchd.daemon.export:export",
        cli_privacy.export,
        json=False,
    ),
    Command(
        "forget",
        "forget a person, an application or everything",
        "Remove what is stored of a person or an application, or all of it, for good: facts, "
        "receipts and answers, their lines in your files, and the drafts and events that still "
        "lie open. What you have changed yourself is yours and stays. What is forgotten is not "
        "learnt again from the same mail. Asks first; stop the daemon for it.",
        'vouchd forget person "Dana Cole"',
        "vouchd.daemon.commands_privacy:forget",
        _forget,
    ),
    Command(
        "check",
        "try the configuration and what you expect of saved messages",
        "Read the configuration, your phrases and your templates, and try every [[expect]] entry "
        "of config.toml: a saved message and what should come of it. The status is 1 when one is "
        "not met.",
        "vouchd check",
        "vouchd.daemon.commands_check:check",
    ),
    Command(
        "expect",
        "make a saved message one that `check` tries",
        "Write an [[expect]] entry for a saved message into config.toml, with a copy of it beside: "
        "what it should say is what you state, else what is seen now.",
        "vouchd expect no.eml --signal rejection",
        "vouchd.daemon.commands_check:expect",
        cli_hand.expect,
    ),
    Command(
        "classify",
        "show what is seen in single messages and events",
        "Show what each message or event says on its own, one a line, in the order of the names. "
        "Nothing is written.",
        "vouchd classify --json message.eml ~/Mail",
        "vouchd.daemon.commands_past:classify",
        _paths,
    ),
    Command(
        "replay",
        "relive the past and show what would have been prepared",
        "Go through mail and calendar in simulated time, message by message, and show each "
        "follow-up as it stands at the end. Nothing is written.",
        "vouchd replay --mail ~/Mail --calendar ~/.calendars --from 2026-01-01",
        "vouchd.daemon.commands_past:replay",
        _past,
    ),
)


class _Version(argparse.Action):
    """Prints the version; looked up only when asked for."""

    def __call__(self, parser: Parser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"vouchd {version('vouchd')}")
        parser.exit()


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(
        prog="vouchd",
        description="Follow-ups for the people who vouch for you: reads your mail and calendar, "
        "prepares drafts and reminders, never sends.",
        epilog="start with: vouchd init, then vouchd plan; `vouchd COMMAND --help` tells more",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name,
            help=command.help,
            description=command.description,
            epilog=f"example:\n  {command.example}",
            formatter_class=_Help,
        )
        command.arguments(sub)
        sub.add_argument(
            "--config", metavar="DIR", help="configuration folder (default: ~/.config/vouchd)"
        )
        if command.json:
            sub.add_argument("--json", action="store_true", help="JSON, one object a line")
        sub.add_argument("--debug", action="store_true", help="show where an error comes from")
        sub.set_defaults(runs=command.runs)
    return top


class _Help(argparse.RawDescriptionHelpFormatter):
    """Wraps the description, keeps the lines of the example."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("example:"):
            return text
        return argparse.HelpFormatter._fill_text(self, text, width, indent)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 wrong use or settings."""
    top = parser()
    arguments = top.parse_args(argv)
    if arguments.command is None:
        top.print_help(sys.stderr)
        return WRONG_USE
    # A file name or a subject may hold what the terminal's encoding does not.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        module, _, function = arguments.runs.partition(":")
        status: int = getattr(importlib.import_module(module), function)(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read along has seen enough; Python must not complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except BaseException as error:
        return _told(error, debug=arguments.debug)


def _told(error: BaseException, *, debug: bool) -> int:
    """Tell a failure on standard error and return the exit status."""
    if isinstance(error, SystemExit) or debug:
        raise error
    from vouchd.daemon.failures import explained, own_mistake
    from vouchd.daemon.log import Level, for_a_person

    status, sentences = explained(error) or (FAILED, own_mistake(error))
    log = for_a_person()
    for sentence in sentences:
        log(Level.ERROR, "failed", sentence)
    return status


if __name__ == "__main__":
    sys.exit(main())
