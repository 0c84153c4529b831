from pathlib import Path

from vouchd.daemon.cli import COMMANDS
from vouchd.daemon.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_command_reference_is_what_the_parser_says():
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(), "run: python -m vouchd.daemon.reference > docs/commands.md"
    for command in COMMANDS:
        assert f"\n## vouchd {command.name}\n" in text
        assert command.example.splitlines()[0] in text
    assert "==SUPPRESS==" not in text
    assert "%(" not in text
