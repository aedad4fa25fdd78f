"""Two ways to one tree: what libcst reads and we lower is, node by node, what `ast.parse` makes of the same file.

Run as `python -m tests.prove.lowering --count 3000 --seed 1 [FOLDER ...]`. Compared are files that both parsers
read. Two differences are no defects and are evened out before comparing: Python 3.11 gives nodes inside an
f-string the position of the whole literal, and up to 3.12 a format spec that ends with a field ends with an empty
constant too.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
from collections import Counter
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.syntax.decode import decode, with_unix_newlines
from pubsub_devtools_analysis.syntax.limits import parse, too_deep_for_libcst
from pubsub_devtools_analysis.syntax.lower import Lowered, read_concrete
from tests.prove.registry import Outcome
from tests.prove.sources import real_files

if TYPE_CHECKING:
    from pathlib import Path

_POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def prove(count: int, seed: int, jobs: int = 1, folders: tuple[str, ...] = ()) -> Outcome:
    """Compare up to `count` files drawn by `seed`."""
    files = list(real_files(folders))
    random.Random(seed).shuffle(files)
    tally: Counter[str] = Counter()
    different: list[str] = []
    for path in files:
        verdict = compare(path)
        tally[verdict] += 1
        if verdict == "different":
            different.append(f"{path}: the two trees differ")
        if tally["same"] + tally["different"] >= count:
            break
    return Outcome({"count": tally["same"] + tally["different"], **tally}, different)


def compare(path: Path) -> str:
    """`same` or `different`, or why the two cannot be compared: what `ast` refuses, libcst refuses or limits keep out."""
    source = with_unix_newlines(decode(path.read_bytes()).text)
    tree = parse(source)
    if not isinstance(tree, ast.Module):
        return "refused_by_ast"
    if too_deep_for_libcst(source):
        return "kept_from_libcst"
    lowered = read_concrete(source)
    if not isinstance(lowered, Lowered):
        return "refused_by_libcst"
    return "same" if dumped(tree) == dumped(lowered.tree) else "different"


def dumped(tree: ast.Module) -> str:
    """The tree with its positions as text, known differences between Pythons evened out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            _even_out(node)
    return ast.dump(tree, include_attributes=True)


def _even_out(literal: ast.JoinedStr) -> None:
    for node in ast.walk(literal):
        if isinstance(node, ast.JoinedStr):
            node.values = [
                value for value in node.values if not (isinstance(value, ast.Constant) and value.value == "")
            ]
        if sys.version_info < (3, 12) and node is not literal and hasattr(node, "lineno"):
            vars(node).update(dict.fromkeys(_POSITION, 0))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=3_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("folders", nargs="*")
    given = arguments.parse_args()
    result = prove(given.count, given.seed, folders=tuple(given.folders))
    print(result.figures, *result.misses, sep="\n")
    return 1 if result.misses else 0


if __name__ == "__main__":
    sys.exit(main())
