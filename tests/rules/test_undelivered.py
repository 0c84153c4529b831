"""An address from which mail came back is neither written to nor given to an employer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import ME, employer, from_person, only, person, planned, to_person
from tests.readingbook import book, mail
from vouchd.rules.letters.referees import referee
from vouchd.rules.letters.wording import Speech
from vouchd.rules.model import Act, ActKind, Address, Evidence, Reading
from vouchd.rules.reading.detect import read_message

GONE = """This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not be delivered to one or more
recipients.

<dana.cole@initech.example>: host mx.initech.example said: 550 5.1.1 User unknown

> To: robert@globex.example
"""


def returned(
    text: str, sender: str = "Mail Delivery System <mailer-daemon@example.org>"
) -> Reading:
    return read_message(mail(text, "Undelivered Mail Returned to Sender", sender), book())


def test_a_returned_mail_tells_which_address_is_dead():
    (act,) = returned(GONE).acts
    assert (act.kind, act.references) == (ActKind.UNDELIVERED, ("Dana Cole",))
    assert act.evidence.text == "dana.cole@initech.example"


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (GONE.replace("could not be delivered", "is delayed"), "mailer-daemon@example.org"),
        (GONE.replace("550 5.1.1 User unknown", "452 4.2.2 mailbox full"), "postmaster@x.example"),
        (GONE, "Kim Lee <kim@quill.example>"),
        (GONE.replace("dana.cole@", "dana.coleman@"), "mailer-daemon@example.org"),
        (GONE.replace("initech.example>", "initech.example.org>"), "mailer-daemon@example.org"),
    ],
)
def test_what_may_still_arrive_or_is_somebody_elses_word_tells_nothing(text: str, sender: str):
    assert not returned(text, f"<{sender}>" if "<" not in sender else sender).acts


BOB = replace(person("Bob Okafor"), emails=("bob@old.example", "bob@new.example"))


def dead(when: str, address: str = "bob@old.example") -> Reading:
    act = Act(
        kind=ActKind.UNDELIVERED, references=(BOB.name,), evidence=Evidence("undelivered", address)
    )
    # What a mail server writes is nobody's contact.
    return replace(to_person(when, BOB), sent=False, people=(), acts=(act,), sender=None)


def share(*more: Reading) -> str:
    story = (
        to_person("03-01", BOB, "asked"),
        from_person("03-02", BOB, "reference_agreed", None),
        *more,
        employer("03-10", "reference_request", "Acme", "SRE"),
    )
    (intent,) = only(planned(*story, people=(BOB,), now="03-11"), "share_references")
    (candidate,) = intent.candidates
    speech = Speech("en", intent.created_at.date())
    return referee(candidate, speech, ME).email


def test_an_employer_gets_the_address_they_write_from():
    told = replace(from_person("03-03", BOB), sender=Address("bob@new.example", BOB.name))
    assert share() == "bob@old.example"
    assert share(told) == "bob@new.example"


def test_an_employer_gets_no_address_that_is_dead():
    assert share(dead("03-05")) == "bob@new.example"


def test_who_writes_from_an_address_again_reads_it():
    again = replace(from_person("03-07", BOB), sender=Address("bob@old.example", BOB.name))
    assert share(dead("03-05"), again) == "bob@old.example"
