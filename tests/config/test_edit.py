"""The files of the user are changed and stay theirs: comments, order, line ends."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from vouchd.config.edit import CannotEdit, Value, with_added, with_changed

PEOPLE = """\
# people
[[reference]]
name = "Dana Cole"   # my boss
emails = [
  "a@x.example",  # work
  "b@x.example",
]

# the next one is Bob
[[reference]]
name = "Bob"
# language = "en"

# end
"""


def test_what_is_added_comes_last_and_nothing_else_moves():
    new = with_added(PEOPLE, "reference", {"name": "Zoë", "emails": ("z@x.example",)})
    assert new.startswith(PEOPLE)
    assert new[len(PEOPLE) :] == '\n[[reference]]\nname = "Zoë"\nemails = ["z@x.example"]\n'


@pytest.mark.parametrize("before", ["", "# only words\n", "\ufeff# with a mark\n"])
def test_a_file_without_an_entry_gets_its_first(before):
    new = with_added(before, "application", {"company": "Acme"})
    assert tomllib.loads(new) == {"application": [{"company": "Acme"}]}
    assert before.strip("\ufeff\n") in new


def test_a_change_touches_its_own_lines_alone():
    fields: dict[str, Value] = {
        "emails": ("b@x.example", "c@x.example"),
        "agreed_on": date(2026, 1, 2),
    }
    new = with_changed(PEOPLE, "reference", 0, fields=fields)
    gone, come = set(PEOPLE.splitlines()), new.splitlines()
    assert [line for line in come if line not in gone] == [
        '  "c@x.example",',
        "agreed_on = 2026-01-02",
    ]
    assert set(PEOPLE.splitlines()) <= set(come)
    assert come.index("agreed_on = 2026-01-02") < come.index("# the next one is Bob")


def test_a_value_is_replaced_and_its_comment_stays():
    new = with_changed(PEOPLE, "reference", 0, fields={"name": "Dana C."})
    assert 'name = "Dana C."   # my boss' in new


def test_lines_and_values_are_dropped():
    new = with_changed(
        PEOPLE, "reference", 0, fields={"phone": "1"}, drop=[("emails", "a@x.example")]
    )
    assert tomllib.loads(new)["reference"][0] == {
        "name": "Dana Cole",
        "emails": ["b@x.example"],
        "phone": "1",
    }
    assert "emails" not in with_changed(new, "reference", 0, fields={}, drop=[("emails", None)])


def test_line_ends_stay_as_they_are():
    text = PEOPLE.replace("\n", "\r\n")
    for new in (
        with_added(text, "reference", {"name": "Zoë"}),
        with_changed(text, "reference", 1, fields={"phone": "2"}),
    ):
        assert "\n" not in new.replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[reference]\n", "is not TOML"),
        ('reference = [{ name = "A" }]\n', "not written as"),
        ('[reference]\nname = "A"\n', "not written as"),
    ],
)
def test_what_cannot_be_changed_is_told(text, words):
    with pytest.raises(CannotEdit, match=words):
        with_added(text, "reference", {"name": "B"})


@pytest.mark.parametrize("drop", [("phone", None), ("emails", "z@x.example")])
def test_what_is_not_there_cannot_be_dropped(drop):
    with pytest.raises(CannotEdit, match=drop[1] or drop[0]):
        with_changed(PEOPLE, "reference", 0, fields={}, drop=[drop])


def test_an_entry_that_is_not_there_is_told():
    with pytest.raises(CannotEdit, match="number 3"):
        with_changed(PEOPLE, "reference", 2, fields={"phone": "1"})
