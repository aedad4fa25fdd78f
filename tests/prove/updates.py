"""Random changes through `AnalysisHost.update`: are graph, fields and findings after each those that a cold analysis gives?

Run as `python -m tests.prove.updates --count 300 --seed 1 [FOLDER ...]`, or by `python -m tests.prove updates`. Each
folder is copied; without folders the cases are small workspaces made of the examples and the forms that tests speak of.
"""

from __future__ import annotations

import argparse
import ast
import gc
import random
import sys
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path
from textwrap import dedent

from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.dialect import shipped
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.render.json import encode
from tests.dialects.workspace import files as texts_of
from tests.prove import changes
from tests.prove.changes import Files
from tests.prove.registry import Outcome

ROOT = Path(__file__).parents[2]
STEPS = 30
"""Changes of one small workspace, before another is drawn."""

MOST_BYTES = 2_000_000


def prove(count: int, seed: int, jobs: int = 1, folders: tuple[str, ...] = (), *, every: int = 1) -> Outcome:
    """So many changes, of each folder or of as many small workspaces as that takes."""
    tally: Counter[str] = Counter()
    seconds: list[float] = []
    misses: list[str] = []
    sizes = [count] * len(folders) or [min(STEPS, count - start) for start in range(0, count, STEPS)]
    for number, steps in enumerate(sizes):
        name = f"{seed}-{number}"
        chance = random.Random(name)
        files = read(Path(folders[number])) if folders else workspace(chance)
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder).resolve(), files, chance, every)
            for _ in range(steps):
                run.step()
                if run.miss:
                    misses.append(f"{folders[number] if folders else 'workspace'} {name}: {run.miss}")
                    break
        tally.update(run.tally)
        seconds += run.seconds
    figures = {"count": sum(tally.values()), "kinds": dict(sorted(tally.items()))}
    ordered = sorted(seconds)
    figures |= {f"p{p}_ms": round(1000 * ordered[len(ordered) * p // 100], 1) for p in (50, 95)}
    return Outcome(figures, misses)


class Run:
    """One tree of files on disk, a host that is told of its changes, and a comparison after every so many."""

    def __init__(self, root: Path, files: Files, chance: random.Random, every: int = 1) -> None:
        self.root = root
        self.files: Files = {}
        self.tally: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.miss = ""
        self.history: list[str] = []
        self._chance = chance
        self._every = every
        self._pool = [files[path] for path in changes.sources(files)]
        changes.apply(root, self.files, {**files})
        self.host = AnalysisHost.open(root, use_cache=False)
        self.checking = Checking(self.host, ("PSD",))
        answers(self.host, self.checking)

    def step(self) -> None:
        """One change more; where the graph is another than the cold one, `miss` says after which."""
        kind, change = changes.draw(self._chance, self.files, self._pool)
        self.tally[kind] += 1
        self.history.append(f"{kind} {sorted(change)[:4]}")
        changes.apply(self.root, self.files, change)
        told = [*change]
        self._chance.shuffle(told)
        start = time.perf_counter()
        for path in told:
            self.host.update(path, change[path])
            if self._chance.random() < 0.2:
                self._chance.choice([self.host.snapshot, self.host.with_fields, self.checking.update])()
        warm = answers(self.host, self.checking)
        self.seconds.append(time.perf_counter() - start)
        if not len(self.history) % 20:
            gc.collect()  # a closed host is one great circle, and there are many of them here
        if not len(self.history) % self._every and warm != cold(self.root):
            self.miss = f"after change {len(self.history)}: {self.history[-self._every :]}"


def cold(root: Path) -> str:
    with AnalysisHost.open(root, use_cache=False) as host:
        return answers(host, Checking(host, ("PSD",)))


def answers(host: AnalysisHost, checking: Checking) -> str:
    """The graph, the graph with fields, and all findings, hints too."""
    found = checking.update().findings
    lines = (repr(each) for path in sorted(found) for each in found[path])
    return "\n".join((encode(host.snapshot()), encode(host.with_fields()), *lines))


# -- small workspaces


def workspace(chance: random.Random) -> Files:
    """A few of the examples and forms side by side, most below a folder of their own."""
    parts = chance.sample([*forms(), *examples()], chance.randrange(1, 4))
    parts += chance.sample(samples(), chance.randrange(4))
    files: Files = {}
    for number, part in enumerate(parts):
        folder = chance.choice(["", f"p{number}/", f"src/p{number}/"]) if number else ""
        files |= {folder + path: content for path, content in part.items()}
    return files


@cache
def examples() -> tuple[Files, ...]:
    """The shop and the miniatures."""
    folders = [ROOT / "examples" / "shop", *sorted((ROOT / "examples" / "miniatures").iterdir())]
    return tuple(read(folder) for folder in folders if folder.is_dir())


@cache
def forms() -> tuple[Files, ...]:
    """The workspaces that the tests of forms write: calls with nothing but texts of files by name."""
    found: list[Files] = []
    for test in sorted((ROOT / "tests" / "analysis" / "forms").glob("test_*.py")):
        tree = ast.parse(test.read_text("utf-8"))
        constants = {
            node.targets[0].id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            texts = {
                each.arg: constants.get(each.value.id) if isinstance(each.value, ast.Name) else each.value
                for each in call.keywords
            }
            files = {
                name.replace("__", "/") + ".py": dedent(node.value).lstrip().encode()
                for name, node in texts.items()
                if name
                and isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "\n" in node.value
            }
            if files and len(files) == len(call.keywords):
                found.append(files)
    return tuple(found)


@cache
def samples() -> tuple[Files, ...]:
    """The samples of the dialects."""
    parted = (texts_of(sample.code) for dialect in shipped() for sample in dialect.samples)
    return tuple({path: text.encode() for path, text in texts.items()} for texts in parted)


def read(folder: Path) -> Files:
    """The Python files of a folder, and what says where its projects are."""
    names = {"pyproject.toml", "setup.cfg"}
    paths = (p for p in sorted(folder.rglob("*")) if p.suffix == ".py" or p.name in names)
    inside = {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}
    return {name: path.read_bytes() for name, path in inside.items() if not name.startswith(".git/")}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--every", type=int, default=1, help="compare after so many changes")
    arguments.add_argument("folders", nargs="*")
    given = arguments.parse_args()
    result = prove(given.count, given.seed, folders=tuple(given.folders), every=given.every)
    print(result.figures, *result.misses, sep="\n")
    return 1 if result.misses else 0


if __name__ == "__main__":
    sys.exit(main())
