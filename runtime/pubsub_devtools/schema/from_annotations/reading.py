"""Small readings of Python expressions that annotations are made of: dotted names, constants, arguments."""

from __future__ import annotations

import ast

from pubsub_devtools.model.field_type import ChoiceValue

__all__: list[str] = []

NOT_CONSTANT = object()


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` of such an expression, else an empty text."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr) if base := dotted(value):
            return f"{base}.{attr}"
        case _:
            return ""


def parsed(text: str) -> ast.expr | None:
    """Return the expression that a text holds, or nothing where it holds none."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def constant(node: ast.expr) -> object:
    """Return the constant that an expression is, negative numbers included, else ``NOT_CONSTANT``."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case _:
            return NOT_CONSTANT


def choice_value(node: ast.expr) -> ChoiceValue | None:
    """Return the constant where it can be one of the values of an enum, else nothing."""
    value = constant(node)
    return value if isinstance(value, bool | int | float | str) else None


def elements(node: ast.expr) -> list[ast.expr]:
    """Return what stands between the brackets of a subscript, each by itself."""
    return node.elts if isinstance(node, ast.Tuple) else [node]


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments that a call gives by name."""
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
