"""Score the fields that handlers read and publishes give against ``truth_fields/``.

    python tests/bench/score_fields.py --pred out.jsonl [--pred more.jsonl ...] [--list]

Predictions are lines of ``tests/bench/corpus.py``. A site of the truth is found by (repo, kind, path, line +-1 or an
``alt`` place, event or one of ``aliases``), one to one; sites that the truth does not have are not judged. What counts
are pairs (site, field), over all sites (micro), by dialect and by repository; a site that is not found loses all its
fields. The set of a site is exact when nothing is wrong and nothing is missed. Whether more may be read or given
(``passed_whole_to`` names somebody, ``open`` is true) is judged apart. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

HERE = Path(__file__).parent / "truth_fields"
Line = dict[str, Any]


class UnusableLinesError(Exception):
    """Lines cannot be scored; the message says which and what to do."""


@dataclass(frozen=True)
class Form:
    """How the lines of one kind tell fields, and that there may be more."""

    file: str
    fields: str
    more: str


FORMS = {
    "handle": Form("reads.jsonl", "reads", "passed_whole_to"),
    "publish": Form("keys.jsonl", "keys", "open"),
}


@dataclass(frozen=True)
class Verdict:
    """What is right and wrong about one site of the truth; ``found`` is None where no prediction tells of it."""

    truth: Line
    found: Line | None
    right: frozenset[str]
    wrong: frozenset[str]
    missed: frozenset[str]
    more_agrees: bool

    @property
    def exact(self) -> bool:
        """Whether the site is found with exactly its fields."""
        return self.found is not None and not self.wrong and not self.missed


@dataclass
class Tally:
    """The verdicts of some sites, counted."""

    sites: int = 0
    found: int = 0
    exact: int = 0
    more_agrees: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one more."""
        self.sites += 1
        self.found += verdict.found is not None
        self.exact += verdict.exact
        self.more_agrees += verdict.more_agrees
        self.right += len(verdict.right)
        self.wrong += len(verdict.wrong)
        self.missed += len(verdict.missed)

    @property
    def precision(self) -> float | None:
        """Of the fields predicted, the share that is right; None where none is predicted."""
        told = self.right + self.wrong
        return self.right / told if told else None

    @property
    def recall(self) -> float | None:
        """Of the fields in the truth, the share that is predicted; None where there is none."""
        there = self.right + self.missed
        return self.right / there if there else None


@dataclass
class Score:
    """The figures of one kind."""

    kind: str
    total: Tally = field(default_factory=Tally)
    by_dialect: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_repo: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    verdicts: list[Verdict] = field(default_factory=list[Verdict])

    def add(self, verdict: Verdict) -> None:
        """Count one more site."""
        self.verdicts.append(verdict)
        self.total.add(verdict)
        self.by_dialect[verdict.truth["dialect"]].add(verdict)
        self.by_repo[verdict.truth["repo"]].add(verdict)


def load(path: Path) -> list[Line]:
    """The lines of a file.

    Raises:
        UnusableLinesError: one is not a JSON object, or the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnusableLinesError(f"{path}: {error.strerror}") from error
    lines: list[Line] = []
    for number, one in enumerate(text.splitlines(), 1):
        try:
            read: Any = json.loads(one)
        except ValueError as error:
            raise UnusableLinesError(f"{path}:{number}: {error}") from error
        if not isinstance(read, dict):
            raise UnusableLinesError(f"{path}:{number}: an object is needed on each line")
        lines.append(cast(Line, read))
    return lines


def names(line: Line) -> set[str]:
    """The event's name and its aliases."""
    return {line["event"], *line.get("aliases", ())}


def distance(truth: Line, found: Line) -> int | None:
    """How many lines lie between the two, at most one; None where they are not at the same place."""
    places: list[tuple[str, int]] = [(truth["path"], truth["line"]), *map(tuple, truth.get("alt", ()))]
    gaps = [abs(line - found["line"]) for path, line in places if path == found["path"]]
    near = min(gaps, default=2)
    return near if near <= 1 else None


