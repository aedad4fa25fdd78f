"""Whether time grows no faster than the project: made-up projects of many sizes, and the slope between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tests.bench import synthetic
from tests.bench.bench import Bench
from tests.bench.figure import Figure

EXPONENT = 1.15


def growth(bench: Bench) -> Iterator[Figure]:
    """A cold index of each size, and the exponent of the power of the number of files that fits best."""
    times: list[float] = []
    for size in bench.sizes:
        root = synthetic.make(bench.scratch / "synthetic" / str(size), size, bench.seed)
        runs = bench.rounds if size < 10_000 else 1
        result = min((bench.child("cold", root) for _ in range(runs)), key=lambda one: one["seconds"])
        times.append(result["seconds"])
        yield Figure(f"synthetic, {result['files']:,} files: cold index", result["seconds"], "s")
    yield Figure("synthetic: exponent of growth", exponent(bench.sizes, times), "", EXPONENT, peer=True)


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of the straight line through the logarithms that fits best (least squares)."""
    across, up = [math.log(size) for size in sizes], [math.log(time) for time in times]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    slopes = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return slopes / sum((x - middle) ** 2 for x in across)
