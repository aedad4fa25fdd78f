"""Put defects into real files, and count those that the checks find.

    python -m tests.bench.seed_defects --repos DIR [--repos DIR ...] [--count 10] [--seed 1] [--only PSD004 ...] [--list]
    python -m tests.bench.seed_defects --repos DIR ... --record    # writes results/seeds.jsonl and results/seeds.md

DIR holds checkouts, a folder `OWNER+NAME` each, or is one; none of them is changed: an analysis that is kept up to date is told of
the file's other content. A seed is found where its code is told, by default settings, on its line; whatever else is told
that was not told before counts against it. Exits with 1 where less than 95 % are found or anything else is told.

Seeds go where a check says that it looks: who takes a payload, and what hides a missing side, is asked of the checks' own
code. So the figure tells how surely a defect is found there, not how many defects lie where no check looks.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.seeding.ground import Seed
from tests.bench.seeding.planting import SEEDERS, Outcome, candidates, draw, plant

RESULTS = Path(__file__).parent / "results"
BOUND = 0.95
Row = dict[str, Any]
EACH = 5
"""So many of one code a repository may give."""


def roots(folders: list[Path]) -> dict[str, Path]:
    """The checkouts by the repository's name: those in a folder, or the folder itself."""
    found: list[Path] = []
    for folder in folders:
        found += [each for each in sorted(folder.iterdir()) if each.is_dir() and "+" in each.name] or [folder]
    return {root.name.replace("+", "/"): root for root in found}


def outcomes(places: dict[str, Path], codes: list[str], seed: int, count: int) -> Iterator[Outcome]:
    """Draw seeds of all repositories, then plant them one repository after the other."""
    seeds: list[Seed] = []
    for name, root in places.items():
        seeds += candidates(root, random.Random(f"{seed} {name}"), codes, EACH)
        print(f"{name}: {len(seeds)} seeds so far", file=sys.stderr)
    print(", ".join(f"{code} {sum(each.code == code for each in seeds)}" for code in codes), file=sys.stderr)
    chosen = draw(seeds, random.Random(seed), count)
    for name, root in places.items():
        here = [each for each in chosen if each.repo == name]
        if here:
            yield from plant(root, here)
            print(f"{name}: {len(here)} planted", file=sys.stderr)


def line(outcome: Outcome) -> Row:
    """An outcome as it is recorded."""
    seed = outcome.seed
    path, number = seed.at
    row = {
        "code": seed.code,
        "repo": seed.repo,
        "path": path,
        "line": number,
        "what": seed.what,
        "found": outcome.found,
    }
    others = [f"{f.code} {f.place.path}:{f.place.line} {f.message}" for f in outcome.elsewhere]
    return row | ({"edited": seed.path} if seed.told else {}) | {"elsewhere": others}


def table(rows: list[Row]) -> Iterator[str]:
    """The figures by code, in Markdown."""
    yield "| check | seeds | repositories | found | elsewhere |"
    yield "|---|---|---|---|---|"
    for code in SEEDERS:
        own = [row for row in rows if row["code"] == code]
        if own:
            yield _counted(code, own)
    yield _counted("all", rows)


def _counted(title: str, rows: list[Row]) -> str:
    repos = len({row["repo"] for row in rows})
    hits, others = sum(row["found"] for row in rows), sum(len(row["elsewhere"]) for row in rows)
    return f"| {title} | {len(rows)} | {repos} | {hits} ({hits / max(len(rows), 1):.1%}) | {others} |"


def record(rows: list[Row], codes: list[str], seed: int) -> None:
    """Keep the outcomes beside those of other measurements; those of codes that were not run stay."""
    file = RESULTS / "seeds.jsonl"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    kept = [row for row in map(json.loads, text.splitlines()) if row["code"] not in codes]
    both = sorted([*kept, *rows], key=lambda row: list(SEEDERS).index(row["code"]))
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in both), encoding="utf-8")
    head = f"# Defects put into real files, drawn by seed {seed}\n\nMade by `tests/bench/seed_defects.py --record`; each seed stands in `seeds.jsonl`.\n"
    (RESULTS / "seeds.md").write_text("\n".join([head, *table(both), ""]), encoding="utf-8")


def main() -> int:
    """Print the figures; 1 where they are under the bound, 2 where there is nothing to measure."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--repos", type=Path, action="append", required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=10, help="seeds of each check")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=list(SEEDERS), default=list(SEEDERS), metavar="CODE")
    parser.add_argument("--list", action="store_true", help="list what is missed, and what else is told")
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    missing = [str(folder) for folder in given.repos if not folder.is_dir()]
    if missing:
        print(f"{', '.join(missing)}: no folder of checkouts `OWNER+NAME`", file=sys.stderr)
        return 2
    places = roots(given.repos)
    rows: list[Row] = []
    for each in outcomes(places, given.only, given.seed, given.count):
        rows.append(line(each))
        if given.record:  # at once, so that a run that is broken off leaves what it has measured
            record(rows, given.only, given.seed)
    wrong = [row for row in rows if not row["found"] or row["elsewhere"]]
    for row in wrong if given.list else ():
        print(json.dumps(row, ensure_ascii=False))
    print(*table(rows), sep="\n")
    is_kept = bool(rows) and sum(row["found"] for row in rows) >= BOUND * len(rows)
    return 0 if is_kept and not any(row["elsewhere"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
