"""Small questions about nodes and texts, and the texts that are put together: `%`, `.format`."""

from __future__ import annotations

import ast

from pubsub_devtools_analysis.facts import (
    OPAQUE,
    AnyExpr,
    Lit,
    Seq,
    Text,
)

LONGEST_TEXT = 300
"""Longer texts name nothing."""


def split_lines(text: str) -> list[str]:
    """Lines as Python counts them: form feeds and other separators do not end one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def whole(text: str) -> str:
    """A text without halves of characters (`"\\ud800"`), which no encoding has."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def doc_of(body: list[ast.stmt]) -> str:
    """The first line of a docstring."""
    first = body[0] if body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return whole(first.value.value.strip().split("\n", 1)[0].strip()[:LONGEST_TEXT])
    return ""


def target_of(node: ast.expr) -> str:
    """The dotted name that is assigned to."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = target_of(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def is_zero(node: ast.expr) -> bool:
    """Whether a literal zero stands there."""
    return isinstance(node, ast.Constant) and node.value == 0


def is_small(value: float) -> bool:
    """Whether a number can be kept: whole ones of 64 bits."""
    return isinstance(value, float) or -(2**63) <= value < 2**63


def percent(template: str, right: AnyExpr) -> AnyExpr:
    """`"a.%s" % x` as parts."""
    pieces = template.replace("%%", "%").split("%s")
    values = right.items if isinstance(right, Seq) else (right,)
    if len(pieces) - 1 != len(values) or any("%" in piece for piece in pieces):
        pieces, values = cut(template, "%"), ()
    return interleave(pieces, values)


def formatted(template: object, args: tuple[AnyExpr, ...], keywords: dict[str, AnyExpr]) -> AnyExpr:
    """`"a.{}".format(x)` as parts."""
    if not isinstance(template, str):
        return OPAQUE
    parts: list[AnyExpr] = []
    count = 0
    rest = template
    while "{" in rest:
        before, _, after = rest.partition("{")
        field, closed, rest = after.partition("}")
        if not closed:
            return OPAQUE
        name = field.partition("!")[0].partition(":")[0]
        if before:
            parts.append(Lit(before))
        index = count if not name else int(name) if name.isdigit() else -1
        count += not name
        parts.append(args[index] if 0 <= index < len(args) else keywords.get(name, OPAQUE))
    if rest:
        parts.append(Lit(rest))
    return Text(tuple(parts))


def cut(template: str, mark: str) -> list[str]:
    """What stands before the first mark, and nothing known after it."""
    head, _, _ = template.partition(mark)
    return [head, ""]


def interleave(pieces: list[str], values: tuple[AnyExpr, ...]) -> AnyExpr:
    """Pieces of text with values between them."""
    parts: list[AnyExpr] = []
    for index, piece in enumerate(pieces):
        if piece:
            parts.append(Lit(piece))
        if index < len(pieces) - 1:
            parts.append(values[index] if index < len(values) else OPAQUE)
    return Text(tuple(parts))
