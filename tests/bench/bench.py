"""One run: which trees, how often, and what was measured already, so that figures share their peer."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.memory import Sampler, held_mb
from tests.bench.tree import SCRATCH, Tree, real_trees

PROJECT = Path(__file__).parents[2]
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
SMALL_SIZES = (300, 1_000, 3_000)
CACHE = "PUBSUB_TOOLS_CACHE_DIR"

Result = dict[str, Any]


class Spent(NamedTuple):
    """What a task took: by the clock, and of the processors, which other programs hardly change.

    `shapes` are the seconds that it searched for hand-written buses by their shape.
    """

    seconds: float
    cpu: float
    shapes: float = 0.0


class Cold(NamedTuple):
    """What it took to parse a tree, to index it without a cache, and to index it into an empty one."""

    parse: Spent
    plain: Spent
    kept: Spent


class Memory(NamedTuple):
    """What a process and its workers hold in megabytes: at the most, and once the graph is there."""

    peak: float
    held: float


@dataclass
class Bench:
    """What a run measures, and how."""

    small: bool = False
    rounds: int = 3
    edits: int = 100
    seed: int = 20261123
    sizes: tuple[int, ...] = SIZES
    scratch: Path = SCRATCH
    given_trees: list[Tree] | None = None
    checkouts: tuple[Path, ...] = ()
    _colds: dict[str, Cold] = field(default_factory=dict)

    @functools.cached_property
    def trees(self) -> list[Tree]:
        """The trees measured. Raises NoTreeError."""
        return self.given_trees if self.given_trees is not None else real_trees(self.small)

    def cold(self, tree: Tree) -> Cold:
        """The cold index and its peer.

        All three take turns and the best of each counts: what other programs do to the clock only ever adds.
        """
        if tree.name not in self._colds:
            self.child("parse", tree.root)  # so that nobody pays for the disk
            turns = [self._turn(tree) for _ in range(self.rounds)]
            self._colds[tree.name] = Cold(*map(min, zip(*turns, strict=True)))
        return self._colds[tree.name]

    def _turn(self, tree: Tree) -> Cold:
        with self.empty_cache() as cache:
            return Cold(
                _spent(self.child("parse", tree.root)),
                _spent(self.child("cold", tree.root)),
                _spent(self.child("cached", tree.root, cache=cache)),
            )

    @contextmanager
    def empty_cache(self) -> Iterator[Path]:
        """A cache folder for the analysis, gone afterwards."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="cache-", dir=self.scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def child(self, task: str, root: Path, *arguments: object, cache: Path | None = None) -> Result:
        """Have a fresh process do one task; its peak memory is not looked at, since looking costs time."""
        with self._started(task, root, arguments, cache) as process:
            return self._answer(process)

    def memory(self, root: Path) -> Memory:
        """The memory of a cold index, in megabytes."""
        with self._started("held", root, (), None) as process:
            sampler = Sampler(process.pid)
            sampler.start()
            try:
                assert process.stdout is not None
                process.stdout.readline()
                held = held_mb(process.pid)
                self._answer(process)
            finally:
                peak = sampler.stop()
            return Memory(peak, held)

    def _started(
        self, task: str, root: Path, arguments: tuple[object, ...], cache: Path | None
    ) -> subprocess.Popen[str]:
        environment = {**os.environ, **({CACHE: str(cache)} if cache else {})}
        command = [sys.executable, "-m", "tests.bench.child", task, str(root), *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=pipe, stdout=pipe, text=True)

    @staticmethod
    def _answer(process: subprocess.Popen[str]) -> Result:
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"a measured process ended with {process.returncode}")
        result: Result = json.loads(said.splitlines()[-1])
        return result


def _spent(result: Result) -> Spent:
    return Spent(result["seconds"], result["cpu"], result.get("shapes", 0.0))
