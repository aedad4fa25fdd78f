"""What a diff takes when only the head is known: fifty commits of given clones, and fifty edits of the measured trees.

`HISTORY_DIR` names clones with a work tree and fifty commits, separated like the folders of PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import edits
from tests.bench.bench import Bench, Spent
from tests.bench.figure import Figure, absent
from tests.bench.tree import Tree

COMMITS = 50
DIFF_SECONDS = 3.0
DIFF_GUARD = 0.75
"""Share of the cold index: what both ends have in common must not be read twice."""


def diff(bench: Bench) -> Iterator[Figure]:
    """`diff HEAD~50..HEAD` in a fresh process with a cache that knows HEAD alone, against the cold index of HEAD."""
    for name in os.environ.get("HISTORY_DIR", "").split(os.pathsep):
        if name:
            root = Path(name)
            yield from _measured(bench, root.name, root, f"HEAD~{COMMITS}..HEAD")
    for tree in bench.trees:
        with _edited(bench, tree) as root:
            yield from _measured(bench, f"{tree.name}, {COMMITS} edits", root, "HEAD~1..HEAD")


def _measured(bench: Bench, name: str, root: Path, change: str) -> Iterator[Figure]:
    if subprocess.run(("git", "rev-parse", change), cwd=root, capture_output=True, check=False).returncode:
        yield from absent(f"{name}: diff", f"{root} has no {change}")
        return
    cold = min(_spent(bench.child("cold", root)) for _ in range(bench.rounds))
    inner, whole = map(min, zip(*_turns(bench, root, change), strict=True))
    yield Figure(f"{name}: diff", inner.seconds, "s")
    yield Figure(f"{name}: diff, processor time", inner.cpu, "s")
    yield Figure(f"{name}: diff, start of Python and imports included", whole, "s", DIFF_SECONDS)
    yield Figure(f"{name}: diff / cold index", inner.seconds / cold.seconds, "x", DIFF_GUARD, peer=True)


def _turns(bench: Bench, root: Path, change: str) -> Iterator[tuple[Spent, float]]:
    """From call to answer, and the seconds of the whole process; each time with a cache that has not seen the base."""
    with bench.empty_cache() as warm, bench.empty_cache() as cache:
        bench.child("diff", root, "HEAD", cache=warm)
        for _ in range(bench.rounds):
            shutil.rmtree(cache)
            shutil.copytree(warm, cache)
            start = time.perf_counter()
            inner = _spent(bench.child("diff", root, change, cache=cache))
            yield inner, time.perf_counter() - start


def _spent(result: dict[str, float]) -> Spent:
    return Spent(result["seconds"], result["cpu"])


@contextmanager
def _edited(bench: Bench, tree: Tree) -> Generator[Path]:
    """A repository of two commits: the tree, and the tree with edits by seed."""
    root = bench.scratch / "history" / tree.name.replace(" ", "-")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(tree.root, root, ignore=shutil.ignore_patterns(".git"))
    try:
        _git(root, "init", "--quiet")
        _commit(root)
        paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
        for edit in edits.draw(root, paths, bench.seed, COMMITS):
            (root / edit.path).write_bytes(edit.content)
        _commit(root)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _commit(root: Path) -> None:
    _git(root, "add", "--all", "--force", ".")
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    _git(root, *identity, "commit", "--quiet", "--allow-empty", "--message", "state")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(("git", *arguments), cwd=root, check=True, capture_output=True)
