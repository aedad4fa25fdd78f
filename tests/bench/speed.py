"""The figures of time and memory on real trees: cold index, its layers, warm start, single edits, peak memory."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

from tests.bench import memory
from tests.bench.bench import Bench, Spent
from tests.bench.figure import Figure, absent
from tests.bench.tree import Tree

COLD_RATIO = 2.0
EDIT_MS = 30.0
FINDINGS_MS = 50.0
CHECKS_RATIO = 1.0
MEMORY_MB = 200.0
HELD_MB = 100.0
"""What a language server may hold, 150 MB, less what its protocol's library takes."""

WARM_GUARD = 0.5
EDIT_GUARD = 0.05
"""Shares of the time of `ast.parse`: loose, but kept on any machine, which a bound in seconds is not."""


def cold(bench: Bench) -> Iterator[Figure]:
    """From the call to the graph, against parsing all files.

    The bound holds for all that a command waits for. Beside it stands what is decided to count as the cold index: all
    but the search for hand-written buses by shape, whose candidates are still read.
    """
    for tree in bench.trees:
        parse, plain, kept = bench.cold(tree)
        yield from _spent(f"{tree.name}: ast.parse over all files", parse)
        for name, spent in (("no cache", plain), ("empty cache", kept)):
            yield from _spent(f"{tree.name}: cold index, {name}", spent)
            ratio = spent.seconds / parse.seconds
            yield Figure(f"{tree.name}: cold index, {name} / ast.parse", ratio, "x", COLD_RATIO, peer=True)
            less = (spent.seconds - spent.shapes) / parse.seconds
            yield Figure(
                f"{tree.name}: cold index, {name}, less the search for buses by shape / ast.parse", less, "x"
            )


def _spent(name: str, spent: Spent) -> Iterator[Figure]:
    yield Figure(name, spent.seconds, "s")
    yield Figure(f"{name}, processor time", spent.cpu, "s")


def layers(bench: Bench) -> Iterator[Figure]:
    """The cost of each layer in one cold index, each without what it calls of the others."""
    for tree in bench.trees:
        for layer, seconds in bench.child("layers", tree.root).items():
            yield Figure(f"{tree.name}: layer {layer}", seconds, "s")


def warm(bench: Bench) -> Iterator[Figure]:
    """A fresh process with a full cache and nothing changed."""
    for tree in bench.trees:
        parse, plain, _ = bench.cold(tree)
        seconds, whole = _warm(bench, tree)
        share = tree.warm_share
        yield Figure(f"{tree.name}: warm start", seconds, "s", tree.warm_seconds)
        yield Figure(
            f"{tree.name}: warm start / cold index",
            seconds / plain.seconds,
            "x",
            share,
            peer=share is not None,
        )
        yield Figure(
            f"{tree.name}: warm start / ast.parse", seconds / parse.seconds, "x", WARM_GUARD, peer=True
        )
        yield Figure(f"{tree.name}: warm start, start of Python and imports included", whole, "s")


def _warm(bench: Bench, tree: Tree) -> tuple[float, float]:
    """The best times from call to graph, and of the whole process."""
    with bench.empty_cache() as cache:
        bench.child("cached", tree.root, cache=cache)
        inner, outer = [], []
        for _ in range(bench.rounds):
            start = time.perf_counter()
            inner.append(bench.child("cached", tree.root, cache=cache)["seconds"])
            outer.append(time.perf_counter() - start)
        return min(inner), min(outer)


def edits(bench: Bench) -> Iterator[Figure]:
    """Edits of event files by seed, one after the other, in a host that has linked everything before.

    Each time runs from the edit, in processor time: until the file is extracted and what depends on it relinked
    (`update`), until the new graph is there (`snapshot`), its fields (`with_fields`), and the findings of all checks.
    """
    for tree in bench.trees:
        done = bench.child("edits", tree.root, bench.seed, bench.edits)["edits"]
        if not done:
            yield from absent(f"{tree.name}: edits", "no event file can be edited")
            continue
        yield Figure(f"{tree.name}: edits made", len(done), "edits")
        yield from _spread(f"{tree.name}: edit relinked (update)", [e["update"] for e in done], EDIT_MS)
        yield from _spread(f"{tree.name}: edit until the new graph", [e["snapshot"] for e in done], EDIT_MS)
        yield from _spread(f"{tree.name}: edit until the fields", [e["fields"] for e in done])
        yield from _spread(
            f"{tree.name}: edit until the findings", [e["findings"] for e in done], FINDINGS_MS
        )
        late = rank(sorted(e["update"] for e in done), 0.95)
        share = late / bench.cold(tree).parse.seconds
        yield Figure(f"{tree.name}: edit relinked p95 / ast.parse", share, "x", EDIT_GUARD, peer=True)


def checks(bench: Bench) -> Iterator[Figure]:
    """Fields and all checks after a cold index, against that index: this process alone, there with two workers."""
    for tree in bench.trees:
        done = min(
            (bench.child("checks", tree.root) for _ in range(bench.rounds)), key=lambda d: d["rest"]["cpu"]
        )
        index, rest = done["index"], done["rest"]
        yield Figure(f"{tree.name}: fields and all checks", rest["seconds"], "s")
        yield Figure(f"{tree.name}: fields and all checks, processor time", rest["cpu"], "s")
        yield Figure(f"{tree.name}: findings", done["findings"], "findings")
        ratio = rest["seconds"] / index["seconds"]
        yield Figure(f"{tree.name}: fields and all checks / cold index", ratio, "x", CHECKS_RATIO, peer=True)


def _spread(name: str, seconds: Sequence[float], bound: float | None = None) -> Iterator[Figure]:
    times = sorted(1000 * each for each in seconds)
    yield Figure(f"{name} p50", rank(times, 0.5), "ms")
    yield Figure(f"{name} p95", rank(times, 0.95), "ms", bound)
    yield Figure(f"{name} max", times[-1], "ms")


def rank(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def peak(bench: Bench) -> Iterator[Figure]:
    """The memory of a cold index: its peak, workers included, and what is held afterwards. It is not timed: sampling slows it."""
    if not memory.is_measurable():
        yield from absent("peak memory", "this system does not tell the proportional set size")
        return
    for tree in bench.trees:
        found = bench.memory(tree.root)
        yield Figure(f"{tree.name}: peak PSS of the process tree, cold", found.peak, "MB", MEMORY_MB)
        yield Figure(f"{tree.name}: PSS held once indexed", found.held, "MB", HELD_MB)