def pairs(truths: list[Line], found: list[Line]) -> dict[int, int]:
    """Which prediction tells of which truth, both by their index: one to one, the same name and the same line first."""
    by_name: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, line in enumerate(found):
        for name in names(line):
            by_name[line["repo"], line["kind"], name].append(at)
    likely: list[tuple[bool, int, int, int]] = []
    for index, truth in enumerate(truths):
        for at in {at for name in names(truth) for at in by_name[truth["repo"], truth["kind"], name]}:
            gap = distance(truth, found[at])
            if gap is not None:
                likely.append((truth["event"] != found[at]["event"], gap, index, at))
    chosen: dict[int, int] = {}
    for _, _, index, at in sorted(likely):
        if index not in chosen and at not in chosen.values():
            chosen[index] = at
    return chosen


def judge(truth: Line, found: Line | None) -> Verdict:
    """What is right and wrong about one site.

    Raises:
        UnusableLinesError: the prediction says nothing of fields.
    """
    form = FORMS[truth["kind"]]
    wanted = frozenset(truth[form.fields])
    if found is None:
        return Verdict(truth, None, frozenset(), frozenset(), wanted, more_agrees=False)
    if form.fields not in found or form.more not in found:
        raise UnusableLinesError(
            f"{found['path']}:{found['line']} has no `{form.fields}` or no `{form.more}`: "
            "make the lines anew with tests/bench/corpus.py"
        )
    told = frozenset(found[form.fields])
    agrees = bool(truth[form.more]) == bool(found[form.more])
    return Verdict(truth, found, told & wanted, told - wanted, wanted - told, agrees)


def score(kind: str, truths: list[Line], found: list[Line]) -> Score:
    """The figures of one kind."""
    chosen = pairs(truths, found)
    result = Score(kind)
    for index, truth in enumerate(truths):
        result.add(judge(truth, found[chosen[index]] if index in chosen else None))
    return result


def complaints(verdict: Verdict) -> Iterator[str]:
    """What is false about one site, in words."""
    truth, found = verdict.truth, verdict.found
    if found is None:
        yield "not found"
        return
    yield from (f"wrong: {name}" for name in sorted(verdict.wrong))
    yield from (f"missed: {name}" for name in sorted(verdict.missed))
    more = FORMS[truth["kind"]].more
    told, wanted = (one[more] if isinstance(one[more], bool) else sorted(one[more]) for one in (found, truth))
    if told != wanted:
        yield f"{more}: {told}, truth: {wanted}"


def report(result: Score, listed: bool) -> Iterator[str]:
    """The figures, and what is false where that is asked for."""
    for verdict in result.verdicts if listed else ():
        truth = verdict.truth
        why = list(complaints(verdict))
        if why:
            yield f"{result.kind} {truth['repo']} {truth['path']}:{truth['line']} {truth['symbol']} [{truth['event']}]"
            yield from (f"    {one}" for one in why)
    yield _row(f"{result.kind}: {FORMS[result.kind].fields}", result.total)
    for title, tallies in (("dialect", result.by_dialect), ("repository", result.by_repo)):
        yield from (_row(f"    {title} {name}", tally) for name, tally in sorted(tallies.items()))


def _row(title: str, tally: Tally) -> str:
    return (
        f"{title}: precision {_share(tally.precision)}, recall {_share(tally.recall)} "
        f"({tally.right} right, {tally.wrong} wrong, {tally.missed} missed); exact sets {tally.exact}, "
        f"open agrees {tally.more_agrees}, found {tally.found} of {tally.sites}"
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> int:
    """Print the figures; exit with 2 where lines cannot be used."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--pred", type=Path, action="append", required=True, metavar="FILE")
    parser.add_argument("--truth", type=Path, default=HERE, help="folder of reads.jsonl and keys.jsonl")
    parser.add_argument("--list", action="store_true", help="list what is false")
    given = parser.parse_args()
    try:
        found = [line for file in given.pred for line in load(file)]
        for kind, form in FORMS.items():
            if not (given.truth / form.file).exists():
                print(f"{kind}: not judged, there is no {form.file}")
                continue
            print(*report(score(kind, load(given.truth / form.file), found), given.list), sep="\n")
    except UnusableLinesError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
