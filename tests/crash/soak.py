"""kill -9 at random times, again and again, on the real command; run as `make soak`."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.crash.cases import different
from tests.crash.houses import House, house
from tests.crash.story import LATER, SHORT, Chapter, arrive, begin, one_mind, truth, undisturbed
from tests.reliability.record import leave

_KINDS = ("maildir", "mbox", "google", "tasks")
#: Starting Python alone takes so many seconds: to kill it then would try nothing.
_EARLIEST, _LATEST = 0.5, 2.5


def command(living: House, chapter: Chapter) -> subprocess.Popen[bytes]:
    """Start `vouchd once` as the user does."""
    living.at = (chapter.at + LATER).timestamp()
    at = (chapter.at + LATER).isoformat()
    called = [sys.executable, "-c", "from vouchd.daemon.cli import main; raise SystemExit(main())"]
    return subprocess.Popen(
        [*called, "once", "--config", str(living.folder / "config"), "--now", at],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "HOME": str(living.folder)},
    )


def lived(kind: str, folder: Path, chance: random.Random, kills: int) -> Iterator[tuple[int, str]]:
    """Live the story with so many kills in each turn; yield how many hit, and what is wrong."""
    with one_mind(), house(kind, folder / "calm") as calm:
        wanted = [truth for _, truth in undisturbed(calm, SHORT)]
    with house(kind, folder / "wild") as wild:
        begin(wild)
        since = None
        for chapter, then in zip(SHORT, wanted, strict=True):
            arrive(wild, since, chapter)
            hit = 0
            for _ in range(kills):
                process = command(wild, chapter)
                try:
                    process.communicate(timeout=chance.uniform(_EARLIEST, _LATEST))
                except subprocess.TimeoutExpired:
                    process.kill()
                    hit += 1
                    process.communicate()
            process = command(wild, chapter)
            _, said = process.communicate(timeout=120)
            if process.returncode:
                yield hit, said.decode()
            yield hit, "\n".join(different(f"{chapter.at:%d %B}", truth(wild), then))
            since = chapter.at


def main(seconds: float) -> int:
    """Go on for so many seconds; return 0 when nothing was lost and nothing doubled."""
    seed = random.randrange(10**6)
    chance, began, hits, stories = random.Random(seed), time.monotonic(), 0, 0
    while time.monotonic() < began + seconds:
        with tempfile.TemporaryDirectory(prefix="vouchd-soak-") as folder:
            for hit, wrong in lived(_KINDS[stories % len(_KINDS)], Path(folder), chance, kills=4):
                hits += hit
                if wrong:
                    print(f"seed {seed}, after {hits} kills:\n{wrong}")
                    return 1
        stories += 1
        print(f"{hits} kills in {stories} stories: nothing lost, nothing doubled", flush=True)
    took = round(time.monotonic() - began)
    leave("soak", {"kills": hits, "stories": stories, "seconds": took})
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 300))
