"""Every letter in every language and many variants: what of the rubric a machine can check."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import pytest

from tests.letterbook import DANA, ME, TITLES, TUESDAY, addressed, desk, intent, samples, spoken
from tests.letterlint import INTENSIFIERS, NOT_FAMILIAR, NOT_FORMAL, STOP, THANKS
from vouchd.rules.intent import Occasion, Process
from vouchd.rules.letters.compose import words
from vouchd.rules.model import Draft, FollowUp, FollowUpKind

K = FollowUpKind
KEYS = tuple(f"key-{n}" for n in range(6))
LANGUAGES = ("en", "de", "fr", "es", "nl", "pt", "it")
#: Each language as it is spoken to people one is formal or familiar with.
MANNERS = (
    ("en", None),
    *((language, formal) for language in LANGUAGES[1:] for formal in (True, False)),
)
TO_STRANGERS = (K.SHARE_REFERENCES, K.INTERVIEW_THANK_YOU)

#: Words of the range in letters.md section 2, for a letter in which everything is known.
LENGTH = {
    K.ASK_PERMISSION: (90, 150),
    K.RECONFIRM: (110, 170),
    K.HEADS_UP: (120, 200),
    K.NUDGE_REFERENCE: (40, 80),
    K.THANK_YOU: (50, 100),
    K.OUTCOME_NEWS: (60, 110),
    K.PROGRESS_UPDATE: (50, 100),
    K.RECIPROCATE: (50, 100),
    K.KEEP_IN_TOUCH: (40, 80),
    K.GRACIOUS_REPLY: (30, 80),
    K.INTERVIEW_THANK_YOU: (60, 130),
    K.SHARE_REFERENCES: (30, 100),
}
COMPANIES = ("Acme Robotics", "Hooli", "Umbrella")


@dataclass(frozen=True)
class Book:
    """Every letter in one language and manner."""

    language: str
    formal: bool | None
    letters: tuple[tuple[str, FollowUp, Draft], ...]


def written(language: str, formal: bool | None, keys: tuple[str, ...] = KEYS) -> Book:
    table = spoken(language)
    made = (
        (title, words(replace(addressed(sample, formal=formal), key=key), table))
        for title, sample in samples()
        for key in keys
    )
    return Book(language, formal, tuple((t, f, f.draft) for t, f in made if f.draft))


@pytest.fixture(
    scope="module",
    params=MANNERS,
    ids=lambda m: m[0] + {None: "", True: "-formal", False: "-familiar"}[m[1]],
)
def book(request) -> Book:
    return written(*request.param)


def core(body: str) -> str:
    """Return a letter without its greeting, its sign-off and its lists of names."""
    return "\n\n".join(body.strip().split("\n\n")[1:-1])


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", re.sub(r"https?://\S+", "", text))


def test_nothing_unfinished_is_left_in_a_letter(book):
    for title, _, draft in book.letters:
        text = f"{draft.subject}\n{draft.body}"
        assert not re.search(r"\{\{|\}\}|\[|\]|None|TODO|XXX|\.\.|…|<|>|\bundefined\b", text), title
        assert not re.search(r" [,.;)]|\( |[^\S\n]{2}|,,|\n{3}|[a-zé][.!?][A-ZÀ-Ý]", text), text
        assert "!" not in text.replace("¡", ""), title


def test_a_letter_greets_by_name_and_is_signed(book):
    for title, follow_up, draft in book.letters:
        greeting, *_, end = draft.body.strip().split("\n\n")
        if follow_up.kind in TO_STRANGERS:
            assert "Priya" in greeting, title
        else:
            assert re.search("Dana|Lee", greeting), title
        assert end.endswith(("Sam", "Sam Rivera")), title
        assert end.count("\n") == 1, title


def test_a_subject_says_something_in_at_most_50_characters(book):
    for title, _, draft in book.letters:
        subject = draft.subject
        assert len(subject.split()) > 1, title
        assert subject.startswith("Re: ") or len(subject) <= 50, subject
        assert subject == " ".join(subject.split())


def test_a_letter_has_the_length_of_its_kind(book):
    for title, follow_up, draft in book.letters:
        low, high = map(float, LENGTH[follow_up.kind])
        count = len(tokens(core(draft.body)))
        if len(follow_up.kinds) > 1 or "two" in title:
            high = high * 1.5
        if "thank_you, the" in title and not title.startswith("thank_you, the first"):
            low = 30
        known = not re.search("little|had not|silent|handwritten|is over", title)
        # The ranges are for English; others say the same with fewer words, and cooler.
        floor = low * (0.8 if known else 0.55) * (1 if book.language == "en" else 0.85)
        assert floor <= count <= high * 1.2, f"{title}: {count}\n{draft.body}"


def test_no_phrase_is_stale_or_made_by_a_machine(book):
    for title, _, draft in book.letters:
        found = STOP[book.language].search(f"{draft.subject} {draft.body}")
        assert not found, f"{title}: {found}"


def test_nobody_is_thanked_twice_in_one_letter(book):
    for title, _, draft in book.letters:
        found = THANKS[book.language].findall(core(draft.body))
        assert len(found) <= 1, f"{title}: {found}\n{draft.body}"


def test_thanks_and_news_are_said(book):
    for title, follow_up, draft in book.letters:
        body = core(draft.body)
        if {K.THANK_YOU, K.OUTCOME_NEWS} & set(follow_up.kinds) and "silent" not in title:
            carded = K.HANDWRITTEN_NOTE in follow_up.kinds
            assert carded or THANKS[book.language].search(body), f"{title}\n{body}"


def test_there_is_hardly_an_intensifier(book):
    for title, _, draft in book.letters:
        found = INTENSIFIERS[book.language].findall(core(draft.body))
        assert len(found) <= 1, f"{title}: {found}"


def test_the_register_is_kept_throughout(book):
    for title, follow_up, draft in book.letters:
        if book.language == "en" or follow_up.kind in TO_STRANGERS:
            continue
        wrong = (NOT_FORMAL if book.formal else NOT_FAMILIAR)[book.language]
        subject = "" if draft.in_reply_to else draft.subject
        found = wrong.search(f"{subject}\n{core(draft.body)}")
        assert not found, f"{title}: {found}\n{draft.subject}\n{draft.body}"


def test_every_employer_concerned_is_named_and_no_other(book):
    for title, follow_up, draft in book.letters:
        text = f"{draft.subject}\n{draft.body}"
        due = {company for company, _ in follow_up.applications}
        if K.GRACIOUS_REPLY in follow_up.kinds or K.SHARE_REFERENCES in follow_up.kinds:
            due = set()
        if due and "reciprocate" not in title:
            assert all(company in text for company in due), f"{title}: {due}\n{text}"
        others = set(COMPANIES) - {company for company, _ in follow_up.applications}
        assert not any(company in text for company in others), title


def test_no_other_reference_is_named(book):
    for title, follow_up, draft in book.letters:
        text = f"{draft.subject}\n{draft.body}"
        others = {"Lee Park", "Dana Cole", "Kim Osei"} - set(follow_up.references)
        assert not any(name in text for name in others), title
        assert "Kim" not in text


def runs(text: str, data: re.Pattern[str]) -> set[tuple[str, ...]]:
    """Return all runs of five words of what we wrote, the facts being cut out."""
    found = set()
    for part in data.split(core(text).lower()):
        some = tokens(part)
        found |= {tuple(some[i : i + 5]) for i in range(len(some) - 4)}
    return found


DATA = re.compile(
    r"[^\W\d]+,? \d+\.?(?: de)? [^\W\d]+"
    r"|acme robotics|staff engineer|hooli|platform lead|umbrella|initech|globex|\n- [^\n]*"
    r"|wrote the on-call handbook|led the billing migration|mentoring"
)


def test_no_two_kinds_of_letter_share_a_run_of_five_words(book):
    by_kind: dict[str, set[tuple[str, ...]]] = {}
    for _, follow_up, draft in book.letters:
        if len(follow_up.kinds) == 1 and follow_up.kind not in TO_STRANGERS:
            found = by_kind.setdefault(str(follow_up.kind), set())
            found |= runs(draft.body, DATA)
    for (one, ones), (two, twos) in combinations(by_kind.items(), 2):
        shared = sorted(" ".join(run) for run in ones & twos)
        assert not shared, f"{one} and {two}: {shared}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_successive_thanks_share_no_run_of_five_words(language):
    table = spoken(language)
    first = TITLES["thank_you, the first"]
    turns = []
    for times in range(5):
        made = (
            words(replace(first, key=key, thanks_before=times, acts_before=times), table)
            for key in KEYS * 2
        )
        turns.append(set().union(*(runs(f.draft.body, DATA) for f in made if f.draft)))
    for (a, one), (b, two) in combinations(enumerate(turns, 1), 2):
        shared = sorted(" ".join(run) for run in one & two)
        assert not shared, f"thanks {a} and {b}: {shared}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", ["outcome_news, rejected, had spoken", "heads_up"])
def test_a_counted_turn_changes_the_words_each_time(language, title):
    table = spoken(language)
    bodies = [
        words(replace(TITLES[title], key=f"k{turn}", way=5 * turn), table).draft
        for turn in range(4)
    ]
    assert all(one != two for one, two in pairwise(bodies))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_intent_gives_the_same_words(language):
    for _, sample in samples():
        assert words(sample, spoken(language)) == words(sample, spoken(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_keys_give_different_words(language):
    bodies = {
        words(
            replace(TITLES["outcome_news, rejected, had spoken"], key=key), spoken(language)
        ).draft
        for key in KEYS
    }
    assert len(bodies) > len(KEYS) // 3


def test_what_a_stranger_wrote_is_text_and_nothing_else():
    evil = "Acme {{ 7 * 7 }} {% raw %}\u202e\u2066\nBcc: x@evil.example\r\n{{ me }}"
    process = Process(key="x", company=evil, role="Lead\n\nSubject: hi", posting="javascript:1")
    call = Occasion(kind=K.HEADS_UP, process=process, contact="A\u200bB\x1b[31m {{ greeting }}")
    follow_up = words(intent(K.HEADS_UP, call), desk())
    draft, event = follow_up.draft, follow_up.event
    assert draft
    assert event
    assert "{{ 7 * 7 }}" in draft.body
    assert "49" not in draft.body
    assert "javascript" not in draft.body
    for text in (draft.subject, draft.body, event.summary, event.description):
        assert not re.search("[\u202e\u2066\u200b\x1b\r]", text)
    assert "\n" not in draft.subject + event.summary
    assert not re.search(r"(?m)^(?:Bcc|Subject):", draft.body)


def test_a_reply_goes_into_the_thread_it_answers():
    draft = words(TITLES["gracious_reply to a no"], desk()).draft
    assert draft
    assert draft.in_reply_to == "<3@x.example>"
    assert draft.references == ("<0@example.org>", "<3@x.example>")
    assert draft.subject == "Re: Would you be a reference for me?"
    assert [a.email for a in draft.to] == ["dcole@home.example"]


def test_a_draft_goes_to_the_private_address_of_a_colleague():
    me = replace(ME, employer="Initech", employer_domains=("initech.example",))
    draft = words(TITLES["heads_up"], desk(me=me)).draft
    assert draft
    assert [a.email for a in draft.to] == ["dcole@home.example"]


def test_the_resume_goes_with_a_heads_up_only():
    table = desk(wishes=replace(desk().wishes, resume="/x/resume.pdf"))
    heads_up = words(TITLES["heads_up"], table).draft
    thanks = words(TITLES["thank_you, the first"], table).draft
    assert heads_up
    assert heads_up.attachments == ("/x/resume.pdf",)
    assert "My current resume is attached." in heads_up.body
    assert thanks
    assert thanks.attachments == ()
    bare = words(TITLES["heads_up"], desk()).draft
    assert bare
    assert "attached" not in bare.body


def test_only_who_agreed_is_in_the_list_for_an_employer():
    follow_up = words(TITLES["share_references"], desk())
    assert follow_up.draft
    assert follow_up.event
    assert "dana.cole@initech.example" in follow_up.draft.body
    assert "Lee" not in follow_up.draft.body
    assert "Lee Park" in follow_up.event.description
    assert "Kim Osei: not to be listed: declined on 3 March" in follow_up.event.description
    nobody = words(TITLES["share_references, nobody agreed yet"], desk())
    assert nobody.draft is None
    assert nobody.event
    assert "must be asked first:\n- Lee Park" in nobody.event.description


def test_who_is_not_to_be_listed_never_is_even_with_an_old_yes():
    sample = TITLES["share_references"]
    barred = replace(sample.candidates[0], person=replace(DANA, do_not_list=True))
    follow_up = words(replace(sample, candidates=(barred,)), desk())
    assert follow_up.draft is None
    assert follow_up.event
    assert "Not proposed:\n- Dana Cole" in follow_up.event.description


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the commute is two hours a day.", True),
        ("They could not match my current salary", False),
        ("my mother's illness", False),
        ("the offer was 90k", False),
        ("because of the long and", True),
        ("we talked about it, and …", False),
    ],
)
def test_a_reason_is_told_only_when_it_is_whole_and_nobodys_private_business(reason, said):
    news = replace(
        TITLES["outcome_news, declined, had spoken"].occasions[0], reason=reason, at=TUESDAY
    )
    draft = words(intent(K.OUTCOME_NEWS, news), desk()).draft
    assert draft
    assert (reason.rstrip(" .") in draft.body) is said
