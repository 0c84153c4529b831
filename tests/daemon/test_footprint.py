"""What the daemon holds in memory: no more after many rounds, nothing it does not use."""

import subprocess
import sys

from benchmarks import service

ROUNDS = 40


def test_rounds_leave_nothing_behind():
    with service.google() as home:
        sizes = service.a_day(home, ROUNDS)
    assert len(sizes) == ROUNDS
    # Megabytes; a message of a round that stays, or a connection, would be seen many times.
    assert max(sizes[ROUNDS // 2 :]) - sizes[ROUNDS // 4] < 1


def test_what_signs_for_machines_is_not_loaded():
    code = (
        "import sys, types\n"
        "sys.stdout, out = sys.stderr, sys.stdout\n"
        f"sys.argv[1:] = [sys.argv[1], '2']\n{service._A_DAY}\n"
        "print(*(m for m in sys.modules if type(sys.modules[m]) is types.ModuleType), file=out)"
    )
    with service.google() as home:
        done = subprocess.run(
            [sys.executable, "-c", code, home], capture_output=True, text=True, check=True
        )
    loaded = set(done.stdout.split())
    assert "googleapiclient.discovery" in loaded
    assert not loaded & {"cryptography", "google.auth.crypt", "pyparsing", "icalendar"}
