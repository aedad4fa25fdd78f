"""How a handler reads a field: whether the read fails where the field is missing. Pure, on trees."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.paths import covers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Place

_LOOKING = frozenset(
    {"hasattr", "getattr", "isinstance", "issubclass", "suppress", "vars", "asdict", "setdefault"}
)


def read_at(tree: ast.Module, place: Place, field: str) -> ast.expr | None:
    """The attribute or subscript that reads a field at a place; nothing where it is read in another way."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Load):
            name = node.attr if isinstance(node, ast.Attribute) else _key(node)
            if name == field and _overlaps(node, place):
                return node
    return None


def guards(tree: ast.Module, place: Place) -> bool:
    """Whether the function at a place looks what it has before it: the types or the fields of its message."""
    function = next(
        (f for f in _functions(tree) if (f.lineno, f.col_offset) == (place.line, place.column)), None
    )
    return function is None or any(_looks(node) for node in ast.walk(function))


def is_needed(tree: ast.Module, node: ast.expr | None) -> bool:
    """Whether a read raises where the field is missing, and nothing catches that."""
    if node is None:
        return False
    return not any(
        isinstance(each, ast.Try)
        and each.handlers
        and any(_is_below(node, statement) for statement in each.body)
        for each in ast.walk(tree)
    )


def is_tested(tree: ast.Module, place: Place, field: str) -> bool:
    """Whether the function around a place asks for the field before: `"x" in message`, `message.get("x")`."""
    for function in _functions(tree):
        if not covers(function, place):
            continue
        for node in ast.walk(function):
            is_asked = isinstance(node, ast.Compare) and any(
                isinstance(o, ast.In | ast.NotIn) for o in node.ops
            )
            is_asked = is_asked or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
            if is_asked and any(
                isinstance(n, ast.Constant) and n.value == field for n in ast.iter_child_nodes(node)
            ):
                return True
    return False


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _looks(node: ast.AST) -> bool:
    return isinstance(node, ast.Match) or (
        isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) in _LOOKING
    )


def _is_below(node: ast.expr, statement: ast.stmt) -> bool:
    return any(each is node for each in ast.walk(statement))


def _overlaps(node: ast.expr, place: Place) -> bool:
    """Whether both share a place: a part of a text may be given the whole text's."""
    start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return start <= (place.end_line, place.end_column) and (place.line, place.column) <= end


def _key(node: ast.Subscript) -> object:
    return node.slice.value if isinstance(node.slice, ast.Constant) else None
