from dataclasses import fields
from pathlib import Path

from vouchd.config.reference import page
from vouchd.config.schema import APPLICATION, REFERENCE, TABLES, Table

ROOT = Path(__file__).parents[2]


def test_every_field_of_every_value_can_be_set_and_nothing_else():
    by_value: dict[type, list[str]] = {}
    for table in (*TABLES, REFERENCE, APPLICATION):
        by_value.setdefault(table.into, []).extend(key.fills for key in table.keys)
    for value, filled in by_value.items():
        assert sorted(filled) == sorted(field.name for field in fields(value)), value


def test_every_setting_has_a_meaning_in_one_sentence():
    for table in (*TABLES, REFERENCE, APPLICATION):
        assert table.meaning.endswith("."), table.name
        for key in table.keys:
            assert key.meaning.endswith((".", '".')), key.name
            assert "\n" not in key.meaning


def test_the_documentation_is_made_from_the_schema():
    shown = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert shown == page(), "run: python -m vouchd.config.reference > docs/configuration.md"


def test_the_example_names_every_setting():
    def named(table: Table, text: str, head: str) -> None:
        _, _, body = text.partition(head)
        for key in table.keys:
            assert f"\n{key.name} = " in body or f"\n# {key.name} = " in body, (head, key.name)

    examples = ROOT / "config" / "examples"
    config = (examples / "config.toml").read_text(encoding="utf-8")
    for table in TABLES:
        named(table, config, f"[{table.name}]")
    for table, file in ((REFERENCE, "references"), (APPLICATION, "applications")):
        text = (examples / f"{file}.toml").read_text(encoding="utf-8")
        named(table, text, f"[[{table.name}]]")
