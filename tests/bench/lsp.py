"""The figures of the language server: how right and how fast it answers, beside other servers on the same positions.

Ours is measured cold, warm, while it indexes and while somebody types. The peers stand beside this Python where they are
installed; ``PUBSUB_BENCH_PEERS=1`` installs those that are missing into a folder of their own (300 MB).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.bench import memory, positions_read
from tests.bench.accuracy import WHY
from tests.bench.bench import CACHE, Bench
from tests.bench.figure import Figure, absent
from tests.bench.lsp_questions import Project, expected, of_corpus, of_tree, written
from tests.bench.lsp_session import Server, Told, first_right, judged, remembered
from tests.bench.speed import rank
from tests.bench.tree import Tree

BOUNDS_MS = {"definition": 5.0, "implementation": 5.0, "references": 50.0, "completion": 20.0}
RIGHT = 0.98
FIRST_S = 1.0
PEAK_MB, HELD_MB = 200.0, 150.0
POSITIONS = 300
PATIENCE = 60.0
"""Seconds that a peer has for one tree: references alone can take it 20 seconds each."""
PEERS = {
    "pyright": ("pyright-langserver", "--stdio"),
    "basedpyright": ("basedpyright-langserver", "--stdio"),
    "jedi-language-server": ("jedi-language-server",),
}
INSTALL = "PUBSUB_BENCH_PEERS"


def lsp(bench: Bench) -> Iterator[Figure]:
    """All of it."""
    trees = {tree.name: tree for tree in bench.trees}
    projects = [of_tree(tree.name, tree.root, bench.seed) for tree in trees.values()]
    if bench.checkouts and not bench.small:
        projects += of_corpus(bench.checkouts, bench.seed)
    elif not bench.small:
        yield from absent("language server: positions of the corpus", WHY)
    written(projects, bench.scratch / "positions")  # so that the harness can be run on one of them by hand
    for tree in trees.values():
        found = positions_read.judged(tree.name, expected(tree.name, tree.root), positions_read.rows())
        note = f"of {found.read}"
        yield Figure(
            f"{tree.name}: positions read that the script has otherwise", len(found.unlike), "", 0, note=note
        )
    yield from ours(bench, projects, trees)
    told = _all(_server(bench), projects)
    yield from _answers("ours", told, bounds=True)
    for name in PEERS:
        server = _peer(bench, name)
        if server is None:
            yield from absent(f"{name}: answers", f"it is not installed; {INSTALL}=1 installs it")
        else:
            yield from beside(server, told, _all(server, projects))
    yield from _memory(bench, projects)
    yield Figure("language server: load of the machine at the end", os.getloadavg()[0], "")


def ours(bench: Bench, projects: Sequence[Project], trees: dict[str, Tree]) -> Iterator[Figure]:
    """How soon our server is right, cold and warm, and how fast it answers while it indexes."""
    indexing: list[Told] = []
    for project in projects:
        with bench.empty_cache() as cache:
            server = _server(bench, cache)
            cold = first_right(server, project)
            indexing.append(cold)
            warm = [first_right(server, project).first_right for _ in range(bench.rounds)]
            best = min((each for each in warm if each is not None), default=None)
            yield Figure(f"{project.name}: first right answer, warm", best, "s", FIRST_S)
            yield Figure(f"{project.name}: first right answer, cold", cold.first_right, "s")
            if project.name in trees and cold.first_right is not None:
                late = cold.first_right - bench.cold(trees[project.name]).kept.seconds
                yield Figure(f"{project.name}: first right answer, cold, after the index", late, "s", FIRST_S)
    yield from _times("ours, while indexing", [told.indexing for told in indexing], BOUNDS_MS)


def _all(server: Server, projects: Iterable[Project]) -> list[Told]:
    return [judged(server, project) for project in projects]


def _answers(name: str, told: Sequence[Told], *, bounds: bool) -> Iterator[Figure]:
    asked, nothing = sum(each.asked for each in told), sum(each.nothing for each in told)
    positions, right = asked + nothing, sum(each.right + each.nothing_right for each in told)
    if bounds:
        yield Figure(f"{name}: positions asked", positions, "", POSITIONS, at_least=True)
        yield Figure(f"{name}: right answers", right / max(positions, 1), "", RIGHT, at_least=True)
    share = sum(each.right for each in told) / max(asked, 1)
    yield Figure(f"{name}: right answers at event places", share, "", note=f"of {asked}")
    limits = BOUNDS_MS if bounds else {}
    yield from _times(name, [each.quiet for each in told], limits)
    yield from _times(f"{name}, while typing", [each.typing for each in told], limits)


def _times(name: str, spent: Sequence[dict[str, list[float]]], bounds: dict[str, float]) -> Iterator[Figure]:
    for operation in BOUNDS_MS:
        times = sorted(one for each in spent for one in each.get(operation, ()))
        if times:
            yield Figure(f"{name}: {operation} p50", rank(times, 0.5), "ms")
            yield Figure(
                f"{name}: {operation} p95",
                rank(times, 0.95),
                "ms",
                bounds.get(operation),
                note=f"of {len(times)}",
            )


def beside(server: Server, own: Sequence[Told], other: Sequence[Told]) -> Iterator[Figure]:
    """A peer on the same positions, and how much of its time ours needs."""
    yield from _answers(server.name, other, bounds=False)
    for operation in ("definition", "references", "completion"):
        mine, its = (sorted(one for each in told for one in each.quiet[operation]) for told in (own, other))
        if mine and its:
            share = rank(mine, 0.95) / rank(its, 0.95)
            yield Figure(f"ours / {server.name}: {operation} p95", share, "x", 1.0, peer=True)


def _memory(bench: Bench, projects: Sequence[Project]) -> Iterator[Figure]:
    """The memory on the largest tree, ours cold; sampling slows, so nothing else is measured there."""
    if not memory.is_measurable():
        yield from absent("memory of servers", "this system does not tell the proportional set size")
        return
    project = projects[0]
    with bench.empty_cache() as cache:
        own = remembered(_server(bench, cache), project)
    yield Figure(f"{project.name}: ours, peak PSS of the process tree, cold", own.peak_mb, "MB", PEAK_MB)
    yield Figure(f"{project.name}: ours, PSS once indexed", own.held_mb, "MB", HELD_MB)
    for name in PEERS:
        if server := _peer(bench, name):
            its = remembered(server, project)
            yield Figure(f"{project.name}: {name}, peak PSS of the process tree", its.peak_mb, "MB")
            share = own.peak_mb / its.peak_mb
            yield Figure(f"{project.name}: ours / {name}, peak PSS", share, "x", 1.0, peer=True)


def _server(bench: Bench, cache: Path | None = None) -> Server:
    kept = cache or bench.scratch / "cache-lsp"
    # The folder that is looked at must not lend its modules to what looks at it.
    command = (sys.executable, "-P", "-m", "pubsub_devtools_lsp")
    return Server("ours", ("env", f"{CACHE}={kept}", *command))


def _peer(bench: Bench, name: str) -> Server | None:
    """A peer, where it is installed beside this Python or in the folder of the peers."""
    program, *options = PEERS[name]
    folder = bench.scratch / "peers"
    if not _found(program, folder) and os.environ.get(INSTALL):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", name]
        subprocess.run(pip, check=True)
    found = _found(program, folder)
    return Server(name, (found, *options), PATIENCE) if found else None


def _found(program: str, folder: Path) -> str | None:
    path = os.pathsep.join([str(Path(sys.executable).parent), str(folder / "bin")])
    return shutil.which(program, path=path)
