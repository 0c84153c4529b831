import pytest

from vouchd.config.edit import CannotEdit
from vouchd.config.strike import without_entries

PEOPLE = """\
# The people who vouch for you.

# my old boss
[[reference]]
name = "Dana Cole"
emails = [
  "dana@initech.example",  # [[reference]]
]
note = \"\"\"
[[reference]]
name = "nobody"
\"\"\"
# gift = "wine"

# the one with the boat
[[reference]]
name = "Bob Okafor"
# phone = "1"
"""


def test_one_entry_goes_and_every_other_line_stays():
    assert without_entries(PEOPLE, "reference", {0}) == (
        "# The people who vouch for you.\n\n# the one with the boat\n"
        '[[reference]]\nname = "Bob Okafor"\n# phone = "1"\n'
    )


def test_the_last_entry_goes():
    left = without_entries(PEOPLE, "reference", {1})
    assert "boat" not in left
    assert left.startswith(PEOPLE[: PEOPLE.index("# gift")])


def test_all_go_and_what_opens_the_file_stays():
    left = without_entries(PEOPLE, "reference", {0, 1})
    assert left == "# The people who vouch for you.\n\n"
    text = '# All of them\n[[reference]]\nname = "Dana Cole"\n'
    assert without_entries(text, "reference", {0}) == "# All of them\n"


def test_line_ends_and_a_byte_order_mark():
    text = "\ufeff" + PEOPLE.replace("\n", "\r\n")
    left = without_entries(text, "reference", {0})
    assert left == without_entries(PEOPLE, "reference", {0}).replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        'reference = [{name = "Dana Cole"}, {name = "Bob"}]\n',
        '[[reference]]\nname = "Dana Cole"\n[reference.more]\nx = 1\n',
    ],
)
def test_what_cannot_be_done_line_by_line_is_left_to_the_user(text):
    with pytest.raises(CannotEdit, match="by hand"):
        without_entries(text, "reference", {0})
