"""Whether a function comes to a place each time it runs, and what it does before and after. Pure, on trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools.model import Place

Function = ast.FunctionDef | ast.AsyncFunctionDef
_PASSED_THROUGH = (ast.With, ast.AsyncWith, ast.Try, ast.TryStar)
_LEAVING = (ast.Return, ast.Raise)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def always_reached(function: Function | None, place: Place) -> bool:
    """Whether the expression at a place is evaluated on every run: under no branch and after nothing that may leave."""
    body = function.body if function is not None else []
    while body:
        index = next((i for i, each in enumerate(body) if covers(each, place)), None)
        if index is None or any(_may_leave(each) for each in body[:index]):
            return False
        here = body[index]
        if not isinstance(here, _PASSED_THROUGH):
            return not _is_conditional(here, place)
        if not any(covers(each, place) for each in here.body):
            return not isinstance(here, ast.Try | ast.TryStar)  # in the head of a `with`
        body = here.body
    return False


def covers(node: ast.stmt | ast.expr, place: Place) -> bool:
    """Whether a place lies in a node."""
    start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return start <= (place.line, place.column) and (place.end_line, place.end_column) <= end


def is_always_with(tree: ast.Module, line: int, other: int) -> bool:
    """Whether the statement on a line stands in no branch or loop that does not hold the other line as well."""
    for node in ast.walk(tree):
        for block in _blocks(node):
            first, last = block[0].lineno, block[-1].end_lineno or block[-1].lineno
            if first <= line <= last and not first <= other <= last:
                return False
    return True


def own(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, without the bodies of functions and classes inside."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _INNER):
            yield from own(child)


def _may_leave(statement: ast.stmt) -> bool:
    return any(isinstance(node, _LEAVING) for node in own(statement))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The statements below a node that may run without their neighbours: branches, loops, what handles exceptions."""
    if isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While):
        yield from (block for block in (node.body, node.orelse) if block)
    elif isinstance(node, ast.ExceptHandler | ast.match_case):
        yield node.body


def _is_conditional(statement: ast.stmt, place: Place) -> bool:
    """Whether the place is in a branch, loop, inner function or part of an expression that may be left out."""
    if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return | ast.AugAssign):
        doubtful = (
            ast.IfExp,
            ast.BoolOp,
            ast.Lambda,
            ast.GeneratorExp,
            ast.ListComp,
            ast.SetComp,
            ast.DictComp,
        )
        return any(isinstance(node, doubtful) and covers(node, place) for node in ast.walk(statement))
    return True
