"""Hold what `pubsub-tools check` tells of repositories against the judgements in ``truth_findings/``.

    python -m tests.bench.score_findings --repos DIR [--repos DIR ...] [--write FILE]
    python -m tests.bench.score_findings --found FILE                # lines of an earlier run, kept with --write

DIR holds checkouts, a folder `OWNER+NAME` each, or is one. A finding is judged by (repo, code, path, line +-1, event).
Printed are findings a thousand files, precision by code, what nobody has judged yet, and what was judged and is told no
more. Exits with 1 where less than 95 % of what is judged is right, less than 85 % of a code, or something is not judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pubsub_devtools_analysis.checking import check
from tests.bench.seed_defects import roots

HERE = Path(__file__).parent / "truth_findings"
OVERALL, EACH = 0.95, 0.85
Line = dict[str, Any]


@dataclass(frozen=True)
class Score:
    """Findings beside their judgements; `gone` are judgements of what is told no more."""

    told: list[tuple[Line, Line | None]]
    gone: list[Line]
    files: int

    @property
    def unjudged(self) -> list[Line]:
        """Findings of which nobody has said yet whether they are right."""
        return [finding for finding, verdict in self.told if verdict is None]

    def by_code(self) -> dict[str, list[bool]]:
        """Of each code, whether each judged finding is right."""
        found: defaultdict[str, list[bool]] = defaultdict(list)
        for finding, verdict in self.told:
            if verdict is not None:
                found[finding["code"]].append(verdict["verdict"] == "true")
        return dict(sorted(found.items()))

    def is_kept(self) -> bool:
        """Whether the bounds are kept."""
        codes = self.by_code().values()
        right = [each for code in codes for each in code]
        return (
            not self.unjudged
            and sum(right) >= OVERALL * len(right)
            and all(sum(c) >= EACH * len(c) for c in codes)
        )


def score(found: list[Line], judged: list[Line], repos: set[str], files: int) -> Score:
    """Each finding with its judgement, one to one; `repos` are those that were looked at."""
    left = list(judged)
    told: list[tuple[Line, Line | None]] = []
    for finding in found:
        verdict = next((each for each in left if _is_of(each, finding)), None)
        told.append((finding, verdict))
        if verdict is not None:
            left.remove(verdict)
    return Score(told, [each for each in left if each["repo"] in repos], files)


def _is_of(verdict: Line, finding: Line) -> bool:
    same = all(verdict[key] == finding[key] for key in ("repo", "code", "path", "event"))
    return same and abs(verdict["line"] - finding["line"]) <= 1


def look(name: str, root: Path) -> tuple[list[Line], int]:
    """What is told of a repository by default, and its number of files."""
    report = check(root)
    rows = [
        {
            "repo": name,
            "path": each.place.path,
            "line": each.place.line,
            "code": each.code,
            "event": each.event.partition(":")[2],
            "message": each.message,
        }
        for each in report.findings
    ]
    return rows, report.graph.coverage.files


def report(result: Score) -> Iterator[str]:
    """The figures, then what needs a look."""
    count = len(result.told)
    rate = f", {1000 * count / result.files:.2f} a thousand files" if result.files else ""
    yield f"{count} findings in {result.files or 'an unknown number of'} files{rate}"
    for code, right in result.by_code().items():
        yield f"  {code}: {sum(right)} of {len(right)} judged are right"
    yield from (f"  not judged: {_shown(each)} {each.get('message', '')}" for each in result.unjudged)
    yield from (f"  told no more: {_shown(each)} ({each['verdict']})" for each in result.gone)


def _shown(row: Line) -> str:
    return f"{row['code']} {row['repo']} {row['path']}:{row['line']}"


def _lines(file: Path) -> list[Line]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def main() -> int:
    """Print the figures; 2 where there is nothing to judge."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--repos", type=Path, action="append", metavar="DIR")
    given.add_argument("--found", type=Path, metavar="FILE")
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the findings")
    parser.add_argument("--truth", type=Path, default=HERE)
    asked = parser.parse_args()
    missing = [
        str(each) for each in (*(asked.repos or ()), asked.found) if each is not None and not each.exists()
    ]
    judged = [line for file in sorted(asked.truth.glob("*.jsonl")) for line in _lines(file)]
    if missing or not judged:
        print(f"{', '.join(missing) or asked.truth}: nothing to judge there", file=sys.stderr)
        return 2
    places = roots(asked.repos) if asked.repos else {}
    looked = [look(name, root) for name, root in places.items()]
    found = _lines(asked.found) if asked.found else [row for rows, _ in looked for row in rows]
    if asked.write:
        asked.write.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    repos = set(places) or {row["repo"] for row in judged}
    result = score(found, judged, repos, sum(files for _, files in looked))
    print(*report(result), sep="\n")
    return 0 if result.is_kept() else 1


if __name__ == "__main__":
    sys.exit(main())
