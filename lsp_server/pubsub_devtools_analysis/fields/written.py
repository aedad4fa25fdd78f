"""Small questions about nodes: what is called, with what, and how it is written."""

from __future__ import annotations

import ast

from pubsub_devtools_analysis.facts import Span


def root_of(span: Span) -> str:
    """The root that the result of a call is."""
    return f"@{span[0]}:{span[1]}:{span[2]}:{span[3]}"


def arguments(node: ast.Call) -> list[ast.expr]:
    """All arguments of a call."""
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def slots(node: ast.Call) -> list[tuple[int | str, ast.expr]]:
    """The arguments of a call, each with its position or keyword."""
    found: list[tuple[int | str, ast.expr]] = []
    for index, value in enumerate(node.args):
        found.append(("*" if isinstance(value, ast.Starred) else index, value))
    found.extend((keyword.arg or "**", keyword.value) for keyword in node.keywords)
    return found


def called(node: ast.expr) -> str:
    """The last name of what is called."""
    func = node.func if isinstance(node, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def written(node: ast.expr) -> str:
    """A dotted name as written, indexes gone; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            base = written(value)
            return f"{base}.{name}" if base else ""
        case ast.Call(func=func):
            base = written(func)
            return f"{base}()" if base else ""
        case ast.Subscript(value=value) | ast.Await(value=value):
            return written(value)
        case _:
            return ""
