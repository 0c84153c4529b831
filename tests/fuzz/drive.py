"""Atheris over the targets: `make fuzz`. What it finds is left in the corpus' folder `found/`.

Run with the Python of .venv/fuzz, which has Atheris and vouchd's own dependencies, from the root of
the repository. Each target is a process of its own, for libFuzzer ends with the process.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "found"
MOST_BYTES = 20_000
MOST_MEGABYTES = 1_500
MOST_SECONDS = 20  #: for one input
_COUNTED = "stat::number_of_executed_units:"  #: as libFuzzer says it at its end


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--target", help="only this one, in this process")
    given = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("Atheris is not installed here: run `make fuzz`", file=sys.stderr)
        return 1
    # As the tests see it: `vouchd` by the links for static tools, which name each folder.
    sys.path[:0] = [str(ROOT), str(ROOT / ".typing")]
    if given.target:
        _drive(given.target, given.seconds)
    from tests.fuzz.readers import TARGETS

    failed = [name for name in TARGETS if not _went_well(name, given.seconds)]
    for name in failed:
        print(f"fuzz: {name} broke; the input lies in {FOUND / name}", file=sys.stderr)
    return 1 if failed else 0


def _went_well(name: str, seconds: int) -> bool:
    """Run one target in a process of its own, and leave how many inputs it took."""
    from tests.reliability.record import leave

    print(f"fuzz: {name}, {seconds} s", flush=True)
    command = [sys.executable, __file__, "--target", name, "--seconds", str(seconds)]
    inputs = 0
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr or ():
            sys.stderr.write(line)
            if line.startswith(_COUNTED):
                inputs = int(line.split()[-1])
    if process.returncode:
        return False
    leave(f"fuzz-{name}", {"inputs": inputs, "seconds": seconds})
    return True


def _drive(name: str, seconds: int) -> None:
    """Run one target until the time is over or it breaks; does not return."""
    import atheris

    with atheris.instrument_imports(include=["vouchd", "icalendar", "tomllib"]):
        from tests.fuzz.readers import FOLDER, TARGETS, book
    book()
    (FOUND / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as learnt:
        atheris.Setup(
            [
                name, learnt, str(FOLDER / name), f"-max_total_time={seconds}",
                f"-max_len={MOST_BYTES}", f"-rss_limit_mb={MOST_MEGABYTES}",
                f"-timeout={MOST_SECONDS}", f"-artifact_prefix={FOUND / name}/",
                "-print_final_stats=1", "-verbosity=0",
            ],
            TARGETS[name],
        )  # fmt: skip
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
