"""Draw the handlers and publishes whose fields are written down by hand in ``truth_fields/``.

    python tests/bench/draw_fields.py --kind handle --count 150     # the handlers of truth_fields/reads.jsonl
    python tests/bench/draw_fields.py --kind publish --count 100    # the publishes of truth_fields/keys.jsonl

The draw is a permutation (``random.Random(4)``) of all resolved, non-optional facts of the kind, sorted by (repo, path,
line, event). It is walked twice: first each dialect takes its share (six, or all it has), then anything follows until
enough are drawn; no repository gives more than 35. ``truth_fields/skipped.jsonl`` says what is left out by reading and
why: bodies of examples that ignore the message are at most a quarter of the draw, later ones are passed over.
Standard library only; nothing of the analyser is used.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TRUTH = HERE / "corpus" / "truth"
SKIPPED = HERE / "truth_fields" / "skipped.jsonl"
SEED = 4
CAP = 35
"""More of one repository would make the figures those of its habits."""
SHARE = 6
UNRESOLVED = {"", "?", "*", "<dynamic>", "<unknown>", "dynamic", "unknown", "none", "null"}
SHOWN = ("kind", "repo", "path", "line", "symbol", "event", "dialect", "certainty", "aliases", "alt")
"""What a line of the truth starts with; the last two only where the fact has them."""

Fact = dict[str, Any]
Key = tuple[str, str, str, int, str]


def key(fact: Fact) -> Key:
    """What tells one fact from another; also their order."""
    return fact["kind"], fact["repo"], fact["path"], fact["line"], fact["event"]


def read(file: Path) -> Iterator[Fact]:
    """The facts of a file of JSON lines; none where it is missing."""
    if file.exists():
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def facts(truth: Path, kind: str) -> list[Fact]:
    """All facts of a kind that have a name and a dialect and must be found, sorted."""
    found = [fact for file in sorted(truth.glob("*.open.jsonl")) for fact in read(file)]
    return sorted((fact for fact in found if fact["kind"] == kind and _drawable(fact)), key=key)


def _drawable(fact: Fact) -> bool:
    name = fact.get("event")
    named = isinstance(name, str) and name.lower() not in UNRESOLVED
    return named and bool(fact.get("dialect")) and not fact.get("optional")


def draw(pool: list[Fact], count: int, skipped: set[Key]) -> list[Fact]:
    """``count`` facts of the pool, sorted: the shares of the dialects first, then whatever comes."""
    walk = [fact for fact in random.Random(SEED).sample(pool, len(pool)) if key(fact) not in skipped]
    taken: dict[Key, Fact] = {}
    of_dialect: Counter[str] = Counter()
    of_repo: Counter[str] = Counter()
    for share in (SHARE, len(pool)):
        for fact in walk:
            full = of_repo[fact["repo"]] >= CAP or of_dialect[fact["dialect"]] >= share
            if full or key(fact) in taken or len(taken) == count:
                continue
            taken[key(fact)] = fact
            of_dialect[fact["dialect"]] += 1
            of_repo[fact["repo"]] += 1
    return sorted(taken.values(), key=key)


def main() -> None:
    """Print the draw asked for, one JSON object a line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", choices=("handle", "publish"), required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--truth", type=Path, default=TRUTH, help="folder of *.open.jsonl")
    parser.add_argument("--skipped", type=Path, default=SKIPPED, help="facts left out, as JSON lines")
    given = parser.parse_args()
    skipped = {key(fact) for fact in read(given.skipped)}
    for fact in draw(facts(given.truth, given.kind), given.count, skipped):
        line = {**fact, "certainty": fact["confidence"]}
        print(json.dumps({name: line[name] for name in SHOWN if name in line}))


if __name__ == "__main__":
    main()
