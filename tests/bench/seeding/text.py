"""Edits of a file's text by places: all places are those of the text before, and none overlaps another."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from pubsub_devtools.model import Place

Function = ast.FunctionDef | ast.AsyncFunctionDef
Span = tuple[int, int, int, int]
"""Line, column, end line, end column; columns count code points."""


@dataclass(frozen=True)
class Edit:
    """What stands instead of a span."""

    span: Span
    new: str

    @property
    def growth(self) -> int:
        """How many lines it adds."""
        return self.new.count("\n") - (self.span[2] - self.span[0])


def span(place: Place) -> Span:
    """A place's span."""
    return place.line, place.column, place.end_line, place.end_column


def before_line(line: int, new: str) -> Edit:
    """Whole lines put before a line."""
    return Edit((line, 0, line, 0), new)


def without_lines(first: int, last: int) -> Edit:
    """Whole lines taken away."""
    return Edit((first, 0, last + 1, 0), "")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda each: each.span, reverse=True):
        line, column, end_line, end_column = edit.span
        last = lines[end_line - 1] if end_line <= len(lines) else ""
        new = lines[line - 1][:column] + edit.new + last[end_column:]
        lines[line - 1 : end_line] = new.split("\n")
    return "\n".join(lines)


def moved(line: int, edits: Iterable[Edit]) -> int:
    """The number that a line has after the edits."""
    return line + sum(edit.growth for edit in edits if edit.span[2:] <= (line, 0))


def parsed(text: str) -> ast.Module | None:
    """The tree of a text; nothing where it is no Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def columns(text: str, node: ast.AST) -> Span:
    """A node's span: trees count bytes."""
    lines = text.split("\n")
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
    return first, _points(lines[first - 1], start), last, _points(lines[last - 1], end)


def _points(line: str, offset: int) -> int:
    return offset if line.isascii() else len(line.encode()[:offset].decode(errors="replace"))


def top_of(tree: ast.Module) -> int:
    """The line before which an import can be put: after the docstring and what is of the future."""
    for statement in tree.body:
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (is_docstring or is_future):
            decorators = getattr(statement, "decorator_list", [])
            return min([statement.lineno, *(each.lineno for each in decorators)])
    return len(tree.body) and (tree.body[-1].end_lineno or 0) + 1


def first_statement(function: Function) -> ast.stmt:
    """The first statement of a function that is no docstring."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1] if is_docstring and len(function.body) > 1 else first


def misspelt(word: str) -> str:
    """A name with two letters of its longest word swapped; empty where no word is long enough to show it.

    >>> misspelt("order.created"), misspelt("a.b")
    ('order.craeted', '')
    """
    best = max(_words(word), key=lambda each: each[1] - each[0], default=(0, 0))
    for at in range(best[0] + 1, best[1] - 2):
        if best[1] - best[0] > 5 and word[at] != word[at + 1]:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return ""


def _words(word: str) -> Iterable[tuple[int, int]]:
    start = 0
    for at in range(len(word) + 1):
        if at == len(word) or not word[at].islower():
            yield start, at
            start = at + 1
