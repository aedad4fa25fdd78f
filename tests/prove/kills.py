"""A process is killed at a random moment while it reads and writes the cache: does the next one notice anything?

Run as `python -m tests.prove.kills --count 200 --seed 1`, or by `python -m tests.prove kills`. The process analyses one
made-up project over and over, a file of it changed each time, so that most of its life it is at the cache.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode
from tests.bench import synthetic
from tests.prove.registry import Outcome

FILES = 60
ROOT = Path(__file__).parents[2]

RESTLESS = f"""
import sys
from itertools import count
from pathlib import Path
from pubsub_devtools_analysis.host import AnalysisHost
root = Path(sys.argv[1])
for number in count():
    file = root / f"app{{number % {FILES // 20}:05}}" / "tasks.py"
    file.write_text(file.read_text().replace("Work on", f"Work {{number}} on", 1))
    with AnalysisHost.open(root) as host:
        host.snapshot()
    if not number:
        print("ready", flush=True)
"""


def prove(count: int, seed: int, jobs: int = 1) -> Outcome:
    """So many kills; after each the graph with the cache is the one without."""
    chance = random.Random(seed)
    misses: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        before = os.environ.get("PUBSUB_TOOLS_CACHE_DIR")
        os.environ["PUBSUB_TOOLS_CACHE_DIR"] = str(folder / "cache")
        try:
            root = synthetic.make(folder / "project", FILES)
            for number in range(count):
                kill_one(root, chance.uniform(0, 0.15))
                if graph(root, use_cache=True) != graph(root, use_cache=False):
                    misses.append(f"kill {number}: with the cache the graph is another than without")
        finally:
            del os.environ["PUBSUB_TOOLS_CACHE_DIR"]
            if before is not None:
                os.environ["PUBSUB_TOOLS_CACHE_DIR"] = before
    return Outcome({"count": count}, misses)


def kill_one(root: Path, seconds: float) -> None:
    """Start a process and kill it so long after its first graph."""
    process = subprocess.Popen([sys.executable, "-c", RESTLESS, str(root)], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(seconds)  # what it is at when it dies is meant to vary
        process.kill()


def graph(root: Path, *, use_cache: bool) -> str:
    with AnalysisHost.open(root, use_cache=use_cache) as host:
        return encode(host.snapshot())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    result = prove(given.count, given.seed)
    print(result.figures, *result.misses, sep="\n")
    return 1 if result.misses else 0


if __name__ == "__main__":
    sys.exit(main())
