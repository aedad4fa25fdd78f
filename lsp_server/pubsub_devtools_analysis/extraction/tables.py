"""The tables that a file's facts are gathered in, and where in the file the gatherer stands."""

from __future__ import annotations

import ast
from typing import Literal, TypeAlias

from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Binding,
    Call,
    Case,
    Loop,
    Scope,
    Span,
    Store,
)

ScopeKind: TypeAlias = Literal["module", "class", "function", "lambda", "comp"]


class Tables:
    """What is gathered of one file. `lines` are the text's, where columns in bytes are not those in code points."""

    def __init__(self, lines: list[str] | None) -> None:
        self.lines = lines
        self.scopes: list[Scope] = []
        self.calls: list[Call] = []
        self.stores: list[Store] = []
        self.cases: list[Case] = []
        self.loops: list[Loop] = []
        self.displays: list[tuple[int, ...]] = []
        self.blocks: list[int] = [-1]
        self.stars: list[tuple[str, int]] = []
        self.exports: tuple[str, ...] | None = None
        self.imports: set[str] = set()
        self.scope = 0
        self.block = 0
        self.depth = 0
        self.statement = 1
        self.keys: dict[str, int] = {}

    # -- places

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.pattern | ast.alias | ast.keyword) -> Span:
        end_line = node.end_lineno or node.lineno
        end = node.end_col_offset or node.col_offset
        if self.lines is None:
            return (node.lineno, node.col_offset, end_line, end)
        return (node.lineno, self.column(node.lineno, node.col_offset), end_line, self.column(end_line, end))

    def column(self, line: int, offset: int) -> int:
        lines = self.lines
        if lines is None or line > len(lines) or lines[line - 1].isascii():
            return offset
        return len(lines[line - 1].encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace"))

    # -- scopes and names

    def open(self, kind: ScopeKind, name: str, span: Span) -> int:
        parent = self.scope if self.scopes else -1
        qualname = ""
        if parent >= 0:
            outer = self.scopes[parent].qualname
            qualname = outer if kind == "comp" else f"{outer}.{name}" if outer else name
        count = self.keys[qualname] = self.keys.get(qualname, 0) + 1
        scope = Scope(
            kind=kind,
            name=name,
            qualname=qualname,
            key=qualname if count == 1 else f"{qualname}#{count}",
            parent=parent,
            span=span,
            block=self.block,
            is_async=False,
            params=(),
            decorators=(),
            bases=(),
            keywords=(),
            returns=[],
            annotation=None,
            doc="",
            names={},
            attrs={},
            outer=[],
            body=[],
        )
        self.scopes.append(scope)
        self.scope = len(self.scopes) - 1
        return self.scope

    def body(self, body: list[ast.stmt]) -> None:
        """Visit statements, which is for the layer above."""
        raise NotImplementedError

    def bind(self, name: str, value: AnyExpr, line: int) -> None:
        scope = self.scopes[self.scope]
        if name in scope.outer:
            scope = self.scopes[0]
        scope.names.setdefault(name, []).append(Binding(value, line, self.block))
