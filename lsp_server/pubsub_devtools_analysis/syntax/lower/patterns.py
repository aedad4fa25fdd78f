"""The patterns of `match` statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .dispatch import expression
from .names import identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .cursor import Cursor


def pattern(to: Cursor, node: cst.MatchPattern) -> ast.pattern:
    """Any pattern. Parentheses around it are no part of its position, except around a sequence."""
    if isinstance(node, cst.MatchValue):
        return _value(to, node)
    lpar: Sequence[Any] = getattr(node, "lpar", ())
    start = to.next()
    for _ in lpar:
        start = to.next()
        to.token("(")
    if not (lpar and isinstance(node, cst.MatchTuple)):
        start = to.next()
    made = _PATTERNS[type(node)](to, node)
    end = to.end
    for count, _ in enumerate(lpar):
        to.token(")")
        if count == 0 and isinstance(node, cst.MatchTuple):
            end = to.end
    return to.place(made, start, end)


def _value(to: Cursor, node: cst.MatchValue) -> ast.pattern:
    """The parentheses of a value belong to its expression; the pattern has the expression's position."""
    value = expression(to, node.value)
    return _at(ast.MatchValue(value=value), value)


def _at(made: ast.pattern, other: ast.expr) -> ast.pattern:
    made.lineno, made.col_offset = other.lineno, other.col_offset
    made.end_lineno, made.end_col_offset = other.end_lineno or 0, other.end_col_offset or 0
    return made


def _singleton(to: Cursor, node: cst.MatchSingleton) -> ast.pattern:
    name = identifier(to, node.value)
    return ast.MatchSingleton(value={"True": True, "False": False}.get(name))


def _list(to: Cursor, node: cst.MatchList) -> ast.pattern:
    bracketed = node.lbracket is not None
    to.token(*("[" for _ in range(bracketed)))
    made = ast.MatchSequence(patterns=_elements(to, node.patterns))
    to.token(*("]" for _ in range(bracketed)))
    return made


def _tuple(to: Cursor, node: cst.MatchTuple) -> ast.pattern:
    return ast.MatchSequence(patterns=_elements(to, node.patterns))


def _elements(to: Cursor, nodes: Sequence[cst.MatchSequenceElement | cst.MatchStar]) -> list[ast.pattern]:
    made: list[ast.pattern] = []
    for node in nodes:
        made.append(_star(to, node) if isinstance(node, cst.MatchStar) else pattern(to, node.value))
        to.maybe(node.comma)
    return made


def _star(to: Cursor, node: cst.MatchStar) -> ast.pattern:
    start = to.next()
    to.token("*")
    return to.place(ast.MatchStar(name=_capture(to, node.name)), start)


def _capture(to: Cursor, name: cst.Name | None) -> str | None:
    if name is not None:
        return identifier(to, name)
    to.token("_")
    return None


def _mapping(to: Cursor, node: cst.MatchMapping) -> ast.pattern:
    made = ast.MatchMapping(keys=[], patterns=[], rest=None)
    to.token("{")
    for element in node.elements:
        made.keys.append(expression(to, element.key))
        to.token(":")
        made.patterns.append(pattern(to, element.pattern))
        to.maybe(element.comma)
    if node.rest is not None:
        to.token("**")
        made.rest = identifier(to, node.rest)
        to.maybe(node.trailing_comma)
    to.token("}")
    return made


def _class(to: Cursor, node: cst.MatchClass) -> ast.pattern:
    made = ast.MatchClass(cls=expression(to, node.cls), patterns=[], kwd_attrs=[], kwd_patterns=[])
    to.token("(")
    made.patterns = _elements(to, node.patterns)
    for keyword in node.kwds:
        made.kwd_attrs.append(identifier(to, keyword.key))
        to.token("=")
        made.kwd_patterns.append(pattern(to, keyword.pattern))
        to.maybe(keyword.comma)
    to.token(")")
    return made


def _as(to: Cursor, node: cst.MatchAs) -> ast.pattern:
    if node.pattern is None:
        return ast.MatchAs(pattern=None, name=_capture(to, node.name))
    inner = pattern(to, node.pattern)
    to.token("as")
    return ast.MatchAs(pattern=inner, name=_capture(to, node.name))


def _or(to: Cursor, node: cst.MatchOr) -> ast.pattern:
    made = ast.MatchOr(patterns=[])
    for count, element in enumerate(node.patterns):
        to.token(*("|" for _ in range(count > 0)))
        made.patterns.append(pattern(to, element.pattern))
    return made


_PATTERNS: dict[type[cst.CSTNode], Callable[[Cursor, Any], ast.pattern]] = {
    cst.MatchSingleton: _singleton,
    cst.MatchList: _list,
    cst.MatchTuple: _tuple,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
    cst.MatchAs: _as,
    cst.MatchOr: _or,
}
