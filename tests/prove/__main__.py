"""Run the proofs: all with full counts, or a share of each.

`python -m tests.prove [NAME ...] [--share 0.01] [--seed 1] [--jobs 1]`. Every result is appended to
`tests/bench/results/prove.jsonl`, with what it takes to repeat it; `--no-record` leaves the file alone.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import sys
import time
from pathlib import Path

from tests.prove.registry import Entry, entries

RESULTS = Path(__file__).parents[1] / "bench" / "results" / "prove.jsonl"


def main() -> int:
    known = {entry.name: entry for entry in entries()}
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="*", choices=[*known, []], help="which proofs; all without")
    arguments.add_argument("--share", type=float, default=1.0, help="of the full count of each")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--no-record", action="store_true")
    given = arguments.parse_args()
    missed = 0
    for name in given.names or known:
        row = run(known[name], max(int(known[name].count * given.share), 1), given.seed, given.jobs)
        print(json.dumps(row), flush=True)
        missed += bool(row["misses"])
        if not given.no_record:
            record(row)
    return 1 if missed else 0


def run(entry: Entry, count: int, seed: int, jobs: int) -> dict[str, object]:
    """One proof, and with its figures what it takes to repeat it."""
    start = time.monotonic()
    outcome = entry.run(count, seed, jobs)
    return {
        "proof": entry.name,
        "seed": seed,
        **outcome.figures,
        "misses": outcome.misses,
        "seconds": round(time.monotonic() - start),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
    }


def record(row: dict[str, object]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
