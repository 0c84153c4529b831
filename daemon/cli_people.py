"""The arguments of the commands about people and applications; only argparse is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

#: Flag -> key of references.toml; a test holds them against the settings.
REFERENCE_FLAGS: Mapping[str, str] = {
    "--name": "name",
    "--email": "emails",
    "--nickname": "nicknames",
    "--employer": "employer",
    "--title": "title",
    "--phone": "phone",
    "--relationship": "relationship",
    "--agreed-on": "agreed_on",
    "--can-speak-to": "can_speak_to",
    "--thanks-by": "thanks_by",
    "--keep-in-touch": "keep_in_touch",
    "--gift": "gift",
    "--language": "language",
    "--formal": "formal",
    "--do-not-list": "do_not_list",
    "--note": "note",
}
#: The same for applications.toml.
APPLICATION_FLAGS: Mapping[str, str] = {
    "--company": "company",
    "--domain": "domains",
    "--alias": "aliases",
    "--role": "role",
    "--posting": "posting",
    "--reference": "references",
    "--stage": "stage",
    "--point": "points",
}
LISTS = frozenset(
    {"emails", "nicknames", "can_speak_to", "domains", "aliases", "references", "points"}
)
FLAGS = frozenset({"formal", "do_not_list"})

REFERENCE_FORMS = (
    "allowed: references list | show NAME | add NAME | edit NAME | import FILE.vcf [NAME …] | "
    "suggest APPLICATION"
)
APPLICATION_FORMS = "allowed: applications list | show NAME | add COMPANY | edit NAME"

Moment = Callable[[argparse.ArgumentParser], None]


def references(parser: argparse.ArgumentParser, moment: Moment) -> None:
    """Add the arguments of `vouchd references`."""
    parser.add_argument(
        "action",
        choices=("list", "show", "suggest", "add", "edit", "import"),
        help="what to tell or to do",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="NAME",
        help="of a person; of an employer (suggest); a .vcf file, and names in it (import)",
    )
    moment(parser)
    parser.add_argument(
        "--all", action="store_true", help="import: everybody, however many there are"
    )
    _settings(parser, REFERENCE_FLAGS)


def applications(parser: argparse.ArgumentParser, moment: Moment) -> None:
    """Add the arguments of `vouchd applications`."""
    parser.add_argument(
        "action", choices=("list", "show", "add", "edit"), help="what to tell or to do"
    )
    parser.add_argument(
        "what", nargs="*", metavar="NAME", help="the employer, or the employer and the role"
    )
    moment(parser)
    _settings(parser, APPLICATION_FLAGS)


def _settings(parser: argparse.ArgumentParser, flags: Mapping[str, str]) -> None:
    group = parser.add_argument_group(
        "for add and edit", "What the lines of the file mean stands in docs/configuration.md."
    )
    for flag, key in flags.items():
        if key in FLAGS:
            group.add_argument(
                flag, dest=f"set_{key}", default=None, action=argparse.BooleanOptionalAction
            )
            continue
        many = key in LISTS
        group.add_argument(
            flag,
            dest=f"set_{key}",
            metavar="DATE" if key == "agreed_on" else "TEXT",
            action="append" if many else "store",
            help="may be given several times; edit adds it" if many else None,
        )
    group.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="KEY[=VALUE]",
        help="edit: take a line out, or one value of a list, such as emails=old@home.example",
    )
