"""What the user and a person share and a letter may mention: a yes, help given, the last talk."""

from __future__ import annotations

import re
from datetime import timedelta

from vouchd.rules.intent import Bond
from vouchd.rules.letters.discreet import is_private
from vouchd.rules.merge import Group
from vouchd.rules.model import SignalKind
from vouchd.rules.playbook.consent import consent
from vouchd.rules.playbook.scene import Scene
from vouchd.rules.playbook.standing import given
from vouchd.rules.world import Contact, Person

_WITHIN = timedelta(days=365)  #: what lies further back is no longer "in March"
_FRESH = timedelta(days=6)  #: what happened just now needs no mention
_MARK = re.compile(
    r"^(?:(?:re|aw|antw|sv|rif|res|ref|vs|fwd?|wg|tr|enc|rv)\s*(?:\[\d+\])?\s*:\s*)+", re.I
)
_TOPIC = re.compile(r"[^\W\d_][^\d@:/|<>\[\]{}\"“”]{3,38}[^\W\d_.,?!]")
_FEW, _MANY = 2, 6  #: words of a subject that says something and is no sentence


def shared_with(scene: Scene, person: Person, group: Group) -> Bond:
    """Return what is truly known between the two when a letter arises; nothing else.

    Every part rests on a mail, an entry in the calendar or a line in the user's file.
    """
    at = group.created_at
    application = group.members[0].application
    yes = consent(scene, person, application, at)
    mine = {m.anchor for m in group.members}
    acts = [
        act
        for act in given(person, at)
        if act.at < at and act.words[0].reading.source not in mine and at - act.at < _WITHIN
    ]
    before = [c for c in person.contacts if c.at < at - _FRESH and at - c.at < _WITHIN]
    met = [c for c in before if c.reading.is_event and not c.reading.signals]
    wrote = [(c, topic) for c in before if (topic := _topic(c))]
    last = max((c.at for c in met), default=None)
    talk = wrote[-1] if wrote and (last is None or wrote[-1][0].at > last) else None
    said = yes.word is None or yes.word.kind is SignalKind.REFERENCE_AGREED
    return Bond(
        yes=yes.at if yes.holds and said and yes.at and yes.at < at - _FRESH else None,
        acted=acts[-1].at if acts else None,
        acted_how=acts[-1].how if acts else "",
        met=None if talk else last,
        wrote=talk[0].at if talk else None,
        topic=talk[1] if talk else "",
        terms=yes.terms if yes.holds else (),
    )


def _topic(contact: Contact) -> str:
    """Return what a private mail between the two was about; empty where it was about vouching."""
    reading = contact.reading
    if reading.is_event or reading.signals or reading.acts or reading.key or reading.suspicious:
        return ""
    bare = " ".join(_MARK.sub("", reading.subject).split())
    if not _TOPIC.fullmatch(bare) or not _FEW <= len(bare.split()) <= _MANY or is_private(bare):
        return ""
    return bare
