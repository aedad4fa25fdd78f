"""The truth files were written by reading; an edit of an example must not leave them behind."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests/projects").glob("*_truth.jsonl"))
KEYS = {"repo", "kind", "event", "path", "line", "symbol", "dialect", "confidence", "split"}


def test_each_example_has_its_truth():
    folders = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "examples").rglob("README.md")}
    told = {json.loads(line)["repo"] for file in FILES for line in file.read_text().splitlines()}
    assert told == folders - {"examples", "examples/defects"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_fact_is_of_the_agreed_form_and_stands_once(file):
    facts = [json.loads(line) for line in file.read_text().splitlines()]
    for fact in facts:
        assert fact.keys() - {"optional"} == KEYS
        assert fact["kind"] in ("publish", "handle", "declare")
    places = [(fact["kind"], fact["event"], fact["path"], fact["line"]) for fact in facts]
    assert len(set(places)) == len(places)
    assert len({fact["repo"] for fact in facts}) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_fact_points_at_its_symbol(file):
    for fact in map(json.loads, file.read_text().splitlines()):
        text = (ROOT / fact["repo"] / fact["path"]).read_text()
        spans = {"<module>": (1, len(text.splitlines()))} | dict(symbols(ast.parse(text)))
        first, last = spans[fact["symbol"]]
        assert first <= fact["line"] <= last, fact
        # A handler is told by its def line, except where a loop consumes: there by the consuming call.
        line = text.splitlines()[fact["line"] - 1]
        if fact["kind"] == "handle":
            assert f"def {fact['symbol'].split('.')[-1]}(" in line or ".iterator()" in line, fact


def symbols(tree, prefix=""):
    """Yield the qualified name of each class and function with its first and last line, decorators included."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = prefix + node.name
            yield name, (min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno)
            yield from symbols(node, name + ".")
