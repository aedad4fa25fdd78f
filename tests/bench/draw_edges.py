"""Draw the publishes and handlers whose edges are written down by hand in ``truth_edges/``.

    python tests/bench/draw_edges.py publishes TRUTH_DIR    # the 100 drawn publish facts, in the order drawn
    python tests/bench/draw_edges.py handlers TRUTH_DIR     # handle facts in the order drawn, at most 10 of a repository

``TRUTH_DIR`` holds the open truth (``*.open.jsonl``). The draw is ``random.Random(20261123).sample`` over all resolved,
non-optional facts of the kind, sorted by (repo, path, line, event), to its full length: a permutation, walked until
enough are found with the cap per repository. Handlers are walked on past what is left out by reading
(``truth_edges/skipped.jsonl`` says which and why: trivial bodies of examples, which call nothing of the workspace, and
handlers that need not publish anything beyond the fifteenth, or the second of one repository).
Standard library only; nothing of the analyser is used.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

SEED = 20261123
UNRESOLVED = {"", "?", "*", "<dynamic>", "<unknown>", "dynamic", "unknown", "none", "null"}


def facts(truth: Path, kind: str) -> list[dict[str, Any]]:
    """All resolved, non-optional facts of one kind, sorted."""
    found = []
    for file in sorted(truth.glob("*.open.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            fact = json.loads(line)
            name = fact.get("event")
            if fact["kind"] != kind or fact.get("optional"):
                continue
            if not isinstance(name, str) or name.lower() in UNRESOLVED:
                continue
            found.append(fact)
    return sorted(found, key=lambda f: (f["repo"], f["path"], f["line"], f["event"]))


def draw(
    truth: Path, kind: str, count: int, cap: int, skipped: set[tuple[str, str, int, str]] | None = None
) -> list[dict[str, Any]]:
    """The facts drawn, in the order of the draw."""
    pool = facts(truth, kind)
    taken: list[dict[str, Any]] = []
    per_repo: Counter[str] = Counter()
    for fact in random.Random(SEED).sample(pool, len(pool)):
        if len(taken) == count:
            break
        key = (fact["repo"], fact["path"], fact["line"], fact["event"])
        if per_repo[fact["repo"]] >= cap or (skipped and key in skipped):
            continue
        per_repo[fact["repo"]] += 1
        taken.append(fact)
    return taken


def main() -> None:
    """Print the draw asked for, one JSON object a line."""
    what, truth = sys.argv[1], Path(sys.argv[2])
    if what == "publishes":
        drawn = draw(truth, "publish", 100, 14)
    else:
        file = Path(__file__).parent / "truth_edges" / "skipped.jsonl"
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        skipped = {(s["repo"], s["path"], s["line"], s["event"]) for s in lines}
        drawn = draw(truth, "handle", 60, 10, skipped)
    for fact in drawn:
        print(json.dumps({k: fact[k] for k in ("repo", "event", "path", "line", "symbol", "dialect")}))


if __name__ == "__main__":
    main()
