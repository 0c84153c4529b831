"""Figures for Prometheus, read as its parser reads them."""

import getpass
import os
import re
import stat
from pathlib import Path

import pytest

from tests.daemon.conftest import CONFIG, REFERENCES
from vouchd.daemon import metrics

METRICS = '[metrics]\npath = "{}"\nuser = "sam"\n'
SAMPLE = re.compile(
    r'(?P<name>[a-zA-Z_:][\w:]*)\{(?P<labels>(?:\w+="(?:[^"\\]|\\.)*",?)*)\} (?P<n>\S+)'
)


@pytest.fixture
def file(world):
    path = world.home / "collector" / "vouchd.prom"
    path.parent.mkdir()
    world.write_config(CONFIG + METRICS.format(path))
    return path


def read(path: Path) -> dict[str, float]:
    """Read the exposition format strictly: HELP and TYPE before the samples of each name."""
    found: dict[str, float] = {}
    known = ""
    for line in path.read_text().splitlines():
        if line.startswith("# HELP "):
            known = line.split()[2]
        elif line.startswith("# TYPE "):
            assert line.split()[2] == known
            assert line.split()[3] in ("counter", "gauge")
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample is not None, line
            assert sample["name"] == known
            assert (known.endswith("_total")) == (f"# TYPE {known} counter" in path.read_text())
            labels = sample["labels"].removeprefix('user="sam"').removeprefix(",")
            found[f"{known[7:]}{{{labels}}}" if labels else known[7:]] = float(sample["n"])
    return found


def test_a_round_is_counted_and_the_counters_go_on_after_a_restart(world, file):
    world.deliver(1)
    world.vouchd("once")
    first = read(file)
    assert first["messages_total"] == first["about_total"] == 1
    assert first['cycles_total{result="good"}'] == 1
    assert first['actions_total{action="write",part="draft"}'] == 1
    assert first['follow_ups_open{kind="ask_permission"}'] == 1
    assert first["last_success_timestamp_seconds"] == first["last_cycle_timestamp_seconds"] > 1.7e9
    world.deliver(2, "The apples are ripe.", "Mia <mia@home.example>", "Garden")
    world.vouchd("once")
    second = read(file)
    assert (second["messages_total"], second["about_total"]) == (2, 1)
    assert second['cycles_total{result="good"}'] == 2
    assert second['actions_total{action="write",part="draft"}'] == 1


def test_a_failure_shows_and_the_last_success_stays(world, file):
    world.vouchd("once", "--now", "2026-03-02T08:00")
    world.mail.rename(world.home / "away")
    world.vouchd("once", "--now", "2026-03-03T09:00")
    found = read(file)
    assert found['cycles_total{result="failed"}'] == 1
    assert found["last_cycle_timestamp_seconds"] - found["last_success_timestamp_seconds"] == 90000
    assert found['unwell{trouble="silence"}'] == 1
    assert found['unwell{trouble="sign_in"}'] == 0


def test_everybody_may_read_it_and_nothing_half_written_is_ever_there(world, file, monkeypatch):
    mask = os.umask(0o077)
    try:
        world.vouchd("once")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert [path.name for path in file.parent.iterdir()] == ["vouchd.prom"]
    before = file.read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        metrics.put(file, "new")
    assert file.read_text() == before
    assert [path.name for path in file.parent.iterdir()] == ["vouchd.prom"]


def test_a_folder_that_is_not_there_is_told_and_fails_nothing(world, file):
    file.parent.rmdir()
    status, _, err = world.vouchd("once")
    assert status == 0
    assert "the figures cannot be written there (No such file or directory)" in err
    assert "`path` under [metrics]" in err


def test_no_name_and_no_address_is_in_it(world, file):
    world.write_config(CONFIG + METRICS.format(file), references=REFERENCES)
    world.deliver(1)
    world.vouchd("once")
    text = file.read_text()
    assert not [word for word in ("Dana", "dana", "Acme", "@", "acme") if word in text]


def test_without_the_setting_nothing_is_written_and_the_user_is_the_login_name(world):
    world.vouchd("once")
    assert not list(world.home.rglob("*.prom"))
    world.write_config(CONFIG + f'[metrics]\npath = "{world.home}/vouchd.prom"\n')
    world.vouchd("once")
    assert f'user="{getpass.getuser()}"' in (world.home / "vouchd.prom").read_text()


def test_a_label_is_escaped():
    one = metrics.Metric("x", "gauge", "X.", {(("a", 'b"\\\n'),): 1})
    assert 'a="b\\"\\\\\\n"' in metrics.text([one], "u")
