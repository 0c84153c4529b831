"""Sample intents of every kind and the page that shows what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vouchd.config.data import shipped
from vouchd.rules.intent import Bond, Candidate, Intent, Occasion, Outcome, Process, Reply
from vouchd.rules.letters.compose import Desk
from vouchd.rules.letters.templates import compile
from vouchd.rules.model import (
    Address,
    Cause,
    FollowUp,
    FollowUpKind,
    Me,
    Reference,
    Stage,
    Wishes,
)

K = FollowUpKind
TEMPLATES = compile(shipped())
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
ME = Me(name="Sam Rivera", emails=("sam@example.org",), zone=ZoneInfo("Europe/Berlin"))
DANA = Reference(
    name="Dana Cole",
    emails=("dana.cole@initech.example", "dcole@home.example"),
    employer="Initech",
    title="Head of Engineering",
    phone="+1 555 0100",
    relationship="former manager at Globex, 2019-2022",
    agreed_on=date(2023, 3, 14),
    can_speak_to=("mentoring", "led the billing migration", "wrote the on-call handbook"),
    gift="wine, budget 40",
)
YES = Bond(yes=datetime(2025, 11, 20, 9, tzinfo=UTC))
AGAIN = Bond(yes=YES.yes, acted=datetime(2026, 1, 14, 9, tzinfo=UTC), acted_how="call")
LEE = Reference(name="Lee Park", emails=("lee@park.example",))
ACME = Process(
    key="acme",
    company="Acme Robotics",
    role="Staff Engineer",
    posting="https://acme-robotics.example/jobs/17",
    points=("ownership", "calm in incidents"),
)
HOOLI = Process(key="hooli", company="Hooli", role="Platform Lead")
BARE = Process(key="bare", company="Umbrella")


def intent(kind: FollowUpKind, *occasions: Occasion, **more: object) -> Intent:
    """Return an intent of `kind` to Dana, to be overridden at will."""
    given: dict[str, object] = {
        "key": f"{kind}-sample",
        "kind": kind,
        "kinds": tuple(dict.fromkeys((kind, *(o.kind for o in occasions)))),
        "created_at": NOW,
        "due_at": NOW + timedelta(hours=3),
        "people": (DANA,),
        "occasions": occasions or (Occasion(kind=kind, process=ACME),),
        "causes": (
            Cause(
                signal="reference_request",
                source="<1@acme-robotics.example>",
                text="could you send us the names of three references",
                link="https://mail.example/1",
                at=TUESDAY,
            ),
        ),
    }
    if given["people"] == more.get("people", given["people"]):
        given["bond"] = YES
    return Intent(**{**given, **more})  # type: ignore[arg-type]


def desk(**more: object) -> Desk:
    given: dict[str, object] = {"me": ME, "wishes": Wishes(), "templates": TEMPLATES}
    return Desk(**{**given, **more})  # type: ignore[arg-type]


def samples() -> Iterator[tuple[str, Intent]]:
    """Yield a title and an intent for every situation a letter is written in."""
    call = Occasion(
        kind=K.HEADS_UP,
        process=ACME,
        how="call",
        contact="Priya Nair, Talent Partner",
        deadline=date(2026, 3, 12),
    )
    acted = Occasion(kind=K.THANK_YOU, process=ACME, how="call", at=TUESDAY, acted=True)
    form = Occasion(kind=K.THANK_YOU, process=HOOLI, how="form", at=TUESDAY, acted=True)
    ask = Occasion(kind=K.ASK_PERMISSION, process=ACME, deadline=date(2026, 3, 12))
    yield "ask_permission", intent(K.ASK_PERMISSION, ask)
    yield (
        "ask_permission, little known",
        intent(
            K.ASK_PERMISSION,
            Occasion(kind=K.ASK_PERMISSION, process=BARE),
            people=(LEE,),
            causes=(),
        ),
    )
    yield (
        "ask_permission, two employers",
        intent(K.ASK_PERMISSION, ask, Occasion(kind=K.ASK_PERMISSION, process=HOOLI)),
    )
    yield "reconfirm", intent(K.RECONFIRM, replace(ask, kind=K.RECONFIRM))
    yield (
        "reconfirm, little known",
        intent(K.RECONFIRM, Occasion(kind=K.RECONFIRM, process=BARE), people=(LEE,), causes=()),
    )
    yield "heads_up", intent(K.HEADS_UP, call)
    yield (
        "heads_up, the second time",
        intent(K.HEADS_UP, call, acts_before=1, bond=replace(AGAIN, terms=("after:17:00",))),
    )
    yield (
        "heads_up, a platform",
        intent(K.HEADS_UP, replace(call, how="form", contact="Xref", process=HOOLI)),
    )
    yield (
        "heads_up, little known",
        intent(K.HEADS_UP, Occasion(kind=K.HEADS_UP, process=BARE), people=(LEE,)),
    )
    yield (
        "heads_up, two employers",
        intent(
            K.HEADS_UP, call, Occasion(kind=K.HEADS_UP, process=HOOLI, how="form", contact="Xref")
        ),
    )
    yield "heads_up and thank_you", intent(K.HEADS_UP, call, form, acts_before=0)
    yield "thank_you, the first", intent(K.THANK_YOU, acted)
    yield (
        "thank_you, the first, little known",
        intent(K.THANK_YOU, Occasion(kind=K.THANK_YOU, process=BARE), people=(LEE,)),
    )
    for times, title in ((1, "second"), (2, "third"), (3, "fourth"), (4, "fifth")):
        yield (
            f"thank_you, the {title}",
            intent(K.THANK_YOU, acted, thanks_before=times, acts_before=times, bond=AGAIN),
        )
    yield "thank_you, two employers", intent(K.THANK_YOU, acted, form)
    yield (
        "thank_you, and they are looking for work",
        intent(K.THANK_YOU, acted, Occasion(kind=K.RECIPROCATE)),
    )
    for outcome in Outcome:
        news = Occasion(kind=K.OUTCOME_NEWS, process=ACME, outcome=outcome, at=TUESDAY)
        reason = {Outcome.DECLINED: "the commute would have been two hours a day"}.get(outcome)
        yield (
            f"outcome_news, {outcome}, had spoken",
            intent(K.OUTCOME_NEWS, replace(news, acted=True, reason=reason)),
        )
        yield (
            f"outcome_news, {outcome}, had not",
            intent(K.OUTCOME_NEWS, replace(news, process=BARE)),
        )
    lost = Occasion(kind=K.OUTCOME_NEWS, process=ACME, outcome=Outcome.REJECTED, at=TUESDAY)
    won = Occasion(kind=K.OUTCOME_NEWS, process=HOOLI, outcome=Outcome.ACCEPTED, acted=True)
    for ended in (Outcome.REJECTED, Outcome.DECLINED, Outcome.WITHDRAWN, Outcome.CLOSED):
        yield (
            f"outcome_news, {ended}, the search is over",
            intent(K.OUTCOME_NEWS, replace(lost, outcome=ended, acted=True), settled=True),
        )
    yield "outcome_news and thanks for another", intent(K.OUTCOME_NEWS, lost, form)
    yield "outcome_news and thank_you", intent(K.OUTCOME_NEWS, lost, acted)
    yield "outcome_news of two, thank_you", intent(K.OUTCOME_NEWS, lost, won, acted, form)
    yield (
        "progress_update",
        intent(
            K.PROGRESS_UPDATE,
            Occasion(
                kind=K.PROGRESS_UPDATE,
                process=ACME,
                stage=Stage.FINAL_ROUND,
                start=datetime(2026, 3, 12, 10, tzinfo=UTC),
            ),
            Occasion(kind=K.PROGRESS_UPDATE, process=HOOLI, stage=Stage.INTERVIEWING),
        ),
    )
    yield (
        "progress_update, had spoken",
        intent(
            K.PROGRESS_UPDATE,
            Occasion(kind=K.PROGRESS_UPDATE, process=ACME, stage=Stage.INTERVIEWING),
            bond=AGAIN,
        ),
    )
    yield (
        "reciprocate",
        intent(K.RECIPROCATE, Occasion(kind=K.RECIPROCATE), acts_before=1, bond=AGAIN),
    )
    yield (
        "reciprocate, they ask for a reference",
        intent(
            K.RECIPROCATE,
            Occasion(kind=K.RECIPROCATE),
            acts_before=1,
            causes=(Cause(signal="asks_favour", source="<2@x.example>", text="would you vouch"),),
            reply=Reply(
                message_id="<2@x.example>", subject="A favour?", to=(Address("dcole@home.example"),)
            ),
        ),
    )
    declined = (Cause(signal="reference_declined", source="<3@x.example>", text="rather not"),)
    answer = Reply(
        message_id="<3@x.example>",
        references=("<0@example.org>",),
        subject="Re: Would you be a reference for me?",
        to=(Address("dcole@home.example", "Dana Cole"),),
    )
    yield "gracious_reply to a no", intent(K.GRACIOUS_REPLY, causes=declined, reply=answer)
    yield (
        "gracious_reply to a no for this one",
        intent(
            K.GRACIOUS_REPLY,
            Occasion(kind=K.GRACIOUS_REPLY, process=ACME, terms=("this_application",)),
            causes=declined,
            reply=answer,
        ),
    )
    yield (
        "gracious_reply to a lukewarm yes",
        intent(
            K.GRACIOUS_REPLY,
            Occasion(kind=K.GRACIOUS_REPLY, process=ACME, terms=("lukewarm",)),
            reply=answer,
        ),
    )
    yield (
        "nudge_reference",
        intent(
            K.NUDGE_REFERENCE,
            Occasion(
                kind=K.NUDGE_REFERENCE, process=ACME, contact="Xref", deadline=date(2026, 3, 12)
            ),
        ),
    )
    yield (
        "nudge_reference, said to be declined",
        intent(K.NUDGE_REFERENCE, Occasion(kind=K.NUDGE_REFERENCE, process=ACME, how="declined")),
    )
    yield (
        "keep_in_touch",
        intent(
            K.KEEP_IN_TOUCH,
            Occasion(
                kind=K.KEEP_IN_TOUCH,
                process=HOOLI,
                outcome=Outcome.ACCEPTED,
                acted=True,
                at=NOW - timedelta(days=95),
            ),
            bond=Bond(wrote=NOW - timedelta(days=140), topic="The harbour swim"),
        ),
    )
    yield "keep_in_touch, nothing to tell", intent(K.KEEP_IN_TOUCH, Occasion(kind=K.KEEP_IN_TOUCH))
    priya = Address("priya@acme-robotics.example", "Priya Nair")
    yield (
        "share_references",
        intent(
            K.SHARE_REFERENCES,
            people=(DANA,),
            candidates=(
                Candidate(
                    person=DANA,
                    score=3,
                    agreed=True,
                    terms=("by:phone", "after:17:00"),
                    reasons=("closest to the role",),
                ),
                Candidate(person=LEE, score=2, reasons=("worked together lately",)),
                Candidate(
                    person=Reference(name="Kim Osei"), note="not to be listed: declined on 3 March"
                ),
            ),
            reply=Reply(message_id="<4@a.example>", subject="References, please", to=(priya,)),
        ),
    )
    yield (
        "share_references, nobody agreed yet",
        intent(K.SHARE_REFERENCES, people=(LEE,), candidates=(Candidate(person=LEE, score=2),)),
    )
    yield (
        "interview_thank_you",
        intent(
            K.INTERVIEW_THANK_YOU,
            Occasion(kind=K.INTERVIEW_THANK_YOU, process=ACME, start=TUESDAY),
            people=(),
            to=(priya,),
        ),
    )
    yield "handwritten_note", intent(K.HANDWRITTEN_NOTE, replace(acted, kind=K.HANDWRITTEN_NOTE))
    yield (
        "outcome_news and handwritten_note",
        intent(K.OUTCOME_NEWS, lost, replace(acted, kind=K.HANDWRITTEN_NOTE)),
    )
    yield "gift", intent(K.GIFT)
    yield (
        "decide_offer",
        intent(
            K.DECIDE_OFFER, Occasion(kind=K.DECIDE_OFFER, process=ACME, deadline=date(2026, 3, 12))
        ),
    )
    yield "check_status", intent(K.CHECK_STATUS)
    yield (
        "review",
        intent(
            K.REVIEW,
            people=(),
            question="Is this a rejection by Acme Robotics? 'we will not proceed'",
        ),
    )


def spoken(language: str) -> Desk:
    """Return a desk whose letters are in `language`."""
    return desk(wishes=Wishes(language=language))


def addressed(sample: Intent, *, formal: bool | None) -> Intent:
    """Return an intent to people who are addressed formally or not."""
    return replace(sample, people=tuple(replace(p, formal=formal) for p in sample.people))


def shown(follow_up: FollowUp) -> str:
    """Return a follow-up as plain text."""
    parts = []
    if follow_up.draft:
        to = ", ".join(a.email for a in follow_up.draft.to)
        parts.append(f"To: {to}\nSubject: {follow_up.draft.subject}\n\n{follow_up.draft.body}")
    if follow_up.event:
        parts.append(f"Event: {follow_up.event.summary}\n\n{follow_up.event.description}")
    return "\n".join(parts)


TITLES = dict(samples())
