"""Score the verdicts of ``pubsub-tools diff`` against ``truth_diff/``: 32 changes of real repositories, judged by reading.

    python -m tests.bench.score_diff --repos DIR [--only N] [--list]

DIR holds clones, bare or not, as ``OWNER/NAME`` or ``OWNER/NAME.git``. Both ends of a change are written out of the object
store into a temporary folder, so that no work tree is touched; a repository or commit that is missing is said so. The exit
status is 1 where fewer than 28 of 30 verdicts agree, or a change that breaks is called compatible or none.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubsub_devtools.model import EventGraph
from pubsub_devtools.model.diff import Diff
from pubsub_devtools_analysis.analysis import analyze
from pubsub_devtools_analysis.diffing import compare

HERE = Path(__file__).parent / "truth_diff"
BOUND = 28 / 30
_COMMAND = re.compile(r"(?P<first>\d+)(?:,(?P<last>\d+))?(?P<what>[acd])")
Change = dict[str, Any]


def changes() -> list[Change]:
    """The truth."""
    lines = (HERE / "diffs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def patched(texts: dict[str, bytes], script: str) -> dict[str, bytes]:
    """The files after an edit script of ``diff -e``, one ``Index: path`` before each file.

    >>> patched({"a": b"1\\n2\\n"}, "Index: a\\n2c\\nx\\ny\\n.\\n")
    {'a': b'1\\nx\\ny\\n'}
    """
    found = dict(texts)
    for part in script.split("Index: ")[1:]:
        path, _, commands = part.partition("\n")
        lines = found[path].decode().splitlines(keepends=True)
        for first, last, new in _edits(commands.splitlines(keepends=True)):
            lines[first:last] = new
        found[path] = "".join(lines).encode()
    return found


def _edits(rows: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    at = 0
    while at < len(rows):
        match = _COMMAND.fullmatch(rows[at].strip())
        if match is None:
            raise ValueError(f"no command of an edit script: {rows[at]!r}")
        first, last = int(match["first"]), int(match["last"] or match["first"])
        at += 1
        new: list[str] = []
        while match["what"] != "d" and rows[at].rstrip("\n") != ".":
            new.append(rows[at])
            at += 1
        at += match["what"] != "d"
        yield (first if match["what"] == "a" else first - 1), last, new


def files(repository: Path, commit: str) -> dict[str, bytes]:
    """The Python files and settings of a commit."""
    git = ("git", "-C", str(repository))
    listed = subprocess.run((*git, "ls-tree", "-r", "-z", commit), capture_output=True, check=True).stdout
    rows = [row.split("\t", 1) for row in listed.decode().split("\0") if row]
    wanted = {
        path: about.split()[2]
        for about, path in rows
        if about.startswith("100") and path.endswith((".py", "pyproject.toml", "setup.cfg"))
    }
    asked = "".join(f"{blob}\n" for blob in wanted.values()).encode()
    data = subprocess.run((*git, "cat-file", "--batch"), input=asked, capture_output=True, check=True).stdout
    found: dict[str, bytes] = {}
    at = 0
    for path in wanted:
        end = data.index(b"\n", at)
        head = data[at:end].split()
        size = int(head[2]) if len(head) == 3 else -1
        if size >= 0:
            found[path] = data[end + 1 : end + 1 + size]
        at = end + 2 + size
    return found


def judged(repository: Path, change: Change) -> Diff:
    """What the code says of a change."""
    base = files(repository, change["base"])
    if "patch" in change:
        script = (HERE / "patches" / change["patch"]).read_text(encoding="utf-8")
        head = patched(base, script)
    else:
        head = files(repository, change["head"])
    with tempfile.TemporaryDirectory() as folder:
        graphs: list[EventGraph] = []
        for end, texts in (("base", base), ("head", head)):
            root = Path(folder) / end / repository.name.removesuffix(".git")
            for path, data in texts.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
            graphs.append(analyze(root, fields=True, use_cache=False))
        return compare(graphs[0], graphs[1])


def repository_of(folder: Path, name: str) -> Path | None:
    """The clone of a repository."""
    return next((each for each in (folder / name, folder / f"{name}.git") if each.is_dir()), None)


def main() -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.score_diff")
    parser.add_argument("--repos", type=Path, required=True, help="the folder of the clones")
    parser.add_argument(
        "--only", type=int, action="append", help="the number of a change, from 0; repeatable"
    )
    parser.add_argument(
        "--list", action="store_true", help="tell every change, not only those that are wrong"
    )
    given = parser.parse_args()
    right = missing = seen = unsafe = 0
    for number, change in enumerate(changes()):
        if given.only and number not in given.only:
            continue
        repository = repository_of(given.repos, change["repo"])
        try:
            if repository is None:
                raise FileNotFoundError(f"no clone under {given.repos}")
            verdict = judged(repository, change).verdict
        except (OSError, subprocess.CalledProcessError) as error:
            missing += 1
            print(f"{number:2} {change['repo']}: not measured: {error}")
            continue
        seen += 1
        right += verdict == change["verdict"]
        unsafe += change["verdict"] == "breaking" and verdict in ("none", "compatible")
        if given.list or verdict != change["verdict"]:
            print(f"{number:2} {change['repo']}: {verdict}, by reading {change['verdict']}")
    print(f"{right} of {seen} verdicts agree; {unsafe} breaking ones were let pass; {missing} not measured")
    return int(not seen or right / seen < BOUND or unsafe > 0)


if __name__ == "__main__":
    raise SystemExit(main())
