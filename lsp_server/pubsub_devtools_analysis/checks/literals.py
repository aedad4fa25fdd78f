"""Literal values that a publisher gives, and whether a type takes them. Pure, on trees.

A type takes what pydantic takes in its lax mode: text that reads as a number is one. What cannot be told is taken.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools.model.field_type import Array, Choice, FieldType, Map, Record, Scalar, Tuple, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pubsub_devtools.model import Place

Literal = ast.Constant | ast.List | ast.Dict | ast.Set | ast.Tuple


def given(tree: ast.Module, place: Place, name: str, order: Sequence[str]) -> Iterator[Literal]:
    """The literals that stand for a field at a place.

    Args:
        tree: the file.
        place: that of the call, or the line of a key in a dict.
        name: the field.
        order: the fields in the order of positional arguments.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_at(node, place):
            yield from _literals(k.value for k in node.keywords if k.arg == name)
            index = order.index(name) if name in order else len(node.args)
            if not any(isinstance(arg, ast.Starred) for arg in node.args):
                yield from _literals(node.args[index : index + 1])
        elif isinstance(node, ast.Dict) and (place.column, place.end_column) == (0, 0):
            pairs = zip(node.keys, node.values, strict=True)
            yield from _literals(
                v for k, v in pairs if k is not None and _is_key(k, name) and k.lineno == place.line
            )


def takes(type_: FieldType, node: Literal) -> bool:
    """Whether a value of this type can be made of a literal.

    Example:
        >>> five = ast.parse("5", mode="eval").body
        >>> takes(Scalar("str"), five), takes(Scalar("float"), five)
        (False, True)
    """
    match type_:
        case Union(members=members):
            return any(takes(member, node) for member in members)
        case Array() | Tuple():
            return not isinstance(node, ast.Dict | ast.Constant)
        case Map() | Record():
            return not isinstance(node, ast.List | ast.Set | ast.Tuple | ast.Constant)
        case Choice(values=values):
            return not isinstance(node, ast.Constant) or node.value is None or _is_one_of(node, values)
        case Scalar(name=name):
            return _is_scalar(name, node.value) if isinstance(node, ast.Constant) else False
        case _:
            return True


def spelled(node: Literal) -> str:
    """A literal in a message."""
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _literals(nodes: Iterable[ast.expr]) -> Iterator[Literal]:
    yield from (node for node in nodes if isinstance(node, Literal))


def _is_at(node: ast.expr, place: Place) -> bool:
    return (node.lineno, node.end_lineno) == (place.line, place.end_line) and node.col_offset == place.column


def _is_key(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == name


def _is_one_of(node: ast.Constant, values: Sequence[object]) -> bool:
    return node.value in values or not any(type(node.value) is type(value) for value in values)


def _is_scalar(name: str, value: object) -> bool:
    """Whether a constant can be a scalar of this name."""
    if value is None or value is ...:
        return name == "null" or value is ...
    if isinstance(value, str):
        return name not in _FROM_NUMBERS or _reads_as(name, value)
    if isinstance(value, bool | int | float):
        return name not in ({"str", "bytes", "uuid", "null"})
    return True


_FROM_NUMBERS = frozenset({"int", "float", "decimal", "bool", "null"})


def _reads_as(name: str, text: str) -> bool:
    if name == "null":
        return False
    if name == "bool":
        return text.lower() in {"0", "1", "t", "f", "y", "n", "true", "false", "yes", "no", "on", "off"}
    try:
        float(text.replace("_", ""))
    except ValueError:
        return False
    return True
