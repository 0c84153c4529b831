"""The steps of set-up once the files stand: sign-in, people who vouch, rehearsal."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from vouchd.config.load import CONFIG, folded, load
from vouchd.config.schema import Config
from vouchd.connectors.base import ConnectorError
from vouchd.daemon import init_find, init_people
from vouchd.daemon.console import progress_shown, told
from vouchd.daemon.dialogue import Dialogue
from vouchd.daemon.failures import UsageError
from vouchd.daemon.init_files import with_mode
from vouchd.daemon.init_people import Proposed
from vouchd.daemon.rehearsal import DAYS, rehearse
from vouchd.daemon.render import counted, day, one_line, title
from vouchd.daemon.userfiles import change

_SHOWN = 40
_MANY = 15  #: more people than this are hardly all references


def _uses_google(config: Config) -> bool:
    return config.mail.source == "gmail" or config.calendar.source == "google"


def signed_in(arguments: argparse.Namespace, config: Config, dialogue: Dialogue | None) -> bool:
    """Let the user sign in where that is needed; return whether the mailbox can be used."""
    if not _uses_google(config) or _token(config).exists():
        return True
    if dialogue is None:
        return False
    found = config.google.client or init_find.oauth_client(Path.home(), Path.cwd())
    dialogue.say("", "Google has to be told that vouchd may read your mail and put drafts there.")
    dialogue.say("The OAuth client file is made once; docs/google.md shows every screen.")
    while True:
        path = dialogue.ask('The file, or "later"', str(found) if found else "later")
        if path == "later":
            return False
        if _signed_in(arguments, config, Path(path).expanduser()):
            return True


def _signed_in(
    arguments: argparse.Namespace, config: Config, client: Path, *, contacts: bool = False
) -> bool:
    from vouchd.daemon.auth import auth

    wanted = argparse.Namespace(
        service="google",
        client=str(client),
        port=None,
        no_browser=False,
        contacts=contacts,
        config=str(config.folder),
        json=False,
        debug=arguments.debug,
    )
    try:
        auth(wanted)
    except (ConnectorError, UsageError) as error:
        told([str(error)])
    return _token(config).exists()


def _token(config: Config) -> Path:
    from vouchd.daemon.google import token_file

    return token_file(config)


# --- people -----------------------------------------------------------------------------------


def people(
    arguments: argparse.Namespace, config: Config, dialogue: Dialogue | None, now: datetime
) -> None:
    """Take over people who vouch: by the flags, else by asking where nobody is named yet."""
    proposed: list[Proposed] = []
    if arguments.vcard:
        proposed += init_people.from_vcard(Path(arguments.vcard))
    if arguments.contacts:
        proposed += init_people.from_contacts(config)
    if arguments.from_mail:
        proposed += _from_mail(config, now)
    if arguments.vcard or arguments.contacts or arguments.from_mail:
        if dialogue is None or arguments.take:
            _write_down(config, _named(arguments, proposed))
        else:
            _picked(config, proposed, dialogue)
        return
    if dialogue is None or config.references:
        return
    while _one_source(arguments, config, dialogue, now):
        config = load(config.folder, os.environ)
        if config.references and dialogue.sure("Are these all of them", otherwise=True):
            return


def _one_source(
    arguments: argparse.Namespace, config: Config, dialogue: Dialogue, now: datetime
) -> bool:
    """Ask for a source and take people from it; False when the user has enough."""
    google = _uses_google(config)
    number = dialogue.choose(
        "Who vouches for you? They can be taken from",
        (
            "your mail of the last three years: whom you asked already",
            "a vCard file (.vcf) from your address book",
            *(["Google Contacts (asks for one more permission)"] if google else []),
            "nowhere: I write them down myself later",
        ),
    )
    if number == (3 if google else 2):
        return False
    try:
        if number == 0:
            found = _from_mail(config, now)
        elif number == 1:
            path = Path(dialogue.ask("The file", "~/contacts.vcf"))
            found = init_people.from_vcard(path)
        else:
            client = config.google.client or init_find.oauth_client(Path.home(), Path.cwd())
            file = Path(dialogue.ask("The OAuth client file", str(client or ""))).expanduser()
            _signed_in(arguments, config, file, contacts=True)
            found = init_people.from_contacts(config)
    except (ConnectorError, UsageError) as error:
        dialogue.say(f"  {error}")
        return True
    _picked(config, found, dialogue)
    return True


def _from_mail(config: Config, now: datetime) -> tuple[Proposed, ...]:
    with progress_shown() as progress:
        return init_people.from_mail(config, now, progress)


def _named(arguments: argparse.Namespace, proposed: Iterable[Proposed]) -> list[Proposed]:
    """Return those whom `--take` names; without it all, if they can be meant. Raises UsageError."""
    proposed = list(proposed)
    if arguments.take:
        wanted = {folded(name) for name in arguments.take}
        found = [one for one in proposed if folded(one.contact.name) in wanted]
        missing = wanted - {folded(one.contact.name) for one in found}
        if missing:
            known = "; ".join(sorted(one.contact.name for one in proposed)[:_SHOWN])
            raise UsageError(f"--take: nobody is called {', '.join(sorted(missing))}: {known}")
        return found
    if len(proposed) > _MANY:
        raise UsageError(
            f"{len(proposed)} people are there, hardly all of them vouch for you: name those who "
            "do, each with --take NAME"
        )
    return proposed


def _picked(config: Config, proposed: Iterable[Proposed], dialogue: Dialogue) -> None:
    """Show whom was found, let the user pick, and write them down."""
    found = init_people.unknown(config, proposed)
    while len(found) > _SHOWN:
        word = folded(dialogue.ask(f"{len(found)} people are there; a part of a name or address"))
        near = tuple(one for one in found if word and word in _words_of(one))
        if not near:
            dialogue.say(f'  nobody there has "{word}" in name or address')
        found = near or found
    if not found:
        dialogue.say("Nobody was found who is not written down already.")
        return
    for number, one in enumerate(found, start=1):
        address = one.contact.emails[0] if one.contact.emails else "no address"
        why = f"  {one_line(one.why)}" if one.why else ""
        dialogue.say(f"  {number}  {one_line(one.contact.name)} ({address}){why}")
    chosen = dialogue.some("Which of them vouch for you, or shall be asked", len(found))
    _write_down(config, [found[number] for number in chosen])


def _words_of(one: Proposed) -> str:
    return folded(" ".join((one.contact.name, *one.contact.nicknames, *one.contact.emails)))


def _write_down(config: Config, chosen: Iterable[Proposed]) -> None:
    new = init_people.unknown(config, chosen)
    if new:
        path = init_people.write_down(config, new)
        names = ", ".join(one.contact.name for one in new)
        print(one_line(f"{path}: {names} written down; take a line out again whenever you like"))


# --- rehearsal --------------------------------------------------------------------------------


def rehearsal(
    arguments: argparse.Namespace, config: Config, dialogue: Dialogue | None, now: datetime
) -> None:
    """Show what the last weeks would have brought, and let the user say whether to write."""
    if not arguments.rehearse and (
        dialogue is None
        or not dialogue.sure(
            f"Shall it show what the last {DAYS} days would have brought? Nothing is written",
            otherwise=True,
        )
    ):
        return
    with progress_shown() as progress:
        found = rehearse(config, now, progress)
    looked = found.looked
    told(looked.errors)
    read = f"{counted(looked.messages, 'message')} and {counted(looked.events, 'event')}"
    print(f"\nIn the last {DAYS} days, {read} read:")
    for follow_up in found.follow_ups:
        when = day(follow_up.created_at.astimezone(config.me.zone))
        print(one_line(f"{when}  {title(follow_up)}  [{follow_up.state}]"))
    print(f"{counted(len(found.follow_ups), 'follow-up')} would have been prepared.")
    if dialogue is None:
        return
    if not found.follow_ups:
        dialogue.say("That is no fault where nothing was to be done; `vouchd replay` looks anew.")
    write = dialogue.sure("Would you have wanted these? Then it puts drafts and events from now on",
                          otherwise=bool(found.follow_ups))  # fmt: skip
    if write != config.wishes.write:
        path = change(config, CONFIG, lambda text: with_mode(text, write=write))
        print(f"{path}: [mode] write = {str(write).lower()}")
