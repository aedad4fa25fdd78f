"""The nodes of a tree that touch some lines, each with the scope and block that decide what its names mean.

Nearly all of a file says nothing of events: what touches no line of interest is passed over whole, so that a walk costs
what is found, not what is there.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.facts import AnyExpr, Attr, CallRef, Lit, Name, ScopeRef, Seq, Span, Sub, Text
from pubsub_devtools_analysis.facts import Opaque as _Opaque

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pubsub_devtools_analysis.extraction.tables import Tables
    from pubsub_devtools_analysis.facts import FileFacts

_OPAQUE = _Opaque()
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_OWN_SCOPE = (*_INNER, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Seen(NamedTuple):
    """A node, and where it stands."""

    node: ast.AST
    scope: int
    block: int
    in_annotation: bool


class Walk:
    """Walks one file's tree, as often as asked."""

    def __init__(self, module: ast.Module, facts: FileFacts, tables: Tables) -> None:
        self._module = module
        self._tables = tables
        self._scopes = {scope.span: index for index, scope in enumerate(facts.scopes) if index}
        self._calls = {call.span: index for index, call in enumerate(facts.calls)}
        self._facts = facts

    def touching(self, lines: Collection[int]) -> Iterator[Seen]:
        """All nodes that touch one of these lines, outer ones before those inside them."""
        wanted = sorted(lines)
        todo = [Seen(self._module, 0, -1, False)]
        while todo:
            seen = todo.pop()
            first, last = _lines(seen.node)
            if first and ((place := bisect_left(wanted, first)) == len(wanted) or wanted[place] > last):
                continue
            if first:
                yield seen
            todo.extend(self._inside(seen))

    def expr(self, node: ast.expr) -> AnyExpr:
        """A node in the form that is evaluated."""
        match node:
            case ast.Name(id=name):
                return Name(name)
            case ast.Attribute(value=value, attr=attr):
                return Attr(self.expr(value), attr)
            case ast.Constant(value=str() as text):
                return Lit(text)
            case ast.Call():
                index = self._calls.get(self._tables.span(node))
                return _OPAQUE if index is None else CallRef(index)
            case ast.Subscript(value=value, slice=key):
                return Sub(self.expr(value), self.expr(key))
            case ast.Await(value=value) | ast.FormattedValue(value=value) | ast.Starred(value=value):
                return self.expr(value)
            case ast.JoinedStr(values=values):
                return Text(tuple(self.expr(value) for value in values))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return Text((self.expr(left), self.expr(right)))
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return Seq(tuple(self.expr(item) for item in items))
            case ast.Lambda():
                index = self._scopes.get(self._tables.span(node))
                return _OPAQUE if index is None else ScopeRef(index)
            case _:
                return _OPAQUE

    def _inside(self, seen: Seen) -> Iterator[Seen]:
        node, scope, block, in_annotation = seen
        inner = scope
        if isinstance(node, _OWN_SCOPE):
            inner = self._scopes.get(self._tables.span(node), scope)
        elif isinstance(node, ast.Call):
            index = self._calls.get(self._tables.span(node))
            block = block if index is None else self._facts.calls[index].block
        own = ("body", "elt", "key", "value", "generators") if inner != scope else ()
        for name in reversed(node._fields):
            value = getattr(node, name, None)
            annotates = in_annotation or name in ("annotation", "returns")
            at = inner if name in own else scope
            around = -1 if inner != scope else block
            if isinstance(value, ast.AST):
                yield Seen(value, at, around, annotates)
            elif isinstance(value, list):
                for each in reversed(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                    if isinstance(each, ast.AST):
                        yield Seen(each, at, around, annotates)


def _lines(node: ast.AST) -> tuple[int, int]:
    """The first and the last line of a node, decorators included; 0 for one that has no place of its own."""
    first = getattr(node, "lineno", 0)
    decorators = getattr(node, "decorator_list", ())
    return (min(first, decorators[0].lineno) if decorators else first), getattr(
        node, "end_lineno", first
    ) or first


def header_of(node: ast.FunctionDef | ast.AsyncFunctionDef, tables: Tables) -> Span:
    """A function's decorators and signature."""
    first = node.decorator_list[0] if node.decorator_list else node
    start = tables.span(first)
    end = tables.span(node.body[0])
    return (start[0], start[1], end[0], end[1])
