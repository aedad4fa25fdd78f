"""The figures of the bus beside its peers: how fast it publishes, what it costs to import and to keep, and whether it stays so.

The peers stand beside this Python, `pip install blinker pyee faststream[nats] bubus` brings them; one that is missing is said to be.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from tests.bench.bench import PROJECT, Bench
from tests.bench.figure import Figure, absent

PLAIN_BOUND = 25.0
AT_LEAST = {
    ("ours", "blinker"): 1.0,
    ("ours async", "blinker async"): 1.0,
    ("ours async", "pyee async"): 8.0,
    ("ours async", "FastStream in memory"): 60.0,
    ("ours async", "bubus"): 500.0,
}
"""How many times as fast as a peer ours is at least."""

GUARDED = {"ours, guarded": "ours", "ours async, guarded": "ours async"}
GUARDED_BOUND = 4.0
"""How many times as long an event takes at most with every guard on. Its id is made before, like its fields."""

IMPORT_RATIO = 1.6
RESIDENT_MB, GROWTH_MB = 40.0, 1.0
FLAT_RATIO = 1.1
"""What an event may cost more with 10,000 handlers of other events: the noise of the measurement."""

IMPORTS = {
    "the package": ("import pydantic", "import pubsub_devtools"),
    "and a first class": (
        "from pydantic import BaseModel\nclass Paid(BaseModel):\n    total: int",
        "from pubsub_devtools import BaseEvent, EventBus, event_handler\nclass Paid(BaseEvent):\n    total: int",
    ),
}
"""Both load their parts when they are first asked for, so what counts is also what a program has loaded that declares a class."""


def bus(bench: Bench) -> Iterator[Figure]:
    """All of it."""
    yield from rates(bench)
    yield from imports(bench)
    yield from flat(bench)
    yield from memory(bench)


def rates(bench: Bench) -> Iterator[Figure]:
    """Events a second, all rivals in one process by turns."""
    taken = _child("rates", 30 if bench.small else 200)
    for name, spent in taken.items():
        if spent is None:
            yield from absent(
                f"bus: {name}",
                "it is not installed; `pip install blinker pyee faststream[nats] bubus` brings it",
            )
        else:
            yield Figure(f"bus: {name}", 1e9 / median(spent), "/s")
    ratio = _compared(taken["ours"], taken["plain call"])
    yield Figure("bus: ours / a plain call, time", ratio, "x", PLAIN_BOUND, peer=True)
    for (own, peer), bound in AT_LEAST.items():
        if taken[peer] is not None:
            ratio = _compared(taken[peer], taken[own])
            yield Figure(f"bus: {own} / {peer}, rate", ratio, "x", bound, at_least=True, peer=True)
    for guarded, bare in GUARDED.items():
        ratio = _compared(taken[guarded], taken[bare])
        yield Figure(f"bus: {guarded} / {bare}, time", ratio, "x", GUARDED_BOUND, peer=True)
    ratio = _compared(taken["ours with construction"], taken["pydantic construction alone"])
    yield Figure("bus: ours with construction / pydantic's construction alone, time", ratio, "x")


def _compared(one: Sequence[float], other: Sequence[float]) -> float:
    """The median of how two compare, round by round: what slows both of a round down does not count."""
    return median(mine / its for mine, its in zip(one, other, strict=True))


def imports(bench: Bench) -> Iterator[Figure]:
    """What loading it takes, in fresh processes by turns; the best of each counts, since others only ever add."""
    for name, statements in IMPORTS.items():
        turns = [[_import_seconds(each) for each in statements] for _ in range(5 if bench.small else 20)]
        its, ours = (1000 * min(each) for each in zip(*turns, strict=True))
        yield Figure(f"bus: import {name}, pydantic", its, "ms")
        yield Figure(f"bus: import {name}, ours", ours, "ms")
        yield Figure(f"bus: import {name}, ours / pydantic", ours / its, "x", IMPORT_RATIO, peer=True)


def flat(bench: Bench) -> Iterator[Figure]:
    """The cost of an event does not depend on how many handlers other events have."""
    taken = _child("flat", 30 if bench.small else 200)
    for count, spent in taken.items():
        yield Figure(f"bus: an event beside {int(count):,} handlers of others", median(spent), "ns")
    most = max(_compared(spent, taken["1"]) for spent in taken.values())
    yield Figure("bus: most of these / the first", most, "x", FLAT_RATIO, peer=True)


def memory(bench: Bench) -> Iterator[Figure]:
    """What a process holds that does nothing else."""
    if not os.path.exists("/proc/self/statm"):  # noqa: PTH110 - a question, no path to work with
        yield from absent("bus: memory", "this system does not tell it")
        return
    events = 100_000 if bench.small else 1_000_000
    held = _child("memory", events)
    yield Figure("bus: resident after import and ten handlers", held["resident"], "MB", RESIDENT_MB)
    yield Figure(f"bus: growth over {events:,} events", held["growth"], "MB", GROWTH_MB)


def _child(task: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.bus_child", task, str(count)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"measuring buses ended with {done.returncode}: {done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _import_seconds(statement: str) -> float:
    code = f"import time\nstart = time.process_time()\n{statement}\nprint(time.process_time() - start)"
    command = [sys.executable, "-c", code]
    return float(subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout)
