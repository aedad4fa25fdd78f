"""The figures of accuracy: what is found in checkouts of public repositories, against facts that were checked by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pubsub_devtools_analysis.analysis import analyze
from pubsub_devtools_analysis.render.json import encode
from tests.bench import score_edges
from tests.bench.bench import PROJECT, Bench
from tests.bench.figure import Figure, absent

HERE = Path(__file__).parent
SCORER = HERE / "corpus" / "score_graph.py"
FEW = 20
"""A dialect with fewer facts has no bound of its own."""
WHY = "set CORPUS_DIR to folders of checkouts named OWNER+NAME, at the commits that repos.json tells"


class Bounds(NamedTuple):
    """Precision and recall of each dialect of a truth; over all they are the same for every one."""

    precision: float
    recall: float


OVERALL = Bounds(0.97, 0.95)
DIALECT = Bounds(0.90, 0.90)
LIBRARY = Bounds(0.95, 0.90)
"""For the truths of dialects that the corpus has little of."""
TRUTHS = {
    "corpus": DIALECT,
    "truth": LIBRARY,
    "truth2": LIBRARY,
    "truth_holdout": DIALECT,
    "truth_holdout_b": DIALECT,
    "truth_holdout_c": DIALECT,
    "truth_holdout_d": DIALECT,
    "truth_holdout_e": DIALECT,
}


def facts(bench: Bench) -> Iterator[Figure]:
    """Precision and recall of publishes, handlers and declarations."""
    for name, bounds in TRUTHS.items():
        if bench.checkouts:
            yield from _truth(bench, name, bounds)
        else:
            yield from absent(f"{name}: precision and recall", WHY)


def _truth(bench: Bench, name: str, bounds: Bounds) -> Iterator[Figure]:
    repos = json.loads((HERE / name / "repos.json").read_text(encoding="utf-8"))["repos"]
    files: list[Path] = []
    predictions = bench.scratch / "predictions" / f"{name}.jsonl"
    predictions.parent.mkdir(parents=True, exist_ok=True)
    with predictions.open("w", encoding="utf-8") as out:
        for repo in repos:
            checkout = checkout_of(bench, repo["name"])
            if checkout is None:
                yield from absent(f"{name}: {repo['name']}", "there is no checkout of it")
                continue
            out.write(_predicted(checkout, repo["name"]))
            files += _truth_files(HERE / name, repo)
    if files:
        yield from _scored(name, _score(HERE / name / "repos.json", predictions, files), bounds)


def checkout_of(bench: Bench, repo: str) -> Path | None:
    """The checkout of a repository, in the first folder that has one."""
    folders = (folder / repo.replace("/", "+") for folder in bench.checkouts)
    return next((folder for folder in folders if folder.is_dir()), None)


def _truth_files(folder: Path, repo: dict[str, Any]) -> list[Path]:
    names = [Path(truth["file"]).name for truth in repo["truth"]]
    return [file for name in names for file in folder.rglob(name)]


def _predicted(checkout: Path, repo: str) -> str:
    command = [sys.executable, str(HERE / "corpus.py"), str(checkout), "--repo", repo]
    return subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True).stdout


def _score(repos: Path, predictions: Path, files: list[Path]) -> dict[str, Any]:
    command = [sys.executable, str(SCORER), "--json", "--repos", str(repos), "--pred", str(predictions)]
    done = subprocess.run([*command, *map(str, files)], stdout=subprocess.PIPE, text=True, check=True)
    score: dict[str, Any] = json.loads(done.stdout)
    return score


def _scored(name: str, score: dict[str, Any], bounds: Bounds) -> Iterator[Figure]:
    total = score["total"]
    yield from _pair(f"{name}: all facts", total["precision"], total["recall"], OVERALL)
    yield from _pair(
        f"{name}: mean over repositories", score["macro_precision"], score["macro_recall"], OVERALL
    )
    for dialect, of in sorted(score["by_dialect"].items()):
        count = of["tp"] + of["fn"]
        limit = bounds if count >= FEW else None
        yield from _pair(f"{name}: {dialect} ({count} facts)", of["precision"], of["recall"], limit)


def _pair(
    name: str, precision: float | None, recall: float | None, bounds: Bounds | None
) -> Iterator[Figure]:
    limits = bounds or (None, None)
    yield Figure(f"{name}, precision", precision, "", limits[0], at_least=True)
    yield Figure(f"{name}, recall", recall, "", limits[1], at_least=True)


def edges(bench: Bench) -> Iterator[Figure]:
    """Exact sets of handlers, and what handlers publish in turn."""
    if not bench.checkouts:
        yield from absent("edges and chains", WHY)
        return
    written = [score_edges.load(score_edges.HERE / f"{kind}.jsonl") for kind in ("edges", "chains")]
    graphs: dict[str, dict[str, Any]] = {}
    for repo, root in sorted({(truth["repo"], truth.get("root", "")) for kind in written for truth in kind}):
        checkout = checkout_of(bench, repo)
        if checkout is None:
            yield from absent(f"edges: {repo}", "there is no checkout of it; all its edges count as missed")
        else:
            graph = analyze(checkout / root, use_cache=False)
            graphs[score_edges.key_of(repo, root)] = json.loads(encode(graph))
    score = score_edges.score(written[0], written[1], graphs)
    share = score["exact"] / score["publishes"]
    yield Figure("edges: publishes with exactly their handlers", share, "", 0.90, at_least=True)
    yield from _pair("chains", score["precision"], score["recall"], Bounds(0.95, 0.85))
