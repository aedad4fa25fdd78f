"""Measure, and print every figure beside its bound: `python -m tests.bench [--small] [--only NAME ...] [--rounds N]`.

The exit status is 1 when a bound is missed. A small run measures less and only its ratios count: against a peer that
was measured in the same run, with a quarter of tolerance, so that they hold on any machine. What cannot be measured is
said, and is no miss. `CORPUS_DIR` names folders of checkouts, `HISTORY_DIR` clones for `diff`, both separated like PATH.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench import accuracy, bus, diffs, growth, history, lsp, speed
from tests.bench.bench import SIZES, SMALL_SIZES, Bench
from tests.bench.figure import TOLERANCE, Figure, absent
from tests.bench.tree import NoTreeError

Group = Callable[[Bench], Iterable[Figure]]
GROUPS: Mapping[str, Group] = {
    "cold": speed.cold,
    "layers": speed.layers,
    "warm": speed.warm,
    "edits": speed.edits,
    "checks": speed.checks,
    "diff": diffs.diff,
    "memory": speed.peak,
    "growth": growth.growth,
    "facts": accuracy.facts,
    "edges": accuracy.edges,
    "lsp": lsp.lsp,
    "bus": bus.bus,
}


def main(arguments: Sequence[str] | None = None, groups: Mapping[str, Group] = GROUPS) -> int:
    """Run the groups asked for; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="a minute or two; only ratios count")
    parser.add_argument(
        "--only", nargs="+", choices=[*groups], default=[*groups], metavar="NAME", help=", ".join(groups)
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each time is taken; the best counts")
    parser.add_argument("--no-record", action="store_true", help="add nothing to the history")
    given = parser.parse_args(arguments)
    bench = Bench(
        small=given.small,
        rounds=given.rounds,
        sizes=SMALL_SIZES if given.small else SIZES,
        checkouts=_checkouts(),
    )
    figures = list(_shown(measured(bench, [groups[name] for name in given.only]), given.small))
    if not given.no_record:
        history.append(figures, given.small)
    return _status(figures, given.small)


def measured(bench: Bench, groups: Iterable[Group]) -> Iterator[Figure]:
    """The figures of all groups; one whose trees cannot be had is said to be absent."""
    for group in groups:
        try:
            yield from group(bench)
        except NoTreeError as error:
            yield from absent(group.__name__, str(error))


def _checkouts() -> tuple[Path, ...]:
    return tuple(Path(name) for name in os.environ.get("CORPUS_DIR", "").split(os.pathsep) if name)


def _shown(figures: Iterable[Figure], small: bool) -> Iterator[Figure]:
    for figure in figures:
        print(figure.line(small), flush=True)
        yield figure


def _status(figures: Sequence[Figure], small: bool) -> int:
    missed = [figure for figure in figures if figure.is_missed(small)]
    gated = sum(figure.is_gated(small) for figure in figures)
    how = f", ratios alone, {TOLERANCE - 1:.0%} tolerated" if small else ""
    print(f"{gated - len(missed)} of {gated} bounds kept{how}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
