"""Every draft of every story under the questions of the rubric that a machine can answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from tests.letterlint import INTENSIFIERS, STOP, THANKS
from tests.storybook import STORIES, FollowUp, kinds, moments, relived, settings, shown

#: Words that only one of the languages of the stories has.
MARKS = {
    "en": {"the", "you", "and", "with", "for", "that"},
    "de": {"und", "ich", "die", "der", "sie", "das", "mit"},
    "fr": {"le", "vous", "les", "je", "pour", "des"},
    "es": {"que", "el", "los", "para", "por", "con"},
    "nl": {"het", "een", "ik", "van", "dat", "voor"},
    "pt": {"que", "não", "uma", "para", "com", "os"},
    "it": {"che", "il", "per", "una", "con", "di"},
}
TO_EMPLOYERS = {"share_references", "interview_thank_you"}
SUBJECT = 60  #: characters of one that is ours: fifty, and a fifth more


def drafts(story: str) -> Iterator[FollowUp]:
    """Each draft once, as it stood when it was first seen."""
    seen: set[str] = set()
    for moment in moments(story):
        for found in relived(story, moment["until"]):
            if found["draft"] and found["key"] not in seen:
                seen.add(found["key"])
                yield found


def language(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return max(MARKS, key=lambda code: sum(word in MARKS[code] for word in words))


def core(text: str) -> list[str]:
    """The words between greeting and sign-off."""
    return re.findall(r"[\w']+", " ".join(text.strip().splitlines()[1:-2]).casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    words = core(text)
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


@pytest.mark.parametrize("story", STORIES)
def test_a_letter_says_nothing_stale_and_thanks_once(story):
    for found in drafts(story):
        body, where = found["draft"]["body"], shown(found)
        tongue = language(body)
        assert not STOP[tongue].search(body), f"{where}: {STOP[tongue].search(body)}"
        assert len(INTENSIFIERS[tongue].findall(body)) <= 1, where
        assert len(THANKS[tongue].findall(body)) <= 3, where
        assert body.count("!") + body.count("—") == 0, where
        assert 25 <= len(body.split()) <= 230, f"{where}: {len(body.split())} words"
        subject = found["draft"]["subject"]
        assert subject.startswith("Re: ") or len(subject) <= SUBJECT, f"{where}: {subject}"


@pytest.mark.parametrize("story", STORIES)
def test_a_letter_names_nothing_twice(story):
    for found in drafts(story):
        lines = [line for line in found["draft"]["body"].splitlines() if line.startswith("- ")]
        assert len(lines) == len(set(lines)), f"{shown(found)}: {lines}"


@pytest.mark.parametrize("story", STORIES)
def test_no_reference_learns_who_the_others_are(story):
    people = [r["name"] for r in settings(story, "references")["reference"]]
    for found in drafts(story):
        if kinds(found) & TO_EMPLOYERS:
            continue
        for name in set(people) - set(found["references"]):
            assert name not in found["draft"]["body"], f"{shown(found)}: {name}"


@pytest.mark.parametrize("story", STORIES)
def test_no_employer_is_named_that_the_letter_is_not_about(story):
    stated = [a["company"] for a in settings(story, "applications").get("application", ())]
    for found in drafts(story):
        about = {a["company"] for a in found["applications"]}
        if "outcome_news" in kinds(found) or not about:
            continue  # news may say who has still to decide
        for company in set(stated) - about:
            assert company not in found["draft"]["body"], f"{shown(found)}: {company}"


@pytest.mark.parametrize("story", STORIES)
def test_thanks_to_one_person_differ_in_substance(story):
    last = relived(story, moments(story)[-1]["until"])
    notes = [
        f for f in last if f["kind"] == "thank_you" and f["draft"] and f["state"] != "superseded"
    ]
    for one, other in combinations(notes, 2):
        if one["references"] == other["references"]:
            shared = runs(one["draft"]["body"]) & runs(other["draft"]["body"])
            assert not shared, f"{shown(one)} and {shown(other)}: {shared}"
