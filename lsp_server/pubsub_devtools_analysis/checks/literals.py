"""Literal values that a publisher gives, and whether a type takes them. Pure, on trees.

A type takes what pydantic takes in its lax mode: text that reads as a number is one. What cannot be told is taken.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools.model.field_type import Array, Choice, FieldType, Map, Record, Scalar, Tuple, Union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SENDING = ("delay", "delay_on_commit", "send", "kiq")
Literal = ast.Constant | ast.List | ast.Dict | ast.Set | ast.Tuple


def given(
    tree: ast.Module, line: int, name: str, type_: str, made: str, order: Sequence[str]
) -> Iterator[Literal]:
    """The literals that stand for a field on a line.

    Args:
        tree: the file.
        line: that of the argument or of the key, or of the call around it.
        name: the field.
        type_: the type of its value: another value of that name on the line is of something else.
        made: the class that is made; a task is sent by its methods.
        order: the fields in the order of positional arguments.
    """
    for node in ast.walk(tree):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or 0):
            found = [k.value for k in node.keywords if k.arg == name]
            found += _positional(node, made, order, name)
            found = [each for each in found if line in (node.lineno, each.lineno)]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found = [v for k, v in pairs if k is not None and k.lineno == line and _is_key(k, name)]
        yield from (each for each in found if isinstance(each, Literal) and _type(each) == type_)


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


def _positional(call: ast.Call, made: str, order: Sequence[str], name: str) -> list[ast.expr]:
    """The argument that stands for a field by its place, where the call takes the fields in their order."""
    func = call.func
    called = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if (
        called not in (made, *_SENDING)
        or name not in order
        or any(isinstance(a, ast.Starred) for a in call.args)
    ):
        return []
    index = order.index(name)
    return call.args[index : index + 1]


def _type(node: Literal) -> str:
    if isinstance(node, ast.Constant):
        return "None" if node.value is None else type(node.value).__name__
    return type(node).__name__.lower()


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
