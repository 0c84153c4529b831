"""The labelled corpus is sound, and what the rules reach on it never falls."""

from __future__ import annotations

import json
import tomllib

from benchmarks.evaluate import FLOOR, Item, book, items, reached, read
from vouchd.rules.model import SignalKind

FIELDS = {"kind", "company", "role", "references", "final_round"}


def test_the_floor_holds():
    known = book()
    figures = reached([read(item, known) for item in items()], known)
    fallen = {
        f"{language}.{part}: {name}": (least, figures[f"{language}.{part}"].get(name, 0.0))
        for language, parts in tomllib.loads(FLOOR.read_text("utf-8")).items()
        for part, floor in parts.items()
        for name, least in floor.items()
        if figures[f"{language}.{part}"].get(name, 0.0)
        + one_more(figures[f"{language}.{part}"], name)
        < least
    }
    assert fallen == {}


def one_more(figures: dict[str, float], name: str) -> float:
    """What the share of right names may lose: one message more is found, but not its name."""
    return 1 / figures[f"{name}.of"] if name.startswith("named.") else 0.0


def test_labels_use_the_words_of_the_interface():
    kinds = {str(kind) for kind in SignalKind}
    wrong = [
        item.name
        for item in items()
        for label in item.label["signals"]
        if label["kind"] not in kinds or set(label) - FIELDS
    ]
    assert wrong == []


def test_people_in_labels_are_references_of_the_corpus():
    names = {person.name for person in book().people}
    wrong = [
        item.name
        for item in items()
        for label in item.label["signals"]
        if set(label.get("references") or ()) - names
    ]
    assert wrong == []


def test_about_a_third_is_set_aside_by_name_alone():
    shares = [item.held_out for item in items()]
    assert 0.27 < sum(shares) / len(shares) < 0.40
    for item in items():
        again = Item(item.path, json.loads("{}"))
        assert again.held_out == item.held_out
