"""What is measured, in a process of its own: `python -m tests.bench.child TASK ROOT [CHANGE | SEED COUNT]` prints one JSON line.

The clock runs from the call to the answer. Modules are imported before, for the peer as for the analysis: both are
what a process does that is already up. Garbage of the start is not counted, what a task itself loads is.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.comparison import diff_of_revisions
from pubsub_devtools_analysis.host import AnalysisHost
from tests.bench import edits
from tests.bench.stopwatch import SHAPES, Stopwatch


class Clock:
    """Runs from now on."""

    def __init__(self) -> None:
        self._start, self._used = time.perf_counter(), _used()

    def read(self) -> dict[str, float]:
        """Seconds until now, and those that processors worked for this process and for what it started and ended."""
        return {"seconds": time.perf_counter() - self._start, "cpu": _used() - self._used}


def _used() -> float:
    return sum(os.times()[:4])


def parse(root: Path) -> dict[str, Any]:
    """The peer: read and parse every Python file, keep nothing."""
    clock = Clock()
    files = refused = 0
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".py"):
                files += 1
                try:
                    ast.parse(Path(folder, name).read_bytes())
                except (SyntaxError, ValueError):
                    refused += 1
    return {**clock.read(), "files": files, "refused": refused}


def index(root: Path, use_cache: bool) -> dict[str, Any]:
    """From the call to the graph; of that, the search for hand-written buses by shape."""
    watch = Stopwatch()
    watch.watch([SHAPES])
    clock = Clock()
    with AnalysisHost.open(root, use_cache=use_cache) as host:
        graph = host.snapshot()
        spent = clock.read()
    shapes = watch.seconds.get(SHAPES, 0.0)
    return {**spent, "shapes": shapes, "files": graph.coverage.files, "sites": len(graph.sites)}


def compared(root: Path, change: str) -> dict[str, Any]:
    """From the call to the verdict."""
    clock = Clock()
    found = diff_of_revisions(root, change)
    return {**clock.read(), "events": len(found.events)}


def held(root: Path) -> dict[str, Any]:
    """The cold index, held until the input ends: its memory is looked at meanwhile."""
    with AnalysisHost.open(root, use_cache=False) as host:
        host.snapshot()
        print("{}", flush=True)
        sys.stdin.read()
    return {}


def layers(root: Path) -> dict[str, Any]:
    """The cold index by layer, and then the fields."""
    watch = Stopwatch()
    watch.watch()
    clock = Clock()
    with AnalysisHost.open(root, use_cache=False) as host:
        host.snapshot()
        other = clock.read()["seconds"] - sum(watch.seconds.values())
        host.with_fields()
    return {**watch.seconds, "other": other}


def edited(root: Path, seed: int, count: int) -> dict[str, Any]:
    """Edits of event files, one after the other, in processor time: there is one process, and it waits for nothing."""
    with AnalysisHost.open(root, use_cache=False) as host:
        checking = Checking(host)
        checking.update()
        files = sorted({site.place.path for site in host.snapshot().sites if not site.origin})
        drawn = edits.draw(root, files, seed, count)
        return {"edits": [_edited(host, checking, edit) for edit in drawn]}


def _edited(host: AnalysisHost, checking: Checking, edit: edits.Edit) -> dict[str, Any]:
    """The seconds from the edit until each of what follows is there."""
    start = time.process_time()
    passed: dict[str, Any] = {"kind": edit.kind}
    steps: dict[str, Callable[[], object]] = {
        "update": lambda: host.update(edit.path, edit.content),
        "snapshot": host.snapshot,
        "fields": host.with_fields,
        "findings": checking.update,
    }
    for name, step in steps.items():
        step()
        passed[name] = time.process_time() - start
    return passed


def checked(root: Path) -> dict[str, Any]:
    """The cold index, and then the fields and all checks: the seconds of both, and how many findings there are."""
    clock = Clock()
    with AnalysisHost.open(root, use_cache=False) as host:
        host.snapshot()
        index, clock = clock.read(), Clock()
        told = Checking(host).update().findings
        rest = clock.read()
    return {"index": index, "rest": rest, "findings": sum(map(len, told.values()))}


def main() -> None:
    """Do one task."""
    warnings.simplefilter("ignore")
    task, root = sys.argv[1], Path(sys.argv[2])
    tasks = {
        "parse": lambda: parse(root),
        "cold": lambda: index(root, use_cache=False),
        "cached": lambda: index(root, use_cache=True),
        "diff": lambda: compared(root, sys.argv[3]),
        "held": lambda: held(root),
        "layers": lambda: layers(root),
        "checks": lambda: checked(root),
        "edits": lambda: edited(root, int(sys.argv[3]), int(sys.argv[4])),
    }
    print(json.dumps(tasks[task]()))


if __name__ == "__main__":
    main()
